//! Making both halves of a symmetric object alike.
//!
//! Every place of the field and its mirror image agree on one value, the better seen of the two
//! counting more: so the half that faces the camera completes the one that doesn't.

use glam::{Quat, Vec3};
use imaging::Plane;
use mesh::isosurface::Field;
use mesh::{Surface, measure};
use rayon::prelude::*;

use crate::field::ViewField;
use crate::view::View;
use crate::{Options, Symmetry};

/// From this probability on the network's mirror plane is believed.
const SURE: f32 = 0.8;
/// What is certain counts this much more than what is guessed.
const SEEN: f32 = 12.0;
/// Depth behind the seen surface, in samples, up to which it is certain, and from which guessed.
const SKIN: [f32; 2] = [1.5, 6.0];
/// Values count up to so many samples: how deep inside something is says nothing about its surface.
const REACH: f32 = 3.0;

/// A plane turned further towards the picture (sine) would put a second object behind the first,
/// where no picture can contradict it.
const LARGEST_TURN: f32 = 0.6;
/// Points of the surface whose mirror images are looked at.
const LOOKS: usize = 1500;
/// A plane is moved by so much at first, in half window widths or radians.
const FIRST_STEP: f32 = 0.08;
/// How often the step is halved, and how many steps of each size are made at most.
const HALVINGS: usize = 4;
const STEPS: usize = 4;
/// Farther than this, in half window widths, a mirror image can't contradict the picture.
const CONTRADICTED: f32 = 0.25;
/// Mean contradiction up to which a plane is believed.
const TOLERATED: f32 = 0.03;

/// A plane that mirrors the object, in the camera's frame: `normal · p = offset`.
#[derive(Clone, Copy, Debug)]
pub struct Mirror {
    /// Unit length.
    pub normal: Vec3,
    /// In half window widths.
    pub offset: f32,
    /// How probable it is that the object is symmetric at all, 0–1.
    pub probability: f32,
}

/// What a picture says about where the object can be.
pub(crate) struct Sight<'a> {
    /// Its camera.
    pub view: View,
    /// Depth of the first surface.
    pub front: &'a Plane<1>,
    /// Coverage, 0–1.
    pub outline: &'a Plane<1>,
}

impl Sight<'_> {
    /// How far a point lies where the picture shows nothing, in half window widths: in front of the
    /// first surface, or beside the object (then simply far).
    fn contradiction(&self, point: Vec3) -> f32 {
        let at = self.view.project(point);
        let within = at.min_element() >= 0.0 && at.max_element() <= 1.0;
        if !within || self.outline.sample(at.x, at.y)[0] < 0.5 {
            return CONTRADICTED;
        }
        (self.front.sample(at.x, at.y)[0] + point.z).clamp(0.0, CONTRADICTED)
    }
}

impl Mirror {
    /// The plane to use: what the options ask for, or what the network is sure of and the picture
    /// doesn't contradict.
    ///
    /// `surface` is the shape as it was seen, `up` its up direction.
    pub(crate) fn wanted(
        options: &Options,
        guessed: Option<Self>,
        surface: &Surface,
        up: Vec3,
        sight: &Sight,
    ) -> Option<Self> {
        match options.symmetry {
            Symmetry::None => None,
            Symmetry::Auto => guessed
                .filter(|mirror| mirror.probability >= SURE && mirror.normal.z.abs() < LARGEST_TURN)
                .and_then(|mirror| mirror.fitted(surface, sight)),
            Symmetry::X => {
                let normal = Quat::from_rotation_arc(up, Vec3::Y).inverse() * Vec3::X;
                let along: Vec<Vec3> = (surface.positions.iter())
                    .map(|p| Vec3::splat(p.dot(normal)))
                    .collect();
                let (low, high) = measure::bounds(&along);
                Some(Self {
                    normal,
                    offset: 0.5 * (low.x + high.x),
                    probability: 1.0,
                })
            }
        }
    }

