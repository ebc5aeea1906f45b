//! Which pixels are the object, and what about them a person should know.

use imaging::{Framing, Matte, MatteModel, Picture};

use crate::{EngineError, Notice, Options};

/// Share of the visible pixels that are neither clear nor opaque, from which a cut-out shows
/// something see-through, and a network that looked for an object was guessing.
const PARTIAL: f32 = 0.4;
/// A cut-out in so many pieces is no single object; photographs of one come in one piece.
const FRAGMENTS: u32 = 4;
/// What a network finds on less than this share of the picture is noise.
const NOISE: f32 = 2e-4;
/// An object that covers this share of the picture and goes on beyond three borders is a scene, or
/// much too close.
const FULL: f32 = 0.75;
/// Objects whose longer side has fewer pixels than this show no detail.
const SMALL_PX: u32 = 64;

/// The object in its picture.
pub struct Object {
    /// Where it is.
    pub framing: Framing,
    /// What is unusual about it.
    pub notices: Vec<Notice>,
}

/// Where the matte comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    /// The picture's own transparency.
    Picture,
    /// The network.
    Network,
    /// Nothing is cut out.
    Whole,
}

/// Finds the object: the picture's own cut-out, else what `model` finds, else the whole picture.
///
/// # Errors
/// [`EngineError::MatteMissing`], [`EngineError::Matte`]; [`EngineError::NoForeground`] if the
/// picture is transparent everywhere.
pub fn find(
    picture: &Picture,
    model: Option<&dyn MatteModel>,
    options: &Options,
) -> Result<Object, EngineError> {
    if picture.has_cutout() {
        let matte = Matte::from_alpha(picture);
        let partial = matte.partial_share() >= PARTIAL;
        let framing = Framing::find(&matte.firmed(partial)).ok_or(EngineError::NoForeground)?;
        let notices = remarks(&framing, Source::Picture, partial);
        return Ok(Object { framing, notices });
    }
    if options.keep_background {
        return whole(picture, Notice::WholePicture);
    }
    let matte = model.ok_or(EngineError::MatteMissing)?.matte(picture)?;
    let partial = matte.partial_share() >= PARTIAL;
    match Framing::find(&matte.firmed(false)) {
        Some(framing) if framing.covered >= NOISE => {
            let notices = remarks(&framing, Source::Network, partial);
            Ok(Object { framing, notices })
        }
        _ => whole(picture, Notice::NoObject),
    }
}

/// The whole picture as the object, for that reason.
fn whole(picture: &Picture, reason: Notice) -> Result<Object, EngineError> {
    let matte = Matte {
        width: picture.width,
        height: picture.height,
        alpha: vec![255; picture.width as usize * picture.height as usize],
    };
    let framing = Framing::find(&matte).ok_or(EngineError::NoForeground)?;
    let mut notices = vec![reason];
    notices.extend(remarks(&framing, Source::Whole, false));
    Ok(Object { framing, notices })
}

/// What shows in the matte, of which much may be `partial`.
fn remarks(framing: &Framing, source: Source, partial: bool) -> Vec<Notice> {
    let mut notices = Vec::new();
    match source {
        Source::Picture if partial => notices.push(Notice::SeeThrough),
        Source::Network if partial || framing.pieces >= FRAGMENTS => notices.push(Notice::Scene),
        _ => {}
    }
    if framing.objects > 1 {
        notices.push(Notice::SeveralObjects {
            count: framing.objects,
        });
    }
    let borders = framing.cut_off.iter().filter(|&&cut| cut).count();
    match borders {
        _ if source == Source::Whole => {}
        3.. if framing.covered >= FULL => notices.push(Notice::FullFrame),
        1.. => notices.push(Notice::TouchesBorder),
        0 => {}
    }
    let px = framing.longer_side();
    if px < SMALL_PX {
        notices.push(Notice::Small { px });
    }
    notices
}
