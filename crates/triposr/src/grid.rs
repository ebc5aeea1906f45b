//! Density on a lattice, everywhere or only where the surface is.

use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::kernels::elementwise;
use crate::progress::{Stage, Tell, Watch, watched};
use crate::scene::Scene;

/// Log densities at `side³` points that reach from −radius to radius on every axis.
pub struct Grid {
    /// Points per side.
    pub side: usize,
    /// The density's logarithm at point (x, y, z) is at `(x · side + y) · side + z`.
    pub logits: Vec<f32>,
    /// Points at which the decoder was asked; the others are interpolated.
    pub asked: usize,
}

impl Grid {
    /// The densities themselves.
    pub fn densities(&self) -> Vec<f32> {
        let mut densities = self.logits.clone();
        densities
            .par_chunks_mut(self.side * self.side)
            .for_each(|slab| _ = elementwise::exponentials(slab, 1.0, 0.0));
        densities
    }
}

/// Where the decoder is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sampling {
    /// At every point, as the reference.
    Dense,
    /// At every fourth point, then at every second and at last at all points of the cells that the
    /// surface passes or may pass. Coarse points are never further apart than the planes' texels,
    /// which bound how fine the density's detail can be; a lattice that would need more of them is
    /// dense.
    ///
    /// Cells are followed along the surface: wherever a face shows it leaving into a neighbour,
    /// that neighbour is asked too. What can get lost is only a part that lies wholly between the
    /// coarse points and far, in density, from everything around it.
    CoarseToFine,
}

/// Most fine cells in one of the coarsest on each axis.
const LARGEST_STEP: usize = 4;
/// A cell of the coarsest is looked into if its corners' log densities come this close to the surface's,
/// in units of how much they differ among themselves and from their neighbours; a smaller one, if they
/// come as much closer as it is smaller: inside a texel, density goes more and more straight.
const MARGIN: f32 = 1.0;

impl Scene {
    /// Densities on a lattice of `side` points per axis (at least 2; the reference has 256).
    /// `tell` hears of progress on this thread; answering `Break` cancels within milliseconds.
    ///
    /// # Errors
    /// [`Error::Cancelled`], or [`Error::NotANumber`] if the decoder's weights are nonsense.
    pub fn density(&self, side: usize, sampling: Sampling, tell: &mut Tell<'_>) -> Result<Grid> {
        let side = side.max(2);
        // How much lies near the surface isn't known before; this is about twice what is usual.
        let points = match sampling {
            Sampling::Dense => side.pow(3),
            Sampling::CoarseToFine => side.pow(3) / 12,
        };
        watched(
            Stage::Grid,
            self.work(points),
            tell,
            |watch| match sampling {
                Sampling::Dense => dense(self, side, watch),
                Sampling::CoarseToFine => coarse_to_fine(self, side, watch),
            },
        )
    }
}

/// A coordinate in units of the radius.
fn place(index: usize, side: usize) -> f32 {
    2.0 * index as f32 / (side - 1) as f32 - 1.0
}

fn indices(at: usize, side: usize) -> [usize; 3] {
    [at / (side * side), at / side % side, at % side]
}

pub(crate) fn dense(scene: &Scene, side: usize, watch: &Watch) -> Result<Grid> {
    let mut logits = vec![0.0; side.pow(3)];
    scene.logits(
        &mut logits,
        |at| indices(at, side).map(|index| place(index, side)),
        watch,
    )?;
    let asked = logits.len();
    finished(logits, side, asked)
}

pub(crate) fn coarse_to_fine(scene: &Scene, side: usize, watch: &Watch) -> Result<Grid> {
    let step = (side / scene.texels()).min(LARGEST_STEP);
    if step < 2 {
        return dense(scene, side, watch);
    }
    let mut lattice = Lattice::new(side, step);
    let corners = lattice.corners();
    lattice.ask(scene, &corners, watch)?;
    lattice.refine(scene, watch)?;
    let asked = lattice.asked;
    finished(lattice.filled(), side, asked)
}

fn finished(logits: Vec<f32>, side: usize, asked: usize) -> Result<Grid> {
    if !logits.par_iter().all(|logit| logit.is_finite()) {
        return Err(Error::NotANumber);
    }
    Ok(Grid {
        side,
        logits,
        asked,
    })
}

