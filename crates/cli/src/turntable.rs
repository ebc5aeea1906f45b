//! `--turntable`: the model once around, as a film without end.

use std::path::{Path, PathBuf};

use clap::Args;
use formats::{AnimationError, AnimationKind, Reel};
use mesh::Model;
use mesh::raster::{Scene, View};

/// Pixels per side: fits a page or a message, and is what the three formats can carry.
const SIZE_PX: u32 = 512;
/// One turn: slow enough to look at things, short enough to wait for the other side.
const TURN_MS: u32 = 4_000;
/// Below, it jumps; above, a frame is shorter than browsers show one of a GIF.
const FRAMES: std::ops::RangeInclusive<i64> = 8..=120;

/// Whether and how to film a model.
#[derive(Args, Clone, Debug)]
pub struct TurntableArgs {
    /// Also film it turning once around: .webp, .gif or .mp4 (a folder for several models)
    #[arg(long, value_name = "PATH")]
    turntable: Option<PathBuf>,
    /// Frames of the turn, which takes four seconds
    #[arg(long, value_parser = clap::value_parser!(u32).range(FRAMES), default_value_t = 48,
          value_name = "N", requires = "turntable")]
    turntable_frames: u32,
}

/// A name that says no kind of film.
#[derive(Debug, thiserror::Error)]
pub enum NameError {
    #[error("--turntable {}: choose a name that ends in .webp, .gif or .mp4", .0.display())]
    Kind(PathBuf),
    #[error("--turntable {}: several models need a folder", .0.display())]
    NeedsFolder(PathBuf),
}

/// Why there is no film.
#[derive(Debug, thiserror::Error)]
pub enum FilmError {
    #[error("stopped")]
    Stopped,
    #[error("the turntable could not be made: {0}")]
    Encoder(AnimationError),
}

impl TurntableArgs {
    /// Where the film of a model goes, if there is to be one. In a folder it has the name `stem`
    /// and is a WebP.
    ///
    /// # Errors
    /// If the name says nothing that can be written.
    pub fn target(&self, stem: &str, many: bool) -> Result<Option<PathBuf>, NameError> {
        let Some(to) = &self.turntable else {
            return Ok(None);
        };
        let is_folder = to.is_dir() || to.as_os_str().as_encoded_bytes().ends_with(b"/");
        if is_folder || (many && to.extension().is_none()) {
            let file = format!("{stem}.{}", AnimationKind::WebP.extension());
            return Ok(Some(to.join(file)));
        }
        match AnimationKind::of(to) {
            None => Err(NameError::Kind(to.clone())),
            Some(_) if many => Err(NameError::NeedsFolder(to.clone())),
            Some(_) => Ok(Some(to.clone())),
        }
    }

    /// Films `model` as the kind that `to` is named for. `progress` hears the fraction done and
    /// answers whether to go on.
    ///
    /// # Errors
    /// If `progress` said no, or the encoder failed.
    pub fn film(
        &self,
        model: &Model,
        to: &Path,
        mut progress: impl FnMut(f32) -> bool,
    ) -> Result<Vec<u8>, FilmError> {
        let kind = AnimationKind::of(to).unwrap_or(AnimationKind::WebP);
        let frames = self.turntable_frames;
        let reel = Reel {
            width: SIZE_PX,
            height: SIZE_PX,
            frames,
            duration_ms: TURN_MS,
        };
        let scene = Scene::new(model);
        let film = formats::animation::encode(kind, &reel, |index| {
            progress(index as f32 / frames as f32)
                .then(|| scene.render(&View::on_turntable(index, frames), SIZE_PX))
        });
        film.map_err(|error| match error {
            AnimationError::Stopped => FilmError::Stopped,
            error => FilmError::Encoder(error),
        })
    }
}
