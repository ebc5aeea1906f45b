//! The small boundary over a runtime: what a shape network takes and gives.

use glam::Vec3;
use imaging::{Frame, Plane};

use crate::EngineError;

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
    /// Upwards in the camera's frame (x right, y up, z towards the viewer), unit length.
    pub up: Vec3,
    /// Tangent of half the field of view.
    pub half_fov_tan: f32,
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
}

impl Volume {
    /// Distance between neighbouring samples along a ray.
    pub fn step(&self) -> f32 {
        (self.range[1] - self.range[0]) / self.depths as f32
    }
}

/// Anything that can guess a shape from one picture. Tests bring a tiny one.
pub trait ShapeModel: Send + Sync {
    /// Lower-case name, as in `--engine`.
    fn name(&self) -> &'static str;

    /// Side in pixels of the square cut it wants to see.
    fn input_side(&self) -> usize;

    /// Looks at a cut of [`ShapeModel::input_side`] pixels with a margin of
    /// [`MARGIN`](crate::MARGIN) around the object. The same cut and seed give the same guess.
    ///
    /// # Errors
    /// [`EngineError::Shape`] if the network can't be loaded or run.
    fn guess(&self, frame: &Frame, seed: u64) -> Result<Guess, EngineError>;
}
