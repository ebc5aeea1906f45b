//! One object seen from several sides.
//!
//! The network looks at each view alone and tells the story in that view's own frame and size.
//! `register` finds how the views stand to each other, `fuse` lets them vote on one field, and
//! `evidence` is what a view has to say at a point in space.

mod evidence;
mod fuse;
mod placement;
mod register;

use glam::Vec3;
use imaging::{Frame, Framing, Picture};
use mesh::Surface;
use mesh::isosurface::isosurface;

use crate::field::ViewField;
use crate::shape::Shape;
use crate::{EngineError, MARGIN, Options, surface};

use evidence::Evidence;
use fuse::Witness;
pub(crate) use placement::Placement;

/// Pixels per side of the evidence that registration looks at.
const REGISTRATION_SIDE: usize = 128;

/// From which side a picture was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Viewpoint {
    /// The picture that decides where the model's front is.
    Front,
    /// The camera went a quarter turn around the object to where the front picture's left is.
    Left,
    /// The camera went half around the object.
    Back,
    /// The camera went a quarter turn around the object to where the front picture's right is.
    Right,
}

impl Viewpoint {
    /// Lower-case name, as in `--left`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Front => "front",
            Self::Left => "left",
            Self::Back => "back",
            Self::Right => "right",
        }
    }

    /// Where the camera stands around the model's +Y: 0 looks at the side that faces +Z, 90 at the
    /// side that faces +X, which is the front picture's right.
    pub fn azimuth_deg(self) -> f32 {
        match self {
            Self::Front => 0.0,
            Self::Right => 90.0,
            Self::Back => 180.0,
            Self::Left => 270.0,
        }
    }
}

/// Pictures of one object: the front, and any of the other sides.
///
/// The cameras need not stand exactly at their quarter turns, nor at the same height or distance.
#[derive(Clone, Copy, Debug)]
pub struct Views<'a> {
    /// The front.
    pub front: &'a Picture,
    /// See [`Viewpoint::Left`].
    pub left: Option<&'a Picture>,
    /// See [`Viewpoint::Back`].
    pub back: Option<&'a Picture>,
    /// See [`Viewpoint::Right`].
    pub right: Option<&'a Picture>,
}

impl<'a> Views<'a> {
    /// All pictures there are, the front first.
    pub fn pictures(&self) -> impl Iterator<Item = (Viewpoint, &'a Picture)> {
        [
            (Viewpoint::Front, Some(self.front)),
            (Viewpoint::Left, self.left),
            (Viewpoint::Back, self.back),
            (Viewpoint::Right, self.right),
        ]
        .into_iter()
        .filter_map(|(from, picture)| Some((from, picture?)))
    }
}

/// A single picture is the front.
impl<'a> From<&'a Picture> for Views<'a> {
    fn from(front: &'a Picture) -> Self {
        Self {
            front,
            left: None,
            back: None,
            right: None,
        }
    }
}

/// The object in one of the pictures.
pub(crate) struct Found<'a> {
    pub from: Viewpoint,
    pub picture: &'a Picture,
    pub framing: Framing,
}

impl Found<'_> {
    /// The square around the object, `side` pixels wide.
    pub(crate) fn cut(&self, side: usize) -> Frame {
        self.framing.cut(self.picture, MARGIN, side)
    }
}

/// One of the pictures and what the network made of it.
pub(crate) struct Look<'a> {
    pub found: Found<'a>,
    pub shape: Shape,
    /// From the view's own frame to the world: +Y up, the front at +Z, in half window widths of
    /// the front.
    pub placement: Placement,
}

impl<'a> Look<'a> {
    pub(crate) fn new(found: Found<'a>, shape: Shape) -> Self {
        Self {
            placement: Placement::nominal(shape.guess.up, found.from.azimuth_deg()),
            found,
            shape,
        }
    }

    fn evidence(&self, side: usize) -> Evidence {
        let alpha = |side| self.found.cut(side).alpha;
        Evidence::of(
            &self.shape.guess,
            &alpha(side),
            &alpha(self.shape.guess.front.width),
            &alpha(self.shape.guess.back.width),
        )
    }
}

/// Finds how the views stand to each other and leaves out those that don't fit; the front always
/// stays. What the views agree on corrects the front's own idea of what is up.
pub(crate) fn register(looks: Vec<Look>) -> Vec<Look> {
    if looks.len() < 2 {
        return looks;
    }
    let views: Vec<_> = looks
        .iter()
        .map(|look| (look.placement, look.evidence(REGISTRATION_SIDE)))
        .collect();
    let found = register::register(&views);
    let mut looks: Vec<Look> = looks
        .into_iter()
        .zip(found)
        .filter_map(|(look, placement)| {
            Some(Look {
                placement: placement?,
                ..look
            })
        })
        .collect();
    if looks.len() > 1 {
        looks[0].shape.guess.up = looks[0].placement.rotation.inverse() * Vec3::Y;
    }
    looks
}

/// The surface that several registered views agree on, in the front camera's frame.
///
/// # Errors
/// [`EngineError::Shape`] if nothing is left.
pub(crate) fn surface(
    looks: &[Look],
    fields: &[ViewField],
    options: &Options,
) -> Result<Surface, EngineError> {
    let side = options.tier.grid_side();
    let witnesses: Vec<Witness> = looks
        .iter()
        .zip(fields)
        .map(|(look, field)| Witness {
            from: look.found.from,
            evidence: look.evidence(side),
            field,
            placement: look.placement,
        })
        .collect();
    let fused = fuse::fuse(&witnesses, side);
    let mut surface = isosurface(&fused.field);
    for position in &mut surface.positions {
        *position = looks[0]
            .placement
            .inward(fused.origin + *position * fused.cell);
    }
    surface::finish(&surface, side)
}
