//! Binary glTF → [`Object`], as small as training needs it.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use glam::{Mat3, Mat4, Vec2, Vec3};

use crate::object::{Material, Object, Texture};

/// A side of the bounding box thinner than this share of the longest makes a sheet of paper.
const THINNEST: f32 = 0.008;
/// The middle side shorter than this share makes a needle.
const NARROWEST: f32 = 0.02;

/// Reads all triangles of the default scene and scales them into the unit cube.
///
/// # Errors
/// Files that can't be read, and shapes too flat or empty to learn from.
pub fn load(path: &Path) -> Result<Object> {
    let (document, buffers, images) = gltf::import(path).context("not a readable glTF file")?;
    let mut object = Object {
        textures: images.iter().map(texture).collect(),
        ..Object::default()
    };
    for material in document.materials() {
        let pbr = material.pbr_metallic_roughness();
        let [r, g, b, _] = pbr.base_color_factor();
        object.materials.push(Material {
            base: Vec3::new(r, g, b),
            texture: pbr
                .base_color_texture()
                .map(|info| info.texture().source().index() as u16),
            roughness: pbr.roughness_factor(),
            metallic: pbr.metallic_factor(),
        });
    }
    object.materials.push(Material {
        base: Vec3::splat(0.6),
        texture: None,
        roughness: 0.8,
        metallic: 0.0,
    });
    let scene = document
        .default_scene()
        .or_else(|| document.scenes().next())
        .context("no scene")?;
    for node in scene.nodes() {
        add(&mut object, &node, Mat4::IDENTITY, &buffers);
    }
    normalise(&mut object)?;
    Ok(object)
}

/// Adds a node's triangles and its children's.
fn add(object: &mut Object, node: &gltf::Node, parent: Mat4, buffers: &[gltf::buffer::Data]) {
    let place = parent * Mat4::from_cols_array_2d(&node.transform().matrix());
    let turn = Mat3::from_mat4(place).inverse().transpose();
    for primitive in node.mesh().iter().flat_map(|mesh| mesh.primitives()) {
        if primitive.mode() != gltf::mesh::Mode::Triangles {
            continue;
        }
        let reader = primitive.reader(|buffer| buffers.get(buffer.index()).map(|data| &data[..]));
        let Some(positions) = reader.read_positions() else {
            continue;
        };
        let first = object.positions.len() as u32;
        object
            .positions
            .extend(positions.map(|p| place.transform_point3(Vec3::from(p))));
        let count = object.positions.len() - first as usize;
        let or_else = |default| std::iter::repeat_n(default, count);
        match reader.read_normals() {
            Some(normals) => object
                .normals
                .extend(normals.map(|n| (turn * Vec3::from(n)).normalize_or_zero())),
            None => object.normals.extend(or_else(Vec3::ZERO)),
        }
        match reader.read_tex_coords(0) {
            Some(uvs) => object.uvs.extend(uvs.into_f32().map(Vec2::from)),
            None => object.uvs.extend(std::iter::repeat_n(Vec2::ZERO, count)),
        }
        match reader.read_colors(0) {
            Some(colours) => object
                .colours
                .extend(colours.into_rgb_f32().map(Vec3::from)),
            None => object.colours.extend(or_else(Vec3::ONE)),
        }
        let indices: Vec<u32> = match reader.read_indices() {
            Some(indices) => indices.into_u32().collect(),
            None => (0..count as u32).collect(),
        };
        let material = primitive
            .material()
            .index()
            .unwrap_or(object.materials.len() - 1);
        for corners in indices.as_chunks::<3>().0 {
            if corners.iter().all(|&i| (i as usize) < count) {
                object.triangles.push(corners.map(|i| i + first));
                object.material_of.push(material as u16);
            }
        }
    }
    for child in node.children() {
        add(object, &child, place, buffers);
    }
}

/// Longest side 1, centred; refuses what has no volume to speak of.
fn normalise(object: &mut Object) -> Result<()> {
    ensure!(object.triangles.len() >= 4, "hardly a triangle");
    let used = || {
        object
            .triangles
            .iter()
            .flatten()
            .map(|&i| object.positions[i as usize])
    };
    let low = used().fold(Vec3::MAX, Vec3::min);
    let high = used().fold(Vec3::MIN, Vec3::max);
    let mut sides = (high - low).to_array();
    sides.sort_by(f32::total_cmp);
    let [thin, middle, longest] = sides;
    ensure!(longest.is_finite() && longest > 0.0, "no extent");
    ensure!(
        thin / longest >= THINNEST && middle / longest >= NARROWEST,
        "too flat or thin"
    );
    let centre = 0.5 * (low + high);
    for position in &mut object.positions {
        *position = (*position - centre) / longest;
    }
    Ok(())
}

