//! One object from several sides, with a network that sees every front truly and guesses every
//! back wrongly: what the other pictures are good for.

use std::ops::ControlFlow;
use std::sync::Arc;

use engine::{
    Engine, EngineError, Event, Guess, MARGIN, Notice, Options, ShapeModel, Tell, Viewpoint, Views,
};
use glam::{Vec2, Vec3};
use imaging::{Frame, Picture, Plane};
use mesh::Model;
use mesh::raster::{Clip, rasterize};

/// Nearly parallel rays, so that a cut away from the middle of the picture changes nothing.
const HALF_FOV_TAN: f32 = 0.02;
const ELEVATION_DEG: f32 = 12.0;
/// What the network believes of everything: as thick as this many half window widths.
const THICKNESS: f32 = 0.5;

/// A camera, and the colour its picture is filled with, by which the network knows it again.
#[derive(Clone, Copy)]
struct Shot {
    azimuth_deg: f32,
    /// Pixels per unit of length.
    zoom: f32,
    colour: [u8; 3],
    object: fn(Vec3) -> bool,
}

/// A long low block with a tower on its left end and a wing that sticks out behind on the right:
/// different from every side.
fn building(p: Vec3) -> bool {
    let within = |low: Vec3, high: Vec3| p.cmpge(low).all() && p.cmple(high).all();
    within(Vec3::new(-0.8, -0.5, -0.25), Vec3::new(0.8, 0.0, 0.25))
        || within(Vec3::new(-0.8, -0.5, -0.25), Vec3::new(-0.4, 0.6, 0.25))
        || within(Vec3::new(0.4, -0.5, -1.0), Vec3::new(0.8, 0.0, 0.25))
}

/// Nothing like it.
fn plank(p: Vec3) -> bool {
    p.x.abs() < 0.1 && p.y.abs() < 0.06 && p.z.abs() < 1.0
}

impl Shot {
    const FRONT: Self = Self::at(0.0, [200, 40, 40]);
    const LEFT: Self = Self::at(270.0, [40, 200, 40]);
    const BACK: Self = Self::at(180.0, [40, 40, 200]);
    const RIGHT: Self = Self::at(90.0, [200, 200, 40]);

    const fn at(azimuth_deg: f32, colour: [u8; 3]) -> Self {
        Self {
            azimuth_deg,
            zoom: 50.0,
            colour,
            object: building,
        }
    }

    fn off(self, azimuth_deg: f32, zoom: f32) -> Self {
        Self {
            azimuth_deg: self.azimuth_deg + azimuth_deg,
            zoom: self.zoom * zoom,
            ..self
        }
    }

    /// Depth of the first surface behind a point of the picture plane, away from the camera.
    fn depth(&self, at: Vec2) -> Option<f32> {
        const STEP: f32 = 0.02;
        let (azimuth, elevation) = (self.azimuth_deg.to_radians(), ELEVATION_DEG.to_radians());
        let right = Vec3::new(azimuth.cos(), 0.0, -azimuth.sin());
        let back = Vec3::new(
            azimuth.sin() * elevation.cos(),
            elevation.sin(),
            azimuth.cos() * elevation.cos(),
        );
        let start = right * at.x + back.cross(right) * at.y;
        let depths = (-90..90).map(|i| i as f32 * STEP);
        depths
            .into_iter()
            .find(|&depth| (self.object)(start - back * depth))
    }

    fn take(&self) -> Picture {
        const SIDE: u32 = 192;
        let half = SIDE as f32 / 2.0;
        let pixels = (0..SIDE * SIDE).flat_map(|i| {
            let (x, y) = ((i % SIDE) as f32 + 0.5, (i / SIDE) as f32 + 0.5);
            let hit = self.depth(Vec2::new(x - half, half - y) / self.zoom);
            let [r, g, b] = self.colour;
            [r, g, b, if hit.is_some() { 255 } else { 0 }]
        });
        Picture::new(SIDE, SIDE, pixels.collect())
    }

