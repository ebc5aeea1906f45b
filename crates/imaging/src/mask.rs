//! Pixels that somebody marked with a brush.

use crate::Picture;

/// The mask can't be used on this picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MaskError {
    /// It was painted on something else.
    #[error(
        "the mask has {}×{} pixels and the picture {}×{}: paint it on the picture at its own size",
        mask[0], mask[1], picture[0], picture[1]
    )]
    Size {
        /// Columns and rows of the mask.
        mask: [u32; 2],
        /// Columns and rows of the picture.
        picture: [u32; 2],
    },
    /// It is black or clear everywhere.
    #[error("the mask marks nothing: paint what it is to mark in white")]
    Nothing,
    /// It is white everywhere.
    #[error("the mask marks the whole picture: leave what is to stay as it is black")]
    Everything,
}

/// Which pixels of a picture are marked.
#[derive(Clone, PartialEq, Eq)]
pub struct Mask {
    /// Columns, the picture's.
    pub width: u32,
    /// Rows, the picture's.
    pub height: u32,
    /// `width × height`, rows top to bottom.
    pub marked: Vec<bool>,
}

impl Mask {
    /// White marks, black and transparent don't; in between half is the limit. Fits masks on black
    /// as well as a brush's own transparent layer.
    pub fn painted(picture: &Picture) -> Self {
        let marks = |pixel: &[u8]| {
            let [r, g, b, a] = [0, 1, 2, 3].map(|c| u32::from(pixel[c]));
            // ITU-R BT.601 luma, in thousandths.
            let luma = 299 * r + 587 * g + 114 * b;
            luma * a >= 128 * 1000 * 255
        };
        Self {
            width: picture.width,
            height: picture.height,
            marked: picture.rgba.chunks_exact(4).map(marks).collect(),
        }
    }

    /// Whether it can be used on this picture.
    ///
    /// # Errors
    /// [`MaskError`] says what is wrong with it.
    pub fn check(&self, picture: &Picture) -> Result<(), MaskError> {
        let sizes = ([self.width, self.height], [picture.width, picture.height]);
        let marked = self.marked.iter().filter(|&&marked| marked).count();
        match (sizes, marked) {
            ((mask, picture), _) if mask != picture => Err(MaskError::Size { mask, picture }),
            (_, 0) => Err(MaskError::Nothing),
            (_, all) if all == self.marked.len() => Err(MaskError::Everything),
            _ => Ok(()),
        }
    }
}

/// A mask says what is in a picture: only its size may ever be printed.
impl std::fmt::Debug for Mask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mask({}×{})", self.width, self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_marks_and_black_and_clear_do_not() {
        let pixels = [
            [255, 255, 255, 255],
            [0, 0, 0, 255],
            [255, 255, 255, 0],
            [255, 255, 255, 200],
            [100, 100, 100, 255],
            [160, 160, 160, 255],
        ];
        let layer = Picture::new(6, 1, pixels.concat());
        let marked = Mask::painted(&layer).marked;
        assert_eq!(marked, [true, false, false, true, false, true]);
    }

    #[test]
    fn masks_of_no_use_say_why() {
        let picture = Picture::new(3, 2, vec![0; 24]);
        let mask = |width: u32, marked: &[bool]| Mask {
            width,
            height: marked.len() as u32 / width,
            marked: marked.to_vec(),
        };
        assert_eq!(
            mask(3, &[false, true, false, false, true, true]).check(&picture),
            Ok(())
        );
        assert_eq!(
            mask(3, &[false; 6]).check(&picture),
            Err(MaskError::Nothing)
        );
        assert_eq!(
            mask(3, &[true; 6]).check(&picture),
            Err(MaskError::Everything)
        );
        let error = mask(2, &[true; 6]).check(&picture).unwrap_err();
        assert!(
            error.to_string().contains("2×3 pixels and the picture 3×2"),
            "{error}"
        );
    }
}
