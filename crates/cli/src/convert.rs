//! `ai3dgen convert`: pictures in, models out.

pub(crate) mod input;
mod output;
mod progress;
mod report;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::Args;
use engine::{
    Artifacts, Engine, EngineError, Ground, Options, Shaper, Symmetry, Tier, Topology, Viewpoint,
    Views,
};
use formats::Format;
use imaging::{DecodeError, Limits, Picture};
use serde_json::Value;
use triposr::{Device, Precision};

use input::Input;
use output::Targets;
use progress::Progress;
use report::{Report, Reporter};

use crate::interrupt;
use crate::turntable::{FilmError, TurntableArgs};

const EXAMPLES: &str = "\
Examples:
  ai3dgen convert mug.jpg                            writes mug.glb here
  ai3dgen convert mug.jpg -o out/mug.glb --preview out/mug.png
  ai3dgen convert mug.jpg --turntable mug.webp       films it from all sides: .webp, .gif, .mp4
  ai3dgen convert 'photos/*.jpg' -o models/          one model per picture
  ai3dgen convert mug.jpg -o mug.3mf                 for a 3D printer; see also `ai3dgen export`
  ai3dgen convert front.jpg --left l.jpg --back b.jpg --right r.jpg -o shoe.glb
  ai3dgen convert cutout.png --tier pro --texture 4096
  ai3dgen convert owl.jpg --size 80mm --topology quad -o owl.glb
  curl -s https://example.org/shoe.webp | ai3dgen convert - -o - > shoe.glb";

/// What to convert and how.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct ConvertArgs {
    /// Pictures (PNG, JPEG, WebP, GIF, BMP, TIFF, AVIF), patterns like 'photos/*.jpg', or - for
    /// standard input
    #[arg(required = true, value_name = "PHOTO")]
    pub photos: Vec<String>,
    /// Another picture of the same object: walk a quarter turn around it to your left, until what
    /// is left in PHOTO faces you. Any of --left, --back and --right make a better model
    #[arg(long, value_name = "PHOTO")]
    pub left: Option<String>,
    /// Another picture of the same object, from behind
    #[arg(long, value_name = "PHOTO")]
    pub back: Option<String>,
    /// Another picture of the same object, a quarter turn to your right
    #[arg(long, value_name = "PHOTO")]
    pub right: Option<String>,
    /// Where the model goes: a .glb, .gltf, .obj, .obj.zip, .stl, .3mf, .ply or .usdz file, a folder
    /// (needed for several pictures), or - for standard output [default: PHOTO's name with .glb, in
    /// this folder]
    #[arg(long, short, value_name = "PATH")]
    pub output: Option<String>,
    /// Format of models in folders and on standard output: glb, gltf, obj, stl, 3mf, ply or usdz
    /// [default: glb]
    #[arg(long, value_parser = crate::export::format, value_name = "FORMAT")]
    pub format: Option<formats::Format>,
    /// How much effort: base is quick, ultra is finest
    #[arg(long, value_parser = one_of(Tier::ALL, Tier::name), default_value = "base", value_name = "base|pro|ultra")]
    pub tier: Tier,
    /// Which network guesses the shape; inflate uses none, auto takes TripoSR for pro and ultra if
    /// it is installed
    #[arg(long, value_parser = one_of(Shaper::ALL, Shaper::name), default_value = "auto",
          value_name = "auto|builtin|triposr|inflate")]
    pub engine: Shaper,
    /// How TripoSR multiplies; auto takes the fastest that this processor has instructions for
    #[arg(long, value_parser = one_of(Precision::ALL, Precision::name), default_value = "auto",
          value_name = "auto|f32|bf16|int8")]
    pub precision: Precision,
    /// Where TripoSR runs; gpu needs a build with `--features cuda` (NVIDIA) or `--features metal`
    /// (Apple), where auto takes it if there is one
    #[arg(long, value_parser = one_of(Device::ALL, Device::name), default_value = "auto",
          value_name = "auto|cpu|gpu")]
    pub device: Device,
    /// Same picture, options, version and seed: the same bytes
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub seed: u64,
    /// Triangles to aim at [default: 20000, 60000 or 150000 by tier]
    #[arg(long, value_parser = within(engine::FACES), value_name = "N")]
    pub faces: Option<u32>,
    /// Texture side in pixels [default: 1024, 2048 or 4096 by tier]
    #[arg(long, value_parser = within(engine::TEXTURE_PX), value_name = "PX")]
    pub texture: Option<u32>,
    /// Triangles, or quads that follow the shape (formats without quads get them in halves)
    #[arg(long, value_parser = one_of(Topology::ALL, Topology::name), default_value = "triangle",
          value_name = "triangle|quad")]
    pub topology: Topology,
    /// Make left and right alike: x always, auto where the network is sure that they are
    #[arg(long, value_parser = one_of(Symmetry::ALL, Symmetry::name), default_value = "none",
          value_name = "auto|x|none")]
    pub symmetry: Symmetry,
    /// Length of the longest side, in mm, cm, m or in: 80mm [default: 1m]
    #[arg(long, value_parser = crate::length::metres, value_name = "LENGTH")]
    pub size: Option<f32>,
    /// Stand it on the ground with its base pressed flat, on its lowest point, or centre it
    #[arg(long, value_parser = one_of(Ground::ALL, Ground::name), default_value = "flat",
          value_name = "flat|lowest|centre")]
    pub ground: Ground,
    /// Prepare it for a 3D printer: a flat base, 100 mm unless --size says otherwise, and a report
    #[arg(long)]
    pub print: bool,
    /// Take the whole picture as the object
    #[arg(long)]
    pub no_background_removal: bool,
    /// Also draw the model, as PNG (a folder for several pictures)
    #[arg(long, value_name = "PNG")]
    pub preview: Option<PathBuf>,
    /// Also draw it from all sides, beside the picture, as PNG (a folder for several pictures)
    #[arg(long, value_name = "PNG")]
    pub sheet: Option<PathBuf>,
    #[command(flatten)]
    pub turntable: TurntableArgs,
    /// Say what would be done and stop
    #[arg(long)]
    pub dry_run: bool,
    /// Report one line of JSON per picture on standard output, for programs
    #[arg(long)]
    pub json: bool,
}

