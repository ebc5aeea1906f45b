//! A bounding volume hierarchy over the triangles of a surface: rays, nearest points, overlaps.
//!
//! Built by binned surface area heuristic (Wald, "On fast construction of SAH-based bounding
//! volume hierarchies", 2007). The tree and every answer are the same for any number of threads.
//!
//! Ours, because the crates that come near leave the greater part to us or bring far more:
//! `obvhs` 0.4 knows boxes only (triangle tests, nearest points and a deterministic order would be
//! written here all the same) and pulls in a radix sort; `parry3d` 0.31 has all of it, behind a
//! physics engine's mathematics and several dozen crates.

mod build;
mod triangle;
mod winding;

use std::ops::{ControlFlow, Range};

use glam::Vec3;

use crate::Surface;
pub(crate) use triangle::{Shear, closest};
pub(crate) use winding::Winding;

/// Deeper than any tree that [`build`] makes.
const STACK: usize = 128;

/// The hierarchy. Owns a copy of the corners; triangles that are not finite are left out.
pub struct Bvh {
    nodes: Vec<Node>,
    /// Triangles in the tree's order.
    corners: Vec<[Vec3; 3]>,
    /// The surface's number of each.
    faces: Vec<u32>,
}

/// A box and what is in it. Nodes lie depth first: the left child comes right after its parent.
#[derive(Clone, Copy)]
struct Node {
    low: Vec3,
    /// Leaf: its first triangle. Inner node: how far behind this one the right child lies.
    start: u32,
    high: Vec3,
    /// Triangles of a leaf; 0 marks an inner node.
    count: u32,
}

/// Where a ray meets the surface.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// Which triangle.
    pub face: u32,
    /// In multiples of the direction's length.
    pub distance: f32,
    /// Barycentric coordinates of the place, corner by corner.
    pub weights: Vec3,
}

/// The point of the surface closest to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Nearest {
    /// Which triangle.
    pub face: u32,
    /// The place itself.
    pub point: Vec3,
    /// Its barycentric coordinates, corner by corner.
    pub weights: Vec3,
    /// How far it is.
    pub distance: f32,
}

impl Bvh {
    /// Builds the tree. Indices must be valid; a surface without triangles gives an empty tree.
    pub fn of(surface: &Surface) -> Self {
        build::build(surface)
    }

    /// The first triangle, from either side, that `origin + t · direction` meets with `t` in
    /// `range`. Watertight: a ray through a shared edge or corner meets one of its triangles.
    /// Triangles seen exactly edge-on are not met.
    pub fn ray(&self, origin: Vec3, direction: Vec3, range: Range<f32>) -> Option<Hit> {
        let mut nearest = None;
        self.along(origin, direction, range, |hit| {
            nearest = Some(hit);
            hit.distance
        });
        nearest
    }

    /// Whether [`Bvh::ray`] would meet anything, which is found out sooner.
    pub fn any(&self, origin: Vec3, direction: Vec3, range: Range<f32>) -> bool {
        let mut met = false;
        self.along(origin, direction, range, |_| {
            met = true;
            f32::NEG_INFINITY
        });
        met
    }

    /// Tells `visit` of the triangles along a ray; it answers up to where others still matter.
    pub fn along(
        &self,
        origin: Vec3,
        direction: Vec3,
        range: Range<f32>,
        mut visit: impl FnMut(Hit) -> f32,
    ) {
        let Some(shear) = Shear::along(origin, direction) else {
            return;
        };
        let slope = direction.map(|d| {
            if d.abs() < 1e-20 {
                1e20_f32.copysign(d)
            } else {
                1.0 / d
            }
        });
        let mut end = range.end;
        let entry = |node: &Node, end: f32| {
            let (a, b) = ((node.low - origin) * slope, (node.high - origin) * slope);
            let near = a.min(b).max_element().max(range.start);
            // A little more than rounding can take away (Ize, "Robust BVH ray traversal", 2013).
            let far = (a.max(b).min_element() * 1.000_000_5).min(end);
            (near <= far).then_some(near)
        };
        let mut stack = Stack::default();
        if let Some(near) = self.nodes.first().and_then(|root| entry(root, end)) {
            stack.push(0, near);
        }
        while let Some((at, near)) = stack.pop() {
            if near > end {
                continue;
            }
            let node = &self.nodes[at as usize];
            if node.count > 0 {
                for slot in node.start..node.start + node.count {
                    let hit = shear.meet(&self.corners[slot as usize]);
                    if let Some((distance, weights)) = hit
                        && distance >= range.start
                        && distance < end
                    {
                        let face = self.faces[slot as usize];
                        end = visit(Hit {
                            face,
                            distance,
                            weights,
                        })
                        .min(end);
                    }
                }
            } else {
                let children = [at + 1, at + node.start];
                let entries = children.map(|child| entry(&self.nodes[child as usize], end));
                stack.push_ordered(children, entries);
            }
        }
    }

