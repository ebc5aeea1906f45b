//! Normals for files without: smooth, but sharp along creases, so that a box stays a box.

use std::collections::HashMap;

use glam::Vec3;

use super::scene::{Part, unit};
use crate::weld;

/// Faces that meet at less than 40° look like one surface: `cos 40°`.
const CREASE: f32 = 0.766;
/// Corners around one point beyond which all count alike: comparing them in pairs would take too
/// long, and nobody sees creases in such a fan.
const MANY: usize = 64;

/// Gives a part normals, weighted by the angle of each corner (Thürmer and Wüthrich, "Computing
/// vertex normals from polygonal facets", 1998). Vertices on creases are split.
pub(super) fn compute(part: &mut Part) {
    let mut face_normals: Vec<Vec3> = part
        .triangles
        .iter()
        .map(|t| face_normal(part, t))
        .collect();
    // A quad's halves look one way, or a crease could run along its diagonal and tear it.
    let (quads, _) = face_normals[..2 * part.quads].as_chunks_mut::<2>();
    for halves in quads {
        *halves = [unit(halves[0] + halves[1]).unwrap_or_default(); 2];
    }
    let (points, point_of) = weld::distinct(part.positions.iter().map(|p| p.to_array()));
    let around = corners_around(part, &point_of, points.len());

    let mut from: Vec<u32> = Vec::with_capacity(part.positions.len());
    let mut normals: Vec<Vec3> = Vec::with_capacity(part.positions.len());
    let mut numbers: HashMap<(u32, [u32; 3]), u32> = HashMap::new();
    let mut triangles = part.triangles.clone();
    for (face, triangle) in part.triangles.iter().enumerate() {
        for (corner, &vertex) in triangle.iter().enumerate() {
            let corners = around.of(point_of[vertex as usize]);
            let all = corners.len() > MANY;
            let mine = face_normals[face];
            let sum: Vec3 = (corners.iter())
                .map(|&(other, weight)| (face_normals[other as usize], weight))
                .filter(|&(other, _)| all || mine.dot(other) >= CREASE)
                .map(|(normal, weight)| normal * weight)
                .sum();
            let normal = unit(sum).unwrap_or(if mine == Vec3::ZERO { Vec3::Y } else { mine });
            let key = (vertex, normal.to_array().map(f32::to_bits));
            triangles[face][corner] = *numbers.entry(key).or_insert_with(|| {
                from.push(vertex);
                normals.push(normal);
                from.len() as u32 - 1
            });
        }
    }
    part.normals.clear();
    part.gather(&from);
    part.normals = normals;
    part.triangles = triangles;
}

/// Zero where a triangle has no area.
fn face_normal(part: &Part, triangle: &[u32; 3]) -> Vec3 {
    let [a, b, c] = triangle.map(|v| part.positions[v as usize]);
    // Unit edges: the product of tiny ones would vanish.
    let edge = |to: Vec3| unit(to - a).unwrap_or_default();
    unit(edge(b).cross(edge(c))).unwrap_or_default()
}

/// The corners at each point, as triangle and angle.
struct Around {
    begins: Vec<u32>,
    corners: Vec<(u32, f32)>,
}

impl Around {
    fn of(&self, point: u32) -> &[(u32, f32)] {
        let [begin, end] = [point, point + 1].map(|p| self.begins[p as usize] as usize);
        &self.corners[begin..end]
    }
}

fn corners_around(part: &Part, point_of: &[u32], points: usize) -> Around {
    let mut begins = vec![0_u32; points + 1];
    for &vertex in part.triangles.as_flattened() {
        begins[point_of[vertex as usize] as usize + 1] += 1;
    }
    for point in 0..points {
        begins[point + 1] += begins[point];
    }
    let mut next = begins.clone();
    let mut corners = vec![(0, 0.0); part.triangles.len() * 3];
    for (face, triangle) in part.triangles.iter().enumerate() {
        for corner in 0..3 {
            let [at, left, right] =
                [0, 1, 2].map(|i| part.positions[triangle[(corner + i) % 3] as usize]);
            let edge = |to: Vec3| unit(to - at).unwrap_or_default();
            let angle = edge(left).dot(edge(right)).clamp(-1.0, 1.0).acos();
            let next = &mut next[point_of[triangle[corner] as usize] as usize];
            corners[*next as usize] = (face as u32, angle);
            *next += 1;
        }
    }
    Around { begins, corners }
}