impl ConvertArgs {
    fn options(&self) -> Options {
        Options {
            tier: self.tier,
            shaper: self.engine,
            seed: self.seed,
            faces: self.faces,
            texture_px: self.texture,
            keep_background: self.no_background_removal,
            topology: self.topology,
            symmetry: self.symmetry,
            size_metres: self.size.or(self.print.then_some(engine::PRINTED_METRES)),
            ground: self.ground,
            print: self.print,
        }
    }

    /// The pictures from other sides, as they were named.
    fn others(&self) -> impl Iterator<Item = (Viewpoint, &str)> {
        [
            (Viewpoint::Left, &self.left),
            (Viewpoint::Back, &self.back),
            (Viewpoint::Right, &self.right),
        ]
        .into_iter()
        .filter_map(|(from, name)| Some((from, name.as_deref()?)))
    }
}

/// A parser for the names of a few choices.
pub(crate) fn one_of<T: Copy + Send + Sync + 'static, const N: usize>(
    all: [T; N],
    name: fn(T) -> &'static str,
) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync + 'static {
    move |given| {
        let named = all.into_iter().find(|&choice| name(choice) == given);
        named.ok_or_else(|| format!("choose one of {}", all.map(name).join(", ")))
    }
}

fn within(range: std::ops::RangeInclusive<u32>) -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(i64::from(*range.start())..=i64::from(*range.end()))
}

