//! What we write, read by programs that are not ours.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result};

use crate::setup;
use crate::tool::{self, command, output, root};

/// The ways through the program that give differently made models.
const WAYS: [(&str, &[&str]); 3] = [
    ("builtin", &[]),
    ("inflate", &["--engine", "inflate"]),
    ("small", &["--faces", "2000", "--texture", "256"]),
];

/// Converts the example picture in several ways and has every model read.
pub fn run(binary: &Path) -> Result<()> {
    let python = setup::python()?;
    setup::readers()?;
    let folder = tempfolder()?;
    let mut models = Vec::new();
    for (name, options) in WAYS {
        let model = folder.join(name).with_extension("glb");
        tool::run(
            command(binary)
                .args(["convert", "examples/teapot.jpg", "-o"])
                .arg(&model)
                .args(options),
        )?;
        models.push(model);
    }
    tool::run(
        command("node")
            .arg("tests/readers/validate.mjs")
            .args(&models),
    )?;
    tool::run(
        command(&python)
            .arg("tests/readers/measure.py")
            .args(&models),
    )?;
    every_format(binary, &python, &models[0], &folder.join("formats"))?;
    turntables(binary, &folder, &python)
}

/// Exports one model to every format, has each read, and writes the table.
fn every_format(binary: &Path, python: &Path, model: &Path, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut written = String::new();
    for format in ["glb", "gltf", "obj", "stl", "3mf", "ply", "usdz"] {
        let mut export = command(binary);
        let file = folder.join("model").with_extension(format);
        export
            .args(["export", "--json"])
            .arg(model)
            .arg("-o")
            .arg(file);
        let line = output(&mut export).with_context(|| format!("the export to {format} failed"))?;
        written += &format!("{line}\n");
    }
    std::fs::write(folder.join("written.jsonl"), written)?;
    let gltf = [folder.join("model.glb"), folder.join("model.gltf")];
    tool::run(command("node").arg("tests/readers/validate.mjs").args(gltf))?;
    let script = |name: &str| Path::new("tests/readers").join(name);
    tool::run(command(python).arg(script("formats.py")).arg(folder))?;
    if let Some(blender) = setup::blender()? {
        tool::run(
            command(blender)
                .arg(script("blender.py"))
                .arg(folder)
                .stdout(Stdio::null()),
        )?;
    }
    tool::run(
        command(python)
            .arg(script("table.py"))
            .arg(folder)
            .arg("docs/formats.md"),
    )
}

/// Films the example in every kind and has every film played.
fn turntables(binary: &Path, folder: &Path, python: &Path) -> Result<()> {
    let mut films = Vec::new();
    for kind in ["webp", "gif", "mp4"] {
        let film = folder.join("turntable").with_extension(kind);
        tool::run(
            command(binary)
                .args(["convert", "examples/teapot.jpg", "-o"])
                .arg(folder.join("turntable.glb"))
                .arg("--turntable")
                .arg(&film),
        )?;
        films.push(film);
    }
    tool::run(
        command(python)
            .arg("tests/readers/animation.py")
            .args(&films),
    )
}

/// Emptied at each run, so that an old model never passes for a new one.
fn tempfolder() -> Result<std::path::PathBuf> {
    let folder = root().join("out/readers");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}
