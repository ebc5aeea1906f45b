//! TripoSR in the engine, with weights that make a known scene of any picture: two balls, the small
//! one to the right of the large one, above it and in front of it.

#[path = "../../triposr/tests/made_up/mod.rs"]
mod made_up;

use std::ops::ControlFlow;
use std::sync::Arc;

use engine::{
    Engine, EngineError, Event, Guess, Notice, Options, ShapeModel, Shaper, Stage, Tell, Tier,
    TripoSr, Views,
};
use imaging::{Frame, Picture, Plane};
use made_up::Ball;
use mesh::measure::{Topology, bounds};
use triposr::{Model, Precision};

/// In radii of the scene: x towards the viewer, y to the right, z up.
const LARGE: Ball = Ball {
    middle: [-0.1, -0.1, -0.1],
    radius: 0.4,
};
const SMALL: Ball = Ball {
    middle: [0.3, 0.4, 0.3],
    radius: 0.2,
};
const RADIUS: f32 = 0.87;
/// The reference's camera.
const DISTANCE: f32 = 1.9;
const HALF_FOV_TAN: f32 = 0.363_970_24;

fn model(values: impl FnMut(&str, &[usize]) -> Vec<f32>, yaml: &str) -> Model {
    let folder = tempfile::tempdir().unwrap();
    made_up::write(folder.path(), yaml, Some(made_up::TINY_VIT), values).unwrap();
    // The mapping outlives the file's name.
    Model::open(folder.path()).unwrap()
}

fn two_balls() -> TripoSr {
    let yaml = made_up::odd();
    let config = made_up::config(&yaml, Some(made_up::TINY_VIT));
    let values = made_up::two_balls(&config, [LARGE, SMALL], 7);
    TripoSr::new(model(values, &yaml), Precision::Auto)
}

fn one_ball() -> TripoSr {
    let config = made_up::config(made_up::TINY, Some(made_up::TINY_VIT));
    let values = made_up::ball(&config, 7);
    TripoSr::new(model(values, made_up::TINY), Precision::Auto)
}

fn engine(triposr: TripoSr) -> Engine {
    Engine::new(None).with_triposr(Arc::new(triposr))
}

fn options() -> Options {
    Options {
        shaper: Shaper::TripoSr,
        faces: Some(4000),
        texture_px: Some(128),
        ..Options::default()
    }
}

fn quiet(_: f32) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// Where the ray through (right, up), in tangents, first and last meets one of the balls: x in the
/// scene's units.
fn meets(right: f32, up: f32) -> Option<[f32; 2]> {
    let mut ends: Option<[f32; 2]> = None;
    for Ball { middle, radius } in [LARGE, SMALL] {
        let [x, y, z] = middle.map(|x| x * RADIUS);
        // The ray is at (d − s, s · right, s · up).
        let (a, off) = (1.0 + right * right + up * up, [DISTANCE - x, -y, -z]);
        let b = -off[0] + right * off[1] + up * off[2];
        let c = off.iter().map(|o| o * o).sum::<f32>() - (radius * RADIUS).powi(2);
        let root = b * b - a * c;
        if root < 0.0 {
            continue;
        }
        let [near, far] = [-1.0, 1.0].map(|sign| DISTANCE - (-b + sign * root.sqrt()) / a);
        ends = Some(ends.map_or([near, far], |e| [e[0].max(near), e[1].min(far)]));
    }
    ends
}

/// The two balls as a camera sees them whose picture reaches so far in tangents, a little off the
/// axis.
fn drawn(side: u32, reach: f32, off: [f32; 2]) -> Picture {
    let at = |i: u32| ((i as f32 + 0.5) / side as f32 * 2.0 - 1.0) * reach;
    let rgba = (0..side * side).flat_map(|i| {
        let (right, up) = (at(i % side) + off[0], -at(i / side) + off[1]);
        let inside = meets(right, up).is_some();
        [180, 160, 120, if inside { 255 } else { 0 }]
    });
    Picture::new(side, side, rgba.collect())
}

