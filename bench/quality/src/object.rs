//! Objects: reading them from `.glb` files and bringing them to a common size.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use glam::{Mat4, Vec2, Vec3};
use gltf::image::Format;
use mesh::{Material, Model, Texture, measure};

use crate::align::Similarity;

/// Reads all triangles of a file, in world space, with smooth normals and the one texture.
///
/// # Errors
/// The file can't be read, has no triangles, or has more than one texture.
pub fn load(path: &Path) -> Result<Model> {
    let (document, buffers, images) =
        gltf::import(path).with_context(|| format!("can't read {}", path.display()))?;
    ensure!(images.len() <= 1, "{} has several textures", path.display());
    let mut model = Model {
        positions: Vec::new(),
        normals: Vec::new(),
        uvs: Vec::new(),
        triangles: Vec::new(),
        material: Material::textured(images.first().map_or_else(grey, texture)),
        ..Model::default()
    };
    for scene in document.scenes() {
        for node in scene.nodes() {
            collect(&node, Mat4::IDENTITY, &buffers, &mut model);
        }
    }
    ensure!(
        !model.triangles.is_empty(),
        "{} has no triangles",
        path.display()
    );
    model.normals = smooth_normals(&model);
    Ok(model)
}

fn collect(node: &gltf::Node, parent: Mat4, buffers: &[gltf::buffer::Data], model: &mut Model) {
    let here = parent * Mat4::from_cols_array_2d(&node.transform().matrix());
    for primitive in node.mesh().iter().flat_map(gltf::Mesh::primitives) {
        let reader = primitive.reader(|buffer| Some(&buffers[buffer.index()]));
        let Some(positions) = reader.read_positions() else {
            continue;
        };
        let first = model.positions.len() as u32;
        model
            .positions
            .extend(positions.map(|p| here.transform_point3(p.into())));
        let uvs = reader
            .read_tex_coords(0)
            .map(|uvs| uvs.into_f32().map(Vec2::from));
        model.uvs.extend(uvs.into_iter().flatten());
        model.uvs.resize(model.positions.len(), Vec2::ZERO);
        let indices: Vec<u32> = match reader.read_indices() {
            Some(indices) => indices.into_u32().map(|index| first + index).collect(),
            None => (first..model.positions.len() as u32).collect(),
        };
        model.triangles.extend(indices.as_chunks().0);
    }
    for child in node.children() {
        collect(&child, here, buffers, model);
    }
}

fn texture(image: &gltf::image::Data) -> Texture {
    let rgb = match image.format {
        Format::R8G8B8 => image.pixels.clone(),
        Format::R8G8B8A8 => image
            .pixels
            .chunks_exact(4)
            .flat_map(|p| [p[0], p[1], p[2]])
            .collect(),
        _ => return grey(),
    };
    Texture {
        width: image.width,
        height: image.height,
        rgb,
    }
}

fn grey() -> Texture {
    Texture {
        width: 1,
        height: 1,
        rgb: vec![128; 3],
    }
}

/// Normals across texture seams; computed for every file, so that no side brings its own.
pub fn smooth_normals(model: &Model) -> Vec<Vec3> {
    let surface = model.surface();
    let key = |p: &Vec3| p.to_array().map(f32::to_bits);
    let known: HashMap<_, _> = surface
        .positions
        .iter()
        .map(key)
        .zip(measure::vertex_normals(&surface))
        .collect();
    model.positions.iter().map(|p| known[&key(p)]).collect()
}

/// The model turned about +Y, then centred and scaled to a longest bounding-box side of 1.
pub fn normalised(model: &Model, turn_deg: f32) -> Model {
    let turned = Similarity {
        rotation: glam::Quat::from_rotation_y(turn_deg.to_radians()),
        ..Similarity::IDENTITY
    }
    .model(model);
    let (low, high) = measure::bounds(&turned.positions);
    let scale = 1.0 / (high - low).max_element().max(f32::MIN_POSITIVE);
    Similarity {
        scale,
        translation: -0.5 * scale * (low + high),
        ..Similarity::IDENTITY
    }
    .model(&turned)
}

/// Radius of the sphere around the origin that holds the model.
pub fn radius(model: &Model) -> f32 {
    model
        .positions
        .iter()
        .map(|p| p.length())
        .fold(0.0, f32::max)
}
