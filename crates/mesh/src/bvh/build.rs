//! From triangles to a tree.

use glam::Vec3;

use super::{Bvh, Node};
use crate::Surface;

const BINS: usize = 16;
/// Leaves hold at most this many triangles.
const LEAF: usize = 4;
/// Below this depth the tree is halved instead, which bounds how deep it gets.
const UNBALANCED_DEPTH: usize = 64;
/// Subtrees of at least this many triangles are built side by side.
const PARALLEL: usize = 8192;

/// Boxes are this much larger on every side, as a share of the largest coordinate: rays that run
/// exactly along a side still enter, and rounding can't lose them.
const PADDING: f32 = 1e-6;

/// A box that can be empty.
#[derive(Clone, Copy)]
struct Bounds {
    low: Vec3,
    high: Vec3,
}

impl Bounds {
    const EMPTY: Self = Self {
        low: Vec3::INFINITY,
        high: Vec3::NEG_INFINITY,
    };

    fn join(self, other: Self) -> Self {
        Self {
            low: self.low.min(other.low),
            high: self.high.max(other.high),
        }
    }

    fn half_area(self) -> f32 {
        let size = (self.high - self.low).max(Vec3::ZERO);
        size.x * size.y + size.y * size.z + size.z * size.x
    }
}

/// A triangle on its way into the tree.
#[derive(Clone, Copy)]
struct Item {
    bounds: Bounds,
    face: u32,
}

impl Item {
    fn middle(&self) -> Vec3 {
        0.5 * self.bounds.low + 0.5 * self.bounds.high
    }
}

pub(super) fn build(surface: &Surface) -> Bvh {
    let corners = |face: u32| {
        surface.triangles[face as usize].map(|vertex| surface.positions[vertex as usize])
    };
    let mut items: Vec<Item> = (0..surface.triangles.len() as u32)
        .filter_map(|face| {
            let [a, b, c] = corners(face);
            let bounds = Bounds {
                low: a.min(b).min(c),
                high: a.max(b).max(c),
            };
            let finite = a.is_finite() && b.is_finite() && c.is_finite();
            finite.then_some(Item { bounds, face })
        })
        .collect();
    let mut nodes = match items.len() {
        0 => Vec::new(),
        _ => subtree(&mut items, 0, 0),
    };
    let largest = nodes.first().map_or(0.0, |root| {
        root.low.abs().max(root.high.abs()).max_element()
    });
    for node in &mut nodes {
        node.low -= PADDING * largest;
        node.high += PADDING * largest;
    }
    Bvh {
        nodes,
        corners: items.iter().map(|item| corners(item.face)).collect(),
        faces: items.iter().map(|item| item.face).collect(),
    }
}

/// Sorts `items`, the first of which is number `first` of all, into a tree of their own.
fn subtree(items: &mut [Item], first: u32, depth: usize) -> Vec<Node> {
    let bounds = items
        .iter()
        .fold(Bounds::EMPTY, |sum, item| sum.join(item.bounds));
    let mut node = Node {
        low: bounds.low,
        start: first,
        high: bounds.high,
        count: items.len() as u32,
    };
    if items.len() <= LEAF {
        return vec![node];
    }
    let middle = split(items, depth);
    let (left, right) = items.split_at_mut(middle);
    let build_left = |left: &mut [Item]| subtree(left, first, depth + 1);
    let build_right = |right: &mut [Item]| subtree(right, first + middle as u32, depth + 1);
    let (left, right) = if left.len() + right.len() >= PARALLEL {
        rayon::join(|| build_left(left), || build_right(right))
    } else {
        (build_left(left), build_right(right))
    };
    (node.start, node.count) = (1 + left.len() as u32, 0);
    let mut nodes = Vec::with_capacity(1 + left.len() + right.len());
    nodes.push(node);
    nodes.extend(left);
    nodes.extend(right);
    nodes
}

/// Reorders `items` into two parts where that makes queries cheapest, and says where the second
/// begins. Neither is empty.
fn split(items: &mut [Item], depth: usize) -> usize {
    let (low, high) = items
        .iter()
        .map(Item::middle)
        .fold((Vec3::INFINITY, Vec3::NEG_INFINITY), |(low, high), p| {
            (low.min(p), high.max(p))
        });
    let scale = (high - low).map(|size| BINS as f32 * 0.9999 / size);
    let bin = |item: &Item, axis: usize| {
        (((item.middle()[axis] - low[axis]) * scale[axis]) as usize).min(BINS - 1)
    };
    // Along the longest axis only: the other two cost more time than they save.
    let axis = (high - low).max_position();
    let mut border = 0;
    if depth < UNBALANCED_DEPTH {
        let mut bins = [(Bounds::EMPTY, 0_usize); BINS];
        for item in items.iter() {
            let (bounds, count) = &mut bins[bin(item, axis)];
            *bounds = bounds.join(item.bounds);
            *count += 1;
        }
        border = cheapest_border(&bins);
    }
    let middle = partition(items, |item| bin(item, axis) < border);
    if middle == 0 || middle == items.len() {
        items.len() / 2
    } else {
        middle
    }
}

/// The first bin of the right side where cutting costs least: area × triangles on both sides.
fn cheapest_border(bins: &[(Bounds, usize); BINS]) -> usize {
    let mut right_cost = [0.0; BINS];
    let mut sum = (Bounds::EMPTY, 0);
    for border in (1..BINS).rev() {
        sum = (sum.0.join(bins[border].0), sum.1 + bins[border].1);
        right_cost[border] = if sum.1 == 0 {
            f32::INFINITY
        } else {
            sum.0.half_area() * sum.1 as f32
        };
    }
    let mut best = (f32::INFINITY, 0);
    let mut sum = (Bounds::EMPTY, 0);
    for border in 1..BINS {
        sum = (sum.0.join(bins[border - 1].0), sum.1 + bins[border - 1].1);
        let cost = sum.0.half_area() * sum.1 as f32 + right_cost[border];
        if sum.1 > 0 && cost < best.0 {
            best = (cost, border);
        }
    }
    best.1
}

/// Moves what is `first` to the front and says how many that are.
fn partition(items: &mut [Item], first: impl Fn(&Item) -> bool) -> usize {
    let mut count = 0;
    for i in 0..items.len() {
        if first(&items[i]) {
            items.swap(i, count);
            count += 1;
        }
    }
    count
}
