//! `ai3dgen check`: can this be printed, and where not?

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use mesh::check::{self, Options, Report};
use serde_json::{Value, json};

use crate::convert::input::{self, Input};
use crate::pending::{Pending, WriteFailed};
use crate::source::{self, SourceError};
use crate::voice::Voice;

const EXAMPLES: &str = "\
Examples:
  ai3dgen check mug.glb --size 80mm                  as it would be when 80 mm at its longest
  ai3dgen check part.stl --picture where.png         also draw where something is wrong
  ai3dgen check 'prints/*.3mf' --json
  ai3dgen check part.stl || ai3dgen repair part.stl -o fixed.stl

Exit code: 0 if all of them can be printed, 1 if not or if a file can't be read.";

/// What to check and against what.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct CheckArgs {
    /// Models (GLB, glTF, OBJ, STL, 3MF, PLY, USDZ), patterns like 'prints/*.stl', or - for standard
    /// input
    #[arg(required = true, value_name = "MODEL")]
    models: Vec<String>,
    /// Length of the longest side when printed, in mm, cm, m or in [default: as it is]
    #[arg(long, value_parser = crate::length::metres, value_name = "LENGTH")]
    size: Option<f32>,
    /// Thinnest wall the printer can make
    #[arg(long, value_parser = crate::length::metres, default_value = "0.8mm", value_name = "LENGTH")]
    wall: f32,
    /// What leans out more than this many degrees from the vertical needs support
    #[arg(long, value_parser = clap::value_parser!(u8).range(0..=89), default_value_t = 45, value_name = "DEGREES")]
    overhang: u8,
    /// Also draw where something is wrong, as PNG (a folder for several models)
    #[arg(long, value_name = "PNG")]
    picture: Option<PathBuf>,
    /// Report one line of JSON per model on standard output, for programs
    #[arg(long)]
    json: bool,
}

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error(transparent)]
    Write(#[from] WriteFailed),
}

/// Checks every model; a bad one doesn't stop the others.
pub fn run(args: &CheckArgs) -> ExitCode {
    let voice = Voice { json: args.json };
    let inputs = match input::expand(&args.models) {
        Ok(inputs) => inputs,
        Err(error) => return voice.failed(None, &error),
    };
    let many = inputs.len() > 1;
    let mut worst = ExitCode::SUCCESS;
    for input in &inputs {
        match check(input, args, many) {
            Ok((report, picture)) => {
                if !report.printable {
                    worst = ExitCode::FAILURE;
                }
                let picture = picture.map(|path| path.display().to_string());
                voice.tell(&text(input, &report, picture.as_deref()), || {
                    json(input, &report, picture.as_deref())
                });
            }
            Err(error) => worst = voice.failed(Some(input), &error),
        }
    }
    worst
}

/// Checks one model, whatever models `args` name; the answer is what `--json` says.
pub fn answer(input: &Input, args: &CheckArgs) -> anyhow::Result<Value> {
    let (report, picture) = check(input, args, false)?;
    let picture = picture.map(|path| path.display().to_string());
    Ok(json(input, &report, picture.as_deref()))
}

fn check(
    input: &Input,
    args: &CheckArgs,
    many: bool,
) -> Result<(Report, Option<PathBuf>), Failure> {
    let surface = source::open(input)?.model.surface();
    let options = Options {
        longest_side: args.size,
        smallest_wall: args.wall,
        overhang_deg: f32::from(90 - args.overhang),
    };
    let report = check::check(&surface, &options);
    let picture = args.picture.as_ref().map(|to| {
        let to = if many || to.is_dir() {
            to.join(format!("{}.png", input.stem()))
        } else {
            to.clone()
        };
        let mut file = Pending::open(to)?;
        let drawn = check::picture(&surface, &report);
        let png = formats::png::encode_rgba(drawn.width, drawn.height, &drawn.rgba)
            .expect("a rendered picture has all its pixels");
        file.fill(&png)?;
        file.publish()
    });
    Ok((report, picture.transpose()?))
}

fn text(input: &Input, report: &Report, picture: Option<&str>) -> String {
    let mut text = format!("{}\n", input.name());
    for line in report.to_string().lines() {
        text += &format!("  {line}\n");
    }
    if let Some(path) = picture {
        text += &format!("  picture  {path}\n");
    }
    text
}

fn json(input: &Input, report: &Report, picture: Option<&str>) -> Value {
    let mut line = json!({ "input": input.name(), "ok": true, "picture": picture });
    line["report"] = serde_json::to_value(report).unwrap_or_default();
    line
}
