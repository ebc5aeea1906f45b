//! What is left of the error when the network knows everything: the same pictures as
//! `cargo xtask quality` takes, the engine behind them, and in the network's place the scan itself.
//! Writes `bench/quality/oracle.md`. Run by `cargo xtask oracle`.

use std::collections::VecDeque;
use std::fmt::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};
use clap::Parser;
use engine::{Engine, EngineError, Guess, MARGIN, Options, ShapeModel, Tell, Views, Volume};
use glam::{Vec2, Vec3};
use imaging::{Frame, Framing, Matte, Picture, Plane};
use mesh::Model;
use mesh::raster::{Clip, rasterize};
use quality::score::{Fit, Truth};
use quality::views::Shot;
use quality::{facing, load, object, progress};
use rayon::prelude::*;

/// Rays per side of the depth layers.
const LAYER_SIDE: u32 = 192;
/// Samples per side of the volume, and the depths that it spans: the built-in network's.
const VOLUME_SIDE: u32 = 96;
const RANGE: [f32; 2] = [-1.1, 1.1];

/// Makes models of scans with the scan in the network's place.
#[derive(Parser)]
#[command(name = "cargo xtask oracle")]
struct Arguments {
    /// Scans: .glb files with one texture, upright along +Y [default: ../shared/data/dev-eval]
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
}

/// What is told of a picture.
#[derive(Clone, Copy, PartialEq)]
enum Told {
    /// What the built-in network makes of it.
    Guessed,
    /// First and last surface along every ray.
    Layers,
    /// And all that lies between them.
    Volume,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()?;
    let data = arguments
        .data
        .unwrap_or_else(|| root.join("../shared/data/dev-eval"));
    let objects = load(&data)?;
    let mut rows = Vec::new();
    for (done, (name, object)) in (1..).zip(&objects) {
        rows.push((name.as_str(), fits(&Shot::of(name, 0), object)?));
        progress("oracle", done, objects.len());
    }
    let page = root.join("bench/quality/oracle.md");
    std::fs::write(&page, table(&rows)?).context("can't write oracle.md")?;
    eprintln!("{}", page.display());
    Ok(())
}

/// One view and four, guessed, with layers and with volume, in the order of the table's columns.
fn fits(shot: &Shot, object: &Model) -> Result<[Fit; 6]> {
    let truth = Truth::of(shot, &facing(object, shot));
    let shots = [vec![shot.clone()], four(shot)];
    let ways = [Told::Guessed, Told::Layers, Told::Volume]
        .into_iter()
        .flat_map(|told| shots.iter().map(move |shots| (told, shots)));
    let fits: Vec<Fit> = ways
        .map(|(told, shots)| Ok(truth.score(&made(shots, object, told)?).aligned))
        .collect::<Result<_>>()?;
    fits.try_into()
        .map_err(|_| anyhow::anyhow!("there are six ways"))
}

/// The shot and its other sides, in the engine's order.
fn four(shot: &Shot) -> Vec<Shot> {
    let sides = shot.sides().into_iter().map(|(_, side)| side);
    std::iter::once(shot.clone()).chain(sides).collect()
}

/// What the engine makes of these shots of an object.
fn made(shots: &[Shot], object: &Model, told: Told) -> Result<Model> {
    let pictures: Vec<Picture> = (shots.iter())
        .map(|shot| {
            let taken = shot.take(&facing(object, shot));
            Picture::new(taken.width(), taken.height(), taken.into_raw())
        })
        .collect();
    let engine = match told {
        Told::Guessed => Engine::new(None),
        Told::Layers | Told::Volume => {
            let guesses = (shots.iter().zip(&pictures))
                .map(|(shot, picture)| guess(shot, &facing(object, shot), picture, told))
                .collect::<Result<_>>()?;
            Engine::with_shape_model(Arc::new(Oracle(Mutex::new(guesses))), None)
        }
    };
    let views = Views {
        front: &pictures[0],
        left: pictures.get(1),
        back: pictures.get(2),
        right: pictures.get(3),
    };
    let made = engine.generate(views, &Options::default(), &mut |_| {
        ControlFlow::Continue(())
    })?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("model.glb");
    std::fs::write(&file, made.glb)?;
    object::load(&file)
}

/// Knows what it will be asked, in that order.
struct Oracle(Mutex<VecDeque<Guess>>);

impl ShapeModel for Oracle {
    fn name(&self) -> &'static str {
        "oracle"
    }

    fn input_side(&self) -> usize {
        LAYER_SIDE as usize
    }

    fn guess(&self, _: &Frame, _: u64, _: &mut Tell<'_>) -> Result<Guess, EngineError> {
        let next = self
            .0
            .lock()
            .ok()
            .and_then(|mut guesses| guesses.pop_front());
        next.ok_or_else(|| EngineError::Shape("the oracle was asked too often".into()))
    }
}

