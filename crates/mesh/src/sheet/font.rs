//! A 3 × 5 bitmap font, enough for labels.

use crate::raster::Image;

const WIDTH: u32 = 3;
const HEIGHT: u32 = 5;

/// Five rows of three dots, top first, leftmost dot in the highest bit.
fn glyph(letter: char) -> [u8; HEIGHT as usize] {
    match letter.to_ascii_uppercase() {
        'A' => [0b010, 0b101, 0b111, 0b101, 0b101],
        'B' => [0b110, 0b101, 0b110, 0b101, 0b110],
        'C' => [0b011, 0b100, 0b100, 0b100, 0b011],
        'D' => [0b110, 0b101, 0b101, 0b101, 0b110],
        'E' => [0b111, 0b100, 0b110, 0b100, 0b111],
        'F' => [0b111, 0b100, 0b110, 0b100, 0b100],
        'G' => [0b011, 0b100, 0b101, 0b101, 0b011],
        'H' => [0b101, 0b101, 0b111, 0b101, 0b101],
        'I' => [0b111, 0b010, 0b010, 0b010, 0b111],
        'J' => [0b001, 0b001, 0b001, 0b101, 0b010],
        'K' => [0b101, 0b101, 0b110, 0b101, 0b101],
        'L' => [0b100, 0b100, 0b100, 0b100, 0b111],
        'M' => [0b101, 0b111, 0b111, 0b101, 0b101],
        'N' => [0b110, 0b101, 0b101, 0b101, 0b101],
        'O' => [0b010, 0b101, 0b101, 0b101, 0b010],
        'P' => [0b110, 0b101, 0b110, 0b100, 0b100],
        'Q' => [0b010, 0b101, 0b101, 0b110, 0b011],
        'R' => [0b110, 0b101, 0b110, 0b101, 0b101],
        'S' => [0b011, 0b100, 0b010, 0b001, 0b110],
        'T' => [0b111, 0b010, 0b010, 0b010, 0b010],
        'U' => [0b101, 0b101, 0b101, 0b101, 0b111],
        'V' => [0b101, 0b101, 0b101, 0b101, 0b010],
        'W' => [0b101, 0b101, 0b111, 0b111, 0b101],
        'X' => [0b101, 0b101, 0b010, 0b101, 0b101],
        'Y' => [0b101, 0b101, 0b010, 0b010, 0b010],
        'Z' => [0b111, 0b001, 0b010, 0b100, 0b111],
        '0' => [0b111, 0b101, 0b101, 0b101, 0b111],
        '1' => [0b010, 0b110, 0b010, 0b010, 0b111],
        '2' => [0b110, 0b001, 0b010, 0b100, 0b111],
        '3' => [0b110, 0b001, 0b010, 0b001, 0b110],
        '4' => [0b101, 0b101, 0b111, 0b001, 0b001],
        '5' => [0b111, 0b100, 0b110, 0b001, 0b110],
        '6' => [0b011, 0b100, 0b111, 0b101, 0b111],
        '7' => [0b111, 0b001, 0b010, 0b010, 0b010],
        '8' => [0b111, 0b101, 0b111, 0b101, 0b111],
        '9' => [0b111, 0b101, 0b111, 0b001, 0b110],
        '-' => [0b000, 0b000, 0b111, 0b000, 0b000],
        '_' => [0b000, 0b000, 0b000, 0b000, 0b111],
        '.' => [0b000, 0b000, 0b000, 0b000, 0b010],
        '+' => [0b000, 0b010, 0b111, 0b010, 0b000],
        '/' => [0b001, 0b001, 0b010, 0b100, 0b100],
        _ => [0; HEIGHT as usize],
    }
}

/// Writes `text` with its top left at `at`, `scale` pixels per dot, on a light strip that keeps it
/// readable over any picture; what doesn't fit is cut off.
pub(crate) fn write(image: &mut Image, at: [u32; 2], scale: u32, ink: [u8; 3], text: &str) {
    let advance = WIDTH + 1;
    let columns = text.chars().count() as u32 * advance + 1;
    let mut fill = |dot_x: u32, dot_y: u32, color: [u8; 3]| {
        for y in 0..scale {
            for x in 0..scale {
                put(
                    image,
                    at[0] + dot_x * scale + x,
                    at[1] + dot_y * scale + y,
                    color,
                );
            }
        }
    };
    for y in 0..HEIGHT + 2 {
        for x in 0..columns {
            fill(x, y, [244; 3]);
        }
    }
    for (place, letter) in (0..).zip(text.chars()) {
        for (y, row) in (0..).zip(glyph(letter)) {
            for x in (0..WIDTH).filter(|x| row >> (WIDTH - 1 - x) & 1 == 1) {
                fill(place * advance + x + 1, y + 1, ink);
            }
        }
    }
}

fn put(image: &mut Image, x: u32, y: u32, [r, g, b]: [u8; 3]) {
    if x < image.width && y < image.height {
        let at = (y as usize * image.width as usize + x as usize) * 4;
        image.rgba[at..at + 4].copy_from_slice(&[r, g, b, 255]);
    }
}
