//! Where to look: every file of a folder, and files that have no name any more but are still open.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::search::{Found, Searcher};

/// Files that belong together in the table.
pub struct Place {
    /// What they are.
    pub name: String,
    files: Vec<PathBuf>,
}

/// What a place held.
pub struct Looked {
    /// What it is.
    pub name: String,
    /// Files looked at.
    pub files: usize,
    /// Bytes looked at.
    pub bytes: u64,
    /// What was found, and in which file.
    pub traces: Vec<String>,
}

/// A data folder in the parts it consists of, as they are now.
///
/// # Errors
/// It can't be read.
pub fn data_folder(folder: &Path) -> io::Result<Vec<Place>> {
    const PARTS: [(&str, &str); 4] = [
        ("database, its log and index", "jobs.sqlite"),
        ("keys", "vault/keys"),
        ("sealed objects", "vault/objects"),
        ("rest of the data folder", ""),
    ];
    let mut parts = PARTS.map(|(name, begins)| (begins, Place::new(name)));
    for file in files_in(folder)? {
        let inside = file.strip_prefix(folder).unwrap_or(&file).to_string_lossy();
        let part = parts
            .iter_mut()
            .find(|(begins, _)| inside.starts_with(begins));
        if let Some((_, place)) = part {
            place.files.push(file);
        }
    }
    Ok(parts.map(|(_, place)| place).into())
}

/// A file, or all files in a folder.
///
/// # Errors
/// It can't be read.
pub fn named(kind: &str, path: &Path) -> io::Result<Place> {
    let mut place = Place::new(&format!("{kind} {}", path.display()));
    place.files = match fs::metadata(path)?.is_dir() {
        true => files_in(path)?,
        false => vec![path.into()],
    };
    Ok(place)
}

/// Files in these folders that were deleted while a process had them open, and how many processes
/// don't show us theirs.
pub fn deleted_but_open(folders: &[&Path]) -> (Place, usize) {
    let mut place = Place::new("deleted files still open");
    let mut closed = 0;
    for process in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let is_process = process.file_name().to_string_lossy().parse::<u32>().is_ok();
        if !is_process {
            continue;
        }
        match fs::read_dir(process.path().join("fd")) {
            Ok(handles) => place.files.extend(
                handles
                    .flatten()
                    .map(|handle| handle.path())
                    .filter(|handle| was_deleted_from(handle, folders)),
            ),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(_) => closed += 1,
        }
    }
    (place, closed)
}

fn was_deleted_from(handle: &Path, folders: &[&Path]) -> bool {
    let Ok(target) = fs::read_link(handle) else {
        return false;
    };
    let deleted = target.to_string_lossy().ends_with(" (deleted)");
    deleted && folders.iter().any(|folder| target.starts_with(folder))
}

impl Place {
    fn new(name: &str) -> Self {
        Self {
            name: name.into(),
            files: Vec::new(),
        }
    }

    /// Looks through its files. One that goes meanwhile holds nothing any more.
    ///
    /// # Errors
    /// A file that is there can't be read: then nothing is proved.
    pub fn look(&self, searcher: &Searcher) -> io::Result<Looked> {
        let mut looked = Looked {
            name: self.name.clone(),
            files: 0,
            bytes: 0,
            traces: Vec::new(),
        };
        for path in &self.files {
            let found = match File::open(path).and_then(|file| searcher.search(file)) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => Found::default(),
                Err(error) => {
                    let said = format!("{} can't be searched: {error}", path.display());
                    return Err(io::Error::new(error.kind(), said));
                }
                Ok(found) => found,
            };
            looked.files += 1;
            looked.bytes += found.bytes;
            let traces = searcher.describe(&found);
            looked.traces.extend(
                traces
                    .into_iter()
                    .map(|it| format!("{it} in {}", path.display())),
            );
        }
        Ok(looked)
    }
}

/// Every file below a folder. Links, sockets and pipes hold nothing of their own.
fn files_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = match fs::read_dir(&folder) {
            // A folder below that went meanwhile.
            Err(error) if error.kind() == io::ErrorKind::NotFound && !files.is_empty() => continue,
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                Ok(kind) if kind.is_file() => files.push(entry.path()),
                _ => {}
            }
        }
    }
    files.sort();
    Ok(files)
}