/// The truth, as the network would say it of that picture.
fn guess(shot: &Shot, truth: &Model, picture: &Picture, told: Told) -> Result<Guess> {
    let alpha = picture.rgba.chunks_exact(4).map(|pixel| pixel[3]).collect();
    let matte = Matte {
        width: picture.width,
        height: picture.height,
        alpha,
    };
    let framing = Framing::find(&matte).context("the picture shows nothing")?;
    let radius = object::radius(truth);
    let camera = shot.camera(radius);
    let half_fov = (0.5 * shot.fov_deg).to_radians();
    let distance = radius / half_fov.sin();
    let side = framing.side(MARGIN) as f32;
    let half_fov_tan = half_fov.tan() * side / picture.width as f32;
    // Every vertex in the cut, 0–1, with its depth `t`.
    let corner = framing.corner(MARGIN).map(|c| c as f32);
    let seen: Vec<(Vec2, f32)> = (truth.positions.iter())
        .map(|&p| {
            let (at, inverse_depth) = camera.see(p, picture.width);
            let t = (1.0 / (inverse_depth * distance) - 1.0) / half_fov_tan;
            ((at - Vec2::from(corner)) / side, t)
        })
        .collect();
    let layers = crossings(truth, &seen, half_fov_tan, LAYER_SIDE);
    let layer = |depth: fn(&Vec<f32>) -> Option<&f32>| Plane {
        width: LAYER_SIDE as usize,
        height: LAYER_SIDE as usize,
        data: layers
            .iter()
            .map(|ray| [depth(ray).copied().unwrap_or(0.0)])
            .collect(),
    };
    let volume = (told == Told::Volume).then(|| Volume {
        side: VOLUME_SIDE as usize,
        depths: VOLUME_SIDE as usize,
        range: RANGE,
        logits: logits(&crossings(truth, &seen, half_fov_tan, VOLUME_SIDE)),
        exact: true,
    });
    Ok(Guess {
        front: layer(|ray| ray.first()),
        back: layer(|ray| ray.last()),
        back_colour: None,
        volume,
        mirror: None,
        up: (camera.view_from_world * Vec3::Y).normalize(),
        half_fov_tan,
    })
}

/// Where each of `side × side` rays crosses the surface, near to far.
fn crossings(model: &Model, seen: &[(Vec2, f32)], half_fov_tan: f32, side: u32) -> Vec<Vec<f32>> {
    let clip = Clip {
        x: 0..side,
        y: 0..side,
    };
    let mut rays = vec![Vec::new(); (side * side) as usize];
    for triangle in &model.triangles {
        let corners = triangle.map(|v| seen[v as usize]);
        // 1 / s is linear on the screen.
        let scales = Vec3::from(corners.map(|(_, t)| 1.0 / (1.0 + t * half_fov_tan)));
        rasterize(
            corners.map(|(at, _)| at * side as f32),
            &clip,
            |x, y, weights| {
                let t = (1.0 / weights.dot(scales) - 1.0) / half_fov_tan;
                rays[(y * side + x) as usize].push(t);
            },
        );
    }
    for ray in &mut rays {
        ray.sort_unstable_by(f32::total_cmp);
    }
    rays
}

/// Twice the distance along the ray to the nearest crossing, in samples, positive inside. Scans have
/// holes: a ray with an odd number of crossings is inside from its first to its last.
fn logits(rays: &[Vec<f32>]) -> Vec<f32> {
    let step = (RANGE[1] - RANGE[0]) / VOLUME_SIDE as f32;
    (0..VOLUME_SIDE)
        .into_par_iter()
        .flat_map_iter(|k| {
            let t = RANGE[0] + (k as f32 + 0.5) * step;
            rays.iter().map(move |ray| {
                let Some((first, last)) = ray.first().zip(ray.last()) else {
                    return -8.0;
                };
                let ends = [*first, *last];
                let ray = if ray.len() % 2 == 0 {
                    ray.as_slice()
                } else {
                    &ends
                };
                let nearest = ray
                    .iter()
                    .fold(f32::INFINITY, |near, at| near.min((at - t).abs()));
                let inside = ray.partition_point(|at| *at < t) % 2 == 1;
                let away = 2.0 * nearest / step;
                (if inside { away } else { -away }).clamp(-8.0, 8.0)
            })
        })
        .collect()
}

fn table(rows: &[(&str, [Fit; 6])]) -> Result<String> {
    let mut page = String::from(
        "# If the network knew everything\n\n\
         `cargo xtask oracle` wrote this page. The first picture of every scan, and the four of it, as in\n\
         [quality.md](quality.md), but the network's answers are taken from the scan: first and last surface\n\
         along every ray (*layers*), or these and all that lies between (*volume*). What is left is what\n\
         the engine loses behind the network: grid, registration, fusion, smoothing. Beside it the network\n\
         itself (*guessed*).\n\n\
         | F@.05, aligned | guessed, one view | four | layers, one view | four | volume, one view | four |\n\
         |---|---|---|---|---|---|---|\n",
    );
    let mean = |of: fn(&Fit) -> f64, way: usize| {
        rows.iter().map(|(_, fits)| of(&fits[way])).sum::<f64>() / rows.len().max(1) as f64
    };
    let mut line = |name: &str, values: [f64; 6], digits: usize| {
        let cells: String = (values.iter())
            .map(|value| format!(" {value:.digits$} |"))
            .collect();
        writeln!(page, "| {name} |{cells}")
    };
    for (name, fits) in rows {
        line(name, fits.each_ref().map(|fit| fit.surface.f05), 3)?;
    }
    let ways = [0, 1, 2, 3, 4, 5];
    line(
        "**mean**",
        ways.map(|way| mean(|fit| fit.surface.f05, way)),
        3,
    )?;
    line(
        "**mean F@.02**",
        ways.map(|way| mean(|fit| fit.surface.f02, way)),
        3,
    )?;
    line(
        "**mean CD**",
        ways.map(|way| mean(|fit| fit.surface.cd, way)),
        4,
    )?;
    line("**mean IoU**", ways.map(|way| mean(|fit| fit.iou, way)), 3)?;
    Ok(page)
}
