//! `ai3dgen erase`: what a mask marks is filled with what is around it.

use std::process::ExitCode;

use clap::Args;
use imaging::fill;

use crate::pictures::{self, Made, OutputArgs, mask_named_by};

const EXAMPLES: &str = "\
Examples:
  ai3dgen erase beach.jpg --mask ball.png                    writes beach-filled.png here
  ai3dgen erase beach.jpg --mask ball.png -o beach2.jpg --seed 7

The fill is put together from other parts of the picture; nothing is invented. Paint the mask a
little beyond what is to go, its shadow included. Another seed gives another fill.";

/// What to erase.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct EraseArgs {
    /// The picture (PNG, JPEG, WebP, GIF, BMP, TIFF, AVIF), or - for standard input
    #[arg(value_name = "PHOTO")]
    photo: String,
    /// What is to go: white on black, or on transparent, at PHOTO's size
    #[arg(long, value_name = "MASK")]
    mask: String,
    /// Same picture, mask, version and seed: the same bytes
    #[arg(long, default_value_t = 0, value_name = "N")]
    seed: u64,
    #[command(flatten)]
    output: OutputArgs,
}

/// Fills one picture.
pub fn run(args: &EraseArgs) -> ExitCode {
    let photos = std::slice::from_ref(&args.photo);
    let mask = match mask_named_by("mask", &args.mask, photos) {
        Ok(mask) => mask,
        Err(error) => return args.output.voice().failed(None, &error),
    };
    pictures::run(photos, &args.output, "filled", None, |picture, tell| {
        let filled = fill(&picture, mask.on(&picture)?, args.seed, tell)?;
        Ok(Made {
            picture: filled,
            mask: None,
        })
    })
}
