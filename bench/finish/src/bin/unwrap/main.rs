//! How well surfaces are flattened: ours, and what other programs leave in the same folder.
//!
//! `cargo xtask unwrap` runs it through `bench/finish/unwrap.py`. Files are little-endian: `NAME.mesh` holds
//! the counts of vertices and triangles, positions and triangles; `NAME.WAY.uv` six numbers per
//! triangle, the places of its corners on the sheet, 0–1.

mod score;
// Only the distances are wanted here, not the pictures.
#[allow(dead_code)]
#[path = "../../shapes.rs"]
mod shapes;
mod ways;

use std::io::Write;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use glam::{Vec2, Vec3};
use mesh::Surface;
use mesh::isosurface::{Field, isosurface};
use mesh::simplify::simplify;
use mesh::smooth::taubin;
use serde_json::{Value, json};

use score::Score;

/// Triangles of each surface and texels of each sheet's side: those of the Base tier.
const FACES: usize = 20_000;
const SHEET_PX: u32 = 1024;
/// Texels between islands, as the engine has it.
const GUTTER: u32 = 6;
/// Runs of which the median counts.
const RUNS: usize = 3;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["ours", folder, ref models @ ..] => ours(Path::new(folder), models),
        ["score", folder] => score_all(Path::new(folder)),
        _ => anyhow::bail!("run `cargo xtask unwrap`"),
    }
}

/// Writes every surface and how we flatten it.
fn ours(folder: &Path, models: &[&str]) -> Result<()> {
    let mut surfaces = Vec::new();
    for shape in shapes::all() {
        surfaces.push((shape.name.to_owned(), sampled(&shape)));
    }
    for model in models {
        let name = Path::new(model).file_stem().unwrap_or_default();
        surfaces.push((
            name.to_string_lossy().into_owned(),
            welded(Path::new(model))?,
        ));
    }
    for (name, surface) in surfaces {
        std::fs::write(folder.join(&name).with_extension("mesh"), packed(&surface))?;
        for (way, sides) in ways::all() {
            let mut seconds = Vec::new();
            let mut flat = None;
            for _ in 0..RUNS {
                let began = Instant::now();
                flat = Some(mesh::unwrap::unwrap(&surface, 0, &sides, SHEET_PX, GUTTER));
                seconds.push(began.elapsed().as_secs_f64());
            }
            seconds.sort_by(f64::total_cmp);
            let flat = flat.context("it ran")?;
            let corners = flat.triangles.iter().flatten();
            let bytes: Vec<u8> = corners
                .flat_map(|&v| (flat.texels[v as usize] / SHEET_PX as f32).to_array())
                .flat_map(f32::to_le_bytes)
                .collect();
            std::fs::write(folder.join(format!("{name}.{way}.uv")), bytes)?;
            say(&json!({ "mesh": name, "way": way, "seconds": seconds[RUNS / 2] }))?;
        }
    }
    Ok(())
}

/// The surface of a shape as the engine would have it.
fn sampled(shape: &shapes::Shape) -> Surface {
    const SIDE: usize = 128;
    let at = |i: usize| (i as f32 + 0.5) / SIDE as f32 * 2.2 - 1.1;
    let values = (0..SIDE * SIDE * SIDE)
        .map(|i| {
            shape.inside(Vec3::new(
                at(i % SIDE),
                at(i / SIDE % SIDE),
                at(i / SIDE / SIDE),
            ))
        })
        .collect();
    let mut surface = isosurface(&Field {
        size: [SIDE; 3],
        values,
    });
    for position in &mut surface.positions {
        *position = (*position + 0.5) / SIDE as f32 * 2.2 - 1.1;
    }
    taubin(&mut surface, 9);
    simplify(&surface, FACES)
}

