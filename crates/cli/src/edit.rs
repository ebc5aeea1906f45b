//! `ai3dgen edit`: shape, noise, light, background, style, size and sharpness of pictures, in this
//! order.

mod arguments;

use std::process::ExitCode;

use clap::Args;
use imaging::geometry::STRAIGHTEN_DEGREES;
use imaging::{
    Adjustments, Area, EXPOSURE_EV, Edit, Enlarge, NOISE, PER_CENT, Style, WhiteBalance, edit,
};
use weights::{Cache, default_dir};

pub use arguments::BehindArg;
use arguments::{StyleArg, Temperature};

use crate::pictures::{self, Failure, Made, OutputArgs};
use crate::tools::Tools;

const EXAMPLES: &str = "\
Examples:
  ai3dgen edit photo.jpg -o photo.png --straighten 2.5 --crop 40,0,1200,900
  ai3dgen edit page.jpg --perspective 212,80,1490,130,1610,1080,90,1010
  ai3dgen edit dark.jpg --exposure 1.3 --contrast 15 --temperature auto
  ai3dgen edit night.jpg --denoise 20 --sharpen 30
  ai3dgen edit small.jpg -o large.png --upscale 2
  ai3dgen edit photo.jpg --style woodblock            `--style list` names all styles
  ai3dgen edit 'photos/*.jpg' -o out/ --format webp --background '#fff'

Whatever the order on the command line, operations are done in that of this help; coordinates are
those of the picture as the operations before have left it.";

/// Sharpness: none to much.
const SHARPEN: std::ops::RangeInclusive<f32> = 0.0..=100.0;

/// What to edit and how.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct EditArgs {
    /// Pictures (PNG, JPEG, WebP, GIF, BMP, TIFF, AVIF), patterns like 'photos/*.jpg', or - for
    /// standard input
    #[arg(required_unless_present = "style", value_name = "PHOTO")]
    photos: Vec<String>,
    #[command(flatten)]
    output: OutputArgs,
    /// Turn it clockwise
    #[arg(long, value_parser = arguments::quarters, allow_negative_numbers = true,
          value_name = "90|180|270|-90")]
    rotate: Option<u8>,
    /// Make what lies between four corners a rectangle: columns and rows of the corners, clockwise
    /// from its top left
    #[arg(long, value_parser = arguments::corners, allow_hyphen_values = true,
          value_name = "X1,Y1,…,X4,Y4")]
    perspective: Option<[[f32; 2]; 4]>,
    /// Turn it clockwise by some degrees and cut off the empty corners
    #[arg(long, value_parser = arguments::within(STRAIGHTEN_DEGREES), allow_negative_numbers = true,
          value_name = "DEGREES")]
    straighten: Option<f32>,
    /// Keep a part: column and row of its top left corner, columns and rows
    #[arg(long, value_parser = arguments::area, allow_hyphen_values = true,
          value_name = "X,Y,WIDTH,HEIGHT")]
    crop: Option<Area>,
    /// Take noise out: its standard deviation in 255ths, up to 75; 10 is a little, 25 much
    #[arg(long, value_parser = arguments::within(NOISE), allow_negative_numbers = true,
          value_name = "SIGMA")]
    denoise: Option<f32>,
    /// Warmer (to 100) or colder (to -100), or auto: take the light in the picture for white
    #[arg(long, value_parser = Temperature::parse, allow_negative_numbers = true,
          value_name = "auto|PERCENT")]
    temperature: Option<Temperature>,
    /// More magenta (to 100) or greener (to -100)
    #[arg(long, value_parser = arguments::within(PER_CENT), allow_negative_numbers = true,
          value_name = "PERCENT")]
    tint: Option<f32>,
    /// Brighter or darker, in stops: 1 is twice the light
    #[arg(long, value_parser = arguments::within(EXPOSURE_EV), allow_negative_numbers = true,
          value_name = "EV")]
    exposure: Option<f32>,
    /// More (to 100) or less (to -100) contrast
    #[arg(long, value_parser = arguments::within(PER_CENT), allow_negative_numbers = true,
          value_name = "PERCENT")]
    contrast: Option<f32>,
    /// Stronger (to 100) or weaker colours; -100 is black and white
    #[arg(long, value_parser = arguments::within(PER_CENT), allow_negative_numbers = true,
          value_name = "PERCENT")]
    saturation: Option<f32>,
    /// What comes behind the object: none, a colour like '#fff', or a picture
    #[arg(long, value_parser = BehindArg::parse, value_name = "none|COLOUR|PICTURE")]
    background: Option<BehindArg>,
    /// Repaint it; `--style list` names the styles
    #[arg(long, value_parser = StyleArg::parse, value_name = "NAME")]
    style: Option<StyleArg>,
    /// Enlarge it: twice stays faithful, four times makes detail up and is slow
    #[arg(long, value_parser = arguments::enlarge, value_name = "2|4")]
    upscale: Option<Enlarge>,
    /// Sharpen edges, up to 100
    #[arg(long, value_parser = arguments::within(SHARPEN), allow_negative_numbers = true,
          value_name = "PERCENT")]
    sharpen: Option<f32>,
}

/// Edits every picture; a bad one doesn't stop the others.
pub fn run(args: &EditArgs) -> ExitCode {
    if let Some(StyleArg::List) = args.style {
        return list_styles();
    }
    match prepared(args) {
        Ok((wanted, tools)) => pictures::run(
            &args.photos,
            &args.output,
            "edited",
            None,
            |picture, tell| {
                Ok(Made {
                    picture: edit(picture, &wanted, &tools, tell)?,
                    mask: None,
                })
            },
        ),
        Err(error) => args.output.voice().failed(None, &error),
    }
}

fn list_styles() -> ExitCode {
    let names: Vec<&str> = Style::all().map(Style::name).collect();
    match crate::pending::to_stdout(format!("{}\n", names.join("\n")).as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// What doesn't change from picture to picture.
fn prepared(args: &EditArgs) -> Result<(Edit, Tools), Failure> {
    if args.photos.is_empty() {
        return Err(Failure::NoPicture);
    }
    let behind = args.background.as_ref();
    let edit = Edit {
        rotate: args.rotate.unwrap_or(0),
        perspective: args.perspective,
        straighten: args.straighten.unwrap_or(0.0),
        crop: args.crop,
        denoise: args.denoise,
        adjustments: Adjustments {
            white_balance: WhiteBalance {
                auto: args.temperature == Some(Temperature::Auto),
                temperature: match args.temperature {
                    Some(Temperature::By(per_cent)) => per_cent,
                    _ => 0.0,
                },
                tint: args.tint.unwrap_or(0.0),
            },
            exposure_ev: args.exposure.unwrap_or(0.0),
            contrast: args.contrast.unwrap_or(0.0),
            saturation: args.saturation.unwrap_or(0.0),
        },
        background: behind.map(|behind| behind.open(&args.photos)).transpose()?,
        style: match args.style {
            Some(StyleArg::One(style)) => Some(style),
            _ => None,
        },
        enlarge: args.upscale,
        sharpen: args.sharpen.unwrap_or(0.0),
    };
    Ok((edit, Tools::of(&Cache::open(default_dir()?))))
}
