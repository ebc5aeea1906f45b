//! What takes the GPU's place in a build without candle: nothing, and the reason.

use checkpoint::Checkpoint;

use super::{Network, Pass};
use crate::device::Device;
use crate::error::{Error, Result};
use crate::kernels::{Matrix, Precision};
use crate::picture::Rgb;

/// There is none.
pub(crate) enum Gpu {}

impl Gpu {
    /// # Errors
    /// [`Error::NoGpuSupport`] or [`Error::NoCandle`] for anything but our own kernels.
    pub(crate) fn open(device: Device) -> Result<Option<Self>> {
        match device {
            Device::Auto | Device::Cpu => Ok(None),
            Device::Gpu => Err(Error::NoGpuSupport),
            Device::CandleCpu => Err(Error::NoCandle),
        }
    }

    pub(crate) fn resolved(&self, _: Precision) -> Result<Precision> {
        match *self {}
    }

    pub(crate) fn forward(
        &self,
        _: &Network,
        _: &Checkpoint,
        _: &Rgb,
        _: &Pass<'_>,
    ) -> Result<Matrix> {
        match *self {}
    }
}
