//! Cutting long edges, so that every part of the surface has vertices enough to carry a field.

use std::collections::HashMap;

use glam::Vec3;

use crate::Surface;

/// Needles could ask for more triangles than there is memory; beyond these they stay long.
const MOST_TRIANGLES: usize = 16_000_000;

/// Halves every edge longer than `longest` until none is left. Both triangles beside an edge cut
/// it at the same point, so a closed surface stays closed; the shape does not change.
pub(super) fn refined(surface: &Surface, longest: f32) -> Surface {
    let mut surface = surface.clone();
    loop {
        let before = surface.positions.len();
        halve(&mut surface, longest);
        if surface.positions.len() == before || surface.triangles.len() > MOST_TRIANGLES {
            return surface;
        }
    }
}

fn halve(surface: &mut Surface, longest: f32) {
    let mut middles = HashMap::new();
    let positions = &mut surface.positions;
    let mut middle = |a: u32, b: u32| {
        let (p, q): (Vec3, Vec3) = (positions[a as usize], positions[b as usize]);
        let key = (a.min(b), a.max(b));
        (p.distance_squared(q) > longest * longest).then(|| {
            *middles.entry(key).or_insert_with(|| {
                positions.push(0.5 * (p + q));
                positions.len() as u32 - 1
            })
        })
    };
    let mut triangles = Vec::with_capacity(surface.triangles.len());
    for &[a, b, c] in &surface.triangles {
        let cuts = [middle(a, b), middle(b, c), middle(c, a)];
        // Turned so that the cut edges come first.
        let turn = match cuts.map(|cut| cut.is_some()) {
            [false, true, false] | [false, true, true] => 1,
            [false, false, true] | [true, false, true] => 2,
            _ => 0,
        };
        let at = |k: usize| [a, b, c][(k + turn) % 3];
        let (a, b, c) = (at(0), at(1), at(2));
        let cut = |k: usize| cuts[(k + turn) % 3];
        match (cut(0), cut(1), cut(2)) {
            (Some(ab), Some(bc), Some(ca)) => {
                triangles.extend([[a, ab, ca], [ab, b, bc], [ca, bc, c], [ab, bc, ca]]);
            }
            (Some(ab), Some(bc), None) => triangles.extend([[ab, b, bc], [a, ab, bc], [a, bc, c]]),
            (Some(ab), None, None) => triangles.extend([[a, ab, c], [ab, b, c]]),
            _ => triangles.push([a, b, c]),
        }
    }
    surface.triangles = triangles;
}
