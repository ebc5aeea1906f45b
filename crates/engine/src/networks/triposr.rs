//! TripoSR (Tochilkin et al. 2024), whose scene is a field of density and colour in its own axes and
//! size. What happens here is to bring that into the camera's frame: `register` finds where the
//! scene has the outline of the picture, `rays` reads it along the camera's rays.

mod lattice;
mod rays;
mod register;

use glam::Vec3;
use imaging::{Frame, Plane};
use triposr::{Error, Model, Precision, Progress, Rgb, Sampling, Scene};

use crate::EngineError;
use crate::model::{Guess, ShapeModel, Tell};
use lattice::{Lattice, Occupied};
use rays::{Layers, Rays};
use register::Placement;

/// Side of the picture that TripoSR looks at; it resizes it if its weights want another.
const PICTURE_SIDE: usize = 512;
/// Side of our cut, in the middle of that picture: the object's longer side then is 0.85 of the
/// picture's, which TripoSR was trained with (0.85 · [`MARGIN`](crate::MARGIN) · 512, an even
/// number).
const CUT_SIDE: usize = 478;
/// What is behind the object, as TripoSR was trained.
const GREY: f32 = 0.5;
/// Points per side of the density lattice, as the reference has it: four per texel of the planes.
const LATTICE_SIDE: usize = 256;
/// Outlines that overlap less than this (intersection over union) aren't of the same thing.
const LEAST_OVERLAP: f32 = 0.5;

/// Shares of the time: the network, the density lattice, finding the camera.
const SHARES: [f32; 3] = [0.86, 0.1, 0.04];

/// TripoSR with its weights; clones and threads share them.
#[derive(Clone)]
pub struct TripoSr {
    model: Model,
    precision: Precision,
}

impl TripoSr {
    /// What [`ShapeModel::input_side`] answers, whatever the weights.
    pub const INPUT_SIDE: usize = CUT_SIDE;

    /// From an opened model.
    pub fn new(model: Model, precision: Precision) -> Self {
        Self { model, precision }
    }
}

impl ShapeModel for TripoSr {
    fn name(&self) -> &'static str {
        "triposr"
    }

    fn input_side(&self) -> usize {
        CUT_SIDE
    }

    fn guess(&self, frame: &Frame, _seed: u64, tell: &mut Tell<'_>) -> Result<Guess, EngineError> {
        let [network, lattice, registration] = SHARES;
        let scene = self
            .model
            .scene(&picture(frame), self.precision, &mut |step: Progress| {
                tell(network * step.fraction)
            })?;
        let grid = scene.density(LATTICE_SIDE, Sampling::CoarseToFine, &mut |step| {
            tell(network + lattice * step.fraction)
        })?;
        let lattice = Lattice::of(grid, scene.radius());
        let occupied = lattice.occupied();
        let found = register::register(&occupied, &frame.alpha, &mut |fraction| {
            tell(1.0 - registration * (1.0 - fraction))
        })?;
        if found.overlap < LEAST_OVERLAP {
            return Err(EngineError::Shape(format!(
                "its scene has another outline than the picture (overlap {:.2})",
                found.overlap
            )));
        }
        seen(&scene, &occupied, &found.placement)
            .ok_or_else(|| EngineError::Shape("its scene is empty where the picture looks".into()))
    }
}

/// The scene as the camera at `placement` sees it; nothing if it sees nothing.
fn seen(scene: &Scene, occupied: &Occupied, placement: &Placement) -> Option<Guess> {
    let rays = Rays::through(occupied, placement)?;
    let Layers { front, back, hit } = rays.layers();
    let back_colour = colours(scene, placement, &back, &hit);
    Some(Guess {
        front: front.extended(&hit),
        back: back.extended(&hit),
        back_colour: Some(back_colour.extended(&hit)),
        mirror: None,
        // TripoSR isn't told how the camera is pitched and takes it to look straight ahead.
        up: Vec3::Y,
        half_fov_tan: placement.half_fov_tan,
        volume: Some(rays.volume),
    })
}

/// The scene's colour at depth `at` of each ray that hits something.
fn colours(scene: &Scene, placement: &Placement, at: &Plane<1>, hit: &Plane<1>) -> Plane<3> {
    let side = at.width;
    let hits: Vec<usize> = (0..side * side).filter(|&i| hit.data[i][0] > 0.0).collect();
    let point = |&i: &usize| placement.point(rays::window(i, side), at.data[i][0]);
    let points: Vec<[f32; 3]> = hits.iter().map(point).collect();
    let mut colours = Plane::filled(side, side, [GREY; 3]);
    for (i, sample) in hits.into_iter().zip(scene.query(&points)) {
        colours.data[i] = sample.colour;
    }
    colours
}

/// The cut in the middle of a grey picture, in whole steps of a byte as the reference cuts them off.
fn picture(frame: &Frame) -> Rgb {
    let mut pixels = vec![[GREY; 3]; PICTURE_SIDE * PICTURE_SIDE];
    let border = (PICTURE_SIDE - CUT_SIDE) / 2;
    for (y, row) in pixels[border * PICTURE_SIDE..]
        .chunks_mut(PICTURE_SIDE)
        .take(CUT_SIDE)
        .enumerate()
    {
        for (x, pixel) in row[border..].iter_mut().take(CUT_SIDE).enumerate() {
            let (colour, [alpha]) = (frame.colour[(x, y)], frame.alpha[(x, y)]);
            *pixel = colour.map(|c| ((c * alpha + GREY * (1.0 - alpha)) * 255.0).floor() / 255.0);
        }
    }
    Rgb {
        width: PICTURE_SIDE,
        height: PICTURE_SIDE,
        pixels,
    }
}

impl From<Error> for EngineError {
    fn from(error: Error) -> Self {
        match error {
            Error::Cancelled => Self::Cancelled,
            // Not about the shape: whoever asked for a device is told, and gets nothing else instead.
            Error::Device(_) | Error::NoGpuSupport | Error::NoCandle | Error::Precision { .. } => {
                Self::Device(error.to_string())
            }
            error => Self::Shape(error.to_string()),
        }
    }
}
