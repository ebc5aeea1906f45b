//! Every model of a whole set of pictures, held to what is promised of all models.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::tool::{self, command, root};
use crate::{binary, setup, web};

/// Converts scans' pictures and photographs at every tier, checks each model with programs of ours
/// and others, and writes `bench/outputs.md`. Fails if any model is not as promised.
pub fn run(options: &[&str]) -> Result<()> {
    let options = Options::of(options)?;
    needed(&options.photos, "--photos")?;
    let python = setup::python()?;
    setup::readers()?;
    let binary = release(options.binary.as_deref())?;
    let out = root().join("out/outputs");
    let scans = scan_pictures(&options.data, &out.join("pictures"))?;
    let page = if options.quick {
        "out/outputs/outputs.md"
    } else {
        "bench/outputs.md"
    };
    let mut judge = command(python);
    judge
        .arg("bench/outputs.py")
        .args([&binary, &scans, &options.photos])
        .arg(page);
    if options.quick {
        judge.arg("--quick");
    }
    tool::run(&mut judge)
}

/// The named build, or the release with all it needs.
pub fn release(named: Option<&Path>) -> Result<PathBuf> {
    if let Some(named) = named {
        return Ok(named.to_owned());
    }
    setup::tools()?;
    web::build()?;
    let binary = binary::release()?;
    binary::pull_weights(&binary)?;
    Ok(binary)
}

/// Has the quality harness photograph each scan once; returns the folder with the pictures.
pub fn scan_pictures(scans: &Path, folder: &Path) -> Result<PathBuf> {
    needed(scans, "--data")?;
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    tool::run(
        command(binary::quality()?)
            .args(["--views", "1", "--binary", "none", "--data"])
            .arg(scans)
            .arg("--pictures")
            .arg(folder),
    )?;
    Ok(folder.to_owned())
}

/// What can be told to this chore and to the gallery.
pub struct Options {
    /// Scans.
    pub data: PathBuf,
    /// Photographs.
    pub photos: PathBuf,
    /// A build to use instead of this tree's.
    pub binary: Option<PathBuf>,
    /// Little of it, and not into the repository.
    pub quick: bool,
}

impl Options {
    /// Folders are relative to where the person is.
    pub fn of(words: &[&str]) -> Result<Self> {
        let shared = root().join("../shared/data");
        let mut options = Self {
            data: shared.join("dev-eval"),
            photos: shared.join("photos"),
            binary: None,
            quick: false,
        };
        let here = std::env::current_dir()?;
        let mut words = words.iter();
        while let Some(&word) = words.next() {
            if word == "--quick" {
                options.quick = true;
                continue;
            }
            let value = words
                .next()
                .with_context(|| format!("{word} needs a value"));
            match word {
                "--data" => options.data = here.join(value?),
                "--photos" => options.photos = here.join(value?),
                "--binary" => options.binary = Some(here.join(value?)),
                _ => bail!("unknown option {word}"),
            }
        }
        Ok(options)
    }
}

fn needed(folder: &Path, option: &str) -> Result<()> {
    let shown = folder.display();
    ensure!(folder.is_dir(), "no folder {shown}; name one with {option}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_value_and_a_misspelt_option_are_named() {
        let complaint = |words: &[&str]| Options::of(words).err().map(|e| e.to_string());
        let bare = complaint(&["--data"]).unwrap_or_default();
        assert!(bare.contains("--data"), "{bare}");
        let misspelt = complaint(&["--fotos", "x"]).unwrap_or_default();
        assert!(misspelt.contains("--fotos"), "{misspelt}");
    }

    #[test]
    fn folders_are_where_the_person_says() {
        let here = env!("CARGO_MANIFEST_DIR");
        let options = Options::of(&["--data", here, "--photos", here, "--quick"]);
        let options = options.expect("all options are known");
        assert!(options.quick && options.data == Path::new(here));
    }
}
