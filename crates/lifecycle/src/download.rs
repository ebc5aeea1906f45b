//! An artifact comes out of the vault, until its deadline.

use std::sync::Arc;

use domain::JobState;
use store::JobRow;
use tokio::task::spawn_blocking;
use vault::{Kind, Vault, VaultError};

use crate::{Artifact, Download, ReadError};

/// Opens an artifact of a job that is not destroyed.
pub(crate) async fn open(
    vault: Arc<Vault>,
    row: &JobRow,
    artifact: Artifact,
) -> Result<Download, ReadError> {
    if row.state != JobState::Done {
        return Err(ReadError::NotReady);
    }
    let (object, kind) = match artifact {
        Artifact::Model => (row.model, Kind::Model),
        Artifact::Preview => (row.preview, Kind::Preview),
    };
    let object = object.ok_or(ReadError::Gone)?;
    let opened = spawn_blocking(move || vault.read(object, kind)).await?;
    match opened {
        Ok(mut bytes) => Ok(Download {
            bytes: std::mem::take(&mut *bytes),
            expires_at: row.expires_at,
        }),
        Err(VaultError::NotFound | VaultError::Expired) => Err(ReadError::Gone),
        Err(error) => Err(error.into()),
    }
}
