//! Tangents as every renderer expects them.
//!
//! A normal map means something only together with the tangents it was baked with. The field's
//! agreement is MikkTSpace (Mikkelsen, "Simulation of wrinkled surfaces revisited", 2008); glTF 2.0
//! asks for it in section 3.7.2.1.

use bevy_mikktspace::{Geometry, TangentSpace, generate_tangents};
use glam::{Vec3, Vec4};

use crate::Model;

/// Gives every vertex its tangent. A vertex that needs two is doubled; a model without texture
/// coordinates is left as it is.
pub fn add_tangents(model: &mut Model) {
    if model.uvs.len() != model.positions.len() || model.triangles.is_empty() {
        return;
    }
    let mut corners = Corners {
        tangents: vec![Vec4::ZERO; model.triangles.len() * 3],
        model,
    };
    // It fails for models without a sound triangle only; their corners keep the stand-in.
    let _ = generate_tangents(&mut corners);
    let tangents = corners.tangents;

    model.tangents = vec![Vec4::ZERO; model.positions.len()];
    let mut taken = vec![false; model.positions.len()];
    let mut copies = std::collections::HashMap::new();
    for (corner, tangent) in tangents.into_iter().enumerate() {
        let (face, k) = (corner / 3, corner % 3);
        let vertex = model.triangles[face][k] as usize;
        let tangent = sound(tangent, model.normals[vertex]);
        if !taken[vertex] {
            taken[vertex] = true;
            model.tangents[vertex] = tangent;
        } else if !alike(model.tangents[vertex], tangent) {
            let key = (vertex, tangent.to_array().map(f32::to_bits));
            let copy = *copies
                .entry(key)
                .or_insert_with(|| doubled(model, vertex, tangent));
            model.triangles[face][k] = copy;
        }
    }
}

/// Differences as small as this are rounding.
fn alike(a: Vec4, b: Vec4) -> bool {
    a.w == b.w && a.truncate().dot(b.truncate()) > 0.9999
}

/// A unit tangent, whatever was computed.
fn sound(tangent: Vec4, normal: Vec3) -> Vec4 {
    let along = tangent.truncate().try_normalize();
    let along = along.unwrap_or_else(|| normal.any_orthonormal_vector());
    along.extend(if tangent.w < 0.0 { -1.0 } else { 1.0 })
}

fn doubled(model: &mut Model, vertex: usize, tangent: Vec4) -> u32 {
    model.positions.push(model.positions[vertex]);
    model.normals.push(model.normals[vertex]);
    model.uvs.push(model.uvs[vertex]);
    if let Some(&colour) = model.colours.get(vertex) {
        model.colours.push(colour);
    }
    model.tangents.push(tangent);
    model.positions.len() as u32 - 1
}

struct Corners<'a> {
    model: &'a Model,
    tangents: Vec<Vec4>,
}

impl Corners<'_> {
    fn vertex(&self, face: usize, corner: usize) -> usize {
        self.model.triangles[face][corner] as usize
    }
}

impl Geometry for Corners<'_> {
    fn num_faces(&self) -> usize {
        self.model.triangles.len()
    }

    fn num_vertices_of_face(&self, _: usize) -> usize {
        3
    }

    fn position(&self, face: usize, corner: usize) -> [f32; 3] {
        self.model.positions[self.vertex(face, corner)].to_array()
    }

    fn normal(&self, face: usize, corner: usize) -> [f32; 3] {
        self.model.normals[self.vertex(face, corner)].to_array()
    }

    /// The original counts v upwards, glTF downwards.
    fn tex_coord(&self, face: usize, corner: usize) -> [f32; 2] {
        let uv = self.model.uvs[self.vertex(face, corner)];
        [uv.x, 1.0 - uv.y]
    }

    fn set_tangent(&mut self, tangent: Option<TangentSpace>, face: usize, corner: usize) {
        if let Some(tangent) = tangent {
            self.tangents[face * 3 + corner] = Vec4::from_array(tangent.tangent_encoded());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use glam::Vec2;

    /// A unit square facing +Z, its texture upright or mirrored.
    fn square(mirrored: bool) -> Model {
        let uv = |x: f32, y: f32| Vec2::new(if mirrored { 1.0 - x } else { x }, 1.0 - y);
        Model {
            positions: vec![Vec3::ZERO, Vec3::X, Vec3::X + Vec3::Y, Vec3::Y],
            normals: vec![Vec3::Z; 4],
            uvs: vec![uv(0.0, 0.0), uv(1.0, 0.0), uv(1.0, 1.0), uv(0.0, 1.0)],
            triangles: vec![[0, 1, 2], [0, 2, 3]],
            ..Model::default()
        }
    }

    #[test]
    fn tangents_run_along_the_texture_and_bitangents_towards_its_top() {
        for (mirrored, expected) in [
            (false, Vec4::new(1.0, 0.0, 0.0, 1.0)),
            (true, Vec4::new(-1.0, 0.0, 0.0, -1.0)),
        ] {
            let mut model = square(mirrored);
            add_tangents(&mut model);
            assert_eq!(model.tangents, vec![expected; 4]);
            let tangent = model.tangents[0];
            let bitangent = model.normals[0].cross(tangent.truncate()) * tangent.w;
            assert_eq!(bitangent, Vec3::Y);
        }
    }

    #[test]
    fn a_vertex_between_upright_and_mirrored_texture_is_doubled() {
        let mut model = square(false);
        // The second half runs the other way.
        model.uvs[3] = Vec2::new(1.0, 1.0);
        add_tangents(&mut model);
        assert!(model.positions.len() > 4);
        assert_eq!(model.tangents.len(), model.positions.len());
        assert_eq!(model.normals.len(), model.positions.len());
        assert_eq!(
            model.surface().positions.len(),
            4,
            "the geometry is the same"
        );
    }

    #[test]
    fn flat_triangles_get_some_unit_tangent() {
        let mut model = square(false);
        model.uvs = vec![Vec2::ZERO; 4];
        add_tangents(&mut model);
        assert!(
            model
                .tangents
                .iter()
                .all(|t| (t.truncate().length() - 1.0).abs() < 1e-6)
        );
    }
}
