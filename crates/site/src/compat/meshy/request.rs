//! What may be asked for when a model is made, and the same as a job of ours.

use lifecycle::Wishes;
use serde::Deserialize;

use crate::api::error::{ApiError, invalid};
use crate::compat::speak::{Asked, Ignored, Symmetry, Tier, refuse};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Image {
    pub image_url: String,
    #[serde(flatten)]
    pub wanted: Wanted,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Several {
    /// Front, left, back, right, as many as there are.
    pub image_urls: Vec<Option<String>>,
    #[serde(flatten)]
    pub wanted: Wanted,
}

/// Beside the pictures.
#[derive(Deserialize)]
pub struct Wanted {
    topology: Option<String>,
    target_polycount: Option<u32>,
    symmetry_mode: Option<String>,
    seed: Option<u64>,
    enable_pbr: Option<bool>,
    hd_texture: Option<bool>,
    auto_size: Option<bool>,
    is_a_t_pose: Option<bool>,
    pose_mode: Option<String>,
    texture_prompt: Option<String>,
    texture_image_url: Option<String>,
    #[serde(rename = "ai_model")]
    _ai_model: Ignored,
    #[serde(rename = "should_remesh")]
    _should_remesh: Ignored,
    #[serde(rename = "should_texture")]
    _should_texture: Ignored,
    #[serde(rename = "remove_lighting")]
    _remove_lighting: Ignored,
    #[serde(rename = "moderation")]
    _moderation: Ignored,
    #[serde(rename = "target_formats")]
    _target_formats: Ignored,
    #[serde(rename = "model_type")]
    _model_type: Ignored,
    #[serde(rename = "image_enhancement")]
    _image_enhancement: Ignored,
    #[serde(rename = "save_pre_remeshed_model")]
    _save_pre_remeshed_model: Ignored,
}

impl Wanted {
    /// The same of a job of ours.
    pub fn wishes(self) -> Result<Wishes, ApiError> {
        let named = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.is_empty());
        refuse(self.auto_size == Some(true), "auto_size")?;
        refuse(self.is_a_t_pose == Some(true), "is_a_t_pose")?;
        refuse(named(&self.pose_mode), "pose_mode")?;
        refuse(named(&self.texture_prompt), "texture_prompt")?;
        refuse(named(&self.texture_image_url), "texture_image_url")?;
        Asked {
            tier: match (self.hd_texture, self.enable_pbr) {
                (Some(true), _) => Tier::Ultra,
                (_, Some(true)) => Tier::Pro,
                _ => Tier::Base,
            },
            faces: self.target_polycount,
            quads: match self.topology.as_deref() {
                None | Some("triangle") => false,
                Some("quad") => true,
                Some(_) => return Err(invalid("topology is triangle or quad.")),
            },
            symmetry: match self.symmetry_mode.as_deref() {
                None | Some("off") => Symmetry::None,
                Some("auto") => Symmetry::Auto,
                Some("on") => Symmetry::X,
                Some(_) => return Err(invalid("symmetry_mode is off, auto or on.")),
            },
            seed: self.seed,
            ..Asked::default()
        }
        .wishes()
    }
}

/// Which part of a list.
#[derive(Deserialize)]
pub struct Part {
    pub page_num: Option<u32>,
    pub page_size: Option<u32>,
}
