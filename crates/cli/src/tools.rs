//! The networks of the image tools, from the weights' cache, loaded when first needed.

use imaging::{
    Denoiser, Enlarge, Matte, MatteError, MatteModel, NetworkError, Networks, Picture, RealEsrgan,
    Restyler, Style, Tell, Upscaler,
};
use weights::{Cache, WeightsError};

use crate::matting::{Installed, InstalledMatte};

/// Weights, and what can't be done without them.
pub struct Needed {
    what: &'static str,
    weights: &'static str,
}

/// Doubles pictures.
pub const TWICE: Needed = Needed {
    what: "enlarging",
    weights: "waifu2x",
};
const FOUR_TIMES: Needed = Needed {
    what: "enlarging four times",
    weights: "realesrgan",
};
const DENOISE: Needed = Needed {
    what: "denoising",
    weights: "ffdnet",
};
const RESTYLE: Needed = Needed {
    what: "restyling",
    weights: "multistyle",
};

impl Needed {
    /// The verified bytes.
    ///
    /// # Errors
    /// [`NetworkError::Missing`] or [`NetworkError::Load`].
    pub fn load(&self, cache: &Cache) -> Result<Vec<u8>, NetworkError> {
        let Self { what, weights } = *self;
        cache.load(weights).map_err(|error| match error {
            WeightsError::Missing { .. } => NetworkError::Missing { what, weights },
            error => NetworkError::Load {
                what,
                reason: error.to_string(),
            },
        })
    }
}

/// All networks of the image tools, whether they are installed or not.
pub struct Tools {
    matte: InstalledMatte,
    denoise: Installed<Denoiser>,
    twice: Installed<Upscaler>,
    four_times: Installed<RealEsrgan>,
    restyle: Installed<Restyler>,
}

impl Tools {
    /// What is in this cache, or will be.
    pub fn of(cache: &Cache) -> Self {
        Self {
            matte: InstalledMatte::of(cache.clone(), None),
            denoise: Installed::of(cache.clone()),
            twice: Installed::of(cache.clone()),
            four_times: Installed::of(cache.clone()),
            restyle: Installed::of(cache.clone()),
        }
    }
}

impl Networks for Tools {
    fn matte(&self, picture: &Picture) -> Result<Matte, MatteError> {
        self.matte.matte(picture)
    }

    fn denoise(
        &self,
        picture: &Picture,
        sigma: f32,
        tell: &mut Tell<'_>,
    ) -> Result<Picture, NetworkError> {
        let load = |cache: &Cache| Denoiser::load(DENOISE.load(cache)?);
        self.denoise.network(load)?.denoise(picture, sigma, tell)
    }

    fn restyle(
        &self,
        picture: &Picture,
        style: Style,
        tell: &mut Tell<'_>,
    ) -> Result<Picture, NetworkError> {
        let load = |cache: &Cache| Restyler::from_onnx(RESTYLE.load(cache)?);
        self.restyle.network(load)?.restyle(picture, style, tell)
    }

    fn enlarge(
        &self,
        picture: &Picture,
        by: Enlarge,
        tell: &mut Tell<'_>,
    ) -> Result<Picture, NetworkError> {
        match by {
            Enlarge::Twice => {
                let load = |cache: &Cache| Upscaler::load(&TWICE.load(cache)?);
                self.twice.network(load)?.double_picture(picture, tell)
            }
            Enlarge::FourTimes => {
                let load = |cache: &Cache| RealEsrgan::load(&FOUR_TIMES.load(cache)?);
                self.four_times.network(load)?.quadruple(picture, tell)
            }
        }
    }
}
