//! Times every stage at the published size, with weights that are made up.
//!
//! `cargo run --release -p triposr --example triposr_speed -- FOLDER [f32|bf16|int8] [dense] [noise errors]`
//!
//! The weights are noise, except for what makes the scene a bumpy ball of 0.6 radii: that gives the
//! lattice a surface to look for. They are written to FOLDER (1.7 GB) unless it holds some, and
//! mapped from there, as real ones would be. With `noise` nothing is put in, so that `errors` can say
//! how far each precision is from f32.

#[path = "../tests/made_up/mod.rs"]
mod made_up;

use std::fs;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

use triposr::{Model, Precision, Rgb, Sampling, Scene, Stage};

const SIDE: usize = 256;

type Any<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Any<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let wants = |name: &str| arguments.iter().any(|argument| argument == name);
    let precisions = [
        ("f32", Precision::F32),
        ("bf16", Precision::Bf16),
        ("int8", Precision::Int8),
    ];
    let folder = arguments
        .first()
        .map(Path::new)
        .ok_or("say where the weights are, or are to be written")?;
    if !folder.join("model.safetensors").exists() {
        let config = made_up::config(made_up::PUBLISHED, None);
        if wants("noise") {
            made_up::write(folder, made_up::PUBLISHED, None, made_up::noise(1))?;
        } else {
            made_up::write(folder, made_up::PUBLISHED, None, made_up::ball(&config, 1))?;
        }
    }
    let mut out = std::io::stdout().lock();
    if wants("errors") {
        let model = Model::open(folder)?;
        for (name, precision) in &precisions[1..] {
            let off = triposr::parity::deviation(&model, &picture(), *precision)?;
            writeln!(
                out,
                "{name:5} relative RMS of the planes against f32 {off:.2e}"
            )?;
        }
        return Ok(());
    }
    for (name, precision) in precisions {
        if !wants(name) && precisions.iter().any(|(name, _)| wants(name)) {
            continue;
        }
        let started = Instant::now();
        let model = Model::open(folder)?;
        writeln!(
            out,
            "{name:5} open         {:8.2} s",
            started.elapsed().as_secs_f32()
        )?;
        // The first run also packs the weights and reads the file.
        let mut scene = None;
        for run in ["first", "again"] {
            let cpu = cpu_seconds();
            let (made, [vit, rest]) = timed_scene(&model, precision)?;
            let cpu = cpu_seconds() - cpu;
            writeln!(
                out,
                "{name:5} {run}  vit   {vit:8.2} s, transformer and planes {rest:8.2} s, {cpu:8.2} CPU-s"
            )?;
            scene = Some(made);
        }
        let latency = cancelled_after(&model, precision);
        writeln!(out, "{name:5} cancelled in {latency:6.3} s")?;
        let Some(scene) = scene else { continue };
        time_grid(&mut out, name, &scene, Sampling::CoarseToFine)?;
        if wants("dense") {
            time_grid(&mut out, name, &scene, Sampling::Dense)?;
        }
        if let Some(peak) = peak_memory() {
            writeln!(out, "{name:5} peak memory  {peak}")?;
        }
    }
    Ok(())
}

fn picture() -> Rgb {
    let side = 512;
    let pixels = (0..side * side).map(|at| [at % side, at / side, 99].map(|x| x as f32 / 512.0));
    Rgb {
        width: side,
        height: side,
        pixels: pixels.collect(),
    }
}

/// Seconds until the first step of the transformer, and from there to the end.
fn timed_scene(model: &Model, precision: Precision) -> Any<(Scene, [f32; 2])> {
    let picture = picture();
    let started = Instant::now();
    let mut vit = 0.0;
    let scene = model.scene(&picture, precision, &mut |step| {
        if step.stage == Stage::Picture {
            vit = started.elapsed().as_secs_f32();
        }
        ControlFlow::Continue(())
    })?;
    Ok((scene, [vit, started.elapsed().as_secs_f32() - vit]))
}

/// Seconds from the caller's `Break`, in the middle of the transformer, to the end of the call.
fn cancelled_after(model: &Model, precision: Precision) -> f32 {
    let picture = Rgb {
        width: 1,
        height: 1,
        pixels: vec![[0.5; 3]],
    };
    let mut asked = Instant::now();
    let _ = model.scene(&picture, precision, &mut |step| {
        if step.fraction < 0.3 {
            return ControlFlow::Continue(());
        }
        asked = Instant::now();
        ControlFlow::Break(())
    });
    asked.elapsed().as_secs_f32()
}

fn time_grid(out: &mut impl Write, name: &str, scene: &Scene, sampling: Sampling) -> Any<()> {
    let started = Instant::now();
    let cpu = cpu_seconds();
    let grid = scene.density(SIDE, sampling, &mut |_| ControlFlow::Continue(()))?;
    let (seconds, cpu) = (started.elapsed().as_secs_f32(), cpu_seconds() - cpu);
    let inside = grid
        .logits
        .iter()
        .filter(|&&logit| logit > Scene::ISO.ln())
        .count();
    let (asked, all) = (grid.asked, grid.logits.len());
    writeln!(
        out,
        "{name:5} {sampling:?} {SIDE}³ {seconds:8.2} s, {cpu:8.2} CPU-s, {asked} of {all} points asked, {inside} inside"
    )?;
    Ok(())
}

/// Seconds of all threads, which other programs on the machine disturb less than the clock.
fn cpu_seconds() -> f32 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.split_whitespace().skip(13).take(2);
    fields
        .filter_map(|ticks| ticks.parse::<f32>().ok())
        .sum::<f32>()
        / 100.0
}

fn peak_memory() -> Option<String> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = |name| {
        status
            .lines()
            .find_map(|line: &str| Some(line.strip_prefix(name)?.trim().to_owned()))
    };
    Some(format!(
        "{} (now: own {}, mapped file {})",
        line("VmHWM:")?,
        line("RssAnon:")?,
        line("RssFile:")?
    ))
}
