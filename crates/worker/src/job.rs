//! What is done for one request, whichever process does it.

use std::collections::BTreeMap;
use std::io::Read;
use std::ops::ControlFlow;

use engine::{Artifacts, Engine, EngineError, Event, Views};
use imaging::{DecodeError, Limits, Picture};
use vault::{Grant, VaultError};
use zeroize::{Zeroize, Zeroizing};

use crate::bundle::{Bundle, Role};
use crate::error::Trouble;
use crate::message::Order;
use crate::wipe;

/// The results of a run, sealed under the order's keys.
pub struct Made {
    /// The model, binary glTF.
    pub model: Vec<u8>,
    /// A rendering of it, PNG.
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

/// Opens the pictures, runs the engine on them and seals what it made. Plaintext is wiped on the way.
///
/// # Errors
/// [`Stopped`].
pub fn run(
    engine: &Engine,
    order: &Order,
    sealed: &mut impl Read,
    sealed_len: u64,
    sink: &mut dyn FnMut(Event) -> ControlFlow<()>,
) -> Result<Made, Stopped> {
    let pictures = open(&order.picture, sealed, sealed_len).ok_or(Trouble::PictureLost)?;
    let made = engine.generate(pictures.views()?, &order.options, sink);
    drop(pictures);
    let mut made = made?;
    let sealed = seal(order, &made);
    made.glb.zeroize();
    made.preview_png.zeroize();
    wipe::wipe(&mut made.model);
    sealed.map_err(|_| Stopped::Trouble(Trouble::Engine))
}

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

fn open(grant: &Grant, sealed: &mut impl Read, sealed_len: u64) -> Option<Pictures> {
    let bundle = grant.open(sealed, sealed_len).ok()?;
    // Admission has checked them; encoded anew as PNG one may well be longer than an upload may.
    let limits = Limits {
        max_bytes: u64::MAX,
        ..Limits::default()
    };
    let mut pictures = Pictures(BTreeMap::new());
    for (role, png) in Bundle::from_bytes(&bundle).ok()? {
        pictures.0.insert(role, imaging::decode(png, &limits).ok()?);
    }
    Some(pictures)
}

fn seal(order: &Order, made: &Artifacts) -> Result<Made, VaultError> {
    let mut sealed = Made {
        model: Vec::new(),
        preview: Vec::new(),
    };
    order.model.seal(&made.glb, &mut sealed.model)?;
    (order.preview).seal(&made.preview_png, &mut sealed.preview)?;
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