/// The fine lattice with what is known of it, and cells laid over it.
struct Lattice {
    side: usize,
    /// Log densities; not a number where nobody has asked.
    logits: Vec<f32>,
    asked: usize,
    /// From the coarsest to the finest, whose cells open to all their points.
    levels: Vec<Level>,
}

/// Cells of one size. Those of the next level fill them without rest.
struct Level {
    /// Fine points from one corner to the next.
    step: usize,
    /// Fine indices of the corners along an axis; the last cell may be narrower.
    marks: Vec<usize>,
    /// Whether a cell's points on the next level are known.
    open: Vec<bool>,
    /// How much a cell's corners differ, as far as somebody has looked.
    spans: Vec<f32>,
}

type Cell = [usize; 3];

impl Level {
    fn new(side: usize, step: usize) -> Self {
        let mut marks: Vec<usize> = (0..side - 1).step_by(step).collect();
        marks.push(side - 1);
        let cells = (marks.len() - 1).pow(3);
        Self {
            step,
            marks,
            open: vec![false; cells],
            spans: vec![0.0; cells],
        }
    }

    /// Cells per axis.
    fn cells(&self) -> usize {
        self.marks.len() - 1
    }

    fn index(&self, [x, y, z]: Cell) -> usize {
        (x * self.cells() + y) * self.cells() + z
    }

    fn is_open(&self, cell: Cell) -> bool {
        self.open[self.index(cell)]
    }

    /// The number of a fine index that is a mark.
    fn mark(&self, index: usize) -> usize {
        index.div_ceil(self.step)
    }

    /// The cell of this level that another level's lies in.
    fn around(&self, finer: &Self, cell: Cell) -> Cell {
        cell.map(|at| (finer.marks[at] / self.step).min(self.cells() - 1))
    }

    /// The cells that one of a coarser level consists of.
    fn inside(&self, coarser: &Self, cell: Cell) -> impl Iterator<Item = Cell> {
        let [x, y, z] = cell.map(|at| {
            let [first, last] = [coarser.marks[at], coarser.marks[at + 1]];
            self.mark(first)..self.mark(last)
        });
        let columns = x.flat_map(move |x| y.clone().map(move |y| [x, y]));
        columns.flat_map(move |[x, y]| z.clone().map(move |z| [x, y, z]))
    }
}

impl Lattice {
    fn new(side: usize, step: usize) -> Self {
        let half = |step: &usize| (step.is_multiple_of(2) && *step > 2).then(|| step / 2);
        let steps = std::iter::successors(Some(step), half);
        Self {
            side,
            logits: vec![f32::NAN; side.pow(3)],
            asked: 0,
            levels: steps.map(|step| Level::new(side, step)).collect(),
        }
    }

    fn at(&self, [x, y, z]: [usize; 3]) -> usize {
        (x * self.side + y) * self.side + z
    }

    /// The coarsest level's.
    fn corners(&self) -> Vec<usize> {
        let marks = &self.levels[0].marks;
        let columns = marks
            .iter()
            .flat_map(|&x| marks.iter().map(move |&y| [x, y]));
        columns
            .flat_map(|[x, y]| marks.iter().map(move |&z| self.at([x, y, z])))
            .collect()
    }

    /// Opens all cells that the surface passes or may pass.
    fn refine(&mut self, scene: &Scene, watch: &Watch) -> Result<()> {
        let iso = Scene::ISO.ln();
        let mut waiting = vec![Vec::new(); self.levels.len()];
        let count = self.levels[0].cells();
        waiting[0] = self.near(0, (0..count.pow(3)).map(|at| indices(at, count)), iso);
        // The coarsest first: a cell opens after the one that it lies in.
        while let Some(level) = waiting.iter().position(|cells| !cells.is_empty()) {
            let mut cells = std::mem::take(&mut waiting[level]);
            cells.sort_unstable();
            cells.dedup();
            cells.retain(|&cell| !self.levels[level].is_open(cell));
            let points = self.open(level, &cells);
            self.ask(scene, &points, watch)?;
            let entered = self.left_through_faces(level, &cells, iso);
            if let Some(coarser) = level.checked_sub(1) {
                let [coarse, fine] = [coarser, level].map(|level| &self.levels[level]);
                let around = entered.iter().map(|&cell| coarse.around(fine, cell));
                waiting[coarser].extend(around.filter(|&cell| !coarse.is_open(cell)));
            }
            waiting[level].extend(entered);
            if let [coarse, fine, ..] = &self.levels[level..] {
                let inside = cells.iter().flat_map(|&cell| fine.inside(coarse, cell));
                let inside: Vec<Cell> = inside.collect();
                let near = self.near(level + 1, inside, iso);
                waiting[level + 1].extend(near);
            }
        }
        Ok(())
    }

