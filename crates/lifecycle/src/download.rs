//! An artifact comes out of the vault, until its deadline.

use std::ops::Range;
use std::sync::Arc;

use domain::{Id, JobState, UnixMillis};
use store::JobRow;
use tokio::task::spawn_blocking;
use vault::{CHUNK_LEN, Kind, Opened, Plaintext, Vault, VaultError};

use crate::artifact::kind_of;
use crate::job::tool_of;
use crate::{Artifact, Download, ReadError};

/// Opens an artifact of a job that is not destroyed.
pub(crate) async fn open(
    vault: Arc<Vault>,
    row: &JobRow,
    artifact: Artifact,
) -> Result<Download, ReadError> {
    let sealed = Sealed::of(row, artifact)?;
    Ok(Download {
        bytes: spawn_blocking(move || sealed.open(&vault)).await??,
        expires_at: row.expires_at,
    })
}

/// So much is opened at a time: a few chunks, so that changing threads costs little beside them.
const PIECE_LEN: u64 = 4 * CHUNK_LEN as u64;

/// Opens an artifact for reading in parts.
pub(crate) async fn reader(
    vault: Arc<Vault>,
    row: &JobRow,
    artifact: Artifact,
) -> Result<Reader, ReadError> {
    let Sealed { object, kind } = Sealed::of(row, artifact)?;
    let opened = spawn_blocking(move || vault.open_object(object, kind)).await?;
    let opened = opened.map_err(gone_or_broken)?;
    Ok(Reader {
        object,
        len: opened.len(),
        opened: Some(opened),
        expires_at: row.expires_at,
    })
}

/// An artifact that is being read, until its deadline or its destruction. Only what is asked for is
/// decrypted, and no more of it than a piece is in memory.
pub struct Reader {
    object: Id,
    len: u64,
    /// `None` while a piece is read, and after one could not be.
    opened: Option<Opened>,
    expires_at: UnixMillis,
}

impl Reader {
    /// Which object it is. Content never changes, so this names the content, too.
    pub fn object(&self) -> Id {
        self.object
    }

    /// Its length in bytes.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The moment from which it can't be downloaded any more, as of when it was opened.
    pub fn expires_at(&self) -> UnixMillis {
        self.expires_at
    }

    /// The next piece of what is left, which `left` is shortened by; empty if nothing is.
    ///
    /// # Errors
    /// [`ReadError::Gone`] from its deadline or destruction on; nothing more comes after an error.
    pub async fn next(&mut self, left: &mut Range<u64>) -> Result<Plaintext, ReadError> {
        let mut opened = self.opened.take().ok_or(ReadError::Gone)?;
        // Pieces end where chunks do, so that no chunk is opened twice.
        let end = (left.start / PIECE_LEN + 1) * PIECE_LEN;
        let piece = left.start..end.min(left.end);
        left.start = piece.end;
        let read = spawn_blocking(move || {
            let bytes = opened.read_range(piece)?;
            Ok((bytes, opened))
        });
        let (bytes, opened) = read.await?.map_err(gone_or_broken)?;
        self.opened = Some(opened);
        Ok(bytes)
    }
}

fn gone_or_broken(error: VaultError) -> ReadError {
    match error {
        VaultError::NotFound | VaultError::Expired => ReadError::Gone,
        error => error.into(),
    }
}

/// Where an artifact lies.
pub(crate) struct Sealed {
    object: Id,
    kind: Kind,
}

impl Sealed {
    /// The artifact that a job's row names.
    pub(crate) fn of(row: &JobRow, artifact: Artifact) -> Result<Self, ReadError> {
        if row.state != JobState::Done {
            return Err(ReadError::NotReady);
        }
        let made = kind_of(tool_of(&row.options));
        let (object, kind) = match artifact {
            Artifact::Model => (row.model, Kind::Model),
            Artifact::Edited => (row.model, Kind::Edited),
            Artifact::Preview => (row.preview, Kind::Preview),
        };
        if artifact != Artifact::Preview && kind != made {
            return Err(ReadError::OtherKind);
        }
        let object = object.ok_or(ReadError::Gone)?;
        Ok(Self { object, kind })
    }

    /// Its bytes, until its deadline. Blocks.
    pub(crate) fn open(&self, vault: &Vault) -> Result<Plaintext, ReadError> {
        vault.read(self.object, self.kind).map_err(gone_or_broken)
    }
}
