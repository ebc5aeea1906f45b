//! Density on a lattice, everywhere or only where the surface is.

use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::kernels::elementwise;
use crate::progress::{Stage, Tell, Watch, watched};
use crate::scene::Scene;

/// Densities at `side³` points that reach from −radius to radius on every axis.
pub struct Grid {
    /// Points per side.
    pub side: usize,
    /// Density at point (x, y, z) is at `(x · side + y) · side + z`.
    pub densities: Vec<f32>,
    /// Points at which the decoder was asked; the others are interpolated.
    pub asked: usize,
}

/// Where the decoder is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sampling {
    /// At every point, as the reference.
    Dense,
    /// At every fourth point, then at all points of the cells that the surface passes or may pass.
    /// Coarse points are never further apart than the planes' texels, which bound how fine the
    /// density's detail can be; a lattice that would need more of them is dense.
    ///
    /// Cells are followed along the surface: wherever a face shows it leaving into a neighbour,
    /// that neighbour is asked too. What can get lost is only a part that lies wholly between the
    /// coarse points and far, in density, from everything around it.
    CoarseToFine,
}

/// Most fine cells per coarse cell on each axis.
const LARGEST_STEP: usize = 4;
/// A coarse cell is looked into if its corners' log densities come this close to the surface's,
/// in units of how much they differ among themselves and from their neighbours.
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
            Sampling::CoarseToFine => side.pow(3) / 6,
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
    let mut cells = lattice.cells_near(Scene::ISO.ln());
    while !cells.is_empty() {
        let points = lattice.open(&cells);
        lattice.ask(scene, &points, watch)?;
        cells = lattice.left_through_faces(&cells, Scene::ISO.ln());
    }
    let asked = lattice.asked;
    let Lattice { logits, marks, .. } = lattice;
    finished(interpolated(logits, side, &marks), side, asked)
}

fn finished(mut logits: Vec<f32>, side: usize, asked: usize) -> Result<Grid> {
    if !logits.iter().all(|logit| logit.is_finite()) {
        return Err(Error::NotANumber);
    }
    logits
        .par_chunks_mut(side * side)
        .for_each(|slab| _ = elementwise::exponentials(slab, 1.0, 0.0));
    Ok(Grid {
        side,
        densities: logits,
        asked,
    })
}

/// The fine lattice with what is known of it, and the coarse cells laid over it.
struct Lattice {
    side: usize,
    /// Log densities; not a number where nobody has asked.
    logits: Vec<f32>,
    asked: usize,
    /// Fine indices of the coarse points along an axis; the last cell may be narrower.
    marks: Vec<usize>,
    /// Whether all points of a coarse cell are known.
    open: Vec<bool>,
}

type Cell = [usize; 3];

impl Lattice {
    fn new(side: usize, step: usize) -> Self {
        let mut marks: Vec<usize> = (0..side - 1).step_by(step).collect();
        marks.push(side - 1);
        let open = vec![false; (marks.len() - 1).pow(3)];
        Self {
            side,
            logits: vec![f32::NAN; side.pow(3)],
            asked: 0,
            marks,
            open,
        }
    }

    /// Coarse cells per axis.
    fn cells(&self) -> usize {
        self.marks.len() - 1
    }

    fn at(&self, [x, y, z]: [usize; 3]) -> usize {
        (x * self.side + y) * self.side + z
    }

    fn cell(&self, [x, y, z]: Cell) -> usize {
        (x * self.cells() + y) * self.cells() + z
    }

