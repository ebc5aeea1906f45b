//! How much a picture may cost before anyone has paid for it.

use crate::DecodeError;

/// Bounds checked from a file's header, before any pixel is allocated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Largest file, in bytes.
    pub max_bytes: u64,
    /// Most pixels, width × height.
    pub max_pixels: u64,
    /// Longest side, in pixels.
    pub max_side: u32,
    /// Shortest side that still shows an object, in pixels.
    pub min_side: u32,
    /// Most bytes that a decoder may hold for the decoded pixels (at the file's own bit depth)
    /// or for its tables.
    pub max_decoded_bytes: u64,
}

impl Default for Limits {
    /// Room for any camera or phone (a 61-megapixel full-frame sensor) with at most 512 MiB held.
    fn default() -> Self {
        Self {
            max_bytes: 64 << 20,
            max_pixels: 64_000_000,
            max_side: 16_384,
            min_side: 16,
            max_decoded_bytes: 512 << 20,
        }
    }
}

impl Limits {
    /// Checks the file's length.
    pub(crate) fn check_bytes(&self, length: usize) -> Result<(), DecodeError> {
        if length == 0 {
            return Err(DecodeError::Empty);
        }
        if length as u64 > self.max_bytes {
            return Err(DecodeError::TooManyBytes {
                bytes: length as u64,
                limit: self.max_bytes,
            });
        }
        Ok(())
    }

    /// Checks the size in the header. `bytes_per_pixel` is that of the decoder's own output.
    pub(crate) fn check_size(
        &self,
        width: u32,
        height: u32,
        bytes_per_pixel: u64,
    ) -> Result<(), DecodeError> {
        let pixels = u64::from(width) * u64::from(height);
        if width.max(height) > self.max_side {
            let limit = self.max_side;
            return Err(DecodeError::TooLong {
                width,
                height,
                limit,
            });
        }
        if pixels > self.max_pixels {
            let limit = self.max_pixels;
            return Err(DecodeError::TooManyPixels {
                width,
                height,
                limit,
            });
        }
        if width.min(height) < self.min_side {
            let limit = self.min_side;
            return Err(DecodeError::TooSmall {
                width,
                height,
                limit,
            });
        }
        if pixels * bytes_per_pixel > self.max_decoded_bytes {
            return Err(DecodeError::TooMuchMemory {
                limit: self.max_decoded_bytes,
            });
        }
        Ok(())
    }
}
