//! Where a model goes, and in which format.

use std::path::{Path, PathBuf};

use formats::{Format, Written};

use crate::pending::{Pending, WriteFailed, to_stdout};

/// No file of ours can have that name or go there; says which can.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    #[error("several inputs need a folder to write to: -o FOLDER/ (not a file, not -)")]
    NeedsFolder,
    #[error("{0}: name the output something.glb, .gltf, .obj, .obj.zip, .stl, .3mf, .ply or .usdz")]
    Format(String),
    #[error("{path} is no {} file; leave out --format or change the name", format.name())]
    Disagree { path: String, format: Format },
}

/// One model's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// `None`: standard output.
    pub path: Option<PathBuf>,
    /// What is written there.
    pub format: Format,
}

impl Target {
    /// Where the model called `stem` goes if the person said `-o output --format format`. In folders
    /// and on standard output everything is one file: what has companions is zipped.
    pub fn new(
        stem: &str,
        output: Option<&str>,
        format: Option<Format>,
        many: bool,
    ) -> Result<Self, TargetError> {
        let chosen = format.unwrap_or(Format::Glb);
        let file = format!("{stem}.{}", chosen.extension());
        let at = |path: PathBuf| Self {
            path: Some(path),
            format: chosen,
        };
        let Some(to) = output else {
            return Ok(at(file.into()));
        };
        let path = Path::new(to);
        match Format::from_path(path) {
            _ if to == "-" && many => Err(TargetError::NeedsFolder),
            _ if to == "-" => Ok(Self {
                path: None,
                format: chosen,
            }),
            _ if to.ends_with('/') || path.is_dir() => Ok(at(path.join(file))),
            _ if many && path.extension().is_some() => Err(TargetError::NeedsFolder),
            _ if many => Ok(at(path.join(file))),
            Some(named) if format.is_none_or(|format| format == named) => Ok(Self {
                path: Some(path.into()),
                format: named,
            }),
            Some(_) => Err(TargetError::Disagree {
                path: to.into(),
                format: chosen,
            }),
            None => Err(TargetError::Format(to.into())),
        }
    }

    /// What a 3D program will call the model: the file's name, or `otherwise` on standard output.
    pub fn stem(&self, otherwise: &str) -> String {
        let name = self.path.as_deref().and_then(Path::file_name);
        let name = name.map_or(otherwise.into(), |name| name.to_string_lossy());
        let name = name.strip_suffix(".zip").unwrap_or(&name);
        let stem = name
            .rsplit_once('.')
            .filter(|(_, end)| Format::from_name(end).is_some());
        stem.map_or(name, |(stem, _)| stem).to_owned()
    }

    /// How it is called in messages.
    pub fn name(&self) -> String {
        match &self.path {
            Some(path) => path.display().to_string(),
            None => "standard output".into(),
        }
    }
}

/// A model's file, opened before the work.
pub struct OpenTarget {
    /// What goes there.
    pub format: Format,
    pending: Option<Pending>,
}

/// A model that was written.
pub struct WrittenModel {
    /// `None`: standard output.
    pub path: Option<PathBuf>,
    /// Everything beside it that belongs to it.
    pub companions: Vec<PathBuf>,
    /// Of all files together.
    pub bytes: usize,
}

/// A model's files under temporary names, all there.
pub struct FilledTarget {
    model: Option<Pending>,
    companions: Vec<Pending>,
    bytes: usize,
}

impl OpenTarget {
    /// Makes the folder and the file, so that a target that can't be written fails now.
    pub fn open(target: Target) -> Result<Self, WriteFailed> {
        Ok(Self {
            format: target.format,
            pending: target.path.map(Pending::open).transpose()?,
        })
    }

    /// Writes everything, under temporary names where it becomes files.
    pub fn fill(self, written: Written) -> Result<FilledTarget, WriteFailed> {
        let Some(mut model) = self.pending else {
            let bytes = written.zipped().map_err(too_large)?;
            to_stdout(&bytes)?;
            return Ok(FilledTarget {
                model: None,
                companions: Vec::new(),
                bytes: bytes.len(),
            });
        };
        if Format::is_zipped(model.path()) {
            let bytes = written.zipped().map_err(too_large)?;
            model.fill(&bytes)?;
            return Ok(FilledTarget {
                model: Some(model),
                companions: Vec::new(),
                bytes: bytes.len(),
            });
        }
        let mut bytes = written.bytes.len();
        let mut companions = Vec::new();
        for companion in written.companions {
            let mut pending = Pending::open(model.path().with_file_name(&companion.name))?;
            pending.fill(&companion.bytes)?;
            bytes += companion.bytes.len();
            companions.push(pending);
        }
        model.fill(&written.bytes)?;
        Ok(FilledTarget {
            model: Some(model),
            companions,
            bytes,
        })
    }
}

fn too_large(error: formats::WriteError) -> WriteFailed {
    WriteFailed::Stdout(std::io::Error::other(error))
}

impl FilledTarget {
    /// Every path that will be there.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.model.iter().chain(&self.companions).map(Pending::path)
    }

    /// Gives all files their names; the model comes last, so that it never lacks a companion.
    pub fn publish(self) -> Result<WrittenModel, WriteFailed> {
        let companions = self.companions.into_iter().map(Pending::publish);
        Ok(WrittenModel {
            companions: companions.collect::<Result<_, _>>()?,
            path: self.model.map(Pending::publish).transpose()?,
            bytes: self.bytes,
        })
    }
}
