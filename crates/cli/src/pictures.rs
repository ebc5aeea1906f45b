//! What the image tools share: pictures in, pictures out, one after the other.

mod target;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Args;
use imaging::{
    DecodeError, EditError, EncodeError, FillError, Limits, Mask, MaskError, MatteError,
    NetworkError, Picture, PictureFormat, Tell, decode, encode,
};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use crate::convert::input::{self, Input, InputError};
use crate::interrupt;
use crate::pending::{Pending, WriteFailed, to_stdout};
use crate::voice::Voice;
pub use target::{Target, TargetError};

/// Where pictures go, and how that is reported.
#[derive(Args, Debug)]
pub struct OutputArgs {
    /// Where the picture goes: a .png, .webp or .jpg file, a folder (needed for several pictures), or
    /// - for standard output [default: a PNG in this folder that bears PHOTO's name and the command's]
    #[arg(long, short, value_name = "PATH")]
    output: Option<String>,
    /// Format of pictures in folders and on standard output: png, webp or jpg [default: png]
    #[arg(long, value_parser = format, value_name = "FORMAT")]
    format: Option<PictureFormat>,
    /// Report one line of JSON per picture on standard output, for programs
    #[arg(long)]
    json: bool,
}

impl OutputArgs {
    /// How the command reports.
    pub fn voice(&self) -> Voice {
        Voice { json: self.json }
    }
}

/// A format by its name.
fn format(name: &str) -> Result<PictureFormat, String> {
    let named = PictureFormat::ALL.into_iter().find(|f| f.name() == name);
    named.ok_or_else(|| "choose one of png, webp, jpg".to_owned())
}

