//! Placing the islands in a square: the lowest place where an island's outline fits, the largest
//! island first, at the largest scale at which all of them fit.
//!
//! Outlines are bitmaps on a coarse grid, so that small islands lie in the bays of large ones
//! (Lévy et al., "Least squares conformal maps for automatic texture atlas generation", SIGGRAPH
//! 2002, section 4, pack along outlines, too).

use std::ops::RangeInclusive;

use glam::Vec2;
use rayon::prelude::*;

/// An island: corners of its triangles, and the smallest and largest coordinates of them.
pub(super) struct Island<'a> {
    pub triangles: &'a [[Vec2; 3]],
    pub low: Vec2,
    pub extent: Vec2,
}

/// Where everything went.
pub(super) struct Packed {
    /// Texels per unit of the sheet.
    pub scale: f32,
    /// Top left texel of each island, at its smallest coordinates.
    pub corners: Vec<Vec2>,
}

/// Rounds of halving the interval that holds the best scale.
const ROUNDS: usize = 9;
/// Cells per side of the grid at most: the bits of a [`Row`].
const CELLS: usize = 256;

/// Packs islands into a square of `size` texels with at least `gutter` texels between them and to the
/// border.
pub(super) fn pack(islands: &[Island], size: u32, gutter: u32) -> Packed {
    let sheet = Sheet::of(size, gutter);
    let mut order: Vec<usize> = (0..islands.len()).collect();
    order.sort_by(|&p, &q| {
        let size = |i: usize| {
            (
                islands[i].extent.x * islands[i].extent.y,
                islands[i].extent.y,
            )
        };
        size(q)
            .partial_cmp(&size(p))
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    let doubled: f32 = islands
        .iter()
        .flat_map(|island| island.triangles)
        .map(|[a, b, c]| (*b - *a).perp_dot(*c - *a).abs())
        .sum();
    let (mut low, mut high) = (
        0.0,
        size as f32 / (0.5 * doubled).sqrt().max(f32::MIN_POSITIVE),
    );
    // At scale 0 every island is a point with its gutter; too many of those lie on each other.
    let mut best = sheet.place(islands, &order, 0.0).unwrap_or_default();
    for _ in 0..ROUNDS {
        let scale = 0.5 * (low + high);
        match sheet.place(islands, &order, scale) {
            Some(corners) => (best, low) = (corners, scale),
            None => high = scale,
        }
    }
    best.resize(islands.len(), Vec2::splat(gutter as f32));
    Packed {
        scale: low,
        corners: best,
    }
}

/// A row of cells, one bit each.
#[derive(Clone, Copy, Default)]
struct Row([u64; CELLS / 64]);

impl Row {
    fn set(&mut self, cells: RangeInclusive<usize>) {
        let (first, last) = cells.into_inner();
        for (i, word) in self.0.iter_mut().enumerate() {
            let from = first.saturating_sub(i * 64).min(64) as u32;
            let to = (last + 1).saturating_sub(i * 64).min(64) as u32;
            let below = |bit: u32| 1_u64.checked_shl(bit).map_or(u64::MAX, |one| one - 1);
            *word |= below(to) & !below(from);
        }
    }

    fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(other.0).any(|(a, b)| a & b != 0)
    }

    /// Everything one cell to the right; what leaves on that side is lost.
    fn moved(&mut self) {
        let mut carry = 0;
        for word in &mut self.0 {
            (*word, carry) = (*word << 1 | carry, *word >> 63);
        }
    }
}

/// Smallest and largest x of the part of a triangle that lies between two heights; nothing (∞, −∞) where
/// none does.
fn within([a, b, c]: [Vec2; 3], [top, bottom]: [f32; 2]) -> (f32, f32) {
    let mut reach = (f32::INFINITY, f32::NEG_INFINITY);
    let mut add = |x: f32| reach = (reach.0.min(x), reach.1.max(x));
    for (p, q) in [(a, b), (b, c), (c, a)] {
        let (low, high) = (p.y.min(q.y), p.y.max(q.y));
        if high < top || low > bottom {
            continue;
        }
        // A level edge lies there as a whole.
        let at = |y: f32| match q.y == p.y {
            true => [p.x, q.x],
            false => [p.x + (q.x - p.x) * (y - p.y) / (q.y - p.y); 2],
        };
        at(low.max(top)).into_iter().for_each(&mut add);
        at(high.min(bottom)).into_iter().for_each(&mut add);
    }
    reach
}

/// The square as a grid of cells.
struct Sheet {
    /// Texels per side of a cell.
    cell: f32,
    /// Whole cells per side.
    side: usize,
    /// Half a gutter, which every island has around it, in texels.
    margin: f32,
}

impl Sheet {
    fn of(size: u32, gutter: u32) -> Self {
        let inner = size.saturating_sub(gutter).max(1);
        let cell = inner.div_ceil(CELLS as u32);
        Self {
            cell: cell as f32,
            side: (inner / cell) as usize,
            margin: 0.5 * gutter as f32,
        }
    }

    /// The corners at this scale, or `None` if something does not fit.
    fn place(&self, islands: &[Island], order: &[usize], scale: f32) -> Option<Vec<Vec2>> {
        let fits = |island: &Island| {
            let cells = (island.extent * scale + 2.0 * self.margin) / self.cell;
            cells.max_element() <= self.side as f32
        };
        if !islands.iter().all(fits) {
            return None;
        }
        let masks: Vec<Vec<Row>> = (islands.par_iter())
            .map(|island| self.mask(island, scale))
            .collect();
        let mut taken = vec![Row::default(); self.side];
        let mut corners = vec![Vec2::ZERO; islands.len()];
        for &island in order {
            let mask = &masks[island];
            let (x, y) = self.lowest(&taken, mask)?;
            for (row, own) in taken[y..].iter_mut().zip(mask) {
                let mut own = *own;
                (0..x).for_each(|_| own.moved());
                row.0.iter_mut().zip(own.0).for_each(|(a, b)| *a |= b);
            }
            let corner = Vec2::new(x as f32, y as f32) * self.cell;
            corners[island] = corner + 2.0 * self.margin;
        }
        Some(corners)
    }

    /// The cells that an island and its margin touch, from its top left corner.
    fn mask(&self, island: &Island, scale: f32) -> Vec<Row> {
        let height = ((island.extent.y * scale + 2.0 * self.margin) / self.cell) as usize + 1;
        let mut rows = vec![Row::default(); height.min(self.side)];
        let cell = |texels: f32, last: usize| ((texels / self.cell).max(0.0) as usize).min(last);
        for triangle in island.triangles {
            let corners = triangle.map(|p| (p - island.low) * scale + self.margin);
            let [a, b, c] = corners;
            let (low, high) = (a.min(b).min(c).y, a.max(b).max(c).y);
            let last = rows.len() - 1;
            let touched = cell(low - self.margin, last)..=cell(high + self.margin, last);
            for (row, y) in rows[touched.clone()].iter_mut().zip(touched) {
                let top = y as f32 * self.cell - self.margin;
                let band = [top, top + self.cell + 2.0 * self.margin];
                let (left, right) = within(corners, band);
                let last = self.side - 1;
                row.set(cell(left - self.margin, last)..=cell(right + self.margin, last));
            }
        }
        rows
    }

    /// The lowest, then leftmost, place for a mask: column and row.
    fn lowest(&self, taken: &[Row], mask: &[Row]) -> Option<(usize, usize)> {
        let union = mask.iter().fold(Row::default(), |mut all, row| {
            all.0.iter_mut().zip(row.0).for_each(|(a, b)| *a |= b);
            all
        });
        let width = (0..CELLS)
            .rev()
            .find(|&x| union.0[x / 64] >> (x % 64) & 1 == 1)
            .map_or(1, |x| x + 1);
        let mut mask = mask.to_vec();
        let mut best: Option<(usize, usize)> = None;
        for x in 0..=self.side.checked_sub(width)? {
            let below = best.map_or((self.side + 1).checked_sub(mask.len())?, |(_, y)| y);
            // Where rows met, the next one of the mask mostly meets the same row again.
            let mut met = None;
            let fits = |y: &usize| {
                let meet = |&at: &usize| taken[at].meets(&mask[at - y]);
                let again = met.filter(|at| at >= y).filter(meet);
                met = again.or_else(|| (*y..*y + mask.len()).find(meet));
                met.is_none()
            };
            if let Some(y) = (0..below).find(fits) {
                best = Some((x, y));
            }
            mask.iter_mut().for_each(Row::moved);
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two triangles for each rectangle.
    fn rectangle(extent: Vec2) -> [[Vec2; 3]; 2] {
        let [a, b, c, d] = [Vec2::ZERO, extent.with_y(0.0), extent, extent.with_x(0.0)];
        [[a, b, c], [a, c, d]]
    }

    #[test]
    fn rectangles_fill_most_of_the_square_and_never_touch() {
        let extents: Vec<Vec2> = (0..60)
            .map(|i| Vec2::new(1.0 + (i * 7 % 11) as f32, 1.0 + (i * 5 % 13) as f32))
            .collect();
        let rectangles: Vec<_> = extents.iter().map(|&extent| rectangle(extent)).collect();
        let islands: Vec<Island> = (rectangles.iter().zip(&extents))
            .map(|(triangles, &extent)| Island {
                triangles,
                low: Vec2::ZERO,
                extent,
            })
            .collect();
        let (size, gutter) = (512, 4);
        let packed = pack(&islands, size, gutter);
        let area: f32 = extents.iter().map(|e| e.x * e.y).sum::<f32>() * packed.scale.powi(2);
        assert!(area > 0.6 * (size * size) as f32, "{area}");
        for (i, (a, ae)) in packed.corners.iter().zip(&extents).enumerate() {
            let a_end = *a + *ae * packed.scale;
            assert!(
                a.min_element() >= gutter as f32 && a_end.max_element() <= (size - gutter) as f32
            );
            for (b, be) in packed.corners.iter().zip(&extents).skip(i + 1) {
                let b_end = *b + *be * packed.scale;
                let gap = (*b - a_end).max(*a - b_end).max_element();
                assert!(gap >= gutter as f32, "{gap}");
            }
        }
    }

    #[test]
    fn an_island_lies_in_the_bay_of_another() {
        // An L and the square that it leaves free: together a rectangle.
        let at = |x: f32, y: f32, extent: Vec2| {
            rectangle(extent).map(|t| t.map(|p| p + Vec2::new(x, y)))
        };
        let l = [
            at(0.0, 0.0, Vec2::new(1.0, 4.0)),
            at(1.0, 3.0, Vec2::new(3.0, 1.0)),
        ]
        .concat();
        let square = rectangle(Vec2::splat(2.8));
        let islands = [
            Island {
                triangles: &l,
                low: Vec2::ZERO,
                extent: Vec2::splat(4.0),
            },
            Island {
                triangles: &square,
                low: Vec2::ZERO,
                extent: Vec2::splat(2.8),
            },
        ];
        let packed = pack(&islands, 512, 4);
        assert!(packed.scale > 512.0 / 4.4, "{}", packed.scale);
    }

    #[test]
    fn more_islands_than_there_is_room_for_are_no_panic() {
        let dot = rectangle(Vec2::splat(1e-3));
        let islands: Vec<Island> = (0..300)
            .map(|_| Island {
                triangles: &dot,
                low: Vec2::ZERO,
                extent: Vec2::splat(1e-3),
            })
            .collect();
        let packed = pack(&islands, 32, 6);
        assert_eq!(packed.corners.len(), 300);
        assert!(packed.corners.iter().all(|c| c.max_element() <= 32.0));
    }
}
