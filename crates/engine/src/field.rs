//! From a guess to one field whose zero surface is the object.
//!
//! The network tells the same story three times: as a volume, as the first surface, as the last
//! surface. The volume knows about gaps and hollows but is coarse; the two depth layers are fine
//! but know nothing between them. The first surface cuts the volume where the camera saw it, and
//! the result is averaged with the solid between the two layers. A volume that is
//! [exact](Volume::exact) needs neither.

use imaging::Plane;
use mesh::isosurface::Field;
use rayon::prelude::*;

use crate::model::{Guess, Volume};

/// The silhouette lets this share of a pixel stand out: it knows no better, and two surfaces that both are a
/// little wrong along the rim must not lose whatever either of them lacks.
const SILHOUETTE_SLACK: f32 = 0.25;
/// Samples of the field where the guess has no volume of its own.
const PLAIN_DEPTHS: usize = 80;
/// Depths such a field spans.
const PLAIN_RANGE: [f32; 2] = [-1.1, 1.1];
/// Samples of distance per unit of logit: what the network was trained to say.
const VOLUME_SCALE: f32 = 0.5;
/// Blur of the silhouette, in samples: pixel steps in the outline would become notches in the rim.
const SILHOUETTE_BLUR: f32 = 0.8;
/// Blur of the volume along the rays, in samples: tames the ripples.
const DEPTH_BLUR: f32 = 0.5;
/// Weight of the solid between first and last surface against the fused volume.
const LAYERS_SHARE: f32 = 0.45;
/// The two-layer solid says nothing about distances beyond this many samples.
const LAYERS_REACH: f32 = 4.0;
/// The silhouette says nothing about distances beyond this many samples.
const SILHOUETTE_REACH: f32 = 8.0;
/// Between neighbouring pixels of the first surface, a step larger than this many samples is an
/// edge behind which nothing is known.
const DEPTH_EDGE: f32 = 2.5;
/// What is seen is at least this many samples thick, whatever the volume says.
const SKIN: f32 = 2.0;
/// The volume starts this many samples in front of where the first surface seems to be: both are
/// a little late at rounded edges.
const FRONT_SLACK: f32 = 0.25;
/// The last surface lies at least this many samples behind the first.
const THINNEST: f32 = 2.0;

/// A field over the view: x across, y down, z away from the viewer.
pub struct ViewField {
    /// Samples; positive inside.
    pub field: Field,
    /// Depth `t` of the near end of the first sample and the far end of the last.
    pub range: [f32; 2],
}

/// Fuses a guess with the silhouette, on a grid as wide as `alpha`.
///
/// `seen` is the silhouette at the network's own resolution, where its depths mean something.
pub fn fuse(guess: &Guess, seen: &Plane<1>, alpha: &Plane<1>) -> ViewField {
    let side = alpha.width;
    let (depths, range) = match &guess.volume {
        Some(volume) => (volume.depths, volume.range),
        None => (PLAIN_DEPTHS, PLAIN_RANGE),
    };
    let step = (range[1] - range[0]) / depths as f32;
    let outline = &outline(alpha, step);
    let solid_front = solid_front(guess, seen);
    let solid_back = guess.back.extended(&weight_at(seen, &guess.back));
    let front = solid_front.resized_smoothly(side, side);
    let back = solid_back.resized_smoothly(side, side);
    let edge = depth_edges(&solid_front, step).resized(side, side);
    let exact = guess.volume.as_ref().is_some_and(|volume| volume.exact);
    let slices = guess.volume.as_ref().map(|volume| match volume.exact {
        true => slices(volume),
        false => blurred_slices(volume),
    });

    let values: Vec<f32> = (0..depths)
        .into_par_iter()
        .flat_map_iter(|k| {
            let t = range[0] + (k as f32 + 0.5) * step;
            let slice = slices.as_ref().map(|s| s[k].resized_smoothly(side, side));
            let (front, back, edge) = (&front, &back, &edge);
            (0..side * side).map(move |i| {
                let silhouette = outline.data[i][0];
                let behind_front = (t - front.data[i][0]) / step;
                let last = back.data[i][0].max(front.data[i][0] + THINNEST * step);
                let layers = behind_front.min((last - t) / step);
                let Some(slice) = &slice else {
                    return layers.min(silhouette);
                };
                let volume = slice.data[i][0] * VOLUME_SCALE;
                if exact {
                    return volume.min(silhouette);
                }
                let fused = lay_front_over(volume, behind_front, edge.data[i][0]);
                let layers = layers.clamp(-LAYERS_REACH, LAYERS_REACH);
                // Cut last: what is thin in the picture would count for less if it were averaged cut.
                let solid = (1.0 - LAYERS_SHARE) * fused + LAYERS_SHARE * layers;
                solid.min(silhouette)
            })
        })
        .collect();
    ViewField {
        field: Field {
            size: [side, side, depths],
            values,
        },
        range,
    }
}

