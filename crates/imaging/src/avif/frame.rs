//! One AV1 frame, decoded to planes.

use re_rav1d::{Decoder, PixelLayout, PlanarImageComponent, Settings};

use crate::{DecodeError, Limits};

/// How many luma columns and rows share a chroma sample, as shifts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Subsampling {
    pub horizontal: u32,
    pub vertical: u32,
}

/// A decoded frame's planes: luma, then two chroma planes unless the frame is monochrome.
pub(super) struct Frame {
    pub width: u32,
    pub height: u32,
    /// 8, 10 or 12.
    pub bits: u32,
    pub subsampling: Subsampling,
    pub luma: Plane,
    pub chroma: Option<[Plane; 2]>,
}

/// Samples in their original depth, rows without padding.
pub(super) struct Plane {
    pub width: usize,
    pub samples: Vec<u16>,
}

impl Plane {
    pub fn row(&self, y: usize) -> &[u16] {
        &self.samples[y * self.width..][..self.width]
    }
}

impl Frame {
    /// Decodes the first frame of an AV1 bitstream.
    pub fn decode(bitstream: Vec<u8>, limits: &Limits) -> Result<Self, DecodeError> {
        const CORRUPT: DecodeError = DecodeError::Corrupt { format: "AVIF" };
        let mut settings = Settings::new();
        // One frame, one thread: nothing to overlap, and a server decodes many pictures at once.
        settings.set_n_threads(1);
        settings.set_max_frame_delay(1);
        // Of a layered (progressive) picture only the finest layer.
        settings.set_all_layers(false);
        settings.set_frame_size_limit(u32::try_from(limits.max_pixels).unwrap_or(u32::MAX));

        let mut decoder = Decoder::with_settings(&settings).map_err(|_| CORRUPT)?;
        match decoder.send_data(bitstream, None, None, None) {
            Ok(()) | Err(re_rav1d::Error::Again) => {}
            Err(_) => return Err(CORRUPT),
        }
        let picture = match decoder.get_picture() {
            Ok(picture) => picture,
            // The data was taken and no frame came of it.
            Err(re_rav1d::Error::Again) => {
                return Err(DecodeError::Truncated { format: "AVIF" });
            }
            Err(_) => return Err(CORRUPT),
        };

        let (width, height) = (picture.width(), picture.height());
        let bits = picture.bit_depth() as u32;
        let (horizontal, vertical) = match picture.pixel_layout() {
            PixelLayout::I420 => (1, 1),
            PixelLayout::I422 => (1, 0),
            PixelLayout::I444 | PixelLayout::I400 => (0, 0),
        };
        let plane = |component, columns: u32, rows: u32| {
            copy_plane(&picture, component, columns as usize, rows as usize)
        };
        let chroma = if picture.pixel_layout() == PixelLayout::I400 {
            None
        } else {
            let columns = (width + horizontal) >> horizontal;
            let rows = (height + vertical) >> vertical;
            Some([
                plane(PlanarImageComponent::U, columns, rows),
                plane(PlanarImageComponent::V, columns, rows),
            ])
        };
        Ok(Self {
            width,
            height,
            bits,
            subsampling: Subsampling {
                horizontal,
                vertical,
            },
            luma: plane(PlanarImageComponent::Y, width, height),
            chroma,
        })
    }
}

fn copy_plane(
    picture: &re_rav1d::Picture,
    component: PlanarImageComponent,
    width: usize,
    height: usize,
) -> Plane {
    let stride_bytes = picture.stride(component) as usize;
    let bytes = picture.plane(component);
    let wide = picture.bit_depth() > 8;
    let mut samples = Vec::with_capacity(width * height);
    for row in bytes.chunks(stride_bytes).take(height) {
        if wide {
            let pairs = row.chunks_exact(2).take(width);
            samples.extend(pairs.map(|pair| u16::from_ne_bytes([pair[0], pair[1]])));
        } else {
            samples.extend(row.iter().take(width).map(|&sample| u16::from(sample)));
        }
    }
    Plane { width, samples }
}