#[test]
fn depths_and_colours_are_where_the_scene_has_them() {
    let network = two_balls();
    let side = network.input_side();
    // Our cut reaches 0.85 · 1.1 as far as the reference's picture.
    let reach = HALF_FOV_TAN * 0.935;
    let picture = drawn(side as u32, reach, [0.0; 2]);
    let frame = Frame {
        colour: Plane::filled(side, side, [0.7, 0.6, 0.5]),
        alpha: Plane {
            width: side,
            height: side,
            data: picture
                .rgba
                .chunks(4)
                .map(|p| [f32::from(p[3]) / 255.0])
                .collect(),
        },
    };
    let guess = network.guess(&frame, 0, &mut quiet).unwrap();
    assert!(
        (guess.half_fov_tan - reach).abs() < 0.1 * reach,
        "{}",
        guess.half_fov_tan
    );
    let scale = DISTANCE * reach;
    let colour = guess.back_colour.as_ref().unwrap();
    let (mut seen, mut fronts, mut colours) = (0, 0, 0);
    for i in 0..48 * 48 {
        let [u, v] = [i % 48, i / 48].map(|at| (at as f32 + 0.5) / 24.0 - 1.0);
        let Some([near, far]) = meets(u * reach, -v * reach) else {
            continue;
        };
        let [a, b] = [u, v].map(|w| 0.5 + 0.5 * w);
        seen += 1;
        let off = |plane: &Plane<1>, x: f32| (plane.sample(a, b)[0] - -x / scale).abs();
        fronts += i32::from(off(&guess.front, near) < 0.05 && off(&guess.back, far) < 0.05);
        // Red above, blue below; in between the planes' texels show.
        let height = -v * reach * (DISTANCE - far);
        let [red, _, blue] = colour.sample(a, b);
        colours += i32::from(height.abs() < 0.1 || (red > blue) == (height > 0.0));
    }
    // At the rims depth falls away faster than anybody could say.
    assert!(seen > 400, "{seen}");
    assert!(
        f64::from(fronts) > 0.9 * f64::from(seen),
        "{fronts} of {seen} depths"
    );
    assert!(
        f64::from(colours) > 0.97 * f64::from(seen),
        "{colours} of {seen} colours"
    );
    let volume = guess.volume.unwrap();
    assert!(
        volume.range[0] < -0.3 && volume.range[1] > 0.5,
        "{:?}",
        volume.range
    );
}

