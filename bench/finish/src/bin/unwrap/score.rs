//! What a flattening costs: islands, stretch, angles, room.

use glam::{DVec2, Vec2};
use mesh::Surface;
use mesh::raster::{Clip, rasterize};

/// A face stretched more than this, beside the mean, shows smears and nothing else.
const MOST_STRETCH: f64 = 20.0;

/// A sheet's figures.
pub struct Score {
    /// Islands.
    pub charts: usize,
    /// L² texture stretch of the whole (Sander et al. 2001), 1 where every texel covers a square
    /// of the same size. Without what is `lost`.
    pub stretch: f64,
    /// Mean difference between a face's angles on the sheet and on the surface, by area.
    pub angle_deg: f64,
    /// Share of the area that is mirrored within its island, or stretched more than [`MOST_STRETCH`].
    pub lost: f64,
    /// Share of the sheet's texels that a face covers.
    pub covered: f64,
    /// Share of the covered texels that several faces claim.
    pub doubled: f64,
    /// Length of all seams in units of the square root of the surface's area.
    pub seams: f64,
}

impl Score {
    /// `flat` has the corners of each face on the sheet, 0–1; the sheet has `side` texels each way.
    pub fn of(surface: &Surface, flat: &[[Vec2; 3]], side: u32) -> Self {
        let faces: Vec<Face> = (surface.triangles.iter().zip(flat))
            .map(|(triangle, corners)| {
                Face::of(triangle.map(|v| surface.positions[v as usize]), *corners)
            })
            .collect();
        let area: f64 = faces.iter().map(|face| face.area).sum();
        let sheet: f64 = faces.iter().map(|face| face.signed.abs()).sum();
        let (island, seams) = islands(surface, flat);
        // An island may lie on its back as a whole: that stretches nothing.
        let mut turned = vec![0.0; faces.len()];
        for (face, &island) in faces.iter().zip(&island) {
            turned[island] += face.signed;
        }
        // What a face would be stretched if all texels were shared out evenly.
        let even = (sheet / area).sqrt();
        let sound = |(face, island): &(&Face, &usize)| {
            face.signed * turned[**island] > 0.0 && face.stretches[0] * even < MOST_STRETCH
        };
        let sum = |of: &dyn Fn(&Face) -> f64| -> f64 {
            let sound = faces.iter().zip(&island).filter(sound);
            sound.map(|(face, _)| face.area * of(face)).sum()
        };
        let kept = sum(&|_| 1.0).max(f64::MIN_POSITIVE);
        let squares = sum(&|face| face.stretches.iter().map(|s| 0.5 * s * s).sum());
        let (covered, doubled) = room(flat, side);
        Self {
            charts: (0..island.len())
                .filter(|&face| island[face] == face)
                .count(),
            stretch: (squares / kept).sqrt() * even,
            angle_deg: sum(&|face| face.angle_deg) / kept,
            lost: 1.0 - kept / area,
            covered,
            doubled,
            seams: seams / area.sqrt(),
        }
    }
}

/// One triangle, on the surface and on the sheet.
struct Face {
    area: f64,
    /// Area on the sheet, negative if it lies there the other way round.
    signed: f64,
    /// Longest and shortest length on the surface of a unit of the sheet.
    stretches: [f64; 2],
    angle_deg: f64,
}

impl Face {
    fn of(corners: [glam::Vec3; 3], flat: [Vec2; 3]) -> Self {
        let [a, b, c] = corners.map(|p| p.as_dvec3());
        let (ab, ac) = (b - a, c - a);
        let length = ab.length();
        // The same triangle in its own plane.
        let along = ab / length.max(f64::MIN_POSITIVE);
        let across = ac - along * ac.dot(along);
        let own = [
            DVec2::ZERO,
            DVec2::new(length, 0.0),
            DVec2::new(ac.dot(along), across.length()),
        ];
        let [p, q, r] = flat.map(|p| p.as_dvec2());
        let signed = 0.5 * (q - p).perp_dot(r - p);
        let (du, dv) = (q - p, r - p);
        // The map from the sheet to the plane, by its columns.
        let scale = 1.0 / (2.0 * signed);
        let s = (own[1] * dv.y - own[2] * du.y) * scale;
        let t = (own[2] * du.x - own[1] * dv.x) * scale;
        let (e, f, g) = (s.dot(s), s.dot(t), t.dot(t));
        let root = ((e - g).powi(2) + 4.0 * f * f).sqrt();
        let stretches = [e + g + root, (e + g - root).max(0.0)].map(|square| (0.5 * square).sqrt());
        let differences = (0..3).map(|k| (angle(own, k) - angle([p, q, r], k)).abs());
        Self {
            area: 0.5 * length * across.length(),
            signed,
            stretches: stretches.map(|s| if s.is_finite() { s } else { f64::MAX }),
            angle_deg: differences.sum::<f64>().to_degrees() / 3.0,
        }
    }
}

