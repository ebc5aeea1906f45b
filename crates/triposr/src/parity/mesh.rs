//! The surface held against the reference's: as many triangles, and the same vertices.

use std::path::Path;

use checkpoint::Checkpoint;
use safetensors::SafeTensors;

use super::{Check, values};
use crate::error::{Error, Result};
use crate::marching::Mesh;

/// How far a vertex may be from the reference's, in units of the scene.
const TOLERANCE: f32 = 1e-3;

/// A line for the vertices and one for the faces; none where the golden file has no mesh.
///
/// The reference has some vertices twice: it merges those that are equal number by number, and two
/// cells may round the same one differently. So its vertices have to be ours with repetitions.
pub(super) fn compared(ours: &Mesh, golden: &Checkpoint, file: &Path) -> Result<Vec<Check>> {
    let Some(theirs) = values(golden, "mesh.vertices") else {
        return Ok(Vec::new());
    };
    let theirs = theirs.as_chunks::<3>().0;
    let mut checks = vec![vertices(&ours.vertices, theirs)];
    if let Some(theirs) = face_count(file)? {
        let difference = ours.faces.len().abs_diff(theirs);
        checks.push(Check {
            name: "mesh.faces".into(),
            shape: vec![theirs, 3],
            max_abs: difference as f32,
            relative_rms: difference as f32 / theirs.max(1) as f32,
            tolerance: 0.0,
            ok: difference == 0,
        });
    }
    Ok(checks)
}

fn vertices(ours: &[[f32; 3]], theirs: &[[f32; 3]]) -> Check {
    let mut order: Vec<usize> = (0..ours.len()).collect();
    order.sort_by(|&a, &b| ours[a][0].total_cmp(&ours[b][0]));
    let mut met = vec![false; ours.len()];
    let (mut farthest, mut squares) = (0f32, 0f64);
    for vertex in theirs {
        let start = order.partition_point(|&at| ours[at][0] < vertex[0] - TOLERANCE);
        let near = order[start..]
            .iter()
            .take_while(|&&at| ours[at][0] <= vertex[0] + TOLERANCE)
            .map(|&at| (at, distance(ours[at], *vertex)))
            .min_by(|a, b| a.1.total_cmp(&b.1));
        let apart = near.map_or(f32::INFINITY, |(at, apart)| {
            met[at] = true;
            apart
        });
        farthest = farthest.max(apart);
        squares += f64::from(apart).powi(2);
    }
    let sizes = theirs.iter().flatten().map(|&x| f64::from(x).powi(2));
    Check {
        name: "mesh.vertices".into(),
        shape: vec![theirs.len(), 3],
        max_abs: farthest,
        relative_rms: (squares / sizes.sum::<f64>()).sqrt() as f32,
        tolerance: TOLERANCE,
        ok: farthest <= TOLERANCE && met.iter().all(|&met| met),
    }
}

fn distance(a: [f32; 3], b: [f32; 3]) -> f32 {
    let squares = a.iter().zip(b).map(|(a, b)| (a - b).powi(2));
    squares.sum::<f32>().sqrt()
}

/// Corners of triangles are whole numbers, which are no weights: a [`Checkpoint`] leaves them out.
fn face_count(golden: &Path) -> Result<Option<usize>> {
    let bytes = std::fs::read(golden).map_err(|source| Error::File {
        file: "golden.safetensors".into(),
        source,
    })?;
    let shape = SafeTensors::deserialize(&bytes)
        .ok()
        .and_then(|tensors| Some(tensors.tensor("mesh.faces").ok()?.shape().to_vec()));
    Ok(shape.and_then(|shape| shape.first().copied()))
}
