//! The scene's density on a cubic lattice, as a logarithm: 0 at the surface, positive inside.

use rayon::prelude::*;
use triposr::{Grid, Scene};

/// How far from the surface's a log density may be: beyond, it tells nothing more.
const MOST: f32 = 20.0;

/// Densities in the cube from −radius to radius, in the scene's axes.
pub(super) struct Lattice {
    side: usize,
    radius: f32,
    /// At point (x, y, z): `(x · side + y) · side + z`.
    logits: Vec<f32>,
}

impl Lattice {
    pub(super) fn of(grid: Grid, radius: f32) -> Self {
        let Grid {
            side, mut logits, ..
        } = grid;
        let iso = Scene::ISO.ln();
        logits
            .par_iter_mut()
            .for_each(|value| *value = (*value - iso).clamp(-MOST, MOST));
        Self {
            side,
            radius,
            logits,
        }
    }

    /// Distance between neighbouring points.
    pub(super) fn spacing(&self) -> f32 {
        2.0 * self.radius / (self.side - 1) as f32
    }

    /// Between points linear; nothing is outside the cube.
    pub(super) fn at(&self, point: [f32; 3]) -> f32 {
        let last = (self.side - 1) as f32;
        let place = point.map(|x| self.place(x));
        if place.iter().any(|x| !(0.0..=last).contains(x)) {
            return -MOST;
        }
        let low = place.map(|x| (x as usize).min(self.side - 2));
        let part: [f32; 3] = std::array::from_fn(|axis| place[axis] - low[axis] as f32);
        let at = (low[0] * self.side + low[1]) * self.side + low[2];
        let mix = |a: f32, b: f32, part: f32| a + (b - a) * part;
        let line = |at: usize| mix(self.logits[at], self.logits[at + 1], part[2]);
        let plane = |at: usize| mix(line(at), line(at + self.side), part[1]);
        mix(plane(at), plane(at + self.side * self.side), part[0])
    }

    /// A coordinate in steps from the lattice's first point.
    fn place(&self, along: f32) -> f32 {
        (along / self.radius + 1.0) * 0.5 * (self.side - 1) as f32
    }

    /// How steep the logarithm usually is at the surface: the median, per unit of length. Nothing
    /// where there is no surface.
    pub(super) fn slope(&self) -> Option<f32> {
        let strides = [self.side * self.side, self.side, 1];
        let inner = 1..self.side - 1;
        let mut slopes: Vec<f32> = (inner.clone())
            .into_par_iter()
            .flat_map_iter(|x| {
                let rows = inner
                    .clone()
                    .flat_map(|y| inner.clone().map(move |z| (y, z)));
                rows.filter_map(move |(y, z)| {
                    let at = (x * self.side + y) * self.side + z;
                    let inside = self.logits[at] > 0.0;
                    let crosses = strides.iter().any(|by| self.logits[at - by] <= 0.0)
                        || strides.iter().any(|by| self.logits[at + by] <= 0.0);
                    let rise = |by: usize| 0.5 * (self.logits[at + by] - self.logits[at - by]);
                    (inside && crosses).then(|| {
                        let squares = strides.iter().map(|&by| rise(by).powi(2));
                        squares.sum::<f32>().sqrt()
                    })
                })
            })
            .collect();
        let middle = slopes.len() / 2;
        if slopes.is_empty() {
            return None;
        }
        let (_, median, _) = slopes.select_nth_unstable_by(middle, f32::total_cmp);
        Some((*median / self.spacing()).max(f32::MIN_POSITIVE))
    }

    /// Which points are inside.
    pub(super) fn occupied(&self) -> Occupied<'_> {
        let words = self.side.div_ceil(64);
        let mut bits = vec![0_u64; words * self.side * self.side];
        let area = self.side * self.side;
        let slabs: Vec<&[f32]> = self.logits.chunks_exact(area).collect();
        bits.par_chunks_mut(words * self.side)
            .zip((0..area).into_par_iter().step_by(self.side))
            .for_each(|(bits, first)| {
                for (x, slab) in slabs.iter().enumerate() {
                    let row = &slab[first..first + self.side];
                    for (words, logit) in bits.chunks_exact_mut(words).zip(row) {
                        words[x / 64] |= u64::from(*logit > 0.0) << (x % 64);
                    }
                }
            });
        let mut any = vec![0; words];
        for column in bits.chunks_exact(words) {
            any.iter_mut()
                .zip(column)
                .for_each(|(any, word)| *any |= word);
        }
        let some = |x: &usize| any[x / 64] >> (x % 64) & 1 == 1;
        Occupied {
            lattice: self,
            words,
            bits,
            first: (0..self.side).find(some),
            last: (0..self.side).rfind(some),
        }
    }
}

/// A bit for each point of a lattice, x fastest: a ray goes nearly along x, so it stays in a few
/// words.
pub(super) struct Occupied<'a> {
    pub(super) lattice: &'a Lattice,
    words: usize,
    bits: Vec<u64>,
    /// First and last index along x at which anything is inside.
    first: Option<usize>,
    last: Option<usize>,
}

impl Occupied<'_> {
    /// Between which x everything is that is inside.
    pub(super) fn extent(&self) -> Option<[f32; 2]> {
        let along = |index: usize| index as f32 * self.lattice.spacing() - self.lattice.radius;
        Some([along(self.first?), along(self.last?)])
    }

    /// Whether a line passes through anything: the line through `(x, from + x · by)`, with y and z
    /// in `from` and `by`.
    pub(super) fn hit(&self, from: [f32; 2], by: [f32; 2]) -> bool {
        let (Some(first), Some(last)) = (self.first, self.last) else {
            return false;
        };
        let Lattice { side, radius, .. } = *self.lattice;
        // In steps of the lattice, plus a half for rounding.
        let start = [0, 1].map(|i| self.lattice.place(from[i] - radius * by[i]) + 0.5);
        (first..=last).rev().any(|x| {
            let [y, z] = [0, 1].map(|i| start[i] + by[i] * x as f32);
            let inside = 0.0..side as f32;
            if !inside.contains(&y) || !inside.contains(&z) {
                return false;
            }
            let column = y as usize * side + z as usize;
            self.bits[column * self.words + x / 64] >> (x % 64) & 1 == 1
        })
    }
}
