//! What may be asked of the image tools: the options of `ai3dgen matte`, `edit` and `erase`, by the
//! same names. Forms and programs ask for it alike.

use domain::Tool;
use imaging::geometry::STRAIGHTEN_DEGREES;
use imaging::{
    Adjustments, Area, EXPOSURE_EV, Edit, Enlarge, NOISE, PER_CENT, Style, WhiteBalance,
};
use lifecycle::{Backdrop, Bundle, Recipe, Role};

use super::fields::Fields;
use crate::problem::Problem;

/// None to much.
pub const SHARPEN: std::ops::RangeInclusive<f32> = 0.0..=100.0;

/// What the tool is to do, with these pictures.
pub fn recipe(tool: Tool, fields: &mut Fields, pictures: &Bundle) -> Result<Recipe, Problem> {
    let has_backdrop = pictures.get(Role::Background).is_some();
    Ok(match tool {
        Tool::Matte => {
            let backdrop = backdrop(fields, &["none", "colour"], has_backdrop)?;
            Recipe::Matte(backdrop.unwrap_or(Backdrop::Nothing))
        }
        Tool::Edit => Recipe::Edit {
            steps: Box::new(steps(fields)?),
            backdrop: backdrop(fields, &["keep", "none", "colour"], has_backdrop)?,
        },
        Tool::Erase => Recipe::Erase {
            seed: fields.whole("seed", &(0..=u64::MAX))?.unwrap_or(0),
        },
    })
}

