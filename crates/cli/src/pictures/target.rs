//! Where a picture goes, and in which format.

use std::path::{Path, PathBuf};

use imaging::PictureFormat;

/// No picture of ours can have that name or go there; says which can.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    #[error("several pictures need a folder to write to: -o FOLDER/ (not a file, not -)")]
    NeedsFolder,
    #[error("{0}: name the output something.png, .webp or .jpg")]
    Format(String),
    #[error("{path} is no {} file; leave out --format or change the name", format.name())]
    Disagree { path: String, format: PictureFormat },
    #[error("{} is the picture itself; choose another name or folder with -o", .0.display())]
    Itself(PathBuf),
    #[error("two of the files would both become {}; give them different names", .0.display())]
    Collision(PathBuf),
}

/// One picture's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// `None`: standard output.
    pub path: Option<PathBuf>,
    /// What is written there.
    pub format: PictureFormat,
}

impl Target {
    /// Where what was made of the picture called `stem` goes if the person said `-o output --format
    /// format`. Without an output it gets the suffix, in this folder.
    ///
    /// # Errors
    /// [`TargetError`].
    pub fn new(
        stem: &str,
        suffix: &str,
        output: Option<&str>,
        format: Option<PictureFormat>,
        many: bool,
    ) -> Result<Self, TargetError> {
        let chosen = format.unwrap_or(PictureFormat::Png);
        let at = |path: PathBuf| Self {
            path: Some(path),
            format: chosen,
        };
        let Some(to) = output else {
            return Ok(at(format!("{stem}-{suffix}.{}", chosen.name()).into()));
        };
        let path = Path::new(to);
        let inside = || path.join(format!("{stem}.{}", chosen.name()));
        match PictureFormat::from_path(path) {
            _ if to == "-" && many => Err(TargetError::NeedsFolder),
            _ if to == "-" => Ok(Self {
                path: None,
                format: chosen,
            }),
            _ if to.ends_with('/') || path.is_dir() => Ok(at(inside())),
            _ if many && path.extension().is_some() => Err(TargetError::NeedsFolder),
            _ if many => Ok(at(inside())),
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
}

/// Whether two paths lead to the same file, which has to be there for that.
pub(super) fn are_one(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
}
