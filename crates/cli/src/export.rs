//! `ai3dgen export`: models in, the same models in other formats out.

use std::collections::HashSet;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use formats::{Format, Opened, WriteOptions};
use glam::Vec3;
use mesh::Model;
use mesh::measure::bounds;
use serde_json::{Value, json};

use crate::GENERATOR;
use crate::convert::input::{self, Input};
use crate::pending::WriteFailed;
use crate::recolour::recoloured;
use crate::source;
use crate::target::{OpenTarget, Target, TargetError, WrittenModel};
use crate::voice::Voice;

const EXAMPLES: &str = "\
Examples:
  ai3dgen export mug.glb -o mug.usdz                 for an iPhone
  ai3dgen export mug.glb -o mug.3mf --size 80mm      for a 3D printer, 80 mm at its longest
  ai3dgen export mug.glb -o mug.obj                  writes mug.mtl and textures beside it
  ai3dgen export scan.ply -o small.stl --faces 5000
  ai3dgen export 'models/*.glb' -o out/ --format stl
  ai3dgen export - -o - --format ply < mug.glb > mug.ply";

/// What to export and how.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct ExportArgs {
    /// Models (GLB, glTF, OBJ, STL, 3MF, PLY, USDZ with a text layer, or zip files of these),
    /// patterns like 'models/*.glb', or - for standard input
    #[arg(required = true, value_name = "MODEL")]
    models: Vec<String>,
    /// Where it goes: a .glb, .gltf, .obj, .obj.zip, .stl, .3mf, .ply or .usdz file, a folder (needed
    /// for several models), or - for standard output
    #[arg(long, short, value_name = "PATH")]
    output: String,
    /// Format in folders and on standard output: glb, gltf, obj, stl, 3mf, ply or usdz
    /// [default: glb]
    #[arg(long, value_parser = format, value_name = "FORMAT")]
    format: Option<Format>,
    /// Length of the longest side: a number with mm, cm, m or in [default: as it is]
    #[arg(long, value_parser = crate::length::metres, value_name = "LENGTH")]
    size: Option<f32>,
    /// Triangles to reduce a closed model to; textures become vertex colours
    #[arg(long, value_parser = clap::value_parser!(u32).range(4..), value_name = "N")]
    faces: Option<u32>,
    /// Say what would be done and stop
    #[arg(long)]
    dry_run: bool,
    /// Report one line of JSON per model on standard output, for programs
    #[arg(long)]
    json: bool,
}

/// Reads the name of a format.
pub fn format(name: &str) -> Result<Format, String> {
    Format::from_name(name).ok_or_else(|| "choose glb, gltf, obj, stl, 3mf, ply or usdz".into())
}