fn texture(image: &gltf::image::Data) -> Texture {
    use gltf::image::Format;
    let grey = |p: &[u8]| [p[0], p[0], p[0], 255];
    /// One pixel from its bytes.
    type Read = fn(&[u8]) -> [u8; 4];
    let (step, read): (usize, Read) = match image.format {
        Format::R8 => (1, grey),
        Format::R8G8 => (2, |p| [p[0], p[0], p[0], p[1]]),
        Format::R8G8B8 => (3, |p| [p[0], p[1], p[2], 255]),
        Format::R8G8B8A8 => (4, |p| [p[0], p[1], p[2], p[3]]),
        Format::R16G16B16 => (6, |p| [p[1], p[3], p[5], 255]),
        Format::R16G16B16A16 => (8, |p| [p[1], p[3], p[5], p[7]]),
        _ => (1, |_| [180, 180, 180, 255]),
    };
    Texture {
        width: image.width,
        height: image.height,
        pixels: image.pixels.chunks_exact(step).map(read).collect(),
    }
}

/// Merges equal vertices, then keeps at most about `faces` triangles (quadric errors; parts that
/// touch nowhere keep their place) and textures of at most `side` pixels.
pub fn shrink(object: &Object, faces: usize, side: u32) -> Object {
    let mut small = welded(object);
    if small.triangles.len() > faces {
        small = simplified(&small, faces);
    }
    small.textures = object.textures.iter().map(|t| smaller(t, side)).collect();
    small
}

fn welded(object: &Object) -> Object {
    let mut seen: HashMap<[i32; 11], u32> = HashMap::new();
    let mut out = Object {
        materials: object.materials.clone(),
        ..Object::default()
    };
    let mut index = |out: &mut Object, i: usize| -> u32 {
        let (p, n, t, c) = (
            object.positions[i] * 16384.0,
            object.normals[i] * 32.0,
            object.uvs[i] * 1024.0,
            object.colours[i] * 64.0,
        );
        let key = [p.x, p.y, p.z, n.x, n.y, n.z, t.x, t.y, c.x, c.y, c.z]
            .map(|value| value.round() as i32);
        *seen.entry(key).or_insert_with(|| {
            out.positions.push(object.positions[i]);
            out.normals.push(object.normals[i]);
            out.uvs.push(object.uvs[i]);
            out.colours.push(object.colours[i]);
            out.positions.len() as u32 - 1
        })
    };
    for (triangle, &material) in object.triangles.iter().zip(&object.material_of) {
        let corners = triangle.map(|i| index(&mut out, i as usize));
        let [a, b, c] = corners;
        if a != b && b != c && c != a {
            out.triangles.push(corners);
            out.material_of.push(material);
        }
    }
    out
}

/// Simplifies each material's triangles on their own: seams between materials stay.
fn simplified(object: &Object, faces: usize) -> Object {
    let share = faces as f32 / object.triangles.len() as f32;
    let positions: Vec<[f32; 3]> = object.positions.iter().map(Vec3::to_array).collect();
    let bytes: Vec<u8> = positions
        .iter()
        .flatten()
        .flat_map(|value| value.to_le_bytes())
        .collect();
    let Ok(adapter) = meshopt::VertexDataAdapter::new(&bytes, 12, 0) else {
        return object.clone();
    };
    let mut out = object.clone();
    out.triangles.clear();
    out.material_of.clear();
    for material in 0..object.materials.len() as u16 {
        let indices: Vec<u32> = object
            .triangles
            .iter()
            .zip(&object.material_of)
            .filter(|(_, of)| **of == material)
            .flat_map(|(triangle, _)| *triangle)
            .collect();
        let goal = ((indices.len() as f32 * share) as usize / 3).max(8) * 3;
        let options = meshopt::SimplifyOptions::Sparse;
        let mut kept = meshopt::simplify(&indices, &adapter, goal, 0.02, options, None);
        if kept.len() > goal * 2 {
            kept = meshopt::simplify_sloppy(&kept, &adapter, goal * 3 / 2, 0.03, None);
        }
        for corners in kept.as_chunks::<3>().0 {
            out.triangles.push(*corners);
            out.material_of.push(material);
        }
    }
    welded(&out)
}

fn smaller(texture: &Texture, side: u32) -> Texture {
    let longest = texture.width.max(texture.height);
    if longest <= side {
        return texture.clone();
    }
    let bytes = texture.pixels.iter().flatten().copied().collect();
    let Some(picture) = image::RgbaImage::from_raw(texture.width, texture.height, bytes) else {
        return texture.clone();
    };
    let scale = |length: u32| (length * side).div_ceil(longest).max(1);
    let (width, height) = (scale(texture.width), scale(texture.height));
    let filter = image::imageops::FilterType::Triangle;
    let small = image::imageops::resize(&picture, width, height, filter);
    Texture {
        width,
        height,
        pixels: small.pixels().map(|pixel| pixel.0).collect(),
    }
}