/// How far inside the outline each place of the view is, in depth samples.
///
/// A straight edge's coverage, blurred, is the normal distribution of the distance to it, and the logistic one
/// is nearly that. Were it steeper than the volume that it cuts, surfaces that rise towards the
/// outline would be drawn inwards where they are interpolated between the two.
fn outline(alpha: &Plane<1>, step: f32) -> Plane<1> {
    /// Of a pixel's own width, as a standard deviation in pixels.
    const PIXEL: f32 = 0.289;
    /// Standard deviations per logit, by which the two distributions are closest.
    const DEVIATIONS: f32 = 1.0 / 1.702;
    let pixel = 2.0 / alpha.width as f32 / step;
    let scale = SILHOUETTE_BLUR.hypot(PIXEL) * DEVIATIONS * pixel;
    alpha.blurred(SILHOUETTE_BLUR).map(|[a]| {
        // Rounding takes a blur of ones a little above one, which would have no logarithm.
        let a = a.clamp(0.0, 1.0);
        let logit = (a / (1.0 - a)).ln();
        [(scale * logit + SILHOUETTE_SLACK * pixel).clamp(-SILHOUETTE_REACH, SILHOUETTE_REACH)]
    })
}

/// Depth of the first surface, carried on beyond the silhouette.
pub fn solid_front(guess: &Guess, seen: &Plane<1>) -> Plane<1> {
    guess.front.extended(&weight_at(seen, &guess.front))
}

/// Carves what lies in front of the first surface and puts a skin right behind it, except at
/// depth edges (`edge` 1), where first surface and background are mixed up.
fn lay_front_over(volume: f32, behind_front: f32, edge: f32) -> f32 {
    let behind = behind_front + FRONT_SLACK;
    let skin = behind.min(SKIN - behind);
    let laid = volume.max(skin).min(behind);
    laid + (volume - laid) * edge
}

/// The silhouette as a weight on another grid: only what is surely inside counts.
fn weight_at<const C: usize>(alpha: &Plane<1>, grid: &Plane<C>) -> Plane<1> {
    let mut alpha = alpha.clone();
    while alpha.width >= 2 * grid.width {
        alpha = alpha.halved();
    }
    alpha
        .resized(grid.width, grid.height)
        .map(|a| [if a[0] > 0.6 { a[0] } else { 0.0 }])
}

/// 1 at pixels beside a step in depth, 0 elsewhere.
fn depth_edges(front: &Plane<1>, step: f32) -> Plane<1> {
    let at = |x: isize, y: isize| {
        let x = x.clamp(0, front.width as isize - 1) as usize;
        let y = y.clamp(0, front.height as isize - 1) as usize;
        front[(x, y)][0]
    };
    let steep = Plane::from_fn(front.width, front.height, |x, y| {
        let (x, y) = (x as isize, y as isize);
        let across = 0.5 * (at(x + 1, y) - at(x - 1, y));
        let down = 0.5 * (at(x, y + 1) - at(x, y - 1));
        [if across.hypot(down) > DEPTH_EDGE * step {
            1.0
        } else {
            0.0_f32
        }]
    });
    Plane::from_fn(front.width, front.height, |x, y| {
        let rows = y.saturating_sub(1)..(y + 2).min(front.height);
        let columns = x.saturating_sub(1)..(x + 2).min(front.width);
        [rows
            .flat_map(|y| columns.clone().map(move |x| (x, y)))
            .map(|p| steep[p][0])
            .fold(0.0, f32::max)]
    })
}

/// The volume's slices.
fn slices(volume: &Volume) -> Vec<Plane<1>> {
    let slice = |logits: &[f32]| Plane {
        width: volume.side,
        height: volume.side,
        data: logits.iter().map(|&logit| [logit]).collect(),
    };
    let area = volume.side * volume.side;
    volume.logits.par_chunks_exact(area).map(slice).collect()
}

/// The volume's slices, blurred along the rays.
fn blurred_slices(volume: &Volume) -> Vec<Plane<1>> {
    let kernel = imaging::gaussian(DEPTH_BLUR);
    let radius = kernel.len() / 2;
    let area = volume.side * volume.side;
    (0..volume.depths)
        .into_par_iter()
        .map(|k| {
            let mut data = vec![[0.0_f32]; area];
            for (j, weight) in kernel.iter().enumerate() {
                let from = (k + j).saturating_sub(radius).min(volume.depths - 1) * area;
                for (sum, logit) in data.iter_mut().zip(&volume.logits[from..from + area]) {
                    sum[0] += weight * logit;
                }
            }
            Plane {
                width: volume.side,
                height: volume.side,
                data,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use glam::Vec3;

    #[test]
    fn a_thin_part_that_the_volume_does_not_know_stays_as_thick_as_the_layers_say() {
        const SIDE: usize = 16;
        const DEPTHS: usize = 32;
        let plane = |value: f32| Plane::filled(SIDE, SIDE, [value]);
        let stroke = Plane::from_fn(SIDE, SIDE, |x, _| {
            [if (7..=8).contains(&x) { 1.0 } else { 0.0 }]
        });
        let guess = Guess {
            front: plane(-0.5),
            back: plane(0.5),
            back_colour: None,
            volume: Some(Volume {
                side: SIDE,
                depths: DEPTHS,
                range: PLAIN_RANGE,
                logits: vec![-4.0; SIDE * SIDE * DEPTHS],
                exact: false,
            }),
            mirror: None,
            up: Vec3::Y,
            half_fov_tan: 0.2,
        };
        let field = fuse(&guess, &plane(1.0), &stroke).field;
        let at = |x: usize, k: usize| field.values[(k * SIDE + SIDE / 2) * SIDE + x];
        // Half way between first and last surface, more than the layers' reach from both.
        assert!(at(7, DEPTHS / 2) > 0.0 && at(8, DEPTHS / 2) > 0.0);
        assert!(at(4, DEPTHS / 2) < 0.0, "cut by the outline");
        assert!(at(7, 2) < 0.0, "in front of the first surface");
    }
}
