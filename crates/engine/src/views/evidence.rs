//! What one view knows about space: its outline, and the first and last surface along its rays.

use glam::{Vec2, Vec3};
use imaging::Plane;

use crate::model::Guess;
use crate::view::View;

/// Coverage from which depths are meant.
const SURE: f32 = 0.6;

/// Points nearer to the camera than this share of its distance from depth 0 are in nobody's
/// picture; lengths there are not taken for short.
const NEAREST: f32 = 0.3;

/// One view, ready to be asked. All lengths are in the view's own half window widths.
pub(crate) struct Evidence {
    pub view: View,
    /// Distance to the outline at depth 0, positive inside; depth of the first surface; its
    /// [`Reading::facing`]; depth of the last surface.
    layers: Plane<4>,
}

/// What a view says about a point.
pub(super) struct Reading {
    /// Whether the point is far enough from the camera to be in its picture.
    pub in_sight: bool,
    /// Distance to the cone through the outline, positive inside.
    pub inside: f32,
    /// Depth behind the first surface on the ray.
    pub behind: f32,
    /// How much that surface faces the viewer: 1 straight, 0 edge-on or at a step in depth.
    pub facing: f32,
    /// Where on the picture, 0–1 from the top left, and how deep.
    pub at: Vec2,
    pub depth: f32,
}

/// A point on a surface that a view saw or guessed, in the view's frame.
pub(super) struct Sample {
    pub point: Vec3,
    /// Outwards, unit length; zero where the view only guesses (its last surface).
    pub normal: Vec3,
}

impl Evidence {
    /// `alpha` is the silhouette at the resolution wanted; `seen` the same at the size of
    /// [`Guess::front`], `unseen` at that of [`Guess::back`].
    pub(crate) fn of(guess: &Guess, alpha: &Plane<1>, seen: &Plane<1>, unseen: &Plane<1>) -> Self {
        let view = View {
            half_fov_tan: guess.half_fov_tan,
        };
        let side = alpha.width;
        let sure = |alpha: &Plane<1>| alpha.map(|a| [if a[0] > SURE { a[0] } else { 0.0 }]);
        let front = guess
            .front
            .extended(&sure(seen))
            .resized_smoothly(side, side);
        let back = guess
            .back
            .extended(&sure(unseen))
            .resized_smoothly(side, side);
        let facing = facing(&front, view);
        let inside = distance_to_outline(alpha);
        Self {
            view,
            layers: Plane::from_fn(side, side, |x, y| {
                let p = (x, y);
                [inside[p][0], front[p][0], facing[p][0], back[p][0]]
            }),
        }
    }

    /// What this view says about a point in its own frame.
    pub(super) fn at(&self, point: Vec3) -> Reading {
        let at = self.view.project(point);
        let [inside, front, facing, _] = self.layers.sample(at.x, at.y);
        let beyond = 2.0 * at.distance(at.clamp(Vec2::ZERO, Vec2::ONE));
        Reading {
            in_sight: self.view.scale(point) > NEAREST,
            inside: (inside - beyond) * self.view.scale(point).max(NEAREST),
            behind: -point.z - front,
            facing,
            at,
            depth: -point.z,
        }
    }

    /// About `count` points of each of the two surfaces, evenly spread over the picture.
    pub(super) fn samples(&self, count: usize) -> Vec<Sample> {
        let side = self.layers.width;
        let area = self.layers.data.iter().filter(|l| l[0] > 0.0).count();
        let step = ((area as f32 / count as f32).sqrt() as usize).max(1);
        let pixel = 2.0 / side as f32;
        let places = (1..side - 1).step_by(step);
        let places = places.flat_map(|y| (1..side - 1).step_by(step).map(move |x| (x, y)));
        let solid = places.filter(|&p| self.layers[p][0] > 0.5 * pixel);
        solid
            .flat_map(|(x, y)| {
                let layer = |x: usize, y: usize, which: usize| {
                    self.view
                        .point(window(x, y, side), self.layers[(x, y)][which])
                };
                let across = layer(x + 1, y, 1) - layer(x - 1, y, 1);
                let down = layer(x, y + 1, 1) - layer(x, y - 1, 1);
                let first = Sample {
                    point: layer(x, y, 1),
                    normal: down.cross(across).normalize_or(Vec3::Z),
                };
                let last = Sample {
                    point: layer(x, y, 3),
                    normal: Vec3::ZERO,
                };
                [first, last]
            })
            .collect()
    }
}

