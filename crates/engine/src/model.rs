//! The small boundary over a runtime: what a shape network takes and gives.

use std::ops::ControlFlow;

use glam::Vec3;
use imaging::{Frame, Plane};

use crate::EngineError;
use crate::symmetry::Mirror;

/// A guess at the shape, in the camera's own frame.
///
/// The picture is a window at depth 0 that reaches from −1 to 1 both ways; `t` counts away from
/// the viewer along each ray, in half window widths. A point on the ray through (u, v) at depth
/// `t` lies at `(u·s, v·s, −t)` with `s = 1 + t·half_fov_tan`, v upwards.
pub struct Guess {
    /// Depth `t` of the first surface along each ray. Any size; meaningful inside the silhouette.
    pub front: Plane<1>,
    /// Depth `t` of the last surface along each ray. Any size.
    pub back: Plane<1>,
    /// Colour of the last surface along each ray, sRGB 0–1, if the network knows.
    pub back_colour: Option<Plane<3>>,
    /// What lies between front and back, if the network knows.
    pub volume: Option<Volume>,
    /// The plane that mirrors the object, if the network has an idea.
    pub mirror: Option<Mirror>,
    /// Upwards in the camera's frame (x right, y up, z towards the viewer), unit length.
    pub up: Vec3,
    /// Tangent of half the field of view.
    pub half_fov_tan: f32,
}

/// Least width of the cone of view at its near end, relative to depth 0: the camera has to stay in
/// front of the object.
const NARROWEST: f32 = 0.05;

impl Guess {
    /// The guess, if every number in it is one and nothing is missing.
    ///
    /// # Errors
    /// [`EngineError::Shape`] says what is wrong.
    pub(crate) fn checked(self) -> Result<Self, EngineError> {
        let layers = is_sound(&self.front)
            && is_sound(&self.back)
            && self.back_colour.as_ref().is_none_or(is_sound);
        let camera = self.up.is_normalized() && self.half_fov_tan > 0.0 && self.half_fov_tan < 10.0;
        let volume = (self.volume.as_ref()).is_none_or(|volume| volume.is_sound(self.half_fov_tan));
        if layers && camera && volume {
            Ok(self)
        } else {
            Err(EngineError::Shape(
                "the network gave values that are not numbers, or too few".into(),
            ))
        }
    }
}

fn is_sound<const C: usize>(plane: &Plane<C>) -> bool {
    let pixels = plane.width * plane.height;
    pixels > 0
        && plane.data.len() == pixels
        && plane.data.iter().flatten().all(|value| value.is_finite())
}

/// Samples along each ray of a square grid of rays.
pub struct Volume {
    /// Rays per side.
    pub side: usize,
    /// Samples along each ray.
    pub depths: usize,
    /// Depth `t` of the near end of the first sample and the far end of the last.
    pub range: [f32; 2],
    /// `depths × side × side` logits, x fastest, rows top to bottom: positive inside the object.
    pub logits: Vec<f32>,
    /// Whether the surface can be taken from it as it is. A guess that is a mean over what might be
    /// there is blurred across the ray and gains by the two depth layers; a field that was made by
    /// one consistent shape would only lose its hollows to them.
    pub exact: bool,
}

impl Volume {
    /// Distance between neighbouring samples along a ray.
    pub fn step(&self) -> f32 {
        (self.range[1] - self.range[0]) / self.depths as f32
    }

    fn is_sound(&self, half_fov_tan: f32) -> bool {
        let [near, far] = self.range;
        let samples = self.depths * self.side * self.side;
        samples > 0
            && self.logits.len() == samples
            && self.logits.iter().all(|logit| logit.is_finite())
            && near < far
            && far.is_finite()
            && 1.0 + near * half_fov_tan >= NARROWEST
    }
}

/// Hears how much of a guess is done, 0–1; answering `Break` cancels it.
pub type Tell<'a> = dyn FnMut(f32) -> ControlFlow<()> + 'a;

/// Anything that can guess a shape from one picture. Tests bring a tiny one.
pub trait ShapeModel: Send + Sync {
    /// Lower-case name, as in `--engine`.
    fn name(&self) -> &'static str;

    /// Side in pixels of the square cut it wants to see.
    fn input_side(&self) -> usize;

    /// Whether its weights are there. Where they aren't, a guess is an error that says so.
    fn is_installed(&self) -> bool {
        true
    }

    /// Loads what the first guess would have to wait for. A failure is told by the guess.
    fn prepare(&self) {}

    /// Looks at a cut of [`ShapeModel::input_side`] pixels with a margin of
    /// [`MARGIN`](crate::MARGIN) around the object. The same cut and seed give the same guess.
    /// Whoever takes longer than a second tells how far it is, many times a second.
    ///
    /// # Errors
    /// [`EngineError::Cancelled`]; [`EngineError::Shape`] if the network can't be loaded or run.
    fn guess(&self, frame: &Frame, seed: u64, tell: &mut Tell<'_>) -> Result<Guess, EngineError>;
}
