//! The real enlarging network on the real weights, from the cache that the setup command fills:
//! where they are missing these tests fail and say which command to run.

use imaging::{Plane, Upscale, Upscaler};
use weights::{Cache, default_dir};

/// What ncnn makes of the same weights and [`picture`]; made by `golden/waifu2x.py`. Some places
/// lie at corners, some where two tiles meet.
const GOLDEN: [((usize, usize), [f32; 3]); 8] = [
    ((0, 0), [0.00000, 0.15726, 0.31258]),
    ((299, 79), [1.00000, 0.00000, 0.33034]),
    ((255, 40), [0.57672, 0.75248, 0.61744]),
    ((256, 40), [0.58245, 0.99660, 0.07077]),
    ((257, 41), [0.85991, 0.57066, 0.00000]),
    ((31, 17), [0.31327, 0.46916, 0.62572]),
    ((140, 66), [0.37449, 0.12293, 0.28004]),
    ((222, 7), [0.10362, 0.32524, 0.45212]),
];

fn network() -> Upscaler {
    let cache = Cache::open(default_dir().unwrap_or_else(|error| panic!("{error}")));
    let weights = cache
        .load("waifu2x")
        .unwrap_or_else(|error| panic!("{error}"));
    Upscaler::load(&weights).unwrap()
}

fn picture() -> Plane<3> {
    Plane::from_fn(150, 40, |x, y| {
        [0, 1, 2].map(|channel| {
            let value = (3 * x * x + 2 * x * y + 5 * y * y + 640 * channel) / 16 % 256;
            value as f32 / 255.0
        })
    })
}

#[test]
fn the_result_is_that_of_the_runtime_the_weights_were_made_for() {
    let large = network()
        .double(&picture(), &Plane::filled(150, 40, [1.0]))
        .unwrap();
    for (at, golden) in GOLDEN {
        for (value, golden) in large[at].iter().zip(golden) {
            assert!((value - golden).abs() < 2e-4, "{value} {golden} at {at:?}");
        }
    }
}
