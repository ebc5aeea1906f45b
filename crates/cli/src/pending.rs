//! Files that appear whole or not at all: everything is written under another name in the same
//! folder first, and that file vanishes if anything goes wrong.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// Something can't be written, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum WriteFailed {
    #[error("can't write {}: {reason}", path.display())]
    File { path: PathBuf, reason: String },
    #[error("can't write to standard output: {0}")]
    Stdout(io::Error),
}

impl WriteFailed {
    fn at(path: &Path) -> impl Fn(io::Error) -> Self + '_ {
        move |error| {
            let reason = match error.kind() {
                io::ErrorKind::StorageFull => "the disk is full; free some space".into(),
                io::ErrorKind::PermissionDenied => {
                    "no permission; choose another folder with -o".into()
                }
                io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
                    "part of the path is a file, not a folder".into()
                }
                _ => error.to_string(),
            };
            Self::File {
                path: path.into(),
                reason,
            }
        }
    }
}

/// A file under a temporary name.
pub struct Pending {
    path: PathBuf,
    file: NamedTempFile,
}

impl Pending {
    /// Makes the folder and opens the file, so that a target that can't be written fails now.
    pub fn open(path: PathBuf) -> Result<Self, WriteFailed> {
        let folder = match path.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        let failed = WriteFailed::at(&path);
        if path.is_dir() {
            return Err(failed(io::Error::other(
                "a folder of that name is in the way",
            )));
        }
        std::fs::create_dir_all(folder).map_err(&failed)?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(".ai3dgen-");
        // The permissions of any new file, not those of a secret temporary one.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let file = builder.tempfile_in(folder).map_err(&failed)?;
        drop(failed);
        Ok(Self { path, file })
    }

    /// Where it will be.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes all of it.
    pub fn fill(&mut self, bytes: &[u8]) -> Result<(), WriteFailed> {
        let failed = WriteFailed::at(&self.path);
        self.file.write_all(bytes).map_err(&failed)?;
        self.file.as_file().sync_all().map_err(&failed)
    }

    /// Gives it its name.
    pub fn publish(self) -> Result<PathBuf, WriteFailed> {
        let Self { path, file } = self;
        match file.persist(&path) {
            Ok(_) => Ok(path),
            Err(error) => Err(WriteFailed::at(&path)(error.error)),
        }
    }
}

/// Writes all bytes to standard output.
pub fn to_stdout(bytes: &[u8]) -> Result<(), WriteFailed> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)
        .and_then(|()| out.flush())
        .map_err(WriteFailed::Stdout)
}
