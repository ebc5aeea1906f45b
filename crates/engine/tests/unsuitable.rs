//! Pictures that are not what was hoped for: a reason and a model, never numbers that are none.

use std::ops::ControlFlow;
use std::sync::Arc;

use engine::{
    Engine, EngineError, Event, Guess, Notice, Options, ShapeModel, Shaper, Tell, Volume,
};
use glam::Vec3;
use imaging::{Frame, Matte, MatteError, MatteModel, Picture, Plane};
use mesh::measure::{Topology, bounds, signed_volume};

/// Small, to be quick, and without a network.
fn inflate() -> Options {
    Options {
        shaper: Shaper::Inflate,
        faces: Some(800),
        texture_px: Some(64),
        ..Options::default()
    }
}

/// Makes a sound model, or panics; answers what was remarked upon and how large the model is.
fn made(engine: &Engine, picture: &Picture, options: &Options) -> (Vec<Notice>, Vec3) {
    let mut notices = Vec::new();
    let mut keep = |event| {
        match event {
            // Of few faces, as is quick: it says nothing of the picture.
            Event::Notice(Notice::MoreFaces { .. }) => {}
            Event::Notice(notice) => notices.push(notice),
            _ => {}
        }
        ControlFlow::Continue(())
    };
    let model = engine.generate(picture, options, &mut keep).unwrap().model;
    let surface = model.surface();
    let topology = Topology::of(&surface);
    assert!(topology.is_closed_manifold(), "{topology:?}");
    assert!(signed_volume(&surface) > 0.0, "faces outwards");
    let numbers = (model.positions.iter().chain(&model.normals)).all(|vector| vector.is_finite());
    assert!(numbers && model.uvs.iter().all(|uv| uv.is_finite()));
    let (low, high) = bounds(&model.positions);
    assert!(((high - low).max_element() - 1.0).abs() < 1e-4);
    (notices, high - low)
}

/// A brown thing with the given alpha.
fn cut_out(width: u32, height: u32, alpha: impl Fn(u32, u32) -> u8) -> Picture {
    let rgba = (0..width * height).flat_map(|i| [150, 110, 70, alpha(i % width, i / width)]);
    Picture::new(width, height, rgba.collect())
}

fn square(left: u32, top: u32, side: u32) -> impl Fn(u32, u32) -> bool {
    move |x, y| (left..left + side).contains(&x) && (top..top + side).contains(&y)
}

fn solid(inside: bool) -> u8 {
    if inside { 255 } else { 0 }
}

#[test]
fn of_several_objects_one_is_modelled_and_a_pair_stays_a_pair() {
    let engine = Engine::new(None);
    let bar = |x: u32, y: u32| (20..40).contains(&x) && (60..140).contains(&y);
    let far = cut_out(300, 200, |x, y| {
        solid(bar(x, y) || square(150, 50, 100)(x, y))
    });
    let (notices, size) = made(&engine, &far, &inflate());
    assert_eq!(notices, [Notice::SeveralObjects { count: 2 }]);
    assert!(
        (size.x / size.y - 1.0).abs() < 0.1,
        "the square only: {size}"
    );
    let pair = cut_out(300, 200, |x, y| {
        solid(square(40, 50, 100)(x, y) || square(160, 50, 100)(x, y))
    });
    let (notices, size) = made(&engine, &pair, &inflate());
    assert_eq!(notices, []);
    assert!(size.x > 1.8 * size.y, "both: {size}");
}

#[test]
fn glass_is_modelled_as_solid() {
    let glass = cut_out(128, 128, |x, y| {
        match (square(20, 20, 88)(x, y), square(24, 24, 80)(x, y)) {
            (_, true) => 90,
            (rim, _) => solid(rim),
        }
    });
    let (notices, size) = made(&Engine::new(None), &glass, &inflate());
    assert_eq!(notices, [Notice::SeeThrough]);
    assert!(size.x > 0.9 && size.y > 0.9, "{size}");
}

#[test]
fn small_thin_and_faint_objects_become_models() {
    let engine = Engine::new(None);
    let (dot, _) = made(
        &engine,
        &cut_out(64, 64, |x, y| solid((x, y) == (9, 50))),
        &inflate(),
    );
    assert_eq!(dot, [Notice::Small { px: 1 }]);
    let faint = cut_out(
        200,
        200,
        |x, y| if square(50, 50, 100)(x, y) { 40 } else { 0 },
    );
    let (faint, _) = made(&engine, &faint, &inflate());
    assert_eq!(faint, [Notice::SeeThrough]);
    let row = cut_out(1800, 100, |x, y| solid(y == 40 && x > 20 && x < 1700));
    for shaper in [Shaper::Builtin, Shaper::Inflate] {
        let options = Options {
            shaper,
            ..inflate()
        };
        let (row, size) = made(&engine, &row, &options);
        assert_eq!(row, [Notice::Thickened], "{shaper:?}");
        assert!(size.y < 0.1, "{size}");
    }
}

#[test]
fn pictures_of_any_shape_become_models() {
    let whole = Options {
        keep_background: true,
        ..inflate()
    };
    for (width, height) in [(1, 1), (1, 500), (500, 1), (4000, 20), (20, 4000), (2, 2)] {
        let picture = cut_out(width, height, |_, _| 255);
        let (notices, _) = made(&Engine::new(None), &picture, &whole);
        assert_eq!(notices[0], Notice::WholePicture, "{width}×{height}");
    }
    let hidden = Engine::new(None).generate(&cut_out(90, 9, |_, _| 0), &whole, &mut |_| {
        ControlFlow::Continue(())
    });
    assert!(matches!(hidden, Err(EngineError::NoForeground)));
}

