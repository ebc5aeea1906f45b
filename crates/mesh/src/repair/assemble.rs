//! From a heap of faces to pieces that are manifold (with borders) and face outwards.
//!
//! Faces are joined pair by pair across their edges; a vertex is then whatever corners hang
//! together through such pairs. No edge can have three faces and no vertex two fans after that.

use glam::Vec3;

use crate::Surface;
use crate::bvh::Bvh;
use crate::soup::{Sets, Side, corners, depths, doubled_normal, edges, shells, sides};

/// Vertices that were one are moved apart by this share of their shortest edge, so that programs
/// which merge equal positions don't undo the cut.
const APART: f32 = 2e-3;

/// What [`assemble`] did.
#[derive(Default)]
pub(super) struct Assembled {
    pub turned_faces: usize,
    pub split_edges: usize,
    pub split_vertices: usize,
}

/// Turns faces until they agree and look outwards, and separates what may not hang together.
pub(super) fn assemble(surface: &mut Surface) -> Assembled {
    let turned_faces = orient(surface);
    let sides = sides(&surface.triangles);
    let mut split_edges = 0;
    let mut fans = Sets::of(surface.triangles.len() * 3);
    let mut join = |one: &Side, other: &Side| {
        let (one, other) = (one.corners(), other.corners());
        fans.join(one[0] as u32, other[0] as u32);
        fans.join(one[1] as u32, other[1] as u32);
    };
    for edge in edges(&sides) {
        match edge {
            [_] => {}
            [one, other] if one.up != other.up => join(one, other),
            [_, _] => split_edges += 1,
            crowd => {
                split_edges += 1;
                for (one, other) in pairs(surface, crowd) {
                    join(&one, &other);
                }
            }
        }
    }
    let (vertex_of, count) = fans.numbered();
    let split_vertices = separate(surface, &vertex_of, count);
    Assembled {
        turned_faces,
        split_edges,
        split_vertices,
    }
}

/// Turns faces over until neighbours agree (the smaller area gives way), then closed pieces that are
/// inside out. Cavities stay turned inwards; what is open is judged once it is closed.
fn orient(surface: &mut Surface) -> usize {
    let sides = sides(&surface.triangles);
    let mut joined = Vec::new();
    let mut is_open = vec![false; surface.triangles.len()];
    for edge in edges(&sides) {
        match edge {
            [one, other] => joined.push((one.face, other.face, one.up == other.up)),
            crowd if crowd.len() % 2 == 1 => {
                crowd
                    .iter()
                    .for_each(|side| is_open[side.face as usize] = true);
            }
            _ => {}
        }
    }
    let shells = shells(surface, &joined, &is_open);
    let depths = depths(surface, || Bvh::of(surface), &shells);
    let mut turned = 0;
    for (face, triangle) in surface.triangles.iter_mut().enumerate() {
        let number = shells.of_face[face] as usize;
        let shell = &shells.list[number];
        let is_inside_out = shell.closed && shell.volume < 0.0 && depths[number] % 2 == 0;
        if shells.turned[face] ^ is_inside_out {
            triangle.swap(1, 2);
            turned += 1;
        }
    }
    turned
}

/// Who belongs to whom around an edge with more than two faces.
fn pairs(surface: &Surface, crowd: &[Side]) -> Vec<(Side, Side)> {
    let [low, high] = crowd[0]
        .ends
        .map(|v| surface.positions[v as usize].as_dvec3());
    let axis = (high - low).normalize_or(glam::DVec3::X);
    let (u, v) = axis.any_orthonormal_pair();
    let (u, v) = if u.cross(v).dot(axis) > 0.0 {
        (u, v)
    } else {
        (v, u)
    };
    let angle = |side: &Side| {
        let apex = surface.triangles[side.face as usize][(side.edge as usize + 2) % 3];
        let towards = surface.positions[apex as usize].as_dvec3() - low;
        towards.dot(v).atan2(towards.dot(u))
    };
    let mut around: Vec<(f64, Side)> = crowd.iter().map(|side| (angle(side), *side)).collect();
    around.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let ups = around.iter().filter(|(_, side)| side.up).count();
    if ups * 2 == around.len() {
        wedges(&around)
    } else {
        flattest(&around)
    }
}

/// Solid touches solid: each wedge of material keeps its own two faces. Around the edge it begins
/// at a face that walks down and ends at one that walks up.
fn wedges(around: &[(f64, Side)]) -> Vec<(Side, Side)> {
    let mut open = Vec::new();
    let mut is_paired = vec![false; around.len()];
    let mut pairs = Vec::new();
    for i in (0..around.len()).chain(0..around.len()) {
        if is_paired[i] {
            continue;
        }
        if !around[i].1.up {
            if !open.contains(&i) {
                open.push(i);
            }
        } else if let Some(begin) = open.pop() {
            is_paired[i] = true;
            is_paired[begin] = true;
            pairs.push((around[begin].1, around[i].1));
        }
    }
    pairs
}

/// A fin stands on a wall: whatever goes on most smoothly belongs together, the rest is cut off.
fn flattest(around: &[(f64, Side)]) -> Vec<(Side, Side)> {
    let mut candidates = Vec::new();
    for (i, one) in around.iter().enumerate() {
        for (j, other) in around.iter().enumerate().filter(|(_, other)| !other.1.up) {
            if one.1.up {
                let bend = ((one.0 - other.0).abs() - std::f64::consts::PI).abs();
                candidates.push((bend, i, j));
            }
        }
    }
    candidates.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut is_paired = vec![false; around.len()];
    let mut pairs = Vec::new();
    for (_, i, j) in candidates {
        if !is_paired[i] && !is_paired[j] {
            is_paired[i] = true;
            is_paired[j] = true;
            pairs.push((around[i].1, around[j].1));
        }
    }
    pairs
}

/// Gives each fan a vertex of its own. Returns how many that are more than before.
fn separate(surface: &mut Surface, vertex_of: &[u32], count: usize) -> usize {
    let mut positions = vec![Vec3::ZERO; count];
    let mut inner = vec![(Vec3::ZERO, 0.0_f32, f32::INFINITY); count];
    let mut old = vec![0; count];
    for (face, triangle) in (0..).zip(&surface.triangles) {
        let around = corners(surface, face);
        for i in 0..3 {
            let vertex = vertex_of[face as usize * 3 + i] as usize;
            positions[vertex] = around[i];
            old[vertex] = triangle[i];
            let (sum, weight, shortest) = &mut inner[vertex];
            let area = doubled_normal(around).length() as f32;
            *sum += area * (around[(i + 1) % 3] + around[(i + 2) % 3]) * 0.5;
            *weight += area;
            let edges = [
                around[i].distance(around[(i + 1) % 3]),
                around[i].distance(around[(i + 2) % 3]),
            ];
            *shortest = shortest.min(edges[0]).min(edges[1]);
        }
    }
    let mut is_taken = vec![false; surface.positions.len()];
    let mut split = 0;
    for vertex in 0..count {
        let taken = &mut is_taken[old[vertex] as usize];
        if *taken {
            split += 1;
            let (sum, weight, shortest) = inner[vertex];
            let place = positions[vertex];
            let inwards = (sum / weight.max(f32::MIN_POSITIVE) - place).normalize_or(Vec3::Y);
            let step = (APART * shortest).max(4e-7 * place.abs().max_element());
            positions[vertex] = place + inwards * step;
        }
        *taken = true;
    }
    surface.positions = positions;
    for (face, triangle) in surface.triangles.iter_mut().enumerate() {
        *triangle = std::array::from_fn(|i| vertex_of[face * 3 + i]);
    }
    split
}
