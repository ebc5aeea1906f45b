//! Every kind of picture that users send comes out with the right size, colours and way up.

mod common;

use common::*;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, ExtendedColorType, ImageEncoder, ImageFormat, Luma, Rgba};
use imaging::{DecodeError, Limits, MediaKind, Picture, decode, encode_png};

fn decoded(bytes: &[u8], what: &str) -> Picture {
    decode(bytes, &Limits::default()).unwrap_or_else(|error| panic!("{what}: {error}"))
}

#[test]
fn every_format_comes_back_with_its_colours() {
    let rgb = DynamicImage::from(DynamicImage::from(quadrants()).into_rgb8());
    let cases = [
        (ImageFormat::Png, MediaKind::Png, 0),
        (ImageFormat::Bmp, MediaKind::Bmp, 0),
        (ImageFormat::Tiff, MediaKind::Tiff, 0),
        (ImageFormat::WebP, MediaKind::WebP, 0),
        (ImageFormat::Jpeg, MediaKind::Jpeg, 6),
    ];
    for (format, kind, tolerance) in cases {
        let bytes = encode(&rgb, format);
        assert_eq!(MediaKind::sniff(&bytes), Some(kind));
        let picture = decoded(&bytes, kind.name());
        assert_eq!((picture.width, picture.height), (WIDTH, HEIGHT), "{kind:?}");
        assert_centres(&picture, upright(), tolerance, kind.name());
    }
    let gif = encode(&DynamicImage::from(quadrants()), ImageFormat::Gif);
    assert_eq!(MediaKind::sniff(&gif), Some(MediaKind::Gif));
    assert_centres(&decoded(&gif, "GIF"), upright(), 0, "GIF");
}

#[test]
fn files_of_other_encoders_come_back_with_their_colours() {
    // Inks and lossy coding change the colours a little; a wrong matrix, range or inversion by
    // dozens of levels.
    for name in [
        "avif_420.avif",
        "avif_422.avif",
        "avif_444.avif",
        "avif_limited.avif",
        "avif_10bit.avif",
        "avif_12bit.avif",
        "cmyk.jpg",
        "cmyk.tif",
        "progressive.jpg",
        "palette.png",
    ] {
        let picture = decoded(&fixture(name), name);
        assert_eq!((picture.width, picture.height), (WIDTH, HEIGHT), "{name}");
        assert_centres(&picture, upright(), 6, name);
    }
}

#[test]
fn of_an_animation_the_first_picture_is_taken() {
    for name in ["animated.png", "animated.webp", "avif_animated.avif"] {
        assert_centres(&decoded(&fixture(name), name), upright(), 8, name);
    }
    let mut gif = Vec::new();
    {
        let mut encoder = image::codecs::gif::GifEncoder::new(&mut gif);
        let mut second = quadrants();
        image::imageops::rotate180_in_place(&mut second);
        let frames = [quadrants(), second].map(image::Frame::new);
        encoder.encode_frames(frames).unwrap();
    }
    assert_centres(&decoded(&gif, "GIF"), upright(), 0, "GIF");
}

#[test]
fn deep_and_grey_pictures_become_eight_bit_colour() {
    let image = DynamicImage::from(quadrants());
    for format in [ImageFormat::Png, ImageFormat::Tiff] {
        for deep in [
            DynamicImage::from(image.to_rgb16()),
            DynamicImage::from(image.to_rgba16()),
        ] {
            let picture = decoded(&encode(&deep, format), "16 bit");
            assert_centres(&picture, upright(), 0, "16 bit");
        }
    }
    let weights = |[r, g, b]: [u8; 3]| {
        let grey =
            image::DynamicImage::from(image::RgbaImage::from_pixel(1, 1, Rgba([r, g, b, 255])))
                .into_luma8();
        let Luma([value]) = *grey.get_pixel(0, 0);
        [value, value, value]
    };
    let expected = opaque([RED, GREEN, BLUE, YELLOW].map(weights));
    for (grey, format) in [
        (DynamicImage::from(image.to_luma8()), ImageFormat::Png),
        (DynamicImage::from(image.to_luma_alpha8()), ImageFormat::Png),
        (DynamicImage::from(image.to_luma16()), ImageFormat::Png),
        (DynamicImage::from(image.to_luma8()), ImageFormat::Tiff),
        (DynamicImage::from(image.to_luma8()), ImageFormat::Jpeg),
    ] {
        let picture = decoded(&encode(&grey, format), "grey");
        assert_centres(&picture, expected, 2, "grey");
    }
    // AVIF keeps luma by BT.601 (the fixture is full range), image's grey is BT.709.
    let luma = [88, 124, 70, 188].map(|value| [value; 3]);
    assert_centres(
        &decoded(&fixture("avif_grey.avif"), "AVIF"),
        opaque(luma),
        4,
        "grey AVIF",
    );
    let one_bit = decoded(&fixture("one_bit.png"), "one bit");
    assert!(one_bit.rgba.iter().all(|&value| value == 0 || value == 255));
}

