//! How close the models come to the real thing: `cargo xtask quality`, and `cargo xtask oracle`, which
//! asks what would be left of the error if the network knew everything.
//!
//! Scans are photographed ([`views`]), the program turns the pictures into models ([`product`]),
//! and each model is laid over the scan it came from ([`align`]) and compared with it
//! ([`score`]): surfaces ([`cloud`]), solids ([`solid`]), pictures of the unseen sides
//! ([`pictures`]). Beside every figure stand those of the plainer guesses in the same run.

pub mod align;
pub mod camera;
pub mod cloud;
pub mod ellipsoid;
pub mod object;
pub mod pictures;
pub mod product;
pub mod render;
pub mod report;
pub mod score;
pub mod sheet;
pub mod solid;
pub mod views;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use mesh::Model;
use rayon::prelude::*;

use views::Shot;

/// Tells on standard error how far a long step has come.
pub fn progress(what: &str, done: usize, of: usize) {
    eprint!(
        "\r{what}: {done} of {of}{}",
        if done == of { "\n" } else { "" }
    );
}

/// The files of a folder, sorted by name.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder)
        .with_context(|| format!("can't read the folder {}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    files.sort();
    Ok(files)
}

/// Every scan with its name.
pub fn load(folder: &Path) -> Result<Vec<(String, Model)>> {
    let mut files = files(folder)?;
    files.retain(|path| path.extension().is_some_and(|ending| ending == "glb"));
    ensure!(
        !files.is_empty(),
        "no .glb files in {}; name a folder with --data",
        folder.display()
    );
    let load = |path: &PathBuf| {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        Ok((name.into_owned(), object::load(path)?))
    };
    files.par_iter().map(load).collect()
}

/// The object, normalised, as the shot's camera stands in front of it.
pub fn facing(object: &Model, shot: &Shot) -> Model {
    object::normalised(object, -shot.azimuth_deg)
}
