//! The report in words: what stands against printing, what to expect, and all figures as text.

use std::fmt;

use serde::{Serialize, Serializer};

use super::Report;

/// Thin walls are worth a sentence from this share of the surface on.
const THIN_SHARE: f32 = 0.005;
/// So are overhangs, as a share of the area.
const OVERHANG_SHARE: f64 = 0.02;
/// A base smaller than this share of the box's footprint is a small one.
const BASE_SHARE: f64 = 0.02;

/// Something that a person who wants to print should know: a sentence with what to do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Finding {
    /// There is nothing to print.
    NoSurface,
    /// So many faces have a coordinate that is no number.
    NotFinite(usize),
    /// So many holes.
    Holes(usize),
    /// So many edges have more than two faces.
    CrowdedEdges(usize),
    /// So many vertices join parts that touch nowhere else.
    PinchedVertices(usize),
    /// So many pieces have no inside.
    OneSided(usize),
    /// So many faces look the wrong way.
    FlippedFaces(usize),
    /// So many pieces are inside out.
    FlippedShells(usize),
    /// So many pairs of faces run through each other.
    Crossings(usize),
    /// At least so many do.
    ManyCrossings(usize),
    /// It encloses nothing.
    NoVolume,
    /// Walls on that share of the surface, in percent, are thinner than so many millimetres.
    ThinWalls(f64, f64),
    /// That share of the surface, in percent, hangs over.
    Overhang(f64),
    /// Little of it lies on the plate.
    SmallBase,
    /// So many pieces hang in the air.
    Hanging(usize),
    /// So many pieces lie inside others.
    Inside(usize),
    /// So many faces have no area or repeat another.
    Idle(usize),
}

impl Finding {
    /// One of each, with 2 where there is a number.
    pub const ALL: [Self; 17] = [
        Self::NoSurface,
        Self::NotFinite(2),
        Self::Holes(2),
        Self::CrowdedEdges(2),
        Self::PinchedVertices(2),
        Self::OneSided(2),
        Self::FlippedFaces(2),
        Self::FlippedShells(2),
        Self::Crossings(2),
        Self::ManyCrossings(2),
        Self::NoVolume,
        Self::ThinWalls(2.0, 2.0),
        Self::Overhang(2.0),
        Self::SmallBase,
        Self::Hanging(2),
        Self::Inside(2),
        Self::Idle(2),
    ];

    /// Lower-case name, stable.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoSurface => "no_surface",
            Self::NotFinite(_) => "not_finite",
            Self::Holes(_) => "holes",
            Self::CrowdedEdges(_) => "crowded_edges",
            Self::PinchedVertices(_) => "pinched_vertices",
            Self::OneSided(_) => "one_sided",
            Self::FlippedFaces(_) => "flipped_faces",
            Self::FlippedShells(_) => "flipped_shells",
            Self::Crossings(_) => "crossings",
            Self::ManyCrossings(_) => "many_crossings",
            Self::NoVolume => "no_volume",
            Self::ThinWalls(..) => "thin_walls",
            Self::Overhang(_) => "overhang",
            Self::SmallBase => "small_base",
            Self::Hanging(_) => "hanging",
            Self::Inside(_) => "inside",
            Self::Idle(_) => "idle",
        }
    }

    /// How many, or how many percent, and of how many millimetres; 0 where there is no number.
    pub fn numbers(self) -> (f64, f64) {
        match self {
            Self::NoSurface | Self::NoVolume | Self::SmallBase => (0.0, 0.0),
            Self::ThinWalls(percent, millimetres) => (percent, millimetres),
            Self::Overhang(percent) => (percent, 0.0),
            Self::NotFinite(count)
            | Self::Holes(count)
            | Self::CrowdedEdges(count)
            | Self::PinchedVertices(count)
            | Self::OneSided(count)
            | Self::FlippedFaces(count)
            | Self::FlippedShells(count)
            | Self::Crossings(count)
            | Self::ManyCrossings(count)
            | Self::Hanging(count)
            | Self::Inside(count)
            | Self::Idle(count) => (count as f64, 0.0),
        }
    }
}

