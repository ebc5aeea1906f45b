//! Separate pieces of a surface, and dropping the ones nobody wants.

use crate::Surface;

/// Keeps the pieces whose enclosed volume is at least `share` of the largest piece's. Inner
/// cavities (their volume is negative) and crumbs go. The order of what stays is unchanged.
pub fn keep_large(surface: &Surface, share: f64) -> Surface {
    let piece_of = pieces(surface);
    let count = piece_of.iter().max().map_or(0, |&last| last as usize + 1);
    // A closed piece's volume does not depend on where the origin is.
    let mut volumes = vec![0.0; count];
    for &triangle in &surface.triangles {
        let [a, b, c] = triangle.map(|v| surface.positions[v as usize].as_dvec3());
        volumes[piece_of[triangle[0] as usize] as usize] += a.dot(b.cross(c)) / 6.0;
    }
    let largest = volumes.iter().copied().fold(0.0, f64::max);
    retain(surface, |vertex| {
        let volume = volumes[piece_of[vertex as usize] as usize];
        volume > 0.0 && volume >= share * largest
    })
}

/// The piece each vertex belongs to, numbered by first appearance.
fn pieces(surface: &Surface) -> Vec<u32> {
    let mut parent: Vec<u32> = (0..surface.positions.len() as u32).collect();
    for &[a, b, c] in &surface.triangles {
        for (p, q) in [(a, b), (b, c)] {
            let (p, q) = (root(&mut parent, p), root(&mut parent, q));
            parent[p.max(q) as usize] = p.min(q);
        }
    }
    let mut number = vec![u32::MAX; parent.len()];
    let mut count = 0;
    (0..parent.len() as u32)
        .map(|vertex| {
            let root = root(&mut parent, vertex) as usize;
            if number[root] == u32::MAX {
                number[root] = count;
                count += 1;
            }
            number[root]
        })
        .collect()
}

fn root(parent: &mut [u32], mut vertex: u32) -> u32 {
    while parent[vertex as usize] != vertex {
        parent[vertex as usize] = parent[parent[vertex as usize] as usize];
        vertex = parent[vertex as usize];
    }
    vertex
}

/// The surface with only the vertices that `keep` accepts, and the triangles between them.
pub(crate) fn retain(surface: &Surface, keep: impl Fn(u32) -> bool) -> Surface {
    let mut ids = vec![u32::MAX; surface.positions.len()];
    let mut positions = Vec::new();
    for (vertex, &position) in surface.positions.iter().enumerate() {
        if keep(vertex as u32) {
            ids[vertex] = positions.len() as u32;
            positions.push(position);
        }
    }
    let triangles = surface
        .triangles
        .iter()
        .map(|t| t.map(|v| ids[v as usize]))
        .filter(|t| !t.contains(&u32::MAX))
        .collect();
    Surface {
        positions,
        triangles,
    }
}

#[cfg(test)]
mod tests {
    use glam::Vec3;

    use super::*;
    use crate::isosurface::{Field, isosurface};
    use crate::measure::{Topology, bounds, signed_volume};

    #[test]
    fn crumbs_and_cavities_go() {
        let n = 40;
        let (big, crumb) = (Vec3::splat(15.0), Vec3::splat(35.0));
        let values = (0..n * n * n)
            .map(|i| Vec3::new((i % n) as f32, (i / n % n) as f32, (i / n / n) as f32))
            .map(|p| {
                (12.0 - p.distance(big))
                    .min(p.distance(big) - 5.0)
                    .max(2.0 - p.distance(crumb))
            })
            .collect();
        let kept = keep_large(
            &isosurface(&Field {
                size: [n, n, n],
                values,
            }),
            0.03,
        );
        assert!(Topology::of(&kept).is_closed_manifold());
        let full_ball = 4.0 / 3.0 * std::f64::consts::PI * 12_f64.powi(3);
        assert!((signed_volume(&kept) / full_ball - 1.0).abs() < 0.01);
        assert!(bounds(&kept.positions).1.max_element() < 28.0);
    }
}
