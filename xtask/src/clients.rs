//! Our own clients: the packages for Python and TypeScript, and Blender's add-on.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::report::Outcome;
use crate::setup;
use crate::tool::{self, command, root};

/// Packages have the program's version; where a package says another one, its file isn't found.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Each package has them, too; the copies are in no commit.
const LICENCES: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];

/// Where they are built.
fn folder() -> PathBuf {
    root().join("target/clients")
}

fn wheel() -> PathBuf {
    folder().join(format!("ai3dgen-{VERSION}-py3-none-any.whl"))
}

fn tarball() -> PathBuf {
    folder().join(format!("ai3dgen-{VERSION}.tgz"))
}

fn addon() -> PathBuf {
    folder().join(format!("ai3dgen-blender-{VERSION}.zip"))
}

/// Builds all of them into `target/clients`, as they would be published.
pub fn build() -> Result<()> {
    let python = setup::clients()?;
    std::fs::create_dir_all(folder())?;
    for old in [wheel(), tarball(), addon()] {
        if old.exists() {
            std::fs::remove_file(old)?;
        }
    }
    let generate = "clients/python/generate.py --check";
    run(&mut command(&python), generate, &[])?;
    let types = "-m mypy --config-file clients/python/pyproject.toml clients/python/src";
    run(&mut command(&python), types, &[])?;
    for licence in LICENCES {
        for package in ["python", "typescript"] {
            let copy = root().join("clients").join(package).join(licence);
            std::fs::copy(root().join(licence), copy)?;
        }
    }
    let package = "-m build --no-isolation clients/python --outdir";
    run(&mut command(&python), package, &[&folder()])?;
    run(&mut npm(), "run --silent build", &[])?;
    run(&mut npm(), "pack --silent --pack-destination", &[&folder()])?;
    let source = root().join("clients/blender/ai3dgen_addon.py");
    run(&mut command(&python), "-m zipfile -c", &[&addon(), &source])?;
    for built in [wheel(), tarball(), addon()] {
        let found = built.metadata();
        found.with_context(|| format!("{} was not built", built.display()))?;
    }
    println!("Built into {}", folder().display());
    Ok(())
}

fn npm() -> Command {
    let mut npm = command("npm");
    npm.current_dir(root().join("clients/typescript"));
    npm
}

/// Runs a program with the arguments of one line, and files after them.
fn run(program: &mut Command, line: &str, files: &[&Path]) -> Result<()> {
    tool::run(program.args(line.split_whitespace()).args(files))
}

/// The wheel, installed, against the running server.
pub fn test_python(server: &Path) -> Result<()> {
    let python = setup::clients()?;
    let install = "-m pip install --quiet --disable-pip-version-check --no-deps --force-reinstall";
    run(&mut command(&python), install, &[&wheel()])?;
    tool::run(
        command(&python)
            .arg("tests/api/package_python.py")
            .env("AI3DGEN_BIN", server),
    )
}

/// The tarball, installed, against the running server: in Node, and in a page.
pub fn test_typescript(server: &Path) -> Result<()> {
    let user = folder().join("npm");
    if user.exists() {
        std::fs::remove_dir_all(&user)?;
    }
    std::fs::create_dir_all(&user)?;
    std::fs::write(user.join("package.json"), r#"{ "private": true }"#)?;
    let install = "install --silent --no-audit --no-fund";
    run(command("npm").current_dir(&user), install, &[&tarball()])?;
    tool::run(
        command("node")
            .args(["--test", "tests/api/package_typescript.test.mjs"])
            .env("AI3DGEN_PACKAGE", user)
            .env("AI3DGEN_BIN", server)
            .env("CHROMIUM", setup::chromium()?),
    )
}

/// The add-on, installed into Blender, against the running server.
pub fn test_blender(server: &Path) -> Result<Outcome> {
    let Some(blender) = setup::blender()? else {
        return Ok(Outcome::NotRun("there is no Blender for this Python"));
    };
    tool::run(
        command(blender)
            .arg("tests/api/addon.py")
            .arg(addon())
            .env("AI3DGEN_BIN", server),
    )
    .map(Into::into)
}
