//! Triangles into quads: the pairs that make the squarest quads first.

use glam::Vec3;

use super::cells::Draft;
use super::halfedge::NONE;

/// Worst corner that a quad may have, as |cos| of its angle: 0 is a right angle, 1 a straight one.
const WORST_CORNER: f32 = 0.85;
/// No vertex may end between fewer faces.
const FEWEST_FACES: usize = 3;

/// A base face: the fourth corner is `NONE` in triangles.
pub(super) type Face = [u32; 4];

/// Pairs the draft's triangles.
pub(super) fn faces(draft: &Draft) -> Vec<Face> {
    let mesh = &draft.mesh;
    let mut candidates: Vec<(f32, u32)> = (0..mesh.halfedge_count())
        .filter(|&h| mesh.is_halfedge(h) && h < mesh.twin(h))
        .filter_map(|h| Some((squareness(draft, h)?, h)))
        .collect();
    candidates.sort_by(|p, q| p.0.total_cmp(&q.0).then(p.1.cmp(&q.1)));
    let mut around: Vec<usize> = (0..mesh.vertex_count() as u32)
        .map(|v| mesh.valence(v))
        .collect();
    let mut partner = vec![NONE; mesh.halfedge_count() as usize / 3];
    for (_, h) in candidates {
        let pair = [h / 3, mesh.twin(h) / 3];
        let ends = [mesh.from(h), mesh.to(h)];
        let is_free = pair.iter().all(|&face| partner[face as usize] == NONE);
        if is_free && ends.iter().all(|&v| around[v as usize] > FEWEST_FACES) {
            partner[pair[0] as usize] = h;
            partner[pair[1] as usize] = mesh.twin(h);
            for v in ends {
                around[v as usize] -= 1;
            }
        }
    }
    let face = |(face, &h): (usize, &u32)| {
        let [a, b, c] = mesh.corners(face as u32);
        if a == NONE {
            None
        } else if h == NONE {
            Some([a, b, c, NONE])
        } else {
            (h < mesh.twin(h)).then(|| quad(draft, h))
        }
    };
    partner.iter().enumerate().filter_map(face).collect()
}

/// The quad around an edge, counter-clockwise.
fn quad(draft: &Draft, h: u32) -> Face {
    let mesh = &draft.mesh;
    [
        mesh.from(h),
        mesh.apex(mesh.twin(h)),
        mesh.to(h),
        mesh.apex(h),
    ]
}

/// How far the quad around an edge is from a square, 0 is one; `None` if it is no good quad.
fn squareness(draft: &Draft, h: u32) -> Option<f32> {
    let corners = quad(draft, h).map(|v| draft.feet[v as usize]);
    let at = |k: usize| corners[k % 4].position;
    let up: Vec3 = corners.iter().map(|foot| foot.normal).sum();
    let mut worst = 0.0_f32;
    let mut total = 0.0;
    for k in 0..4 {
        let (ahead, back) = (at(k + 1) - at(k), at(k + 3) - at(k));
        if ahead.cross(back).dot(up) <= 0.0 {
            return None;
        }
        let cosine = ahead.dot(back) / (ahead.length() * back.length());
        worst = worst.max(cosine.abs());
        total += cosine.abs();
    }
    (worst < WORST_CORNER).then_some(worst + 0.25 * total)
}
