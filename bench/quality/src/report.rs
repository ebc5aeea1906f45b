//! The tables: `quality.md` for people, `quality.json` with every figure of every view.

use std::fmt::Write;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::Result;
use serde::Serialize;

use crate::score::{Back, Score};
use crate::views::{SEED, Shot};

/// One model's figures.
#[derive(Clone, Serialize)]
pub struct Line {
    /// The picture it was made from.
    #[serde(flatten)]
    pub shot: Shot,
    /// Who made it.
    pub engine: String,
    /// How good it is.
    #[serde(flatten)]
    pub score: Score,
    /// What needs no model.
    #[serde(flatten)]
    pub back: Back,
}

/// What makes a run repeatable.
#[derive(Serialize)]
pub struct Run {
    command: String,
    date: String,
    commit: String,
    weights: String,
    machine: String,
    seed: u64,
    seconds: u64,
}

impl Run {
    /// Looks at this machine and at the repository at `root`.
    pub fn here(root: &Path, took: Duration) -> Self {
        let said = |program: &str, arguments: &[&str]| {
            let output = Command::new(program)
                .args(arguments)
                .current_dir(root)
                .output();
            output.map_or_else(
                |_| String::new(),
                |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
            )
        };
        let models = std::fs::read_dir(root.join("models"))
            .into_iter()
            .flatten()
            .flatten();
        let mut weights: Vec<String> = models
            .map(|file| file.file_name().to_string_lossy().into_owned())
            .filter(|name| name.ends_with(".onnx"))
            .collect();
        weights.sort();
        // Folders of this machine mean nothing elsewhere.
        let binary = |argument: &String| argument == "--binary";
        let mut words: Vec<String> = std::env::args().skip(1).collect();
        if let Some(at) = words.iter().position(binary) {
            words.drain(at..(at + 2).min(words.len()));
        }
        for word in &mut words {
            let path = Path::new(word.as_str());
            if path.is_absolute() {
                *word = path
                    .file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned();
            }
        }
        words.insert(0, "cargo xtask quality".into());
        let changed = if said("git", &["status", "--porcelain", "-uno"]).is_empty() {
            ""
        } else {
            ", changed"
        };
        Self {
            command: words.join(" "),
            date: said("date", &["-u", "+%Y-%m-%d"]),
            commit: said("git", &["rev-parse", "--short", "HEAD"]) + changed,
            weights: weights.join(", "),
            machine: machine(),
            seed: SEED,
            seconds: took.as_secs(),
        }
    }
}

fn machine() -> String {
    let value = |file: &str, key: &str| {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let line = text
            .lines()
            .find(|line| line.starts_with(key))
            .unwrap_or_default();
        line.split(':').nth(1).unwrap_or("?").trim().to_owned()
    };
    let kib: f64 = value("/proc/meminfo", "MemTotal")
        .replace(" kB", "")
        .parse()
        .unwrap_or(0.0);
    format!(
        "{}, {} cores, {:.0} GiB, {} {}",
        value("/proc/cpuinfo", "model name"),
        std::thread::available_parallelism().map_or(1, usize::from),
        kib / 1024.0 / 1024.0,
        std::env::consts::OS,
        std::env::consts::ARCH,
    )
}

/// One column of the tables.
type Figure = (&'static str, usize, fn(&Line) -> f64);

/// Heading, decimals, value.
const SHAPE: [Figure; 8] = [
    ("CD", 4, |line| line.score.aligned.surface.cd),
    ("F@.02", 3, |line| line.score.aligned.surface.f02),
    ("F@.05", 3, |line| line.score.aligned.surface.f05),
    ("F@.1", 3, |line| line.score.aligned.surface.f10),
    ("normals", 3, |line| line.score.aligned.surface.normals),
    ("IoU", 3, |line| line.score.aligned.iou),
    ("front normals, °", 1, |line| line.score.normal_error_deg),
    ("turned by, °", 1, |line| f64::from(line.score.turn_deg)),
];
const UNALIGNED: [Figure; 6] = [
    ("CD", 4, |line| line.score.unaligned.surface.cd),
    ("F@.02", 3, |line| line.score.unaligned.surface.f02),
    ("F@.05", 3, |line| line.score.unaligned.surface.f05),
    ("F@.1", 3, |line| line.score.unaligned.surface.f10),
    ("normals", 3, |line| line.score.unaligned.surface.normals),
    ("IoU", 3, |line| line.score.unaligned.iou),
];
const LOOKS: [Figure; 8] = [
    ("PSNR 90°, dB", 2, |line| line.score.psnr_db[0]),
    ("180°", 2, |line| line.score.psnr_db[1]),
    ("270°", 2, |line| line.score.psnr_db[2]),
    ("180° − mirrored front", 2, |line| {
        line.score.psnr_db[1] - line.back.mirrored_psnr_db
    }),
    ("180° − plain truth", 2, |line| {
        line.score.psnr_db[1] - line.back.plain_psnr_db
    }),
    ("gradients 90°", 3, |line| {
        line.score.gradient_dissimilarity[0]
    }),
    ("180°", 3, |line| line.score.gradient_dissimilarity[1]),
    ("270°", 3, |line| line.score.gradient_dissimilarity[2]),
];

/// What the other sides are good for.
const SIDES: [Figure; 10] = [
    SHAPE[0],
    SHAPE[1],
    SHAPE[2],
    SHAPE[5],
    ("CD as it came", 4, |line| line.score.unaligned.surface.cd),
    ("F@.05", 3, |line| line.score.unaligned.surface.f05),
    ("IoU", 3, |line| line.score.unaligned.iou),
    LOOKS[0],
    LOOKS[1],
    LOOKS[2],
];

fn mean<'a>(lines: impl IntoIterator<Item = &'a Line>, of: fn(&Line) -> f64) -> f64 {
    let values: Vec<f64> = lines.into_iter().map(of).collect();
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// Means of the columns, one row for each group of lines.
fn table(title: &str, columns: &[Figure], groups: &[(&str, Vec<&Line>)]) -> String {
    let heads: Vec<&str> = columns.iter().map(|column| column.0).collect();
    let mut table = format!(
        "| {title} | {} |\n|---{}|\n",
        heads.join(" | "),
        "|---".repeat(heads.len())
    );
    for (name, lines) in groups {
        let cells = columns
            .iter()
            .map(|&(_, decimals, of)| format!("{:.decimals$}", mean(lines.iter().copied(), of)));
        let _ = writeln!(
            table,
            "| {name} | {} |",
            cells.collect::<Vec<_>>().join(" | ")
        );
    }
    table
}

/// The lines with the same key, in order of first appearance.
fn grouped<'a>(
    lines: impl IntoIterator<Item = &'a Line>,
    key: fn(&Line) -> &str,
) -> Vec<(&'a str, Vec<&'a Line>)> {
    let mut groups: Vec<(&str, Vec<&Line>)> = Vec::new();
    for line in lines {
        match groups.iter_mut().find(|group| group.0 == key(line)) {
            Some(group) => group.1.push(line),
            None => groups.push((key(line), vec![line])),
        }
    }
    groups
}