    /// Middle and half side of the square that the engine cuts around the object.
    fn cut(&self) -> (Vec2, f32) {
        let at = |i: i32| i as f32 * 0.02;
        let seen = (-80..80)
            .flat_map(|y| (-80..80).map(move |x| Vec2::new(at(x), at(y))))
            .filter(|&at| self.depth(at).is_some());
        let (low, high) = seen.fold((Vec2::INFINITY, Vec2::NEG_INFINITY), |(low, high), p| {
            (low.min(p), high.max(p))
        });
        (
            0.5 * (low + high),
            0.5 * MARGIN * (high - low).max_element(),
        )
    }
}

struct Network(Vec<Shot>);

impl ShapeModel for Network {
    fn name(&self) -> &'static str {
        "true fronts"
    }

    fn input_side(&self) -> usize {
        64
    }

    fn guess(&self, frame: &Frame, _seed: u64, _: &mut Tell<'_>) -> Result<Guess, EngineError> {
        let side = frame.alpha.width;
        let solid = frame.alpha.data.iter().position(|a| a[0] > 0.99).unwrap();
        let colour = frame.colour.data[solid].map(|c| (c * 255.0).round() as i32);
        let shot = self.0.iter().find(|shot| {
            let pairs = shot.colour.iter().zip(colour);
            pairs
                .into_iter()
                .all(|(&a, b)| (i32::from(a) - b).abs() < 9)
        });
        let shot = shot.expect("a picture of one of the shots");
        let (middle, half) = shot.cut();
        let at = |i: usize| (i as f32 + 0.5) / side as f32 * 2.0 - 1.0;
        let front = Plane::from_fn(side, side, |x, y| {
            let depth = shot.depth(middle + half * Vec2::new(at(x), -at(y)));
            [depth.unwrap_or(0.0) / half]
        });
        let (sin, cos) = ELEVATION_DEG.to_radians().sin_cos();
        Ok(Guess {
            mirror: None,
            back: front.map(|depth| [depth[0] + THICKNESS]),
            front,
            back_colour: None,
            volume: None,
            up: Vec3::new(0.0, cos, sin),
            half_fov_tan: HALF_FOV_TAN,
        })
    }
}

/// The model made from these shots (front, left, back, right), and what was remarked.
fn model(shots: [Option<Shot>; 4]) -> (Model, Vec<Notice>) {
    let pictures = shots.map(|shot| shot.map(|shot| shot.take()));
    let [front, left, back, right] = pictures.each_ref().map(Option::as_ref);
    let views = Views {
        front: front.unwrap(),
        left,
        back,
        right,
    };
    let mut notices = Vec::new();
    let network = Network(shots.into_iter().flatten().collect());
    let made = Engine::with_shape_model(Arc::new(network), None)
        .generate(views, &Options::default(), &mut |event| {
            if let Event::Notice(notice) = event {
                notices.push(notice);
            }
            ControlFlow::Continue(())
        })
        .unwrap();
    (made.model, notices)
}

/// Overlap of the model with the building, both one metre long: 1 is perfect.
fn overlap(model: &Model) -> f32 {
    const SIDE: u32 = 80;
    let cell = 1.1 / SIDE as f32;
    // The building as the engine places models: centred, standing on the ground, longest side 1.
    let (low, high) = (Vec3::new(-0.8, -0.5, -1.0), Vec3::new(0.8, 0.6, 0.25));
    let foot = Vec3::new(0.5 * (low.x + high.x), low.y, 0.5 * (low.z + high.z));
    let truth = |p: Vec3| building(p * (high - low).max_element() + foot);
    let clip = Clip {
        x: 0..SIDE,
        y: 0..SIDE,
    };
    let mut crossings = vec![Vec::new(); (SIDE * SIDE) as usize];
    for triangle in &model.triangles {
        let corners = triangle.map(|v| model.positions[v as usize]);
        let depths = Vec3::from(corners.map(|p| p.z));
        let flat = corners.map(|p| Vec2::new(p.x + 0.55, p.y + 0.05) / cell);
        rasterize(flat, &clip, |x, y, weights| {
            crossings[(y * SIDE + x) as usize].push(weights.dot(depths));
        });
    }
    let (mut both, mut either) = (0, 0);
    for (i, crossings) in (0..).zip(&crossings) {
        for z in 0..SIDE {
            let middle = |i: u32| (i as f32 + 0.5) * cell;
            let p = Vec3::new(
                middle(i % SIDE) - 0.55,
                middle(i / SIDE) - 0.05,
                middle(z) - 0.55,
            );
            let ours = crossings.iter().filter(|&&at| at < p.z).count() % 2 == 1;
            both += i32::from(ours && truth(p));
            either += i32::from(ours || truth(p));
        }
    }
    both as f32 / either as f32
}

