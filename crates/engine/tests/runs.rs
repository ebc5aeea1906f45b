//! Whole runs on a tiny network: a ball of known size, so that every later stage can be judged.

use std::ops::ControlFlow;
use std::sync::Arc;

use engine::{
    Engine, EngineError, Event, Guess, Notice, Options, ShapeModel, Shaper, Stage, Tell, Tier,
};
use glam::Vec3;
use imaging::{Frame, Picture, Plane};
use mesh::measure::{Topology, bounds, signed_volume};

const HALF_FOV_TAN: f32 = 0.28;
/// The outline's own radius once it is framed.
const RADIUS: f32 = 0.905;

/// The camera looks down on the ball a little.
const UP: Vec3 = Vec3::new(0.0, 0.9, 0.435_89);

/// Sees a ball in everything.
struct Ball;

impl ShapeModel for Ball {
    fn name(&self) -> &'static str {
        "ball"
    }

    fn input_side(&self) -> usize {
        64
    }

    fn guess(&self, frame: &Frame, _seed: u64, _: &mut Tell<'_>) -> Result<Guess, EngineError> {
        let side = frame.alpha.width;
        let at = |i: usize| (i as f32 + 0.5) / side as f32 * 2.0 - 1.0;
        let front = Plane::from_fn(side, side, |x, y| {
            [-(RADIUS * RADIUS - at(x).powi(2) - at(y).powi(2))
                .max(0.0)
                .sqrt()]
        });
        Ok(Guess {
            mirror: None,
            back: front.map(|depth| [-depth[0]]),
            front,
            back_colour: None,
            volume: None,
            up: UP,
            half_fov_tan: HALF_FOV_TAN,
        })
    }
}

fn engine() -> Engine {
    Engine::with_shape_model(Arc::new(Ball), None)
}

/// A disc with a red left half and a blue right half, on green that must never show.
fn disc(side: u32) -> Picture {
    let at = |i: u32| (i as f32 + 0.5) / side as f32 * 2.0 - 1.0;
    let rgba = (0..side * side).flat_map(|i| {
        let (x, y) = (at(i % side), at(i / side));
        let coverage = ((0.7 - x.hypot(y)) * side as f32 * 0.2).clamp(0.0, 1.0);
        let half = if x < 0.0 {
            [210.0, 20.0, 20.0]
        } else {
            [20.0, 20.0, 210.0]
        };
        let mixed = |c: usize| half[c] * coverage + [0.0, 255.0, 0.0][c] * (1.0 - coverage);
        [
            mixed(0) as u8,
            mixed(1) as u8,
            mixed(2) as u8,
            (coverage * 255.0) as u8,
        ]
    });
    Picture::new(side, side, rgba.collect())
}

fn quiet(_: Event) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

#[test]
fn the_model_is_closed_upright_grounded_and_one_metre_long() {
    for (options, faces) in [
        (Options::default(), 20_000),
        (
            Options {
                faces: Some(1_500),
                ..Options::default()
            },
            1_500,
        ),
        (
            Options {
                shaper: Shaper::Inflate,
                ..Options::default()
            },
            20_000,
        ),
    ] {
        let model = engine()
            .generate(&disc(256), &options, &mut quiet)
            .unwrap()
            .model;
        let surface = model.surface();
        assert!(
            Topology::of(&surface).is_closed_manifold(),
            "{:?}",
            Topology::of(&surface)
        );
        assert!(signed_volume(&surface) > 0.1, "faces outwards");
        assert!(model.triangles.len() <= faces + faces / 5);
        let (low, high) = bounds(&model.positions);
        assert!(low.y.abs() < 1e-5);
        assert!(((high - low).max_element() - 1.0).abs() < 1e-5);
        assert!((low.x + high.x).abs() < 1e-5 && (low.z + high.z).abs() < 1e-5);
        for (normal, uv) in model.normals.iter().zip(&model.uvs) {
            assert!((normal.length() - 1.0).abs() < 1e-3);
            assert!(uv.min_element() >= 0.0 && uv.max_element() <= 1.0);
        }
    }
}

#[test]
fn the_ball_is_a_ball() {
    let model = engine()
        .generate(&disc(256), &Options::default(), &mut quiet)
        .unwrap()
        .model;
    let volume = signed_volume(&model.surface());
    let (low, high) = bounds(&model.positions);
    let around = (high - low).as_dvec3();
    let ellipsoid = std::f64::consts::PI / 6.0 * around.x * around.y * around.z;
    assert!(
        (volume / ellipsoid - 1.0).abs() < 0.08,
        "{volume} against {ellipsoid}"
    );
}

