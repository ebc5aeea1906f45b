//! A network run on a picture piece by piece, so that memory doesn't depend on the picture's size.

use rten_tensor::Tensor;
use rten_tensor::prelude::*;

use crate::network::{NetworkError, Tell, go_on};

/// How a network wants its picture cut up. Each tile comes with a border of the pixels around it,
/// as wide as the network looks, so that tiles meet without a seam.
pub(crate) struct Tiles {
    /// What the network does, for errors.
    pub what: &'static str,
    /// Pixels along a side, without the border.
    pub side: usize,
    /// Pixels more on each side.
    pub border: usize,
    /// Pixels that come out for one along a side.
    pub scale: usize,
    /// What becomes of the border.
    pub fate: Fate,
}

/// What becomes of a tile's border.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// The layers consume it. At the picture's edges its outermost pixels go on.
    Consumed,
    /// It comes out again and is cut off. At the picture's edges tiles end: the layers pad there.
    Kept,
}

/// A part of the picture, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub left: usize,
    pub top: usize,
    pub width: usize,
    pub height: usize,
}

impl Tiles {
    /// Runs `network` on every tile (`[1, 3, rows, columns]`) for which it is `wanted`. Pixels come
    /// from `read`, what comes out goes to `write`.
    pub(crate) fn run(
        &self,
        [width, height]: [usize; 2],
        read: impl Fn(usize, usize) -> [f32; 3],
        wanted: impl Fn(Part) -> bool,
        mut network: impl FnMut(Tensor<f32>) -> Result<Tensor<f32>, String>,
        mut write: impl FnMut(usize, usize, [f32; 3]),
        tell: &mut Tell<'_>,
    ) -> Result<(), NetworkError> {
        let count = width.div_ceil(self.side) * height.div_ceil(self.side);
        let mut done = 0;
        for top in (0..height).step_by(self.side) {
            for left in (0..width).step_by(self.side) {
                go_on(tell(done as f32 / count as f32))?;
                done += 1;
                let inner = Part {
                    left,
                    top,
                    width: self.side.min(width - left),
                    height: self.side.min(height - top),
                };
                if !wanted(inner) {
                    continue;
                }
                let (tile, before) = self.cut(inner, [width, height], &read);
                let failed = |reason| NetworkError::Run {
                    what: self.what,
                    reason,
                };
                let output = network(tile).map_err(failed)?;
                self.paste(&output, inner, before, &mut write)
                    .map_err(failed)?;
            }
        }
        go_on(tell(1.0))
    }

    /// A part with its border, and how much border there is at its left and top in what comes out.
    fn cut(
        &self,
        inner: Part,
        [width, height]: [usize; 2],
        read: &impl Fn(usize, usize) -> [f32; 3],
    ) -> (Tensor<f32>, [usize; 2]) {
        let border = self.border as isize;
        let along = |from: usize, length: usize, all: usize| {
            let (from, to) = (from as isize - border, (from + length) as isize + border);
            let (from, to) = match self.fate {
                Fate::Consumed => (from, to),
                Fate::Kept => (from.max(0), to.min(all as isize)),
            };
            (from..to)
                .map(|at| at.clamp(0, all as isize - 1) as usize)
                .collect::<Vec<_>>()
        };
        let columns = along(inner.left, inner.width, width);
        let rows = along(inner.top, inner.height, height);
        let plane = columns.len() * rows.len();
        let mut planes = vec![0.0; 3 * plane];
        for (y, &row) in rows.iter().enumerate() {
            for (x, &column) in columns.iter().enumerate() {
                for (channel, value) in read(column, row).into_iter().enumerate() {
                    planes[channel * plane + y * columns.len() + x] = value;
                }
            }
        }
        let before = match self.fate {
            Fate::Consumed => [0, 0],
            Fate::Kept => [inner.left - columns[0], inner.top - rows[0]],
        };
        (
            Tensor::from_data(&[1, 3, rows.len(), columns.len()], planes),
            before,
        )
    }

    /// Writes the part of the output that is no border. Networks overshoot at edges, as sharpening
    /// does; that is cut off.
    fn paste(
        &self,
        output: &Tensor<f32>,
        inner: Part,
        before: [usize; 2],
        write: &mut impl FnMut(usize, usize, [f32; 3]),
    ) -> Result<(), String> {
        let &[1, 3, rows, columns] = output.shape() else {
            return Err("what came out is no picture".into());
        };
        let [left, top] = before.map(|pixels| pixels * self.scale);
        let (width, height) = (inner.width * self.scale, inner.height * self.scale);
        let values = output.data().filter(|_| match self.fate {
            Fate::Consumed => (columns, rows) == (width, height),
            Fate::Kept => columns >= left + width && rows >= top + height,
        });
        let values = values.ok_or("what came out has another size")?;
        for y in 0..height {
            for x in 0..width {
                let at = (top + y) * columns + left + x;
                let pixel = [0, 1, 2].map(|c| values[c * rows * columns + at].clamp(0.0, 1.0));
                write(
                    inner.left * self.scale + x,
                    inner.top * self.scale + y,
                    pixel,
                );
            }
        }
        Ok(())
    }
}
