//! Faces of one piece that run through each other: cut out with what is around them, and the hole
//! closed again.

use crate::Surface;
use crate::bvh::Bvh;
use crate::check::crossings::crossings;

use super::{MOST_CROSSINGS, assemble, clean, fill, is_sound, pieces};

/// Where more than this share of the faces would go, there would be nothing left to go by.
const SHARE: f64 = 0.05;
const ATTEMPTS: usize = 4;

/// Returns the surface with as few crossings as it got, and how many these are.
pub(super) fn untangle(body: &Surface, crossing: usize) -> (Surface, usize) {
    let mut best = (body.clone(), crossing);
    for rings in 1..=ATTEMPTS {
        let Some(candidate) = without_crossings(&best.0, rings) else {
            break;
        };
        let left = crossings(&candidate, &Bvh::of(&candidate), MOST_CROSSINGS)
            .pairs
            .len();
        if left < best.1 && is_sound(&candidate) {
            best = (candidate, left);
        }
        if best.1 == 0 {
            break;
        }
    }
    best
}

/// Cuts out the crossing faces and `rings` of neighbours, and closes the holes.
fn without_crossings(body: &Surface, rings: usize) -> Option<Surface> {
    let found = crossings(body, &Bvh::of(body), MOST_CROSSINGS);
    let mut is_cut = vec![false; body.triangles.len()];
    found
        .pairs
        .as_flattened()
        .iter()
        .for_each(|&face| is_cut[face as usize] = true);
    for _ in 0..rings {
        let mut is_near = vec![false; body.positions.len()];
        for (triangle, _) in body.triangles.iter().zip(&is_cut).filter(|(_, cut)| **cut) {
            triangle
                .iter()
                .for_each(|&vertex| is_near[vertex as usize] = true);
        }
        for (triangle, cut) in body.triangles.iter().zip(&mut is_cut) {
            *cut |= triangle.iter().any(|&vertex| is_near[vertex as usize]);
        }
    }
    let cut = is_cut.iter().filter(|&&cut| cut).count();
    if found.is_capped || cut as f64 > SHARE * is_cut.len() as f64 {
        return None;
    }
    let kept = body.triangles.iter().zip(&is_cut).filter(|(_, cut)| !**cut);
    let mut rest = clean::compacted(Surface {
        positions: body.positions.clone(),
        triangles: kept.map(|(triangle, _)| *triangle).collect(),
    });
    assemble::assemble(&mut rest);
    pieces::drop_scraps(&mut rest, 1e-4);
    fill::fill(&mut rest);
    pieces::drop_scraps(&mut rest, 1e-4);
    Some(rest)
}
