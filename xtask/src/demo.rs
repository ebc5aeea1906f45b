//! The first thing a newcomer runs.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

use crate::tool::{self, command, root};
use crate::{binary, setup, web};

const EXAMPLE: &str = "examples/teapot.jpg";

/// From a picture to a model, building whatever is missing on the way.
pub fn run(picture: Option<&str>) -> Result<()> {
    // A path on the command line is relative to where the person stands.
    let picture = match picture {
        Some(path) => std::env::current_dir()?.join(path),
        None => root().join(EXAMPLE),
    };
    ensure!(
        picture.is_file(),
        "there is no picture at {}",
        picture.display()
    );
    setup::tools()?;
    web::build()?;
    let binary = binary::release()?;
    binary::pull_weights(&binary)?;
    convert(&binary, &picture)
}

/// The program itself says where the model is, how long it took and how to look at it.
fn convert(binary: &Path, picture: &Path) -> Result<()> {
    let out = root().join("out");
    std::fs::create_dir_all(&out)?;
    let (model, preview): (PathBuf, PathBuf) = (out.join("model.glb"), out.join("preview.png"));
    tool::run(
        command(binary)
            .arg("convert")
            .arg(picture)
            .arg("-o")
            .arg(&model)
            .arg("--preview")
            .arg(&preview),
    )
}
