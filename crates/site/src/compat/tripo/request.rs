//! What may be asked for, and the same as a job of ours.

use domain::Id;
use formats::Format;
use lifecycle::Wishes;
use serde::Deserialize;

use crate::api::error::ApiError;
use crate::compat::speak::{Asked, Ignored, Tier, refuse};
use crate::problem::Problem;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImageToModel {
    pub input: String,
    #[serde(flatten)]
    pub wanted: Wanted,
}

/// Front, left, back and right; a side that there is no picture of is null.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MultiviewToModel {
    pub inputs: Vec<Option<String>>,
    #[serde(flatten)]
    pub wanted: Wanted,
}

/// Beside the pictures.
#[derive(Deserialize)]
pub struct Wanted {
    face_limit: Option<u32>,
    quad: Option<bool>,
    model_seed: Option<u64>,
    geometry_quality: Option<String>,
    texture_quality: Option<String>,
    auto_size: Option<bool>,
    compress: Option<String>,
    generate_parts: Option<bool>,
    smart_low_poly: Option<bool>,
    #[serde(rename = "model")]
    _model: Ignored,
    #[serde(rename = "texture")]
    _texture: Ignored,
    #[serde(rename = "pbr")]
    _pbr: Ignored,
    #[serde(rename = "texture_seed")]
    _texture_seed: Ignored,
    #[serde(rename = "texture_alignment")]
    _texture_alignment: Ignored,
    #[serde(rename = "orientation")]
    _orientation: Ignored,
    #[serde(rename = "enable_image_autofix")]
    _enable_image_autofix: Ignored,
    #[serde(rename = "export_uv")]
    _export_uv: Ignored,
}

impl Wanted {
    /// The same of a job of ours.
    pub fn wishes(self) -> Result<Wishes, ApiError> {
        refuse(self.auto_size == Some(true), "auto_size")?;
        refuse(self.compress.is_some(), "compress")?;
        refuse(self.generate_parts == Some(true), "generate_parts")?;
        refuse(self.smart_low_poly == Some(true), "smart_low_poly")?;
        let detailed = |quality: &Option<String>| quality.as_deref() == Some("detailed");
        Asked {
            tier: match (
                detailed(&self.geometry_quality),
                detailed(&self.texture_quality),
            ) {
                (true, _) => Tier::Ultra,
                (false, true) => Tier::Pro,
                (false, false) => Tier::Base,
            },
            faces: self.face_limit,
            quads: self.quad == Some(true),
            seed: self.model_seed,
            ..Asked::default()
        }
        .wishes()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Convert {
    pub input: String,
    pub format: String,
}

#[derive(Deserialize)]
pub struct Several {
    pub task_ids: Vec<String>,
}

/// A job, and the format in which it is converted.
pub fn task_id(text: &str) -> Result<(Id, Option<Format>), ApiError> {
    let (id, format) = match text.split_once('-') {
        Some((id, format)) => (
            id,
            Some(Format::from_name(format).ok_or_else(Problem::no_such_job)?),
        ),
        None => (text, None),
    };
    Ok((id.parse().map_err(|_| Problem::no_such_job())?, format))
}
