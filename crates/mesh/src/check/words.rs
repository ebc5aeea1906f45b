//! The report in words: what stands against printing, what to expect, and all figures as text.

use std::fmt;

use super::Report;

/// Thin walls are worth a sentence from this share of the surface on.
const THIN_SHARE: f32 = 0.005;
/// So are overhangs, as a share of the area.
const OVERHANG_SHARE: f64 = 0.02;
/// A base smaller than this share of the box's footprint is a small one.
const BASE_SHARE: f64 = 0.02;

/// Writes the verdict into the report.
pub(super) fn judge(report: &mut Report) {
    report.problems = problems(report);
    report.printable = report.problems.is_empty();
    report.advice = advice(report);
}

fn problems(report: &Report) -> Vec<String> {
    let mut problems = Vec::new();
    let mut say = |applies: bool, text: String| {
        if applies {
            problems.push(text);
        }
    };
    let usable = report.faces - report.not_finite;
    if usable == 0 {
        say(true, "There is no surface in this file.".into());
        return problems;
    }
    say(
        report.not_finite > 0,
        format!(
            "{} of faces that are not numbers; repair drops them.",
            count(report.not_finite, "corner set")
        ),
    );
    let holes = report.holes.len();
    say(
        holes > 0,
        format!("It has {}; repair closes them.", count(holes, "hole")),
    );
    say(
        report.crowded_edges > 0,
        format!(
            "More than two faces meet at {}; repair separates them.",
            count(report.crowded_edges, "edge")
        ),
    );
    say(
        report.pinched_vertices > 0,
        format!(
            "Parts touch in nothing but a point at {}; repair separates them.",
            count(report.pinched_vertices, "vertex")
        ),
    );
    say(
        report.normals.one_sided_shells > 0,
        format!(
            "{} no inside and outside, like a Möbius strip; give it thickness in a modelling program.",
            has(report.normals.one_sided_shells, "piece")
        ),
    );
    say(
        !report.normals.consistent && report.normals.one_sided_shells == 0,
        format!(
            "{} the wrong way; repair turns them.",
            look(report.normals.flipped_faces, "face")
        ),
    );
    say(
        report.normals.flipped_shells > 0,
        format!(
            "{} inside out; repair turns them.",
            is(report.normals.flipped_shells, "piece")
        ),
    );
    let more = if report.crossings_capped {
        "At least "
    } else {
        ""
    };
    say(
        report.crossings > 0,
        format!(
            "{more}{} of faces run through each other; repair untangles what it can.",
            count(report.crossings, "pair")
        ),
    );
    say(
        report.volume.is_some_and(|volume| volume <= 0.0) && report.normals.flipped_shells == 0,
        "It encloses no volume; give it thickness in a modelling program.".into(),
    );
    problems
}

fn advice(report: &Report) -> Vec<String> {
    let mut advice = Vec::new();
    if report.walls.thin_share > THIN_SHARE {
        advice.push(format!(
            "Walls on {:.1} % of the surface are thinner than {} mm; print it larger.",
            report.walls.thin_share * 100.0,
            millimetres(report.walls.smallest),
        ));
    }
    if report.overhang_area > OVERHANG_SHARE * report.area {
        advice.push(format!(
            "{:.0} % of the surface hangs over; switch supports on in the slicer.",
            100.0 * report.overhang_area / report.area,
        ));
    }
    let footprint = f64::from(report.size[0]) * f64::from(report.size[2]);
    if report.area > 0.0 && report.base_area < BASE_SHARE * footprint {
        advice
            .push("It hardly touches the plate; flatten its base or print it with a brim.".into());
    }
    if report.hanging_shells > 0 {
        advice.push(format!(
            "{} in the air, touching nothing: print with support and expect separate parts.",
            hang(report.hanging_shells, "piece")
        ));
    }
    if report.inner_shells > 0 {
        advice.push(format!(
            "{} inside others; a cavity traps material, hidden parts only cost time.",
            lie(report.inner_shells, "piece"),
        ));
    }
    if report.degenerate + report.duplicate > 0 {
        advice.push(format!(
            "{} no area or repeat another; repair drops them.",
            have(report.degenerate + report.duplicate, "face"),
        ));
    }
    advice
}

fn count(number: usize, noun: &str) -> String {
    match (number, noun) {
        (1, _) => format!("1 {noun}"),
        (_, "vertex") => format!("{number} vertices"),
        _ => format!("{number} {noun}s"),
    }
}

fn verb(number: usize, noun: &str, one: &str, many: &str) -> String {
    format!(
        "{} {}",
        count(number, noun),
        if number == 1 { one } else { many }
    )
}

fn has(number: usize, noun: &str) -> String {
    verb(number, noun, "has", "have")
}

fn have(number: usize, noun: &str) -> String {
    has(number, noun)
}

fn look(number: usize, noun: &str) -> String {
    verb(number, noun, "looks", "look")
}

fn lie(number: usize, noun: &str) -> String {
    verb(number, noun, "lies", "lie")
}

fn hang(number: usize, noun: &str) -> String {
    verb(number, noun, "hangs", "hang")
}

fn is(number: usize, noun: &str) -> String {
    verb(number, noun, "is", "are")
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
