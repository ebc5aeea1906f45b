//! Pictures to hand in: they bring their own cut-out, so that no weights are needed.

use imaging::{Picture, encode_png};

/// A striped ball as PNG, `side` pixels wide.
pub fn ball(side: u32) -> Vec<u8> {
    let centre = side as f32 / 2.0;
    let pixels = (0..side * side).flat_map(|at| {
        let (x, y) = (at % side, at / side);
        let inside = (x as f32 - centre).hypot(y as f32 - centre) < 0.7 * centre;
        let stripe = if (x * 16 / side).is_multiple_of(2) {
            220
        } else {
            90
        };
        [stripe, 120, 60, if inside { 255 } else { 0 }]
    });
    encode_png(&Picture::new(side, side, pixels.collect()))
}