    /// Moves the plane a little until the surface's mirror image contradicts the picture least;
    /// `None` if that is still too much.
    fn fitted(self, surface: &Surface, sight: &Sight) -> Option<Self> {
        let stride = (surface.positions.len() / LOOKS).max(1) | 1;
        let points: Vec<Vec3> = surface.positions.iter().copied().step_by(stride).collect();
        let cost = |mirror: &Self| -> f32 {
            let wrong = points.iter().map(|&p| sight.contradiction(mirror.image(p)));
            wrong.sum::<f32>() / points.len() as f32
        };
        let mut best = (cost(&self), self);
        let mut step = FIRST_STEP;
        for _ in 0..HALVINGS {
            for _ in 0..STEPS {
                let before = best.0;
                let (u, v) = best.1.normal.any_orthonormal_pair();
                for (turn, shift) in [
                    (u, 0.0),
                    (-u, 0.0),
                    (v, 0.0),
                    (-v, 0.0),
                    (Vec3::ZERO, 1.0),
                    (Vec3::ZERO, -1.0),
                ] {
                    let candidate = Self {
                        normal: (best.1.normal + turn * step).normalize(),
                        offset: best.1.offset + shift * step,
                        ..self
                    };
                    let cost = cost(&candidate);
                    if cost < best.0 {
                        best = (cost, candidate);
                    }
                }
                if best.0 >= before {
                    break;
                }
            }
            step *= 0.5;
        }
        (best.0 < TOLERATED).then_some(best.1)
    }

    fn image(&self, point: Vec3) -> Vec3 {
        point - 2.0 * (self.normal.dot(point) - self.offset) * self.normal
    }

    /// The field of one view with both halves alike.
    pub(crate) fn applied(&self, field: &ViewField, sight: &Sight) -> ViewField {
        let Sight {
            view,
            front,
            outline,
        } = *sight;
        let [side, _, depths] = field.field.size;
        let step = (field.range[1] - field.range[0]) / depths as f32;
        let place = |i: usize| {
            let centre = |c: usize| (c as f32 + 0.5) / side as f32;
            let window = glam::Vec2::new(
                2.0 * centre(i % side) - 1.0,
                1.0 - 2.0 * centre(i / side % side),
            );
            let k = i / side / side;
            view.point(window, field.range[0] + (k as f32 + 0.5) * step)
        };
        let depth = |point: Vec3| -point.z;
        let sure = |point: Vec3| {
            let at = view.project(point);
            if at.min_element() < 0.0 || at.max_element() > 1.0 {
                return 1.0;
            }
            let behind = (depth(point) - front.sample(at.x, at.y)[0]) / step;
            if behind < SKIN[0] || outline.sample(at.x, at.y)[0] < 0.5 {
                return 1.0;
            }
            1.0 - ((behind - SKIN[0]) / (SKIN[1] - SKIN[0])).min(1.0)
        };
        let value = |point: Vec3| {
            let at = view.project(point) * side as f32 - 0.5;
            let k = (depth(point) - field.range[0]) / step - 0.5;
            sampled(&field.field, at.extend(k)).clamp(-REACH, REACH)
        };
        let values = (0..field.field.values.len())
            .into_par_iter()
            .map(|i| {
                let here = place(i);
                let there = self.image(here);
                let weights = [here, there].map(|point| 1.0 + SEEN * sure(point));
                let own = field.field.values[i].clamp(-REACH, REACH);
                (weights[0] * own + weights[1] * value(there)) / (weights[0] + weights[1])
            })
            .collect();
        ViewField {
            field: Field {
                size: field.field.size,
                values,
            },
            range: field.range,
        }
    }
}

