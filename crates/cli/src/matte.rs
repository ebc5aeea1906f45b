//! `ai3dgen matte`: the object without its background, or before another one.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use imaging::{Behind, MatteModel, Picture, Removal, encode_matte, remove_background};
use serde_json::Value;
use weights::{Cache, default_dir};

use crate::convert::input::Input;
use crate::edit::BehindArg;
use crate::matting::{BEST_FIRST, InstalledMatte};
use crate::pictures::{self, Failure, Made, NamedMask, OutputArgs, mask_named_by};

const EXAMPLES: &str = "\
Examples:
  ai3dgen matte mug.jpg                               writes mug-cutout.png here, transparent
  ai3dgen matte mug.jpg -o mug.webp --model u2net     finer, needs `ai3dgen models pull u2net` once
  ai3dgen matte mug.jpg -o mug-white.jpg --background '#fff'
  ai3dgen matte mug.jpg -o mug.png --background desk.jpg
  ai3dgen matte mug.jpg -o mug.png --mask-out mask.png
  ai3dgen matte mug.jpg -o mug.png --keep handle.png --erase shadow.png
  ai3dgen matte 'photos/*.jpg' -o cutouts/            one cut-out per picture
  curl -s https://example.org/shoe.webp | ai3dgen matte - -o - > shoe.png";

/// Tells a cut-out's file from the picture's.
const SUFFIX: &str = "cutout";

/// What to cut out and how.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct MatteArgs {
    /// Pictures (PNG, JPEG, WebP, GIF, BMP, TIFF, AVIF), patterns like 'photos/*.jpg', or - for
    /// standard input. A picture that is a cut-out already keeps its own
    #[arg(required = true, value_name = "PHOTO")]
    photos: Vec<String>,
    #[command(flatten)]
    output: OutputArgs,
    /// Which network finds the object: u2net is better, u2netp quicker [default: u2net if it is
    /// installed, else u2netp]
    #[arg(long, value_parser = model, value_name = "u2net|u2netp")]
    model: Option<&'static str>,
    /// What comes behind the object: nothing, a colour like '#fff' or '#2a6f97', or a picture
    #[arg(long, value_parser = BehindArg::parse, default_value = "none", value_name = "none|COLOUR|PICTURE")]
    background: BehindArg,
    /// Also write how much each pixel belongs to the object, as grey PNG (a folder for several
    /// pictures)
    #[arg(long, value_name = "PNG")]
    mask_out: Option<PathBuf>,
    /// What belongs to the object whatever the network says: white strokes on a mask of PHOTO's size
    #[arg(long, value_name = "MASK")]
    keep: Option<String>,
    /// What doesn't belong to it, likewise; where both are white, it goes
    #[arg(long, value_name = "MASK")]
    erase: Option<String>,
}

fn model(name: &str) -> Result<&'static str, String> {
    let known = BEST_FIRST.into_iter().find(|&known| known == name);
    known.ok_or_else(|| format!("choose one of {}", BEST_FIRST.join(", ")))
}

/// What doesn't change from picture to picture.
struct Tool {
    network: InstalledMatte,
    /// The person named a network: it looks at cut-outs, too.
    always: bool,
    behind: Behind,
    keep: Option<NamedMask>,
    erase: Option<NamedMask>,
}

/// Cuts out every picture; a bad one doesn't stop the others.
pub fn run(args: &MatteArgs) -> ExitCode {
    match Tool::of(args) {
        Ok(tool) => pictures::run(
            &args.photos,
            &args.output,
            SUFFIX,
            args.mask_out.as_deref(),
            |picture, _| tool.run(picture),
        ),
        Err(error) => args.output.voice().failed(None, &error),
    }
}

/// Cuts out one picture, whatever pictures `args` name; the answer is what `--json` says.
pub fn answer(input: Input, args: &MatteArgs) -> anyhow::Result<Value> {
    let tool = Tool::of(args)?;
    let mask_out = args.mask_out.as_deref();
    let made = pictures::answer(input, &args.output, SUFFIX, mask_out, |picture, _| {
        tool.run(picture)
    });
    Ok(made?)
}

impl Tool {
    fn of(args: &MatteArgs) -> Result<Self, Failure> {
        let mask = |option, name: &Option<String>| {
            let name = name.as_deref();
            name.map(|name| mask_named_by(option, name, &args.photos))
                .transpose()
        };
        Ok(Self {
            network: InstalledMatte::of(Cache::open(default_dir()?), args.model),
            always: args.model.is_some(),
            behind: args.background.open(&args.photos)?,
            keep: mask("keep", &args.keep)?,
            erase: mask("erase", &args.erase)?,
        })
    }

    fn run(&self, picture: Picture) -> Result<Made, Failure> {
        // Before the network, which takes longer.
        let keep = self
            .keep
            .as_ref()
            .map(|mask| mask.on(&picture))
            .transpose()?;
        let erase = self
            .erase
            .as_ref()
            .map(|mask| mask.on(&picture))
            .transpose()?;
        let wanted = Removal {
            always: self.always,
            keep,
            erase,
            behind: Some(&self.behind),
        };
        let find = |picture: &Picture| self.network.matte(picture);
        let (picture, matte) = remove_background(picture, &wanted, find)?;
        Ok(Made {
            picture,
            mask: Some(encode_matte(&matte)),
        })
    }
}
