//! Moving pictures that play without end: WebP, GIF and MP4.
//!
//! Frames are asked for one at a time and never kept, so that memory holds one picture and what is
//! already compressed. The same frames give the same bytes.

mod dither;
mod gif;
mod mp4;
mod palette;
mod webp;

use std::path::Path;

use mesh::raster::Image;

/// With these, MP4's times fit into 32 bits and GIF's into 16.
const MOST_FRAMES: u32 = 4_096;
const LONGEST_MS: u32 = 600_000;

/// The files that can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnimationKind {
    /// WebP, lossy: true colour and small.
    WebP,
    /// GIF: 256 colours, plays in everything.
    Gif,
    /// MP4 with H.264: smallest, what video sites and chat programs take.
    Mp4,
}

impl AnimationKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::WebP, Self::Gif, Self::Mp4];

    /// What its files' names end in, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::WebP => "webp",
            Self::Gif => "gif",
            Self::Mp4 => "mp4",
        }
    }

    /// The kind that a file of this name would be; `None` if there is no such kind.
    pub fn of(path: &Path) -> Option<Self> {
        let extension = path.extension()?;
        Self::ALL
            .into_iter()
            .find(|kind| extension.eq_ignore_ascii_case(kind.extension()))
    }

    /// The longest side in pixels: what the file, or the encoder, has room for.
    fn longest_side(self) -> u32 {
        match self {
            Self::WebP => 16_383,
            Self::Gif => 65_535,
            Self::Mp4 => 2_160,
        }
    }
}

/// Size and timing of a moving picture. Its frames are evenly spaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reel {
    /// Columns of every frame, in pixels.
    pub width: u32,
    /// Rows of every frame, in pixels.
    pub height: u32,
    /// How many frames there are, at most 4096.
    pub frames: u32,
    /// How long one round takes, in milliseconds: at least 10 per frame, at most ten minutes.
    pub duration_ms: u32,
}

/// Why there is no moving picture.
#[derive(Debug, thiserror::Error)]
pub enum AnimationError {
    /// The source of frames said so.
    #[error("stopped before the last frame")]
    Stopped,
    /// No frames, no pixels, or too many.
    #[error("{width} × {height} pixels, {frames} frames in {duration_ms} ms can't be a .{}",
            kind.extension())]
    Reel {
        /// What was to be written.
        kind: AnimationKind,
        /// Columns.
        width: u32,
        /// Rows.
        height: u32,
        /// Frames.
        frames: u32,
        /// One round.
        duration_ms: u32,
    },
    /// A frame is not of the reel's size.
    #[error("frame {0} has another size")]
    Frame(u32),
    /// What the encoder said.
    #[error("the encoder failed: {0}")]
    Encoder(String),
}

impl AnimationError {
    fn encoder(error: impl std::fmt::Display) -> Self {
        Self::Encoder(error.to_string())
    }
}

/// Where frames come from: any frame, in any order, perhaps more than once.
type Source<'a> = dyn FnMut(u32) -> Result<Image, AnimationError> + 'a;

/// Writes a moving picture into memory. `frame` draws one of the reel's frames, whose transparency
/// is not looked at; GIF asks for some of them twice. `None` stops.
///
/// # Errors
/// If the reel or a frame doesn't fit, the encoder fails, or `frame` stopped.
pub fn encode(
    kind: AnimationKind,
    reel: &Reel,
    mut frame: impl FnMut(u32) -> Option<Image>,
) -> Result<Vec<u8>, AnimationError> {
    reel.check(kind)?;
    let mut source = |index| {
        let image = frame(index).ok_or(AnimationError::Stopped)?;
        let fits = (image.width, image.height) == (reel.width, reel.height)
            && image.rgba.len() == reel.pixels() * 4;
        if fits {
            Ok(image)
        } else {
            Err(AnimationError::Frame(index))
        }
    };
    match kind {
        AnimationKind::WebP => webp::encode(reel, &mut source),
        AnimationKind::Gif => gif::encode(reel, &mut source),
        AnimationKind::Mp4 => mp4::encode(reel, &mut source),
    }
}

impl Reel {
    fn check(&self, kind: AnimationKind) -> Result<(), AnimationError> {
        let sides = 1..=kind.longest_side();
        // A pixel of H.264's colour planes is two by two of the picture's.
        let whole = kind != AnimationKind::Mp4 || (self.width | self.height).is_multiple_of(2);
        let fits = sides.contains(&self.width)
            && sides.contains(&self.height)
            && whole
            && (1..=MOST_FRAMES).contains(&self.frames)
            && (self.frames * 10..=LONGEST_MS).contains(&self.duration_ms);
        if fits {
            return Ok(());
        }
        Err(AnimationError::Reel {
            kind,
            width: self.width,
            height: self.height,
            frames: self.frames,
            duration_ms: self.duration_ms,
        })
    }

    fn pixels(&self) -> usize {
        self.width as usize * self.height as usize
    }

    /// How many ticks of `tick_ms` milliseconds a frame is shown. Rounded such that all frames
    /// together last as long as the reel.
    fn ticks(&self, index: u32, tick_ms: u32) -> u32 {
        let tick = u64::from(tick_ms) * u64::from(self.frames);
        let begin = |index: u32| (u64::from(index) * u64::from(self.duration_ms) + tick / 2) / tick;
        (begin(index + 1) - begin(index)) as u32
    }
}

/// The colours of an RGBA picture, one pixel after the other.
fn colours(image: &Image) -> impl Iterator<Item = [u8; 3]> {
    image.rgba.chunks_exact(4).map(|p| [p[0], p[1], p[2]])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_that_don_t_fit_whole_ticks_still_fill_the_time() {
        let reel = Reel {
            width: 8,
            height: 8,
            frames: 48,
            duration_ms: 4000,
        };
        for (tick_ms, total) in [(1, 4000), (10, 400)] {
            let ticks: Vec<u32> = (0..48).map(|index| reel.ticks(index, tick_ms)).collect();
            assert_eq!(ticks.iter().sum::<u32>(), total);
            let (least, most) = (ticks.iter().min(), ticks.iter().max());
            assert!(most.unwrap() - least.unwrap() <= 1, "{ticks:?}");
        }
    }
}
