//! Values of `edit`'s options, as people write them.

use std::ops::RangeInclusive;

use imaging::{Area, Background, Behind, Enlarge, PER_CENT, Style};

use crate::pictures::{Failure, named_by};

/// A parser for numbers within a range.
pub(super) fn within(
    range: RangeInclusive<f32>,
) -> impl Fn(&str) -> Result<f32, String> + Clone + Send + Sync + 'static {
    move |text| {
        let number = text.trim().parse().ok();
        number
            .filter(|number| range.contains(number))
            .ok_or_else(|| format!("choose a number from {} to {}", range.start(), range.end()))
    }
}

/// Quarter turns clockwise.
pub(super) fn quarters(text: &str) -> Result<u8, String> {
    match text {
        "0" => Ok(0),
        "90" => Ok(1),
        "180" | "-180" => Ok(2),
        "270" | "-90" => Ok(3),
        _ => Err("choose one of 90, 180, 270, -90; --straighten turns by any angle".into()),
    }
}

/// Four points.
pub(super) fn corners(text: &str) -> Result<[[f32; 2]; 4], String> {
    let numbers: Option<Vec<f32>> = numbers(text);
    let corners = numbers.and_then(|n| <[f32; 8]>::try_from(n).ok());
    corners
        .filter(|corners| corners.iter().all(|number| number.is_finite()))
        .map(|[a, b, c, d, e, f, g, h]| [[a, b], [c, d], [e, f], [g, h]])
        .ok_or_else(|| "write eight numbers: 10,10,200,15,205,150,5,140".into())
}

/// A rectangle.
pub(super) fn area(text: &str) -> Result<Area, String> {
    match numbers(text).as_deref() {
        Some(&[left, top, width, height]) => Ok(Area {
            left,
            top,
            width,
            height,
        }),
        _ => Err("write four whole numbers: 0,0,640,480".into()),
    }
}

fn numbers<T: std::str::FromStr>(text: &str) -> Option<Vec<T>> {
    let numbers = text.split(',').map(|number| number.trim().parse().ok());
    numbers.collect()
}

/// How many times larger.
pub(super) fn enlarge(text: &str) -> Result<Enlarge, String> {
    match text {
        "2" => Ok(Enlarge::Twice),
        "4" => Ok(Enlarge::FourTimes),
        _ => Err("choose 2 or 4".into()),
    }
}

/// `--temperature`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Temperature {
    Auto,
    By(f32),
}

impl Temperature {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(Self::Auto),
            number => within(PER_CENT)(number)
                .map(Self::By)
                .map_err(|wrong| format!("{wrong}, or auto")),
        }
    }
}

/// `--style`.
#[derive(Clone, Copy, Debug)]
pub(super) enum StyleArg {
    List,
    One(Style),
}

impl StyleArg {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if text == "list" {
            return Ok(Self::List);
        }
        Style::named(text).map(Self::One).ok_or_else(|| {
            let names: Vec<&str> = Style::all().map(Style::name).collect();
            format!("choose one of {}", names.join(", "))
        })
    }
}

/// `--background`: what a person wrote; pictures are opened later.
#[derive(Clone, Debug)]
pub enum BehindArg {
    Nothing,
    Colour([u8; 3]),
    Picture(String),
}

impl BehindArg {
    /// Understands `none`, `#rgb`, `#rrggbb` and names of files.
    ///
    /// # Errors
    /// What to write instead of such a colour.
    pub fn parse(text: &str) -> Result<Self, String> {
        match (text, text.strip_prefix('#')) {
            ("none", _) => Ok(Self::Nothing),
            (_, Some(digits)) => colour(digits)
                .map(Self::Colour)
                .ok_or_else(|| "write a colour like #fff or #2a6f97".into()),
            (name, None) => Ok(Self::Picture(name.to_owned())),
        }
    }

    /// Opens the picture, if it is one.
    ///
    /// # Errors
    /// [`Failure::Option`].
    pub fn open(&self, photos: &[String]) -> Result<Behind, Failure> {
        Ok(match self {
            Self::Nothing => Behind::Nothing,
            Self::Colour(colour) => Behind::Instead(Background::Colour(*colour)),
            Self::Picture(name) => {
                let picture = named_by("background", name, photos)?;
                Behind::Instead(Background::Picture(picture))
            }
        })
    }
}

/// Three or six hexadecimal digits.
fn colour(digits: &str) -> Option<[u8; 3]> {
    let values: Vec<u8> = digits
        .chars()
        .map(|digit| digit.to_digit(16).map(|value| value as u8))
        .collect::<Option<_>>()?;
    match values[..] {
        [r, g, b] => Some([r, g, b].map(|value| value * 17)),
        [r, rr, g, gg, b, bb] => Some([r * 16 + rr, g * 16 + gg, b * 16 + bb]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_with_three_and_six_digits() {
        assert_eq!(colour("fff"), Some([255; 3]));
        assert_eq!(colour("2A6f97"), Some([42, 111, 151]));
        for wrong in ["", "ffff", "ggg", "12 456", "é12"] {
            assert_eq!(colour(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn areas_and_corners_are_so_many_numbers() {
        let whole = Area {
            left: 1,
            top: 2,
            width: 30,
            height: 40,
        };
        assert_eq!(area("1,2, 30,40"), Ok(whole));
        for wrong in ["1,2,3", "1,2,3,4,5", "-1,2,3,4", "a,b,c,d", ""] {
            assert!(area(wrong).is_err(), "{wrong}");
        }
        assert_eq!(corners("0,0,9,0,9,9,0,9.5").unwrap()[3], [0.0, 9.5]);
        for wrong in ["1,2,3,4,5,6,7", "1,2,3,4,5,6,7,nan", "1,2,3,4,5,6,7,inf"] {
            assert!(corners(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn numbers_beside_their_range_name_it() {
        assert_eq!(within(PER_CENT)("-100"), Ok(-100.0));
        for wrong in ["101", "nan", "much"] {
            let said = within(PER_CENT)(wrong).unwrap_err();
            assert_eq!(said, "choose a number from -100 to 100");
        }
        assert_eq!(Temperature::parse("auto"), Ok(Temperature::Auto));
        assert!(Temperature::parse("200").unwrap_err().ends_with("or auto"));
    }
}