/// Why one picture gave no model.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("interrupted; nothing was written")]
    Interrupted,
    #[error(transparent)]
    Input(#[from] input::InputError),
    #[error(transparent)]
    Picture(#[from] DecodeError),
    #[error("this is a model already: `ai3dgen export` writes it in other formats")]
    Model,
    #[error("--{} {name}: {reason}", from.name())]
    View {
        from: Viewpoint,
        name: String,
        reason: Box<Failure>,
    },
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Turntable(#[from] FilmError),
    #[error(transparent)]
    Output(#[from] output::OutputError),
}

/// Converts every picture; a bad one doesn't stop the others. `began` is when the program started.
pub fn run(args: &ConvertArgs, mut began: Instant) -> ExitCode {
    let reporter = Reporter::new(args.json);
    if let Err(error) = args.device.check() {
        reporter.fatal(&error);
        return ExitCode::FAILURE;
    }
    let plan = match plan(args) {
        Ok(plan) => plan,
        Err(error) => {
            reporter.fatal(&error);
            return ExitCode::FAILURE;
        }
    };
    let engine = match crate::matting::engine(args.precision, args.device) {
        Ok(engine) => engine,
        Err(error) => {
            reporter.fatal(&error);
            return ExitCode::FAILURE;
        }
    };
    let shaper = match engine.shaper(&args.options()) {
        Ok(shaper) => shaper,
        Err(error) => {
            reporter.fatal(&error);
            return ExitCode::FAILURE;
        }
    };
    if args.dry_run {
        for (input, targets) in &plan.front {
            reporter.planned(input, targets, shaper, args.tier);
        }
        return ExitCode::SUCCESS;
    }
    if let Err(error) = interrupt::listen() {
        reporter.fatal(&error);
        return ExitCode::FAILURE;
    }
    let mut failed = false;
    for (input, targets) in plan.front {
        let quiet = &mut |_: f32, _: &str| {};
        match convert(&engine, &input, &plan.others, targets, args, began, quiet) {
            Ok(report) => reporter.done(&input, &report),
            Err(failure) => {
                failed = true;
                reporter.failed(&input, &failure);
                if matches!(failure, Failure::Interrupted) {
                    return ExitCode::from(interrupt::EXIT_CODE);
                }
            }
        }
        began = Instant::now();
    }
    if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

/// Converts one object, whatever pictures `args` name; the answer is what `--json` says. `heard` is told
/// how far it is, 0–1, and in which stage.
pub fn answer(
    engine: &Engine,
    front: &Input,
    others: &[(Viewpoint, Input)],
    args: &ConvertArgs,
    heard: &mut dyn FnMut(f32, &str),
) -> anyhow::Result<Value> {
    let began = Instant::now();
    let targets = output::target(front, args, false).map_err(Failure::from)?;
    let report = convert(engine, front, others, targets, args, began, heard)?;
    Ok(report.json(front))
}

/// What is going to be read and written.
struct Plan {
    /// Each becomes a model.
    front: Vec<(Input, Targets)>,
    /// The other sides of the only one.
    others: Vec<(Viewpoint, Input)>,
}

fn plan(args: &ConvertArgs) -> Result<Plan, Failure> {
    let inputs = input::expand(&args.photos)?;
    let mut others: Vec<(Viewpoint, Input)> = Vec::new();
    for (from, name) in args.others() {
        if inputs.len() > 1 {
            return Err(input::InputError::ViewsOfSeveral(from.name()).into());
        }
        let other = input::one(name).map_err(|reason| about(from, name, reason.into()))?;
        let mut all = inputs.iter().chain(others.iter().map(|(_, other)| other));
        if other == Input::Stdin && all.any(|earlier| *earlier == other) {
            return Err(about(from, name, input::InputError::StdinTwice.into()));
        }
        others.push((from, other));
    }
    Ok(Plan {
        front: output::targets(inputs, args)?,
        others,
    })
}

/// The reason, with the picture it is about.
fn about(from: Viewpoint, name: &str, reason: Failure) -> Failure {
    Failure::View {
        from,
        name: name.to_owned(),
        reason: Box::new(reason),
    }
}

fn read(input: &Input) -> Result<Picture, Failure> {
    let limits = Limits::default();
    let bytes = input.read(limits.max_bytes)?;
    match imaging::decode(&bytes, &limits) {
        Err(DecodeError::NotAPicture) if Format::from_path(Path::new(&input.name())).is_some() => {
            Err(Failure::Model)
        }
        picture => Ok(picture?.shrink_to(engine::PICTURE_PX)),
    }
}

fn convert(
    engine: &Engine,
    input: &Input,
    others: &[(Viewpoint, Input)],
    targets: Targets,
    args: &ConvertArgs,
    began: Instant,
    heard: &mut dyn FnMut(f32, &str),
) -> Result<Report, Failure> {
    // Whatever can't be written is told before the work, not after it.
    let film_to = targets.turntable.clone();
    let files = targets.open()?;
    let picture = read(input)?;
    let others = others
        .iter()
        .map(|(from, input)| {
            let other = read(input).map_err(|reason| about(*from, &input.name(), reason))?;
            Ok((*from, other))
        })
        .collect::<Result<Vec<_>, Failure>>()?;
    let other = |side| {
        others
            .iter()
            .find(|(from, _)| *from == side)
            .map(|(_, p)| p)
    };
    let views = Views {
        front: &picture,
        left: other(Viewpoint::Left),
        back: other(Viewpoint::Back),
        right: other(Viewpoint::Right),
    };
    let mut progress = Progress::start(input, !args.json, began);
    let result = engine.generate(views, &args.options(), &mut |event| {
        progress.event(event);
        heard(progress.done(), &progress.stage());
        interrupt::answer()
    });
    let artifacts = match result {
        Err(EngineError::Cancelled) => return Err(Failure::Interrupted),
        result => result?,
    };
    let film = film_to.map(|to| {
        args.turntable.film(&artifacts.model, &to, |fraction| {
            progress.filming(fraction);
            !interrupt::came()
        })
    });
    let film = match film.transpose() {
        Err(FilmError::Stopped) => return Err(Failure::Interrupted),
        film => film?,
    };
    let times = progress.finish();
    let written = files.write(
        &artifacts,
        args,
        || sheet(input, &picture, &artifacts),
        film,
    )?;
    let shaper = engine.shaper(&args.options())?;
    Ok(Report::new(written, &artifacts, times, shaper, args))
}

/// The picture beside the model from all sides, as PNG.
fn sheet(input: &Input, picture: &Picture, artifacts: &Artifacts) -> Vec<u8> {
    const TILE: u32 = 256;
    let picture = mesh::raster::Image {
        width: picture.width,
        height: picture.height,
        rgba: picture.rgba.clone(),
    };
    let label = input.stem();
    let row = mesh::sheet::Row {
        label: &label,
        picture: &picture,
        model: &artifacts.model,
    };
    let sheet = mesh::sheet::contact_sheet(&[row], TILE);
    formats::png::encode_rgba(sheet.width, sheet.height, &sheet.rgba)
        .expect("a rendered sheet has all its pixels")
}
