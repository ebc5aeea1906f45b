//! From parts to a mesh: sampling from coarse to fine, simplifying, colouring.

use std::collections::HashMap;

use glam::{Vec2, Vec3};
use mesh::Surface;
use mesh::isosurface::{Field, isosurface};

use super::body::{Body, Join, Part};
use super::borders::{cut_border, part_border};
use crate::object::Object;

/// Samples along the longest side.
const SAMPLES: f32 = 118.0;
/// Samples along a block's side.
const BLOCK: usize = 8;
/// Triangles before colour borders are cut in.
const TRIANGLES: usize = 3_800;
/// Parts are looked for this far from the origin.
const REACH: f32 = 3.2;

/// A finished mesh and how its coordinates came from the parts': `p * scale + shift`.
pub struct Built {
    /// The mesh.
    pub object: Object,
    /// Scale from part to object coordinates.
    pub scale: f32,
    /// Shift after scaling.
    pub shift: Vec3,
    /// Whether it is one piece without inner holes, and simple enough.
    pub whole: bool,
}

/// The parts that can matter within `radius` of `p`.
fn near<'a>(parts: &[&'a Part], p: Vec3, radius: f32) -> Vec<&'a Part> {
    let matters = |part: &&&Part| match part.join {
        Join::Add(k) => part.shape.value(p) <= radius + k,
        Join::Cut => part.shape.value(p) <= radius,
        Join::Paint => false,
    };
    parts.iter().filter(matters).copied().collect()
}

fn value(parts: &[&Part], p: Vec3) -> f32 {
    parts.iter().fold(1e9, |solid, part| {
        Body::join(solid, part, part.shape.value(p))
    })
}

/// Where anything is, on a grid of 1/128 of the reach.
fn bounds(parts: &[&Part], centre: Vec3, half: f32, depth: u32, into: &mut (Vec3, Vec3)) {
    let low = centre - half;
    let high = centre + half;
    if low.cmpge(into.0).all() && high.cmple(into.1).all() {
        return;
    }
    let radius = half * 1.7321;
    let parts = near(parts, centre, radius);
    if parts.is_empty() || value(&parts, centre) > radius {
        return;
    }
    if depth == 0 {
        *into = (into.0.min(low), into.1.max(high));
        return;
    }
    for corner in 0..8 {
        let sign = |bit: i32| if corner >> bit & 1 == 1 { 0.5 } else { -0.5 };
        let offset = Vec3::new(sign(0), sign(1), sign(2)) * half;
        bounds(&parts, centre + offset, half / 2.0, depth - 1, into);
    }
}

/// Samples the solid where its surface can be.
fn sample(parts: &[&Part], low: Vec3, step: f32, size: [usize; 3]) -> Field {
    let [nx, ny, nz] = size;
    let mut values = vec![-1.0_f32; nx * ny * nz];
    let place = |x: f32, y: f32, z: f32| low + Vec3::new(x, y, z) * step;
    let mut fill = |parts: &[&Part], from: [usize; 3], side: usize| {
        for z in from[2]..(from[2] + side).min(nz) {
            for y in from[1]..(from[1] + side).min(ny) {
                for x in from[0]..(from[0] + side).min(nx) {
                    let slot = (z * ny + y) * nx + x;
                    values[slot] = if parts.is_empty() {
                        1.0
                    } else {
                        -value(parts, place(x as f32, y as f32, z as f32)) / step
                    };
                }
            }
        }
    };
    let reach = |side: usize| (side as f32 * 0.5 + 0.6) * 1.7321 * step;
    for z in (0..nz).step_by(BLOCK) {
        for y in (0..ny).step_by(BLOCK) {
            for x in (0..nx).step_by(BLOCK) {
                let middle = |v: usize, side: usize| v as f32 + (side as f32 - 1.0) / 2.0;
                let centre = place(middle(x, BLOCK), middle(y, BLOCK), middle(z, BLOCK));
                let few = near(parts, centre, reach(BLOCK));
                let d = value(&few, centre);
                if few.is_empty() || d > reach(BLOCK) {
                    continue;
                }
                if d < -reach(BLOCK) {
                    fill(&[], [x, y, z], BLOCK);
                    continue;
                }
                let half = BLOCK / 2;
                for corner in 0..8 {
                    let from = [
                        x + (corner & 1) * half,
                        y + (corner >> 1 & 1) * half,
                        z + (corner >> 2 & 1) * half,
                    ];
                    let [a, b, c] = from.map(|v| middle(v, half));
                    let d = value(&few, place(a, b, c));
                    if d.abs() <= reach(half) {
                        fill(&few, from, half);
                    } else if d < 0.0 {
                        fill(&[], from, half);
                    }
                }
            }
        }
    }
    Field { size, values }
}

