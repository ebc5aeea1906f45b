//! The real network on the real weights, from the cache that the setup command fills: where they
//! are missing these tests fail and say which command to run.

use imaging::{Matte, MatteModel, Picture, U2Net};
use weights::{Cache, default_dir};

fn network() -> U2Net {
    let cache = Cache::open(default_dir().unwrap_or_else(|error| panic!("{error}")));
    let weights = cache
        .load("u2netp")
        .unwrap_or_else(|error| panic!("{error}"));
    U2Net::from_onnx(weights).unwrap()
}

const CENTRE: (f32, f32) = (330.0, 210.0);
const RADIUS: f32 = 120.0;

/// A lit ball before a wall that darkens downwards.
fn ball() -> Picture {
    let (width, height) = (640, 400);
    let rgba = (0..width * height).flat_map(|i| {
        let (x, y) = ((i % width) as f32, (i / width) as f32);
        let (dx, dy) = ((x - CENTRE.0) / RADIUS, (y - CENTRE.1) / RADIUS);
        let squared = dx * dx + dy * dy;
        if squared <= 1.0 {
            // Lambert, lit from the upper left.
            let light = (0.45 * (1.0 - squared).sqrt() - 0.5 * dx - 0.6 * dy).max(0.0) + 0.15;
            let channel = |albedo: f32| (albedo * light * 255.0).min(255.0) as u8;
            [channel(0.9), channel(0.35), channel(0.1), 255]
        } else {
            let grey = 190 - (y / 8.0) as u8;
            [grey, grey, grey, 255]
        }
    });
    Picture::new(width, height, rgba.collect())
}

/// Intersection over union of the matte at one half and the ball.
fn overlap(matte: &Matte) -> f32 {
    let (mut both, mut either) = (0, 0);
    for (i, &alpha) in matte.alpha.iter().enumerate() {
        let (x, y) = (i % matte.width as usize, i / matte.width as usize);
        let (dx, dy) = (x as f32 - CENTRE.0, y as f32 - CENTRE.1);
        let inside = dx * dx + dy * dy <= RADIUS * RADIUS;
        both += u32::from(inside && alpha > 127);
        either += u32::from(inside || alpha > 127);
    }
    both as f32 / either as f32
}

#[test]
fn the_object_is_cut_out_at_the_pictures_own_size() {
    let matte = network().matte(&ball()).unwrap();
    assert_eq!((matte.width, matte.height), (640, 400));
    assert_eq!(matte.alpha.len(), 640 * 400);
    let overlap = overlap(&matte);
    assert!(overlap > 0.96, "{overlap}");
}

#[test]
fn a_picture_without_an_object_has_an_empty_matte() {
    let wall = Picture::new(300, 200, [150, 150, 160, 255].repeat(300 * 200));
    let matte = network().matte(&wall).unwrap();
    assert!(matte.alpha.iter().all(|&alpha| alpha == 0));
}
