//! Small files that claim to be huge. One test in its own process, because it watches the
//! process's peak memory.

mod common;

use std::io::Write;

use common::*;
use image::{DynamicImage, ImageFormat};
use imaging::{DecodeError, Limits, decode};

/// Peak resident memory of this process so far, in bytes.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .expect("VmHWM");
    let kilobytes: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kilobytes * 1024
}

fn patched(mut file: Vec<u8>, at: usize, bytes: &[u8]) -> Vec<u8> {
    file[at..at + bytes.len()].copy_from_slice(bytes);
    file
}

fn png_chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut crc = flate2::Crc::new();
    crc.update(kind);
    crc.update(body);
    let length = (body.len() as u32).to_be_bytes();
    [&length[..], kind, body, &crc.sum().to_be_bytes()].concat()
}

/// A PNG with RGBA header, the given chunks after it and an almost empty IDAT.
fn png(width: u32, height: u32, chunks: &[Vec<u8>]) -> Vec<u8> {
    let header = [
        &width.to_be_bytes()[..],
        &height.to_be_bytes(),
        &[8, 6, 0, 0, 0],
    ]
    .concat();
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    png.extend(png_chunk(b"IHDR", &header));
    png.extend(chunks.concat());
    png.extend(png_chunk(b"IDAT", &deflated_zeros(100)));
    png.extend(png_chunk(b"IEND", &[]));
    png
}

fn deflated_zeros(megabytes_or_bytes: usize) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    let block = vec![0; megabytes_or_bytes.min(1 << 20)];
    for _ in 0..megabytes_or_bytes.div_ceil(1 << 20) {
        encoder.write_all(&block).unwrap();
    }
    encoder.finish().unwrap()
}

#[test]
fn huge_claims_are_refused_before_memory_is_taken() {
    let rgb = DynamicImage::from(quadrants()).into_rgb8();
    let rgb = DynamicImage::from(rgb);
    let gif = encode(&DynamicImage::from(quadrants()), ImageFormat::Gif);
    let bmp = encode(&rgb, ImageFormat::Bmp);
    let tiff = encode(&rgb, ImageFormat::Tiff);
    let jpeg = encode(&rgb, ImageFormat::Jpeg);
    let avif = fixture("avif_420.avif");
    let start_of_frame = jpeg
        .windows(2)
        .position(|pair| pair == [0xff, 0xc0])
        .unwrap();
    let image_size = avif.windows(4).position(|name| name == b"ispe").unwrap() + 8;
    let frame = gif
        .windows(5)
        .position(|bytes| bytes == [0x2c, 0, 0, 0, 0])
        .unwrap();
    let width_tag = tiff
        .windows(4)
        .rposition(|entry| entry == [0, 1, 4, 0])
        .unwrap();
    let huge = 30_000u32;
    let text_bomb = [b"Comment\0\0".to_vec(), deflated_zeros(400 << 20)].concat();
    let profile_bomb = [b"icc\0\0".to_vec(), deflated_zeros(400 << 20)].concat();

    let before = peak_memory();
    let limits = Limits::default();

    let error = decode(&png(huge, huge, &[]), &limits).unwrap_err();
    assert_eq!(
        error,
        DecodeError::TooLong {
            width: huge,
            height: huge,
            limit: 16_384
        }
    );
    assert_eq!(
        error.to_string(),
        "the picture has 30000×30000 pixels, more than 16384 on a side: make it smaller"
    );
    let error = decode(&png(9000, 9000, &[]), &limits).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the picture has 9000×9000 pixels, more than 64 megapixels: make it smaller"
    );

    let bombs: [(&str, Vec<u8>); 7] = [
        ("GIF screen", patched(gif.clone(), 6, &[0xff; 4])),
        ("GIF frame", patched(gif, frame + 5, &[0xff; 4])),
        (
            "BMP",
            patched(
                bmp,
                18,
                &[&huge.to_le_bytes()[..], &huge.to_le_bytes()].concat(),
            ),
        ),
        ("TIFF", patched(tiff, width_tag + 8, &huge.to_le_bytes())),
        (
            "JPEG",
            patched(jpeg, start_of_frame + 5, &[0xff, 0xdc, 0xff, 0xdc]),
        ),
        (
            "AVIF",
            patched(avif, image_size, &[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]),
        ),
        ("PNG pixels", png(16_000, 4_000, &[])),
    ];
    for (name, bomb) in &bombs[..6] {
        assert!(decode(bomb, &limits).is_err(), "{name}");
    }
    // Metadata that unpacks to 400 MB around a good picture: harmless whatever the answer.
    for chunk in [
        png_chunk(b"zTXt", &text_bomb),
        png_chunk(b"iCCP", &profile_bomb),
    ] {
        let _ = decode(&png(16, 16, &[chunk]), &limits);
    }
    let grown = peak_memory() - before;
    assert!(grown < 48 << 20, "peak memory grew by {} MB", grown >> 20);

    // Allowed by its header (64 million pixels) but with nothing behind it.
    let (name, bomb) = &bombs[6];
    assert!(decode(bomb, &limits).is_err(), "{name}");
}