/// Says the same of every picture.
struct Sees(fn(u32, u32) -> u8);

impl MatteModel for Sees {
    fn matte(&self, picture: &Picture) -> Result<Matte, MatteError> {
        let (width, height) = (picture.width, picture.height);
        Ok(Matte {
            width,
            height,
            alpha: (0..width * height)
                .map(|i| self.0(i % width, i / width))
                .collect(),
        })
    }
}

#[test]
fn what_background_removal_can_not_tell_apart_is_remarked_upon() {
    let photo = cut_out(200, 200, |_, _| 255);
    let blocks =
        |x: u32, y: u32| solid((x / 20 + y / 20).is_multiple_of(2) && square(20, 20, 160)(x, y));
    for (sees, notice) in [
        ((|_, _| 0) as fn(u32, u32) -> u8, Notice::NoObject),
        (|x, y| solid((x, y) == (100, 100)), Notice::NoObject),
        (|_, _| 255, Notice::FullFrame),
        (
            |x, y| {
                if x > 20 && y > 20 && x < 180 && y < 180 {
                    140
                } else {
                    0
                }
            },
            Notice::Scene,
        ),
        (blocks, Notice::Scene),
        (
            |x, y| solid(x < 90 && y.abs_diff(100) < 40),
            Notice::TouchesBorder,
        ),
    ] {
        let engine = Engine::new(Some(Arc::new(Sees(sees))));
        assert_eq!(made(&engine, &photo, &inflate()).0, [notice]);
    }
}

/// A ball, then spoilt.
struct Broken(fn(&mut Guess));

impl ShapeModel for Broken {
    fn name(&self) -> &'static str {
        "broken"
    }

    fn input_side(&self) -> usize {
        32
    }

    fn guess(&self, frame: &Frame, _seed: u64, _: &mut Tell<'_>) -> Result<Guess, EngineError> {
        let mut guess = Guess {
            mirror: None,
            front: frame.alpha.map(|_| [-0.3]),
            back: frame.alpha.map(|_| [0.3]),
            back_colour: Some(frame.alpha.map(|_| [0.5; 3])),
            volume: Some(Volume {
                side: 8,
                depths: 40,
                range: [-1.0, 1.0],
                logits: vec![2.0; 8 * 8 * 40],
                exact: false,
            }),
            up: Vec3::Y,
            half_fov_tan: 0.3,
        };
        (self.0)(&mut guess);
        Ok(guess)
    }
}

#[test]
fn a_network_that_gives_nonsense_leaves_the_inflated_outline() {
    let thing = cut_out(128, 128, |x, y| solid(square(20, 20, 88)(x, y)));
    fn each(guess: &mut Guess, change: fn(&mut Volume)) {
        guess.volume.as_mut().into_iter().for_each(change);
    }
    let spoilt: [fn(&mut Guess); 10] = [
        |guess| guess.front.data[7] = [f32::NAN],
        |guess| guess.back.data[500] = [f32::INFINITY],
        |guess| guess.back = Plane::filled(0, 0, [0.0]),
        |guess| guess.back_colour = Some(Plane::filled(4, 4, [f32::NAN; 3])),
        |guess| guess.up = Vec3::ZERO,
        |guess| guess.half_fov_tan = f32::NAN,
        |guess| each(guess, |volume| volume.logits[3] = f32::NEG_INFINITY),
        |guess| each(guess, |volume| volume.logits.truncate(9)),
        |guess| each(guess, |volume| volume.range = [1.0, -1.0]),
        // No inside anywhere.
        |guess| guess.front.data.fill([50.0]),
    ];
    for (i, spoil) in spoilt.into_iter().enumerate() {
        let engine = Engine::with_shape_model(Arc::new(Broken(spoil)), None);
        let options = Options {
            shaper: Shaper::Builtin,
            ..inflate()
        };
        assert_eq!(made(&engine, &thing, &options).0, [Notice::Inflated], "{i}");
    }
    let sound = Engine::with_shape_model(Arc::new(Broken(|_| {})), None);
    let options = Options {
        shaper: Shaper::Builtin,
        ..inflate()
    };
    assert_eq!(made(&sound, &thing, &options).0, []);
}

/// Seeded numbers below a bound (xorshift).
struct Dice(u32);

impl Dice {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0 % bound
    }
}

#[test]
fn any_outline_becomes_a_closed_surface() {
    let mut dice = Dice(0x2545_F491);
    for round in 0..12 {
        let (width, height) = (1 + dice.below(160), 1 + dice.below(160));
        let cell = 1 + dice.below(12);
        let density = 1 + dice.below(255);
        let mut noise: Vec<u8> = (0..width * height)
            .map(|_| {
                if dice.below(256) < density {
                    dice.below(256) as u8
                } else {
                    0
                }
            })
            .collect();
        // Something to see, and something transparent, in every one.
        let last = noise.len() - 1;
        noise[0] = 255;
        noise[last / 2..=last]
            .iter_mut()
            .step_by(11)
            .for_each(|alpha| *alpha = 0);
        let picture = cut_out(width, height, |x, y| match round % 4 {
            0 => noise[(y * width + x) as usize],
            1 => solid((x / cell).is_multiple_of(2)),
            2 => solid((x / cell + y / cell).is_multiple_of(2)),
            _ => solid(x.is_multiple_of(2 * cell) && y.is_multiple_of(2 * cell)),
        });
        let options = Options {
            keep_background: true,
            ..inflate()
        };
        made(&Engine::new(None), &picture, &options);
    }
}