/// One English sentence.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NoSurface => f.write_str("There is no surface in this file."),
            Self::NotFinite(n) => write!(
                f,
                "{} of faces that are not numbers; repair drops them.",
                count(n, "corner set")
            ),
            Self::Holes(n) => write!(f, "It has {}; repair closes them.", count(n, "hole")),
            Self::CrowdedEdges(n) => write!(
                f,
                "More than two faces meet at {}; repair separates them.",
                count(n, "edge")
            ),
            Self::PinchedVertices(n) => write!(
                f,
                "Parts touch in nothing but a point at {}; repair separates them.",
                count(n, "vertex")
            ),
            Self::OneSided(n) => write!(
                f,
                "{} no inside and outside, like a Möbius strip; give it thickness in a modelling program.",
                verb(n, "piece", "has", "have")
            ),
            Self::FlippedFaces(n) => write!(
                f,
                "{} the wrong way; repair turns them.",
                verb(n, "face", "looks", "look")
            ),
            Self::FlippedShells(n) => write!(
                f,
                "{} inside out; repair turns them.",
                verb(n, "piece", "is", "are")
            ),
            Self::Crossings(n) => write!(
                f,
                "{} of faces run through each other; repair untangles what it can.",
                count(n, "pair")
            ),
            Self::ManyCrossings(n) => write!(f, "At least {}", Self::Crossings(n)),
            Self::NoVolume => {
                f.write_str("It encloses no volume; give it thickness in a modelling program.")
            }
            Self::ThinWalls(percent, millimetres) => write!(
                f,
                "Walls on {percent} % of the surface are thinner than {millimetres} mm; print it larger."
            ),
            Self::Overhang(percent) => write!(
                f,
                "{percent} % of the surface hangs over; switch supports on in the slicer."
            ),
            Self::SmallBase => f.write_str(
                "It hardly touches the plate; flatten its base or print it with a brim.",
            ),
            Self::Hanging(n) => write!(
                f,
                "{} in the air, touching nothing: print with support and expect separate parts.",
                verb(n, "piece", "hangs", "hang")
            ),
            Self::Inside(n) => write!(
                f,
                "{} inside others; a cavity traps material, hidden parts only cost time.",
                verb(n, "piece", "lies", "lie")
            ),
            Self::Idle(n) => write!(
                f,
                "{} no area or repeat another; repair drops them.",
                verb(n, "face", "has", "have")
            ),
        }
    }
}

/// As its sentence.
impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Writes the verdict into the report.
pub(super) fn judge(report: &mut Report) {
    report.problems = problems(report);
    report.printable = report.problems.is_empty();
    report.advice = advice(report);
}

fn problems(report: &Report) -> Vec<Finding> {
    if report.faces == report.not_finite {
        return vec![Finding::NoSurface];
    }
    let normals = &report.normals;
    let crossings = match report.crossings_capped {
        true => Finding::ManyCrossings(report.crossings),
        false => Finding::Crossings(report.crossings),
    };
    let counted = [
        Finding::NotFinite(report.not_finite),
        Finding::Holes(report.holes.len()),
        Finding::CrowdedEdges(report.crowded_edges),
        Finding::PinchedVertices(report.pinched_vertices),
        Finding::OneSided(normals.one_sided_shells),
        Finding::FlippedFaces(match normals.one_sided_shells {
            0 => normals.flipped_faces,
            _ => 0,
        }),
        Finding::FlippedShells(normals.flipped_shells),
        crossings,
    ];
    let mut problems: Vec<Finding> = there(counted);
    if report.volume.is_some_and(|volume| volume <= 0.0) && normals.flipped_shells == 0 {
        problems.push(Finding::NoVolume);
    }
    problems
}

