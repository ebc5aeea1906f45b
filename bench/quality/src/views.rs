//! What is photographed, from where and in what light: the same for every run with the same seed.

use glam::Vec3;
use image::RgbaImage;
use mesh::Model;
use serde::Serialize;

use crate::camera::{Camera, Light};
use crate::render::{Shading, picture};

/// Everything random in a run comes from here and from the objects' names.
pub const SEED: u64 = 20_260_101;
/// Side of the pictures, in pixels.
const PICTURE_PX: u32 = 512;
/// Azimuths one after the other never come close to each other, however many there are.
const GOLDEN_ANGLE_DEG: f32 = 137.507_76;
/// The other sides of a shot, as the program's options call them, and how far around the object.
const SIDES: [(&str, f32); 3] = [("left", 270.0), ("back", 180.0), ("right", 90.0)];
/// Nobody walks exactly a quarter turn.
const SIDE_ERROR_DEG: f32 = 5.0;

/// One picture to be taken.
#[derive(Clone, Debug, Serialize)]
pub struct Shot {
    /// The object's name.
    pub object: String,
    /// Which of the object's views.
    pub view: u32,
    /// Where the camera stands around the object, in the object's own file.
    pub azimuth_deg: f32,
    /// How far above the horizon.
    pub elevation_deg: f32,
    /// Clockwise turn of the camera about its own axis.
    pub roll_deg: f32,
    /// Field of view, which the object's bounding sphere just fits.
    pub fov_deg: f32,
    #[serde(skip)]
    light: Light,
}

impl Shot {
    /// Number `view` of the object of that name.
    pub fn of(object: &str, view: u32) -> Self {
        let mut random = fastrand::Rng::with_seed(seed(object));
        let first_deg = 360.0 * random.f32();
        let mut random = fastrand::Rng::with_seed(random.u64(..) ^ u64::from(view));
        let mut between = |low: f32, high: f32| low + (high - low) * random.f32();
        Self {
            object: object.to_owned(),
            view,
            azimuth_deg: (first_deg + view as f32 * GOLDEN_ANGLE_DEG).rem_euclid(360.0),
            elevation_deg: between(5.0, 45.0),
            roll_deg: between(-1.0, 1.0),
            fov_deg: between(25.0, 40.0),
            light: light(&mut between),
        }
    }

    /// Pictures of the same object from its other sides, from the same height with the same lens,
    /// but each with its own light, roll and error of the azimuth.
    pub fn sides(&self) -> [(&'static str, Self); 3] {
        SIDES.map(|(side, around_deg)| {
            let own = seed(side) ^ seed(&self.name());
            let mut random = fastrand::Rng::with_seed(own);
            let mut between = |low: f32, high: f32| low + (high - low) * random.f32();
            let error_deg = between(-SIDE_ERROR_DEG, SIDE_ERROR_DEG);
            let shot = Self {
                azimuth_deg: (self.azimuth_deg + around_deg + error_deg).rem_euclid(360.0),
                roll_deg: between(-1.0, 1.0),
                light: light(&mut between),
                ..self.clone()
            };
            (side, shot)
        })
    }

    /// A name for its files.
    pub fn name(&self) -> String {
        format!("{}-{}", self.object, self.view)
    }

    /// The camera, in the world of a model made from the picture: it stands in front, at +Z.
    pub fn camera(&self, radius: f32) -> Camera {
        Camera::around(radius, 0.0, self.elevation_deg, self.roll_deg, self.fov_deg)
    }

    /// Takes the picture. `truth` is the object turned so that the camera stands in front.
    pub fn take(&self, truth: &Model) -> RgbaImage {
        let camera = self.camera(crate::object::radius(truth));
        picture(truth, &camera, &self.light, Shading::Textured, PICTURE_PX)
    }
}

/// A lamp from a random side in front.
fn light(between: &mut impl FnMut(f32, f32) -> f32) -> Light {
    let direction = Vec3::new(between(-1.0, 1.0), between(0.1, 1.0), between(0.3, 1.0));
    // A lamp that shines straight on gives 0.9 to 1.1: exposed for the object.
    let (lamp, exposure) = (between(0.3, 0.7), between(0.9, 1.1));
    Light {
        direction: direction.normalize(),
        lamp,
        ambient: exposure - lamp,
    }
}

/// The seed of everything about an object: other objects may come and go.
pub fn seed(object: &str) -> u64 {
    // FNV-1a, so that it never changes with the compiler.
    let offset = SEED ^ 0xcbf2_9ce4_8422_2325;
    object.bytes().fold(offset, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
