//! Members of the family that nobody has golden values for.

mod made_up;

use std::ops::ControlFlow;

use made_up::{Ball, noise, odd, two_balls};
use triposr::parity::{deviation, tolerance};
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

#[test]
fn other_sizes_run_in_every_precision_and_agree() {
    let model = opened(noise(5));
    assert_eq!(
        (model.config().image_size, model.config().patches()),
        (80, 5)
    );
    for precision in [Precision::Bf16, Precision::Int8] {
        let off = deviation(&model, &picture(), precision).unwrap();
        assert!(off > 0.0, "{precision:?} rounds nothing");
        assert!(off < tolerance(precision), "{precision:?}: {off}");
    }
    let scene = model.scene(&picture(), Precision::F32, &mut go_on).unwrap();
    let grid = scene.density(33, Sampling::Dense, &mut go_on).unwrap();
    let densities = grid.densities();
    let mean = densities.iter().sum::<f32>() / densities.len() as f32;
    let varied = densities.iter().filter(|&&d| d > mean).count();
    assert!(mean.is_finite() && varied > 100, "{varied} above {mean}");
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
