//! Where the two transformers run.

use crate::error::Result;
use crate::network::gpu::Gpu;

/// A place for the two transformers. What comes after them, the decoder and the lattice, is on the
/// processor always: it takes a fraction of the time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Device {
    /// The GPU if this build supports one and one is there, else the processor.
    Auto,
    /// The processor, with this crate's own kernels.
    #[default]
    Cpu,
    /// The first GPU: CUDA's or Metal's, whichever the program was built for.
    Gpu,
    /// The processor with the GPU's code, several times slower than [`Device::Cpu`]: for holding that
    /// code against the reference where there is no GPU.
    CandleCpu,
}

impl Device {
    /// Every device.
    pub const ALL: [Self; 4] = [Self::Auto, Self::Cpu, Self::Gpu, Self::CandleCpu];

    /// Lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Cpu => "cpu",
            Self::Gpu => "gpu",
            Self::CandleCpu => "candle-cpu",
        }
    }

    /// Whether a model can be put there; `Auto` always can.
    ///
    /// # Errors
    /// [`Error::NoGpuSupport`](crate::Error::NoGpuSupport) or [`Error::NoCandle`](crate::Error::NoCandle)
    /// if the program was built without it, [`Error::Device`](crate::Error::Device) if there is no GPU
    /// or its driver refuses.
    pub fn check(self) -> Result<()> {
        Gpu::open(self).map(|_| ())
    }
}

#[cfg(all(test, not(any(feature = "cuda", feature = "metal"))))]
mod tests {
    use super::*;

    #[test]
    fn a_build_without_a_gpu_says_how_to_get_one_and_auto_does_without() {
        Device::Auto.check().unwrap();
        Device::Cpu.check().unwrap();
        let said = Device::Gpu.check().unwrap_err().to_string();
        assert!(said.contains("--features cuda"), "{said}");
        assert!(said.contains("--device cpu"), "{said}");
    }
}