#[test]
fn the_picture_is_on_the_front_and_no_background_shows_anywhere() {
    let model = engine()
        .generate(&disc(512), &Options::default(), &mut quiet)
        .unwrap()
        .model;
    let at = |uv: glam::Vec2| {
        let texture = model.material.base_colour.as_ref().unwrap();
        let pixel = (uv * texture.width as f32).floor().as_uvec2();
        let start = ((pixel.y * texture.width + pixel.x) * 3) as usize;
        <[u8; 3]>::try_from(&texture.rgb[start..start + 3]).unwrap()
    };
    let mut front = [0; 2];
    for (i, position) in model.positions.iter().enumerate() {
        let [red, green, blue] = at(model.uvs[i]);
        assert!(
            green < 60,
            "background shows: {:?} at {position}",
            [red, green, blue]
        );
        let faces_camera = model.normals[i].dot(Vec3::new(0.0, UP.z, UP.y)) > 0.5;
        if faces_camera && position.x.abs() > 0.15 {
            let left = position.x < 0.0;
            let right_colour = if left {
                red > 150 && blue < 80
            } else {
                blue > 150 && red < 80
            };
            assert!(
                right_colour,
                "{:?} at {position}, {}",
                [red, green, blue],
                model.normals[i]
            );
            front[usize::from(left)] += 1;
        }
    }
    assert!(front[0] > 300 && front[1] > 300, "{front:?}");
}

#[test]
fn stages_come_in_order_and_any_of_them_can_be_the_last() {
    let mut told = Vec::new();
    let mut all = |event: Event| {
        told.push(event);
        ControlFlow::Continue(())
    };
    engine()
        .generate(&disc(128), &Options::default(), &mut all)
        .unwrap();
    let expected: Vec<Event> = Stage::ALL
        .into_iter()
        .flat_map(|s| [Event::Started(s), Event::Finished(s)])
        .collect();
    assert_eq!(told, expected);

    for last in 0..expected.len() {
        let mut seen = 0;
        let mut stop = |_| {
            seen += 1;
            if seen > last {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        let result = engine().generate(&disc(128), &Options::default(), &mut stop);
        assert!(matches!(result, Err(EngineError::Cancelled)));
        assert_eq!(seen, last + 1, "nothing happens after the answer");
    }
}

#[test]
fn what_can_not_be_modelled_is_told_apart() {
    let opaque = Picture::new(64, 64, [90, 90, 90, 255].repeat(64 * 64));
    let without_weights = engine().generate(&opaque, &Options::default(), &mut quiet);
    assert!(matches!(without_weights, Err(EngineError::MatteMissing)));
    let empty = Picture::new(64, 64, [90, 90, 90, 0].repeat(64 * 64));
    let nothing = engine().generate(&empty, &Options::default(), &mut quiet);
    assert!(matches!(nothing, Err(EngineError::NoForeground)));
}

#[test]
fn a_picture_used_whole_and_one_at_the_border_are_remarked_upon() {
    let notices = |picture: &Picture, options: &Options| {
        let mut notices = Vec::new();
        let mut keep = |event: Event| {
            if let Event::Notice(notice) = event {
                notices.push(notice);
            }
            ControlFlow::Continue(())
        };
        engine().generate(picture, options, &mut keep).unwrap();
        notices
    };
    let opaque = Picture::new(64, 64, [90, 90, 90, 255].repeat(64 * 64));
    let whole = Options {
        keep_background: true,
        ..Options::default()
    };
    assert_eq!(notices(&opaque, &whole), [Notice::WholePicture]);
    let mut cut = disc(128);
    cut.rgba.truncate(128 * 4 * 70);
    cut.height = 70;
    assert_eq!(notices(&cut, &Options::default()), [Notice::TouchesBorder]);
    assert_eq!(notices(&disc(128), &whole), [], "it brings its own cut-out");
}

#[test]
fn extreme_outlines_still_give_closed_models() {
    let outline = |inside: &dyn Fn(f32, f32) -> bool| {
        let at = |i: u32| (i as f32 + 0.5) / 128.0 * 2.0 - 1.0;
        let rgba = (0..128 * 128).flat_map(|i| {
            [
                150,
                120,
                90,
                if inside(at(i % 128), at(i / 128)) {
                    255
                } else {
                    0
                },
            ]
        });
        Picture::new(128, 128, rgba.collect())
    };
    let needle = outline(&|x, y| x.abs() < 0.02 && y.abs() < 0.95);
    let ring = outline(&|x, y| (0.7..0.9).contains(&x.hypot(y)));
    let comb = outline(&|x, y| y < -0.6 || (x * 20.0).sin() > 0.3 && y < 0.8);
    let dust = outline(&|x, y| (x * 20.0).sin() * (y * 20.0).sin() > 0.4);
    let picture_sized = outline(&|_, _| true);
    for (name, picture) in [
        ("needle", needle),
        ("ring", ring),
        ("comb", comb),
        ("dust", dust),
        ("whole picture", picture_sized),
    ] {
        for tier in Tier::ALL {
            for shaper in [Shaper::Builtin, Shaper::Inflate] {
                let options = Options {
                    tier,
                    shaper,
                    texture_px: Some(256),
                    keep_background: true,
                    ..Options::default()
                };
                let made = Engine::new(None).generate(&picture, &options, &mut quiet);
                let topology = Topology::of(&made.unwrap().model.surface());
                assert!(
                    topology.is_closed_manifold(),
                    "{name} {options:?}: {topology:?}"
                );
            }
        }
    }
}
