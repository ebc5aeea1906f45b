//! The only folder that an agent may touch. Nothing outside is read or written, whatever the name:
//! not with `..`, not by a whole path, not through a symbolic link.

use std::io;
use std::path::{Component, Path, PathBuf};

use crate::convert::input::Input;

/// A name that leads nowhere or outside, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    #[error("--folder {}: {reason}; name a folder that is there", path.display())]
    Unusable { path: PathBuf, reason: io::Error },
    #[error("{name} is not in the folder that the user allowed, {}; name a file in it", folder.display())]
    Outside { name: String, folder: PathBuf },
    #[error("{name} is not there; files are named as in {}", folder.display())]
    Missing { name: String, folder: PathBuf },
    #[error("{0} is a folder; name a file in it")]
    NoFile(String),
}

/// Its canonical path.
pub struct Folder(PathBuf);

impl Folder {
    /// # Errors
    /// [`FolderError::Unusable`].
    pub fn open(path: &Path) -> Result<Self, FolderError> {
        let unusable = |reason| FolderError::Unusable {
            path: path.to_owned(),
            reason,
        };
        // Fails for what is no folder, too.
        std::fs::read_dir(path).map_err(unusable)?;
        Ok(Self(path.canonicalize().map_err(unusable)?))
    }

    /// A file that is there, to be read with what it refers to.
    ///
    /// # Errors
    /// [`FolderError::Outside`], [`FolderError::Missing`], [`FolderError::NoFile`].
    pub fn input(&self, name: &str) -> Result<Input, FolderError> {
        let path = self.target(name)?;
        if path.is_dir() {
            return Err(FolderError::NoFile(name.into()));
        }
        // What isn't there after all has no links in it either.
        match path.is_file() {
            true => Ok(Input::Inside {
                path,
                folder: self.0.clone(),
            }),
            false => Err(FolderError::Missing {
                name: name.into(),
                folder: self.0.clone(),
            }),
        }
    }

    /// Where a file of that name is or will be, without links. Those on the way there may not lead out.
    ///
    /// # Errors
    /// [`FolderError::Outside`].
    pub fn target(&self, name: &str) -> Result<PathBuf, FolderError> {
        let outside = || FolderError::Outside {
            name: name.into(),
            folder: self.0.clone(),
        };
        let whole = self.0.join(name);
        // What is there already, with links followed; the rest is made by us, and has none.
        let mut there = whole.as_path();
        while there.symlink_metadata().is_err() {
            there = there.parent().ok_or_else(outside)?;
        }
        let rest = whole.strip_prefix(there).map_err(|_| outside())?;
        let is_plain = |part: Component| matches!(part, Component::Normal(_));
        // A link that leads nowhere can't be followed; it might lead somewhere later.
        let there = there.canonicalize().map_err(|_| outside())?;
        match there.starts_with(&self.0) && rest.components().all(is_plain) {
            true if rest == Path::new("") => Ok(there),
            true => Ok(there.join(rest)),
            false => Err(outside()),
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn no_name_leads_out() {
        let around = tempfile::tempdir().unwrap();
        let inside = around.path().join("inside");
        fs::create_dir_all(inside.join("deep")).unwrap();
        fs::write(around.path().join("secret.png"), "x").unwrap();
        fs::write(inside.join("deep/cup.png"), "x").unwrap();
        symlink(around.path(), inside.join("out")).unwrap();
        symlink(around.path().join("secret.png"), inside.join("link.png")).unwrap();
        symlink(around.path().join("nothing.glb"), inside.join("later.glb")).unwrap();
        symlink(inside.join("deep"), inside.join("within")).unwrap();
        let folder = Folder::open(&inside).unwrap();
        let whole = around.path().join("secret.png");
        for name in [
            "../secret.png",
            whole.to_str().unwrap(),
            "out/secret.png",
            "link.png",
            "later.glb",
            "deep/../../secret.png",
            "new/../../secret.png",
            "..",
            "/etc/passwd",
        ] {
            let refused = folder.input(name);
            assert!(
                matches!(refused, Err(FolderError::Outside { .. })),
                "{name}"
            );
            assert!(folder.target(name).is_err(), "{name}");
        }
        let cup = folder.0.join("deep/cup.png");
        let names = ["deep/cup.png", "within/cup.png", "./deep/../deep/cup.png"];
        for name in names.into_iter().chain(cup.to_str()) {
            let found = folder.input(name).unwrap();
            assert_eq!(found.path(), Some(cup.as_path()), "{name}");
        }
        let made = folder.target("new/cup.glb").unwrap();
        assert_eq!(made, folder.0.join("new/cup.glb"));
        let missing = folder.input("new/cup.glb");
        assert!(matches!(missing, Err(FolderError::Missing { .. })));
        assert!(matches!(folder.input("deep"), Err(FolderError::NoFile(_))));
        assert!(Folder::open(&cup).is_err() && Folder::open(Path::new("/nowhere")).is_err());
    }
}
