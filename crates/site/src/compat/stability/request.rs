//! What may be asked for, and the same as a job of ours.

use lifecycle::Wishes;
use serde::Deserialize;

use crate::api::error::{ApiError, invalid};
use crate::compat::speak::{Asked, Ignored, Tier};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    texture_resolution: Option<u32>,
    remesh: Option<String>,
    target_type: Option<String>,
    target_count: Option<u32>,
    seed: Option<u64>,
    #[serde(rename = "foreground_ratio")]
    _foreground_ratio: Ignored,
    #[serde(rename = "guidance_scale")]
    _guidance_scale: Ignored,
}

impl Request {
    /// The same of a job of ours.
    pub fn wishes(self) -> Result<Wishes, ApiError> {
        let faces = match self.target_type.as_deref() {
            None | Some("none") => None,
            Some("face") => self.target_count,
            // A closed surface has about twice as many triangles as vertices.
            Some("vertex") => self.target_count.map(|count| count.saturating_mul(2)),
            Some(_) => return Err(invalid("target_type is none, vertex or face.")),
        };
        Asked {
            tier: match self.texture_resolution {
                None | Some(512 | 1024) => Tier::Base,
                Some(2048) => Tier::Pro,
                Some(_) => return Err(invalid("texture_resolution is 512, 1024 or 2048.")),
            },
            faces,
            quads: match self.remesh.as_deref() {
                None | Some("none" | "triangle") => false,
                Some("quad") => true,
                Some(_) => return Err(invalid("remesh is none, triangle or quad.")),
            },
            seed: self.seed,
            texture_px: self.texture_resolution,
            ..Asked::default()
        }
        .wishes()
    }
}
