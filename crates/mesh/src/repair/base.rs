//! A flat base: the lowest part is cut off and the cut closed, so that the model stands.

use std::collections::BTreeMap;

use glam::Vec3;
use spade::{ConstrainedDelaunayTriangulation, Point2, Triangulation};

use super::{clean::compacted, is_sound};
use crate::Surface;
use crate::measure::bounds;

/// Cuts off the lowest `fraction` (0 to 0.5) of the height of a closed surface and closes the cut
/// with a plane. The result stands on the height of the cut. Returns the area of the new base;
/// `None`, and the surface as it was, if it would not be closed and manifold after that.
pub fn flatten_base(surface: &mut Surface, fraction: f32) -> Option<f64> {
    let (low, high) = bounds(&surface.positions);
    let height = high.y - low.y;
    let mut plane = low.y + fraction.clamp(0.0, 0.5) * height;
    // A vertex exactly in the plane would belong to both sides.
    for _ in 0..64 {
        if surface.positions.iter().all(|p| p.y != plane) {
            break;
        }
        plane += 1e-6 * height;
    }
    let (mut cut, contour) = above(surface, plane);
    let lid = lid(&cut.positions, &contour)?;
    let area = |&[a, b, c]: &[u32; 3]| {
        let [a, b, c] = [a, b, c].map(|v| cut.positions[v as usize].as_dvec3());
        0.5 * (b - a).cross(c - a).length()
    };
    let area = lid.iter().map(area).sum();
    cut.triangles.extend(lid);
    let cut = compacted(cut);
    is_sound(&cut).then(|| {
        *surface = cut;
        area
    })
}

/// What is above the plane, and the edges in the plane as the lid's faces walk them.
fn above(surface: &Surface, plane: f32) -> (Surface, Vec<[u32; 2]>) {
    let mut cut = Surface {
        positions: surface.positions.clone(),
        triangles: Vec::new(),
    };
    let mut contour = Vec::new();
    let mut on_edge: BTreeMap<[u32; 2], u32> = BTreeMap::new();
    for &triangle in &surface.triangles {
        let is_above = triangle.map(|v| surface.positions[v as usize].y > plane);
        let count = is_above.iter().filter(|&&above| above).count();
        if count == 3 {
            cut.triangles.push(triangle);
        }
        if count == 0 || count == 3 {
            continue;
        }
        // Turned so that the corner alone on its side comes first.
        let alone = (0..3).find(|&i| is_above[i] == (count == 1)).unwrap_or(0);
        let [a, b, c] = std::array::from_fn(|i| triangle[(alone + i) % 3]);
        let mut crossing = |from: u32, to: u32| {
            let key = [from.min(to), from.max(to)];
            *on_edge.entry(key).or_insert_with(|| {
                let [p, q] = key.map(|v| surface.positions[v as usize]);
                let t = (plane - p.y) / (q.y - p.y);
                let place = p.lerp(q, t);
                cut.positions.push(Vec3::new(place.x, plane, place.z));
                cut.positions.len() as u32 - 1
            })
        };
        let (ab, ca) = (crossing(a, b), crossing(c, a));
        if count == 1 {
            cut.triangles.push([a, ab, ca]);
            contour.push([ca, ab]);
        } else {
            cut.triangles.extend([[ab, b, c], [ab, c, ca]]);
            contour.push([ab, ca]);
        }
    }
    (cut, contour)
}

/// Fills the contour: a Delaunay triangulation that has all of its edges, of which the parts
/// inside are taken. Faces look down. `None` if the contour crosses itself.
fn lid(positions: &[Vec3], contour: &[[u32; 2]]) -> Option<Vec<[u32; 3]>> {
    let mut plan = ConstrainedDelaunayTriangulation::<Point2<f64>>::new();
    let mut vertex_of = BTreeMap::new();
    let mut handle_of = BTreeMap::new();
    for &vertex in contour.as_flattened() {
        if handle_of.contains_key(&vertex) {
            continue;
        }
        let place = positions[vertex as usize];
        let handle = plan
            .insert(Point2::new(place.x.into(), place.z.into()))
            .ok()?;
        handle_of.insert(vertex, handle);
        if vertex_of.insert(handle.index(), vertex).is_some() {
            return None;
        }
    }
    for &[from, to] in contour {
        let (from, to) = (handle_of[&from], handle_of[&to]);
        if !plan.can_add_constraint(from, to) || !plan.add_constraint(from, to) {
            return None;
        }
    }
    let mut beyond = vec![Vec::new(); plan.num_all_faces()];
    for edge in plan.directed_edges() {
        let (face, other) = (edge.face().index(), edge.rev().face().index());
        beyond[face].push((other, edge.is_constraint_edge()));
    }
    // From outside inwards: each edge of the contour changes sides.
    let mut is_inside = vec![None; beyond.len()];
    let mut waiting = vec![(plan.outer_face().index(), false)];
    while let Some((face, inside)) = waiting.pop() {
        if is_inside[face].replace(inside).is_none() {
            let next = beyond[face]
                .iter()
                .filter(|(other, _)| is_inside[*other].is_none());
            waiting.extend(next.map(|&(other, is_border)| (other, inside ^ is_border)));
        }
    }
    let faces = plan
        .inner_faces()
        .filter(|face| is_inside[face.index()] == Some(true));
    Some(
        faces
            // Counter-clockwise in (x, z) looks down, along −y.
            .map(|face| face.vertices().map(|v| vertex_of[&v.fix().index()]))
            .collect(),
    )
}