fn is_left_out(notice: &Notice) -> bool {
    matches!(notice, Notice::LeftOut(_))
}

#[test]
fn four_sides_are_better_than_two_and_two_than_one() {
    let (front, right) = (Some(Shot::FRONT), Some(Shot::RIGHT));
    let (left, back) = (Some(Shot::LEFT), Some(Shot::BACK));
    let (one, _) = model([front, None, None, None]);
    let (two, _) = model([front, None, None, right]);
    let (four, notices) = model([front, left, back, right]);
    let (one, two, four) = (overlap(&one), overlap(&two), overlap(&four));
    assert!(
        two > one + 0.05 && four > two + 0.05 && four > 0.7,
        "{one} {two} {four}"
    );
    assert!(!notices.iter().any(is_left_out), "{notices:?}");
}

#[test]
fn the_pictures_need_not_be_exact() {
    let (front, right) = (Some(Shot::FRONT), Some(Shot::RIGHT.off(-8.0, 1.1)));
    let left = Some(Shot::LEFT.off(8.0, 0.9));
    let back = Some(Shot::BACK.off(-6.0, 1.1));
    let (made, notices) = model([front, left, back, right]);
    let overlap = overlap(&made);
    assert!(overlap > 0.65, "{overlap}");
    assert!(!notices.iter().any(is_left_out), "{notices:?}");
}

#[test]
fn a_picture_of_something_else_is_left_out() {
    let (front, right) = (Some(Shot::FRONT), Some(Shot::RIGHT));
    let plank = Shot {
        object: plank,
        ..Shot::LEFT
    };
    let (with, notices) = model([front, Some(plank), Some(Shot::BACK), right]);
    let left_out: Vec<&Notice> = notices.iter().filter(|n| is_left_out(n)).collect();
    assert_eq!(left_out, [&Notice::LeftOut(Viewpoint::Left)]);
    let (without, _) = model([front, None, Some(Shot::BACK), right]);
    assert_eq!(with.positions, without.positions);
}

#[test]
fn every_side_shows_its_own_picture() {
    let (front, right) = (Some(Shot::FRONT), Some(Shot::RIGHT));
    let (left, back) = (Some(Shot::LEFT), Some(Shot::BACK));
    let (made, _) = model([front, left, back, right]);
    let texture = made.material.base_colour.as_ref().unwrap();
    for (shot, out) in [
        (Shot::FRONT, Vec3::Z),
        (Shot::LEFT, Vec3::NEG_X),
        (Shot::BACK, Vec3::NEG_Z),
        (Shot::RIGHT, Vec3::X),
    ] {
        let facing = (0..made.positions.len()).filter(|&i| made.normals[i].dot(out) > 0.95);
        let (mut right_colour, mut total) = (0, 0);
        for i in facing {
            let texel = (made.uvs[i] * texture.width as f32).floor().as_uvec2();
            let start = ((texel.y * texture.width + texel.x) * 3) as usize;
            let shown = &texture.rgb[start..start + 3];
            let near = |(a, b): (&u8, &u8)| a.abs_diff(*b) < 40;
            right_colour += usize::from(shown.iter().zip(&shot.colour).all(near));
            total += 1;
        }
        assert!(
            total > 100 && right_colour * 10 > total * 8,
            "{out}: {right_colour} of {total}"
        );
    }
}

#[test]
fn a_picture_without_an_object_is_named() {
    let front = Shot::FRONT.take();
    let empty = Picture::new(64, 64, [90, 90, 90, 0].repeat(64 * 64));
    let views = Views {
        back: Some(&empty),
        ..Views::from(&front)
    };
    let network = Network(vec![Shot::FRONT]);
    let failed = Engine::with_shape_model(Arc::new(network), None)
        .generate(views, &Options::default(), &mut |_| {
            ControlFlow::Continue(())
        })
        .err()
        .unwrap();
    assert!(
        failed
            .to_string()
            .starts_with("the back picture: the picture is transparent"),
        "{failed}"
    );
}
