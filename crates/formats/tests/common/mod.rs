//! Models to write, and ways to compare what comes back.
#![allow(dead_code, reason = "every test file uses its own part of this")]

use formats::{Format, Limits, Opened, ReadError, WriteOptions, Written};
use glam::{Vec2, Vec3, Vec4};
use mesh::{Material, Model, Texture};

pub fn options() -> WriteOptions {
    WriteOptions {
        name: "tëapot \"1\"".into(),
        generator: "ai3dgen 0.0.0".into(),
        ..WriteOptions::default()
    }
}

/// Writes in a format with the options above.
pub fn write(model: &Model, format: Format) -> Written {
    formats::write(model, format, &options()).unwrap()
}

/// Reads a file with what was written beside it.
pub fn reopen(written: &Written) -> Result<Opened, ReadError> {
    let companion = |name: &str| {
        let found = written
            .companions
            .iter()
            .find(|companion| companion.name == name);
        found.map(|companion| companion.bytes.clone())
    };
    formats::read(&written.bytes, &companion, &Limits::default())
}

/// Reads a file that has nothing beside it.
pub fn open(bytes: &[u8]) -> Result<Opened, ReadError> {
    formats::read(bytes, &|_| None, &Limits::default())
}

/// Every texel its own colour.
pub fn texture(side: u32, seed: u32) -> Texture {
    let texel = |i: u32| (i * 37 + seed) % 251;
    Texture {
        width: side,
        height: side,
        rgb: (0..side * side * 3).map(|i| texel(i) as u8).collect(),
    }
}

/// A box of six quads, each side with vertices and a part of the texture of its own.
pub fn brick() -> Model {
    let corner = |i: u32| {
        let bit = |axis: u32| if i >> axis & 1 == 0 { 0.0 } else { 1.0 };
        Vec3::new(bit(0) * 0.75 - 0.375, bit(1) * 0.5, bit(2) * 0.25 - 0.125)
    };
    let sides = [
        ([0, 4, 6, 2], Vec3::NEG_X),
        ([1, 3, 7, 5], Vec3::X),
        ([0, 1, 5, 4], Vec3::NEG_Y),
        ([2, 6, 7, 3], Vec3::Y),
        ([0, 2, 3, 1], Vec3::NEG_Z),
        ([4, 5, 7, 6], Vec3::Z),
    ];
    let mut model = Model {
        quads: 6,
        material: Material::textured(texture(12, 5)),
        ..Model::default()
    };
    for (side, (corners, normal)) in sides.into_iter().enumerate() {
        let first = model.positions.len() as u32;
        let low = Vec2::new((side % 3) as f32, (side / 3) as f32) * 0.25;
        let square = [Vec2::ZERO, Vec2::X, Vec2::ONE, Vec2::Y];
        for (corner_index, at) in corners.into_iter().zip(square) {
            model.positions.push(corner(corner_index));
            model.normals.push(normal);
            model.uvs.push(low + at * 0.25);
        }
        let [a, b, c, d] = [first, first + 1, first + 2, first + 3];
        model.triangles.extend([[a, b, c], [a, c, d]]);
    }
    model
}

/// The brick with one side as two triangles, in colours of its vertices instead of a texture.
pub fn coloured() -> Model {
    let mut model = brick();
    model.quads = 5;
    model.uvs.clear();
    model.material.base_colour = None;
    // By position, so that a format with one colour per position loses nothing.
    let byte = |c: f32| ((c + 0.5) * 200.0) as u8;
    let colour = |p: &Vec3| [byte(p.x), byte(p.y), byte(p.z)];
    model.colours = model.positions.iter().map(colour).collect();
    model
}

/// The brick with every map there is.
pub fn pbr() -> Model {
    let mut model = brick();
    model.material.normal = Some(texture(4, 90));
    model.material.orm = Some(texture(4, 17));
    model.tangents = vec![Vec4::new(0.0, 0.0, 1.0, 1.0); model.positions.len()];
    for (tangent, normal) in model.tangents.iter_mut().zip(&model.normals) {
        if normal.z != 0.0 {
            *tangent = Vec4::new(1.0, 0.0, 0.0, -1.0);
        }
    }
    model
}

/// One corner of a face.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Corner {
    pub position: Vec3,
    pub normal: Vec3,
    pub uv: Option<Vec2>,
    pub colour: Option<[u8; 3]>,
}

/// All corners of all triangles, in order.
pub fn corners(model: &Model) -> Vec<Corner> {
    let corner = |&v: &u32| {
        let v = v as usize;
        Corner {
            position: model.positions[v],
            normal: model.normals[v],
            uv: model.uvs.get(v).copied(),
            colour: model.colours.get(v).copied(),
        }
    };
    model.triangles.as_flattened().iter().map(corner).collect()
}

/// That `read` is what remains of `model` in that format.
pub fn assert_kept(model: &Model, read: &Model, format: Format) {
    let carries = format.carries();
    let name = format.name();
    let (was, is) = (corners(model), corners(read));
    assert_eq!(was.len(), is.len(), "{name}: triangles");
    for (was, is) in was.iter().zip(&is) {
        // Half a micrometre: what 32-bit floats leave of it in millimetres.
        assert!(
            was.position.abs_diff_eq(is.position, 5e-6),
            "{name}: {was:?} {is:?}"
        );
        if !matches!(format, Format::Stl | Format::ThreeMf) {
            assert!(
                was.normal.abs_diff_eq(is.normal, 1e-5),
                "{name}: {was:?} {is:?}"
            );
        }
        if carries.textures {
            let same = match (was.uv, is.uv) {
                (Some(was), Some(is)) => was.abs_diff_eq(is, 1e-6),
                (was, is) => was.is_none() && is.is_none(),
            };
            assert!(same, "{name}: {was:?} {is:?}");
        }
        if carries.colours && was.colour.is_some() {
            assert_eq!(was.colour, is.colour, "{name}");
        }
    }
    let quads = if carries.quads { model.quads } else { 0 };
    assert_eq!(read.quads, quads, "{name}: quads");
    if carries.textures {
        assert_texture(
            &model.material.base_colour,
            &read.material.base_colour,
            name,
        );
    }
    if carries.pbr {
        assert_texture(&model.material.normal, &read.material.normal, name);
    }
}

fn assert_texture(was: &Option<Texture>, is: &Option<Texture>, name: &str) {
    let parts = |texture: &Texture| (texture.width, texture.height, texture.rgb.clone());
    assert_eq!(
        was.as_ref().map(parts),
        is.as_ref().map(parts),
        "{name}: texture"
    );
}