/// Why one picture gave none.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("interrupted; nothing was written")]
    Interrupted,
    #[error("--{option} {name}: {reason}")]
    Option {
        option: &'static str,
        name: String,
        reason: Box<Failure>,
    },
    #[error("no picture is named: `ai3dgen edit --help` shows how")]
    NoPicture,
    #[error("--{0} is painted on one picture; give it with one, not several")]
    MaskOfSeveral(&'static str),
    #[error(transparent)]
    Input(#[from] InputError),
    #[error(transparent)]
    Picture(#[from] DecodeError),
    #[error(transparent)]
    Mask(#[from] MaskError),
    #[error(transparent)]
    Matte(#[from] MatteError),
    #[error(transparent)]
    Edit(EditError),
    #[error(transparent)]
    Fill(FillError),
    #[error(transparent)]
    Weights(#[from] weights::WeightsError),
    #[error(transparent)]
    Encode(#[from] EncodeError),
    #[error(transparent)]
    Target(#[from] TargetError),
    #[error(transparent)]
    Write(#[from] WriteFailed),
    #[error("can't listen for ^C: {0}")]
    Signal(#[from] ctrlc::Error),
}

impl From<EditError> for Failure {
    fn from(error: EditError) -> Self {
        match error {
            EditError::Network(NetworkError::Cancelled) => Self::Interrupted,
            error => Self::Edit(error),
        }
    }
}

impl From<FillError> for Failure {
    fn from(error: FillError) -> Self {
        match error {
            FillError::Cancelled => Self::Interrupted,
            error => Self::Fill(error),
        }
    }
}

/// What became of a picture.
pub struct Made {
    pub picture: Picture,
    /// A mask to be written as well, as PNG.
    pub mask: Option<Vec<u8>>,
}

/// One picture's way.
struct Planned {
    input: Input,
    target: Target,
    mask: Option<PathBuf>,
}

impl Planned {
    /// All that is written.
    fn files(&self) -> impl Iterator<Item = &PathBuf> {
        self.target.path.iter().chain(&self.mask)
    }
}

/// Runs a tool on every picture; a bad one doesn't stop the others. `suffix` tells the tool's
/// results from what they were made of; a mask goes to `mask_out`, if there is one.
pub fn run(
    photos: &[String],
    args: &OutputArgs,
    suffix: &str,
    mask_out: Option<&Path>,
    mut tool: impl FnMut(Picture, &mut Tell<'_>) -> Result<Made, Failure>,
) -> ExitCode {
    let voice = args.voice();
    let plan = match plan(photos, args, suffix, mask_out) {
        Ok(plan) => plan,
        Err(error) => return voice.failed(None, &error),
    };
    let mut worst = ExitCode::SUCCESS;
    for planned in plan {
        let input = planned.input.clone();
        match one(planned, &mut tool, !args.json) {
            Ok(written) => voice.tell(&written.text(&input), || written.json(&input)),
            Err(error) => {
                worst = voice.failed(Some(&input), &error);
                if matches!(error, Failure::Interrupted) {
                    return ExitCode::from(interrupt::EXIT_CODE);
                }
            }
        }
    }
    worst
}

/// Runs a tool on one picture; the answer is what `--json` says.
///
/// # Errors
/// All of [`Failure`].
pub fn answer(
    input: Input,
    args: &OutputArgs,
    suffix: &str,
    mask_out: Option<&Path>,
    mut tool: impl FnMut(Picture, &mut Tell<'_>) -> Result<Made, Failure>,
) -> Result<Value, Failure> {
    let planned = planned(input.clone(), args, suffix, mask_out, false)?;
    Ok(one(planned, &mut tool, false)?.json(&input))
}

/// Names every file, before any work.
fn plan(
    photos: &[String],
    args: &OutputArgs,
    suffix: &str,
    mask_out: Option<&Path>,
) -> Result<Vec<Planned>, Failure> {
    let inputs = input::expand(photos)?;
    let many = inputs.len() > 1;
    let mut taken = std::collections::HashSet::new();
    let mut plan = Vec::new();
    for input in inputs {
        let planned = planned(input, args, suffix, mask_out, many)?;
        for path in planned.files() {
            if !taken.insert(path.clone()) {
                return Err(TargetError::Collision(path.clone()).into());
            }
        }
        plan.push(planned);
    }
    interrupt::listen()?;
    Ok(plan)
}

/// Names one picture's files.
fn planned(
    input: Input,
    args: &OutputArgs,
    suffix: &str,
    mask_out: Option<&Path>,
    many: bool,
) -> Result<Planned, Failure> {
    let stem = match input.path() {
        None => "picture".to_owned(),
        Some(_) => input.stem(),
    };
    let target = Target::new(&stem, suffix, args.output.as_deref(), args.format, many)?;
    let mask = mask_out.map(|to| match many || to.is_dir() {
        true => to.join(format!("{stem}-mask.png")),
        false => to.to_owned(),
    });
    let planned = Planned {
        input,
        target,
        mask,
    };
    if let Some(own) = planned.input.path()
        && let Some(path) = planned.files().find(|path| target::are_one(own, path))
    {
        return Err(TargetError::Itself(path.clone()).into());
    }
    Ok(planned)
}

fn one(
    planned: Planned,
    tool: &mut impl FnMut(Picture, &mut Tell<'_>) -> Result<Made, Failure>,
    visible: bool,
) -> Result<Written, Failure> {
    let began = Instant::now();
    // Whatever can't be written is told before the work, not after it.
    let Target { path, format } = planned.target;
    let mut file = path.map(Pending::open).transpose()?;
    let mut mask_file = planned.mask.map(Pending::open).transpose()?;
    let picture = read(&planned.input)?;
    let bar = bar(&planned.input, visible);
    let made = tool(picture, &mut |fraction| {
        bar.set_position((fraction * 100.0) as u64);
        interrupt::answer()
    });
    bar.finish_and_clear();
    let made = made?;
    if interrupt::came() {
        return Err(Failure::Interrupted);
    }
    let bytes = encode(&made.picture, format)?;
    if let (Some(file), Some(mask)) = (&mut mask_file, &made.mask) {
        file.fill(mask)?;
    }
    match &mut file {
        Some(file) => file.fill(&bytes)?,
        None => to_stdout(&bytes)?,
    }
    Ok(Written {
        mask: mask_file.map(Pending::publish).transpose()?,
        path: file.map(Pending::publish).transpose()?,
        size: [made.picture.width, made.picture.height],
        bytes: bytes.len(),
        took: began.elapsed(),
    })
}

fn bar(input: &Input, visible: bool) -> ProgressBar {
    if !visible {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(100);
    if let Ok(style) = ProgressStyle::with_template("{prefix}  [{bar:30}] {percent:>3}%") {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.set_prefix(input.stem());
    bar
}

/// Decodes a picture at its full size.
fn read(input: &Input) -> Result<Picture, Failure> {
    let limits = Limits::default();
    Ok(decode(&input.read(limits.max_bytes)?, &limits)?)
}

/// A picture that an option names; what is wrong with it is told with the option.
///
/// # Errors
/// [`Failure::Option`].
pub fn named_by(option: &'static str, name: &str, photos: &[String]) -> Result<Picture, Failure> {
    let stdin_is_taken = name == "-" && photos.iter().any(|photo| photo == "-");
    let read = || match stdin_is_taken {
        true => Err(InputError::StdinTwice.into()),
        false => read(&input::one(name)?),
    };
    read().map_err(|reason| about(option, name, reason))
}

/// A mask that an option names; it goes with one picture only.
///
/// # Errors
/// [`Failure::Option`], [`Failure::MaskOfSeveral`].
pub fn mask_named_by(
    option: &'static str,
    name: &str,
    photos: &[String],
) -> Result<NamedMask, Failure> {
    if input::expand(photos)?.len() > 1 {
        return Err(Failure::MaskOfSeveral(option));
    }
    Ok(NamedMask {
        mask: Mask::painted(&named_by(option, name, photos)?),
        option,
        name: name.to_owned(),
    })
}

/// A mask, and how the person calls it.
pub struct NamedMask {
    mask: Mask,
    option: &'static str,
    name: String,
}

impl NamedMask {
    /// The mask, if it can be used on this picture.
    ///
    /// # Errors
    /// [`Failure::Option`].
    pub fn on(&self, picture: &Picture) -> Result<&Mask, Failure> {
        match self.mask.check(picture) {
            Ok(()) => Ok(&self.mask),
            Err(reason) => Err(about(self.option, &self.name, reason.into())),
        }
    }
}

fn about(option: &'static str, name: &str, reason: Failure) -> Failure {
    Failure::Option {
        option,
        name: name.to_owned(),
        reason: Box::new(reason),
    }
}

/// What is there now.
struct Written {
    /// `None`: standard output.
    path: Option<PathBuf>,
    mask: Option<PathBuf>,
    size: [u32; 2],
    bytes: usize,
    took: Duration,
}

impl Written {
    fn text(&self, input: &Input) -> String {
        let [width, height] = self.size;
        let path = |path: &Option<PathBuf>| match path {
            Some(path) => path.display().to_string(),
            None => "standard output".to_owned(),
        };
        let mut text = format!(
            "{}\n  picture  {} ({width} × {height}, {:.1} MB, {:.2} s)\n",
            input.name(),
            path(&self.path),
            self.bytes as f32 / 1e6,
            self.took.as_secs_f32()
        );
        if self.mask.is_some() {
            text += &format!("  mask     {}\n", path(&self.mask));
        }
        text
    }

    fn json(&self, input: &Input) -> Value {
        let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string());
        json!({
            "input": input.name(),
            "ok": true,
            "picture": path(&self.path),
            "mask": path(&self.mask),
            "width": self.size[0],
            "height": self.size[1],
            "bytes": self.bytes,
            "ms": self.took.as_millis() as u64,
        })
    }
}
