//! Films, read back by decoders that are not ours.

use std::io::Cursor;

use formats::animation::encode;
use formats::{AnimationError, AnimationKind, Reel};
use mesh::raster::Image;

const PAPER: [u8; 4] = [226, 227, 230, 255];
const REEL: Reel = Reel {
    width: 96,
    height: 64,
    frames: 10,
    duration_ms: 1_000,
};

/// A shaded disc that wanders to the right over paper.
fn frame(index: u32) -> Image {
    let mut image = Image::filled(REEL.width, REEL.height, PAPER);
    let center = [20.0 + 6.0 * index as f32, 32.0];
    for (at, pixel) in image.rgba.chunks_exact_mut(4).enumerate() {
        let at = [at as u32 % REEL.width, at as u32 / REEL.width].map(|c| c as f32);
        let off = [at[0] - center[0], at[1] - center[1]];
        if off[0].hypot(off[1]) < 16.0 {
            let light = 160.0 - 4.0 * (off[0] + off[1]);
            let colour = [1.0, 0.6, 0.3].map(|share| (light * share).clamp(0.0, 255.0) as u8);
            pixel[..3].copy_from_slice(&colour);
        }
    }
    image
}

fn film(kind: AnimationKind) -> Vec<u8> {
    encode(kind, &REEL, |index| Some(frame(index))).unwrap()
}

/// Root of the mean squared difference of two pictures' colours.
fn difference(a: &Image, rgba: &[u8]) -> f32 {
    assert_eq!(a.rgba.len(), rgba.len());
    let pairs = a.rgba.iter().zip(rgba);
    let squares = pairs.map(|(a, b)| (f32::from(*a) - f32::from(*b)).powi(2));
    (squares.sum::<f32>() / rgba.len() as f32).sqrt()
}

#[test]
fn webp_shows_every_frame_for_its_time_and_begins_again() {
    let mut decoder = image_webp::WebPDecoder::new(Cursor::new(film(AnimationKind::WebP))).unwrap();
    assert_eq!(decoder.dimensions(), (REEL.width, REEL.height));
    assert_eq!(decoder.num_frames(), REEL.frames);
    assert_eq!(decoder.loop_count(), image_webp::LoopCount::Forever);
    assert_eq!(decoder.loop_duration(), u64::from(REEL.duration_ms));
    assert!(!decoder.has_alpha());
    let mut rgb = vec![0; (REEL.width * REEL.height * 3) as usize];
    for index in 0..REEL.frames {
        assert_eq!(decoder.read_frame(&mut rgb).unwrap(), 100);
        let rgba: Vec<u8> = rgb
            .chunks_exact(3)
            .flat_map(|p| [p[0], p[1], p[2], 255])
            .collect();
        let off = difference(&frame(index), &rgba);
        assert!(off < 6.0, "frame {index} is off by {off}");
    }
}

#[test]
fn gif_shows_every_frame_for_its_time_in_one_palette() {
    let bytes = film(AnimationKind::Gif);
    let mut options = gif::DecodeOptions::new();
    options.set_color_output(gif::ColorOutput::Indexed);
    let mut decoder = options.read_info(Cursor::new(bytes)).unwrap();
    assert_eq!(decoder.repeat(), gif::Repeat::Infinite);
    let palette: Vec<[u8; 3]> = decoder
        .global_palette()
        .unwrap()
        .chunks_exact(3)
        .map(|c| [c[0], c[1], c[2]])
        .collect();
    let mut shown = Image::filled(REEL.width, REEL.height, [0; 4]);
    let mut delay_cs = 0;
    for index in 0..REEL.frames {
        let part = decoder.read_next_frame().unwrap().unwrap();
        assert!(part.palette.is_none(), "frame {index} has its own colours");
        delay_cs += u32::from(part.delay);
        let width = usize::from(part.width);
        for (at, &colour) in part.buffer.iter().enumerate() {
            let (x, y) = (at % width, at / width);
            let x = x + usize::from(part.left);
            let y = y + usize::from(part.top);
            let start = (y * REEL.width as usize + x) * 4;
            let [r, g, b] = palette[usize::from(colour)];
            shown.rgba[start..start + 4].copy_from_slice(&[r, g, b, 255]);
        }
        let expected = frame(index);
        let off = difference(&expected, &shown.rgba);
        assert!(off < 3.0, "frame {index} is off by {off}");
        assert_eq!(shown.rgba[..4], PAPER, "paper stays paper");
    }
    assert!(decoder.read_next_frame().unwrap().is_none());
    assert_eq!(delay_cs * 10, REEL.duration_ms);
}

