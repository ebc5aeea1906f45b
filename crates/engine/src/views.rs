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
use mesh::raster::{Clip, rasterize};

use crate::field::ViewField;
use crate::shape::Shape;
use crate::{EngineError, MARGIN, Options, surface};

use evidence::Evidence;
use fuse::{Emptiness, Witness};
pub(crate) use placement::Placement;

/// Pixels per side of the evidence that registration looks at.
const REGISTRATION_SIDE: usize = 128;

/// Views whose outlines the surface covers less well than this (intersection over union) are not of
/// the same thing, or the surface isn't.
const LEAST_FIT: f32 = 0.8;

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
    /// The same as the viewpoint's name and the view's own idea of up have it.
    nominal: Placement,
}

impl<'a> Look<'a> {
    pub(crate) fn new(found: Found<'a>, shape: Shape) -> Self {
        let nominal = Placement::nominal(shape.guess.up, found.from.azimuth_deg());
        Self {
            found,
            shape,
            placement: nominal,
            nominal,
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

/// The surface that the views agree on, in the front camera's frame, and the views it was made from.
/// Views that contradict the others, or that show something else than the surface made with them, are
/// left out. The front stays; alone it makes no surface here.
///
/// # Errors
/// [`EngineError::Shape`] if nothing is left.
pub(crate) fn agree<'a>(
    mut looks: Vec<Look<'a>>,
    options: &Options,
) -> Result<(Vec<Look<'a>>, Option<Surface>), EngineError> {
    loop {
        looks = registered(looks);
        if looks.len() < 2 {
            return Ok((looks, None));
        }
        let mut worst = None;
        for emptiness in [Emptiness::Believed, Emptiness::Doubted] {
            let surface = fused(&looks, emptiness, options)?;
            worst = misfit(&looks, &surface);
            if worst.is_none() {
                return Ok((looks, Some(surface)));
            }
        }
        worst.map(|worst| looks.remove(worst));
    }
}

/// Finds how the views stand to each other and leaves out those that don't fit; the front always
/// stays. What the views agree on corrects the front's own idea of what is up.
fn registered(looks: Vec<Look>) -> Vec<Look> {
    if looks.len() < 2 {
        return looks;
    }
    let views: Vec<_> = looks
        .iter()
        .map(|look| (look.nominal, look.evidence(REGISTRATION_SIDE)))
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

/// What the registered views vote for.
fn fused(looks: &[Look], emptiness: Emptiness, options: &Options) -> Result<Surface, EngineError> {
    let side = options.tier.grid_side();
    let fields: Vec<ViewField> = looks
        .iter()
        .map(|look| {
            let outline = look.found.cut(side).with_inside().0;
            look.shape.field(&outline.alpha)
        })
        .collect();
    let witnesses: Vec<Witness> = looks
        .iter()
        .zip(&fields)
        .map(|(look, field)| Witness {
            from: look.found.from,
            evidence: look.evidence(side),
            field,
            knows_hollows: look.shape.guess.volume.is_some(),
            placement: look.placement,
        })
        .collect();
    let fused = fuse::fuse(&witnesses, emptiness, side);
    let mut surface = isosurface(&fused.field);
    for position in &mut surface.positions {
        *position = looks[0]
            .placement
            .inward(fused.origin + *position * fused.cell);
    }
    Ok(surface::finish(&surface, side)?.apart())
}

/// The view, not the front, to leave out if the surface is not what the pictures show: the one whose
/// outline it fits worst.
fn misfit(looks: &[Look], surface: &Surface) -> Option<usize> {
    let fits: Vec<f32> = (looks.iter())
        .map(|look| look.fit(surface, looks[0].placement))
        .collect();
    let (worst, fit) = (fits.iter().enumerate().skip(1)).min_by(|a, b| a.1.total_cmp(b.1))?;
    (fits[0] < LEAST_FIT || *fit < LEAST_FIT).then_some(worst)
}

impl Look<'_> {
    /// How well the outline of a surface in the front camera's frame covers this picture's:
    /// intersection over union.
    fn fit(&self, surface: &Surface, front: Placement) -> f32 {
        let side = REGISTRATION_SIDE as u32;
        let place = self.placement.seen_by(&front);
        let view = self.shape.view();
        let pixels: Vec<_> = (surface.positions.iter())
            .map(|&p| view.project(place.inward(p)) * side as f32)
            .collect();
        let clip = Clip {
            x: 0..side,
            y: 0..side,
        };
        let mut covered = vec![false; REGISTRATION_SIDE * REGISTRATION_SIDE];
        for triangle in &surface.triangles {
            rasterize(triangle.map(|v| pixels[v as usize]), &clip, |x, y, _| {
                covered[(y * side + x) as usize] = true;
            });
        }
        let alpha = self.found.cut(REGISTRATION_SIDE).alpha;
        let (mut both, mut either) = (0_u32, 0_u32);
        for (&covered, alpha) in covered.iter().zip(&alpha.data) {
            let there = alpha[0] >= 0.5;
            both += u32::from(covered && there);
            either += u32::from(covered || there);
        }
        both as f32 / either.max(1) as f32
    }
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use imaging::Matte;
    use mesh::isosurface::Field;

    use super::*;
    use crate::networks::Inflate;

    /// What the picture shows, blown up.
    fn look(picture: &Picture, from: Viewpoint) -> Look<'_> {
        let matte = Matte {
            width: picture.width,
            height: picture.height,
            alpha: picture.rgba.chunks_exact(4).map(|p| p[3]).collect(),
        };
        let framing = Framing::find(&matte).unwrap();
        let found = Found {
            from,
            picture,
            framing,
        };
        let shape = Shape::guess(&Inflate, |side| found.cut(side), 0, &mut |_| {
            ControlFlow::Continue(())
        })
        .unwrap();
        Look::new(found, shape)
    }

    fn ball(radius: f32) -> Surface {
        let n = 32;
        let at = |i: usize| (i as f32 + 0.5) / n as f32 * 2.4 - 1.2;
        let values = (0..n * n * n)
            .map(|i| radius - Vec3::new(at(i % n), at(i / n % n), at(i / n / n)).length())
            .collect();
        let mut surface = isosurface(&Field {
            size: [n, n, n],
            values,
        });
        for p in &mut surface.positions {
            *p = (*p + 0.5) / n as f32 * 2.4 - 1.2;
        }
        surface
    }

    #[test]
    fn a_surface_that_is_not_what_a_picture_shows_costs_that_picture() {
        let side = 64;
        let picture = |width: f32, height: f32| {
            let inside = |i: u32| {
                let (x, y) = ((i % side) as f32 - 31.5, (i / side) as f32 - 31.5);
                (x / width).powi(2) + (y / height).powi(2) < 1.0
            };
            let rgba = (0..side * side).flat_map(|i| [90, 90, 90, 255 * u8::from(inside(i))]);
            Picture::new(side, side, rgba.collect())
        };
        let (round, flat) = (picture(25.0, 25.0), picture(25.0, 12.0));
        let (front, back) = (
            look(&round, Viewpoint::Front),
            look(&round, Viewpoint::Back),
        );
        let left = look(&flat, Viewpoint::Left);
        let ball = ball(1.0 / MARGIN);
        assert!(front.fit(&ball, front.placement) > 0.93);
        assert!(left.fit(&ball, front.placement) < 0.6);
        assert_eq!(misfit(&[front, left, back], &ball), Some(1));
        let both = [
            look(&round, Viewpoint::Front),
            look(&round, Viewpoint::Back),
        ];
        assert_eq!(misfit(&both, &ball), None);
    }
}
