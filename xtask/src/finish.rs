//! From a sampled field to a finished model, measured beside Python's libraries.

use anyhow::Result;

use crate::setup;
use crate::tool::{self, command, root};

/// Measures and writes `bench/finish/finish.md`.
pub fn run() -> Result<()> {
    let python = setup::with_packages(".venv-finish", "bench/finish/requirements.txt")?;
    tool::run(command("cargo").args(["build", "--release", "--package", "finish"]))?;
    tool::run(
        command(python)
            .arg("bench/finish/finish.py")
            .arg(root().join("target/release/finish")),
    )
}