/// The field between its samples, trilinear; surely outside beyond its border.
fn sampled(field: &Field, at: Vec3) -> f32 {
    let low = at.floor();
    let between = at - low;
    let [nx, ny, nz] = field.size.map(|n| n as i32);
    let low = low.as_ivec3();
    let value = |dx: i32, dy: i32, dz: i32| {
        let (x, y, z) = (low.x + dx, low.y + dy, low.z + dz);
        if x < 0 || y < 0 || z < 0 || x >= nx || y >= ny || z >= nz {
            -REACH
        } else {
            field.values[((z * ny + y) * nx + x) as usize]
        }
    };
    let along = |dy, dz| value(0, dy, dz) + (value(1, dy, dz) - value(0, dy, dz)) * between.x;
    let across = |dz| along(0, dz) + (along(1, dz) - along(0, dz)) * between.y;
    across(0) + (across(1) - across(0)) * between.z
}

#[cfg(test)]
mod tests {
    use super::*;
    use glam::Vec2;

    const SIDE: usize = 48;
    const VIEW: View = View { half_fov_tan: 0.2 };
    const RANGE: [f32; 2] = [-1.0, 1.0];

    fn point(i: usize) -> Vec3 {
        let centre = |c: usize| (c as f32 + 0.5) / SIDE as f32;
        let window = Vec2::new(
            2.0 * centre(i % SIDE) - 1.0,
            1.0 - 2.0 * centre(i / SIDE % SIDE),
        );
        VIEW.point(window, 2.0 * centre(i / SIDE / SIDE) - 1.0)
    }

    /// Two balls, left and right, of these radii.
    fn balls(left: f32, right: f32) -> ViewField {
        let step = 2.0 / SIDE as f32;
        let values = (0..SIDE * SIDE * SIDE).map(|i| {
            let p = point(i);
            let left = left - p.distance(Vec3::new(-0.4, 0.0, 0.0));
            let right = right - p.distance(Vec3::new(0.4, 0.0, 0.0));
            left.max(right) / step
        });
        ViewField {
            field: Field {
                size: [SIDE; 3],
                values: values.collect(),
            },
            range: RANGE,
        }
    }

    #[test]
    fn both_halves_become_alike() {
        let mirror = Mirror {
            normal: Vec3::X,
            offset: 0.0,
            probability: 1.0,
        };
        // The camera saw nothing clearly: everything is behind something.
        let sight = Sight {
            view: VIEW,
            front: &Plane::filled(SIDE, SIDE, [-9.0]),
            outline: &Plane::filled(SIDE, SIDE, [1.0]),
        };
        let alike = mirror.applied(&balls(0.35, 0.2), &sight);
        let inside = |right: bool| {
            let values = alike.field.values.iter().enumerate();
            values
                .filter(|(i, value)| **value > 0.0 && (point(*i).x > 0.0) == right)
                .count()
        };
        let (left, right) = (inside(false), inside(true));
        assert!(
            left > 100 && left.abs_diff(right) * 50 < left,
            "{left} and {right}"
        );
    }

    #[test]
    fn a_plane_that_puts_things_beside_the_outline_is_not_believed() {
        let shape = (crate::surface::build(&balls(0.3, 0.3), VIEW).unwrap()).surface;
        let field = balls(0.3, 0.3).field.values;
        let outline = Plane::from_fn(SIDE, SIDE, |x, y| {
            let seen = (0..SIDE).any(|k| field[(k * SIDE + y) * SIDE + x] > 0.0);
            [if seen { 1.0 } else { 0.0 }]
        });
        let front = Plane::filled(SIDE, SIDE, [-0.3]);
        let sight = Sight {
            view: VIEW,
            front: &front,
            outline: &outline,
        };
        let wanted = |normal: Vec3, offset| {
            let guessed = Some(Mirror {
                normal,
                offset,
                probability: 0.99,
            });
            let options = Options {
                symmetry: Symmetry::Auto,
                ..Options::default()
            };
            Mirror::wanted(&options, guessed, &shape, Vec3::Y, &sight)
        };
        let mended = wanted(Vec3::X, 0.05).expect("nearly right");
        assert!(mended.offset.abs() < 0.03, "{mended:?}");
        assert!(wanted(Vec3::X, 0.6).is_none());
        assert!(
            wanted(Vec3::Z, 0.0).is_none(),
            "nobody can see whether that is so"
        );
    }
}
