//! Animated WebP: lossy frames from libwebp in a container of our own (RFC 9649, section 2).

use super::{AnimationError, Reel, Source, colours};

/// Beyond this, pictures grow much faster than they get better.
const QUALITY: f32 = 82.0;
/// In the extended header: the file is an animation.
const ANIMATED: u32 = 1 << 1;
/// In a frame's flags: it replaces what was there, instead of being blended with it.
const REPLACE: u8 = 1 << 1;
/// Bytes of a RIFF file before its first chunk.
const RIFF_HEADER: usize = 12;

pub(super) fn encode(reel: &Reel, source: &mut Source) -> Result<Vec<u8>, AnimationError> {
    let config = config()?;
    let mut body = b"WEBP".to_vec();
    let canvas = [
        &ANIMATED.to_le_bytes()[..],
        &u24(reel.width - 1),
        &u24(reel.height - 1),
    ];
    chunk(&mut body, b"VP8X", &canvas.concat());
    // Background colour, then how often to play it: 0 is without end.
    chunk(&mut body, b"ANIM", &[255, 255, 255, 255, 0, 0]);
    for index in 0..reel.frames {
        let rgb: Vec<u8> = colours(&source(index)?).flatten().collect();
        let still = webp::Encoder::from_rgb(&rgb, reel.width, reel.height)
            .encode_advanced(&config)
            .map_err(|error| AnimationError::encoder(format!("{error:?}")))?;
        // A still picture without transparency is a file with one chunk.
        let picture = still
            .get(RIFF_HEADER..)
            .filter(|rest| rest.starts_with(b"VP8 "))
            .ok_or_else(|| AnimationError::encoder("no lossy picture"))?;
        let frame = [
            &[0; 6][..], // the upper left corner
            &u24(reel.width - 1),
            &u24(reel.height - 1),
            &u24(reel.ticks(index, 1)),
            &[REPLACE],
            picture,
        ];
        chunk(&mut body, b"ANMF", &frame.concat());
    }
    let mut file = Vec::with_capacity(body.len() + 8);
    chunk(&mut file, b"RIFF", &body);
    Ok(file)
}

fn config() -> Result<webp::WebPConfig, AnimationError> {
    let mut config =
        webp::WebPConfig::new().map_err(|()| AnimationError::encoder("no configuration"))?;
    config.quality = QUALITY;
    // Averages colours as light: thin dark lines on a bright ground keep theirs.
    config.use_sharp_yuv = 1;
    Ok(config)
}

/// Name, length, content; an odd length is followed by one byte that doesn't count.
fn chunk(out: &mut Vec<u8>, name: &[u8; 4], content: &[u8]) {
    out.extend(name);
    out.extend((content.len() as u32).to_le_bytes());
    out.extend(content);
    if !content.len().is_multiple_of(2) {
        out.push(0);
    }
}

fn u24(value: u32) -> [u8; 3] {
    let [a, b, c, _] = value.to_le_bytes();
    [a, b, c]
}
