//! Real-ESRGAN ×4: a photograph at four times its size, with detail that was never there.
//!
//! Wang et al., "Real-ESRGAN: Training Real-World Blind Super-Resolution with Pure Synthetic Data",
//! ICCV workshops 2021. The network is ESRGAN's: 23 residual blocks of three dense blocks each. Its
//! weights come as an ncnn file, whose layers are in the order of this file.

use rten::{BufferPool, thread_pool};
use rten_tensor::Tensor;
use rten_tensor::prelude::*;

use crate::ncnn::Blobs;
use crate::network::{Convolution, NetworkError, Tell};
use crate::tiles::{Fate, Tiles};
use crate::{Picture, enlarged};

/// As errors call it.
const WHAT: &str = "enlarging four times";
/// Channels between blocks, and those that each convolution of a dense block adds.
const FEATURES: usize = 64;
const GROWTH: usize = 32;
/// Residual blocks of three dense blocks each.
const BLOCKS: usize = 23;
/// What a convolution leaves of negative values.
const LEAK: f32 = 0.2;
/// How much of a block's result is added to what went in.
const SHARE: f32 = 0.2;

const TILES: Tiles = Tiles {
    what: WHAT,
    // Peak memory is that of 64 channels at four times the tile's side with its border: 151 MB, a few
    // times over.
    side: 128,
    // The layers look 350 pixels far, but hardly. With half of this, seams show in fine texture.
    border: 32,
    scale: 4,
    fate: Fate::Kept,
};

/// A loaded network, 67 MB. Load once, share between threads.
pub struct RealEsrgan {
    first: Convolution,
    blocks: Vec<[DenseBlock; 3]>,
    trunk: Convolution,
    /// After each doubling.
    enlarge: [Convolution; 2],
    last: [Convolution; 2],
}

/// Five convolutions; each sees what went in and what all before it made.
struct DenseBlock([Convolution; 5]);

impl RealEsrgan {
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
        let plain = [FEATURES, FEATURES, 3];
        let first = blobs.convolution([FEATURES, 3, 3])?;
        let blocks = (0..BLOCKS)
            .map(|_| {
                Ok([
                    DenseBlock::read(&mut blobs)?,
                    DenseBlock::read(&mut blobs)?,
                    DenseBlock::read(&mut blobs)?,
                ])
            })
            .collect::<Result<_, &'static str>>()?;
        let network = Self {
            first,
            blocks,
            trunk: blobs.convolution(plain)?,
            enlarge: [blobs.convolution(plain)?, blobs.convolution(plain)?],
            last: [
                blobs.convolution(plain)?,
                blobs.convolution([3, FEATURES, 3])?,
            ],
        };
        blobs.finish()?;
        Ok(network)
    }

    /// The picture at four times its width and height; its alpha, if any, is resampled.
    ///
    /// # Errors
    /// [`NetworkError::Run`] or [`NetworkError::Cancelled`].
    pub fn quadruple(
        &self,
        picture: &Picture,
        tell: &mut Tell<'_>,
    ) -> Result<Picture, NetworkError> {
        enlarged::enlarged(picture, &TILES, |tile| self.run(&tile), tell)
    }

    fn run(&self, tile: &Tensor<f32>) -> Result<Tensor<f32>, String> {
        thread_pool().run(|| {
            let pool = BufferPool::new();
            let first = self.first.run(&pool, tile.view(), 1)?;
            let mut features = first.clone();
            for block in &self.blocks {
                let mut inner = features.clone();
                for dense in block {
                    inner = dense.run(&pool, inner)?;
                }
                add(&mut features, &inner, SHARE)?;
            }
            let mut features = self.trunk.run(&pool, features.view(), 1)?;
            add(&mut features, &first, 1.0)?;
            for convolution in &self.enlarge {
                features = convolution.run(&pool, doubled(&features)?.view(), 1)?;
                leak(&mut features);
            }
            let [before, last] = &self.last;
            let mut features = before.run(&pool, features.view(), 1)?;
            leak(&mut features);
            last.run(&pool, features.view(), 1)
        })
    }
}

impl DenseBlock {
    fn read(blobs: &mut Blobs<'_>) -> Result<Self, &'static str> {
        let mut layer =
            |nth: usize, outputs| blobs.convolution([outputs, FEATURES + nth * GROWTH, 3]);
        Ok(Self([
            layer(0, GROWTH)?,
            layer(1, GROWTH)?,
            layer(2, GROWTH)?,
            layer(3, GROWTH)?,
            layer(4, FEATURES)?,
        ]))
    }

    fn run(&self, pool: &BufferPool, mut input: Tensor<f32>) -> Result<Tensor<f32>, String> {
        let &[_, _, rows, columns] = input.shape() else {
            return Err("features without a shape".into());
        };
        // What all convolutions made so far, behind what went in.
        let mut all = Tensor::zeros(&[1, FEATURES + 4 * GROWTH, rows, columns]);
        let mut filled = FEATURES;
        all.slice_axis_mut(1, 0..filled).copy_from(&input);
        let [growing @ .., last] = &self.0;
        for convolution in growing {
            let mut grown = convolution.run(pool, all.slice_axis(1, 0..filled), 1)?;
            leak(&mut grown);
            all.slice_axis_mut(1, filled..filled + GROWTH)
                .copy_from(&grown);
            filled += GROWTH;
        }
        let result = last.run(pool, all.view(), 1)?;
        add(&mut input, &result, SHARE)?;
        Ok(input)
    }
}

fn leak(features: &mut Tensor<f32>) {
    features.apply(|&value| if value < 0.0 { LEAK * value } else { value });
}

/// Adds a share of other features.
fn add(to: &mut Tensor<f32>, what: &Tensor<f32>, share: f32) -> Result<(), String> {
    let (Some(to), Some(what)) = (to.data_mut(), what.data()) else {
        return Err("features that don't lie in order".into());
    };
    for (to, what) in to.iter_mut().zip(what) {
        *to += share * what;
    }
    Ok(())
}

/// Every pixel four times.
fn doubled(features: &Tensor<f32>) -> Result<Tensor<f32>, String> {
    let (&[_, channels, rows, columns], Some(values)) = (features.shape(), features.data()) else {
        return Err("features that don't lie in order".into());
    };
    let mut large = Vec::with_capacity(4 * values.len());
    for row in values.chunks_exact(columns) {
        for _ in 0..2 {
            large.extend(row.iter().flat_map(|&value| [value, value]));
        }
    }
    Ok(Tensor::from_data(
        &[1, channels, 2 * rows, 2 * columns],
        large,
    ))
}