/// The middle of a pixel in the window: x right, y up, −1…1.
fn window(x: usize, y: usize, side: usize) -> Vec2 {
    let at = |i: usize| (i as f32 + 0.5) / side as f32 * 2.0 - 1.0;
    Vec2::new(at(x), -at(y))
}

/// The cosine between the surface's normal and the direction to the camera.
fn facing(front: &Plane<1>, view: View) -> Plane<1> {
    let side = front.width;
    let point = |x: usize, y: usize| view.point(window(x, y, side), front[(x, y)][0]);
    Plane::from_fn(side, side, |x, y| {
        let (right, left) = ((x + 1).min(side - 1), x.saturating_sub(1));
        let (below, above) = ((y + 1).min(side - 1), y.saturating_sub(1));
        let across = point(right, y) - point(left, y);
        let down = point(x, below) - point(x, above);
        let normal = down.cross(across).normalize_or(Vec3::Z);
        [normal.dot(view.towards(point(x, y))).max(0.0)]
    })
}

/// Distance from each pixel to the outline in half window widths, positive inside (two passes of
/// a 3-4 chamfer: Borgefors, "Distance transformations in digital images", 1986, started from
/// the coverage of the pixels beside the outline).
fn distance_to_outline(alpha: &Plane<1>) -> Plane<1> {
    const NEAR: f32 = 1.0;
    const DIAGONAL: f32 = 4.0 / 3.0;
    let side = alpha.width as isize;
    let at = |x: isize, y: isize| {
        let within = (0..side).contains(&x) && (0..side).contains(&y);
        within.then_some((x as usize, y as usize))
    };
    let solid = |p: (usize, usize)| alpha[p][0] >= 0.5;
    let mut distance = Plane::from_fn(alpha.width, alpha.height, |x, y| {
        let (column, row) = (x as isize, y as isize);
        let around = [(1, 0), (-1, 0), (0, 1), (0, -1)];
        let other = around
            .iter()
            .filter_map(|(dx, dy)| at(column + dx, row + dy))
            .any(|p| solid(p) != solid((x, y)));
        [if other {
            (alpha[(x, y)][0] - 0.5).abs()
        } else {
            1e6
        }]
    });
    let mut relax = |x: isize, y: isize, back: isize| {
        let steps = [
            (-1, 0, NEAR),
            (0, -1, NEAR),
            (-1, -1, DIAGONAL),
            (1, -1, DIAGONAL),
        ];
        let nearest = steps
            .iter()
            .filter_map(|(dx, dy, cost)| {
                Some(distance[at(x + back * dx, y + back * dy)?][0] + cost)
            })
            .fold(f32::INFINITY, f32::min);
        let here = &mut distance[(x as usize, y as usize)][0];
        *here = here.min(nearest);
    };
    for i in 0..side * side {
        relax(i % side, i / side, 1);
    }
    for i in (0..side * side).rev() {
        relax(i % side, i / side, -1);
    }
    let unit = 2.0 / side as f32;
    Plane::from_fn(alpha.width, alpha.height, |x, y| {
        let sign = if solid((x, y)) { 1.0 } else { -1.0 };
        [sign * distance[(x, y)][0].min(2.0 * side as f32) * unit]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outline_of_a_disc_is_as_far_away_as_it_is() {
        let side = 96;
        let radius = |x: usize, y: usize| window(x, y, side).length();
        let disc = Plane::from_fn(side, side, |x, y| {
            [((0.6 - radius(x, y)) * side as f32 / 2.0 + 0.5).clamp(0.0, 1.0)]
        });
        let distance = distance_to_outline(&disc);
        for (x, y) in [(48, 48), (10, 48), (0, 0), (60, 70), (40, 20)] {
            let exact = 0.6 - radius(x, y);
            let error = (distance[(x, y)][0] - exact).abs();
            assert!(error < 0.02 + 0.06 * exact.abs(), "{x} {y}: {error}");
        }
    }
}
