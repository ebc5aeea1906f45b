//! Files that only their owner may open, that appear whole or not at all, and that go for good.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use domain::Id;
use zeroize::Zeroizing;

use crate::VaultError;

/// Ends the name of every file that is being written.
const UNFINISHED: &str = "unfinished";

/// Creates a folder that only its owner may enter; corrects one that exists.
pub(crate) fn create_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::fs::Permissions;
        use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
        builder.mode(0o700).create(path)?;
        fs::set_permissions(path, Permissions::from_mode(0o700))
    }
    #[cfg(not(unix))]
    builder.create(path)
}

/// Opens a file for writing that only its owner may open; empties it if it exists.
pub(crate) fn create_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

/// Opens a file for reading and writing in place; creates it, for its owner only, if needed.
pub(crate) fn open_in_place(path: &Path) -> io::Result<File> {
    let is_new = !path.exists();
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let file = options.open(path)?;
    if is_new {
        sync_folder_of(path)?;
    }
    Ok(file)
}

/// A file that has its name only once it is finished, whole and on the disk; before that, dropping
/// it removes it. What a crash leaves is removed at the next start.
pub(crate) struct Unfinished {
    file: File,
    path: PathBuf,
    finished_path: PathBuf,
    finished: bool,
}

impl Unfinished {
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        let unfinished = path.with_added_extension(UNFINISHED);
        Ok(Self {
            file: create_file(&unfinished)?,
            path: unfinished,
            finished_path: path.into(),
            finished: false,
        })
    }

    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.path, &self.finished_path)?;
        self.finished = true;
        sync_folder_of(&self.finished_path)
    }
}

impl Write for Unfinished {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if !self.finished {
            // What stays is removed at the next start.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Writes a small file: after a crash at any moment it is there whole, or as it was before.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = Unfinished::create(path)?;
    file.write_all(bytes)?;
    file.finish()
}

/// Writes a small file unless there is one of that name.
pub(crate) fn write_if_missing(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match path.exists() {
        true => Ok(()),
        false => write_whole(path, bytes),
    }
}

/// Reads a small file into memory that is wiped.
pub(crate) fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    fs::read(path)
        .map(Zeroizing::new)
        .map_err(VaultError::opening)
}

/// Overwrites a file on the disk, then removes it. Whether there was one.
pub(crate) fn erase(path: &Path) -> io::Result<bool> {
    let file = match OpenOptions::new().write(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        file => file?,
    };
    let mut zeros = io::repeat(0).take(file.metadata()?.len());
    io::copy(&mut zeros, &mut &file)?;
    file.sync_all()?;
    remove(path)
}

/// Removes a file. Whether there was one.
pub(crate) fn remove(path: &Path) -> io::Result<bool> {
    let removed = unlink(path)?;
    if removed {
        sync_folder_of(path)?;
    }
    Ok(removed)
}

/// Removes a file's name, which may come back if the power fails before its folder is synced.
/// Whether there was one.
pub(crate) fn unlink(path: &Path) -> io::Result<bool> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        removed => removed.map(|()| true),
    }
}

/// Removes what a process that died was writing.
pub(crate) fn remove_unfinished(folder: &Path) -> io::Result<()> {
    for path in list(folder)? {
        if path.extension().is_some_and(|end| end == UNFINISHED) {
            erase(&path)?;
        }
    }
    Ok(())
}

/// The paths in a folder, in no order.
pub(crate) fn list(folder: &Path) -> io::Result<Vec<PathBuf>> {
    fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect()
}

/// A name in a folder survives a power cut only once the folder itself is on the disk.
fn sync_folder_of(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), sync_folder)
}

/// Returns when the names in a folder are on the disk.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    Ok(())
}

/// The id in the name of one of the vault's files; other files are not the vault's to touch.
pub(crate) fn id_in(path: &Path, extension: &str) -> Option<Id> {
    if path.extension()? != extension {
        return None;
    }
    path.file_stem()?.to_str()?.parse().ok()
}
