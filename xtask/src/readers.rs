//! What we write, read by programs that are not ours.

use std::path::Path;

use anyhow::Result;

use crate::setup;
use crate::tool::{self, command, root};

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
        command(python)
            .arg("tests/readers/measure.py")
            .args(&models),
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
