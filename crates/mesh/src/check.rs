//! Whether a surface can be printed, and where it can't: for any heap of triangles, from any file.
//!
//! Lengths are in metres, +Y is up and the lowest point stands on the plate, as in glTF. Vertices at
//! equal positions count as one, since some formats (STL) store every corner anew.

pub(crate) mod crossings;
mod picture;
mod topology;
mod walls;
mod words;

use glam::Vec3;
use serde::Serialize;

use crate::Surface;
use crate::bvh::Bvh;
use crate::measure::bounds;
use crate::soup::{depths, doubled_normal};
use topology::Topology;

pub use picture::picture;
pub use words::Finding;

/// What is expected of the print.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Print it this large along its longest side, in metres; `None`: as large as it says it is.
    /// Every figure of the report is then at that size.
    pub longest_side: Option<f32>,
    /// Walls thinner than this (metres) are called thin. 0.8 mm is two lines of a common nozzle.
    pub smallest_wall: f32,
    /// Faces that look down more steeply than this, in degrees below the horizon, need support.
    pub overhang_deg: f32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            longest_side: None,
            smallest_wall: 0.0008,
            overhang_deg: 45.0,
        }
    }
}

/// Counting of crossing pairs stops here.
pub const MOST_CROSSINGS: usize = 10_000;

/// What was found. Lengths in metres, areas in m², volumes in m³.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// Faces in the file, whatever their state.
    pub faces: usize,
    /// Different positions that faces use.
    pub vertices: usize,
    /// Faces with a coordinate that is no number.
    pub not_finite: usize,
    /// Faces without area.
    pub degenerate: usize,
    /// Faces that repeat another's three corners.
    pub duplicate: usize,
    /// There is a surface, and each edge of it has an even number of faces: it holds water.
    pub watertight: bool,
    /// No edge has more than two faces and no vertex joins parts that touch nowhere else.
    pub manifold: bool,
    /// Edges with one face.
    pub open_edges: usize,
    /// Edges with more than two faces.
    pub crowded_edges: usize,
    /// Vertices where parts touch that share no edge there.
    pub pinched_vertices: usize,
    /// The length around each hole, longest first.
    pub holes: Vec<f32>,
    /// Pieces, told apart by shared edges, that lie in no other.
    pub shells: usize,
    /// Pieces that lie inside closed ones: cavities and hidden parts.
    pub inner_shells: usize,
    /// Of [`Report::shells`] those that neither stand on the plate nor run into another.
    pub hanging_shells: usize,
    /// Pairs of faces that run through each other or lie on one another.
    pub crossings: usize,
    /// There are more crossings than were counted.
    pub crossings_capped: bool,
    /// Which way faces look.
    pub normals: Normals,
    /// How thick the material is.
    pub walls: Walls,
    /// Width (x), height (y), depth (z).
    pub size: [f32; 3],
    /// Enclosed volume; only of something watertight whose faces agree.
    pub volume: Option<f64>,
    /// Area of all faces.
    pub area: f64,
    /// Area that looks down so steeply that it needs support, without what lies on the plate.
    pub overhang_area: f64,
    /// Area that lies on the plate.
    pub base_area: f64,
    /// Nothing stands against printing it.
    pub printable: bool,
    /// Why not: a sentence each, with what to do.
    pub problems: Vec<Finding>,
    /// What to expect all the same: a sentence each.
    pub advice: Vec<Finding>,
    /// What is wrong with each face of the input, in its order.
    #[serde(skip)]
    pub marks: Vec<Marks>,
}

/// Which way the faces look.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Normals {
    /// Neighbours agree about which side is outside.
    pub consistent: bool,
    /// Closed pieces look outwards, cavities into themselves.
    pub outward: bool,
    /// Faces that disagree with the greater part of their piece.
    pub flipped_faces: usize,
    /// Closed pieces that are inside out.
    pub flipped_shells: usize,
    /// Pieces on which no choice would agree everywhere, like a Möbius strip.
    pub one_sided_shells: usize,
}

/// How thick the material is, measured from the middles of faces straight inwards.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Walls {
    /// The thinnest place found; `None` where no wall has an opposite side.
    pub thinnest: Option<Wall>,
    /// Share of the measured area that has less than `smallest` behind it, 0 to 1.
    pub thin_share: f32,
    /// What was asked for.
    pub smallest: f32,
}

/// One measured place.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Wall {
    /// From side to side.
    pub thickness: f32,
    /// On the surface, in the file's own coordinates.
    pub at: [f32; 3],
}

/// What is wrong with one face: a set of the constants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks(u8);

impl Marks {
    /// It borders on a hole.
    pub const HOLE: Self = Self(1);
    /// An edge of it has more than two faces, or a corner is pinched.
    pub const NON_MANIFOLD: Self = Self(2);
    /// Another face runs through it.
    pub const CROSSING: Self = Self(4);
    /// It looks the wrong way.
    pub const FLIPPED: Self = Self(8);
    /// There is too little material behind it.
    pub const THIN: Self = Self(16);
    /// It hangs over.
    pub const OVERHANG: Self = Self(32);

