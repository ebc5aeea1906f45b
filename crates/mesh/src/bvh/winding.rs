//! How often a surface winds around a point, for surfaces with holes, doubles and crossings: 1
//! inside, 0 outside, something between near what is missing (Jacobson et al., "Robust
//! inside-outside segmentation using generalized winding numbers", 2013; made fast by dipoles for
//! what is far, Barill et al., "Fast winding numbers for soups and clouds", 2018).

use std::f32::consts::PI;

use glam::Vec3;

use super::Bvh;

/// A node is far from so many of its radii on; the paper's choice.
const FAR: f32 = 2.0;

/// The dipoles of all nodes of a hierarchy.
pub(crate) struct Winding<'a> {
    bvh: &'a Bvh,
    dipoles: Vec<Dipole>,
}

/// What a node looks like from afar.
#[derive(Clone, Copy, Default)]
struct Dipole {
    middle: Vec3,
    /// Sum of the triangles' areas along their normals.
    normal: Vec3,
    area: f32,
    radius: f32,
}

impl<'a> Winding<'a> {
    pub(crate) fn of(bvh: &'a Bvh) -> Self {
        let mut dipoles = vec![Dipole::default(); bvh.nodes.len()];
        // Children come after their parents.
        for at in (0..bvh.nodes.len()).rev() {
            let node = &bvh.nodes[at];
            let mut parts = Vec::with_capacity(4);
            if node.count > 0 {
                for slot in node.start..node.start + node.count {
                    let [a, b, c] = bvh.corners[slot as usize];
                    let normal = 0.5 * (b - a).cross(c - a);
                    parts.push(((a + b + c) / 3.0, normal, normal.length()));
                }
            } else {
                for child in [at + 1, at + node.start as usize] {
                    let dipole = dipoles[child];
                    parts.push((dipole.middle, dipole.normal, dipole.area));
                }
            }
            let area: f32 = parts.iter().map(|part| part.2).sum();
            let weighted: Vec3 = parts.iter().map(|part| part.0 * part.2).sum();
            let middle = if area > 0.0 {
                weighted / area
            } else {
                0.5 * (node.low + node.high)
            };
            let reach = (node.high - middle).abs().max((node.low - middle).abs());
            dipoles[at] = Dipole {
                middle,
                normal: parts.iter().map(|part| part.1).sum(),
                area,
                radius: reach.length(),
            };
        }
        Self { bvh, dipoles }
    }

    /// The winding number of a point that doesn't lie on the surface.
    pub(crate) fn at(&self, point: Vec3) -> f32 {
        let mut sum = 0.0;
        let mut at = 0;
        // Depth first without a stack: a subtree that is far is stepped over.
        let mut skip = Vec::with_capacity(super::STACK);
        while at < self.bvh.nodes.len() {
            let node = &self.bvh.nodes[at];
            let dipole = &self.dipoles[at];
            let towards = dipole.middle - point;
            let squared = towards.length_squared();
            let is_far = squared > (FAR * dipole.radius).powi(2);
            if is_far {
                sum += towards.dot(dipole.normal) / (squared * squared.sqrt());
            } else if node.count > 0 {
                let slots = node.start as usize..(node.start + node.count) as usize;
                sum += self.bvh.corners[slots]
                    .iter()
                    .map(|t| solid_angle(t, point))
                    .sum::<f32>();
            } else {
                skip.push(at + node.start as usize);
                at += 1;
                continue;
            }
            match skip.pop() {
                Some(next) => at = next,
                None => break,
            }
        }
        sum / (4.0 * PI)
    }
}

/// Of a triangle seen from a point (Van Oosterom and Strackee, 1983).
fn solid_angle(corners: &[Vec3; 3], point: Vec3) -> f32 {
    let [a, b, c] = corners.map(|corner| corner - point);
    let (la, lb, lc) = (a.length(), b.length(), c.length());
    let over = a.dot(b.cross(c));
    let under = la * lb * lc + a.dot(b) * lc + b.dot(c) * la + c.dot(a) * lb;
    2.0 * over.atan2(under)
}
