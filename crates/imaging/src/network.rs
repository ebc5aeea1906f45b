//! What the networks that change pictures have in common: errors, progress, convolutions.

use std::ops::ControlFlow;

use rten::BufferPool;
use rten::ops::{Padding, conv};
use rten_tensor::prelude::*;
use rten_tensor::{NdTensor, Tensor};

/// Hears how much of a slow step is done, 0–1; answering `Break` cancels it.
pub type Tell<'a> = dyn FnMut(f32) -> ControlFlow<()> + 'a;

/// The network could not be loaded or run. Carries no content.
#[derive(Debug, thiserror::Error)]
pub enum NetworkError {
    /// No weights are installed.
    #[error("{what} needs its weights: run `ai3dgen models pull {weights}` once")]
    Missing {
        /// What can't be done: "denoising".
        what: &'static str,
        /// The weights' name in the catalogue.
        weights: &'static str,
    },
    /// The file is no network of the expected form.
    #[error("the weights for {what} can't be loaded: {reason}")]
    Load {
        /// What can't be done.
        what: &'static str,
        /// What is wrong with the file.
        reason: String,
    },
    /// The network failed while running.
    #[error("{what} failed: {reason}")]
    Run {
        /// What can't be done.
        what: &'static str,
        /// What the runtime said.
        reason: String,
    },
    /// The caller answered `Break`.
    #[error("cancelled")]
    Cancelled,
}

/// Turns `Break` into an error, for `?`.
pub(crate) fn go_on(answer: ControlFlow<()>) -> Result<(), NetworkError> {
    match answer {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(NetworkError::Cancelled),
    }
}

/// A convolution: kernel `[outputs, inputs, side, side]` and a bias for each output.
pub(crate) struct Convolution {
    kernel: Tensor<f32>,
    bias: NdTensor<f32, 1>,
}

impl Convolution {
    /// Panics unless there are as many numbers as the shape says.
    pub(crate) fn new(
        [outputs, inputs, side]: [usize; 3],
        kernel: Vec<f32>,
        bias: Vec<f32>,
    ) -> Self {
        Self {
            kernel: Tensor::from_data(&[outputs, inputs, side, side], kernel),
            bias: NdTensor::from_data([outputs], bias),
        }
    }

    /// Slides it over `[1, inputs, height, width]`, with so many zeros at each border.
    pub(crate) fn run(
        &self,
        pool: &BufferPool,
        input: rten_tensor::TensorView<f32>,
        border: usize,
    ) -> Result<Tensor<f32>, String> {
        conv(
            pool,
            input,
            self.kernel.view(),
            Some(self.bias.view()),
            Padding::from([border; 4]),
            1,
            &[1, 1],
            &[1, 1],
        )
        .map_err(|error| error.to_string())
    }
}
