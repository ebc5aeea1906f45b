//! Animated GIF (GIF89a, with Netscape's extension for loops): one palette for all frames, and of
//! each frame only the part that changed.

use gif::{DisposalMethod, Encoder, Frame, Repeat};

use super::dither::Dither;
use super::palette::Histogram;
use super::{AnimationError, Reel, Source, colours};

/// Frames that are looked at for the palette: a thing that turns shows little new in between.
const SAMPLED: u32 = 12;

pub(super) fn encode(reel: &Reel, source: &mut Source) -> Result<Vec<u8>, AnimationError> {
    let palette = palette(reel, source)?;
    let mut dither = Dither::new(&palette);
    let side = |side: u32| u16::try_from(side).map_err(AnimationError::encoder);
    let mut encoder = Encoder::new(
        Vec::new(),
        side(reel.width)?,
        side(reel.height)?,
        palette.as_flattened(),
    )
    .map_err(AnimationError::encoder)?;
    encoder
        .set_repeat(Repeat::Infinite)
        .map_err(AnimationError::encoder)?;
    let width = reel.width as usize;
    let mut shown = Vec::new();
    for index in 0..reel.frames {
        let indices = dither.indices(colours(&source(index)?), reel.width);
        let part = Part::changed(&shown, &indices, width);
        let frame = Frame {
            delay: side(reel.ticks(index, 10))?,
            dispose: DisposalMethod::Keep,
            left: side(part.left as u32)?,
            top: side(part.top as u32)?,
            width: side(part.width as u32)?,
            height: side(part.height as u32)?,
            buffer: part.cut(&indices, width).into(),
            ..Frame::default()
        };
        encoder
            .write_frame(&frame)
            .map_err(AnimationError::encoder)?;
        shown = indices;
    }
    encoder.into_inner().map_err(AnimationError::encoder)
}

fn palette(reel: &Reel, source: &mut Source) -> Result<Vec<[u8; 3]>, AnimationError> {
    let mut histogram = Histogram::new();
    let mut corner = [0; 3];
    let every = reel.frames.div_ceil(SAMPLED) as usize;
    for index in (0..reel.frames).step_by(every) {
        let image = source(index)?;
        histogram.add(colours(&image));
        // The background, which would show every step away from its colour.
        corner = colours(&image).next().unwrap_or(corner);
    }
    Ok(histogram.palette(corner, 256))
}

/// A rectangle of pixels.
struct Part {
    left: usize,
    top: usize,
    width: usize,
    height: usize,
}

impl Part {
    /// The smallest that holds every pixel that is not as it was; everything if nothing was shown
    /// before, one pixel if nothing changed.
    fn changed(before: &[u8], now: &[u8], width: usize) -> Self {
        let height = now.len() / width;
        if before.len() != now.len() {
            return Self {
                left: 0,
                top: 0,
                width,
                height,
            };
        }
        let (mut left, mut right, mut top, mut bottom) = (width, 0, height, 0);
        let rows = before.chunks_exact(width).zip(now.chunks_exact(width));
        for (y, (before, now)) in rows.enumerate() {
            let differs = |x: &usize| before[*x] != now[*x];
            let (Some(first), Some(last)) =
                ((0..width).find(differs), (0..width).rev().find(differs))
            else {
                continue;
            };
            (left, right) = (left.min(first), right.max(last));
            (top, bottom) = (top.min(y), y);
        }
        if top > bottom {
            (left, right, top, bottom) = (0, 0, 0, 0);
        }
        Self {
            left,
            top,
            width: right - left + 1,
            height: bottom - top + 1,
        }
    }

    fn cut(&self, indices: &[u8], width: usize) -> Vec<u8> {
        let rows = indices.chunks_exact(width).skip(self.top).take(self.height);
        rows.flat_map(|row| &row[self.left..self.left + self.width])
            .copied()
            .collect()
    }
}
