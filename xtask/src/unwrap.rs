//! How we flatten surfaces, beside two general unwrappers.

use anyhow::Result;

use crate::outputs::{self, Options};
use crate::setup;
use crate::tool::{self, command, root};

/// The pictures whose models are flattened, beside the known shapes.
const PICTURES: [&str; 2] = ["examples/bucket.jpg", "examples/teapot.jpg"];

/// Measures and writes `bench/finish/unwrap.md`.
pub fn run(options: &[&str]) -> Result<()> {
    let options = Options::of(options)?;
    let python = setup::with_packages(".venv-finish", "bench/finish/requirements.txt")?;
    let binary = outputs::release(options.binary.as_deref())?;
    let models = root().join("out/unwrap");
    std::fs::create_dir_all(&models)?;
    tool::run(
        command(binary)
            .arg("convert")
            .args(PICTURES)
            .arg("-o")
            .arg(&models),
    )?;
    let program = crate::binary::unwrap()?;
    let models = ["bucket.glb", "teapot.glb"].map(|name| models.join(name));
    tool::run(
        command(python)
            .arg("bench/finish/unwrap.py")
            .arg(program)
            .args(models),
    )
}
