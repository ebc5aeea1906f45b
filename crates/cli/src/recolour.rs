//! A surface that was changed gets the colours of the model it came from.

use glam::Vec3;
use mesh::bvh::Bvh;
use mesh::{Model, Surface, measure};

/// `surface` as a model, its vertices coloured as the nearest places of `model` are. Texture
/// coordinates don't survive a change of faces, so textures become vertex colours.
pub fn recoloured(surface: Surface, model: &Model) -> Model {
    let coloured = formats::to_vertex_colours(model);
    let colours = if coloured.colours.is_empty() {
        Vec::new()
    } else {
        nearest_colours(&surface, &coloured)
    };
    Model {
        normals: measure::vertex_normals(&surface),
        colours,
        positions: surface.positions,
        triangles: surface.triangles,
        material: coloured.material,
        ..Model::default()
    }
}

fn nearest_colours(surface: &Surface, coloured: &Model) -> Vec<[u8; 3]> {
    let bvh = Bvh::of(&Surface {
        positions: coloured.positions.clone(),
        triangles: coloured.triangles.clone(),
    });
    let colour = |&position: &Vec3| {
        let Some(nearest) = bvh.nearest(position, f32::INFINITY) else {
            return [255; 3];
        };
        let corners = coloured.triangles[nearest.face as usize]
            .map(|v| Vec3::from(coloured.colours[v as usize].map(f32::from)));
        let [a, b, c] = corners;
        let w = nearest.weights;
        (a * w.x + b * w.y + c * w.z)
            .to_array()
            .map(|c| c.round() as u8)
    };
    surface.positions.iter().map(colour).collect()
}
