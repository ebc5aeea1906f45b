//! Normals for meshes that bring none.

use std::collections::HashMap;

use glam::Vec3;

use crate::Object;

/// Faces that meet at a smaller angle than this look like one curved surface.
const CREASE_COS: f32 = 0.72;

/// Gives each corner the mean normal of the faces around it, as far as they are not across a
/// crease. Faces may be wound either way. Objects that already have normals keep them.
pub fn add_normals(object: &mut Object) {
    if object.normals.iter().any(|normal| *normal != Vec3::ZERO) {
        return;
    }
    let key = |p: Vec3| (p * 16384.0).round().as_ivec3();
    let faces: Vec<Vec3> = object
        .triangles
        .iter()
        .map(|triangle| {
            let [a, b, c] = triangle.map(|i| object.positions[i as usize]);
            (b - a).cross(c - a)
        })
        .collect();
    let mut around: HashMap<glam::IVec3, Vec<u32>> = HashMap::new();
    for (face, triangle) in object.triangles.iter().enumerate() {
        for &i in triangle {
            around
                .entry(key(object.positions[i as usize]))
                .or_default()
                .push(face as u32);
        }
    }
    let before = std::mem::take(object);
    let mut out = Object {
        materials: before.materials,
        textures: before.textures,
        material_of: before.material_of,
        ..Object::default()
    };
    let mut made: HashMap<(u32, [i8; 3]), u32> = HashMap::new();
    for (face, triangle) in before.triangles.iter().enumerate() {
        let own = faces[face].normalize_or_zero();
        let corners = triangle.map(|i| {
            let mut sum = Vec3::ZERO;
            for &other in &around[&key(before.positions[i as usize])] {
                let other = faces[other as usize];
                let cosine = other.normalize_or_zero().dot(own);
                if cosine.abs() > CREASE_COS {
                    sum += other * cosine.signum();
                }
            }
            let normal = sum.normalize_or(own);
            let rough = (normal * 60.0).round().to_array().map(|value| value as i8);
            *made.entry((i, rough)).or_insert_with(|| {
                out.positions.push(before.positions[i as usize]);
                out.uvs.push(before.uvs[i as usize]);
                out.colours.push(before.colours[i as usize]);
                out.normals.push(normal);
                out.positions.len() as u32 - 1
            })
        });
        out.triangles.push(corners);
    }
    *object = out;
}