/// A picture that is sent for it counts more than what is chosen, as a form always has a choice.
fn backdrop(
    fields: &mut Fields,
    names: &[&'static str],
    has_picture: bool,
) -> Result<Option<Backdrop>, Problem> {
    let named = fields.one_of("backdrop", names)?;
    let colour = fields.read(
        "colour",
        |value| colour(value.as_str()?),
        || Problem::unwritten("colour", "#2a6f97"),
    )?;
    if has_picture {
        return Ok(Some(Backdrop::Picture));
    }
    Ok(match (named, colour) {
        (Some("keep"), _) | (None, None) => None,
        (Some("none"), _) => Some(Backdrop::Nothing),
        (_, colour) => Some(Backdrop::Colour(colour.unwrap_or([255; 3]))),
    })
}

fn steps(fields: &mut Fields) -> Result<Edit, Problem> {
    let rotate = fields.one_of("rotate", &["0", "90", "180", "270", "-90"])?;
    Ok(Edit {
        rotate: match rotate {
            Some("90") => 1,
            Some("180") => 2,
            Some("270" | "-90") => 3,
            _ => 0,
        },
        perspective: fields.read(
            "perspective",
            |value| corners(value.as_str()?),
            || Problem::unwritten("perspective", "10,10,200,15,205,150,5,140"),
        )?,
        straighten: (fields.number("straighten", &STRAIGHTEN_DEGREES)?).unwrap_or(0.0),
        crop: fields.read(
            "crop",
            |value| area(value.as_str()?),
            || Problem::unwritten("crop", "0,0,640,480"),
        )?,
        denoise: (fields.number("denoise", &NOISE)?).filter(|sigma| *sigma > 0.0),
        adjustments: Adjustments {
            white_balance: WhiteBalance {
                auto: fields.flag("auto_white")?.unwrap_or(false),
                temperature: fields.number("temperature", &PER_CENT)?.unwrap_or(0.0),
                tint: fields.number("tint", &PER_CENT)?.unwrap_or(0.0),
            },
            exposure_ev: fields.number("exposure", &EXPOSURE_EV)?.unwrap_or(0.0),
            contrast: fields.number("contrast", &PER_CENT)?.unwrap_or(0.0),
            saturation: fields.number("saturation", &PER_CENT)?.unwrap_or(0.0),
        },
        background: None,
        style: style(fields)?,
        enlarge: match fields.one_of("upscale", &["1", "2", "4"])? {
            Some("2") => Some(Enlarge::Twice),
            Some("4") => Some(Enlarge::FourTimes),
            _ => None,
        },
        sharpen: fields.number("sharpen", &SHARPEN)?.unwrap_or(0.0),
    })
}

fn style(fields: &mut Fields) -> Result<Option<Style>, Problem> {
    let names: Vec<&'static str> = Style::all().map(Style::name).collect();
    Ok(fields.one_of("style", &names)?.and_then(Style::named))
}

/// Columns and rows of four corners, clockwise from the top left.
fn corners(text: &str) -> Option<[[f32; 2]; 4]> {
    let [a, b, c, d, e, f, g, h] = numbers::<f32>(text)?.try_into().ok()?;
    let corners = [[a, b], [c, d], [e, f], [g, h]];
    let finite = corners
        .as_flattened()
        .iter()
        .all(|number| number.is_finite());
    finite.then_some(corners)
}

/// Column and row of the top left corner, columns and rows.
fn area(text: &str) -> Option<Area> {
    let [left, top, width, height] = numbers(text)?.try_into().ok()?;
    Some(Area {
        left,
        top,
        width,
        height,
    })
}

fn numbers<T: std::str::FromStr>(text: &str) -> Option<Vec<T>> {
    let numbers = text.split(',').map(|number| number.trim().parse().ok());
    numbers.collect()
}

/// `#rrggbb`, or `#rgb`.
fn colour(text: &str) -> Option<[u8; 3]> {
    let digits = text
        .strip_prefix('#')?
        .chars()
        .map(|digit| digit.to_digit(16));
    let digits: Option<Vec<u8>> = digits.map(|digit| Some(digit? as u8)).collect();
    match digits?[..] {
        [r, g, b] => Some([r, g, b].map(|digit| digit * 17)),
        [r, rr, g, gg, b, bb] => Some([r * 16 + rr, g * 16 + gg, b * 16 + bb]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(words: &[(&str, &str)]) -> Fields {
        let words = words
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        Fields::of_form(words.collect()).unwrap()
    }

    #[test]
    fn a_form_of_all_options_is_an_edit_with_all_steps() {
        let mut asked = fields(&[
            ("rotate", "-90"),
            ("perspective", "0,0,9,0,9,9,0,9.5"),
            ("straighten", "-2.5"),
            ("crop", "1, 2,30,40"),
            ("denoise", "0"),
            ("auto_white", "true"),
            ("temperature", "-20"),
            ("exposure", "0.5"),
            ("contrast", ""),
            ("style", "mist"),
            ("upscale", "4"),
            ("backdrop", "colour"),
            ("colour", "#2A6f97"),
        ]);
        let recipe = recipe(Tool::Edit, &mut asked, &Bundle::default()).unwrap();
        let Recipe::Edit { steps, backdrop } = recipe else {
            panic!("another tool");
        };
        assert_eq!(asked.unknown(), None);
        assert_eq!(
            (steps.rotate, steps.straighten, steps.denoise),
            (3, -2.5, None)
        );
        assert_eq!(steps.perspective.unwrap()[3], [0.0, 9.5]);
        assert_eq!(steps.crop.unwrap().height, 40);
        let white = steps.adjustments.white_balance;
        assert_eq!((white.auto, white.temperature), (true, -20.0));
        assert_eq!(steps.adjustments.exposure_ev, 0.5);
        assert_eq!(steps.style.unwrap().name(), "mist");
        assert_eq!(steps.enlarge, Some(Enlarge::FourTimes));
        assert_eq!(backdrop, Some(Backdrop::Colour([42, 111, 151])));
    }

    #[test]
    fn what_is_behind_the_object_is_what_was_sent_or_chosen() {
        let matte = |words: &[(&str, &str)], pictures: &Bundle| {
            let asked = recipe(Tool::Matte, &mut fields(words), pictures);
            match asked.unwrap() {
                Recipe::Matte(backdrop) => backdrop,
                _ => panic!("another tool"),
            }
        };
        let none = Bundle::default();
        assert_eq!(matte(&[], &none), Backdrop::Nothing);
        let unused = [("backdrop", "none"), ("colour", "#fff")];
        assert_eq!(matte(&unused, &none), Backdrop::Nothing);
        assert_eq!(
            matte(&[("colour", "#000")], &none),
            Backdrop::Colour([0; 3])
        );
        let mut with = Bundle::default();
        with.insert(Role::Background, vec![1].into());
        assert_eq!(matte(&unused, &with), Backdrop::Picture);
    }

    #[test]
    fn what_can_not_be_used_is_named() {
        for (tool, name, text, code) in [
            (Tool::Edit, "exposure", "6", "number_out_of_range"),
            (Tool::Edit, "exposure", "much", "number_out_of_range"),
            (Tool::Edit, "rotate", "45", "unknown_choice"),
            (Tool::Edit, "style", "van-gogh", "unknown_choice"),
            (Tool::Edit, "crop", "1,2,3", "unwritten"),
            (Tool::Edit, "crop", "-1,2,3,4", "unwritten"),
            (Tool::Edit, "perspective", "0,0,9,0,9,9,0,inf", "unwritten"),
            (Tool::Matte, "backdrop", "keep", "unknown_choice"),
            (Tool::Matte, "colour", "red", "unwritten"),
            (Tool::Erase, "seed", "-1", "out_of_range"),
        ] {
            let asked = recipe(tool, &mut fields(&[(name, text)]), &Bundle::default());
            assert_eq!(asked.unwrap_err().code, code, "{name} {text}");
        }
    }
}