fn advice(report: &Report) -> Vec<Finding> {
    let mut advice = Vec::new();
    if report.walls.thin_share > THIN_SHARE {
        // As decimal numbers: 32 bits hold no 0.8.
        let rounded = |value: f32, digits: f64| (f64::from(value) * digits).round() / digits;
        advice.push(Finding::ThinWalls(
            rounded(report.walls.thin_share * 100.0, 10.0),
            rounded(report.walls.smallest * 1000.0, 100.0),
        ));
    }
    if report.overhang_area > OVERHANG_SHARE * report.area {
        let percent = 100.0 * report.overhang_area / report.area;
        advice.push(Finding::Overhang(percent.round()));
    }
    let footprint = f64::from(report.size[0]) * f64::from(report.size[2]);
    if report.area > 0.0 && report.base_area < BASE_SHARE * footprint {
        advice.push(Finding::SmallBase);
    }
    advice.extend(there([
        Finding::Hanging(report.hanging_shells),
        Finding::Inside(report.inner_shells),
        Finding::Idle(report.degenerate + report.duplicate),
    ]));
    advice
}

/// Those of which there are any.
fn there<const N: usize>(counted: [Finding; N]) -> Vec<Finding> {
    let counted = counted.into_iter();
    counted.filter(|one| one.numbers().0 > 0.0).collect()
}

fn count(number: usize, noun: &str) -> String {
    match (number, noun) {
        (1, _) => format!("1 {noun}"),
        (_, "vertex") => format!("{number} vertices"),
        _ => format!("{number} {noun}s"),
    }
}

fn verb(number: usize, noun: &str, one: &str, many: &str) -> String {
    let verb = if number == 1 { one } else { many };
    format!("{} {verb}", count(number, noun))
}

/// Metres as millimetres, three digits.
fn millimetres(metres: f32) -> String {
    let value = metres * 1000.0;
    match value {
        v if v >= 100.0 => format!("{v:.0}"),
        v if v >= 10.0 => format!("{v:.1}"),
        v => format!("{v:.2}"),
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let yes = |is: bool| if is { "yes" } else { "no" };
        let [x, y, z] = self.size.map(millimetres);
        writeln!(f, "printable    {}", yes(self.printable))?;
        for sentence in self.problems.iter().chain(&self.advice) {
            writeln!(f, "  - {sentence}")?;
        }
        writeln!(f, "size         {x} x {y} x {z} mm")?;
        writeln!(f, "faces        {}, vertices {}", self.faces, self.vertices)?;
        writeln!(
            f,
            "watertight   {}, manifold {}",
            yes(self.watertight),
            yes(self.manifold)
        )?;
        write!(f, "holes        {}", self.holes.len())?;
        match self.holes.first() {
            Some(&longest) => writeln!(f, ", the largest {} mm around", millimetres(longest))?,
            None => writeln!(f)?,
        }
        writeln!(
            f,
            "shells       {}, inside others {}, in the air {}",
            self.shells, self.inner_shells, self.hanging_shells
        )?;
        let more = if self.crossings_capped {
            " or more"
        } else {
            ""
        };
        writeln!(f, "crossings    {}{more}", self.crossings)?;
        let normals = &self.normals;
        let (agree, outward) = (yes(normals.consistent), yes(normals.outward));
        writeln!(f, "normals      agree {agree}, outward {outward}")?;
        if let Some(wall) = self.walls.thinnest {
            let [x, y, z] = wall.at;
            let thinnest = millimetres(wall.thickness);
            writeln!(f, "thinnest     {thinnest} mm at ({x:.4}, {y:.4}, {z:.4})")?;
        }
        let share = self.walls.thin_share * 100.0;
        writeln!(
            f,
            "thin walls   {share:.1} % below {} mm",
            millimetres(self.walls.smallest)
        )?;
        if let Some(volume) = self.volume {
            writeln!(f, "volume       {:.2} cm3", volume * 1e6)?;
        }
        writeln!(f, "area         {:.2} cm2", self.area * 1e4)?;
        writeln!(f, "overhang     {:.2} cm2", self.overhang_area * 1e4)?;
        writeln!(f, "on the plate {:.2} cm2", self.base_area * 1e4)
    }
}
