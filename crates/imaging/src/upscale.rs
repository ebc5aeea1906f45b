//! waifu2x: a photograph at twice its size, for textures that could show more than it holds.
//!
//! The network is the plain chain of convolutions that the waifu2x project calls UpConv7, after
//! Dong et al., "Image Super-Resolution Using Deep Convolutional Networks", TPAMI 38 (2016); these
//! weights were trained on photographs. It is run on tiles, so that memory stays small.

mod ncnn;

use rten::ops::{Padding, conv, conv_transpose};
use rten::{BufferPool, thread_pool};
use rten_tensor::prelude::*;
use rten_tensor::{NdTensor, Tensor};

use crate::Plane;
use ncnn::Blobs;

/// Channels after each 3 × 3 convolution, the picture's own first.
const CHANNELS: [usize; 7] = [3, 16, 32, 64, 128, 128, 256];
/// Side of the kernels that the last layer enlarges with.
const LAST_KERNEL: usize = 4;
/// What a convolution leaves of negative values.
const LEAK: f32 = 0.1;
/// Pixels that the layers consume at every border: one per convolution and one for the last.
const BORDER: usize = 7;
/// Side of a tile in pixels. Larger ones waste less on their borders; this one takes 40 MB.
const TILE: usize = 128;

/// Anything that can make a picture twice as large. Tests bring a plain one.
pub trait Upscale: Send + Sync {
    /// The picture (sRGB, 0–1) at twice its width and height. Parts where nothing is `wanted`
    /// (all 0; same size as the picture) may be enlarged carelessly.
    ///
    /// # Errors
    /// [`UpscaleError::Missing`] if there is no network; otherwise the reason.
    fn double(&self, picture: &Plane<3>, wanted: &Plane<1>) -> Result<Plane<3>, UpscaleError>;
}

/// The network could not be loaded or run. Carries no content.
#[derive(Debug, thiserror::Error)]
pub enum UpscaleError {
    /// No weights are installed.
    #[error("enlarging needs its weights: run `ai3dgen models pull waifu2x` once")]
    Missing,
    /// The file is no network of the expected form.
    #[error("the enlarging weights can't be loaded: {0}")]
    Load(String),
    /// The network failed while running.
    #[error("enlarging failed: {0}")]
    Run(String),
}

/// A loaded network, about 2 MB. Load once, share between threads.
pub struct Upscaler {
    convolutions: Vec<Layer>,
    /// Transposed convolution of stride 2: three channels at twice the size.
    last: Layer,
}

struct Layer {
    kernel: Tensor<f32>,
    bias: NdTensor<f32, 1>,
}

impl Upscaler {
    /// Loads the network from the bytes of an ncnn weight file.
    ///
    /// # Errors
    /// [`UpscaleError::Load`] when the bytes are not those of a network of this form.
    pub fn load(bytes: &[u8]) -> Result<Self, UpscaleError> {
        let mut blobs = Blobs::of(bytes);
        let mut layer = |outputs: usize, inputs: usize, side: usize| {
            let kernel = blobs.weights(outputs * inputs * side * side)?;
            Ok(Layer {
                kernel: Tensor::from_data(&[outputs, inputs, side, side], kernel),
                bias: NdTensor::from_data([outputs], blobs.floats(outputs)?),
            })
        };
        let convolutions = CHANNELS
            .windows(2)
            .map(|pair| layer(pair[1], pair[0], 3))
            .collect::<Result<_, _>>()?;
        let mut last = layer(3, CHANNELS[6], LAST_KERNEL)?;
        // ncnn keeps the outputs first here, too; rten, like ONNX, the inputs.
        last.kernel = last.kernel.permuted(&[1, 0, 2, 3]).to_tensor();
        blobs.finish()?;
        Ok(Self { convolutions, last })
    }

