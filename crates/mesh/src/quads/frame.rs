//! Crosses and lattices on tangent planes, and how those of two neighbours correspond
//! ("Instant Field-Aligned Meshes", section 4 and 5, extrinsic variants).

use glam::{IVec2, Vec2, Vec3};

/// A point of the surface with its cross field direction and a lattice of a given spacing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    /// The point on the surface.
    pub position: Vec3,
    /// Unit normal there.
    pub normal: Vec3,
    /// One of the four directions of the cross: unit, in the tangent plane.
    pub direction: Vec3,
    /// One point of the lattice, in the tangent plane.
    pub origin: Vec3,
}

/// The component of `v` in the plane across `normal`, as a unit vector.
pub(super) fn tangent(v: Vec3, normal: Vec3) -> Vec3 {
    v.reject_from_normalized(normal)
        .try_normalize()
        .unwrap_or_else(|| normal.any_orthonormal_vector())
}

/// The two of the crosses' directions that agree best in space.
pub(super) fn matching_directions(a: &Frame, b: &Frame) -> (Vec3, Vec3) {
    let (a0, b0) = (a.direction, b.direction);
    let (a1, b1) = (a.normal.cross(a0), b.normal.cross(b0));
    let pairs = [(a0, b0), (a0, b1), (a1, b0), (a1, b1)];
    let mut best = (a0, b0, a0.dot(b0));
    for (p, q) in &pairs[1..] {
        let dot = p.dot(*q);
        if dot.abs() > best.2.abs() {
            best = (*p, *q, dot);
        }
    }
    (best.0, if best.2 < 0.0 { -best.1 } else { best.1 })
}

/// Lattice points of two neighbours that are closest to each other, near the place between both.
pub(super) struct Match {
    /// The neighbour's lattice point.
    pub theirs: Vec3,
    /// Our lattice point.
    pub ours: Vec3,
    /// From our origin to theirs in lattice steps along our direction and its left.
    pub steps: IVec2,
}

/// Compares the lattices of `a` and `b`.
pub(super) fn matching_points(a: &Frame, b: &Frame, spacing: f32) -> Match {
    let (u, v) = matching_directions(a, b);
    let axes_a = [u, a.normal.cross(u)];
    let axes_b = [v, b.normal.cross(v)];
    let inverse = spacing.recip();
    let coordinates =
        |axes: &[Vec3; 2], v: Vec3| Vec2::from(axes.map(|axis| axis.dot(v))) * inverse;
    let point = |frame: &Frame, axes: &[Vec3; 2], steps: Vec2| {
        frame.origin + spacing * (axes[0] * steps.x + axes[1] * steps.y)
    };
    // The four lattice points of `a` around the meeting point, and for each the one of `b` that
    // is nearest to it, all in coordinates of `b`.
    let low = coordinates(&axes_a, meeting_point(a, b) - a.origin).floor();
    let start = coordinates(&axes_b, point(a, &axes_a, low) - b.origin);
    let (right, left) = (
        coordinates(&axes_b, spacing * axes_a[0]),
        coordinates(&axes_b, spacing * axes_a[1]),
    );
    let mut best = (f32::INFINITY, Vec2::ZERO, Vec2::ZERO);
    for step in [Vec2::ZERO, Vec2::X, Vec2::Y, Vec2::ONE] {
        let seen = start + step.x * right + step.y * left;
        let nearest = seen.round();
        let distance = seen.distance_squared(nearest);
        if distance < best.0 {
            best = (distance, low + step, nearest);
        }
    }
    let (_, step_a, step_b) = best;
    Match {
        ours: point(a, &axes_a, step_a),
        theirs: point(b, &axes_b, step_b),
        steps: (step_a - step_b).as_ivec2(),
    }
}

/// The point in both tangent planes that is nearest to both positions: the middle `m` of the two
/// plus that combination of the normals which puts it on both planes.
fn meeting_point(a: &Frame, b: &Frame) -> Vec3 {
    let half = 0.5 * (b.position - a.position);
    let cosine = a.normal.dot(b.normal);
    // Nearly parallel planes: stay near the middle instead of dividing by nothing.
    let scale = (1.0 - cosine * cosine + 1e-4).recip();
    let (p, q) = (-a.normal.dot(half), b.normal.dot(half));
    let along_a = (p - cosine * q) * scale;
    let along_b = (q - cosine * p) * scale;
    a.position + half + along_a * a.normal + along_b * b.normal
}

/// The lattice point nearest to the frame's own position.
pub(super) fn nearest_point(frame: &Frame, spacing: f32) -> Vec3 {
    let offset = frame.position - frame.origin;
    let left = frame.normal.cross(frame.direction);
    let step = |axis: Vec3| (axis.dot(offset) / spacing).round() * spacing;
    frame.origin + frame.direction * step(frame.direction) + left * step(left)
}
