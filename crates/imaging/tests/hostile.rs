//! Broken, cut off, mislabelled and malicious files: one line, never a panic, never a half picture.

mod common;

use common::*;
use image::{DynamicImage, ImageFormat};
use imaging::{DecodeError, Limits, decode};

fn refusal(bytes: &[u8]) -> DecodeError {
    decode(bytes, &Limits::default()).expect_err("must be refused")
}

/// One good file of every kind.
fn samples() -> Vec<(&'static str, Vec<u8>)> {
    let rgba = DynamicImage::from(quadrants());
    let rgb = DynamicImage::from(rgba.to_rgb8());
    let mut samples = vec![
        ("PNG", encode(&rgba, ImageFormat::Png)),
        ("JPEG", encode(&rgb, ImageFormat::Jpeg)),
        ("WebP", encode(&rgba, ImageFormat::WebP)),
        ("GIF", encode(&rgba, ImageFormat::Gif)),
        ("BMP", encode(&rgb, ImageFormat::Bmp)),
        ("TIFF", encode(&rgb, ImageFormat::Tiff)),
    ];
    for (name, file) in [
        ("JPEG", "progressive.jpg"),
        ("JPEG", "cmyk.jpg"),
        ("WebP", "lossy_alpha.webp"),
        ("WebP", "animated.webp"),
        ("PNG", "animated.png"),
        ("TIFF", "cmyk.tif"),
        ("AVIF", "avif_420.avif"),
        ("AVIF", "avif_alpha.avif"),
        ("AVIF", "avif_12bit.avif"),
        ("AVIF", "avif_animated.avif"),
    ] {
        samples.push((name, fixture(file)));
    }
    samples
}

#[test]
fn what_is_no_picture_is_told_apart() {
    assert_eq!(refusal(b""), DecodeError::Empty);
    for text in [
        &b"hello, this is a text renamed to .png"[..],
        b"B",
        b"BMW",
        b"\0\0\0\0",
        b"GIF",
    ] {
        assert_eq!(refusal(text), DecodeError::NotAPicture);
    }
    let foreign = [
        (&b"%PDF-1.7"[..], "PDF"),
        (b"<?xml version=\"1.0\"?><svg xmlns=\"\"/>", "SVG"),
        (b"\0\0\0\x20ftypisom\0\0\x02\0", "Video"),
        (b"\xff\x0a\0\0", "JPEG XL"),
    ];
    for (bytes, format) in foreign {
        assert_eq!(
            refusal(bytes).to_string(),
            format!("{format} files can't be read: convert it to JPEG or PNG first")
        );
    }
    let phone = refusal(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic").to_string();
    assert!(phone.starts_with("HEIC files can't be read: save or share it as JPEG first"));
}

#[test]
fn a_picture_of_almost_nothing_is_refused() {
    for (width, height) in [(1, 1), (15, 400), (400, 15)] {
        let image = DynamicImage::new_rgb8(width, height);
        for format in [
            ImageFormat::Png,
            ImageFormat::Jpeg,
            ImageFormat::Bmp,
            ImageFormat::WebP,
        ] {
            let error = refusal(&encode(&image, format));
            assert_eq!(
                error,
                DecodeError::TooSmall {
                    width,
                    height,
                    limit: 16
                }
            );
        }
    }
    assert_eq!(
        refusal(&encode(&DynamicImage::new_rgb8(1, 1), ImageFormat::Png)).to_string(),
        "the picture has only 1×1 pixels: send one of at least 16×16, better 512×512"
    );
    let smallest = encode(&DynamicImage::new_rgb8(16, 16), ImageFormat::Png);
    assert!(decode(&smallest, &Limits::default()).is_ok());
}

#[test]
fn a_file_cut_anywhere_is_refused_or_whole() {
    let mut unclear = Vec::new();
    for (name, file) in samples() {
        let whole = decode(&file, &Limits::default()).unwrap();
        let mut cut_off = 0;
        let lengths: Vec<usize> = (1..file.len()).step_by((file.len() / 150).max(1)).collect();
        for &length in &lengths {
            match decode(&file[..length], &Limits::default()) {
                // Only trailers, further frames and metadata may be missing without harm.
                Ok(picture) => assert!(
                    picture == whole,
                    "{name} cut to {length} of {} shows another picture",
                    file.len()
                ),
                Err(DecodeError::Truncated { .. }) => cut_off += 1,
                Err(error) => assert_eq!(error.to_string().lines().count(), 1),
            }
        }
        if cut_off * 2 < lengths.len() {
            unclear.push(format!("{name}: {cut_off} of {}", lengths.len()));
        }
    }
    assert!(unclear.is_empty(), "seldom called cut off: {unclear:?}");
}

#[test]
fn random_damage_never_panics() {
    // xorshift64, fixed seed: a failure repeats. More rounds: MUTATION_ROUNDS=100000.
    let rounds: u32 = std::env::var("MUTATION_ROUNDS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(150);
    let limits = Limits {
        max_pixels: 1 << 20,
        max_decoded_bytes: 8 << 20,
        ..Limits::default()
    };
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    for (_, file) in samples() {
        for _ in 0..rounds {
            let mut damaged = file.clone();
            for _ in 0..=random(6) {
                let at = random(damaged.len());
                match random(4) {
                    0 => damaged[at] = 0xff,
                    1 => damaged[at] = 0,
                    2 => damaged[at] ^= 1 << random(8),
                    _ => damaged[at] = random(256) as u8,
                }
            }
            if let Ok(picture) = decode(&damaged, &limits) {
                assert!(u64::from(picture.width) * u64::from(picture.height) <= limits.max_pixels);
            }
        }
    }
}
