//! A model's textures as PNG files, under the names that formats with companions use.

use mesh::{Material, Model, Texture};

use super::WriteError;
use crate::colour::{sample, to_linear, to_srgb};
use crate::png;

/// One texture, encoded.
pub(super) struct Image {
    /// What it holds, in words; with `_` for spaces the end of its file name.
    pub what: &'static str,
    /// PNG.
    pub png: Vec<u8>,
}

impl Image {
    /// The file name of this texture for a model of that name.
    pub(super) fn file_name(&self, stem: &str) -> String {
        format!("{stem}_{}.png", self.what.replace(' ', "_"))
    }
}

/// Base colour, normals, and occlusion, roughness and metalness in one: those the model has.
pub(super) struct Images {
    pub base_colour: Option<Image>,
    pub normal: Option<Image>,
    pub orm: Option<Image>,
}

impl Images {
    pub(super) fn of(model: &Model) -> Result<Self, WriteError> {
        let image = |what, texture: &Option<Texture>| -> Result<Option<Image>, WriteError> {
            let Some(texture) = texture else {
                return Ok(None);
            };
            let png = png::encode_rgb(texture.width, texture.height, &texture.rgb)?;
            Ok(Some(Image { what, png }))
        };
        Ok(Self {
            base_colour: image("base colour", &model.material.base_colour)?,
            normal: image("normals", &model.material.normal)?,
            orm: image("occlusion roughness metalness", &model.material.orm)?,
        })
    }

    pub(super) fn into_vec(self) -> Vec<Image> {
        let all = [self.base_colour, self.normal, self.orm];
        all.into_iter().flatten().collect()
    }
}

/// The model with its texture as colours of its vertices, and without coordinates.
pub fn to_vertex_colours(model: &Model) -> Model {
    Model {
        colours: vertex_colours(model),
        uvs: Vec::new(),
        tangents: Vec::new(),
        material: Material {
            roughness: model.material.roughness,
            ..Material::default()
        },
        ..model.clone()
    }
}

/// The model's own colours times its texture's at each vertex; none if it has neither.
pub(super) fn vertex_colours(model: &Model) -> Vec<[u8; 3]> {
    let Some(texture) = &model.material.base_colour else {
        return model.colours.clone();
    };
    let sampled = model.uvs.iter().map(|&uv| sample(texture, uv));
    if model.colours.is_empty() {
        return sampled.collect();
    }
    let both = sampled.zip(&model.colours);
    both.map(|(texel, &own)| to_srgb(to_linear(texel) * to_linear(own)))
        .collect()
}
