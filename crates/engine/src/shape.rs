//! From the framed object to a closed surface: the network's guess, or where it is of no use the
//! outline blown up like a balloon.

use std::ops::ControlFlow;

use imaging::{Frame, Plane};
use mesh::Surface;

use crate::field::{self, ViewField};
use crate::model::{Guess, ShapeModel, Tell};
use crate::networks::Inflate;
use crate::symmetry::{Mirror, Sight};
use crate::view::View;
use crate::{EngineError, Options, Symmetry, surface};

/// A guess and the outline that it was made from.
pub struct Shape {
    pub guess: Guess,
    seen: Plane<1>,
    /// Whether it is the outline only, for want of a better guess.
    pub inflated: bool,
}

impl Shape {
    /// What `shaper` makes of the object; its outline inflated if that is nothing sound. `cut` cuts
    /// the object out at a size.
    ///
    /// # Errors
    /// Whatever is not about the shape.
    pub fn guess(
        shaper: &dyn ShapeModel,
        cut: impl Fn(usize) -> Frame,
        seed: u64,
        tell: &mut Tell<'_>,
    ) -> Result<Self, EngineError> {
        let (frame, _) = cut(shaper.input_side()).with_inside();
        let guess = shaper.guess(&frame, seed, tell);
        match guess.and_then(|guess| guess.checked()) {
            Ok(guess) => Ok(Self {
                guess,
                seen: frame.alpha,
                inflated: false,
            }),
            Err(EngineError::Shape(_)) => Self::inflated(cut),
            Err(error) => Err(error),
        }
    }

    fn inflated(cut: impl Fn(usize) -> Frame) -> Result<Self, EngineError> {
        let (frame, _) = cut(Inflate.input_side()).with_inside();
        Ok(Self {
            guess: Inflate.guess(&frame, 0, &mut |_| ControlFlow::Continue(()))?,
            seen: frame.alpha,
            inflated: true,
        })
    }

    /// The closed surface within `outline`, as fine as it gets; becomes the inflated outline if the
    /// guess has none.
    ///
    /// # Errors
    /// [`EngineError::Shape`] if even that has none.
    pub fn surface(
        &mut self,
        outline: &Plane<1>,
        options: &Options,
        cut: impl Fn(usize) -> Frame,
    ) -> Result<Surface, EngineError> {
        match self.build(outline, options) {
            Err(EngineError::Shape(_)) if !self.inflated => {
                *self = Self::inflated(cut)?;
                self.build(outline, options)
            }
            built => built,
        }
    }

    fn build(&self, outline: &Plane<1>, options: &Options) -> Result<Surface, EngineError> {
        let field = self.field(outline);
        let as_seen = surface::build(&field, self.view())?;
        if options.symmetry == Symmetry::None {
            return Ok(as_seen.apart());
        }
        let side = outline.width;
        let front = field::solid_front(&self.guess, &self.seen).resized_smoothly(side, side);
        let sight = Sight {
            view: self.view(),
            front: &front,
            outline,
        };
        let Guess { mirror, up, .. } = self.guess;
        let Some(mirror) = Mirror::wanted(options, mirror, &as_seen.surface, up, &sight) else {
            return Ok(as_seen.apart());
        };
        let mirrored = surface::build(&mirror.applied(&field, &sight), self.view())?;
        Ok(mirrored.apart())
    }

    /// The field of this view alone, on a grid as wide as `outline`.
    pub fn field(&self, outline: &Plane<1>) -> ViewField {
        field::fuse(&self.guess, &self.seen, outline)
    }

    /// The camera it was guessed for.
    pub fn view(&self) -> View {
        View {
            half_fov_tan: self.guess.half_fov_tan,
        }
    }
}
