//! The networks that change pictures, on their real weights, against the runtimes that these were
//! made for. The weights come from the cache that the setup command fills: where they are missing
//! these tests fail and say which command to run.

use std::ops::ControlFlow;

use imaging::{
    Area, Denoiser, NetworkError, Picture, RealEsrgan, Restyler, Style, Upscaler, geometry,
};
use weights::{Cache, default_dir};

fn weights(name: &str) -> Vec<u8> {
    let cache = Cache::open(default_dir().unwrap_or_else(|error| panic!("{error}")));
    cache.load(name).unwrap_or_else(|error| panic!("{error}"))
}

fn to_the_end(_: f32) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// The picture of the scripts in `golden/`.
fn picture(width: u32, height: u32, divisor: u32) -> Picture {
    let pixels = (0..width * height).flat_map(|i| {
        let (x, y) = (i % width, i / width);
        let value = |channel: u32| {
            let value = (3 * x * x + 2 * x * y + 5 * y * y + 640 * channel) / divisor;
            (value % 256) as u8
        };
        [value(0), value(1), value(2), 255]
    });
    Picture::new(width, height, pixels.collect())
}

/// Fails unless each value is that of the golden file, rounded to 8 bits, to a hair.
fn assert_golden(found: &Picture, golden: &[u8]) {
    let golden: Vec<u16> = (golden.as_chunks().0.iter())
        .map(|&two| u16::from_le_bytes(two))
        .collect();
    assert_eq!(golden.len(), (found.width * found.height * 3) as usize);
    let colours = found.rgba.chunks_exact(4).flat_map(|pixel| &pixel[..3]);
    for (at, (&found, golden)) in colours.zip(golden).enumerate() {
        let golden = f32::from(golden) / 257.0;
        // Half a step of rounding, and as much again of the runtimes' own.
        assert!(
            (f32::from(found) - golden).abs() < 0.6,
            "{found} {golden} at {at}"
        );
    }
}

/// Waves, with so much noise less one.
fn waves(width: u32, height: u32, noise: u32) -> Picture {
    let pixels = (0..width * height).flat_map(|i| {
        let (x, y) = (i % width, i / width);
        let noise = (x * 7919 + y * 104_729) % noise;
        let value = |phase: f32| {
            let wave = (x as f32 / 31.0 + phase).sin() * (y as f32 / 23.0).cos();
            (120.0 + 80.0 * wave + noise as f32) as u8
        };
        [value(0.0), value(1.0), value(2.0), 255]
    });
    Picture::new(width, height, pixels.collect())
}

#[test]
fn ffdnet_is_what_pytorch_makes_of_it() {
    let network = Denoiser::load(weights("ffdnet")).unwrap();
    let clean = network.denoise(&picture(33, 31, 16), 15.0, &mut to_the_end);
    assert_golden(&clean.unwrap(), include_bytes!("golden/ffdnet.u16"));
}

#[test]
fn real_esrgan_is_what_ncnn_makes_of_it() {
    let network = RealEsrgan::load(&weights("realesrgan")).unwrap();
    let large = network.quadruple(&picture(28, 24, 64), &mut to_the_end);
    assert_golden(&large.unwrap(), include_bytes!("golden/realesrgan.u16"));
}

#[test]
fn the_styles_are_what_onnxruntime_makes_of_them() {
    let network = Restyler::from_onnx(weights("multistyle")).unwrap();
    let starry = Style::named("starry").unwrap();
    let painted = network.restyle(&picture(48, 40, 64), starry, &mut to_the_end);
    assert_golden(&painted.unwrap(), include_bytes!("golden/multistyle.u16"));
}

#[test]
fn noise_goes_and_alpha_stays() {
    let network = Denoiser::load(weights("ffdnet")).unwrap();
    let mut noisy = waves(64, 64, 41);
    noisy
        .rgba
        .chunks_exact_mut(4)
        .for_each(|pixel| pixel[3] = 99);
    let clean = network.denoise(&noisy, 20.0, &mut to_the_end).unwrap();
    // How much neighbours differ.
    let roughness = |picture: &Picture| -> u32 {
        let rows = picture.rgba.chunks_exact(64 * 4);
        rows.flat_map(|row| row.windows(8).step_by(4))
            .map(|pair| u32::from(pair[0].abs_diff(pair[4])))
            .sum()
    };
    assert!(
        roughness(&clean) * 2 < roughness(&noisy),
        "{} {}",
        roughness(&clean),
        roughness(&noisy)
    );
    assert!(clean.rgba.chunks_exact(4).all(|pixel| pixel[3] == 99));
}

/// The largest difference, in 255ths, between a picture changed as a whole, in two tiles, and a part
/// of it changed alone, in one, from `left` on. Nearer than `border` to the part's own edge they may
/// differ.
fn seam(whole: &Picture, [left, border]: [u32; 2], change: impl Fn(&Picture) -> Picture) -> u8 {
    let part = Area {
        left,
        top: 0,
        width: whole.width - left,
        height: whole.height,
    };
    let alone = change(&geometry::crop(whole, part).unwrap());
    let changed = change(whole);
    let scale = changed.width / whole.width;
    let rows = |picture: &Picture, from: u32| {
        let rows = picture.rgba.chunks_exact(picture.width as usize * 4);
        let rows = rows.map(|row| row[(from * scale * 4) as usize..].to_vec());
        rows.collect::<Vec<_>>().concat()
    };
    let (a, b) = (rows(&changed, left + border), rows(&alone, border));
    assert_eq!(a.len(), b.len());
    a.into_iter()
        .zip(b)
        .map(|(a, b)| a.abs_diff(b))
        .max()
        .unwrap()
}

#[test]
fn tiles_meet_without_a_seam() {
    let denoiser = Denoiser::load(weights("ffdnet")).unwrap();
    let off = seam(&waves(300, 24, 41), [200, 24], |picture| {
        denoiser.denoise(picture, 15.0, &mut to_the_end).unwrap()
    });
    assert!(off <= 1, "denoised they differ by {off}");
    let upscaler = Upscaler::load(&weights("waifu2x")).unwrap();
    let off = seam(&waves(150, 24, 41), [100, 7], |picture| {
        upscaler.double_picture(picture, &mut to_the_end).unwrap()
    });
    assert!(off <= 1, "doubled they differ by {off}");
    // Its layers look further than its border; without noise, what they see there hardly counts.
    let network = RealEsrgan::load(&weights("realesrgan")).unwrap();
    let off = seam(&waves(150, 24, 1), [70, 32], |picture| {
        network.quadruple(picture, &mut to_the_end).unwrap()
    });
    assert!(off <= 3, "quadrupled they differ by {off}");
}

#[test]
fn whoever_waits_hears_how_far_it_is_and_can_stop_it() {
    let network = Denoiser::load(weights("ffdnet")).unwrap();
    let picture = waves(600, 20, 41);
    let mut told = Vec::new();
    let done = network.denoise(&picture, 5.0, &mut |fraction| {
        told.push(fraction);
        ControlFlow::Continue(())
    });
    assert!(done.is_ok());
    assert_eq!(told, [0.0, 1.0 / 3.0, 2.0 / 3.0, 1.0]);
    let stopped = network.denoise(&picture, 5.0, &mut |_| ControlFlow::Break(()));
    assert!(matches!(stopped, Err(NetworkError::Cancelled)));
}
