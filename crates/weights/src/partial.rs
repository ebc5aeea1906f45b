//! A file that is on its way: `NAME.part` beside its place, and a note of where it comes from.
//!
//! What has arrived is kept when a pull ends early, however it ends. The next pull reads it again
//! for the hash and asks for the rest.

use std::fs::{self, File};
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::PinnedFile;
use crate::digest::{each_chunk, hex};

/// The file under its temporary name, and the hash of what it holds.
pub(crate) struct Partial {
    target: PathBuf,
    file: File,
    len: u64,
    hasher: Sha256,
    note: Option<Note>,
    /// Whether it holds bytes of more than one reply: if the hash is wrong, that may be why.
    pub(crate) stitched: bool,
}

/// Which version of which address the bytes are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Note {
    /// As asked for, before redirects: those may carry keys that expire.
    pub(crate) url: String,
    /// The entity tag as the server sent it, if it did.
    pub(crate) etag: Option<String>,
}

/// Why a partial file can't be opened.
pub(crate) enum OpenError {
    Io(io::Error),
    Stopped,
}

impl Partial {
    /// Where the bytes of `target` are until they are complete.
    pub(crate) fn path_of(target: &Path) -> PathBuf {
        with_suffix(target, ".part")
    }

    fn note_path_of(target: &Path) -> PathBuf {
        with_suffix(target, ".part.from")
    }

    /// Bytes that earlier pulls left.
    pub(crate) fn bytes_of(target: &Path) -> u64 {
        fs::metadata(Self::path_of(target)).map_or(0, |file| file.len())
    }

    /// Opens what an earlier pull left, or begins. `reading` hears how much of it has been hashed.
    pub(crate) fn open(
        target: &Path,
        pinned: &PinnedFile,
        mut reading: impl FnMut(u64) -> ControlFlow<()>,
    ) -> Result<Self, OpenError> {
        let path = Self::path_of(target);
        let mut options = File::options();
        let file = (options.create(true).truncate(false).read(true).write(true))
            .open(path)
            .map_err(OpenError::Io)?;
        let mut partial = Self {
            target: target.to_owned(),
            file,
            len: 0,
            hasher: Sha256::new(),
            note: read_note(&Self::note_path_of(target)),
            stitched: false,
        };
        let length = partial.file.metadata().map_err(OpenError::Io)?.len();
        if length > pinned.bytes {
            partial.restart().map_err(OpenError::Io)?;
            return Ok(partial);
        }
        let (mut len, mut hasher) = (0, Sha256::new());
        let mut there = io::Read::take(&partial.file, length);
        each_chunk(&mut there, OpenError::Io, |chunk| {
            hasher.update(chunk);
            len += chunk.len() as u64;
            match reading(len) {
                ControlFlow::Continue(()) => Ok(()),
                ControlFlow::Break(()) => Err(OpenError::Stopped),
            }
        })?;
        (partial.len, partial.hasher) = (len, hasher);
        partial.stitched = len > 0;
        Ok(partial)
    }

    /// Bytes that are there.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// Where they come from, if that is known.
    pub(crate) fn note(&self) -> Option<&Note> {
        self.note.as_ref()
    }

    /// Begins anew, from another version or another address.
    pub(crate) fn restart(&mut self) -> io::Result<()> {
        if self.file.metadata()?.len() > 0 {
            self.file.set_len(0)?;
        }
        io::Seek::rewind(&mut self.file)?;
        self.len = 0;
        self.hasher = Sha256::new();
        self.stitched = false;
        self.note = None;
        Ok(())
    }

    /// Notes where the next bytes come from.
    pub(crate) fn will_come_from(&mut self, note: Note) -> io::Result<()> {
        self.stitched = self.len > 0;
        if self.note.as_ref() != Some(&note) {
            let etag = note.etag.as_deref().unwrap_or("-");
            fs::write(
                Self::note_path_of(&self.target),
                format!("{}\n{etag}\n", note.url),
            )?;
            self.note = Some(note);
        }
        Ok(())
    }

    /// Adds bytes.
    pub(crate) fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.hasher.update(bytes);
        self.len += bytes.len() as u64;
        Ok(())
    }

    /// The SHA-256 of what is there.
    pub(crate) fn sha256(&self) -> String {
        hex(self.hasher.clone())
    }

    /// Gives the file its name.
    pub(crate) fn publish(self) -> io::Result<()> {
        // Without this a power cut could leave the name without the bytes.
        self.file.sync_all()?;
        fs::rename(Self::path_of(&self.target), &self.target)?;
        remove_if_there(&Self::note_path_of(&self.target)).map(|_| ())
    }

    /// Deletes what there is of `target` under the temporary name; `false` if there was nothing.
    pub(crate) fn discard(target: &Path) -> io::Result<bool> {
        let was_there = remove_if_there(&Self::path_of(target))?;
        Ok(remove_if_there(&Self::note_path_of(target))? || was_there)
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Deletes a file; `false` if there was none.
pub(crate) fn remove_if_there(path: &Path) -> io::Result<bool> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// A note that can't be read is none: the rest is then asked for without a condition.
fn read_note(path: &Path) -> Option<Note> {
    let text = fs::read_to_string(path).ok()?;
    let mut lines = text.lines();
    let url = lines.next()?.to_owned();
    let etag = lines.next().filter(|etag| *etag != "-").map(str::to_owned);
    Some(Note { url, etag })
}
