//! Comparison with the reference: runs a folder's model on its picture and holds every stage
//! against the values that the reference got.
//!
//! The folder has `config.yaml`, `dino_vit_config.json`, `model.safetensors` (or `model.ckpt`),
//! `input.png` and `golden.safetensors`. Names of golden tensors are the reference's stages; those
//! that aren't known here are left out.

mod mesh;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::Mutex;

use checkpoint::Checkpoint;

use crate::device::Device;
use crate::error::{Error, Result};
use crate::grid::{self, Grid};
use crate::kernels::Precision;
use crate::model::Model;
use crate::picture::Rgb;
use crate::progress::Watch;
use crate::scene::Scene;
use crate::view::Camera;

/// One stage held against the reference.
#[derive(Clone, Debug)]
pub struct Check {
    /// The stage.
    pub name: String,
    /// Its shape.
    pub shape: Vec<usize>,
    /// Largest difference.
    pub max_abs: f32,
    /// Root of the mean squared difference over that of the reference's values.
    pub relative_rms: f32,
    /// What `relative_rms` may be; for the vertices of a mesh, what `max_abs` may be.
    pub tolerance: f32,
    /// Whether it isn't more.
    pub ok: bool,
}

/// What `relative_rms` may be at each precision.
pub fn tolerance(precision: Precision) -> f32 {
    match precision.resolved() {
        Precision::Bf16 => 1e-2,
        Precision::Int8 => 3e-2,
        Precision::F32 | Precision::Auto => 1e-4,
    }
}

/// Runs the folder's model on a device and compares, by name.
///
/// # Errors
/// What [`Model::open`], [`Model::on`] and [`Model::scene`] say; [`Error::File`] for the picture or the golden
/// values; [`Error::Weights`] if none of those is a stage.
pub fn check(folder: &Path, precision: Precision, device: Device) -> Result<Vec<Check>> {
    let model = Model::open(folder)?.on(device)?;
    let precision = model.resolved(precision)?;
    let golden_file = folder.join("golden.safetensors");
    let golden = Checkpoint::open(&golden_file)?;
    let picture = read_png(&folder.join("input.png"))?;
    let stages = Mutex::new(BTreeMap::new());
    let probe = |name: &str, values: &[f32]| {
        if let Ok(mut stages) = stages.lock() {
            stages.insert(name.to_owned(), values.to_vec());
        }
    };
    let scene = model.probed(&picture, precision, &Watch::nobody(), Some(&probe))?;
    let mut stages = stages.into_inner().unwrap_or_default();
    let grid = ask_scene(&scene, &golden, &mut stages)?;

    let tolerance = tolerance(precision);
    let shapes: Vec<_> = golden.shapes().collect();
    let mut checks: Vec<Check> = shapes
        .into_iter()
        .filter_map(|(name, shape)| {
            let (ours, theirs) = (stages.get(name)?, values(&golden, name)?);
            Some(compared(name, shape, ours, &theirs, tolerance))
        })
        .collect();
    if checks.is_empty() {
        return Err(Error::Weights(checkpoint::Error::Damaged(
            "golden.safetensors has no known stage".into(),
        )));
    }
    // Rounding moves what is just inside out; a mesh is the same only if nothing is rounded.
    if let (Some(grid), Precision::F32) = (grid, precision.resolved()) {
        let surface = grid.surface(scene.radius());
        checks.extend(mesh::compared(&surface, &golden, &golden_file)?);
    }
    Ok(checks)
}

/// How far a precision's planes are from those in f32, for any weights: root of the mean squared
/// difference over that of the values.
///
/// # Errors
/// What [`Model::scene`] says.
pub fn deviation(model: &Model, picture: &Rgb, precision: Precision) -> Result<f32> {
    deviation_between((model, precision), (model, Precision::F32), picture)
}

/// As [`deviation`], of one model and precision from another: of the same weights on another device.
///
/// # Errors
/// What [`Model::scene`] says.
pub fn deviation_between(
    ours: (&Model, Precision),
    exact: (&Model, Precision),
    picture: &Rgb,
) -> Result<f32> {
    let planes = |(model, precision): (&Model, Precision)| -> Result<Vec<f32>> {
        let planes = Mutex::new(Vec::new());
        let probe = |name: &str, values: &[f32]| {
            if name == "scene_codes"
                && let Ok(mut planes) = planes.lock()
            {
                *planes = values.to_vec();
            }
        };
        model.probed(picture, precision, &Watch::nobody(), Some(&probe))?;
        Ok(planes.into_inner().unwrap_or_default())
    };
    let (exact, ours) = (planes(exact)?, planes(ours)?);
    Ok(compared("scene_codes", &[], &ours, &exact, 0.0).relative_rms)
}

