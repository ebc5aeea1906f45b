//! Between sRGB, as pictures store colours, and linear light (IEC 61966-2-1).

use std::sync::LazyLock;

/// Linear light of each sRGB byte.
pub static LINEAR: LazyLock<[f32; 256]> = LazyLock::new(|| {
    std::array::from_fn(|byte| {
        let encoded = byte as f32 / 255.0;
        if encoded <= 0.04045 {
            encoded / 12.92
        } else {
            ((encoded + 0.055) / 1.055).powf(2.4)
        }
    })
});

/// The sRGB value, 0–1, of linear light; what lies outside 0–1 is clipped.
pub fn encoded(linear: f32) -> f32 {
    let linear = linear.clamp(0.0, 1.0);
    if linear <= 0.003_130_8 {
        linear * 12.92
    } else {
        1.055 * linear.powf(1.0 / 2.4) - 0.055
    }
}

/// The same as the nearest byte.
pub fn byte(linear: f32) -> u8 {
    (encoded(linear) * 255.0).round() as u8
}
