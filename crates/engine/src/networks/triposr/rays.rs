//! The scene along the camera's rays.

use glam::Vec2;
use imaging::Plane;
use rayon::prelude::*;

use super::lattice::Occupied;
use super::register::Placement;
use crate::model::Volume;

/// Rays per side: three per texel of TripoSR's planes, and as many as Base's field has.
const SIDE: usize = 192;
/// Most samples along a ray; they lie as close as the rays do unless the object is very deep.
const MOST_DEPTHS: usize = 288;
/// Samples in front of the nearest and behind the farthest part of the scene.
const AIR: f32 = 4.0;
/// What the fusion takes for one sample of distance from the surface.
const LOGITS_PER_SAMPLE: f32 = 2.0;

/// Samples along rays that together see the whole scene.
pub(super) struct Rays {
    pub(super) volume: Volume,
}

/// First and last surface along each ray.
pub(super) struct Layers {
    /// Depth of the first; 0 where nothing is hit.
    pub(super) front: Plane<1>,
    /// Depth of the last; 0 where nothing is hit.
    pub(super) back: Plane<1>,
    /// 1 where something is hit, 0 elsewhere.
    pub(super) hit: Plane<1>,
}

/// Where the ray of the pixel with that index crosses the window: x right, y up, −1…1.
pub(super) fn window(index: usize, side: usize) -> Vec2 {
    let at = |pixel: usize| (pixel as f32 + 0.5) / side as f32 * 2.0 - 1.0;
    Vec2::new(at(index % side), -at(index / side))
}

impl Rays {
    /// Nothing if the scene is empty.
    pub(super) fn through(occupied: &Occupied, placement: &Placement) -> Option<Self> {
        let [least, most] = occupied.extent()?;
        let lattice = occupied.lattice;
        let slope = lattice.slope()?;
        let (nearest, farthest) = (-most / placement.scale, -least / placement.scale);
        let finest = (farthest - nearest) / (MOST_DEPTHS as f32 - 2.0 * AIR);
        let step = finest.max(2.0 / SIDE as f32);
        let depths = ((farthest - nearest) / step + 2.0 * AIR).ceil() as usize;
        let near = nearest - AIR * step;
        let scale = LOGITS_PER_SAMPLE / (slope * step * placement.scale);
        let mut logits = vec![0.0; depths * SIDE * SIDE];
        logits
            .par_chunks_mut(SIDE * SIDE)
            .enumerate()
            .for_each(|(depth, slice)| {
                let t = near + (depth as f32 + 0.5) * step;
                for (i, logit) in slice.iter_mut().enumerate() {
                    *logit = scale * lattice.at(placement.point(window(i, SIDE), t));
                }
            });
        let volume = Volume {
            side: SIDE,
            depths,
            range: [near, near + depths as f32 * step],
            logits,
            exact: true,
        };
        Some(Self { volume })
    }

    /// Where the logits change their sign, for the first and for the last time.
    pub(super) fn layers(&self) -> Layers {
        let Volume { depths, range, .. } = self.volume;
        let area = SIDE * SIDE;
        let step = self.volume.step();
        let ends: Vec<Option<[f32; 2]>> = (0..area)
            .into_par_iter()
            .map(|i| {
                let logit = |depth: usize| self.volume.logits[depth * area + i];
                let first = (0..depths).find(|&depth| logit(depth) > 0.0)?;
                let last = (0..depths).rfind(|&depth| logit(depth) > 0.0)?;
                // From a sample inside towards its neighbour outside, if there is one.
                let crossing = |inside: usize, outside: Option<usize>| {
                    let at = |depth: usize| range[0] + (depth as f32 + 0.5) * step;
                    match outside.filter(|&outside| outside < depths) {
                        Some(outside) => {
                            let (a, b) = (logit(inside), logit(outside));
                            at(inside) + (at(outside) - at(inside)) * a / (a - b)
                        }
                        None => at(inside),
                    }
                };
                Some([
                    crossing(first, first.checked_sub(1)),
                    crossing(last, Some(last + 1)),
                ])
            })
            .collect();
        let plane = |value: fn(Option<[f32; 2]>) -> f32| Plane {
            width: SIDE,
            height: SIDE,
            data: ends.iter().map(|&ends| [value(ends)]).collect(),
        };
        Layers {
            front: plane(|ends| ends.map_or(0.0, |[first, _]| first)),
            back: plane(|ends| ends.map_or(0.0, |[_, last]| last)),
            hit: plane(|ends| f32::from(u8::from(ends.is_some()))),
        }
    }
}
