//! What is done for one request, whichever process does it.

use std::collections::BTreeMap;
use std::io::Read;
use std::ops::ControlFlow;

use engine::{EngineError, Options, Views};
use imaging::{DecodeError, Limits, Picture};
use vault::{Grant, VaultError};
use zeroize::{Zeroize, Zeroizing};

use crate::bench::Bench;
use crate::bundle::{Bundle, Role};
use crate::error::Trouble;
use crate::message::{News, Order};
use crate::recipe::Recipe;
use crate::{tool, wipe};

/// The results of a run, sealed under the order's keys.
pub struct Made {
    /// The model, binary glTF, or the picture that a tool made, PNG.
    pub result: Vec<u8>,
    /// A rendering of the model, or the picture made small, PNG.
    pub preview: Vec<u8>,
}

/// Why there are none.
pub enum Stopped {
    /// The sink answered `Break`.
    Halted,
    /// The engine's reason.
    Trouble(Trouble),
}

/// Decodes an upload within bounds and encodes it anew: names, places, thumbnails and whatever else
/// was in the file end here. The result is a PNG, `largest_side` pixels long at most.
///
/// # Errors
/// Why it is no picture for us.
pub fn admit(upload: &[u8], largest_side: u32) -> Result<Zeroizing<Vec<u8>>, DecodeError> {
    let picture = imaging::decode(upload, &Limits::default())?;
    let mut picture = picture.shrink_to(largest_side);
    let png = Zeroizing::new(imaging::encode_png(&picture));
    picture.rgba.zeroize();
    Ok(png)
}

/// Opens the pictures, does the job and seals what came of it. Plaintext is wiped on the way.
///
/// # Errors
/// [`Stopped`].
pub fn run(
    bench: &Bench,
    order: &Order,
    sealed: &mut impl Read,
    sealed_len: u64,
    tell: &mut dyn FnMut(News) -> ControlFlow<()>,
) -> Result<Made, Stopped> {
    let opened = open(&order.picture, sealed, sealed_len).ok_or(Trouble::PictureLost)?;
    let (result, preview) = match &order.options {
        Some(options) => model(bench, options, opened.pictures, tell)?,
        None => picture(bench, opened, tell)?,
    };
    let sealed = seal(order, &result, &preview);
    sealed.map_err(|_| Stopped::Trouble(Trouble::Engine))
}

/// A file, wiped when it is let go.
type Plain = Zeroizing<Vec<u8>>;

/// The model as binary glTF, and a rendering of it.
fn model(
    bench: &Bench,
    options: &Options,
    pictures: Pictures,
    tell: &mut dyn FnMut(News) -> ControlFlow<()>,
) -> Result<(Plain, Plain), Stopped> {
    let mut sink = |event| tell(News::Event(event));
    let made = bench.engine.generate(pictures.views()?, options, &mut sink);
    drop(pictures);
    let mut made = made?;
    wipe::wipe(&mut made.model);
    Ok((made.glb.into(), made.preview_png.into()))
}

/// What a tool made of the picture, and the same small.
fn picture(
    bench: &Bench,
    opened: Opened,
    tell: &mut dyn FnMut(News) -> ControlFlow<()>,
) -> Result<(Plain, Plain), Stopped> {
    let Opened {
        mut pictures,
        recipe,
    } = opened;
    let recipe = recipe.ok_or(Trouble::PictureLost)?;
    let mut share = |share| tell(News::Share(share));
    let made = tool::apply(&recipe, &mut pictures.0, &*bench.networks, &mut share)?;
    let full = Zeroizing::new(imaging::encode_png(&made));
    let mut small = made.shrink_to(PREVIEW_PX);
    let preview = Zeroizing::new(imaging::encode_png(&small));
    small.rgba.zeroize();
    Ok((full, preview))
}

/// Longest side of a small picture: what a page shows of it.
const PREVIEW_PX: u32 = 1024;

/// A job's pictures, decoded; wiped when they are let go.
struct Pictures(BTreeMap<Role, Picture>);

impl Pictures {
    fn views(&self) -> Result<Views<'_>, Trouble> {
        let of = |role| self.0.get(&role);
        Ok(Views {
            front: of(Role::Picture).ok_or(Trouble::PictureLost)?,
            left: of(Role::Left),
            back: of(Role::Back),
            right: of(Role::Right),
        })
    }
}

impl Drop for Pictures {
    fn drop(&mut self) {
        for picture in self.0.values_mut() {
            picture.rgba.zeroize();
        }
    }
}

/// What was sealed for a job.
struct Opened {
    pictures: Pictures,
    /// What a tool is to do.
    recipe: Option<Recipe>,
}

fn open(grant: &Grant, sealed: &mut impl Read, sealed_len: u64) -> Option<Opened> {
    let bundle = grant.open(sealed, sealed_len).ok()?;
    // Admission has checked them; encoded anew as PNG one may well be longer than an upload may.
    let limits = Limits {
        max_bytes: u64::MAX,
        ..Limits::default()
    };
    let mut pictures = Pictures(BTreeMap::new());
    let mut recipe = None;
    for (role, file) in Bundle::from_bytes(&bundle).ok()? {
        if role == Role::Recipe {
            recipe = Some(Recipe::from_bytes(file).ok()?);
        } else {
            pictures
                .0
                .insert(role, imaging::decode(file, &limits).ok()?);
        }
    }
    Some(Opened { pictures, recipe })
}

fn seal(order: &Order, result: &[u8], preview: &[u8]) -> Result<Made, VaultError> {
    let mut sealed = Made {
        result: Vec::new(),
        preview: Vec::new(),
    };
    order.result.seal(result, &mut sealed.result)?;
    order.preview.seal(preview, &mut sealed.preview)?;
    Ok(sealed)
}

impl From<Trouble> for Stopped {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

impl From<EngineError> for Stopped {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Cancelled => Self::Halted,
            error => Self::Trouble(Trouble::from(&error)),
        }
    }
}
