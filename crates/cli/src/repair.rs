//! `ai3dgen repair`: makes a printable model of a broken one, and says what it did.

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use formats::{Format, WriteOptions};
use mesh::repair::{Options, Repaired, Rewrap, repair};
use serde_json::{Value, json};

use crate::GENERATOR;
use crate::convert::input::{self, Input};
use crate::pending::WriteFailed;
use crate::recolour::recoloured;
use crate::source::{self, SourceError};
use crate::target::{OpenTarget, Target, TargetError};
use crate::voice::Voice;

const EXAMPLES: &str = "\
Examples:
  ai3dgen repair scan.stl -o fixed.stl
  ai3dgen repair scan.obj -o fixed.3mf --faces 50000
  ai3dgen repair parts.stl -o one.stl --rewrap if-crossing   overlapping parts become one
  ai3dgen repair broken.glb -o /dev/null --dry-run           only say what would be done";

/// What to repair and how.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct RepairArgs {
    /// The model (GLB, glTF, OBJ, STL, 3MF, PLY, USDZ), or - for standard input
    #[arg(value_name = "MODEL")]
    model: String,
    /// Where the repaired model goes: a .glb, .gltf, .obj, .obj.zip, .stl, .3mf, .ply or .usdz file, a
    /// folder, or - for standard output
    #[arg(long, short, value_name = "PATH")]
    output: String,
    /// Format in a folder and on standard output: glb, gltf, obj, stl, 3mf, ply or usdz
    #[arg(long, value_parser = crate::export::format, value_name = "FORMAT")]
    format: Option<Format>,
    /// When to wrap the whole surface anew, which rounds sharp edges
    #[arg(long, value_enum, default_value_t = When::IfOpen, value_name = "WHEN")]
    rewrap: When,
    /// Keep cavities and parts inside other parts
    #[arg(long)]
    keep_inner: bool,
    /// Triangles to reduce the result to
    #[arg(long, value_parser = clap::value_parser!(u32).range(4..), value_name = "N")]
    faces: Option<u32>,
    /// Say what would be done and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Report in JSON on standard output, for programs
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum When {
    /// Not even if the result stays open
    Never,
    /// If it can't be closed otherwise
    IfOpen,
    /// Also if faces run through each other
    IfCrossing,
    /// In any case
    Always,
}

impl From<When> for Rewrap {
    fn from(when: When) -> Self {
        match when {
            When::Never => Self::Never,
            When::IfOpen => Self::IfOpen,
            When::IfCrossing => Self::IfCrossing,
            When::Always => Self::Always,
        }
    }
}

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Input(#[from] input::InputError),
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error(transparent)]
    Target(#[from] TargetError),
    #[error("nothing can be made of it: {0}")]
    Nothing(String),
    #[error("can't write the model: {0}")]
    Model(#[from] formats::WriteError),
    #[error(transparent)]
    Write(#[from] WriteFailed),
}

/// Repairs one model.
pub fn run(args: &RepairArgs) -> ExitCode {
    let voice = Voice { json: args.json };
    let input = match input::one(&args.model) {
        Ok(input) => input,
        Err(error) => return voice.failed(None, &error),
    };
    match repaired(&input, args) {
        Ok((done, triangles, path)) => {
            voice.tell(&text(&input, &done, triangles, path.as_deref()), || {
                json(&input, &done, triangles, path.as_deref())
            });
            ExitCode::SUCCESS
        }
        Err(error) => voice.failed(Some(&input), &error),
    }
}

/// Repairs one model, whatever model `args` name; the answer is what `--json` says.
pub fn answer(input: &Input, args: &RepairArgs) -> anyhow::Result<Value> {
    let (done, triangles, path) = repaired(input, args)?;
    Ok(json(input, &done, triangles, path.as_deref()))
}

fn repaired(
    input: &Input,
    args: &RepairArgs,
) -> Result<(Repaired, usize, Option<String>), Failure> {
    let target = Target::new(&input.stem(), Some(&args.output), args.format, false);
    // Whatever can't be written is told before the work, not after it.
    let file = match args.dry_run {
        true => None,
        false => {
            let target = target?;
            Some((target.stem(&input.stem()), OpenTarget::open(target)?))
        }
    };
    let model = source::open(input)?.model;
    let options = Options {
        keep_inner: args.keep_inner,
        rewrap: args.rewrap.into(),
        ..Options::default()
    };
    let (mut surface, done) = repair(&model.surface(), &options);
    if surface.triangles.is_empty() {
        return Err(Failure::Nothing(done.remaining.join("; ")));
    }
    if let Some(faces) = args.faces {
        surface = mesh::simplify::simplify(&surface, faces as usize);
    }
    let triangles = surface.triangles.len();
    let Some((name, file)) = file else {
        return Ok((done, triangles, None));
    };
    let unchanged = done == Repaired::default() && triangles == model.triangles.len();
    let result = if unchanged {
        model
    } else {
        recoloured(surface, &model)
    };
    let options = WriteOptions {
        name,
        generator: GENERATOR.into(),
        ..WriteOptions::default()
    };
    let written = formats::write(&result, file.format, &options)?;
    let written = file.fill(written)?.publish()?;
    let path = written.path.map(|path| path.display().to_string());
    Ok((done, triangles, path))
}

fn text(input: &Input, done: &Repaired, triangles: usize, path: Option<&str>) -> String {
    let mut text = format!("{}\n", input.name());
    for line in done.to_string().lines() {
        text += &format!("  {line}\n");
    }
    if let Some(path) = path {
        text += &format!("  model    {path} ({triangles} triangles)\n");
    }
    text
}

fn json(input: &Input, done: &Repaired, triangles: usize, path: Option<&str>) -> Value {
    let mut line = json!({
        "input": input.name(),
        "ok": true,
        "model": path,
        "triangles": triangles,
    });
    line["done"] = serde_json::to_value(done).unwrap_or_default();
    line
}
