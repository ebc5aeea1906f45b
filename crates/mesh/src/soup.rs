//! Triangles as they come from files: corners stored many times, edges shared by any number of
//! faces. What checking and repairing both ask of them.

use std::borrow::Borrow;
use std::collections::HashMap;

use glam::{DVec3, Vec3};
use rayon::prelude::*;

use crate::Surface;
use crate::bvh::Bvh;

/// The vertex that each vertex becomes when equal positions are one, and the positions that remain,
/// by first appearance. Zero and minus zero are equal; NaN is left alone.
pub(crate) fn weld(positions: &[Vec3]) -> (Vec<u32>, Vec<Vec3>) {
    let mut known = HashMap::with_capacity(positions.len());
    let mut kept = Vec::new();
    let ids = positions
        .iter()
        .map(|&p| {
            *known
                .entry((p + 0.0).to_array().map(f32::to_bits))
                .or_insert_with(|| {
                    kept.push(p);
                    kept.len() as u32 - 1
                })
        })
        .collect();
    (ids, kept)
}

/// Corners of a face.
pub(crate) fn corners(surface: &Surface, face: u32) -> [Vec3; 3] {
    surface.triangles[face as usize].map(|vertex| surface.positions[vertex as usize])
}

/// Twice the area, along the normal.
pub(crate) fn doubled_normal([a, b, c]: [Vec3; 3]) -> DVec3 {
    let [a, b, c] = [a, b, c].map(|p| p.as_dvec3());
    (b - a).cross(c - a)
}

/// One side of an edge: the face that lies there and which of its edges this is (edge `i` runs from
/// corner `i` to the next).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Side {
    /// The edge's ends, the smaller first.
    pub ends: [u32; 2],
    /// The face.
    pub face: u32,
    /// Its edge.
    pub edge: u8,
    /// The face walks from the smaller end to the larger.
    pub up: bool,
}

impl Side {
    /// The corners of the face at the smaller and the larger end.
    pub(crate) fn corners(&self) -> [usize; 2] {
        let first = self.face as usize * 3;
        let (from, to) = (
            first + self.edge as usize,
            first + (self.edge as usize + 1) % 3,
        );
        if self.up { [from, to] } else { [to, from] }
    }
}

/// Every side of every edge, edge by edge: `chunk_by` equal ends gives the edges.
pub(crate) fn sides(triangles: &[[u32; 3]]) -> Vec<Side> {
    let mut sides: Vec<Side> = triangles
        .par_iter()
        .enumerate()
        .flat_map_iter(|(face, &[a, b, c])| {
            [(a, b), (b, c), (c, a)]
                .into_iter()
                .zip(0..)
                .map(move |((from, to), edge)| Side {
                    ends: [from.min(to), from.max(to)],
                    face: face as u32,
                    edge,
                    up: from < to,
                })
        })
        .collect();
    sides.par_sort_unstable();
    sides
}

/// The sides of each edge together.
pub(crate) fn edges(sides: &[Side]) -> impl Iterator<Item = &[Side]> {
    sides.chunk_by(|a, b| a.ends == b.ends)
}

/// Sets that grow together; each is known by its smallest member.
pub(crate) struct Sets(Vec<u32>);

impl Sets {
    /// Each of `count` alone.
    pub(crate) fn of(count: usize) -> Self {
        Self((0..count as u32).collect())
    }

    /// The smallest member of the set that `member` is in.
    pub(crate) fn find(&mut self, mut member: u32) -> u32 {
        while self.0[member as usize] != member {
            self.0[member as usize] = self.0[self.0[member as usize] as usize];
            member = self.0[member as usize];
        }
        member
    }

    /// Makes two sets one.
    pub(crate) fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.find(a), self.find(b));
        self.0[a.max(b) as usize] = a.min(b);
    }

    /// Numbers the sets by their smallest members; and how many there are.
    pub(crate) fn numbered(mut self) -> (Vec<u32>, usize) {
        let mut count = 0;
        let mut number = vec![0; self.0.len()];
        for member in 0..self.0.len() as u32 {
            let root = self.find(member);
            if root == member {
                number[member as usize] = count;
                count += 1;
            } else {
                number[member as usize] = number[root as usize];
            }
        }
        (number, count as usize)
    }
}

/// The corners (three per triangle) that hang together around their vertex, along edges of two faces:
/// its fans.
pub(crate) fn fans(corners: usize, sides: &[Side]) -> Sets {
    let mut fans = Sets::of(corners);
    for edge in edges(sides) {
        if let [one, other] = edge {
            let (one, other) = (one.corners(), other.corners());
            fans.join(one[0] as u32, other[0] as u32);
            fans.join(one[1] as u32, other[1] as u32);
        }
    }
    fans
}

/// Faces that hang together along edges of two faces.
pub(crate) struct Shells {
    /// The shell of each face.
    pub of_face: Vec<u32>,
    /// Whether a face must be turned over for its shell to agree with itself; the smaller area is
    /// what is turned.
    pub turned: Vec<bool>,
    /// One entry per shell, in the order of their first faces.
    pub list: Vec<Shell>,
}

/// One of them. Area and volume are after turning.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Shell {
    pub faces: usize,
    pub area: f64,
    /// Enclosed, positive where the faces look outwards; seen from the shell's middle if open.
    pub volume: f64,
    /// No side of it is without its opposite.
    pub closed: bool,
    /// It can agree with itself: no Möbius strip.
    pub orientable: bool,
    /// One of its faces, its largest.
    pub face: u32,
}

