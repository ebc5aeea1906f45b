//! What the person, or the program, hears at the end.

use std::fmt::Display;
use std::io::{self, Write};
use std::path::Path;

use engine::{Artifacts, Notice, Shaper, Tier};
use serde_json::{Map, Value, json};

use super::input::Input;
use super::output::{Targets, Written};
use super::progress::Times;
use super::{ConvertArgs, Failure};

/// The outcome of one picture.
pub struct Report {
    written: Written,
    bytes: usize,
    triangles: usize,
    texture_px: u32,
    quads: usize,
    print: Option<mesh::check::Report>,
    times: Times,
    args: [(&'static str, Value); 2],
    /// The network that was asked for, or chosen.
    shaper: Shaper,
}

impl Report {
    pub fn new(
        written: Written,
        artifacts: &Artifacts,
        times: Times,
        shaper: Shaper,
        args: &ConvertArgs,
    ) -> Self {
        Self {
            bytes: written.model.bytes,
            written,
            triangles: artifacts.model.triangles.len(),
            texture_px: artifacts
                .model
                .material
                .base_colour
                .as_ref()
                .map_or(0, |texture| texture.width),
            quads: artifacts.model.quads,
            print: args.print.then(|| printability(artifacts)),
            times,
            args: [
                ("tier", args.tier.name().into()),
                ("seed", args.seed.into()),
            ],
            shaper,
        }
    }

    pub fn json(&self, input: &Input) -> Value {
        let path =
            |path: &Option<std::path::PathBuf>| path.as_ref().map(|p| p.display().to_string());
        let stages: Map<String, Value> = (self.times.stages.iter())
            .map(|(stage, time)| (stage.name().into(), (time.as_millis() as u64).into()))
            .collect();
        let mut report = json!({
            "input": input.name(),
            "ok": true,
            "engine": self.shaper.name(),
            "model": path(&self.written.model.path),
            "preview": path(&self.written.preview),
            "sheet": path(&self.written.sheet),
            "turntable": path(&self.written.turntable),
            "bytes": self.bytes,
            "triangles": self.triangles,
            "quads": self.quads,
            "texture_px": self.texture_px,
            "print": self.print,
            "start_ms": self.times.before.as_millis() as u64,
            "stage_ms": stages,
            "turntable_ms": self.times.film.map(|time| time.as_millis() as u64),
            "notices": self.times.notices.iter().map(|&notice| told(notice)).collect::<Vec<_>>(),
        });
        for (name, value) in &self.args {
            report[name] = value.clone();
        }
        report
    }

    fn text(&self, input: &Input) -> String {
        let mut text = format!("{}\n", input.name());
        let stages = self.times.stages.iter();
        let stages = stages.map(|(stage, time)| (stage.name(), time));
        let film = self.times.film.iter().map(|time| ("film", time));
        let mut total = 0.0;
        for (name, time) in stages.chain(film) {
            text += &format!("  {name:<8} {:>6.2} s\n", time.as_secs_f32());
            total += time.as_secs_f32();
        }
        text += &format!("  {:<8} {total:>6.2} s\n", "total");
        for notice in &self.times.notices {
            text += &format!("  note     {}\n", notice.text());
        }
        if let Some(model) = &self.written.model.path {
            text += &format!(
                "  model    {} ({:.1} MB, {} triangles, {} px texture)\n",
                model.display(),
                self.bytes as f32 / 1e6,
                self.triangles,
                self.texture_px
            );
        }
        let mut picture = |what: &str, path: &Option<std::path::PathBuf>| {
            if let Some(path) = path {
                text += &format!("  {what:<8} {}\n", path.display());
            }
        };
        picture("preview", &self.written.preview);
        picture("sheet", &self.written.sheet);
        picture("film", &self.written.turntable);
        for line in self.print.iter().flat_map(|report| {
            report
                .to_string()
                .lines()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        }) {
            text += &format!("  {line}\n");
        }
        if let Some(model) = &self.written.model.path {
            text += &look_at_it(model);
        }
        text
    }
}

fn printability(artifacts: &Artifacts) -> mesh::check::Report {
    mesh::check::check(&artifacts.model.surface(), &mesh::check::Options::default())
}

/// As the web service tells it.
fn told(notice: Notice) -> Value {
    json!({ "name": notice.name(), "text": notice.text() })
}

fn look_at_it(model: &Path) -> String {
    format!(
        "To look at it, open {} in Blender (File > Import) or any viewer of that format;\n\
         `ai3dgen serve` shows models in your browser.\n",
        model.display()
    )
}

/// Speaks to a person on standard error, or to a program in JSON lines on standard output.
pub struct Reporter {
    json: bool,
}

impl Reporter {
    pub fn new(json: bool) -> Self {
        Self { json }
    }

    pub fn done(&self, input: &Input, report: &Report) {
        if self.json {
            self.line(&report.json(input));
        } else {
            // Standard output may be the model itself.
            say(&report.text(input));
        }
    }

    pub fn failed(&self, input: &Input, failure: &Failure) {
        if self.json {
            self.line(&json!({ "input": input.name(), "ok": false, "error": failure.to_string() }));
        }
        say(&format!("error: {}: {failure}\n", input.name()));
    }

    pub fn fatal(&self, error: &dyn Display) {
        if self.json {
            self.line(&json!({ "ok": false, "error": error.to_string() }));
        }
        say(&format!("error: {error}\n"));
    }

    pub fn planned(&self, input: &Input, targets: &Targets, shaper: Shaper, tier: Tier) {
        let model = targets.model.name();
        if self.json {
            self.line(&json!({ "input": input.name(), "model": model, "dry_run": true }));
        } else {
            let (engine, tier) = (shaper.name(), tier.name());
            say(&format!("{} -> {model} ({engine}, {tier})\n", input.name()));
        }
    }

    fn line(&self, value: &Value) {
        // A reader that went away has no use for an error either.
        let _ = writeln!(io::stdout(), "{value}");
    }
}

fn say(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}
