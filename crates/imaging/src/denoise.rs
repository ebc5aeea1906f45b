//! FFDNet: noise taken out of a photograph, as much as one says there is.
//!
//! Zhang, Zuo and Zhang, "FFDNet: Toward a Fast and Flexible Solution for CNN based Image
//! Denoising", TIP 27 (2018). Twelve convolutions at half the size: each 2 × 2 pixels become
//! channels of one, with the noise level as one channel more. The weights are PyTorch's.

use checkpoint::Checkpoint;
use rten::{BufferPool, thread_pool};
use rten_tensor::Tensor;
use rten_tensor::prelude::*;

use crate::Picture;
use crate::network::{Convolution, NetworkError, Tell};
use crate::tiles::{Fate, Tiles};

/// As errors call it.
const WHAT: &str = "denoising";
/// Channels between layers.
const FEATURES: usize = 96;
const LAYERS: usize = 12;
/// Pixels of the picture along a side of one of the network's.
const STEP: usize = 2;
/// Colours of that many pixels.
const COLOURS: usize = 3 * STEP * STEP;

const TILES: Tiles = Tiles {
    what: WHAT,
    side: 256,
    // Twelve layers look twelve of their pixels far.
    border: STEP * LAYERS,
    scale: 1,
    fate: Fate::Kept,
};

/// Noise levels that the network was trained for: standard deviations, in 255ths.
pub const NOISE: std::ops::RangeInclusive<f32> = 0.0..=75.0;

/// A loaded network, 3.4 MB. Load once, share between threads.
pub struct Denoiser {
    layers: Vec<Convolution>,
}

impl Denoiser {
    /// Loads the colour network from the bytes of its PyTorch checkpoint.
    ///
    /// # Errors
    /// [`NetworkError::Load`] when the bytes are not those of a network of this form.
    pub fn load(bytes: Vec<u8>) -> Result<Self, NetworkError> {
        Self::read(bytes).map_err(|error| NetworkError::Load {
            what: WHAT,
            reason: error.to_string(),
        })
    }

    fn read(bytes: Vec<u8>) -> Result<Self, checkpoint::Error> {
        let checkpoint = Checkpoint::from_bytes(bytes)?;
        let layer = |nth: usize| {
            let inputs = if nth == 0 { COLOURS + 1 } else { FEATURES };
            let outputs = if nth == LAYERS - 1 { COLOURS } else { FEATURES };
            // Every other module is an activation.
            let tensor = |name: &str, shape: &[usize]| {
                let name = format!("model.{}.{name}", 2 * nth);
                Ok(checkpoint.tensor(&name, shape)?.floats().into_owned())
            };
            Ok(Convolution::new(
                [outputs, inputs, 3],
                tensor("weight", &[outputs, inputs, 3, 3])?,
                tensor("bias", &[outputs])?,
            ))
        };
        Ok(Self {
            layers: (0..LAYERS).map(layer).collect::<Result<_, _>>()?,
        })
    }

    /// The picture without noise of standard deviation `sigma` ([`NOISE`], in 255ths). More than
    /// there is takes detail along; alpha stays.
    ///
    /// # Errors
    /// [`NetworkError::Run`] or [`NetworkError::Cancelled`].
    pub fn denoise(
        &self,
        picture: &Picture,
        sigma: f32,
        tell: &mut Tell<'_>,
    ) -> Result<Picture, NetworkError> {
        let mut clean = picture.clone();
        TILES.run(
            [picture.width as usize, picture.height as usize],
            |x, y| picture.colour(x, y),
            |_| true,
            |tile| self.run(&tile, sigma / 255.0),
            |x, y, pixel| clean.set_colour(x, y, pixel),
            tell,
        )?;
        Ok(clean)
    }

    fn run(&self, tile: &Tensor<f32>, sigma: f32) -> Result<Tensor<f32>, String> {
        let &[1, 3, rows, columns] = tile.shape() else {
            return Err("what goes in is no picture".into());
        };
        let mut features = folded(tile, sigma)?;
        features = thread_pool().run(|| {
            let pool = BufferPool::new();
            let [hidden @ .., last] = self.layers.as_slice() else {
                return Err("no layers".to_owned());
            };
            for layer in hidden {
                features = layer.run(&pool, features.view(), 1)?;
                features.apply(|&value| value.max(0.0));
            }
            last.run(&pool, features.view(), 1)
        })?;
        unfolded(&features, [rows, columns])
    }
}

/// 2 × 2 pixels to one of twelve channels (R, G, B, each in reading order), and the noise level. An
/// odd last row or column comes twice.
fn folded(tile: &Tensor<f32>, sigma: f32) -> Result<Tensor<f32>, String> {
    let (&[_, _, rows, columns], Some(values)) = (tile.shape(), tile.data()) else {
        return Err("what goes in doesn't lie in order".into());
    };
    let (tall, wide) = (rows.div_ceil(STEP), columns.div_ceil(STEP));
    let mut folded = Vec::with_capacity((COLOURS + 1) * tall * wide);
    for channel in 0..COLOURS {
        let (plane, place) = (channel / (STEP * STEP), channel % (STEP * STEP));
        for y in 0..tall {
            let row = plane * rows + (STEP * y + place / STEP).min(rows - 1);
            folded.extend((0..wide).map(|x| {
                let column = (STEP * x + place % STEP).min(columns - 1);
                values[row * columns + column]
            }));
        }
    }
    folded.extend(std::iter::repeat_n(sigma, tall * wide));
    Ok(Tensor::from_data(&[1, COLOURS + 1, tall, wide], folded))
}

/// The inverse of [`folded`], without what came twice.
fn unfolded(features: &Tensor<f32>, [rows, columns]: [usize; 2]) -> Result<Tensor<f32>, String> {
    let (&[_, COLOURS, tall, wide], Some(values)) = (features.shape(), features.data()) else {
        return Err("what came out is no picture".into());
    };
    let mut planes = Vec::with_capacity(3 * rows * columns);
    for plane in 0..3 {
        for y in 0..rows {
            planes.extend((0..columns).map(|x| {
                let place = y % STEP * STEP + x % STEP;
                let channel = plane * STEP * STEP + place;
                values[(channel * tall + y / STEP) * wide + x / STEP]
            }));
        }
    }
    Ok(Tensor::from_data(&[1, 3, rows, columns], planes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unfolding_is_the_inverse_of_folding_at_odd_sizes_too() {
        for (rows, columns) in [(4, 6), (5, 3), (1, 1)] {
            let count = 3 * rows * columns;
            let values: Vec<f32> = (0..count).map(|n| n as f32).collect();
            let tile = Tensor::from_data(&[1, 3, rows, columns], values.clone());
            let folded = folded(&tile, 0.5).unwrap();
            let level = folded.slice_axis(1, COLOURS..COLOURS + 1);
            assert!(level.iter().all(|&value| value == 0.5));
            let colours = folded.slice_axis(1, 0..COLOURS).to_tensor();
            let back = unfolded(&colours, [rows, columns]).unwrap();
            assert_eq!(back.data().unwrap(), values);
        }
    }

    #[test]
    fn a_file_that_is_no_such_network_is_refused() {
        for bytes in [&b""[..], b"PK\x03\x04", b"not a checkpoint at all"] {
            let error = Denoiser::load(bytes.to_vec()).err().unwrap();
            assert!(matches!(error, NetworkError::Load { .. }), "{error}");
        }
    }
}