/// Finds the shells. `joined` are the pairs of faces across an edge, and whether both walk the edge
/// in the same direction; `is_open` tells the faces that lack a neighbour.
pub(crate) fn shells(surface: &Surface, joined: &[(u32, u32, bool)], is_open: &[bool]) -> Shells {
    let count = surface.triangles.len();
    let mut sets = Sets::of(count);
    for &(a, b, _) in joined {
        sets.join(a, b);
    }
    let (of_face, shell_count) = sets.numbered();
    let mut list = vec![
        Shell {
            closed: true,
            orientable: true,
            ..Shell::default()
        };
        shell_count
    ];
    let neighbours = Neighbours::of(count, joined);
    let mut turned = vec![false; count];
    let mut seen = vec![false; count];
    let areas: Vec<f64> = (0..count as u32)
        .map(|face| 0.5 * doubled_normal(corners(surface, face)).length())
        .collect();
    for start in 0..count as u32 {
        if seen[start as usize] {
            continue;
        }
        let mut members = vec![start];
        seen[start as usize] = true;
        let mut next = 0;
        let mut balance = 0.0;
        let shell = &mut list[of_face[start as usize] as usize];
        shell.face = start;
        while next < members.len() {
            let face = members[next];
            next += 1;
            let area = areas[face as usize];
            balance += if turned[face as usize] { -area } else { area };
            if area > areas[shell.face as usize] {
                shell.face = face;
            }
            shell.faces += 1;
            shell.area += area;
            shell.closed &= !is_open[face as usize];
            for &(other, disagree) in neighbours.around(face) {
                let expected = turned[face as usize] ^ disagree;
                if !seen[other as usize] {
                    seen[other as usize] = true;
                    turned[other as usize] = expected;
                    members.push(other);
                } else {
                    shell.orientable &= turned[other as usize] == expected;
                }
            }
        }
        if balance < 0.0 {
            members
                .iter()
                .for_each(|&face| turned[face as usize] ^= true);
        }
        shell.volume = volume(surface, &members, &turned);
    }
    Shells {
        of_face,
        turned,
        list,
    }
}

fn volume(surface: &Surface, faces: &[u32], turned: &[bool]) -> f64 {
    let middle = faces
        .iter()
        .map(|&face| {
            corners(surface, face)
                .map(|p| p.as_dvec3())
                .into_iter()
                .sum::<DVec3>()
        })
        .sum::<DVec3>()
        / (faces.len() * 3) as f64;
    faces
        .iter()
        .map(|&face| {
            let [a, b, c] = corners(surface, face).map(|p| p.as_dvec3() - middle);
            let six = a.dot(b.cross(c));
            (if turned[face as usize] { -six } else { six }) / 6.0
        })
        .sum()
}

/// Who lies next to each face, as one list with offsets.
struct Neighbours {
    starts: Vec<u32>,
    list: Vec<(u32, bool)>,
}

impl Neighbours {
    fn of(count: usize, joined: &[(u32, u32, bool)]) -> Self {
        let mut starts = vec![0; count + 1];
        for &(a, b, _) in joined {
            starts[a as usize + 1] += 1;
            starts[b as usize + 1] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        let mut fill = starts.clone();
        let mut list = vec![(0, false); joined.len() * 2];
        for &(a, b, disagree) in joined {
            for (face, other) in [(a, b), (b, a)] {
                list[fill[face as usize] as usize] = (other, disagree);
                fill[face as usize] += 1;
            }
        }
        Self { starts, list }
    }

    fn around(&self, face: u32) -> &[(u32, bool)] {
        &self.list[self.starts[face as usize] as usize..self.starts[face as usize + 1] as usize]
    }
}

/// Towards nothing in particular, so that rays seldom meet an edge of what people model.
const DIRECTIONS: [Vec3; 3] = [
    Vec3::new(0.435, 0.788, 0.436),
    Vec3::new(-0.618, 0.331, -0.713),
    Vec3::new(0.271, -0.547, 0.792),
];

/// In how many other closed shells each shell lies, by two of three rays from its largest face.
/// `bvh` is asked for only where there are several.
pub(crate) fn depths<B: Borrow<Bvh>>(
    surface: &Surface,
    bvh: impl FnOnce() -> B,
    shells: &Shells,
) -> Vec<u32> {
    if shells.list.len() < 2 {
        return vec![0; shells.list.len()];
    }
    let bvh = bvh();
    let bvh: &Bvh = bvh.borrow();
    let mut boxes = vec![(Vec3::INFINITY, Vec3::NEG_INFINITY); shells.list.len()];
    for (face, &shell) in (0..).zip(&shells.of_face) {
        let [a, b, c] = corners(surface, face);
        let (low, high) = &mut boxes[shell as usize];
        (*low, *high) = (low.min(a).min(b).min(c), high.max(a).max(b).max(c));
    }
    // A piece that sticks out is not inside, wherever its largest face may be.
    let fits = |inner: usize, outer: usize| {
        let ((low, high), (outer_low, outer_high)) = (boxes[inner], boxes[outer]);
        low.cmpge(outer_low).all() && high.cmple(outer_high).all()
    };
    let depth = |number: usize, shell: &Shell| {
        let [a, b, c] = corners(surface, shell.face);
        let mut votes = DIRECTIONS.map(|direction| {
            let mut crossed = Vec::new();
            bvh.along((a + b + c) / 3.0, direction, 0.0..f32::MAX, |hit| {
                let other = shells.of_face[hit.face as usize];
                let is_other = other as usize != number && shells.list[other as usize].closed;
                if is_other && fits(number, other as usize) {
                    crossed.push(other);
                }
                f32::MAX
            });
            crossed.sort_unstable();
            crossed
                .chunk_by(|a, b| a == b)
                .filter(|same| same.len() % 2 == 1)
                .count() as u32
        });
        votes.sort_unstable();
        votes[1]
    };
    shells
        .list
        .par_iter()
        .enumerate()
        .map(|(number, shell)| depth(number, shell))
        .collect()
}