/// The angle at one corner, in radians.
fn angle(corners: [DVec2; 3], at: usize) -> f64 {
    let here = corners[at];
    let (to, back) = (corners[(at + 1) % 3] - here, corners[(at + 2) % 3] - here);
    to.angle_to(back).abs()
}

/// Shares of the sheet that are covered, and of that, more than once.
fn room(flat: &[[Vec2; 3]], side: u32) -> (f64, f64) {
    let clip = Clip {
        x: 0..side,
        y: 0..side,
    };
    let mut times = vec![0_u8; (side * side) as usize];
    for corners in flat {
        rasterize(corners.map(|p| p * side as f32), &clip, |x, y, _| {
            let texel = &mut times[(y * side + x) as usize];
            *texel = texel.saturating_add(1);
        });
    }
    let covered = times.iter().filter(|&&n| n > 0).count() as f64;
    let doubled = times.iter().filter(|&&n| n > 1).count() as f64;
    (covered / f64::from(side * side), doubled / covered.max(1.0))
}

/// For each face the first face of its island, and the length of the seams, each seam once.
fn islands(surface: &Surface, flat: &[[Vec2; 3]]) -> (Vec<usize>, f64) {
    // Each edge with its ends on the sheet, so ordered that its two faces say the same.
    let mut edges: Vec<([u32; 2], [Vec2; 2], usize)> = Vec::with_capacity(flat.len() * 3);
    for (face, (triangle, corners)) in surface.triangles.iter().zip(flat).enumerate() {
        for k in 0..3 {
            let (from, to) = (k, (k + 1) % 3);
            let (from, to) = if triangle[from] < triangle[to] {
                (from, to)
            } else {
                (to, from)
            };
            let ends = [triangle[from], triangle[to]];
            edges.push((ends, [corners[from], corners[to]], face));
        }
    }
    edges.sort_by_key(|&(ends, _, face)| (ends, face));
    let mut island: Vec<usize> = (0..flat.len()).collect();
    let mut seams = 0.0;
    for pair in edges.chunk_by(|p, q| p.0 == q.0) {
        let [(ends, places, face), (_, others, other)] = pair else {
            continue;
        };
        if places == others {
            let (one, two) = (root(&mut island, *face), root(&mut island, *other));
            island[one.max(two)] = one.min(two);
        } else {
            let [a, b] = ends.map(|v| surface.positions[v as usize]);
            seams += f64::from(a.distance(b));
        }
    }
    let first = (0..flat.len())
        .map(|face| root(&mut island, face))
        .collect();
    (first, seams)
}

/// The face that stands for an island; shortens the way there.
fn root(island: &mut [usize], mut at: usize) -> usize {
    while island[at] != at {
        island[at] = island[island[at]];
        at = island[at];
    }
    at
}

#[cfg(test)]
mod tests {
    use glam::Vec3;

    use super::*;

    /// A unit square of two triangles, flattened by `place`.
    fn square(place: impl Fn(Vec3) -> Vec2) -> Score {
        let positions = vec![Vec3::ZERO, Vec3::X, Vec3::new(1.0, 1.0, 0.0), Vec3::Y];
        let triangles = vec![[0, 1, 2], [0, 2, 3]];
        let flat: Vec<[Vec2; 3]> = triangles
            .iter()
            .map(|t: &[u32; 3]| t.map(|v| place(positions[v as usize])))
            .collect();
        Score::of(
            &Surface {
                positions,
                triangles,
            },
            &flat,
            64,
        )
    }

    #[test]
    fn a_square_laid_down_as_it_is_is_perfect() {
        let score = square(|p| p.truncate() * 0.5);
        assert_eq!(score.charts, 1);
        assert!((score.stretch - 1.0).abs() < 1e-9 && score.angle_deg < 1e-6);
        assert!((score.covered - 0.25).abs() < 0.01 && score.doubled == 0.0);
        assert!(score.lost == 0.0 && score.seams == 0.0);
    }

    #[test]
    fn a_square_pressed_flat_is_stretched_as_the_paper_says() {
        // A unit of the sheet is 2 across and 1/2 up at even density: √((4 + 1/4) / 2).
        let score = square(|p| Vec2::new(p.x * 0.25, p.y));
        assert!(
            (score.stretch - 2.125_f64.sqrt()).abs() < 1e-6,
            "{}",
            score.stretch
        );
        assert!(score.angle_deg > 15.0);
    }

    #[test]
    fn a_fold_is_lost_and_doubled() {
        // The corner across the diagonal comes to lie on the other triangle.
        let score = square(|p| match (p.x < p.y, p.y < p.x) {
            (true, _) => Vec2::new(0.0, 0.8),
            (_, true) => Vec2::new(0.0, 0.9),
            _ => p.truncate() * 0.9,
        });
        assert!(score.doubled > 0.8, "{}", score.doubled);
        assert!((score.lost - 0.5).abs() < 1e-6, "{}", score.lost);
    }
}
