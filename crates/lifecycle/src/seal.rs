//! Content goes into the vault, and doesn't stay there if the next step fails.

use std::io::Read;
use std::sync::Arc;

use domain::{Deadline, Id, Lifetime, UnixMillis};
use vault::{Grant, Kind, Reason, Terms, Vault, VaultError};
use worker::Bundle;

/// A sealed object that no row names yet: destroyed when dropped, unless it is kept. So neither an
/// error nor a caller who hangs up leaves anything behind.
pub(crate) struct Unclaimed {
    vault: Arc<Vault>,
    terms: Terms,
    kept: bool,
}

impl Unclaimed {
    /// Seals content for that long.
    pub(crate) fn seal(
        vault: Arc<Vault>,
        kind: Kind,
        content: &[u8],
        lifetime: Lifetime,
    ) -> Result<Self, VaultError> {
        let terms = vault.seal(kind, content, lifetime)?;
        Ok(Self {
            vault,
            terms,
            kept: false,
        })
    }

    /// Stores what a holder of a reserved grant sealed.
    pub(crate) fn adopt(
        vault: Arc<Vault>,
        grant: &Grant,
        sealed: &mut impl Read,
    ) -> Result<Self, VaultError> {
        let terms = vault.adopt(grant, sealed)?;
        Ok(Self {
            vault,
            terms,
            kept: false,
        })
    }

    pub(crate) fn id(&self) -> Id {
        self.terms.id
    }

    pub(crate) fn created(&self) -> UnixMillis {
        self.terms.created()
    }

    pub(crate) fn deadline(&self) -> Deadline {
        self.terms.deadline()
    }

    /// A row names it now: that row's end is its end.
    pub(crate) fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for Unclaimed {
    fn drop(&mut self) {
        if !self.kept && self.vault.shred(self.terms.id, Reason::Unused).is_err() {
            tracing::warn!("an object nobody uses could not be destroyed; the reaper will");
        }
    }
}

/// Seals a job's admitted pictures as one object, with one key and one deadline.
pub(crate) fn seal_pictures(
    vault: Arc<Vault>,
    pictures: &Bundle,
    lifetime: Lifetime,
) -> Result<Unclaimed, VaultError> {
    Unclaimed::seal(vault, Kind::Picture, &pictures.to_bytes(), lifetime)
}
