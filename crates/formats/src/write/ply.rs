//! Binary PLY: vertices with normals, texture coordinates and colours; quads stay quads.
//!
//! Layout: Greg Turk, "The PLY Polygon File Format" (1994). Property names as MeshLab, Blender and
//! Open3D read them. Metres, +Y up. The format has no textures: they become vertex colours.

use std::fmt::Write as _;

use glam::Vec2;
use mesh::Model;

use super::textures::vertex_colours;
use super::{WriteError, WriteOptions, lone_triangles, one_line, quads};

pub(super) fn write(model: &Model, options: &WriteOptions) -> Result<Vec<u8>, WriteError> {
    let colours = vertex_colours(model);
    let faces = model.triangles.len() - model.quads;
    let mut header = format!(
        "ply\nformat binary_little_endian 1.0\ncomment {}\ncomment metres, +Y up\n\
         element vertex {}\n",
        one_line(&options.generator),
        model.positions.len()
    );
    let mut properties = |kind: &str, names: &[&str]| {
        for name in names {
            // Writing to a String can't fail.
            let _ = writeln!(header, "property {kind} {name}");
        }
    };
    properties("float", &["x", "y", "z", "nx", "ny", "nz"]);
    if !model.uvs.is_empty() {
        properties("float", &["s", "t"]);
    }
    if !colours.is_empty() {
        properties("uchar", &["red", "green", "blue"]);
    }
    let _ = write!(
        header,
        "element face {faces}\nproperty list uchar uint vertex_indices\nend_header\n"
    );

    let mut file = header.into_bytes();
    for vertex in 0..model.positions.len() {
        let mut floats = |values: &[f32]| {
            file.extend(values.iter().copied().flat_map(f32::to_le_bytes));
        };
        floats(&model.positions[vertex].to_array());
        floats(&model.normals[vertex].to_array());
        if let Some(&Vec2 { x, y }) = model.uvs.get(vertex) {
            floats(&[x, 1.0 - y]);
        }
        if let Some(colour) = colours.get(vertex) {
            file.extend(colour);
        }
    }
    let mut face = |corners: &[u32]| {
        file.push(corners.len() as u8);
        file.extend(corners.iter().copied().flat_map(u32::to_le_bytes));
    };
    quads(model).for_each(|quad| face(&quad));
    lone_triangles(model)
        .iter()
        .for_each(|triangle| face(triangle));
    Ok(file)
}
