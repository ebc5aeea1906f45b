//! The colours of a photograph, so that what nobody saw wears the same ones.
//!
//! A network's idea of a colour that it can't know is a mean of all that it could be: grey with
//! stains. Moved to the nearest colours that the object does have, it is one of them.

use imaging::Frame;

use super::clusters::{clusters, squared_distance};

/// Colours in a palette.
const COLOURS: usize = 8;
/// Colours (sRGB, 0–1) that are no farther apart are one.
const DISTINCT: f32 = 0.01;
/// About so many pixels are looked at.
const LOOKS: usize = 4096;
/// Pixels with less coverage have the background in them.
const SURE: f32 = 0.95;
/// How far apart colours (sRGB, 0–1) may be and still be taken for each other.
const LIKENESS: f32 = 0.09;

/// Colours and the share of the object that has each.
pub(super) struct Palette {
    colours: Vec<([f32; 3], f32)>,
}

impl Palette {
    /// The colours of the object in a photograph; none if nothing is surely inside.
    pub(super) fn of(photo: &Frame) -> Self {
        let stride = (photo.colour.data.len() / LOOKS).max(1);
        let pixels: Vec<[f32; 3]> = photo
            .colour
            .data
            .iter()
            .zip(&photo.alpha.data)
            .step_by(stride | 1)
            .filter(|(_, alpha)| alpha[0] >= SURE)
            .map(|(colour, _)| *colour)
            .collect();
        let share = |count: u32| count as f32 / pixels.len() as f32;
        Self {
            colours: clusters(&pixels, COLOURS, DISTINCT)
                .into_iter()
                .map(|(colour, count)| (colour, share(count)))
                .collect(),
        }
    }

    /// The object's colours that come nearest to this one; common ones sooner than rare ones.
    pub(super) fn nearest(&self, colour: [f32; 3]) -> [f32; 3] {
        let least = self
            .colours
            .iter()
            .map(|(own, _)| squared_distance(own, &colour))
            .fold(f32::MAX, f32::min);
        let (mut sum, mut total) = ([0.0; 3], 0.0);
        for (own, share) in &self.colours {
            let farther = squared_distance(own, &colour) - least;
            let weight = share * (-farther / (2.0 * LIKENESS * LIKENESS)).exp();
            (0..3).for_each(|i| sum[i] += weight * own[i]);
            total += weight;
        }
        if total > 0.0 {
            sum.map(|s: f32| s / total)
        } else {
            colour
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use imaging::Plane;

    #[test]
    fn a_stained_grey_becomes_the_object_s_own_colour() {
        let red = [0.8, 0.1, 0.1];
        let photo = Frame {
            colour: Plane::from_fn(40, 40, |x, _| if x < 30 { red } else { [0.1, 0.1, 0.7] }),
            alpha: Plane::from_fn(40, 40, |_, y| [if y < 20 { 1.0 } else { 0.0 }]),
        };
        let palette = Palette::of(&photo);
        let tinted = palette.nearest([0.55, 0.35, 0.33]);
        assert!(squared_distance(&tinted, &red) < 0.01, "{tinted:?}");
        let blue = palette.nearest([0.2, 0.2, 0.5]);
        assert!(blue[2] > 0.6 && blue[0] < 0.2, "{blue:?}");
    }

    #[test]
    fn without_an_object_colours_stay() {
        let photo = Frame {
            colour: Plane::filled(4, 4, [1.0; 3]),
            alpha: Plane::filled(4, 4, [0.0]),
        };
        assert_eq!(
            Palette::of(&photo).nearest([0.2, 0.4, 0.6]),
            [0.2, 0.4, 0.6]
        );
    }
}