#[test]
fn alpha_is_straight_and_tells_a_cutout() {
    let half = [RED, GREEN, BLUE, YELLOW];
    let expected: [[u8; 4]; 4] = std::array::from_fn(|i| {
        let [r, g, b] = half[i];
        [r, g, b, if i % 2 == 1 { 128 } else { 255 }]
    });
    for name in [
        "avif_alpha.avif",
        "avif_premultiplied.avif",
        "lossy_alpha.webp",
    ] {
        let picture = decoded(&fixture(name), name);
        assert_centres(&picture, expected, 8, name);
        assert!(!picture.has_cutout(), "half transparent is no cut-out");
    }
    let mut cut = quadrants();
    let corner = (cut.width() / 2, cut.height() / 2);
    for (x, y, pixel) in cut.enumerate_pixels_mut() {
        if x < corner.0 && y < corner.1 {
            *pixel = Rgba([0, 0, 0, 0]);
        }
    }
    for format in [
        ImageFormat::Png,
        ImageFormat::WebP,
        ImageFormat::Gif,
        ImageFormat::Tiff,
    ] {
        let picture = decoded(&encode(&DynamicImage::from(cut.clone()), format), "cut-out");
        assert!(picture.has_cutout(), "{format:?}");
    }
}

/// What the quadrants show in the file so that they are upright once the orientation is applied.
const ORIENTED: [[[u8; 3]; 4]; 8] = [
    [RED, GREEN, BLUE, YELLOW],
    [GREEN, RED, YELLOW, BLUE],
    [YELLOW, BLUE, GREEN, RED],
    [BLUE, YELLOW, RED, GREEN],
    [RED, BLUE, GREEN, YELLOW],
    [BLUE, RED, YELLOW, GREEN],
    [YELLOW, GREEN, BLUE, RED],
    [GREEN, YELLOW, RED, BLUE],
];

/// A TIFF structure with the orientation tag alone (EXIF 2.32 section 4.6).
fn exif(orientation: u8) -> Vec<u8> {
    let mut exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    exif
}

#[test]
fn all_eight_orientations_are_undone() {
    let rgb = DynamicImage::from(quadrants()).into_rgb8();
    for orientation in 1..=8u8 {
        // EXIF says how the stored picture is to be turned: what is shown is known by turning
        // the colours on paper (figure in EXIF 2.32, tag 0112h).
        let expected = opaque(ORIENTED[usize::from(orientation) - 1]);
        let turned = orientation >= 5;
        let size = if turned {
            (HEIGHT, WIDTH)
        } else {
            (WIDTH, HEIGHT)
        };
        let check = |bytes: &[u8], what: &str| {
            let what = format!("{what}, orientation {orientation}");
            let picture = decoded(bytes, &what);
            assert_eq!((picture.width, picture.height), size, "{what}");
            assert_centres(&picture, expected, 8, &what);
        };

        let mut jpeg = Vec::new();
        let mut encoder = JpegEncoder::new_with_quality(&mut jpeg, 95);
        encoder.set_exif_metadata(exif(orientation)).unwrap();
        encoder
            .write_image(&rgb, WIDTH, HEIGHT, ExtendedColorType::Rgb8)
            .unwrap();
        check(&jpeg, "JPEG");

        let mut png = Vec::new();
        let mut encoder = PngEncoder::new(&mut png);
        encoder.set_exif_metadata(exif(orientation)).unwrap();
        encoder
            .write_image(&rgb, WIDTH, HEIGHT, ExtendedColorType::Rgb8)
            .unwrap();
        check(&png, "PNG");

        let mut webp = Vec::new();
        let mut encoder = WebPEncoder::new_lossless(&mut webp);
        encoder.set_exif_metadata(exif(orientation)).unwrap();
        encoder
            .write_image(&rgb, WIDTH, HEIGHT, ExtendedColorType::Rgb8)
            .unwrap();
        check(&webp, "WebP");

        check(&tiff_with_orientation(orientation), "TIFF");

        if orientation > 1 {
            check(
                &fixture(&format!("avif_orientation_{orientation}.avif")),
                "AVIF",
            );
        }
    }
}