/// What only a finished scene can say: points, colours of the reference's mesh, and views. Answers
/// with the lattice, if the golden file has one.
fn ask_scene(
    scene: &Scene,
    golden: &Checkpoint,
    stages: &mut BTreeMap<String, Vec<f32>>,
) -> Result<Option<Grid>> {
    let points = |name| Some(values(golden, name)?.as_chunks::<3>().0.to_vec());
    if let Some(points) = points("query.points") {
        let raw = scene.raw(&points);
        let samples = scene.query(&points);
        stages.insert(
            "query.density".into(),
            raw.iter().map(|raw| raw[0]).collect(),
        );
        stages.insert(
            "query.features".into(),
            raw.iter()
                .flat_map(|raw| [raw[1], raw[2], raw[3]])
                .collect(),
        );
        stages.insert(
            "query.density_act".into(),
            samples.iter().map(|s| s.density).collect(),
        );
        stages.insert(
            "query.color".into(),
            samples.iter().flat_map(|s| s.colour).collect(),
        );
    }
    if let Some(vertices) = points("mesh.vertices") {
        let colours = scene
            .query(&vertices)
            .into_iter()
            .flat_map(|sample| sample.colour);
        stages.insert("mesh.colors".into(), colours.collect());
    }
    let mut lattice = None;
    if let Some(side @ 2..=512) = side_of(golden, "grid.density_act") {
        let grid = grid::dense(scene, side, &Watch::nobody())?;
        stages.insert("grid.density_act".into(), grid.densities());
        lattice = Some(grid);
    }
    // The reference's views: from in front and from behind.
    for (name, azimuth_deg) in [("render.0", 0.0), ("render.1", 180.0)] {
        if let Some(side @ 1..=256) = side_of(golden, name) {
            let camera = Camera {
                azimuth_deg,
                elevation_deg: 0.0,
                distance: 1.9,
                fov_deg: 40.0,
            };
            let view = scene.view(camera, side);
            stages.insert(name.into(), view.pixels.into_flattened());
        }
    }
    Ok(lattice)
}

fn side_of(golden: &Checkpoint, name: &str) -> Option<usize> {
    let (_, shape) = golden.shapes().find(|(known, _)| *known == name)?;
    shape.first().copied()
}

fn values(golden: &Checkpoint, name: &str) -> Option<Vec<f32>> {
    let (_, shape) = golden.shapes().find(|(known, _)| *known == name)?;
    Some(golden.tensor(name, shape).ok()?.floats().into_owned())
}

fn compared(name: &str, shape: &[usize], ours: &[f32], theirs: &[f32], tolerance: f32) -> Check {
    let squares = |values: &mut dyn Iterator<Item = f32>| {
        values.map(|value| f64::from(value).powi(2)).sum::<f64>()
    };
    let differences = || ours.iter().zip(theirs).map(|(ours, theirs)| ours - theirs);
    let max_abs = differences().fold(0.0, |max: f32, difference| max.max(difference.abs()));
    let relative = squares(&mut differences()) / squares(&mut theirs.iter().copied());
    let relative_rms = relative.sqrt() as f32;
    // Not a number is not ok either.
    let ok = ours.len() == theirs.len() && relative_rms <= tolerance;
    Check {
        name: name.into(),
        shape: shape.to_vec(),
        max_abs,
        relative_rms,
        tolerance,
        ok,
    }
}

fn read_png(path: &Path) -> Result<Rgb> {
    let failed = |source| Error::File {
        file: "input.png".into(),
        source,
    };
    let file = BufReader::new(File::open(path).map_err(failed)?);
    let failed = |error: png::DecodingError| failed(std::io::Error::other(error));
    let mut reader = png::Decoder::new(file).read_info().map_err(failed)?;
    let mut bytes = vec![0; reader.output_buffer_size().ok_or(Error::Picture)?];
    let info = reader.next_frame(&mut bytes).map_err(failed)?;
    if (info.color_type, info.bit_depth) != (png::ColorType::Rgb, png::BitDepth::Eight) {
        return Err(Error::Picture);
    }
    Rgb::from_bytes(
        info.width as usize,
        info.height as usize,
        &bytes[..info.buffer_size()],
    )
}

#[cfg(test)]
mod tests;
