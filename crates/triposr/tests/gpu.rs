//! The GPU's code on candle's CPU device: all of it but the device itself.

#![allow(
    clippy::print_stdout,
    reason = "`--nocapture` shows how far each tensor is"
)]

mod made_up;

use std::ops::ControlFlow;
use std::path::Path;

use made_up::{noise, odd};
use triposr::parity::{check, deviation_between, tolerance};
use triposr::{Device, Error, Model, Precision, Rgb, Stage};

fn goldens() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data"))
}

fn picture() -> Rgb {
    let bytes: Vec<u8> = (0..3 * 70 * 70).map(|at| (at * 7 % 251) as u8).collect();
    Rgb::from_bytes(70, 70, &bytes).unwrap()
}

/// Another member of the family, on the processor.
fn other() -> Model {
    let folder = tempfile::tempdir().unwrap();
    made_up::write(folder.path(), &odd(), Some(made_up::TINY_VIT), noise(5)).unwrap();
    Model::open(folder.path()).unwrap()
}

#[test]
fn every_stage_is_the_references() {
    let ours = check(goldens(), Precision::F32, Device::Cpu).unwrap();
    for precision in [Precision::F32, Precision::Bf16, Precision::Auto] {
        let checks = check(goldens(), precision, Device::CandleCpu).unwrap();
        for check in &checks {
            println!("{precision:?} {} {:.2e}", check.name, check.relative_rms);
        }
        // The mesh, two lines more, is compared where nothing is rounded.
        let meshes = if precision == Precision::Bf16 { 2 } else { 0 };
        assert_eq!(checks.len() + meshes, ours.len());
        assert!(checks.iter().all(|check| check.ok), "{precision:?}");
    }
}

#[test]
fn other_sizes_agree_with_our_own_kernels() {
    let (ours, candles) = (other(), other().on(Device::CandleCpu).unwrap());
    let off = |precision| {
        let off = deviation_between((&candles, precision), (&ours, Precision::F32), &picture());
        off.unwrap()
    };
    let (exact, rounded) = (off(Precision::F32), off(Precision::Bf16));
    println!("f32 {exact:.2e}, bf16 {rounded:.2e}");
    assert!(exact > 0.0, "both ways are the same code");
    assert!(exact < tolerance(Precision::F32), "f32: {exact}");
    assert!(rounded > exact, "bf16 rounds nothing");
    assert!(rounded < tolerance(Precision::Bf16), "bf16: {rounded}");
}

#[test]
fn progress_comes_with_every_layer_and_break_cancels() {
    let model = Model::open(goldens()).unwrap();
    let model = model.on(Device::CandleCpu).unwrap();
    let layers = model.config().vit.layers + model.config().backbone.layers;
    let mut steps = Vec::new();
    model
        .scene(&picture(), Precision::F32, &mut |step| {
            steps.push(step);
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(steps.len(), layers);
    assert!(steps.iter().any(|step| step.stage == Stage::Picture));
    assert!(steps.is_sorted_by(|a, b| a.fraction < b.fraction));
    let last = steps.last().unwrap();
    assert!(last.stage == Stage::Planes && last.fraction > 0.999);

    let stopped = model.scene(&picture(), Precision::F32, &mut |_| ControlFlow::Break(()));
    assert!(matches!(stopped, Err(Error::Cancelled)));
}

#[test]
fn what_only_the_processor_multiplies_is_refused() {
    let model = other().on(Device::CandleCpu).unwrap();
    let refused = model.scene(&picture(), Precision::Int8, &mut |_| {
        ControlFlow::Continue(())
    });
    let said = refused.err().unwrap().to_string();
    assert!(said.contains("f32 or bf16"), "{said}");
}
