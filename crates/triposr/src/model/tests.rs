use std::ops::ControlFlow;

use super::*;
use crate::Sampling;
use crate::config::Activation;
use crate::grid;
use crate::kernels::decoder::Decoder;

fn tiny() -> Model {
    Model::open(Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/data"
    )))
    .unwrap()
}

fn picture() -> Rgb {
    let bytes: Vec<u8> = (0..3 * 70 * 50).map(|at| (at * 7 % 251) as u8).collect();
    Rgb::from_bytes(70, 50, &bytes).unwrap()
}

fn go_on(_: crate::Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let model = tiny();
    for precision in [Precision::F32, Precision::Bf16, Precision::Int8] {
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            pool.install(|| {
                let watch = Watch::nobody();
                let scene = model.probed(&picture(), precision, &watch, None).unwrap();
                grid::coarse_to_fine(&scene, 33, &watch).unwrap().logits
            })
        };
        let one = run(1);
        for threads in [2, 3, 7] {
            assert!(run(threads) == one, "{precision:?} with {threads} threads");
        }
    }
}

#[test]
fn the_coarse_to_fine_lattice_is_the_dense_one_wherever_the_surface_is() {
    // Noise with crumbs of every size, where nearly all has to be asked; and a ball with a rod.
    let noise = tiny()
        .scene(&picture(), Precision::F32, &mut go_on)
        .unwrap();
    for (scene, side, most) in [
        (&noise, 2, 1.0),
        (&noise, 5, 1.0),
        (&noise, 64, 1.0),
        (&noise, 67, 1.0),
        (&ball(), 128, 0.4),
    ] {
        let dense = scene.density(side, Sampling::Dense, &mut go_on).unwrap();
        let fine = scene
            .density(side, Sampling::CoarseToFine, &mut go_on)
            .unwrap();
        let inside = |logit: f32| logit > Scene::ISO.ln();
        for (at, (dense, fine)) in dense.logits.iter().zip(&fine.logits).enumerate() {
            assert_eq!(inside(*dense), inside(*fine), "side {side}, point {at}");
        }
        // Where a lattice edge crosses the surface, both ends are the dense values.
        let place = |x: usize, y: usize, z: usize| (x * side + y) * side + z;
        for at in 0..side.pow(3) {
            let [x, y, z] = [at / (side * side), at / side % side, at % side];
            let next = [(x + 1, y, z), (x, y + 1, z), (x, y, z + 1)];
            for (x, y, z) in next.into_iter().filter(|&(x, y, z)| x.max(y).max(z) < side) {
                let ends = [at, place(x, y, z)];
                if inside(dense.logits[ends[0]]) != inside(dense.logits[ends[1]]) {
                    assert!(ends.iter().all(|&at| dense.logits[at] == fine.logits[at]));
                }
            }
        }
        let (asked, all) = (fine.asked, dense.asked);
        assert!(
            asked as f32 <= most * all as f32,
            "side {side}: asked {asked} of {all}"
        );
    }
}

/// A ball of 0.5 radii and, through it along y, a rod as thick as a texel.
fn ball() -> Scene {
    let mut config = tiny().config().clone();
    config.plane_size = 16;
    let texels = 2 * config.plane_size;
    let plane = |rod: bool| {
        (0..texels * texels).map(move |at| {
            let [u, v] = [at % texels, at / texels]
                .map(|index| (2 * index + 1) as f32 / texels as f32 - 1.0);
            let rod = if rod && u.abs().max(v.abs()) < 1.5 / texels as f32 {
                1.5
            } else {
                0.0
            };
            rod - (u * u + v * v) / 2.0
        })
    };
    let planes: Vec<f32> = plane(false)
        .chain(plane(true))
        .chain(plane(false))
        .collect();
    // One neuron carries 100 + 10 · (0.25 − r²), which a rectifier leaves alone.
    let layers = [
        (vec![10.0; 3], vec![102.5]),
        (
            vec![1.0, 0.0, 0.0, 0.0],
            vec![1.0 + 25f32.ln() - 100.0, 0.0, 0.0, 0.0],
        ),
    ];
    let decoder = Decoder::new(Activation::Relu, &layers);
    Scene::new(&config, Arc::new(decoder), &planes)
}

#[test]
fn progress_rises_to_one_and_break_cancels() {
    let mut steps = Vec::new();
    let scene = tiny().scene(&picture(), Precision::F32, &mut |step| {
        steps.push(step);
        ControlFlow::Continue(())
    });
    let scene = scene.unwrap();
    assert!(steps.len() > 40, "only {} steps", steps.len());
    assert!(
        steps
            .iter()
            .any(|step| step.stage == Stage::Picture && step.fraction > 0.0)
    );
    let last = steps.last().unwrap();
    assert_eq!(last.stage, Stage::Planes);
    assert!(
        (last.fraction - 1.0).abs() < 1e-3,
        "ends at {}",
        last.fraction
    );

    let mut heard = 0;
    let result = tiny().scene(&picture(), Precision::Int8, &mut |_| {
        heard += 1;
        ControlFlow::Break(())
    });
    assert!(matches!(result, Err(Error::Cancelled)));
    assert_eq!(heard, 1, "nobody wants to hear more after a break");
    let result = scene.density(64, Sampling::Dense, &mut |_| ControlFlow::Break(()));
    assert!(matches!(result, Err(Error::Cancelled)));
}

#[test]
fn two_jobs_at_once_get_what_each_gets_alone() {
    let model = tiny();
    let run = |precision| {
        let scene = model
            .clone()
            .scene(&picture(), precision, &mut go_on)
            .unwrap();
        scene.query(&[[0.1, -0.2, 0.3], [0.0; 3]])
    };
    let alone = [run(Precision::F32), run(Precision::Int8)];
    let together = std::thread::scope(|scope| {
        let jobs = [Precision::F32, Precision::Int8].map(|p| scope.spawn(move || run(p)));
        jobs.map(|job| job.join().unwrap())
    });
    assert_eq!(alone, together);
}
