//! Decoded pixels, the one form every later step takes.

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

    /// Whether the picture brings its own cut-out: some pixels are (nearly) transparent.
    pub fn has_cutout(&self) -> bool {
        self.rgba
            .iter()
            .skip(3)
            .step_by(4)
            .any(|&alpha| alpha < 128)
    }
}

/// Pixels are content: only the size may ever be printed.
impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({}×{})", self.width, self.height)
    }
}
