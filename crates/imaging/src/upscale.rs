//! waifu2x: a photograph at twice its size, for textures that could show more than it holds.
//!
//! The network is the plain chain of convolutions that the waifu2x project calls UpConv7, after
//! Dong et al., "Image Super-Resolution Using Deep Convolutional Networks", TPAMI 38 (2016); these
//! weights were trained on photographs. It is run on tiles, so that memory stays small.

use rten::ops::conv_transpose;
use rten::{BufferPool, thread_pool};
use rten_tensor::prelude::*;
use rten_tensor::{NdTensor, Tensor};

use crate::ncnn::Blobs;
use crate::network::{Convolution, NetworkError, Tell};
use crate::tiles::{Fate, Part, Tiles};
use crate::{Picture, Plane, enlarged};

/// As errors call it.
const WHAT: &str = "enlarging";
/// Channels after each 3 × 3 convolution, the picture's own first.
const CHANNELS: [usize; 7] = [3, 16, 32, 64, 128, 128, 256];
/// Side of the kernels that the last layer enlarges with.
const LAST_KERNEL: usize = 4;
/// What a convolution leaves of negative values.
const LEAK: f32 = 0.1;

const TILES: Tiles = Tiles {
    what: WHAT,
    // Larger ones waste less on their borders; this one takes 40 MB.
    side: 128,
    // What the layers consume: a pixel per convolution and one for the last.
    border: 7,
    scale: 2,
    fate: Fate::Consumed,
};

/// Anything that can make a picture twice as large. Tests bring a plain one.
pub trait Upscale: Send + Sync {
    /// The picture (sRGB, 0–1) at twice its width and height. Parts where nothing is `wanted`
    /// (all 0; same size as the picture) may be enlarged carelessly.
    ///
    /// # Errors
    /// [`NetworkError::Missing`] if there is no network; otherwise the reason.
    fn double(&self, picture: &Plane<3>, wanted: &Plane<1>) -> Result<Plane<3>, NetworkError>;
}

/// A loaded network, about 2 MB. Load once, share between threads.
pub struct Upscaler {
    convolutions: Vec<Convolution>,
    /// Transposed convolution of stride 2: three channels at twice the size.
    last: (Tensor<f32>, NdTensor<f32, 1>),
}

impl Upscaler {
    /// Loads the network from the bytes of an ncnn weight file.
    ///
    /// # Errors
    /// [`NetworkError::Load`] when the bytes are not those of a network of this form.
    pub fn load(bytes: &[u8]) -> Result<Self, NetworkError> {
        Self::read(bytes).map_err(|reason| NetworkError::Load {
            what: WHAT,
            reason: reason.to_owned(),
        })
    }

    fn read(bytes: &[u8]) -> Result<Self, &'static str> {
        let mut blobs = Blobs::of(bytes);
        let convolutions = CHANNELS
            .windows(2)
            .map(|pair| blobs.convolution([pair[1], pair[0], 3]))
            .collect::<Result<_, _>>()?;
        let [outputs, inputs, side] = [3, CHANNELS[6], LAST_KERNEL];
        let kernel = blobs.weights(outputs * inputs * side * side)?;
        let kernel = Tensor::from_data(&[outputs, inputs, side, side], kernel);
        // ncnn keeps the outputs first here, too; rten, like ONNX, the inputs.
        let kernel = kernel.permuted(&[1, 0, 2, 3]).to_tensor();
        let bias = NdTensor::from_data([outputs], blobs.floats(outputs)?);
        blobs.finish()?;
        Ok(Self {
            convolutions,
            last: (kernel, bias),
        })
    }

    /// The picture at twice its width and height; its alpha, if any, is resampled.
    ///
    /// # Errors
    /// [`NetworkError::Run`] or [`NetworkError::Cancelled`].
    pub fn double_picture(
        &self,
        picture: &Picture,
        tell: &mut Tell<'_>,
    ) -> Result<Picture, NetworkError> {
        enlarged::enlarged(picture, &TILES, |tile| self.run(tile), tell)
    }

    /// One tile with its border, planes R, G, B; what remains is twice what the border encloses.
    fn run(&self, tile: Tensor<f32>) -> Result<Tensor<f32>, String> {
        thread_pool().run(|| {
            let pool = BufferPool::new();
            let mut features = tile;
            for convolution in &self.convolutions {
                features = convolution.run(&pool, features.view(), 0)?;
                features.apply(|&value| if value < 0.0 { LEAK * value } else { value });
            }
            let (kernel, bias) = &self.last;
            conv_transpose(
                &pool,
                features.view(),
                kernel.view(),
                Some(bias.view()),
                // Pixels at the border that not all kernels reach.
                [3, 3, 3, 3].into(),
                1,
                &[2, 2],
                &[1, 1],
                None,
            )
            .map_err(|error| error.to_string())
        })
    }
}

impl Upscale for Upscaler {
    fn double(&self, picture: &Plane<3>, wanted: &Plane<1>) -> Result<Plane<3>, NetworkError> {
        let (width, height) = (picture.width, picture.height);
        if (wanted.width, wanted.height) != (width, height) {
            return Err(NetworkError::Run {
                what: WHAT,
                reason: "picture and mask differ in size".to_owned(),
            });
        }
        let mut large = picture.resized(2 * width, 2 * height);
        TILES.run(
            [width, height],
            |x, y| picture[(x, y)],
            |part| is_wanted(wanted, part),
            |tile| self.run(tile),
            |x, y, pixel| large[(x, y)] = pixel,
            &mut |_| std::ops::ControlFlow::Continue(()),
        )?;
        Ok(large)
    }
}

fn is_wanted(wanted: &Plane<1>, part: Part) -> bool {
    let mut rows = part.top..part.top + part.height;
    rows.any(|y| (part.left..part.left + part.width).any(|x| wanted[(x, y)][0] > 0.0))
}

#[cfg(test)]
mod tests;
