//! A contact shadow: the ground darkens where the model is close above it.

use glam::{Vec2, Vec3};

use super::fill::{Clip, rasterize};
use crate::Model;

/// Cells per side of the ground map.
const CELLS: u32 = 128;
/// The map reaches this far, in radii of the model, so that the blur can fade out.
const REACH: f32 = 1.3;
/// Height, in radii, at which a surface's shadow has faded to 1/e.
const FADE: f32 = 0.16;
/// Half width of the blur in cells; three passes make it nearly Gaussian.
const BLUR: usize = 3;
/// Share of the light that the darkest contact takes away.
const STRENGTH: f32 = 0.55;

/// How much light the ground loses, seen from above.
pub(super) struct Shadow {
    ground: f32,
    corner: Vec2,
    cells_per_metre: f32,
    density: Vec<f32>,
}

impl Shadow {
    pub(super) fn of(model: &Model, center: Vec3, radius: f32) -> Self {
        let radius = radius.max(1e-6);
        let ground = model.positions.iter().map(|p| p.y).fold(f32::MAX, f32::min);
        let corner = Vec2::new(center.x, center.z) - radius * REACH;
        let cells_per_metre = CELLS as f32 / (2.0 * radius * REACH);
        let clip = Clip {
            x: 0..CELLS,
            y: 0..CELLS,
        };
        let mut density = vec![0.0_f32; (CELLS * CELLS) as usize];
        for &triangle in &model.triangles {
            let corners = triangle.map(|index| model.positions[index as usize]);
            let flat = corners.map(|p| (Vec2::new(p.x, p.z) - corner) * cells_per_metre);
            let heights = Vec3::from(corners.map(|p| p.y - ground));
            rasterize(flat, &clip, |x, y, weights| {
                let cell = &mut density[(y * CELLS + x) as usize];
                *cell = cell.max((-heights.dot(weights) / (FADE * radius)).exp());
            });
        }
        for _ in 0..3 {
            density = blurred_transposed(&blurred_transposed(&density));
        }
        Self {
            ground,
            corner,
            cells_per_metre,
            density,
        }
    }

    /// Share of light lost, 0–1, where a ray from `eye` meets the ground.
    pub(super) fn along(&self, eye: Vec3, direction: Vec3) -> f32 {
        let distance = (self.ground - eye.y) / direction.y;
        if !(distance.is_finite() && distance > 0.0) || direction.y >= 0.0 {
            return 0.0;
        }
        let hit = eye + direction * distance;
        let at = (Vec2::new(hit.x, hit.z) - self.corner) * self.cells_per_metre - 0.5;
        let last = CELLS as f32 - 1.0;
        if at.min_element() < 0.0 || at.max_element() >= last {
            return 0.0;
        }
        let (x, y) = (at.x as usize, at.y as usize);
        let (right, down) = (at.x - x as f32, at.y - y as f32);
        let row = |y: usize| {
            let start = y * CELLS as usize + x;
            self.density[start] * (1.0 - right) + self.density[start + 1] * right
        };
        STRENGTH * (row(y) * (1.0 - down) + row(y + 1) * down)
    }
}

/// Box blur along rows, written transposed: twice this is a blur in both directions.
fn blurred_transposed(map: &[f32]) -> Vec<f32> {
    let side = CELLS as usize;
    let mut out = vec![0.0; map.len()];
    for (y, row) in map.chunks_exact(side).enumerate() {
        for x in 0..side {
            let window = &row[x.saturating_sub(BLUR)..(x + BLUR + 1).min(side)];
            out[x * side + y] = window.iter().sum::<f32>() / (2 * BLUR + 1) as f32;
        }
    }
    out
}