#[test]
fn a_model_has_right_left_up_and_front_where_the_picture_has_them() {
    // Another camera than TripoSR's: the object is smaller and off the picture's middle.
    let picture = drawn(300, 0.5, [0.1, -0.05]);
    let mut notices = Vec::new();
    let mut keep = |event: Event| {
        if let Event::Notice(notice) = event {
            notices.push(notice);
        }
        ControlFlow::Continue(())
    };
    let made = engine(two_balls())
        .generate(&picture, &options(), &mut keep)
        .unwrap();
    assert_eq!(notices, []);
    let extras = String::from_utf8_lossy(&made.glb).contains(r#""engine":"triposr""#);
    assert!(extras, "the file says who made it");
    let surface = made.model.surface();
    assert!(Topology::of(&surface).is_closed_manifold());
    let (low, high) = bounds(&surface.positions);
    // In radii both reach from −0.5 to 0.6 across, to 0.5 up and from −0.5 to 0.5 in depth.
    let size = high - low;
    for (got, wanted) in [(size.x, 1.1), (size.y, 1.0), (size.z, 1.0)] {
        assert!((got * 1.1 - wanted).abs() < 0.1, "{size}");
    }
    let place = |p: glam::Vec3| (p - low) / size;
    let (mut right, mut count) = (glam::Vec3::ZERO, 0.0);
    for &position in &surface.positions {
        if place(position).x > 0.9 {
            right += place(position);
            count += 1.0;
        }
    }
    let right = right / count;
    assert!(
        right.y > 0.65 && right.z > 0.65,
        "the right end is above and in front: {right}"
    );
    let corner = |x: f32, y: f32, z: f32| {
        let near = |&&p: &&glam::Vec3| place(p).distance(glam::Vec3::new(x, y, z)) < 0.3;
        surface.positions.iter().filter(near).count()
    };
    assert!(corner(1.0, 1.0, 1.0) > 20, "the small ball is there");
    for other in [(0.0, 1.0, 1.0), (1.0, 0.0, 1.0), (1.0, 1.0, 0.0)] {
        assert_eq!(corner(other.0, other.1, other.2), 0, "{other:?}");
    }
}

#[test]
fn a_scene_of_another_outline_is_replaced_by_the_inflated_one() {
    let rgba = (0..200 * 200).flat_map(|i| {
        let bar = (i % 200 / 10) % 4 == 0 && (20..180).contains(&(i / 200));
        [90, 120, 80, if bar || i / 200 == 100 { 255 } else { 0 }]
    });
    let comb = Picture::new(200, 200, rgba.collect());
    let mut notices = Vec::new();
    let mut keep = |event: Event| {
        if let Event::Notice(notice) = event {
            notices.push(notice);
        }
        ControlFlow::Continue(())
    };
    engine(one_ball())
        .generate(&comb, &options(), &mut keep)
        .unwrap();
    assert!(notices.contains(&Notice::Inflated), "{notices:?}");
}

#[test]
fn progress_reaches_the_listener_and_any_step_can_be_the_last() {
    let picture = drawn(200, 0.34, [0.0; 2]);
    let engine = engine(two_balls());
    let mut steps = Vec::new();
    let mut keep = |event: Event| {
        if let Event::Progress(stage, fraction) = event {
            assert_eq!(stage, Stage::Shape);
            steps.push(fraction);
        }
        ControlFlow::Continue(())
    };
    engine.generate(&picture, &options(), &mut keep).unwrap();
    assert!(
        steps.len() > 50 && steps.is_sorted(),
        "{} steps",
        steps.len()
    );
    assert!(steps[0] < 0.1 && *steps.last().unwrap() > 0.95);
    for last in [0, steps.len() / 2, steps.len() - 5] {
        let mut heard = 0;
        let result = engine.generate(&picture, &options(), &mut |event| {
            heard += usize::from(matches!(event, Event::Progress(..)));
            if heard > last {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        assert!(matches!(result, Err(EngineError::Cancelled)));
        assert_eq!(heard, last + 1, "nothing happens after the answer");
    }
}

#[test]
fn several_views_of_a_ball_agree() {
    let disc = (0..128 * 128).flat_map(|i| {
        let [x, y] = [i % 128, i / 128].map(|at| at as f32 - 63.5);
        let height = (1.0 - (x * x + y * y) / 2500.0).max(0.0).sqrt();
        let light = (60.0 + 150.0 * height - x - y) as u8;
        [
            light,
            light / 2,
            light / 3,
            if height > 0.0 { 255 } else { 0 },
        ]
    });
    let disc = Picture::new(128, 128, disc.collect());
    let views = Views {
        front: &disc,
        left: None,
        back: Some(&disc),
        right: None,
    };
    let mut left_out = 0;
    let made = engine(one_ball()).generate(views, &options(), &mut |event| {
        left_out += usize::from(matches!(event, Event::Notice(Notice::LeftOut(_))));
        ControlFlow::Continue(())
    });
    let surface = made.unwrap().model.surface();
    assert!(Topology::of(&surface).is_closed_manifold());
    let (low, high) = bounds(&surface.positions);
    assert!((high - low).min_element() > 0.85, "{}", high - low);
    assert_eq!(left_out, 0);
}

/// Weights that aren't there.
struct Missing;

impl ShapeModel for Missing {
    fn name(&self) -> &'static str {
        "triposr"
    }

    fn input_side(&self) -> usize {
        1
    }

    fn is_installed(&self) -> bool {
        false
    }

    fn guess(&self, _: &Frame, _: u64, _: &mut Tell<'_>) -> Result<Guess, EngineError> {
        Err(EngineError::TripoSrMissing)
    }
}

#[test]
fn pro_and_ultra_take_it_where_it_is_installed_and_base_never() {
    let asked = |engine: &Engine, shaper, tier| {
        engine.shaper(&Options {
            shaper,
            tier,
            ..Options::default()
        })
    };
    let (with, without) = (
        engine(one_ball()),
        Engine::new(None).with_triposr(Arc::new(Missing)),
    );
    for (tier, wanted) in [
        (Tier::Base, Shaper::Builtin),
        (Tier::Pro, Shaper::TripoSr),
        (Tier::Ultra, Shaper::TripoSr),
    ] {
        assert_eq!(asked(&with, Shaper::Auto, tier).unwrap(), wanted);
        assert_eq!(
            asked(&with, Shaper::TripoSr, tier).unwrap(),
            Shaper::TripoSr
        );
        for engine in [&without, &Engine::new(None)] {
            assert_eq!(asked(engine, Shaper::Auto, tier).unwrap(), Shaper::Builtin);
            let missing = asked(engine, Shaper::TripoSr, tier).unwrap_err();
            assert!(missing.to_string().contains("ai3dgen models pull triposr"));
        }
    }
    let picture = drawn(64, 0.34, [0.0; 2]);
    let mut started = 0;
    let result = without.generate(&picture, &options(), &mut |_| {
        started += 1;
        ControlFlow::Continue(())
    });
    assert!(matches!(result, Err(EngineError::TripoSrMissing)));
    assert_eq!(started, 0, "it is said before anything is done");
}
