//! The program itself, used as people use it: pictures in, models out.

use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

/// One way to make models with a build of the program.
pub struct Engine {
    /// What the tables call it.
    pub name: &'static str,
    /// Which build.
    pub binary: PathBuf,
    /// What is added to `convert`.
    pub options: Vec<OsString>,
}

impl Engine {
    /// Converts all pictures into `folder`, one `.glb` of the same name each. A picture that gives
    /// no model leaves none; the program has said why on standard error.
    ///
    /// # Errors
    /// The program can't be started.
    pub fn convert(&self, pictures: &[PathBuf], folder: &Path) -> Result<()> {
        std::fs::create_dir_all(folder)?;
        let mut child = Command::new(&self.binary)
            .arg("convert")
            .args(pictures)
            .arg("-o")
            .arg(folder)
            .args(&self.options)
            .arg("--json")
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("can't start {}", self.binary.display()))?;
        // One line per picture.
        let lines = child.stdout.take().map(|out| BufReader::new(out).lines());
        for (done, _) in (1..).zip(lines.into_iter().flatten()) {
            crate::progress(self.name, done, pictures.len());
        }
        child.wait()?;
        Ok(())
    }

    /// Converts one object from its front and other sides, each named as its option is. Leaves no
    /// model where the program made none.
    ///
    /// # Errors
    /// The program can't be started.
    pub fn convert_sides(&self, front: &Path, others: &[(&str, PathBuf)], to: &Path) -> Result<()> {
        let mut command = Command::new(&self.binary);
        command.arg("convert").arg(front).arg("-o").arg(to);
        for (side, picture) in others {
            command.arg(format!("--{side}")).arg(picture);
        }
        command
            .args(&self.options)
            .arg("--json")
            .stdout(Stdio::null())
            .status()
            .with_context(|| format!("can't start {}", self.binary.display()))?;
        Ok(())
    }
}