/// Makes the mesh; `None` where there is nothing.
pub fn build(body: &Body) -> Option<Built> {
    let parts: Vec<&Part> = body.parts.iter().collect();
    let mut found = (Vec3::splat(f32::MAX), Vec3::splat(f32::MIN));
    bounds(&parts, Vec3::ZERO, REACH, 7, &mut found);
    let extent = found.1 - found.0;
    if extent.min_element() <= 0.0 {
        return None;
    }
    let step = extent.max_element() / (SAMPLES - 2.0);
    // Off the parts' round numbers, so that flat faces don't lie exactly on samples.
    let low = found.0 - step * Vec3::new(1.37, 1.41, 1.43);
    let size = (extent / step).to_array().map(|n| n.ceil() as usize + 4);
    let field = sample(&parts, low, step, size);
    let mut surface = isosurface(&field);
    if surface.triangles.is_empty() {
        return None;
    }
    let (kept, mut whole) = only_piece(&surface);
    surface = kept;
    if body.soft > 0 {
        mesh::smooth::taubin(&mut surface, body.soft);
    }
    let mut surface = mesh::simplify::simplify(&surface, TRIANGLES);
    if surface.triangles.len() > TRIANGLES + 400 {
        // What had to be kept the first time may go now.
        surface = mesh::simplify::simplify(&surface, TRIANGLES - 400);
    }
    for p in &mut surface.positions {
        *p = low + *p * step;
    }
    whole &= surface.triangles.len() <= TRIANGLES + 1_000;
    part_border(&mut surface, body);
    for part in body
        .parts
        .iter()
        .filter(|part| matches!(part.join, Join::Paint))
    {
        cut_border(&mut surface, part);
    }
    let (lowest, highest) = mesh::measure::bounds(&surface.positions);
    // A hair less than 1, so that rounding keeps it within the box.
    let scale = 0.999_99 / (highest - lowest).max_element();
    let shift = -(lowest + highest) / 2.0 * scale;
    let object = colour(body, &parts, &surface, step, scale, shift);
    Some(Built {
        object,
        scale,
        shift,
        whole,
    })
}

/// The largest piece, and whether there was no other.
fn only_piece(surface: &Surface) -> (Surface, bool) {
    let kept = mesh::components::keep_large(surface, 1.0);
    let whole = kept.triangles.len() == surface.triangles.len();
    (kept, whole)
}

/// Looks, normals and texture coordinates; vertices part where these differ.
fn colour(
    body: &Body,
    parts: &[&Part],
    surface: &Surface,
    step: f32,
    scale: f32,
    shift: Vec3,
) -> Object {
    let mut object = Object {
        materials: body.materials.clone(),
        textures: body.textures.clone(),
        ..Object::default()
    };
    let mut known = HashMap::<(u32, [i16; 5]), u32>::with_capacity(surface.positions.len() * 2);
    for &triangle in &surface.triangles {
        let corners = triangle.map(|v| surface.positions[v as usize]);
        let centre = (corners[0] + corners[1] + corners[2]) / 3.0;
        let flat = (corners[1] - corners[0])
            .cross(corners[2] - corners[0])
            .normalize_or_zero();
        let few = near(parts, centre, step * 4.0 + centre.distance(corners[0]));
        let look = body.look(centre);
        let uvs = body.uvs(look, corners.map(|p| p * scale + shift), flat);
        let indices = [0, 1, 2].map(|i| {
            let inwards = (centre - corners[i]).clamp_length_max(step * 1.2);
            let normal = gradient(&few, corners[i] + inwards, step * 0.4);
            let normal = if normal.dot(flat) > 0.3 { normal } else { flat };
            let uv: Vec2 = uvs[i];
            let round = |v: f32, by: f32| (v * by).round().clamp(-32_000.0, 32_000.0) as i16;
            let key = [
                round(normal.x, 60.0),
                round(normal.y, 60.0),
                round(normal.z, 60.0),
                round(uv.x, 2_000.0),
                round(uv.y, 2_000.0),
            ];
            *known.entry((triangle[i], key)).or_insert_with(|| {
                object.positions.push(corners[i] * scale + shift);
                object.normals.push(normal);
                object.uvs.push(uv);
                object.colours.push(Vec3::ONE);
                object.positions.len() as u32 - 1
            })
        });
        object.triangles.push(indices);
        object.material_of.push(look);
    }
    object
}

/// The direction out of the solid.
fn gradient(parts: &[&Part], p: Vec3, h: f32) -> Vec3 {
    let at = |x: f32, y: f32, z: f32| {
        let way = Vec3::new(x, y, z);
        way * value(parts, p + way * h)
    };
    (at(1.0, -1.0, -1.0) + at(-1.0, -1.0, 1.0) + at(-1.0, 1.0, -1.0) + at(1.0, 1.0, 1.0))
        .normalize_or_zero()
}
