//! How thick the material is behind each face: straight inwards to the opposite wall, as in the
//! shape diameter function (Shapira et al., 2008) with its cone narrowed to one ray.

use std::ops::Range;

use glam::Vec3;
use rayon::prelude::*;

use crate::Surface;
use crate::bvh::Bvh;
use crate::soup::corners;

/// At most about so many faces are measured, evenly picked.
const SAMPLES: usize = 200_000;
/// The opposite wall faces away at least this much (cosine): the ridge of a roof is no thin wall.
const OPPOSITE: f32 = -0.5;
/// Surfaces met on the way out before a ray is given up.
const MET: usize = 16;

/// What was measured, in the surface's own units.
pub(super) struct Measured {
    pub thinnest: Option<(f32, Vec3)>,
    pub thin_share: f32,
    /// Faces with less than the smallest wall behind them.
    pub thin: Vec<u32>,
}

/// `outward` are normals of any length.
pub(super) fn measure(surface: &Surface, bvh: &Bvh, outward: &[Vec3], smallest: f32) -> Measured {
    let stride = surface.triangles.len().div_ceil(SAMPLES).max(1);
    let (low, high) = crate::measure::bounds(&surface.positions);
    let range = 1e-6 * (high - low).length()..f32::MAX;
    let measured: Vec<(u32, f32)> = (0..surface.triangles.len() as u32)
        .into_par_iter()
        .step_by(stride)
        .filter_map(|face| {
            let thickness = thickness(surface, bvh, outward, face, range.clone())?;
            Some((face, thickness))
        })
        .collect();
    let mut thinnest: Option<(f32, Vec3)> = None;
    let (mut area, mut thin_area) = (0.0, 0.0);
    let mut thin = Vec::new();
    for (face, thickness) in measured {
        let doubled = f64::from(outward[face as usize].length());
        area += doubled;
        if thickness < smallest {
            thin_area += doubled;
            thin.extend((face..face + stride as u32).take_while(|&f| (f as usize) < outward.len()));
        }
        if thinnest.is_none_or(|(least, _)| thickness < least) {
            thinnest = Some((thickness, middle(surface, face)));
        }
    }
    let thin_share = if area > 0.0 {
        (thin_area / area) as f32
    } else {
        0.0
    };
    Measured {
        thinnest,
        thin_share,
        thin,
    }
}

fn middle(surface: &Surface, face: u32) -> Vec3 {
    let [a, b, c] = corners(surface, face);
    (a + b + c) / 3.0
}

/// `None` where there is no way out, or no opposite wall where it is.
fn thickness(
    surface: &Surface,
    bvh: &Bvh,
    outward: &[Vec3],
    face: u32,
    mut range: Range<f32>,
) -> Option<f32> {
    let normal = outward[face as usize].try_normalize()?;
    let origin = middle(surface, face);
    let step = range.start;
    // Pieces may overlap: the material ends where as many were left as were entered.
    let mut depth = 1;
    for _ in 0..MET {
        let hit = bvh.ray(origin, -normal, range.clone())?;
        let cosine = outward[hit.face as usize].normalize_or_zero().dot(normal);
        depth += if cosine > 0.0 { 1 } else { -1 };
        if depth == 0 {
            return (cosine < OPPOSITE).then_some(hit.distance);
        }
        range.start = hit.distance + step;
    }
    None
}
