//! Pictures in the colours of a palette. A colour between two of them becomes a pattern of both,
//! which is fixed to the screen: what stands still doesn't crawl from frame to frame, as it does
//! when errors are passed on to neighbours.

use std::collections::HashMap;

use glam::Vec3;

use super::palette::{nearest, place};

/// How much a pattern of two colours that differ is disliked, against being off the right colour.
const ROUGHNESS: f32 = 0.15;

/// Finds the palette's colours for others, and remembers them.
pub(super) struct Dither {
    places: Vec<Vec3>,
    /// Only ever asked for one colour at a time: its order is of no effect.
    known: HashMap<[u8; 3], Mix>,
}

/// Two of the palette's colours.
#[derive(Clone, Copy)]
struct Mix {
    main: u8,
    other: u8,
    /// Of 64 pixels, how many get the other.
    share: u8,
}

impl Dither {
    /// `palette` has 1 to 256 colours.
    pub(super) fn new(palette: &[[u8; 3]]) -> Self {
        Self {
            places: palette.iter().map(|&colour| place(colour)).collect(),
            known: HashMap::new(),
        }
    }

    /// The palette's index for every pixel of a picture of that width.
    pub(super) fn indices(
        &mut self,
        colours: impl Iterator<Item = [u8; 3]>,
        width: u32,
    ) -> Vec<u8> {
        let mut last = None;
        let mut at = (0, 0);
        colours
            .map(|colour| {
                let mix = match last {
                    Some((same, mix)) if same == colour => mix,
                    _ => self.mix(colour),
                };
                last = Some((colour, mix));
                let index = if threshold(at.0, at.1) < mix.share {
                    mix.other
                } else {
                    mix.main
                };
                at = if at.0 + 1 == width {
                    (0, at.1 + 1)
                } else {
                    (at.0 + 1, at.1)
                };
                index
            })
            .collect()
    }

    fn mix(&mut self, colour: [u8; 3]) -> Mix {
        let places = &self.places;
        *self
            .known
            .entry(colour)
            .or_insert_with(|| best_mix(places, place(colour)))
    }
}

/// The nearest colour, with the second that together come closest.
fn best_mix(places: &[Vec3], wanted: Vec3) -> Mix {
    let main = nearest(places, wanted);
    let missing = wanted - places[main];
    let mut best = (missing.length_squared(), main, 0.0);
    for (other, place) in places.iter().enumerate() {
        let way = *place - places[main];
        let length = way.length_squared();
        let share = way.dot(missing) / length.max(1e-6);
        if share <= 0.0 {
            continue;
        }
        let share = share.min(0.5);
        let rough = ROUGHNESS * length * share * (1.0 - share);
        let cost = (missing - way * share).length_squared() + rough;
        if cost < best.0 {
            best = (cost, other, share);
        }
    }
    Mix {
        main: main as u8,
        other: best.1 as u8,
        share: (best.2 * 64.0).round() as u8,
    }
}

/// 0–63, every value once in each square of 8 × 8, neighbours far apart (Bayer 1973): the bits of
/// x ^ y and y, interleaved and reversed.
fn threshold(x: u32, y: u32) -> u8 {
    let mixed = x ^ y;
    (0..3).fold(0, |value, bit| {
        (value << 2) | (((mixed >> bit) & 1) << 1 | ((y >> bit) & 1)) as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pattern_has_every_threshold_once() {
        let mut met = [0; 64];
        for i in 0..64 {
            met[usize::from(threshold(i % 8, i / 8))] += 1;
        }
        assert_eq!(met, [1; 64]);
    }

    #[test]
    fn colours_of_the_palette_stay_and_others_are_right_on_average() {
        let palette = [[226, 227, 230], [200, 200, 200], [60, 60, 60]];
        let mut dither = Dither::new(&palette);
        let exact = dither.indices([palette[1]; 64].into_iter(), 8);
        assert_eq!(exact, [1; 64]);
        let wanted = [213, 213, 215];
        let mixed = dither.indices([wanted; 64].into_iter(), 8);
        for channel in 0..3 {
            let sum: u32 = mixed
                .iter()
                .map(|&index| u32::from(palette[usize::from(index)][channel]))
                .sum();
            let off = sum as f32 / 64.0 - f32::from(wanted[channel]);
            assert!(off.abs() < 2.0, "channel {channel} is off by {off}");
        }
    }
}
