//! Files that only their owner may open, that appear whole or not at all, and that go for good.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, BufWriter, IntoInnerError, Read, Write};
use std::path::{Path, PathBuf};

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

/// Writes a file by `write`: after a crash at any moment it is there whole, or not at all.
pub(crate) fn write_atomically(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> Result<(), VaultError>,
) -> Result<(), VaultError> {
    let unfinished = path.with_added_extension(UNFINISHED);
    let written = (|| {
        let mut out = BufWriter::new(create_file(&unfinished)?);
        write(&mut out)?;
        let file = out.into_inner().map_err(IntoInnerError::into_error)?;
        file.sync_all()?;
        fs::rename(&unfinished, path)?;
        Ok(sync_folder_of(path)?)
    })();
    if written.is_err() {
        // The first error is the one worth telling; what stays is removed at the next start.
        let _ = fs::remove_file(&unfinished);
    }
    written
}

/// Writes a small file of which all bytes are known.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), VaultError> {
    write_atomically(path, |out| Ok(out.write_all(bytes)?))
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
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        removed => {
            removed?;
            sync_folder_of(path)?;
            Ok(true)
        }
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
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