/// The share of views, in percent, in which the first group is better than the second.
fn wins(ours: &[&Line], theirs: &[&Line], is_better: fn(&Score, &Score) -> bool) -> f64 {
    let pairs = ours.iter().zip(theirs);
    let won = pairs
        .filter(|(ours, theirs)| is_better(&ours.score, &theirs.score))
        .count();
    100.0 * won as f64 / ours.len().max(1) as f64
}

fn text(lines: &[Line], four_views: &[Line], run: &Run) -> String {
    let engines = grouped(lines, |line| &line.engine);
    let ours = &engines[0].1;
    let mut objects = grouped(ours.iter().copied(), |line| &line.shot.object);
    let cd = SHAPE[0].2;
    let views = ours.len() / objects.len().max(1);
    let mut text = format!(
        "# quality\n\nCommand: `{}` · {} objects, {views} single views each · seed {} · {} s\n\n\
         Weights: {} · commit {} · {}\n\nMachine: {}\n\n",
        run.command,
        objects.len(),
        run.seed,
        run.seconds,
        run.weights,
        run.commit,
        run.date,
        run.machine,
    );
    text += "Means over all views. [README.md](README.md) says how each figure is measured.\n\n";
    text += &table("aligned", &SHAPE, &engines);
    text += "\n";
    text += &table("as it came", &UNALIGNED, &engines);
    text += "\n";
    text += &table("unseen sides", &LOOKS, &engines);
    text += "\n| share of views in which builtin beats | by CD, % | by F@.05, % |\n|---|---|---|\n";
    for (name, theirs) in &engines[1..] {
        let by_cd = wins(ours, theirs, |a, b| {
            a.aligned.surface.cd < b.aligned.surface.cd
        });
        let by_f = wins(ours, theirs, |a, b| {
            a.aligned.surface.f05 > b.aligned.surface.f05
        });
        let _ = writeln!(text, "| {name} | {by_cd:.1} | {by_f:.1} |");
    }
    for (name, lines) in &engines {
        let missing = lines.iter().filter(|line| line.score.missing).count();
        if missing > 0 {
            let _ = writeln!(
                text,
                "\n{name} made no model of {missing} views; they count as the worst there is."
            );
        }
    }
    let one_view = ours.iter().filter(|line| line.shot.view == 0);
    text += "\n";
    text += &table(
        "first views",
        &SIDES,
        &[
            ("one view", one_view.copied().collect()),
            ("four views", four_views.iter().collect()),
        ],
    );
    objects.sort_by(|a, b| mean(b.1.iter().copied(), cd).total_cmp(&mean(a.1.iter().copied(), cd)));
    text += "\nbuiltin by object, worst first, aligned:\n\n";
    let columns: Vec<Figure> = SHAPE.iter().chain(&LOOKS[..5]).copied().collect();
    text += &table("object", &columns, &objects);
    text
}

/// Writes both files into `folder`.
///
/// # Errors
/// They can't be written.
pub fn write(folder: &Path, lines: &[Line], four_views: &[Line], run: &Run) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join("quality.md"), text(lines, four_views, run))?;
    let run = serde_json::to_string(run)?;
    let (lines, four_views) = (one_each(lines)?, one_each(four_views)?);
    let json = format!(
        "{{\n\"run\": {run},\n\"views\": [\n{lines}\n],\n\"four_views\": [\n{four_views}\n]\n}}\n"
    );
    std::fs::write(folder.join("quality.json"), json)?;
    Ok(())
}

/// One line of JSON for each view.
fn one_each(lines: &[Line]) -> Result<String> {
    let lines = lines
        .iter()
        .map(|line| Ok(rounded(serde_json::to_value(line)?).to_string()));
    Ok(lines.collect::<Result<Vec<_>>>()?.join(",\n"))
}

/// Numbers with five decimals: more is noise, and makes files that can't be compared.
fn rounded(value: serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match value {
        Value::Number(number) if number.is_f64() => {
            let value = number.as_f64().unwrap_or_default();
            ((value * 1e5).round() / 1e5).into()
        }
        Value::Array(values) => values.into_iter().map(rounded).collect(),
        Value::Object(map) => map
            .into_iter()
            .map(|(key, value)| (key, rounded(value)))
            .collect(),
        other => other,
    }
}
