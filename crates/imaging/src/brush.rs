//! A matte corrected by hand: strokes over what is to be kept and what is to go.
//!
//! A stroke is followed exactly. Around it, it goes on for a short way, as far as the colours stay
//! alike, so that a quick stroke along an edge gives the edge and not the stroke's outline. Alike
//! is measured by geodesic distance: Criminisi, Sharp and Blake, "GeoS: Geodesic Image
//! Segmentation", ECCV 2008.

use crate::picture::AlphaRole;
use crate::{Mask, Matte, Picture, guided};

/// Longer side of the grid that strokes spread on, in cells.
const GRID: u32 = 320;
/// Cells that a stroke spreads over where nothing changes.
const REACH: f32 = 10.0;
/// Cells that a step from black to white is worth: no stroke crosses a clear edge.
const EDGE: f32 = 60.0;
/// Sweeps over the grid after which distances hardly change any more.
const SWEEPS: usize = 3;

impl Matte {
    /// The matte with everything under `keep` opaque. Panics unless all have the same size.
    pub fn kept(self, keep: &Mask, picture: &Picture) -> Self {
        self.stroked(keep, picture, 255)
    }

    /// The matte with everything under `erase` clear. Panics unless all have the same size.
    pub fn erased(self, erase: &Mask, picture: &Picture) -> Self {
        self.stroked(erase, picture, 0)
    }

    fn stroked(mut self, stroke: &Mask, picture: &Picture, goal: u8) -> Self {
        assert_eq!((self.width, self.height), (stroke.width, stroke.height));
        let spread = spread(stroke, picture);
        let goal = f32::from(goal);
        for ((alpha, &marked), &weight) in self.alpha.iter_mut().zip(&stroke.marked).zip(&spread) {
            let weight = if marked { 255 } else { weight };
            let change = (goal - f32::from(*alpha)) * f32::from(weight) / 255.0;
            *alpha = (f32::from(*alpha) + change + 0.5) as u8;
        }
        self
    }
}

/// How much each pixel follows the stroke, 0–255.
fn spread(stroke: &Mask, picture: &Picture) -> Vec<u8> {
    let longer = picture.width.max(picture.height);
    let cells = |side: u32| {
        (u64::from(side) * u64::from(GRID.min(longer))).div_ceil(u64::from(longer)) as u32
    };
    let (width, height) = (cells(picture.width), cells(picture.height));
    let guide = picture.resized(width, height, AlphaRole::Channel);
    let mut distance = vec![f32::INFINITY; width as usize * height as usize];
    for (at, _) in stroke
        .marked
        .iter()
        .enumerate()
        .filter(|(_, marked)| **marked)
    {
        let (x, y) = (at % stroke.width as usize, at / stroke.width as usize);
        let cell = |at: usize, cells: u32, pixels: u32| at * cells as usize / pixels as usize;
        let (column, row) = (cell(x, width, stroke.width), cell(y, height, stroke.height));
        distance[row * width as usize + column] = 0.0;
    }
    for _ in 0..SWEEPS {
        sweep(&mut distance, &guide);
    }
    let weights: Vec<f32> = distance
        .iter()
        .map(|&cells| {
            let near = (1.0 - cells / REACH).max(0.0);
            near * near * (3.0 - 2.0 * near)
        })
        .collect();
    guided::upsample(&weights, &guide, picture)
}

/// Shortens distances by going there and back over the grid once.
fn sweep(distance: &mut [f32], guide: &Picture) {
    let (width, height) = (guide.width as i32, guide.height as i32);
    // Neighbours that a pass from the top left has already seen; the way back sees the others.
    let before = [(-1, 0), (-1, -1), (0, -1), (1, -1)];
    let cells = (width * height) as usize;
    for (at, back) in (0..cells)
        .map(|at| (at, false))
        .chain((0..cells).rev().map(|at| (at, true)))
    {
        let (x, y) = (at as i32 % width, at as i32 / width);
        for (dx, dy) in before {
            let (dx, dy) = if back { (-dx, -dy) } else { (dx, dy) };
            let (nx, ny) = (x + dx, y + dy);
            if (0..width).contains(&nx) && (0..height).contains(&ny) {
                let step = ((dx * dx + dy * dy) as f32).sqrt();
                let here = guide.colour(x as usize, y as usize);
                let there = guide.colour(nx as usize, ny as usize);
                let change = here.iter().zip(there).map(|(a, b)| (a - b).abs());
                let change = change.fold(0.0, f32::max);
                let reached = distance[(ny * width + nx) as usize] + step + EDGE * change;
                distance[at] = distance[at].min(reached);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIDE: u32 = 200;

    /// Red on the left half, blue on the right.
    fn halves() -> Picture {
        let pixel = |i: u32| match i % SIDE < SIDE / 2 {
            true => [200, 30, 30, 255],
            false => [30, 30, 200, 255],
        };
        Picture::new(SIDE, SIDE, (0..SIDE * SIDE).flat_map(pixel).collect())
    }

    /// A stroke down the left half, three pixels away from the edge between the halves.
    fn stroke() -> Mask {
        let marked = (0..SIDE * SIDE).map(|i| (80..97).contains(&(i % SIDE)));
        Mask {
            width: SIDE,
            height: SIDE,
            marked: marked.collect(),
        }
    }

    fn matte(alpha: u8) -> Matte {
        Matte {
            width: SIDE,
            height: SIDE,
            alpha: vec![alpha; (SIDE * SIDE) as usize],
        }
    }

    #[test]
    fn a_stroke_reaches_to_the_edge_beside_it_and_not_beyond() {
        for (goal, corrected) in [
            (255, matte(0).kept(&stroke(), &halves())),
            (0, matte(255).erased(&stroke(), &halves())),
        ] {
            let row = &corrected.alpha[100 * SIDE as usize..][..SIDE as usize];
            assert!(row[80..97].iter().all(|&a| a == goal), "the stroke itself");
            assert!(
                row[97..100].iter().all(|a| a.abs_diff(goal) < 60),
                "{:?}",
                &row[95..105]
            );
            assert!(
                row[101..].iter().all(|a| a.abs_diff(goal) > 230),
                "{:?}",
                &row[95..105]
            );
            assert!(
                row[..50].iter().all(|a| a.abs_diff(goal) == 255),
                "far away"
            );
        }
    }
}