    /// One tile with its border, planes R, G, B; what remains is twice what the border encloses.
    fn run(&self, tile: Tensor<f32>) -> Result<Tensor<f32>, UpscaleError> {
        let pool = BufferPool::new();
        let mut features = tile;
        for Layer { kernel, bias } in &self.convolutions {
            features = conv(
                &pool,
                features.view(),
                kernel.view(),
                Some(bias.view()),
                Padding::zero::<2>(),
                1,
                &[1, 1],
                &[1, 1],
            )
            .map_err(failed)?;
            features.apply(|&value| if value < 0.0 { LEAK * value } else { value });
        }
        conv_transpose(
            &pool,
            features.view(),
            self.last.kernel.view(),
            Some(self.last.bias.view()),
            // Pixels at the border that not all kernels reach.
            [3, 3, 3, 3].into(),
            1,
            &[2, 2],
            &[1, 1],
            None,
        )
        .map_err(failed)
    }
}

fn failed(reason: impl std::fmt::Display) -> UpscaleError {
    UpscaleError::Run(reason.to_string())
}

impl Upscale for Upscaler {
    fn double(&self, picture: &Plane<3>, wanted: &Plane<1>) -> Result<Plane<3>, UpscaleError> {
        let (width, height) = (picture.width, picture.height);
        if (wanted.width, wanted.height) != (width, height) {
            return Err(failed("picture and mask differ in size"));
        }
        let mut large = picture.resized(2 * width, 2 * height);
        for y in (0..height).step_by(TILE) {
            for x in (0..width).step_by(TILE) {
                let size = [TILE.min(width - x), TILE.min(height - y)];
                if !is_wanted(wanted, [x, y], size) {
                    continue;
                }
                let tile = with_border(picture, [x, y], size);
                let doubled = thread_pool().run(|| self.run(tile))?;
                let doubled: NdTensor<f32, 4> =
                    (doubled.try_into()).map_err(|_| failed("what came out is no picture"))?;
                if doubled.shape() != [1, 3, 2 * size[1], 2 * size[0]] {
                    return Err(failed("what came out has another size"));
                }
                put(&doubled, &mut large, [2 * x, 2 * y]);
            }
        }
        Ok(large)
    }
}

fn is_wanted(wanted: &Plane<1>, [left, top]: [usize; 2], [width, height]: [usize; 2]) -> bool {
    let rows = top..top + height;
    rows.into_iter()
        .any(|y| (left..left + width).any(|x| wanted[(x, y)][0] > 0.0))
}

/// A part of the picture and [`BORDER`] more on each side, edges extended; planes R, G, B.
fn with_border(
    picture: &Plane<3>,
    [left, top]: [usize; 2],
    [width, height]: [usize; 2],
) -> Tensor<f32> {
    let inside = |at: usize, size: usize| at.saturating_sub(BORDER).min(size - 1);
    let (columns, rows) = (width + 2 * BORDER, height + 2 * BORDER);
    let mut planes = Vec::with_capacity(3 * columns * rows);
    for channel in 0..3 {
        for y in top..top + rows {
            let y = inside(y, picture.height);
            planes.extend(
                (left..left + columns).map(|x| picture[(inside(x, picture.width), y)][channel]),
            );
        }
    }
    Tensor::from_data(&[1, 3, rows, columns], planes)
}

/// Writes planes into the picture, from a corner on. The network overshoots at edges as
/// sharpening does; that is cut off.
fn put(planes: &NdTensor<f32, 4>, picture: &mut Plane<3>, [left, top]: [usize; 2]) {
    let [_, channels, rows, columns] = planes.shape();
    let plane_len = rows * columns;
    let Some(values) = planes.data() else {
        return;
    };
    for channel in 0..channels {
        let plane = &values[channel * plane_len..][..plane_len];
        for (y, row) in plane.chunks_exact(columns).enumerate() {
            for (x, value) in row.iter().enumerate() {
                picture[(left + x, top + y)][channel] = value.clamp(0.0, 1.0);
            }
        }
    }
}

#[cfg(test)]
mod tests;
