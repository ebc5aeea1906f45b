//! What an installation finds out about its own promises, by looking: not at what it meant to do but
//! at what is there. `docs/PRIVACY-PROOF.md` says which promise each check is about.

use std::collections::HashSet;
use std::io::Read;
use std::path::Path;
use std::sync::{Arc, PoisonError};

use domain::{Id, Lifetime};
use store::{Check, JobRow};
use tokio::task::spawn_blocking;
use vault::{Audit, Kind, Reason, Remains, Vault};
use worker::sandbox;
use zeroize::Zeroizing;

use crate::oversight::ALARM_LAG_SECS;
use crate::seal::Unclaimed;
use crate::{Lifecycle, StorageError};

/// Nothing can be read for more than an hour from now.
pub const AN_HOUR_AT_MOST: &str = "an_hour_at_most";
/// Nothing is left of what must be gone: keys, bytes, rows.
pub const NOTHING_OVERDUE: &str = "nothing_overdue";
/// No sealed file that no job knows, no job that knows what is not there.
pub const NO_STRAYS: &str = "no_strays";
/// An object made for this is not to be found in its sealed bytes, and not to be read once its key
/// is destroyed.
pub const CANARY: &str = "canary";
/// Its receipt verifies against the published key.
pub const RECEIPT: &str = "receipt";
/// Nobody but the server's user can open the files with keys.
pub const KEYS_CLOSED: &str = "keys_closed";
/// The server leaves no core dump, and nobody may look into its memory.
pub const MEMORY_CLOSED: &str = "memory_closed";
/// The processes that see content have no network, and no file of ours.
pub const WORKERS_LOCKED_IN: &str = "workers_locked_in";
/// Noted by `ai3dgen verify-deletion`, which searches the whole installation from outside.
pub const VERIFY_DELETION: &str = "verify_deletion";

/// What came out of a check: whether the promise held, and how many things were looked at.
type Finding = (bool, usize);

impl Lifecycle {
    /// Checks the promises that an installation can check by itself, and keeps the results.
    ///
    /// # Errors
    /// The results can't be kept, or the folders and rows can't be read.
    pub async fn check(&self) -> Result<(), StorageError> {
        let (vault, folder) = (self.vault.clone(), self.config.data_dir.join("vault"));
        let (audit, canary) = spawn_blocking(move || {
            let canary = Canary::fly(&vault, &folder);
            (vault.audit(), canary)
        })
        .await?;
        let audit = audit.map_err(vault::VaultError::from)?;
        let canary = canary.unwrap_or_else(|error| {
            tracing::error!(%error, "the object for the self-check came to nothing");
            Canary::default()
        });
        let rows = self.store.live_jobs().await?;
        let lag_secs = self.punctuality().await?.lag_secs;
        let sandbox = self.workshop.sandbox();
        let findings: [(&str, Finding); 8] = [
            (AN_HOUR_AT_MOST, (audit.kept_too_long == 0, audit.objects)),
            (
                NOTHING_OVERDUE,
                (lag_secs <= ALARM_LAG_SECS, audit.objects + rows.len()),
            ),
            (NO_STRAYS, self.look_for_strays(&audit, &rows)),
            (CANARY, (canary.is_sealed_and_gone, canary.sealed_len)),
            (RECEIPT, (canary.has_receipt, 1)),
            (KEYS_CLOSED, (audit.keys_are_closed, audit.key_files)),
            (MEMORY_CLOSED, (sandbox::is_hardened(), 1)),
            (
                WORKERS_LOCKED_IN,
                (sandbox.is_some_and(sandbox::Report::is_whole), 1),
            ),
        ];
        for (name, (passed, looked_at)) in findings {
            if !passed {
                tracing::error!(check = name, "a check of the promises failed");
            }
            let check = Check {
                name: name.into(),
                ran_at: self.vault.now(),
                passed,
                looked_at: looked_at as u64,
            };
            self.store.note_check(&check).await?;
        }
        Ok(())
    }

    /// Every check's last result, `verify-deletion`'s included.
    pub async fn checks(&self) -> Result<Vec<Check>, StorageError> {
        Ok(self.store.checks().await?)
    }

    /// Vault, disk and rows must name the same objects. What is on its way in or out may differ for a
    /// moment, so only what differed the last time, too, is a stray.
    fn look_for_strays(&self, audit: &Audit, rows: &[JobRow]) -> Finding {
        let sealed: HashSet<Id> = self.vault.list().iter().map(|terms| terms.id).collect();
        let mut named: HashSet<Id> = rows.iter().flat_map(JobRow::objects).collect();
        named.extend(self.shelf.objects());
        let mut suspects: HashSet<Id> = sealed.symmetric_difference(&named).copied().collect();
        suspects.extend(&audit.strays);
        let mut before = self.suspects.lock().unwrap_or_else(PoisonError::into_inner);
        let found_twice = suspects.intersection(&before).count();
        *before = suspects;
        (found_twice == 0, sealed.union(&named).count())
    }
}

/// An object that is made to be destroyed.
#[derive(Default)]
struct Canary {
    is_sealed_and_gone: bool,
    sealed_len: usize,
    has_receipt: bool,
}

impl Canary {
    fn fly(vault: &Arc<Vault>, folder: &Path) -> Result<Self, StorageError> {
        let content: Vec<u8> = (0..64).flat_map(|_| Id::random().to_bytes()).collect();
        let content = Zeroizing::new(content);
        let minute = Lifetime::of_secs(60).unwrap_or(Lifetime::HOUR);
        let object = Unclaimed::seal(vault.clone(), Kind::Preview, &content, minute)?;
        let id = object.id();
        let reads_back = *vault.read(id, Kind::Preview)? == *content;
        let mut sealed = Vec::new();
        let (_, mut file) = vault.grant(id, Kind::Preview)?;
        file.read_to_end(&mut sealed)
            .map_err(vault::VaultError::from)?;
        let shows = |piece: &[u8]| sealed.windows(piece.len()).any(|window| window == piece);
        let is_sealed = !content.chunks(16).any(shows);
        // Its key first, its bytes next.
        vault.shred(id, Reason::Unused)?;
        let remains = Remains::of(folder, &[id].into()).map_err(vault::VaultError::from)?;
        let is_gone = vault.read(id, Kind::Preview).is_err() && remains.is_empty();
        let receipt = vault.receipt(id);
        let public_key = vault.public_key();
        let receipt = receipt
            .as_ref()
            .and_then(|signed| signed.verify(&public_key).ok());
        let has_receipt =
            receipt.is_some_and(|receipt| receipt.object == id && receipt.key_destroyed);
        vault.receipts_taken(&[id])?;
        Ok(Self {
            is_sealed_and_gone: reads_back && is_sealed && is_gone,
            sealed_len: sealed.len(),
            has_receipt,
        })
    }
}