/// Why a model wasn't exported.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Input(#[from] input::InputError),
    #[error(transparent)]
    Source(#[from] source::SourceError),
    #[error(transparent)]
    Target(#[from] TargetError),
    #[error("two of the models would both become {}; export them separately", .0.display())]
    Collision(PathBuf),
    #[error("{}: that is the model itself; choose another name", .0.display())]
    Itself(PathBuf),
    #[error("can't write the model: {0}")]
    Model(#[from] formats::WriteError),
    #[error(transparent)]
    Write(#[from] WriteFailed),
}

/// Exports every model; a bad one doesn't stop the others.
pub fn run(args: &ExportArgs) -> ExitCode {
    let voice = Voice { json: args.json };
    let plan = match plan(args) {
        Ok(plan) => plan,
        Err(error) => {
            return voice.failed(None, &error);
        }
    };
    let mut failed = false;
    for (input, target) in plan {
        if args.dry_run {
            let (from, to) = (input.name(), target.name());
            let text = format!("{from} -> {to} ({})\n", target.format.name());
            voice.tell(
                &text,
                || json!({ "input": from, "model": to, "format": target.format.name(), "dry_run": true }),
            );
            continue;
        }
        match export(&input, target, args) {
            Ok(done) => voice.tell(&done.text(&input), || done.json(&input)),
            Err(error) => {
                failed = true;
                voice.failed(Some(&input), &error);
            }
        }
    }
    if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

/// Exports one model to the file that `args` name, whatever models they name; the answer is what `--json` says.
pub fn answer(input: &Input, args: &ExportArgs) -> anyhow::Result<Value> {
    let target = target(input, args, false)?;
    Ok(export(input, target, args)?.json(input))
}

/// Names every target, before any work.
fn plan(args: &ExportArgs) -> Result<Vec<(Input, Target)>, Failure> {
    let inputs = input::expand(&args.models)?;
    let many = inputs.len() > 1;
    let mut taken = HashSet::new();
    let mut plan = Vec::new();
    for input in inputs {
        let target = target(&input, args, many)?;
        if let Some(path) = &target.path
            && !taken.insert(path.clone())
        {
            return Err(Failure::Collision(path.clone()));
        }
        plan.push((input, target));
    }
    Ok(plan)
}

fn target(input: &Input, args: &ExportArgs, many: bool) -> Result<Target, Failure> {
    let target = Target::new(&stem(input), Some(&args.output), args.format, many)?;
    match &target.path {
        Some(path) if input.path() == Some(path) => Err(Failure::Itself(path.clone())),
        _ => Ok(target),
    }
}

/// A file's name without its ending; `mug` for `mug.obj.zip` too.
fn stem(input: &Input) -> String {
    let stem = input.stem();
    let inner = stem
        .rsplit_once('.')
        .filter(|(_, ending)| Format::from_name(ending).is_some());
    inner.map_or(stem.clone(), |(stem, _)| stem.to_owned())
}

fn export(input: &Input, target: Target, args: &ExportArgs) -> Result<Exported, Failure> {
    let name = target.stem(&stem(input));
    let file = OpenTarget::open(target)?;
    let Opened {
        mut model, notes, ..
    } = source::open(input)?;
    if let Some(faces) = args.faces {
        model = reduced(&model, faces as usize);
    }
    if let Some(longest) = args.size {
        resize(&mut model, longest);
    }
    let options = WriteOptions {
        name,
        generator: GENERATOR.into(),
        ..WriteOptions::default()
    };
    let written = formats::write(&model, file.format, &options)?;
    let format = file.format;
    let written = file.fill(written)?.publish()?;
    let notes = notes.into_iter().map(formats::Note::text).collect();
    Ok(Exported {
        model,
        written,
        format,
        notes,
    })
}

/// Fewer triangles.
fn reduced(model: &Model, faces: usize) -> Model {
    if model.triangles.len() <= faces {
        return model.clone();
    }
    recoloured(mesh::simplify::simplify(&model.surface(), faces), model)
}

/// Scales about the origin, where models stand.
fn resize(model: &mut Model, longest: f32) {
    let (low, high) = bounds(&model.positions);
    let side = (high - low).max_element();
    if side > 0.0 {
        model
            .positions
            .iter_mut()
            .for_each(|p| *p *= longest / side);
    }
}

fn size_m(model: &Model) -> Vec3 {
    let (low, high) = bounds(&model.positions);
    high - low
}

/// What was made of a model.
struct Exported {
    model: Model,
    written: WrittenModel,
    format: Format,
    notes: Vec<&'static str>,
}

impl Exported {
    fn text(&self, input: &Input) -> String {
        let mut text = format!("{}\n", input.name());
        for note in &self.notes {
            text += &format!("  note     {note}\n");
        }
        if let Some(path) = &self.written.path {
            let size = size_m(&self.model) * 1000.0;
            text += &format!(
                "  model    {} ({:.1} MB, {} triangles, {:.0} x {:.0} x {:.0} mm)\n",
                path.display(),
                self.written.bytes as f32 / 1e6,
                self.model.triangles.len(),
                size.x,
                size.y,
                size.z
            );
        }
        for path in &self.written.companions {
            text += &format!("  with it  {}\n", path.display());
        }
        text
    }

    fn json(&self, input: &Input) -> Value {
        let path = |path: &PathBuf| path.display().to_string();
        let companions: Vec<String> = self.written.companions.iter().map(path).collect();
        json!({
            "input": input.name(),
            "ok": true,
            "model": self.written.path.as_ref().map(path),
            "companions": companions,
            "format": self.format.name(),
            "bytes": self.written.bytes,
            "vertices": self.model.positions.len(),
            "triangles": self.model.triangles.len(),
            "quads": self.model.quads,
            "size_m": size_m(&self.model).to_array(),
            "notes": self.notes,
        })
    }
}
