//! Judging a whole folder of pictures at a glance.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::tool::{self, command, root};
use crate::{binary, setup, web};

const PICTURES: [&str; 9] = [
    "png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff", "avif",
];

/// Converts every picture in `folder` into `out/sheets/` and draws `out/sheet.png`, a row each.
pub fn run(folder: &str) -> Result<()> {
    let folder = std::env::current_dir()?.join(folder);
    let pictures = listed(&folder, &PICTURES)?;
    ensure!(!pictures.is_empty(), "no pictures in {}", folder.display());
    web::build()?;
    let binary = binary::release()?;
    binary::pull_weights(&binary)?;

    let out = root().join("out");
    let (models, sheet) = (out.join("sheets"), out.join("sheet.png"));
    // Emptied first: an old row must not pass for a new one.
    if models.exists() {
        std::fs::remove_dir_all(&models)?;
    }
    std::fs::create_dir_all(&models)?;
    let converted = tool::run(
        command(&binary)
            .arg("convert")
            .args(&pictures)
            .arg("-o")
            .arg(&models)
            .arg("--sheet")
            .arg(&models),
    );
    // One bad picture doesn't keep the others from being judged.
    let rows = listed(&models, &["png"])?;
    ensure!(!rows.is_empty(), "none of the pictures gave a model");
    let python = setup::python()?;
    tool::run(
        command(python)
            .arg("xtask/stack.py")
            .arg(&sheet)
            .args(&rows),
    )?;
    println!(
        "\n{} of {} pictures: {}",
        rows.len(),
        pictures.len(),
        sheet.display()
    );
    converted
}

/// The files with one of these endings, sorted, so that two runs can be laid side by side.
fn listed(folder: &Path, endings: &[&str]) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder)
        .with_context(|| format!("can't read the folder {}", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let ending = path.extension().map(|ending| ending.to_ascii_lowercase());
        if ending.is_some_and(|ending| endings.iter().any(|known| ending == *known)) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
