//! The picture that the tests encode and decode: red and green over blue and yellow, so that
//! every rotation and mirroring looks different.

// Each test binary compiles this module and uses a part of it.
#![allow(dead_code)]

use std::io::Cursor;
use std::path::Path;

use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};
use imaging::Picture;

pub const WIDTH: u32 = 48;
pub const HEIGHT: u32 = 32;

pub const RED: [u8; 3] = [200, 40, 40];
pub const GREEN: [u8; 3] = [40, 180, 60];
pub const BLUE: [u8; 3] = [40, 60, 200];
pub const YELLOW: [u8; 3] = [220, 200, 40];

/// Opaque quadrants.
pub fn quadrants() -> RgbaImage {
    RgbaImage::from_fn(WIDTH, HEIGHT, |x, y| {
        let [r, g, b] = match (x < WIDTH / 2, y < HEIGHT / 2) {
            (true, true) => RED,
            (false, true) => GREEN,
            (true, false) => BLUE,
            (false, false) => YELLOW,
        };
        Rgba([r, g, b, 255])
    })
}

/// Encodes in the colour type that the image has.
pub fn encode(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A committed fixture.
pub fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    std::fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The pixels in the middle of the four quadrants: top left, top right, bottom left, bottom right.
pub fn centres(picture: &Picture) -> [[u8; 4]; 4] {
    let (w, h) = (picture.width as usize, picture.height as usize);
    [(1, 1), (3, 1), (1, 3), (3, 3)].map(|(x, y)| {
        let at = (h * y / 4 * w + w * x / 4) * 4;
        [0, 1, 2, 3].map(|channel| picture.rgba[at + channel])
    })
}

/// Asserts the four quadrants, colours and alphas, to a tolerance.
pub fn assert_centres(picture: &Picture, expected: [[u8; 4]; 4], tolerance: u8, what: &str) {
    let found = centres(picture);
    let close = found
        .as_flattened()
        .iter()
        .zip(expected.as_flattened())
        .all(|(found, expected)| found.abs_diff(*expected) <= tolerance);
    assert!(close, "{what}: expected {expected:?}, found {found:?}");
}

/// Opaque versions of four colours.
pub fn opaque(colours: [[u8; 3]; 4]) -> [[u8; 4]; 4] {
    colours.map(|[r, g, b]| [r, g, b, 255])
}

/// The upright quadrants.
pub fn upright() -> [[u8; 4]; 4] {
    opaque([RED, GREEN, BLUE, YELLOW])
}
