//! An artifact comes out of the vault, until its deadline.

use std::sync::Arc;

use domain::{Id, JobState};
use store::JobRow;
use tokio::task::spawn_blocking;
use vault::{Kind, Vault, VaultError};
use zeroize::Zeroizing;

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
        let (object, kind) = match artifact {
            Artifact::Model => (row.model, Kind::Model),
            Artifact::Preview => (row.preview, Kind::Preview),
        };
        let object = object.ok_or(ReadError::Gone)?;
        Ok(Self { object, kind })
    }

    /// Its bytes, until its deadline. Blocks.
    pub(crate) fn open(&self, vault: &Vault) -> Result<Zeroizing<Vec<u8>>, ReadError> {
        match vault.read(self.object, self.kind) {
            Err(VaultError::NotFound | VaultError::Expired) => Err(ReadError::Gone),
            opened => Ok(opened?),
        }
    }
}
