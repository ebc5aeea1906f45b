//! Members of the family that nobody has golden values for.

mod made_up;

use std::ops::ControlFlow;

use made_up::{Ball, noise, odd, two_balls};
use triposr::{Model, Precision, Progress, Rgb, Sampling, Scene};

fn go_on(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn opened(values: impl FnMut(&str, &[usize]) -> Vec<f32>) -> Model {
    let folder = tempfile::tempdir().unwrap();
    made_up::write(folder.path(), &odd(), Some(made_up::TINY_VIT), values).unwrap();
    Model::open(folder.path()).unwrap()
}

fn picture() -> Rgb {
    let bytes: Vec<u8> = (0..3 * 70 * 70).map(|at| (at * 7 % 251) as u8).collect();
    Rgb::from_bytes(70, 70, &bytes).unwrap()
}

/// Points in and around the cube.
fn points() -> Vec<[f32; 3]> {
    let along = |at: usize| at as f32 / 9.0 * 1.8 - 0.9;
    (0..1000)
        .map(|at| [along(at / 100), along(at / 10 % 10), along(at % 10)])
        .collect()
}

/// What the decoder says before its activations, as far as that can be had back.
fn values(scene: &Scene) -> Vec<f32> {
    let samples = scene.query(&points());
    let logit = |share: f32| (share / (1.0 - share)).ln();
    let values = samples.into_iter().flat_map(|sample| {
        [sample.density.ln()]
            .into_iter()
            .chain(sample.colour.map(logit))
    });
    values.collect()
}

#[test]
fn other_sizes_run_in_every_precision_and_agree() {
    let model = opened(noise(5));
    assert_eq!(
        (model.config().image_size, model.config().patches()),
        (80, 5)
    );
    let scene = |precision| model.scene(&picture(), precision, &mut go_on).unwrap();
    let exact = values(&scene(Precision::F32));
    assert!(exact.iter().all(|value| value.is_finite()));
    let spread = exact.iter().map(|value| value * value).sum::<f32>();
    for (precision, tolerance) in [(Precision::Bf16, 1e-2), (Precision::Int8, 3e-2)] {
        let off = values(&scene(precision)).into_iter().zip(&exact);
        let off = off.map(|(got, wanted)| (got - wanted).powi(2)).sum::<f32>();
        let relative = (off / spread).sqrt();
        assert!(relative > 0.0, "{precision:?} rounds nothing");
        assert!(relative < tolerance, "{precision:?}: {relative}");
    }
}

#[test]
fn a_scene_has_its_shape_its_colours_and_its_axes() {
    let large = Ball {
        middle: [-0.1, 0.0, 0.0],
        radius: 0.4,
    };
    let small = Ball {
        middle: [0.3, 0.4, 0.2],
        radius: 0.2,
    };
    let odd = odd();
    let config = made_up::config(&odd, Some(made_up::TINY_VIT));
    let model = opened(two_balls(&config, [large, small], 3));
    let scene = model
        .scene(&picture(), Precision::Auto, &mut go_on)
        .unwrap();
    let radius = scene.radius();
    let at = |point: [f32; 3]| scene.query(&[point.map(|x| x * radius)])[0];
    let inside = |point| at(point).density > Scene::ISO;
    assert!(inside([0.3, 0.4, 0.2]) && inside([-0.1, 0.0, 0.0]) && inside([-0.46, 0.0, 0.0]));
    assert!(!inside([-0.54, 0.0, 0.0]) && !inside([0.3, -0.4, 0.2]) && !inside([0.3, 0.4, -0.2]));
    let [above, below] = [0.3, -0.3].map(|z| at([0.0, 0.0, z]).colour);
    assert!(above[0] > 0.9 && above[2] < 0.1 && below[0] < 0.1 && below[2] > 0.9);

    // The surface has as much in it as the two, which hardly overlap.
    let grid = scene
        .density(64, Sampling::CoarseToFine, &mut go_on)
        .unwrap();
    let mesh = grid.surface(radius);
    let farthest = |axis: usize| {
        let along = mesh.vertices.iter().map(|vertex| vertex[axis] / radius);
        along.fold(f32::MIN, f32::max)
    };
    for (axis, wanted) in [(0, 0.5), (1, 0.6), (2, 0.4)] {
        let got = farthest(axis);
        assert!((got - wanted).abs() < 0.04, "axis {axis}: {got}");
    }
}
