//! Times every stage at the published size, with weights that are made up.
//!
//! `cargo run --release -p triposr --example speed -- [f32|bf16|int8] [dense]`
//!
//! The weights are noise, except for what makes the scene a bumpy ball of 0.6 radii: that gives the
//! lattice a surface to look for. They are written to the system's folder for temporary files once
//! (1.7 GB) and mapped from there, as real ones would be.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Instant;

use triposr::{Config, Model, Precision, Rgb, Sampling, Scene, Stage, shapes};

const CONFIG: &str = include_str!("../tests/data/published-size-config.yaml");
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
    let config = Config::from_text(CONFIG, None)?;
    let weights = weights(&config)?;
    let mut out = std::io::stdout().lock();
    for (name, precision) in precisions {
        if !wants(name) && precisions.iter().any(|(name, _)| wants(name)) {
            continue;
        }
        let started = Instant::now();
        let model = Model::from_file(&weights, &config)?;
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

/// Seconds until the first step of the transformer, and from there to the end.
fn timed_scene(model: &Model, precision: Precision) -> Any<(Scene, [f32; 2])> {
    let side = 512;
    let pixels = (0..side * side).map(|at| [at % side, at / side, 99].map(|x| x as f32 / 512.0));
    let picture = Rgb {
        width: side,
        height: side,
        pixels: pixels.collect(),
    };
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
        .densities
        .iter()
        .filter(|&&density| density > Scene::ISO)
        .count();
    let (asked, all) = (grid.asked, grid.densities.len());
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

/// A `.safetensors` with all tensors of the configuration; written once.
fn weights(config: &Config) -> Any<PathBuf> {
    let path = std::env::temp_dir().join("triposr-made-up-weights.safetensors");
    if path.exists() {
        return Ok(path);
    }
    let tensors = shapes::expected(config);
    let mut header = serde_json::Map::new();
    let mut end = 0;
    for (name, shape) in &tensors {
        let start = end;
        end += 4 * shape.iter().product::<usize>();
        let entry = serde_json::json!({
            "dtype": "F32", "shape": shape, "data_offsets": [start, end]
        });
        header.insert(name.clone(), entry);
    }
    let mut header = serde_json::Value::Object(header).to_string();
    while !header.len().is_multiple_of(8) {
        header.push(' ');
    }
    let unfinished = path.with_extension("unfinished");
    let mut file = BufWriter::new(File::create(&unfinished)?);
    file.write_all(&(header.len() as u64).to_le_bytes())?;
    file.write_all(header.as_bytes())?;
    let mut state = 1u64;
    for (name, shape) in &tensors {
        for value in made_up(name, shape, &mut state) {
            file.write_all(&value.to_le_bytes())?;
        }
    }
    file.into_inner()?.sync_all()?;
    fs::rename(&unfinished, Path::new(&path))?;
    Ok(path)
}

/// Noise whose size keeps activations near one, with the ball's weights put in.
fn made_up(name: &str, shape: &[usize], state: &mut u64) -> Vec<f32> {
    let count: usize = shape.iter().product();
    let inputs: usize = shape.iter().skip(1).product();
    let scale = if shape.len() == 1 {
        0.02
    } else {
        1.7 / (inputs as f32).sqrt()
    };
    let mut values: Vec<f32> = (0..count)
        .map(|_| {
            *state ^= *state << 13;
            *state ^= *state >> 7;
            *state ^= *state << 17;
            scale * ((*state >> 40) as f32 / (1u32 << 23) as f32 - 1.0)
        })
        .collect();
    let is_norm = name.contains("norm") && name.ends_with("weight");
    match name {
        _ if is_norm => values.iter_mut().for_each(|value| *value += 1.0),
        // The planes are the learnt tokens themselves: channel 0 says how far from the middle.
        "backbone.proj_out.weight" | "backbone.proj_out.bias" => values.fill(0.0),
        "tokenizer.embeddings" => {
            let side = shape[2];
            for plane in values.chunks_mut(count / 3) {
                for (at, value) in plane[..side * side].iter_mut().enumerate() {
                    let [u, v] = [at % side, at / side]
                        .map(|index| (2 * index + 1) as f32 / side as f32 - 1.0);
                    *value = -(u * u + v * v) / 2.0 + 0.02 * (9.0 * u).sin() * (7.0 * v).cos();
                }
            }
        }
        "post_processor.upsample.weight" => {
            for (channel, row) in values.chunks_mut(inputs).enumerate() {
                row[..4].fill(if channel == 0 { 1.0 } else { 0.0 });
            }
        }
        "post_processor.upsample.bias" => values.fill(0.0),
        // Neuron 0 carries 30 + 10 · (0.36 − r²) through all layers: SiLU leaves such values alone.
        "decoder.layers.0.weight" => {
            values[..inputs].fill(0.0);
            for channel in [0, 40, 80] {
                values[channel] = 10.0;
            }
        }
        "decoder.layers.0.bias" => values[0] = 30.0 + 3.6,
        "decoder.layers.18.weight" => {
            values[..inputs].fill(0.0);
            values[0] = 2.0;
        }
        "decoder.layers.18.bias" => values[0] = 25f32.ln() + 1.0 - 60.0,
        _ if name.starts_with("decoder.") && shape.len() == 2 => {
            values[..inputs].fill(0.0);
            values[0] = 1.0;
        }
        _ if name.starts_with("decoder.") => values[0] = 0.0,
        _ => {}
    }
    values
}