    /// The closest point of the surface to `point`, if it is not farther than `within`.
    pub fn nearest(&self, point: Vec3, within: f32) -> Option<Nearest> {
        let mut best = None;
        let mut limit = within * within;
        let reach = |node: &Node, limit: f32| {
            let squared = point.clamp(node.low, node.high).distance_squared(point);
            (squared <= limit).then_some(squared)
        };
        let mut stack = Stack::default();
        if let Some(squared) = self.nodes.first().and_then(|root| reach(root, limit)) {
            stack.push(0, squared);
        }
        while let Some((at, squared)) = stack.pop() {
            if squared > limit {
                continue;
            }
            let node = &self.nodes[at as usize];
            if node.count > 0 {
                for slot in node.start..node.start + node.count {
                    let (place, weights) = closest(point, &self.corners[slot as usize]);
                    let squared = place.distance_squared(point);
                    if squared < limit || (best.is_none() && squared <= limit) {
                        limit = squared;
                        best = Some((self.faces[slot as usize], place, weights));
                    }
                }
            } else {
                let children = [at + 1, at + node.start];
                let entries = children.map(|child| reach(&self.nodes[child as usize], limit));
                stack.push_ordered(children, entries);
            }
        }
        best.map(|(face, place, weights)| Nearest {
            face,
            point: place,
            weights,
            distance: limit.sqrt(),
        })
    }

    /// Tells `visit` of every triangle whose own box touches the box from `low` to `high`, until it
    /// breaks off.
    pub fn overlapping(
        &self,
        low: Vec3,
        high: Vec3,
        mut visit: impl FnMut(u32) -> ControlFlow<()>,
    ) {
        let touches = |a: Vec3, b: Vec3| a.cmple(high).all() && b.cmpge(low).all();
        let mut stack = Stack::default();
        if !self.nodes.is_empty() {
            stack.push(0, 0.0);
        }
        while let Some((at, _)) = stack.pop() {
            let node = &self.nodes[at as usize];
            if !touches(node.low, node.high) {
                continue;
            }
            if node.count > 0 {
                for slot in node.start..node.start + node.count {
                    let [a, b, c] = self.corners[slot as usize];
                    if touches(a.min(b).min(c), a.max(b).max(c))
                        && visit(self.faces[slot as usize]).is_break()
                    {
                        return;
                    }
                }
            } else {
                stack.push(at + node.start, 0.0);
                stack.push(at + 1, 0.0);
            }
        }
    }

    /// The numbers of the nodes that hold triangles.
    pub(crate) fn leaves(&self) -> Vec<u32> {
        let nodes = (0..).zip(&self.nodes);
        let leaves = nodes.filter_map(|(at, node)| (node.count > 0).then_some(at));
        leaves.collect()
    }

    /// Tells `visit` of every two triangles whose boxes touch, one of which is in this leaf and the other
    /// there, too, or in a later one, until it breaks off: all leaves' together are each two once.
    pub(crate) fn touching(&self, leaf: u32, mut visit: impl FnMut(u32, u32) -> ControlFlow<()>) {
        let boxed = |slot: u32| {
            let [a, b, c] = self.corners[slot as usize];
            (self.faces[slot as usize], a.min(b).min(c), a.max(b).max(c))
        };
        let slots = |node: &Node| node.start..node.start + node.count;
        let own = self.nodes[leaf as usize];
        let mut stack = Stack::default();
        stack.push(0, 0.0);
        while let Some((at, _)) = stack.pop() {
            let node = &self.nodes[at as usize];
            if !(node.low.cmple(own.high).all() && node.high.cmpge(own.low).all()) {
                continue;
            }
            if node.count == 0 {
                // What is left of the leaf was compared from there.
                let right = at + node.start;
                stack.push(right, 0.0);
                if right > leaf {
                    stack.push(at + 1, 0.0);
                }
                continue;
            }
            if at < leaf {
                continue;
            }
            for one in slots(&own) {
                let (face, low, high) = boxed(one);
                for slot in slots(node).filter(|&slot| slot > one) {
                    let (other, other_low, other_high) = boxed(slot);
                    let touch = other_low.cmple(high).all() && other_high.cmpge(low).all();
                    if touch && visit(face.min(other), face.max(other)).is_break() {
                        return;
                    }
                }
            }
        }
    }
}

/// Nodes still to visit, each with the least that anything in it can answer.
struct Stack {
    waiting: [(u32, f32); STACK],
    count: usize,
}

impl Default for Stack {
    fn default() -> Self {
        Self {
            waiting: [(0, 0.0); STACK],
            count: 0,
        }
    }
}

impl Stack {
    fn push(&mut self, node: u32, least: f32) {
        self.waiting[self.count] = (node, least);
        self.count += 1;
    }

    /// Pushes those of two children that matter so that the nearer is taken first.
    fn push_ordered(&mut self, [a, b]: [u32; 2], entries: [Option<f32>; 2]) {
        match entries {
            [Some(near_a), Some(near_b)] if near_b < near_a => {
                self.push(a, near_a);
                self.push(b, near_b);
            }
            [near_a, near_b] => {
                near_b.into_iter().for_each(|near| self.push(b, near));
                near_a.into_iter().for_each(|near| self.push(a, near));
            }
        }
    }

    fn pop(&mut self) -> Option<(u32, f32)> {
        self.count = self.count.checked_sub(1)?;
        Some(self.waiting[self.count])
    }
}

#[cfg(test)]
mod tests;
