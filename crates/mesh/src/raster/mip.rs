//! Texture sampling that doesn't alias: a pyramid of halved textures, colours in linear light.

use std::borrow::Cow;
use std::sync::LazyLock;

use glam::{Vec2, Vec3};
use rayon::prelude::*;

use crate::Texture;
use crate::srgb::{self, LINEAR};

const STEPS: usize = 4096;

/// sRGB byte of `linear × STEPS`. The square root spreads the dark end, where the curve is steep.
static ENCODED: LazyLock<Vec<u8>> = LazyLock::new(|| {
    (0..=STEPS)
        .map(|step| srgb::byte((step as f32 / STEPS as f32).powi(2)))
        .collect()
});

/// Linear light, 0–1, of an sRGB colour.
pub(super) fn linear(colour: [u8; 3]) -> Vec3 {
    let table = &*LINEAR;
    Vec3::from(colour.map(|byte| table[usize::from(byte)]))
}

/// The sRGB colour of linear light; values outside 0–1 are clipped.
pub(super) fn encode(linear: Vec3) -> [u8; 3] {
    let table = &*ENCODED;
    let step = |light: f32| (light.clamp(0.0, 1.0).sqrt() * STEPS as f32 + 0.5) as usize;
    linear.to_array().map(|light| table[step(light)])
}

/// What the bytes of a texture mean.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// sRGB colours.
    Srgb,
    /// Numbers from 0 to 1.
    Linear,
}

impl Encoding {
    fn decode(self, rgb: [u8; 3]) -> Vec3 {
        match self {
            Self::Srgb => linear(rgb),
            Self::Linear => Vec3::from(rgb.map(f32::from)) / 255.0,
        }
    }

    fn encode(self, value: Vec3) -> [u8; 3] {
        match self {
            Self::Srgb => encode(value),
            Self::Linear => value.to_array().map(|c| (c * 255.0).round() as u8),
        }
    }
}

/// One resolution of the texture.
struct Level<'a> {
    width: usize,
    height: usize,
    rgb: Cow<'a, [u8]>,
}

/// The texture and its halvings down to one texel.
pub(super) struct Pyramid<'a> {
    encoding: Encoding,
    levels: Vec<Level<'a>>,
}

impl<'a> Pyramid<'a> {
    /// Builds every level. A texture without pixels becomes one grey texel.
    pub(super) fn of(texture: &'a Texture, encoding: Encoding) -> Self {
        let (width, height) = (texture.width as usize, texture.height as usize);
        let whole = texture.rgb.len() == width * height * 3 && !texture.rgb.is_empty();
        let mut levels = vec![if whole {
            Level {
                width,
                height,
                rgb: Cow::Borrowed(&texture.rgb),
            }
        } else {
            Level {
                width: 1,
                height: 1,
                rgb: Cow::Owned(vec![128; 3]),
            }
        }];
        while let Some(level) = levels.last().filter(|level| level.width * level.height > 1) {
            let half = level.halved(encoding);
            levels.push(half);
        }
        Self { encoding, levels }
    }

    /// Texels of the full texture per unit of texture coordinate.
    pub(super) fn texels(&self) -> Vec2 {
        Vec2::new(self.levels[0].width as f32, self.levels[0].height as f32)
    }

    /// The level at which a step of `texels_per_sample` is about one texel. Rounded towards the
    /// sharper one: samples are averaged again when they become pixels.
    pub(super) fn level_for(&self, texels_per_sample: f32) -> usize {
        let level = texels_per_sample.max(1.0).log2() as usize;
        level.min(self.levels.len() - 1)
    }

    /// Decoded value (linear light for colours) at a texture coordinate, bilinear, repeated beyond
    /// the border as glTF has it by default.
    pub(super) fn sample(&self, level: usize, uv: Vec2) -> Vec3 {
        let level = &self.levels[level];
        let size = Vec2::new(level.width as f32, level.height as f32);
        let at = (uv - uv.floor()) * size - 0.5;
        let corner = at.floor();
        let between = at - corner;
        let wrapped = |c: f32, size: usize| (c as isize).rem_euclid(size as isize) as usize;
        let (x, y) = (
            wrapped(corner.x, level.width),
            wrapped(corner.y, level.height),
        );
        let (next_x, next_y) = ((x + 1) % level.width, (y + 1) % level.height);
        let texel = |x, y| level.texel(self.encoding, x, y);
        let top = texel(x, y).lerp(texel(next_x, y), between.x);
        let bottom = texel(x, next_y).lerp(texel(next_x, next_y), between.x);
        top.lerp(bottom, between.y)
    }
}

impl Level<'_> {
    fn texel(&self, encoding: Encoding, x: usize, y: usize) -> Vec3 {
        let at = (y * self.width + x) * 3;
        encoding.decode([self.rgb[at], self.rgb[at + 1], self.rgb[at + 2]])
    }

    /// Half the size, each texel the mean of four; a last odd row or column is counted twice.
    fn halved(&self, encoding: Encoding) -> Level<'static> {
        let (width, height) = (self.width.div_ceil(2), self.height.div_ceil(2));
        let mut rgb = vec![0; width * height * 3];
        rgb.par_chunks_mut(width * 3)
            .enumerate()
            .for_each(|(y, row)| {
                let rows = [2 * y, (2 * y + 1).min(self.height - 1)];
                for (x, texel) in row.chunks_exact_mut(3).enumerate() {
                    let columns = [2 * x, (2 * x + 1).min(self.width - 1)];
                    let sum = self.texel(encoding, columns[0], rows[0])
                        + self.texel(encoding, columns[1], rows[0])
                        + self.texel(encoding, columns[0], rows[1])
                        + self.texel(encoding, columns[1], rows[1]);
                    texel.copy_from_slice(&encoding.encode(sum / 4.0));
                }
            });
        Level {
            width,
            height,
            rgb: Cow::Owned(rgb),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_survives_the_trip_through_linear_light() {
        for byte in 0..=255 {
            assert_eq!(encode(linear([byte; 3])), [byte; 3]);
        }
    }

    #[test]
    fn a_fine_checkerboard_far_away_is_the_grey_of_half_the_light() {
        let rgb = (0..64 * 64)
            .flat_map(|i| [if (i + i / 64) % 2 == 0 { 0 } else { 255 }; 3])
            .collect();
        let texture = Texture {
            width: 64,
            height: 64,
            rgb,
        };
        let pyramid = Pyramid::of(&texture, Encoding::Srgb);
        let grey = pyramid.sample(pyramid.level_for(8.0), Vec2::new(0.3, 0.7));
        // Half of all light is 187.5 in sRGB.
        assert!(matches!(encode(grey), [187..=188, 187..=188, 187..=188]));
    }
}
