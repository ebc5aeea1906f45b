use std::ops::ControlFlow;

use super::*;

fn to_the_end(_: f32) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// Diagonal stripes of two colours, 12 pixels wide, with some noise.
fn stripes(width: u32, height: u32) -> Picture {
    let pixel = |i: u32| {
        let (x, y) = (i % width, i / width);
        let noise = (x * 7 + y * 13) % 9;
        let bright = (x + y) / 12 % 2 == 0;
        let value = if bright { 200 } else { 60 } + noise as u8;
        [value, value / 2, 90, 255]
    };
    Picture::new(width, height, (0..width * height).flat_map(pixel).collect())
}

/// A disc in the middle.
fn disc(picture: &Picture, radius: f32) -> Mask {
    let (width, height) = (picture.width, picture.height);
    let marked = (0..width * height).map(|i| {
        let dx = (i % width) as f32 - width as f32 / 2.0;
        let dy = (i / width) as f32 - height as f32 / 2.0;
        dx.hypot(dy) < radius
    });
    Mask {
        width,
        height,
        marked: marked.collect(),
    }
}

/// The picture with something red where the mask is.
fn spoilt(picture: &Picture, mask: &Mask) -> Picture {
    let mut spoilt = picture.clone();
    for (pixel, &marked) in spoilt.rgba.chunks_exact_mut(4).zip(&mask.marked) {
        if marked {
            pixel.copy_from_slice(&[255, 0, 0, 255]);
        }
    }
    spoilt
}

#[test]
fn stripes_go_on_through_the_hole_and_nothing_else_changes() {
    let picture = stripes(200, 160);
    let mask = disc(&picture, 30.0);
    let filled = fill(&spoilt(&picture, &mask), &mask, 1, &mut to_the_end).unwrap();
    let mut errors = Vec::new();
    for ((found, meant), &marked) in (filled.rgba.chunks_exact(4))
        .zip(picture.rgba.chunks_exact(4))
        .zip(&mask.marked)
    {
        if marked {
            errors.push(f32::from(found[0].abs_diff(meant[0])));
            assert!(found[0] < 215 && found[2] > 80, "red is left: {found:?}");
        } else {
            assert_eq!(found, meant);
        }
    }
    let mean = errors.iter().sum::<f32>() / errors.len() as f32;
    assert!(mean < 12.0, "the stripes are off by {mean} of 140");
}

#[test]
fn the_same_seed_gives_the_same_bytes_on_any_number_of_threads() {
    let picture = stripes(90, 80);
    let mask = disc(&picture, 14.0);
    let run = |threads: usize, seed: u64| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        let fill = || fill(&picture, &mask, seed, &mut to_the_end).unwrap();
        pool.build().unwrap().install(fill)
    };
    assert_eq!(run(1, 5), run(3, 5));
}

#[test]
fn a_hole_at_the_corner_and_in_transparent_surroundings_is_filled() {
    let mut picture = stripes(80, 70);
    picture
        .rgba
        .chunks_exact_mut(4)
        .skip(80 * 35)
        .for_each(|pixel| pixel[3] = 0);
    let marked = (0..80 * 70).map(|i| i % 80 < 12 && (i / 80 < 9 || i / 80 > 50));
    let mask = Mask {
        width: 80,
        height: 70,
        marked: marked.collect(),
    };
    let filled = fill(&picture, &mask, 0, &mut to_the_end).unwrap();
    let alpha = |x: usize, y: usize| filled.rgba[(y * 80 + x) * 4 + 3];
    assert_eq!(
        (alpha(2, 2), alpha(2, 66)),
        (255, 0),
        "opaque stays opaque and clear clear"
    );
}

#[test]
fn what_can_not_be_filled_says_why() {
    let picture = stripes(40, 40);
    let mask = |marked: fn(u32) -> bool| Mask {
        width: 40,
        height: 40,
        marked: (0..1600).map(marked).collect(),
    };
    let refusal = |mask: &Mask| fill(&picture, mask, 0, &mut to_the_end).unwrap_err();
    assert_eq!(
        refusal(&mask(|_| false)),
        FillError::Mask(MaskError::Nothing)
    );
    assert_eq!(
        refusal(&mask(|_| true)),
        FillError::Mask(MaskError::Everything)
    );
    assert_eq!(refusal(&mask(|i| i % 5 == 0)), FillError::NothingLeft);
    let disc = disc(&picture, 6.0);
    let stopped = fill(&picture, &disc, 0, &mut |_| ControlFlow::Break(()));
    assert_eq!(stopped, Err(FillError::Cancelled));
}
