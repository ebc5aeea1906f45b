//! Where things go. A file appears whole or not at all: everything is written under another name
//! in the same folder first, and that file vanishes if anything goes wrong.

use std::collections::HashSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use engine::Artifacts;
use tempfile::NamedTempFile;

use super::ConvertArgs;
use super::input::Input;

/// What can't be written, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    #[error("several pictures need a folder to write to: -o FOLDER/ (not a file, not -)")]
    NeedsFolder,
    #[error("{0}: only .glb models can be written; name the output something.glb")]
    Format(String),
    #[error("two of the pictures would both become {}; convert them separately", .0.display())]
    Collision(PathBuf),
    #[error("can't write {}: {reason}", path.display())]
    Write { path: PathBuf, reason: String },
    #[error("can't write to standard output: {0}")]
    Stdout(io::Error),
}

impl OutputError {
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
            Self::Write {
                path: path.into(),
                reason,
            }
        }
    }
}

/// Where one picture's results go.
#[derive(Clone, Debug)]
pub struct Targets {
    /// `None`: standard output.
    pub model: Option<PathBuf>,
    pub preview: Option<PathBuf>,
    pub sheet: Option<PathBuf>,
}

/// Names every target, before any work.
pub fn targets(
    inputs: Vec<Input>,
    args: &ConvertArgs,
) -> Result<Vec<(Input, Targets)>, OutputError> {
    let many = inputs.len() > 1;
    let mut taken = HashSet::new();
    let mut plan = Vec::new();
    for input in inputs {
        let targets = Targets {
            model: model_path(&input, args, many)?,
            preview: args
                .preview
                .as_ref()
                .map(|to| picture_path(&input, to, many)),
            sheet: args.sheet.as_ref().map(|to| picture_path(&input, to, many)),
        };
        for path in [&targets.model, &targets.preview, &targets.sheet]
            .into_iter()
            .flatten()
        {
            if !taken.insert(path.clone()) {
                return Err(OutputError::Collision(path.clone()));
            }
        }
        plan.push((input, targets));
    }
    Ok(plan)
}

fn model_path(
    input: &Input,
    args: &ConvertArgs,
    many: bool,
) -> Result<Option<PathBuf>, OutputError> {
    let file = format!("{}.glb", input.stem());
    match args.output.as_deref() {
        None => Ok(Some(file.into())),
        Some("-") if many => Err(OutputError::NeedsFolder),
        Some("-") => Ok(None),
        Some(to) if to.ends_with('/') || Path::new(to).is_dir() => {
            Ok(Some(Path::new(to).join(file)))
        }
        Some(to) if many && Path::new(to).extension().is_some() => Err(OutputError::NeedsFolder),
        Some(to) if many => Ok(Some(Path::new(to).join(file))),
        Some(to)
            if Path::new(to)
                .extension()
                .is_some_and(|e| e.eq_ignore_ascii_case("glb")) =>
        {
            Ok(Some(to.into()))
        }
        Some(to) => Err(OutputError::Format(to.into())),
    }
}

fn picture_path(input: &Input, to: &Path, many: bool) -> PathBuf {
    if many || to.is_dir() {
        to.join(format!("{}.png", input.stem()))
    } else {
        to.into()
    }
}

/// Open files under temporary names.
pub struct Files {
    model: Option<Pending>,
    preview: Option<Pending>,
    sheet: Option<Pending>,
}

/// What was written where.
pub struct Written {
    pub model: Option<PathBuf>,
    pub preview: Option<PathBuf>,
    pub sheet: Option<PathBuf>,
}

impl Targets {
    /// Makes the folders and opens the files, so that a target that can't be written fails now.
    pub fn open(self) -> Result<Files, OutputError> {
        let pending = |path: Option<PathBuf>| path.map(Pending::open).transpose();
        Ok(Files {
            model: pending(self.model)?,
            preview: pending(self.preview)?,
            sheet: pending(self.sheet)?,
        })
    }
}

impl Files {
    /// Fills all files, then gives them their names.
    pub fn write(
        mut self,
        artifacts: &Artifacts,
        sheet: impl FnOnce() -> Vec<u8>,
    ) -> Result<Written, OutputError> {
        if let Some(pending) = &mut self.preview {
            pending.fill(&artifacts.preview_png)?;
        }
        if let Some(pending) = &mut self.sheet {
            pending.fill(&sheet())?;
        }
        match &mut self.model {
            Some(pending) => pending.fill(&artifacts.glb)?,
            None => {
                let mut out = io::stdout().lock();
                out.write_all(&artifacts.glb)
                    .and_then(|()| out.flush())
                    .map_err(OutputError::Stdout)?;
            }
        }
        let named = |pending: Option<Pending>| pending.map(Pending::publish).transpose();
        Ok(Written {
            model: named(self.model)?,
            preview: named(self.preview)?,
            sheet: named(self.sheet)?,
        })
    }
}

struct Pending {
    path: PathBuf,
    file: NamedTempFile,
}

impl Pending {
    fn open(path: PathBuf) -> Result<Self, OutputError> {
        let folder = match path.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        let failed = OutputError::at(&path);
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

    fn fill(&mut self, bytes: &[u8]) -> Result<(), OutputError> {
        let failed = OutputError::at(&self.path);
        self.file.write_all(bytes).map_err(&failed)?;
        self.file.as_file().sync_all().map_err(&failed)
    }

    fn publish(self) -> Result<PathBuf, OutputError> {
        let Self { path, file } = self;
        match file.persist(&path) {
            Ok(_) => Ok(path),
            Err(error) => Err(OutputError::at(&path)(error.error)),
        }
    }
}