#[test]
fn mp4_shows_every_frame_and_has_its_index_first() {
    let bytes = film(AnimationKind::Mp4);
    let names: Vec<&[u8]> = boxes(&bytes).map(|(name, _)| name).collect();
    assert_eq!(names, [b"ftyp", b"moov", b"mdat"]);
    let (_, pictures) = boxes(&bytes).last().unwrap();
    // Each sample is units with their length in front; the parameters come from the index.
    let index = boxes(&bytes).nth(1).unwrap().1;
    let at = index.windows(4).position(|name| name == b"avcC").unwrap() + 10;
    let length = |at: usize| usize::from(u16::from_be_bytes([index[at], index[at + 1]]));
    let sequence = &index[at + 2..at + 2 + length(at)];
    let at = at + 3 + length(at);
    let picture = &index[at + 2..at + 2 + length(at)];
    let mut stream = [&[0, 0, 0, 1], sequence, &[0, 0, 0, 1], picture].concat();
    let mut decoder = openh264::decoder::Decoder::new().unwrap();
    decoder.decode(&stream).unwrap();
    let mut rest = pictures;
    for index in 0..REEL.frames {
        let bytes = u32::from_be_bytes(rest[..4].try_into().unwrap()) as usize;
        stream = [&[0, 0, 0, 1], &rest[4..4 + bytes]].concat();
        rest = &rest[4 + bytes..];
        let shown = decoder
            .decode(&stream)
            .unwrap()
            .expect("a frame per sample");
        let off = difference(&frame(index), &narrow_to_rgba(&shown));
        assert!(off < 6.0, "frame {index} is off by {off}");
    }
    assert!(rest.is_empty());
}

/// The boxes that follow each other here: name and content.
fn boxes(bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let length = u32::from_be_bytes(rest.get(..4)?.try_into().ok()?) as usize;
        let (this, next) = rest.split_at(length);
        rest = next;
        Some((&this[4..8], &this[8..]))
    })
}

/// BT.709's narrow range to RGB.
fn narrow_to_rgba(picture: &impl openh264::formats::YUVSource) -> Vec<u8> {
    let (width, height) = picture.dimensions();
    let strides = picture.strides();
    let mut rgba = Vec::new();
    for (x, y) in (0..height).flat_map(|y| (0..width).map(move |x| (x, y))) {
        let luma = (f32::from(picture.y()[y * strides.0 + x]) - 16.0) / 219.0;
        let half = y / 2 * strides.1 + x / 2;
        let [cb, cr] = [picture.u(), picture.v()].map(|c| (f32::from(c[half]) - 128.0) / 224.0);
        let (r, b) = (luma + 1.5748 * cr, luma + 1.8556 * cb);
        let g = (luma - 0.2126 * r - 0.0722 * b) / 0.7152;
        rgba.extend([r, g, b].map(|c| (c * 255.0).round().clamp(0.0, 255.0) as u8));
        rgba.push(255);
    }
    rgba
}

#[test]
fn the_same_frames_are_the_same_bytes() {
    for kind in AnimationKind::ALL {
        assert!(film(kind) == film(kind), "{kind:?}");
    }
}

#[test]
fn a_film_stops_when_its_frames_do() {
    for kind in AnimationKind::ALL {
        let stopped = encode(kind, &REEL, |index| (index < 3).then(|| frame(index)));
        assert!(matches!(stopped, Err(AnimationError::Stopped)), "{kind:?}");
    }
}

#[test]
fn what_cannot_be_a_film_is_refused() {
    let refused = [
        Reel { width: 0, ..REEL },
        Reel { frames: 0, ..REEL },
        Reel {
            height: 70_000,
            ..REEL
        },
        Reel {
            duration_ms: 50,
            ..REEL
        },
        Reel {
            frames: u32::MAX,
            duration_ms: u32::MAX,
            ..REEL
        },
    ];
    for kind in AnimationKind::ALL {
        for reel in refused {
            let film = encode(kind, &reel, |index| Some(frame(index)));
            assert!(matches!(film, Err(AnimationError::Reel { .. })), "{kind:?}");
        }
        let film = encode(kind, &REEL, |_| Some(Image::filled(8, 8, PAPER)));
        assert!(matches!(film, Err(AnimationError::Frame(0))), "{kind:?}");
    }
    let odd = Reel { width: 95, ..REEL };
    let film = encode(AnimationKind::Mp4, &odd, |index| Some(frame(index)));
    assert!(matches!(film, Err(AnimationError::Reel { .. })));
}

#[test]
fn names_say_the_kind() {
    for (name, kind) in [
        ("a/b.webp", Some(AnimationKind::WebP)),
        ("B.GIF", Some(AnimationKind::Gif)),
        ("c.x.mp4", Some(AnimationKind::Mp4)),
        ("mp4", None),
        ("d.mov", None),
    ] {
        assert_eq!(AnimationKind::of(name.as_ref()), kind, "{name}");
    }
}