    fn ask(&mut self, scene: &Scene, points: &[usize], watch: &Watch) -> Result<()> {
        let side = self.side;
        let mut logits = vec![0.0; points.len()];
        let place = |at| indices(at, side).map(|index| place(index, side));
        scene.logits(&mut logits, |nth| place(points[nth]), watch)?;
        if !logits.iter().all(|logit| logit.is_finite()) {
            return Err(Error::NotANumber);
        }
        for (&at, logit) in points.iter().zip(logits) {
            self.logits[at] = logit;
        }
        self.asked += points.len();
        Ok(())
    }

    fn corner_values(&self, level: usize, cell: Cell) -> [f32; 8] {
        let marks = &self.levels[level].marks;
        std::array::from_fn(|corner| {
            let mark = |axis: usize| marks[cell[axis] + (corner >> axis & 1)];
            self.logits[self.at([mark(0), mark(1), mark(2)])]
        })
    }

    /// Those of these cells, whose corners are known, that have some on both sides of `iso`, or so near
    /// it for how steep the density is around them that it may be reached inside.
    fn near(&mut self, level: usize, cells: impl IntoIterator<Item = Cell>, iso: f32) -> Vec<Cell> {
        let cells: Vec<Cell> = cells.into_iter().collect();
        let range = |&cell| range(self.corner_values(level, cell));
        let ranges: Vec<[f32; 2]> = cells.par_iter().map(range).collect();
        let margin = MARGIN * self.levels[level].step as f32 / self.levels[0].step as f32;
        let level = &mut self.levels[level];
        for (&cell, [low, high]) in cells.iter().zip(&ranges) {
            let index = level.index(cell);
            level.spans[index] = high - low;
        }
        let count = level.cells();
        let steepness = |[x, y, z]: Cell| {
            let near = |index: usize| index.saturating_sub(1)..(index + 2).min(count);
            let around = near(x).flat_map(|x| near(y).map(move |y| [x, y]));
            let around = around.flat_map(|[x, y]| near(z).map(move |z| [x, y, z]));
            around
                .map(|cell| level.spans[level.index(cell)])
                .fold(0.0, f32::max)
        };
        let near = cells
            .into_par_iter()
            .zip(ranges)
            .filter(|(cell, [low, high])| {
                let margin = margin * steepness(*cell);
                low - margin <= iso && iso <= high + margin
            });
        near.map(|(cell, _)| cell).collect()
    }

    /// Marks cells as open and gives their points that nobody has asked for, each once.
    fn open(&mut self, level: usize, cells: &[Cell]) -> Vec<usize> {
        let all: Vec<usize> = (0..self.side).collect();
        let (coarser, finer) = self.levels.split_at_mut(level + 1);
        let level = &mut coarser[level];
        let next = finer.first();
        let marks = next.map_or(&all, |next| &next.marks);
        let number = |index| next.map_or(index, |next| next.mark(index));
        let mut points = Vec::new();
        for &cell in cells {
            let index = level.index(cell);
            level.open[index] = true;
            let along = |axis: usize| {
                let [first, last] = [0, 1].map(|end| number(level.marks[cell[axis] + end]));
                &marks[first..=last]
            };
            for x in along(0) {
                for y in along(1) {
                    for z in along(2) {
                        let at = (x * self.side + y) * self.side + z;
                        if self.logits[at].is_nan() {
                            // Asked for in this round; the number comes before anybody reads it.
                            self.logits[at] = 0.0;
                            points.push(at);
                        }
                    }
                }
            }
        }
        points
    }

