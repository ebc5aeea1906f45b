//! Cutting a mesh where one look gives way to another.

use std::collections::HashMap;

use glam::Vec3;
use mesh::Surface;

use super::body::{Body, Join, Part};

/// Triangles at most.
const MOST: usize = 5_000;

/// Splits triangles where a painted region begins.
pub fn cut_border(surface: &mut Surface, part: &Part) {
    // First enough vertices for the border to be noticed.
    for _ in 0..3 {
        let values: Vec<f32> = surface
            .positions
            .iter()
            .map(|&p| part.shape.value(p))
            .collect();
        let positions = surface.positions.clone();
        split(surface, |a, b| {
            let length = positions[a].distance(positions[b]);
            let close = values[a].abs().min(values[b].abs()) < length * 0.75;
            (length > 0.12 && close && (values[a] > 0.0) == (values[b] > 0.0)).then_some(0.5)
        });
    }
    let values: Vec<f32> = surface
        .positions
        .iter()
        .map(|&p| part.shape.value(p))
        .collect();
    split(surface, |a, b| {
        let (va, vb) = (values[a], values[b]);
        let t = va / (va - vb);
        ((va > 0.0) != (vb > 0.0) && (0.04..=0.96).contains(&t)).then_some(t)
    });
}

/// Splits triangles where one part's look gives way to another's.
pub fn part_border(surface: &mut Surface, body: &Body) {
    let owners: Vec<usize> = surface.positions.iter().map(|&p| body.owner(p)).collect();
    let positions = surface.positions.clone();
    split(surface, |a, b| {
        let (one, other) = (&body.parts[owners[a]], &body.parts[owners[b]]);
        if one.look == other.look {
            return None;
        }
        let signed = |part: &Part, p: Vec3| {
            let d = part.shape.value(p);
            if matches!(part.join, Join::Cut) {
                -d
            } else {
                d
            }
        };
        let ahead = |p: Vec3| signed(one, p) - signed(other, p);
        let (va, vb) = (ahead(positions[a]), ahead(positions[b]));
        let t = va / (va - vb);
        (0.1..=0.9).contains(&t).then_some(t)
    });
}

/// Splits the edges for which `at` says where (from the lower index), keeping the mesh closed.
fn split(surface: &mut Surface, at: impl Fn(usize, usize) -> Option<f32>) {
    if surface.triangles.len() > MOST - 300 {
        return;
    }
    let mut middles = HashMap::<(u32, u32), Option<u32>>::new();
    let mut positions = std::mem::take(&mut surface.positions);
    let mut middle = |a: u32, b: u32| {
        let (low, high) = (a.min(b), a.max(b));
        *middles.entry((low, high)).or_insert_with(|| {
            at(low as usize, high as usize).map(|t| {
                positions.push(positions[low as usize].lerp(positions[high as usize], t));
                positions.len() as u32 - 1
            })
        })
    };
    let mut out = Vec::with_capacity(surface.triangles.len() * 2);
    for &[a, b, c] in &surface.triangles {
        match [middle(a, b), middle(b, c), middle(c, a)] {
            [None, None, None] => out.push([a, b, c]),
            [Some(x), None, None] => out.extend([[a, x, c], [x, b, c]]),
            [None, Some(y), None] => out.extend([[a, b, y], [a, y, c]]),
            [None, None, Some(z)] => out.extend([[a, b, z], [z, b, c]]),
            [Some(x), Some(y), None] => out.extend([[x, b, y], [a, x, y], [a, y, c]]),
            [None, Some(y), Some(z)] => out.extend([[y, c, z], [a, b, y], [a, y, z]]),
            [Some(x), None, Some(z)] => out.extend([[a, x, z], [x, b, c], [x, c, z]]),
            [Some(x), Some(y), Some(z)] => {
                out.extend([[a, x, z], [x, b, y], [y, c, z], [x, y, z]]);
            }
        }
    }
    surface.positions = positions;
    surface.triangles = out;
}
