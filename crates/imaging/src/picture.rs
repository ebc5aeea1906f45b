//! Decoded pixels, the one form every later step takes.

use fast_image_resize as fir;

/// Share of transparent pixels from which a picture counts as cut out.
const LEAST_CLEAR_PERCENT: usize = 2;

/// A decoded picture: upright (orientation already applied), 8 bits per channel, sRGB,
/// straight (not premultiplied) alpha, rows top to bottom.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// Columns, at least 1.
    pub width: u32,
    /// Rows, at least 1.
    pub height: u32,
    /// `width × height × 4` bytes, RGBA.
    pub rgba: Vec<u8>,
}

impl Picture {
    /// Wraps pixels. Panics if `rgba` is not `width × height × 4` bytes long.
    pub fn new(width: u32, height: u32, rgba: Vec<u8>) -> Self {
        assert_eq!(rgba.len(), width as usize * height as usize * 4);
        Self {
            width,
            height,
            rgba,
        }
    }

    /// Whether the picture brings its own cut-out: enough of it is transparent. Rounded corners or
    /// a stray pixel are not enough.
    pub fn has_cutout(&self) -> bool {
        let clear = self
            .rgba
            .iter()
            .skip(3)
            .step_by(4)
            .filter(|&&alpha| alpha < 128)
            .count();
        clear * 100 >= self.rgba.len() / 4 * LEAST_CLEAR_PERCENT
    }

    /// Whether no pixel lets anything through.
    pub fn is_opaque(&self) -> bool {
        self.rgba.iter().skip(3).step_by(4).all(|&a| a == 255)
    }

    /// A pixel's colour as floats, 0–1.
    pub(crate) fn colour(&self, x: usize, y: usize) -> [f32; 3] {
        let at = (y * self.width as usize + x) * 4;
        [0, 1, 2].map(|channel| f32::from(self.rgba[at + channel]) / 255.0)
    }

    /// Sets a pixel's colour, 0–1, and leaves its alpha.
    pub(crate) fn set_colour(&mut self, x: usize, y: usize, colour: [f32; 3]) {
        let at = (y * self.width as usize + x) * 4;
        for (to, value) in self.rgba[at..at + 3].iter_mut().zip(colour) {
            *to = (value * 255.0 + 0.5) as u8;
        }
    }

    /// Reduces the picture so that its longer side is at most `max_side` pixels, keeping the
    /// aspect; a smaller picture is returned as it is.
    ///
    /// Colour is weighted by alpha, so that what lies hidden under transparent pixels doesn't
    /// bleed into the edge of a cut-out.
    pub fn shrink_to(self, max_side: u32) -> Self {
        let longer = self.width.max(self.height);
        if longer <= max_side {
            return self;
        }
        let scaled = |side: u32| {
            let side = u64::from(side) * u64::from(max_side);
            ((side + u64::from(longer) / 2) / u64::from(longer)).max(1) as u32
        };
        self.resized(scaled(self.width), scaled(self.height), AlphaRole::Weight)
    }

    /// Resamples to the given size (Lanczos, 3 lobes).
    pub(crate) fn resized(&self, width: u32, height: u32, alpha: AlphaRole) -> Self {
        let source =
            fir::images::ImageRef::new(self.width, self.height, &self.rgba, fir::PixelType::U8x4)
                .expect("the buffer's length is this type's invariant");
        let mut target = fir::images::Image::new(width, height, fir::PixelType::U8x4);
        let options = fir::ResizeOptions::new()
            .resize_alg(fir::ResizeAlg::Convolution(fir::FilterType::Lanczos3))
            .use_alpha(alpha == AlphaRole::Weight);
        fir::Resizer::new()
            .resize(&source, &mut target, &options)
            .expect("both images have the same pixel type");
        Self::new(width, height, target.into_vec())
    }
}

/// What alpha means to the colours when resampling.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum AlphaRole {
    /// A pixel's colour counts as much as it is opaque.
    Weight,
    /// One more channel, resampled by itself.
    Channel,
}

/// Pixels are content: only the size may ever be printed.
impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({}×{})", self.width, self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounded_corners_are_no_cut_out() {
        let with_clear = |clear: usize| {
            let mut rgba = [200, 100, 50, 255].repeat(40 * 40);
            rgba.chunks_exact_mut(4)
                .take(clear)
                .for_each(|pixel| pixel[3] = 0);
            Picture::new(40, 40, rgba)
        };
        assert!(!with_clear(0).has_cutout() && !with_clear(20).has_cutout());
        assert!(with_clear(40).has_cutout() && with_clear(1600).has_cutout());
    }
}