    /// Closed neighbours of these open cells into which the surface goes on: some known point of the
    /// shared face lies on the other side than the neighbour's corners, which all lie on one.
    fn left_through_faces(&self, level: usize, cells: &[Cell], iso: f32) -> Vec<Cell> {
        let its = &self.levels[level];
        let entered = cells.par_iter().flat_map_iter(|&cell| {
            let neighbours = (0..3).flat_map(move |axis| [(axis, 0), (axis, 1)]);
            neighbours.filter_map(move |(axis, end)| {
                let mut other = cell;
                other[axis] = (cell[axis] + 2 * end).checked_sub(1)?;
                let closed = other[axis] < its.cells() && !its.is_open(other);
                (closed && self.crosses(level, cell, axis, end, iso)).then_some(other)
            })
        });
        entered.collect()
    }

    /// Whether known points of a cell's face lie on both sides of `iso`.
    fn crosses(&self, level: usize, cell: Cell, axis: usize, end: usize, iso: f32) -> bool {
        let marks = &self.levels[level].marks;
        let along = |of: usize| {
            let (first, last) = (marks[cell[of]], marks[cell[of] + 1]);
            if of != axis {
                first..=last
            } else if end == 0 {
                first..=first
            } else {
                last..=last
            }
        };
        let corner = |of: usize| *along(of).start();
        let inside = self.logits[self.at([corner(0), corner(1), corner(2)])] > iso;
        along(0).any(|x| {
            along(1).any(|y| {
                along(2).any(|z| {
                    let logit = self.logits[self.at([x, y, z])];
                    !logit.is_nan() && (logit > iso) != inside
                })
            })
        })
    }

    /// All points; what isn't known is filled from the corners around it. They all lie on one side of
    /// the surface, so the filling does too.
    fn filled(self) -> Vec<f32> {
        let Self {
            side,
            mut logits,
            levels,
            ..
        } = self;
        let all: Vec<usize> = (0..side).collect();
        let marks: Vec<&[usize]> = levels.iter().map(|level| &level.marks[..]).collect();
        for (level, marks) in levels.iter().zip(marks[1..].iter().chain([&&all[..]])) {
            let values = interpolated(&logits, side, level, marks);
            if marks.len() == side {
                return values;
            }
            let columns = marks
                .iter()
                .flat_map(|&x| marks.iter().map(move |&y| x * side + y));
            for (column, values) in columns.zip(values.chunks(marks.len())) {
                for (z, value) in marks.iter().zip(values) {
                    logits[column * side + z] = *value;
                }
            }
        }
        logits
    }
}

fn range(values: [f32; 8]) -> [f32; 2] {
    let low = values.into_iter().fold(f32::INFINITY, f32::min);
    let high = values.into_iter().fold(f32::NEG_INFINITY, f32::max);
    [low, high]
}

/// The values at some marks along each axis: those that are known, and what lies between a level's
/// corners.
fn interpolated(logits: &[f32], side: usize, level: &Level, marks: &[usize]) -> Vec<f32> {
    // For each fine index: the corners before and behind, and how far it is to the latter.
    let spans: Vec<(usize, usize, f32)> = (0..side)
        .map(|index| {
            let cell = (index / level.step).min(level.cells() - 1);
            let (first, last) = (level.marks[cell], level.marks[cell + 1]);
            (first, last, (index - first) as f32 / (last - first) as f32)
        })
        .collect();
    let mut values = vec![0.0; marks.len().pow(3)];
    let columns = values.par_chunks_mut(marks.len()).enumerate();
    columns.for_each(|(column, values)| {
        let (x, y) = (marks[column / marks.len()], marks[column % marks.len()]);
        let ((x0, x1, right), (y0, y1, down)) = (spans[x], spans[y]);
        for (&z, value) in marks.iter().zip(values) {
            *value = logits[(x * side + y) * side + z];
            if value.is_nan() {
                let (z0, z1, deep) = spans[z];
                let line = |x: usize, y: usize| {
                    let row = (x * side + y) * side;
                    logits[row + z0] * (1.0 - deep) + logits[row + z1] * deep
                };
                let plane = |x: usize| line(x, y0) * (1.0 - down) + line(x, y1) * down;
                *value = plane(x0) * (1.0 - right) + plane(x1) * right;
            }
        }
    });
    values
}
