//! The benchmark: what a user waits for and what it costs the machine.

use anyhow::Result;

use crate::tool::{self, command};
use crate::{binary, setup, web};

/// Measures the release build and writes `bench/convert.md`.
pub fn run() -> Result<()> {
    setup::tools()?;
    web::build()?;
    let binary = binary::release()?;
    binary::pull_weights(&binary)?;
    // Python, because peak memory of a child (wait4) needs `unsafe` in Rust.
    tool::run(command("python3").arg("bench/convert.py").arg(binary))
}
