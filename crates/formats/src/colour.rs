//! Colours between what files hold and what a model holds.

use glam::{Vec2, Vec3};
use mesh::{Texture, srgb};

/// Linear light, 0..=1, of an sRGB byte.
pub(crate) fn linear(byte: u8) -> f32 {
    srgb::LINEAR[usize::from(byte)]
}

/// Linear light of an sRGB colour.
pub(crate) fn to_linear(colour: [u8; 3]) -> Vec3 {
    Vec3::from(colour.map(linear))
}

/// sRGB bytes of linear light.
pub(crate) fn to_srgb(linear: Vec3) -> [u8; 3] {
    linear.to_array().map(srgb::byte)
}

/// The sRGB colour of a texture there, between its four nearest texels. Outside it repeats.
pub(crate) fn sample(texture: &Texture, uv: Vec2) -> [u8; 3] {
    let at = |wrapped: f32, size: u32| {
        let position = wrapped * size as f32 - 0.5;
        let low = position.floor();
        let (low, between) = (low as i64, position - low);
        let clamp = |i: i64| i.clamp(0, i64::from(size) - 1) as usize;
        (clamp(low), clamp(low + 1), between)
    };
    // 1.0 itself is the last texel, not the first again.
    let wrap = |c: f32| {
        if (0.0..=1.0).contains(&c) {
            c
        } else {
            c - c.floor()
        }
    };
    let (left, right, across) = at(wrap(uv.x), texture.width);
    let (top, bottom, down) = at(wrap(uv.y), texture.height);
    let texel = |x: usize, y: usize| {
        let at = (y * texture.width as usize + x) * 3;
        Vec3::new(
            texture.rgb[at].into(),
            texture.rgb[at + 1].into(),
            texture.rgb[at + 2].into(),
        )
    };
    let upper = texel(left, top).lerp(texel(right, top), across);
    let lower = texel(left, bottom).lerp(texel(right, bottom), across);
    upper.lerp(lower, down).to_array().map(|c| c.round() as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_survives_linear_light_in_sixteen_bits() {
        for byte in 0..=255 {
            let stored = (linear(byte) * 65535.0).round() / 65535.0;
            assert_eq!(srgb::byte(stored), byte);
        }
    }

    #[test]
    fn a_texel_s_middle_has_its_colour_and_between_two_is_their_mean() {
        let texture = Texture {
            width: 2,
            height: 1,
            rgb: vec![200, 0, 0, 0, 100, 0],
        };
        assert_eq!(sample(&texture, Vec2::new(0.25, 0.5)), [200, 0, 0]);
        assert_eq!(sample(&texture, Vec2::new(0.5, 0.5)), [100, 50, 0]);
        assert_eq!(sample(&texture, Vec2::new(1.75, -3.5)), [0, 100, 0]);
        assert_eq!(sample(&texture, Vec2::new(1.0, 1.0)), [0, 100, 0]);
    }
}
