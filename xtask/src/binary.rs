//! The program itself, as users and as tests run it.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

use crate::tool::{self, cargo, command, root};

const NAME: &str = "ai3dgen";

/// A download larger than this is a burden; the models inside are most of it.
const MAX_BYTES: u64 = 60 * 1024 * 1024;

fn path(profile: &str, name: &str) -> PathBuf {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    root().join(target).join(profile).join(name)
}

/// Builds the program as users get it.
pub fn release() -> Result<PathBuf> {
    tool::run(cargo().args(["build", "--release", "--package", NAME]))?;
    Ok(path("release", NAME))
}

/// Builds the program that scores models, as fast as the one it scores.
pub fn quality() -> Result<PathBuf> {
    tool::run(cargo().args(["build", "--release", "--package", "quality"]))?;
    Ok(path("release", "quality"))
}

/// Builds the program that puts the truth in the network's place.
pub fn oracle() -> Result<PathBuf> {
    let package = ["--package", "quality", "--bin", "oracle"];
    tool::run(cargo().args(["build", "--release"]).args(package))?;
    Ok(path("release", "oracle"))
}

/// Builds the program that kills the server, loads it and watches its vault.
pub fn service() -> Result<PathBuf> {
    tool::run(cargo().args(["build", "--release", "--package", "service-bench"]))?;
    Ok(path("release", "service"))
}

/// Builds the program that flattens known shapes and scores what others make of them.
pub fn unwrap() -> Result<PathBuf> {
    let package = ["--package", "finish", "--bin", "unwrap"];
    tool::run(cargo().args(["build", "--release"]).args(package))?;
    Ok(path("release", "unwrap"))
}

/// The program that `cargo test` leaves behind, because the command line's own tests run it: a
/// separate `cargo build` would compile much of it again, with other features.
pub fn tested() -> Result<PathBuf> {
    let binary = path("debug", NAME);
    if !binary.exists() {
        tool::run(cargo().args(["build", "--package", NAME]))?;
    }
    Ok(binary)
}

/// Fetches the weights that the tests run; does nothing if they are there.
pub fn pull_weights(binary: &Path) -> Result<()> {
    ["u2netp", "waifu2x", "ffdnet", "multistyle", "realesrgan"]
        .into_iter()
        .try_for_each(|name| tool::run(command(binary).args(["models", "pull", name])))
}

/// Bytes on disk.
pub fn bytes(binary: &Path) -> Result<u64> {
    Ok(std::fs::metadata(binary)?.len())
}

/// Builds the release and holds it to its size.
pub fn check_release() -> Result<()> {
    let size = bytes(&release()?)?;
    let megabytes = size as f64 / 1024.0 / 1024.0;
    println!("{NAME} is {megabytes:.1} MiB");
    ensure!(
        size <= MAX_BYTES,
        "the binary is {megabytes:.1} MiB, more than 60"
    );
    Ok(())
}
