//! How good the models are, against scans of real objects.

use std::process::Command;

use anyhow::Result;

use crate::{binary, setup, tool, web};

/// Scores the release build and writes `bench/quality/`. `options` are the scoring program's own:
/// `cargo xtask quality --help` lists them.
pub fn run(options: &[&str]) -> Result<()> {
    setup::tools()?;
    web::build()?;
    let binary = binary::release()?;
    binary::pull_weights(&binary)?;
    // Not in the repository's folder: folders in the options are relative to where the person is.
    tool::run(
        Command::new(binary::quality()?)
            .arg("--binary")
            .arg(binary)
            .args(options),
    )
}

/// Scores what the engine would make if its network knew the scans, and writes
/// `bench/quality/oracle.md`.
pub fn oracle(options: &[&str]) -> Result<()> {
    tool::run(Command::new(binary::oracle()?).args(options))
}