/// The surface of a finished model, without its seams, as large as a camera's window.
fn welded(path: &Path) -> Result<Surface> {
    let (document, buffers, _) =
        gltf::import(path).with_context(|| format!("can't read {}", path.display()))?;
    let mesh = document.meshes().next().context("no mesh")?;
    let primitive = mesh.primitives().next().context("no primitive")?;
    let reader = primitive.reader(|buffer| Some(&buffers[buffer.index()]));
    let indices = reader.read_indices().context("no indices")?.into_u32();
    let positions = reader.read_positions().context("no positions")?;
    let model = mesh::Model {
        positions: positions.map(Vec3::from).collect(),
        triangles: indices.collect::<Vec<_>>().as_chunks().0.to_vec(),
        ..mesh::Model::default()
    };
    let mut surface = model.surface();
    let (low, high) = mesh::measure::bounds(&surface.positions);
    let scale = 2.0 / (high - low).max_element();
    for position in &mut surface.positions {
        *position = (*position - 0.5 * (low + high)) * scale;
    }
    Ok(surface)
}

fn packed(surface: &Surface) -> Vec<u8> {
    let counts = [
        surface.positions.len() as u32,
        surface.triangles.len() as u32,
    ];
    let positions = surface.positions.iter().flat_map(|p| p.to_array());
    let mut bytes: Vec<u8> = counts.into_iter().flat_map(u32::to_le_bytes).collect();
    bytes.extend(positions.flat_map(f32::to_le_bytes));
    bytes.extend(
        surface
            .triangles
            .iter()
            .flatten()
            .flat_map(|v| v.to_le_bytes()),
    );
    bytes
}

fn unpacked(bytes: &[u8]) -> Result<Surface> {
    let words: Vec<[u8; 4]> = bytes.as_chunks().0.to_vec();
    let count = |i: usize| words.get(i).map(|&w| u32::from_le_bytes(w) as usize);
    let (vertices, triangles) = count(0).zip(count(1)).context("an empty mesh file")?;
    let (positions, indices) = words[2..]
        .split_at_checked(vertices * 3)
        .filter(|(_, rest)| rest.len() == triangles * 3)
        .context("a mesh file of another length than it says")?;
    let positions: Vec<f32> = positions.iter().map(|&w| f32::from_le_bytes(w)).collect();
    let indices: Vec<u32> = indices.iter().map(|&w| u32::from_le_bytes(w)).collect();
    Ok(Surface {
        positions: positions
            .as_chunks()
            .0
            .iter()
            .map(|&p| Vec3::from(p))
            .collect(),
        triangles: indices.as_chunks().0.to_vec(),
    })
}

/// Scores every sheet of the folder, in the order of their names.
fn score_all(folder: &Path) -> Result<()> {
    let entries = std::fs::read_dir(folder)?;
    let mut names: Vec<String> = entries
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<_>>()?;
    names.sort();
    for sheet in names.iter().filter_map(|name| name.strip_suffix(".uv")) {
        let (name, way) = sheet.split_once('.').context("a sheet is NAME.WAY.uv")?;
        let surface = unpacked(&std::fs::read(folder.join(name).with_extension("mesh"))?)?;
        let bytes = std::fs::read(folder.join(format!("{sheet}.uv")))?;
        let numbers: Vec<f32> = bytes
            .as_chunks()
            .0
            .iter()
            .map(|&word| f32::from_le_bytes(word))
            .collect();
        let corner = |c: &[f32; 6]| {
            [
                Vec2::new(c[0], c[1]),
                Vec2::new(c[2], c[3]),
                Vec2::new(c[4], c[5]),
            ]
        };
        let flat: Vec<[Vec2; 3]> = numbers.as_chunks().0.iter().map(corner).collect();
        let score = Score::of(&surface, &flat, SHEET_PX);
        say(&report(name, way, &surface, &score))?;
    }
    Ok(())
}

fn report(name: &str, way: &str, surface: &Surface, score: &Score) -> Value {
    json!({
        "mesh": name,
        "way": way,
        "faces": surface.triangles.len(),
        "charts": score.charts,
        "stretch": score.stretch,
        "angle_deg": score.angle_deg,
        "lost": score.lost,
        "covered": score.covered,
        "doubled": score.doubled,
        "seams": score.seams,
    })
}

fn say(line: &Value) -> Result<()> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}
