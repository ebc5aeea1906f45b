//! All training objects in one small file.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result};
use glam::{Vec2, Vec3};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::object::{Material, Texture};
use crate::solid::{self, SIDE};
use crate::{Object, load};

/// Triangles an object keeps.
const FACES: usize = 4000;
/// Longest side of a texture.
const TEXTURE: u32 = 160;
/// One family in this many is kept for validation.
const HELD_OUT: u64 = 20;

/// One object as it lies in the file.
#[derive(Serialize, Deserialize)]
pub struct Packed {
    /// Folder and file name.
    pub name: String,
    /// How often it is drawn.
    pub weight: f32,
    /// Never trained on.
    pub held_out: bool,
    positions: Vec<i32>,
    uvs: Vec<i32>,
    colours: Vec<u8>,
    triangles: Vec<i32>,
    material_of: Vec<u16>,
    materials: Vec<([f32; 3], Option<u16>, f32, f32)>,
    textures: Vec<Vec<u8>>,
    /// Lengths of alternating runs of outside and inside points.
    solid: Vec<u32>,
}

/// Packs every `.glb` below the folders into `out`.
///
/// # Errors
/// Folders that can't be read, a file that can't be written. Single bad objects are named and left out.
pub fn pack(folders: &[PathBuf], out: &Path) -> Result<()> {
    let mut files = Vec::new();
    for folder in folders {
        list(folder, &mut files)?;
    }
    files.sort();
    let (done, total) = (AtomicUsize::new(0), files.len());
    let packed: Mutex<Vec<(usize, Packed)>> = Mutex::default();
    files.par_iter().enumerate().for_each(|(index, path)| {
        let name = name_of(path);
        if !is_scan_for_judging(&name) {
            match std::panic::catch_unwind(|| one(path, name.clone())) {
                Ok(Ok(object)) => packed.lock().unwrap().push((index, object)),
                Ok(Err(error)) => eprintln!("left out {name}: {error:#}"),
                Err(_) => eprintln!("left out {name}: can't be made smaller"),
            }
        }
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        if done.is_multiple_of(200) {
            eprintln!("{done} of {total}");
        }
    });
    let mut packed = packed.into_inner().unwrap();
    packed.sort_by_key(|(index, _)| *index);
    let packed: Vec<Packed> = packed.into_iter().map(|(_, object)| object).collect();
    let held_out = packed.iter().filter(|object| object.held_out).count();
    let bytes = postcard::to_stdvec(&packed)?;
    let bytes = zstd::encode_all(&bytes[..], 17)?;
    std::fs::File::create(out)?.write_all(&bytes)?;
    eprintln!(
        "{} objects ({held_out} held out), {} bytes",
        packed.len(),
        bytes.len()
    );
    Ok(())
}

/// Reads a packed file.
///
/// # Errors
/// A file that isn't one.
pub fn read(path: &Path) -> Result<Vec<Packed>> {
    let file =
        std::fs::File::open(path).with_context(|| format!("can't read {}", path.display()))?;
    let mut bytes = Vec::new();
    zstd::Decoder::new(file)?.read_to_end(&mut bytes)?;
    Ok(postcard::from_bytes(&bytes)?)
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries = std::fs::read_dir(folder)
        .with_context(|| format!("can't read the folder {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            list(&path, files)?;
        } else if path.extension().is_some_and(|ending| ending == "glb") {
            files.push(path);
        }
    }
    Ok(())
}

fn name_of(path: &Path) -> String {
    let part =
        |name: Option<&std::ffi::OsStr>| name.unwrap_or_default().to_string_lossy().into_owned();
    let folder = part(path.parent().and_then(Path::file_name));
    format!("{folder}/{}", part(path.file_stem()))
}

/// Copies of scans that quality is judged on must not be learnt from.
fn is_scan_for_judging(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let file = name.rsplit('/').next().unwrap_or(&name);
    let numbered = file.len() > 4
        && file.as_bytes()[..3].iter().all(u8::is_ascii_digit)
        && file.as_bytes()[3] == b'_';
    let scans = ["ycb", "gso", "google_scan"];
    numbered || scans.iter().any(|scan| name.contains(scan))
}

/// What photographs show is drawn more often than bricks of game levels.
fn weight_of(name: &str) -> f32 {
    let contains = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
    if contains(&["living_room", "hallway", "warehouse", "factory__"]) {
        0.1
    } else if contains(&[
        "modular",
        "dungeon",
        "buildings",
        "real_time",
        "kk_city",
        "Castle_Kit",
    ]) {
        0.5
    } else if contains(&[
        "sh3f",
        "chen",
        "market",
        "gazebo",
        "aws",
        "bigym",
        "drake",
        "infinigen",
    ]) {
        2.0
    } else {
        1.0
    }
}

/// Variants of one thing have names that differ in numbers only: they are held out together.
fn is_held_out(name: &str) -> bool {
    let family: String = name
        .to_ascii_lowercase()
        .trim_end_matches("-transformed")
        .chars()
        .filter(|c| c.is_ascii_alphabetic())
        .collect();
    let hash = family
        .bytes()
        .fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
        });
    (hash >> 20) % HELD_OUT == 0
}

