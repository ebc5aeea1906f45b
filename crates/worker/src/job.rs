//! What is done for one request, whichever process does it.

use std::io::Read;
use std::ops::ControlFlow;

use engine::{Artifacts, Engine, EngineError, Event};
use imaging::{DecodeError, Limits, Picture};
use vault::{Grant, VaultError};
use zeroize::{Zeroize, Zeroizing};

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
/// was in the file end here. The result is a PNG.
///
/// # Errors
/// Why it is no picture for us.
pub fn admit(upload: &[u8]) -> Result<Zeroizing<Vec<u8>>, DecodeError> {
    let mut picture = imaging::decode(upload, &Limits::default())?;
    let png = Zeroizing::new(imaging::encode_png(&picture));
    picture.rgba.zeroize();
    Ok(png)
}

/// Opens the picture, runs the engine on it and seals what it made. Plaintext is wiped on the way.
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
    let mut picture = open(&order.picture, sealed, sealed_len).ok_or(Trouble::PictureLost)?;
    let made = engine.generate(&picture, &order.options, sink);
    picture.rgba.zeroize();
    let mut made = made?;
    let sealed = seal(order, &made);
    made.glb.zeroize();
    made.preview_png.zeroize();
    wipe::wipe(&mut made.model);
    sealed.map_err(|_| Stopped::Trouble(Trouble::Engine))
}

fn open(grant: &Grant, sealed: &mut impl Read, sealed_len: u64) -> Option<Picture> {
    let png = grant.open(sealed, sealed_len).ok()?;
    // Admission has checked it; encoded anew as PNG it may well be longer than an upload may.
    let limits = Limits {
        max_bytes: u64::MAX,
        ..Limits::default()
    };
    imaging::decode(&png, &limits).ok()
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