/// Rewrites the resolution-unit tag (296, always one short) of a written TIFF into the
/// orientation tag, keeping the entries sorted by being the only one of its kind needed.
fn tiff_with_orientation(orientation: u8) -> Vec<u8> {
    let mut tiff = encode(
        &DynamicImage::from(quadrants()).into_rgb8().into(),
        ImageFormat::Tiff,
    );
    let entry = [0x28, 0x01, 3, 0, 1, 0, 0, 0];
    let at = tiff
        .windows(8)
        .rposition(|window| window == entry)
        .expect("tag 296");
    tiff[at..at + 2].copy_from_slice(&[0x12, 0x01]);
    tiff[at + 8] = orientation;
    tiff
}

#[test]
fn a_wide_gamut_profile_is_converted_to_srgb() {
    let profile = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    let pixels = [64, 128, 64, 200].repeat(16 * 16);
    let mut png = Vec::new();
    let mut encoder = PngEncoder::new(&mut png);
    encoder.set_icc_profile(profile).unwrap();
    encoder
        .write_image(&pixels, 16, 16, ExtendedColorType::Rgba8)
        .unwrap();
    let picture = decoded(&png, "Display P3");
    // Green of the wider gamut is stronger in sRGB numbers; alpha is no colour.
    let [red, green, _, alpha] = centres(&picture)[0];
    assert!(red < 60, "{red}");
    assert!(green >= 128, "{green}");
    assert_eq!(alpha, 200);
}

#[test]
fn the_encoded_png_has_the_pixels_and_nothing_else() {
    let mut jpeg = Vec::new();
    let rgb = DynamicImage::from(quadrants()).into_rgb8();
    let mut encoder = JpegEncoder::new(&mut jpeg);
    encoder.set_exif_metadata(exif(6)).unwrap();
    encoder
        .write_image(&rgb, WIDTH, HEIGHT, ExtendedColorType::Rgb8)
        .unwrap();
    let picture = decoded(&jpeg, "JPEG");

    let png = encode_png(&picture);
    assert_eq!(decoded(&png, "PNG"), picture);
    let chunks: Vec<&[u8]> = png_chunks(&png);
    assert!(
        chunks
            .iter()
            .all(|name| [&b"IHDR"[..], b"IDAT", b"IEND"].contains(name)),
        "{chunks:?}"
    );

    let mut with_alpha = picture;
    with_alpha.rgba[3] = 17;
    assert_eq!(decoded(&encode_png(&with_alpha), "PNG"), with_alpha);
}

fn png_chunks(png: &[u8]) -> Vec<&[u8]> {
    let mut names = Vec::new();
    let mut at = 8;
    while let Some(head) = png.get(at..at + 8) {
        names.push(&head[4..]);
        at += 12 + u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
    }
    names
}

#[test]
fn shrinking_keeps_the_aspect_and_the_colour_of_edges() {
    let wide = Picture::new(400, 100, [9, 9, 9, 255].repeat(400 * 100));
    let small = wide.clone().shrink_to(100);
    assert_eq!((small.width, small.height), (100, 25));
    assert_eq!(wide.clone().shrink_to(400), wide);
    let sliver = Picture::new(3000, 16, [0; 4].repeat(3000 * 16)).shrink_to(100);
    assert_eq!((sliver.width, sliver.height), (100, 1));

    // White beside transparent black: the edge must stay white and only fade.
    let pixel = |x: u32| if x < 150 { [255; 4] } else { [0; 4] };
    let edge = Picture::new(
        300,
        300,
        (0..300 * 300).flat_map(|i| pixel(i % 300)).collect(),
    );
    for pixel in edge
        .shrink_to(77)
        .rgba
        .chunks(4)
        .filter(|pixel| pixel[3] > 8)
    {
        assert!(pixel[0] > 240, "{pixel:?}");
    }
}

#[test]
fn too_many_bytes_are_refused_before_looking() {
    let limits = Limits {
        max_bytes: 3_000_000,
        ..Limits::default()
    };
    let error = decode(&vec![0; 3_500_000], &limits).unwrap_err();
    assert!(matches!(error, DecodeError::TooManyBytes { .. }));
    assert!(
        error
            .to_string()
            .contains("the file has 4 MB, more than the 3 MB allowed")
    );
}
