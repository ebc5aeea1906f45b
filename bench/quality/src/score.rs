//! One model against the truth.

use glam::Vec3;
use image::RgbaImage;
use mesh::Model;
use serde::Serialize;

use crate::camera::{Camera, Light};
use crate::cloud::{Closeness, Cloud};
use crate::render::{Shading, normals, picture};
use crate::solid::Solid;
use crate::views::{Shot, seed};
use crate::{align, object, pictures};

/// Points on each surface.
const POINTS: usize = 10_000;
/// Side of the pictures that are compared, in pixels.
const SIZE: u32 = 256;
/// The sides nobody photographed.
const SIDES_DEG: [f32; 3] = [90.0, 180.0, 270.0];

/// The true object, prepared for comparisons, as the camera of one shot met it.
pub struct Truth {
    cloud: Cloud,
    solid: Solid,
    camera: Camera,
    normals: Vec<Option<Vec3>>,
    radius: f32,
    sides: [RgbaImage; 3],
    /// What needs no model of the back.
    pub back: Back,
    seed: u64,
}

/// Pictures that could be taken for that of the back, from 180°, and how near they come, in decibels.
/// Both have its true outline, which no model has.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Back {
    /// The front, flipped left to right: a perfect front and no idea of the back.
    pub mirrored_psnr_db: f64,
    /// The back itself with every pixel in its mean colour: the most that can be known of a back
    /// without knowing what is printed on it, or how light falls on it.
    pub plain_psnr_db: f64,
}

/// What is said about one model. Lengths are shares of the truth's longest side.
#[derive(Clone, Debug, Serialize)]
pub struct Score {
    /// The program made no model; everything below is the worst there is.
    pub missing: bool,
    /// As it came, centred and scaled to the same longest side.
    pub unaligned: Fit,
    /// After the best small motion, which everything below shares.
    pub aligned: Fit,
    /// Degrees of that motion.
    pub turn_deg: f32,
    /// Mean angle between the normals the true camera sees, where it sees both, in degrees.
    pub normal_error_deg: f64,
    /// Peak signal-to-noise ratio from 90°, 180° and 270°.
    pub psnr_db: [f64; 3],
    /// From the same sides; 0 is alike.
    pub gradient_dissimilarity: [f64; 3],
}

/// How well two shapes fit in one position.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Fit {
    /// Surface to surface.
    #[serde(flatten)]
    pub surface: Closeness,
    /// Intersection over union of the solids.
    pub iou: f64,
}

/// From the side, as the comparisons look at everything.
fn side(model: &Model, radius: f32, azimuth_deg: f32) -> RgbaImage {
    let camera = Camera::around(radius, azimuth_deg, 15.0, 0.0, 28.0);
    picture(model, &camera, &Light::EVEN, Shading::Textured, SIZE)
}

impl Truth {
    /// `truth` is normalised and turned so that the shot's camera stands in front.
    pub fn of(shot: &Shot, truth: &Model) -> Self {
        // A little more room than the truth needs, for models that are larger.
        let radius = 1.05 * object::radius(truth);
        let camera = shot.camera(radius);
        let sides = SIDES_DEG.map(|azimuth_deg| side(truth, radius, azimuth_deg));
        let mirrored = image::imageops::flip_horizontal(&side(truth, radius, 0.0));
        let seed = seed(&shot.object);
        Self {
            cloud: Cloud::sample(truth, POINTS, seed),
            solid: Solid::of(truth),
            normals: normals(truth, &camera, SIZE),
            back: Back {
                mirrored_psnr_db: pictures::psnr(&mirrored, &sides[1]),
                plain_psnr_db: pictures::psnr(&pictures::plain(&sides[1]), &sides[1]),
            },
            camera,
            radius,
            sides,
            seed,
        }
    }

    /// Judges a model; one without triangles is a missing one.
    pub fn score(&self, model: &Model) -> Score {
        let model = object::normalised(model, 0.0);
        let cloud = Cloud::sample(&model, POINTS, self.seed + 1);
        let (by, surface) = align::best(&cloud, &self.cloud);
        let moved = by.model(&model);
        let sides = SIDES_DEG.map(|azimuth_deg| side(&moved, self.radius, azimuth_deg));
        let compare = |how: fn(&RgbaImage, &RgbaImage) -> f64| {
            [0, 1, 2].map(|i| how(&sides[i], &self.sides[i]))
        };
        let iou = |model: &Model| Solid::of(model).iou(&self.solid);
        Score {
            missing: model.triangles.is_empty(),
            unaligned: Fit {
                surface: Closeness::between(&cloud, &self.cloud),
                iou: iou(&model),
            },
            aligned: Fit {
                surface,
                iou: iou(&moved),
            },
            turn_deg: by.turn_deg(),
            normal_error_deg: self.normal_error_deg(&moved),
            psnr_db: compare(pictures::psnr),
            gradient_dissimilarity: compare(pictures::gradient_dissimilarity),
        }
    }

    fn normal_error_deg(&self, model: &Model) -> f64 {
        let angles: Vec<f64> = normals(model, &self.camera, SIZE)
            .iter()
            .zip(&self.normals)
            .filter_map(|(model, truth)| Some(f64::from((*model)?.angle_between((*truth)?))))
            .collect();
        if angles.is_empty() {
            return 90.0;
        }
        (angles.iter().sum::<f64>() / angles.len() as f64).to_degrees()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ellipsoid::ellipsoid;

    #[test]
    fn the_truth_itself_gets_full_marks() {
        let shot = Shot::of("egg", 0);
        let egg = object::normalised(&ellipsoid(Vec3::new(0.5, 0.3, 0.2)), 30.0);
        let score = Truth::of(&shot, &egg).score(&egg);
        assert!(
            score.aligned.surface.f02 > 0.99 && score.aligned.iou > 0.97,
            "{score:?}"
        );
        assert!(score.normal_error_deg < 2.0, "{score:?}");
        assert!(score.psnr_db.iter().all(|&db| db > 30.0), "{score:?}");
    }

    #[test]
    fn a_missing_model_gets_none() {
        let shot = Shot::of("egg", 0);
        let egg = ellipsoid(Vec3::splat(0.5));
        let nothing = Model {
            triangles: Vec::new(),
            ..egg.clone()
        };
        let score = Truth::of(&shot, &egg).score(&nothing);
        assert!(score.missing && score.aligned.iou < 1e-9);
        assert!((score.normal_error_deg - 90.0).abs() < 1e-9);
    }
}
