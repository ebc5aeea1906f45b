//! A folder, pictures in it, and the program run there.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use imaging::{Picture, encode_png};

pub struct Folder {
    dir: tempfile::TempDir,
}

impl Folder {
    pub fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// Names of everything in the folder, hidden files included, sorted.
    pub fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.dir.path()).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// The program, started in this folder, where no weights are installed.
    pub fn program(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ai3dgen"));
        command
            .current_dir(self.dir.path())
            .env("AI3DGEN_MODELS_DIR", self.path("no-weights"));
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.program().args(arguments).output().unwrap()
    }

    pub fn dir(&self) -> &Path {
        self.dir.path()
    }
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A PNG whose pixels come from `pixel(x, y)`.
pub fn png(side: u32, mut pixel: impl FnMut(f32, f32) -> [u8; 4]) -> Vec<u8> {
    let at = |i: u32| (i as f32 + 0.5) / side as f32 * 2.0 - 1.0;
    let rgba = (0..side * side)
        .flat_map(|i| pixel(at(i % side), at(i / side)))
        .collect();
    encode_png(&Picture::new(side, side, rgba))
}

/// A cut-out ball with stripes: brings its own alpha, so it needs no weights.
pub fn ball() -> Vec<u8> {
    png(256, |x, y| {
        let inside = x.hypot(y) < 0.7;
        let stripe = if (x * 9.0).sin() > 0.0 { 220 } else { 90 };
        [stripe, 120, 60, if inside { 255 } else { 0 }]
    })
}
