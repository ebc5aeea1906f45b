//! Small photographs are enlarged for the textures of Pro and Ultra.

use std::ops::ControlFlow;
use std::sync::Arc;

use engine::{Artifacts, Engine, EngineError, Options, Shaper, Tier};
use imaging::{NetworkError, Picture, Plane, Upscale};

/// Does what the test wants instead of enlarging.
struct Stub(fn(&Plane<3>) -> Result<Plane<3>, NetworkError>);

impl Upscale for Stub {
    fn double(&self, picture: &Plane<3>, wanted: &Plane<1>) -> Result<Plane<3>, NetworkError> {
        assert_eq!(
            (picture.width, picture.height),
            (wanted.width, wanted.height)
        );
        (self.0)(picture)
    }
}

fn blue(picture: &Plane<3>) -> Result<Plane<3>, NetworkError> {
    Ok(Plane::filled(
        2 * picture.width,
        2 * picture.height,
        [0.1, 0.1, 0.9],
    ))
}

/// A red disc with a soft outline, on green that must never show.
fn red_disc(side: u32) -> Picture {
    let from_middle = |i: u32| (i as f32 + 0.5) / side as f32 * 2.0 - 1.0;
    let rgba = (0..side * side).flat_map(|i| {
        let radius = from_middle(i % side).hypot(from_middle(i / side));
        let coverage = ((0.7 - radius) * side as f32 * 0.1).clamp(0.0, 1.0);
        let mixed = |inside: f32, outside: f32| (outside + (inside - outside) * coverage) as u8;
        [
            mixed(200.0, 0.0),
            mixed(20.0, 255.0),
            20,
            (coverage * 255.0) as u8,
        ]
    });
    Picture::new(side, side, rgba.collect())
}

fn made(upscale: Option<Stub>, picture: &Picture, tier: Tier) -> Result<Artifacts, EngineError> {
    let options = Options {
        tier,
        shaper: Shaper::Inflate,
        faces: Some(2000),
        texture_px: Some(256),
        ..Options::default()
    };
    let engine = Engine::new(None);
    let engine = match upscale {
        Some(stub) => engine.with_upscale(Arc::new(stub)),
        None => engine,
    };
    engine.generate(picture, &options, &mut |_| ControlFlow::Continue(()))
}

/// Share of the texture that is rather of one channel than of the other two.
fn share(made: &Artifacts, channel: usize) -> f32 {
    let texture = made.model.material.base_colour.as_ref().unwrap();
    let texels = texture.rgb.chunks_exact(3);
    let of_channel = |t: &&[u8]| (0..3).all(|other| other == channel || t[other] < t[channel]);
    texels.clone().filter(of_channel).count() as f32 / texels.len() as f32
}

#[test]
fn pro_shows_the_enlarged_photograph_where_the_texture_has_room_for_it() {
    let small = red_disc(80);
    for (tier, picture, expected) in [
        (Tier::Pro, &small, true),
        (Tier::Ultra, &small, true),
        (Tier::Base, &small, false),
        (Tier::Pro, &red_disc(200), false),
    ] {
        let share = share(&made(Some(Stub(blue)), picture, tier).unwrap(), 2);
        assert_eq!(share > 0.9, expected, "{share} with {tier:?}");
        assert!(expected || share == 0.0, "{share} with {tier:?}");
    }
}

#[test]
fn the_network_sees_nothing_of_the_background() {
    let look = |picture: &Plane<3>| {
        assert!(picture.data.iter().all(|pixel| pixel[0] > 2.0 * pixel[1]));
        Ok(picture.resized(2 * picture.width, 2 * picture.height))
    };
    let made = made(Some(Stub(look)), &red_disc(80), Tier::Pro).unwrap();
    assert!(share(&made, 0) > 0.99);
}

#[test]
fn missing_weights_change_nothing_and_broken_ones_are_named() {
    let picture = red_disc(80);
    let plain = made(None, &picture, Tier::Pro).unwrap();
    let missing = Stub(|_| {
        Err(NetworkError::Missing {
            what: "enlarging",
            weights: "waifu2x",
        })
    });
    let missing = made(Some(missing), &picture, Tier::Pro).unwrap();
    assert!(plain.glb == missing.glb);
    let broken = Stub(|_| {
        Err(NetworkError::Load {
            what: "enlarging",
            reason: "cut short".into(),
        })
    });
    let error = made(Some(broken), &picture, Tier::Pro)
        .err()
        .expect("it fails");
    assert!(error.to_string().contains("cut short"), "{error}");
}
