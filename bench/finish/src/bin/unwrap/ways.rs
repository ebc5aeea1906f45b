//! The ways in which we flatten.

use glam::{Vec2, Vec3};
use mesh::unwrap::Side;

use crate::shapes::HALF_FOV_TAN;

/// The engine's preferences for a single photograph, as `crates/engine/src/paint.rs` has them: the
/// front keeps more faces, and everything else gets about a third of its texels each way.
const FRONT_BONUS: f32 = 0.35;
const UNSEEN_DENSITY: f32 = 0.35;

/// Each with its name: for a photograph, and without preferences, as the other programs do it.
pub fn all() -> [(&'static str, Vec<Side<'static>>); 2] {
    [
        ("ours", sides(FRONT_BONUS, UNSEEN_DENSITY)),
        ("ours, even", sides(0.0, 1.0)),
    ]
}

/// The front in perspective and the five other sides of a box.
fn sides(bonus: f32, density: f32) -> Vec<Side<'static>> {
    let away = |p: Vec3| 1.0 - p.z * HALF_FOV_TAN;
    let front = Side {
        facing: Box::new(|point, normal| {
            normal.dot((Vec3::Z / HALF_FOV_TAN - point).normalize_or(Vec3::Z))
        }),
        bonus,
        flatten: Box::new(move |p| Vec2::new(p.x, -p.y) / away(p)),
        nearness: Box::new(move |p| -away(p)),
        density: 1.0,
    };
    let others = [Vec3::NEG_Z, Vec3::X, Vec3::NEG_X, Vec3::Y, Vec3::NEG_Y]
        .map(|out| Side::of_box(out, density));
    std::iter::once(front).chain(others).collect()
}
