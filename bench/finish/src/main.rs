//! From a sampled field to a finished model: seconds, closeness, colours.
//!
//! `cargo xtask finish` runs it. The networks are left out: a known shape's field goes in, so that
//! what comes out can be compared with the shape itself. It also writes what another program starts
//! from, scores the models that it leaves, and draws what is wrong with ours (`ours TIER FOLDER`).

mod known;
mod score;
mod shapes;

use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use engine::{Engine, Event, MARGIN, Options, Stage, Tier};
use glam::{Vec2, Vec3};
use imaging::{Framing, Matte, Picture};
use mesh::{Surface, Texture};
use serde_json::{Value, json};

use known::Known;
use score::{Cut, Score, Textured};
use shapes::Shape;

/// Samples per side of the field at each tier.
const SAMPLES: [(Tier, usize); 3] = [(Tier::Base, 128), (Tier::Pro, 128), (Tier::Ultra, 256)];
/// Pixels per side of the picture: as large as each tier's texture can hold in front.
const PICTURE_PX: usize = 1024;
/// Runs of which the median counts.
const RUNS: usize = 3;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["ours", tier] => ours(tier, None),
        ["ours", tier, folder] => ours(tier, Some(Path::new(folder))),
        ["inputs", folder] => inputs(Path::new(folder)),
        ["score", folder] => theirs(Path::new(folder)),
        _ => anyhow::bail!("run `cargo xtask finish`"),
    }
}

/// Measures one tier, in a process of its own so that its peak memory is its own.
fn ours(tier: &str, sheets: Option<&Path>) -> Result<()> {
    let found = SAMPLES.into_iter().find(|(known, _)| known.name() == tier);
    let (tier, samples) = found.context("no such tier")?;
    for shape in shapes::all() {
        let picture = known::picture(&shape, PICTURE_PX);
        let engine = Engine::with_shape_model(Arc::new(Known::of(&shape, samples)), None);
        let options = Options {
            tier,
            ground: engine::Ground::Lowest,
            ..Options::default()
        };
        let mut seconds = Vec::new();
        let mut made = None;
        for _ in 0..RUNS {
            let mut began = None;
            let run = engine.generate(&picture, &options, &mut |event| {
                if event == Event::Started(Stage::Surface) {
                    began = Some(Instant::now());
                }
                ControlFlow::Continue(())
            })?;
            seconds.push(
                began
                    .context("there is a surface stage")?
                    .elapsed()
                    .as_secs_f64(),
            );
            made = Some(run);
        }
        seconds.sort_by(f64::total_cmp);
        let made = made.context("it ran")?;
        let mut model = textured(&made.glb, cut(&picture)?)?;
        for position in &mut model.surface.positions {
            *position = made.camera.camera_from_world(*position);
        }
        let score = Score::of(&model, &shape, &picture);
        say(&report(&shape, seconds[RUNS / 2], &score))?;
        if let Some(folder) = sheets {
            let (width, height, rgba) = score::sheet(&model, &picture);
            let png = formats::png::encode_rgba(width, height, &rgba)?;
            std::fs::write(
                folder.join(format!("{}-{}.png", shape.name, tier.name())),
                png,
            )?;
        }
    }
    Ok(())
}

/// Writes what the other side starts from: the field on a regular grid over −1.1…1.1, x fastest,
/// 32-bit floats, and the picture.
fn inputs(folder: &Path) -> Result<()> {
    const SIDE: usize = 128;
    for shape in shapes::all() {
        let at = |i: usize| (i as f32 + 0.5) / SIDE as f32 * 2.2 - 1.1;
        let values = (0..SIDE * SIDE * SIDE).map(|i| {
            shape.inside(Vec3::new(
                at(i % SIDE),
                at(i / SIDE % SIDE),
                at(i / SIDE / SIDE),
            ))
        });
        let bytes: Vec<u8> = values.flat_map(f32::to_le_bytes).collect();
        std::fs::write(folder.join(shape.name).with_extension("field"), bytes)?;
        let picture = known::picture(&shape, PICTURE_PX);
        let png = formats::png::encode_rgba(picture.width, picture.height, &picture.rgba)?;
        std::fs::write(folder.join(shape.name).with_extension("png"), png)?;
    }
    Ok(())
}

/// Scores models that another program made in the camera's frame.
fn theirs(folder: &Path) -> Result<()> {
    for shape in shapes::all() {
        let file = folder.join(shape.name).with_extension("glb");
        let bytes = std::fs::read(&file).with_context(|| format!("{}", file.display()))?;
        let picture = known::picture(&shape, PICTURE_PX);
        let whole = Cut {
            corner: [0.0; 2],
            side: PICTURE_PX as f32,
        };
        let score = Score::of(&textured(&bytes, whole)?, &shape, &picture);
        say(&report(&shape, 0.0, &score))?;
    }
    Ok(())
}

fn report(shape: &Shape, seconds: f64, score: &Score) -> Value {
    json!({
        "shape": shape.name,
        "seconds": seconds,
        "distance": score.distance,
        "psnr_db": score.psnr_db,
        "closed": score.closed,
        "faces": score.faces,
    })
}

fn say(line: &Value) -> Result<()> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}

/// Where the engine cuts the picture: up to a pixel beside the whole of it.
fn cut(picture: &Picture) -> Result<Cut> {
    let alpha = picture.rgba.chunks_exact(4).map(|pixel| pixel[3]).collect();
    let matte = Matte {
        width: picture.width,
        height: picture.height,
        alpha,
    };
    let framing = Framing::find(&matte).context("the picture shows something")?;
    Ok(Cut {
        corner: framing.corner(MARGIN).map(|c| c as f32),
        side: framing.side(MARGIN) as f32,
    })
}

/// The only mesh of a GLB with its base colour.
fn textured(glb: &[u8], cut: Cut) -> Result<Textured> {
    let (document, buffers, images) = gltf::import_slice(glb)?;
    let mesh = document.meshes().next().context("no mesh")?;
    let primitive = mesh.primitives().next().context("no primitive")?;
    let reader = primitive.reader(|buffer| Some(&buffers[buffer.index()]));
    let positions = reader.read_positions().context("no positions")?;
    let uvs = reader
        .read_tex_coords(0)
        .context("no texture coordinates")?;
    let indices: Vec<u32> = reader
        .read_indices()
        .context("no indices")?
        .into_u32()
        .collect();
    let base = primitive.material().pbr_metallic_roughness();
    let base = base.base_color_texture().context("no texture")?;
    let image = &images[base.texture().source().index()];
    let channels = image.pixels.len() / (image.width * image.height) as usize;
    ensure!(channels >= 3, "the texture is grey");
    Ok(Textured {
        surface: Surface {
            positions: positions.map(Vec3::from).collect(),
            triangles: indices.as_chunks::<3>().0.to_vec(),
        },
        uvs: uvs.into_f32().map(Vec2::from).collect(),
        texture: Texture {
            width: image.width,
            height: image.height,
            rgb: image
                .pixels
                .chunks_exact(channels)
                .flat_map(|p| [p[0], p[1], p[2]])
                .collect(),
        },
        cut,
    })
}
