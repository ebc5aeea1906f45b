//! Judging a whole folder of pictures at a glance.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::tool::{self, command, root};
use crate::{binary, web};

/// Converts every picture in `folder` into `out/sheets/` and draws `out/sheet.png`, a row each.
pub fn run(folder: &str) -> Result<()> {
    let folder = std::env::current_dir()?.join(folder);
    let pictures = pictures(&folder)?;
    ensure!(!pictures.is_empty(), "no pictures in {}", folder.display());
    web::build()?;
    let binary = binary::release()?;
    binary::pull_weights(&binary)?;

    let out = root().join("out");
    let (models, sheet) = (out.join("sheets"), out.join("sheet.png"));
    std::fs::create_dir_all(&models)?;
    tool::run(
        command(&binary)
            .arg("convert")
            .args(&pictures)
            .arg("-o")
            .arg(&models)
            .arg("--sheet")
            .arg(&sheet),
    )?;
    println!("\n{} pictures: {}", pictures.len(), sheet.display());
    Ok(())
}

/// Sorted, so that two runs can be laid side by side.
fn pictures(folder: &Path) -> Result<Vec<PathBuf>> {
    let endings = [
        "png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff", "avif",
    ];
    let entries = std::fs::read_dir(folder)
        .with_context(|| format!("can't read the folder {}", folder.display()))?;
    let mut pictures = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let ending = path.extension().map(|ending| ending.to_ascii_lowercase());
        if ending.is_some_and(|ending| endings.iter().any(|known| ending == *known)) {
            pictures.push(path);
        }
    }
    pictures.sort();
    Ok(pictures)
}
