//! Pieces that nobody wants, and pieces that are inside out.

use crate::Surface;
use crate::bvh::Bvh;
use crate::soup::{Shells, depths, edges, shells, sides};

use super::clean::compacted;

/// A closed piece whose volume is below this share of its area to the power of 3/2 is a folded
/// sheet; a ball has 0.094, a sheet a thousand times wider than thick 0.0004.
const SHEET: f64 = 1e-6;
/// Open pieces are sheets below this share: they have only part of their area.
const OPEN_SHEET: f64 = 1e-3;

/// What [`drop_scraps`] did.
pub(super) struct Scraps {
    pub dropped: usize,
    /// Their share of the area.
    pub share: f64,
}

fn shells_of(body: &Surface) -> Shells {
    let mut joined = Vec::new();
    let mut is_open = vec![false; body.triangles.len()];
    let sides = sides(&body.triangles);
    for edge in edges(&sides) {
        match edge {
            [one, other] => joined.push((one.face, other.face, one.up == other.up)),
            crowd => crowd
                .iter()
                .for_each(|side| is_open[side.face as usize] = true),
        }
    }
    shells(body, &joined, &is_open)
}

fn keep(body: &mut Surface, shells: &Shells, is_kept: &[bool]) -> usize {
    let mut triangles = std::mem::take(&mut body.triangles);
    let mut face = 0;
    triangles.retain(|_| {
        face += 1;
        is_kept[shells.of_face[face - 1] as usize]
    });
    *body = compacted(Surface {
        positions: std::mem::take(&mut body.positions),
        triangles,
    });
    is_kept.iter().filter(|&&kept| !kept).count()
}

/// Drops pieces with less than the share `crumb` of the largest piece's area, and sheets.
pub(super) fn drop_scraps(body: &mut Surface, crumb: f64) -> Scraps {
    let shells = shells_of(body);
    let total: f64 = shells.list.iter().map(|shell| shell.area).sum();
    let largest = shells
        .list
        .iter()
        .map(|shell| shell.area)
        .fold(0.0, f64::max);
    let is_kept: Vec<bool> = shells
        .list
        .iter()
        .map(|shell| {
            let thinnest = if shell.closed { SHEET } else { OPEN_SHEET };
            shell.volume.abs() > thinnest * shell.area.powf(1.5) && shell.area >= crumb * largest
        })
        .collect();
    let kept: f64 = shells
        .list
        .iter()
        .zip(&is_kept)
        .filter(|(_, kept)| **kept)
        .map(|(s, _)| s.area)
        .sum();
    let share = if total > 0.0 { 1.0 - kept / total } else { 0.0 };
    Scraps {
        dropped: keep(body, &shells, &is_kept),
        share,
    }
}

/// Turns closed pieces that are inside out, except cavities, and drops what lies inside others
/// unless that is to stay. Returns the numbers of faces turned and pieces dropped.
pub(super) fn settle(body: &mut Surface, keep_inner: bool) -> (usize, usize) {
    let shells = shells_of(body);
    let depths = depths(body, || Bvh::of(body), &shells);
    let mut turned = 0;
    for (face, triangle) in body.triangles.iter_mut().enumerate() {
        let shell = shells.of_face[face] as usize;
        if shells.list[shell].volume < 0.0 && depths[shell] % 2 == 0 {
            triangle.swap(1, 2);
            turned += 1;
        }
    }
    let is_kept: Vec<bool> = depths
        .iter()
        .map(|&depth| depth == 0 || keep_inner)
        .collect();
    let dropped = if is_kept.contains(&false) {
        keep(body, &shells, &is_kept)
    } else {
        0
    };
    (turned, dropped)
}