fn one(path: &Path, name: String) -> Result<Packed> {
    let object = load::shrink(&load::load(path)?, FACES, TEXTURE);
    let bits = solid::carve(&object);
    let inside = bits.iter().filter(|bit| **bit).count();
    anyhow::ensure!(inside > 400, "hardly anything inside");
    let delta = |values: Vec<i32>, stride: usize| -> Vec<i32> {
        (0..values.len())
            .map(|i| values[i] - if i >= stride { values[i - stride] } else { 0 })
            .collect()
    };
    let textured = object
        .materials
        .iter()
        .any(|material| material.texture.is_some());
    let plain = object.colours.iter().all(|colour| *colour == Vec3::ONE);
    Ok(Packed {
        weight: weight_of(&name),
        held_out: is_held_out(&name),
        name,
        positions: delta(
            object
                .positions
                .iter()
                .flat_map(|p| (*p * 16384.0).round().to_array().map(|value| value as i32))
                .collect(),
            3,
        ),
        uvs: if textured {
            let flat = object.uvs.iter().flat_map(|uv| uv.to_array());
            delta(
                flat.map(|value| (value * 1024.0).round() as i32).collect(),
                2,
            )
        } else {
            Vec::new()
        },
        colours: if plain {
            Vec::new()
        } else {
            let flat = object.colours.iter().flat_map(|colour| colour.to_array());
            flat.map(|value| (value.clamp(0.0, 1.0) * 255.0).round() as u8)
                .collect()
        },
        triangles: delta(
            object
                .triangles
                .iter()
                .flatten()
                .map(|&i| i as i32)
                .collect(),
            1,
        ),
        material_of: object.material_of.clone(),
        materials: object
            .materials
            .iter()
            .map(|m| (m.base.to_array(), m.texture, m.roughness, m.metallic))
            .collect(),
        textures: object.textures.iter().map(encoded).collect::<Result<_>>()?,
        solid: runs(&bits),
    })
}

impl Packed {
    /// The object and which grid points are inside it.
    ///
    /// # Errors
    /// A texture that can't be read.
    pub fn unpacked(&self) -> Result<(Object, Vec<bool>)> {
        let sum = |values: &[i32], stride: usize| -> Vec<i32> {
            let mut values = values.to_vec();
            for i in stride..values.len() {
                values[i] += values[i - stride];
            }
            values
        };
        let triples = sum(&self.positions, 3);
        let positions: Vec<Vec3> = triples
            .as_chunks::<3>()
            .0
            .iter()
            .map(|p| Vec3::from(p.map(|value| value as f32)) / 16384.0)
            .collect();
        let count = positions.len();
        let mut uvs: Vec<Vec2> = sum(&self.uvs, 2)
            .as_chunks::<2>()
            .0
            .iter()
            .map(|uv| Vec2::from(uv.map(|value| value as f32)) / 1024.0)
            .collect();
        uvs.resize(count, Vec2::ZERO);
        let mut colours: Vec<Vec3> = self
            .colours
            .as_chunks::<3>()
            .0
            .iter()
            .map(|colour| Vec3::from(colour.map(f32::from)) / 255.0)
            .collect();
        colours.resize(count, Vec3::ONE);
        let object = Object {
            positions,
            normals: vec![Vec3::ZERO; count],
            uvs,
            colours,
            triangles: sum(&self.triangles, 1)
                .as_chunks::<3>()
                .0
                .iter()
                .map(|corners| corners.map(|i| i as u32))
                .collect(),
            material_of: self.material_of.clone(),
            materials: self
                .materials
                .iter()
                .map(|&(base, texture, roughness, metallic)| Material {
                    base: Vec3::from(base),
                    texture,
                    roughness,
                    metallic,
                })
                .collect(),
            textures: self
                .textures
                .iter()
                .map(|bytes| decoded(bytes))
                .collect::<Result<_>>()?,
        };
        let mut bits = Vec::with_capacity(SIDE * SIDE * SIDE);
        for (i, &length) in self.solid.iter().enumerate() {
            bits.resize(bits.len() + length as usize, i % 2 == 1);
        }
        Ok((object, bits))
    }
}

fn runs(bits: &[bool]) -> Vec<u32> {
    let (mut runs, mut current, mut length) = (Vec::new(), false, 0);
    for &bit in bits {
        if bit != current {
            runs.push(length);
            (current, length) = (bit, 0);
        }
        length += 1;
    }
    runs.push(length);
    runs
}

/// JPEG where nothing is see-through, PNG otherwise.
fn encoded(texture: &Texture) -> Result<Vec<u8>> {
    let bytes: Vec<u8> = texture.pixels.iter().flatten().copied().collect();
    let picture = image::RgbaImage::from_raw(texture.width, texture.height, bytes)
        .context("a texture without pixels")?;
    let mut out = std::io::Cursor::new(Vec::new());
    if texture.pixels.iter().any(|pixel| pixel[3] < 128) {
        picture.write_to(&mut out, image::ImageFormat::Png)?;
    } else {
        let opaque = image::DynamicImage::ImageRgba8(picture).to_rgb8();
        let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut out, 80);
        opaque.write_with_encoder(encoder)?;
    }
    Ok(out.into_inner())
}

fn decoded(bytes: &[u8]) -> Result<Texture> {
    let picture = image::load_from_memory(bytes)?.to_rgba8();
    Ok(Texture {
        width: picture.width(),
        height: picture.height(),
        pixels: picture.pixels().map(|pixel| pixel.0).collect(),
    })
}
