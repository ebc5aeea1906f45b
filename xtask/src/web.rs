//! The web assets, which the binary embeds: they have to exist before Cargo builds it.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result};

use crate::tool::{self, command, root};

/// Builds `web/dist`, unless it is newer than everything it is made from.
pub fn build() -> Result<()> {
    let web = root().join("web");
    install(&web)?;
    let built = modified(&web.join("dist/manifest.json"));
    if built.is_some() && built > newest_source(&web)? {
        return Ok(());
    }
    tool::run(
        command("npm")
            .args(["run", "--silent", "build"])
            .current_dir(&web),
    )
}

/// The unit tests of the browser code.
pub fn test() -> Result<()> {
    build()?;
    tool::run(
        command("npm")
            .args(["run", "--silent", "test"])
            .current_dir(root().join("web")),
    )
}

/// `npm ci`, unless the installed packages are those of the lock file.
pub fn install(folder: &Path) -> Result<()> {
    let lock = folder.join("package-lock.json");
    let wanted =
        std::fs::read_to_string(&lock).with_context(|| format!("can't read {}", lock.display()))?;
    let stamp = folder.join("node_modules/.lock-installed");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    tool::run(
        command("npm")
            .args(["ci", "--no-audit", "--no-fund"])
            .current_dir(folder),
    )?;
    // npm makes no folder where there is nothing to install.
    std::fs::create_dir_all(folder.join("node_modules"))?;
    std::fs::write(stamp, wanted)?;
    Ok(())
}

fn modified(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).ok()?.modified().ok()
}

/// When anything in the folder last changed, apart from what tools put there.
fn newest_source(folder: &Path) -> Result<Option<SystemTime>> {
    let mut newest = None;
    let mut waiting: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let entry = entry?;
            if ["dist", "node_modules"]
                .iter()
                .any(|made| entry.file_name() == *made)
            {
                continue;
            }
            if entry.file_type()?.is_dir() {
                waiting.push(entry.path());
            } else {
                newest = newest.max(modified(&entry.path()));
            }
        }
    }
    Ok(newest)
}