    fn corners(&self) -> Vec<usize> {
        let marks = &self.marks;
        let columns = marks
            .iter()
            .flat_map(|&x| marks.iter().map(move |&y| [x, y]));
        columns
            .flat_map(|[x, y]| marks.iter().map(move |&z| self.at([x, y, z])))
            .collect()
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

    fn corner_values(&self, cell: Cell) -> [f32; 8] {
        std::array::from_fn(|corner| {
            let mark = |axis: usize| self.marks[cell[axis] + (corner >> axis & 1)];
            self.logits[self.at([mark(0), mark(1), mark(2)])]
        })
    }

    /// Cells whose corners lie on both sides of `iso`, or so near it for how steep the density is
    /// around them that it may be reached inside.
    fn cells_near(&self, iso: f32) -> Vec<Cell> {
        let count = self.cells();
        let all: Vec<Cell> = (0..count.pow(3)).map(|at| indices(at, count)).collect();
        let ranges: Vec<[f32; 2]> = all
            .par_iter()
            .map(|&cell| range(self.corner_values(cell)))
            .collect();
        let steepness = |[x, y, z]: Cell| {
            let near = |index: usize| index.saturating_sub(1)..(index + 2).min(count);
            let around = near(x).flat_map(|x| near(y).map(move |y| [x, y]));
            let around = around.flat_map(|[x, y]| near(z).map(move |z| self.cell([x, y, z])));
            around
                .map(|at| ranges[at][1] - ranges[at][0])
                .fold(0.0, f32::max)
        };
        all.into_par_iter()
            .filter(|&cell| {
                let [low, high] = ranges[self.cell(cell)];
                let margin = MARGIN * steepness(cell);
                low - margin <= iso && iso <= high + margin
            })
            .collect()
    }

    /// Marks cells as open and gives their points that nobody has asked for, each once.
    fn open(&mut self, cells: &[Cell]) -> Vec<usize> {
        let mut points = Vec::new();
        for &cell in cells {
            let index = self.cell(cell);
            self.open[index] = true;
            let marks = &self.marks;
            let along = |axis: usize| marks[cell[axis]]..=marks[cell[axis] + 1];
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

    /// Closed neighbours of these cells into which the surface goes on: some point of the shared
    /// face lies on the other side than the neighbour's corners, which all lie on one.
    fn left_through_faces(&self, cells: &[Cell], iso: f32) -> Vec<Cell> {
        let mut next: Vec<Cell> = cells
            .par_iter()
            .flat_map_iter(|&cell| {
                let neighbours = (0..3).flat_map(move |axis| [(axis, 0), (axis, 1)]);
                neighbours.filter_map(move |(axis, end)| {
                    let mut other = cell;
                    other[axis] = (cell[axis] + 2 * end).checked_sub(1)?;
                    let closed = other[axis] < self.cells() && !self.open[self.cell(other)];
                    (closed && self.crosses(cell, axis, end, iso)).then_some(other)
                })
            })
            .collect();
        next.sort_unstable();
        next.dedup();
        next
    }

    /// Whether points of a cell's face lie on both sides of `iso`.
    fn crosses(&self, cell: Cell, axis: usize, end: usize, iso: f32) -> bool {
        let along = |of: usize| {
            let (first, last) = (self.marks[cell[of]], self.marks[cell[of] + 1]);
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
            along(1).any(|y| along(2).any(|z| (self.logits[self.at([x, y, z])] > iso) != inside))
        })
    }
}

fn range(values: [f32; 8]) -> [f32; 2] {
    let low = values.into_iter().fold(f32::INFINITY, f32::min);
    let high = values.into_iter().fold(f32::NEG_INFINITY, f32::max);
    [low, high]
}

/// Fills what isn't known from the eight coarse points around it. They all lie on one side of the
/// surface, so the filling does too.
fn interpolated(logits: Vec<f32>, side: usize, marks: &[usize]) -> Vec<f32> {
    // For each fine index: the coarse points before and behind, and how far it is to the latter.
    let spans: Vec<(usize, usize, f32)> = (0..side)
        .map(|index| {
            let cell = (index / marks[1]).min(marks.len() - 2);
            let (first, last) = (marks[cell], marks[cell + 1]);
            (first, last, (index - first) as f32 / (last - first) as f32)
        })
        .collect();
    let known = &logits;
    (0..side * side)
        .into_par_iter()
        .flat_map_iter(|column| {
            let (x0, x1, right) = spans[column / side];
            let (y0, y1, down) = spans[column % side];
            let spans = &spans;
            (0..side).map(move |z| {
                let value = known[column * side + z];
                if !value.is_nan() {
                    return value;
                }
                let (z0, z1, deep) = spans[z];
                let line = |x: usize, y: usize| {
                    let row = (x * side + y) * side;
                    known[row + z0] * (1.0 - deep) + known[row + z1] * deep
                };
                let plane = |x: usize| line(x, y0) * (1.0 - down) + line(x, y1) * down;
                plane(x0) * (1.0 - right) + plane(x1) * right
            })
        })
        .collect()
}
