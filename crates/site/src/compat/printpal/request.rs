//! What may be asked for, and the same as a job of ours.

use domain::Id;
use formats::Format;
use lifecycle::Wishes;
use serde::Deserialize;

use crate::api::error::{ApiError, invalid, no_text_model};
use crate::compat::speak::{Asked, Ignored, Tier};
use crate::problem::Problem;

/// Names of qualities, and what they are here.
pub const QUALITIES: [(&str, Tier); 7] = [
    ("default", Tier::Base),
    ("high", Tier::Pro),
    ("ultra", Tier::Ultra),
    ("super", Tier::Ultra),
    ("super_texture", Tier::Ultra),
    ("superplus", Tier::Ultra),
    ("superplus_texture", Tier::Ultra),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Generate {
    prompt: Option<String>,
    quality: Option<String>,
    format: Option<String>,
    #[serde(rename = "num_inference_steps")]
    _num_inference_steps: Ignored,
    #[serde(rename = "guidance_scale")]
    _guidance_scale: Ignored,
    #[serde(rename = "octree_resolution")]
    _octree_resolution: Ignored,
}

/// What is wanted of a picture.
pub struct Wanted {
    pub quality: &'static str,
    pub format: Format,
    pub wishes: Wishes,
}

impl Generate {
    /// The same of a job of ours.
    pub fn wanted(self) -> Result<Wanted, ApiError> {
        if self.prompt.is_some() {
            return Err(no_text_model());
        }
        let quality = self.quality.as_deref().unwrap_or("default");
        let known = QUALITIES.into_iter().find(|(name, _)| *name == quality);
        let (quality, tier) = known.ok_or_else(|| {
            invalid(format!(
                "There is no quality of that name; there are {}.",
                QUALITIES.map(|(name, _)| name).join(", ")
            ))
        })?;
        let format = self.format.as_deref().unwrap_or("stl");
        let format = Format::from_name(format).ok_or_else(Problem::unknown_format)?;
        let asked = Asked {
            tier,
            ..Asked::default()
        };
        Ok(Wanted {
            quality,
            format,
            wishes: asked.wishes()?,
        })
    }
}

/// The job, and the format that was asked for when it was made.
pub fn parts(uid: &str) -> Result<(Id, Format), ApiError> {
    let parts = uid
        .split_once('-')
        .and_then(|(id, format)| Some((id.parse().ok()?, Format::from_name(format)?)));
    Ok(parts.ok_or_else(Problem::no_such_job)?)
}