    /// Adds what `other` says.
    pub fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// Whether everything that `other` says is true here.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// Looks at everything. Indices must be valid; nothing else is asked of the surface.
pub fn check(surface: &Surface, options: &Options) -> Report {
    let topology = Topology::of(surface);
    let used = &topology.welded.positions;
    let (low, high) = bounds(used);
    let longest = (high - low).max_element();
    let scale = match options.longest_side {
        Some(side) if longest > 0.0 => side / longest,
        _ => 1.0,
    };
    let bvh = Bvh::of(&topology.welded);
    let mut report = Report {
        faces: surface.triangles.len(),
        vertices: used.len(),
        marks: vec![Marks::default(); surface.triangles.len()],
        size: ((high - low) * scale).to_array(),
        ..Report::default()
    };
    topology.describe(&mut report, scale);
    let (outward, outer) = normals(&topology, &bvh, &mut report);
    let crossings = crossings::crossings(&topology.welded, &bvh, MOST_CROSSINGS);
    for &face in crossings.pairs.as_flattened() {
        report.marks[topology.origin[face as usize] as usize].add(Marks::CROSSING);
    }
    report.hanging_shells = hanging(&topology, &outer, &crossings.pairs);
    report.crossings = crossings.pairs.len();
    report.crossings_capped = crossings.is_capped;
    let smallest = options.smallest_wall / scale;
    let walls = walls::measure(&topology.welded, &bvh, &outward, smallest);
    for face in walls.thin {
        report.marks[topology.origin[face as usize] as usize].add(Marks::THIN);
    }
    report.walls = Walls {
        thinnest: walls.thinnest.map(|(thickness, at)| Wall {
            thickness: thickness * scale,
            at: at.to_array(),
        }),
        thin_share: walls.thin_share,
        smallest: options.smallest_wall,
    };
    lie(&topology, &outward, options, scale, &mut report);
    words::judge(&mut report);
    report
}

/// Finds what looks the wrong way; returns each face's outward normal, twice its area long, and which
/// shells lie in no other.
fn normals(topology: &Topology, bvh: &Bvh, report: &mut Report) -> (Vec<Vec3>, Vec<bool>) {
    let (surface, shells) = (&topology.welded, &topology.shells);
    let depths = depths(surface, || bvh, shells);
    // In a cavity outside is where the hole is; a part within a part looks outwards like any.
    let is_inside_out: Vec<bool> = shells.list.iter().map(|shell| shell.volume < 0.0).collect();
    let mut normals = Normals::default();
    let mut flipped = vec![false; shells.list.len()];
    for (number, shell) in shells.list.iter().enumerate() {
        let is_cavity = depths[number] % 2 == 1;
        flipped[number] = shell.closed && shell.orientable && is_inside_out[number] && !is_cavity;
        normals.flipped_shells += usize::from(flipped[number]);
        normals.one_sided_shells += usize::from(!shell.orientable);
    }
    report.inner_shells = depths.iter().filter(|&&depth| depth > 0).count();
    report.shells = shells.list.len() - report.inner_shells;
    for face in 0..surface.triangles.len() {
        let turned = shells.turned[face];
        normals.flipped_faces += usize::from(turned);
        if turned || flipped[shells.of_face[face] as usize] {
            report.marks[topology.origin[face] as usize].add(Marks::FLIPPED);
        }
    }
    normals.consistent = topology.disagreeing == 0;
    normals.outward = normals.consistent && normals.flipped_shells == 0;
    report.normals = normals;
    let outward = (0..surface.triangles.len() as u32)
        .map(|face| {
            let shell = shells.of_face[face as usize] as usize;
            let normal = doubled_normal(crate::soup::corners(surface, face)).as_vec3();
            if shells.turned[face as usize] ^ flipped[shell] {
                -normal
            } else {
                normal
            }
        })
        .collect();
    (outward, depths.iter().map(|&depth| depth == 0).collect())
}

/// Within this share of the longest side above the lowest point something lies on the plate.
const PLATE: f32 = 1e-3;

/// Shells in the air: of those that lie in no other, neither on the plate nor crossing another.
fn hanging(topology: &Topology, outer: &[bool], crossings: &[[u32; 2]]) -> usize {
    let surface = &topology.welded;
    let shell_of = |face: u32| topology.shells.of_face[face as usize] as usize;
    let (low, high) = bounds(&surface.positions);
    let plate = low.y + PLATE * (high - low).max_element();
    let mut held: Vec<bool> = outer.iter().map(|&outer| !outer).collect();
    for (face, triangle) in (0..).zip(&surface.triangles) {
        let stands = |&v: &u32| surface.positions[v as usize].y <= plate;
        held[shell_of(face)] |= triangle.iter().any(stands);
    }
    for pair in crossings {
        let [one, other] = pair.map(shell_of);
        if one != other {
            (held[one], held[other]) = (true, true);
        }
    }
    held.into_iter().filter(|held| !held).count()
}

/// What stands on the plate and what hangs over it.
fn lie(topology: &Topology, outward: &[Vec3], options: &Options, scale: f32, report: &mut Report) {
    let surface = &topology.welded;
    let (low, high) = bounds(&surface.positions);
    let plate = low.y + PLATE * (high - low).max_element();
    let steep = -options.overhang_deg.to_radians().cos();
    let to_square_metres = 0.5 * f64::from(scale) * f64::from(scale);
    let mut volume = 0.0;
    for (face, &normal) in outward.iter().enumerate() {
        let corners = crate::soup::corners(surface, face as u32);
        let [a, b, c] = corners.map(|p| (p - low).as_dvec3());
        volume += a.dot(b.cross(c)) / 6.0;
        let doubled = f64::from(normal.length());
        report.area += doubled * to_square_metres;
        if normal.y > steep * normal.length() || doubled == 0.0 {
            continue;
        }
        if corners.iter().all(|corner| corner.y <= plate) {
            report.base_area += doubled * to_square_metres;
        } else {
            report.overhang_area += doubled * to_square_metres;
            report.marks[topology.origin[face] as usize].add(Marks::OVERHANG);
        }
    }
    if report.watertight && report.normals.consistent {
        report.volume = Some(volume * f64::from(scale).powi(3));
    }
}

#[cfg(test)]
mod tests;
