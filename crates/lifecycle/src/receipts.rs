//! Proof of destruction: from the vault into the database, and out to whoever asks.

use domain::Id;
use store::{JobKey, Receipt};
use tokio::task::spawn_blocking;
use vault::{PublicKey, Reason, SignedReceipt};

use crate::{Lifecycle, ReadError, StorageError};

impl Lifecycle {
    /// The receipts of what was destroyed of a job so far, in that order; until they are forgotten
    /// after thirty days.
    ///
    /// # Errors
    /// [`ReadError::NotFound`] if neither job nor receipts are known.
    pub async fn receipts(&self, id: Id) -> Result<Vec<SignedReceipt>, ReadError> {
        let key = JobKey::of(id);
        let kept = self.store.receipts(&key).await?;
        if kept.is_empty() && self.store.job(&key).await?.is_none() {
            return Err(ReadError::NotFound);
        }
        let signed = kept.iter().map(|receipt| receipt.signed_text.parse());
        let signed: Result<_, _> = signed.collect();
        Ok(signed.map_err(|_| StorageError::Receipt)?)
    }

    /// What receipts of this installation are verified with.
    pub fn public_key(&self) -> PublicKey {
        self.vault.public_key()
    }

    /// Destroys an object of a job, if there is one, and keeps its receipt.
    pub(crate) async fn shred_of(
        &self,
        key: &JobKey,
        object: Option<Id>,
        reason: Reason,
    ) -> Result<(), StorageError> {
        self.shred(object, reason).await?;
        self.keep_receipts(key, object).await
    }

    /// Destroys the picture of a job that needs it no more. The row names it until its receipt is kept:
    /// whoever finds it there after a crash does this again.
    pub(crate) async fn shred_picture(
        &self,
        key: &JobKey,
        picture: Option<Id>,
        reason: Reason,
    ) -> Result<(), StorageError> {
        self.shred_of(key, picture, reason).await?;
        Ok(self.store.forget_picture(key).await?)
    }

    /// Stores the receipts of a job's destroyed objects. The vault gives them out again until it is
    /// told that they are stored, so a crash in between loses none.
    pub(crate) async fn keep_receipts(
        &self,
        key: &JobKey,
        objects: impl IntoIterator<Item = Id>,
    ) -> Result<(), StorageError> {
        let mut kept = Vec::new();
        for object in objects {
            let Some(signed) = self.vault.receipt(object) else {
                continue;
            };
            let receipt = signed.unverified();
            let receipt = Receipt {
                object,
                job: key.clone(),
                kind: receipt.kind.name().into(),
                deleted_at: receipt.deleted_at,
                signed_text: signed.to_string(),
            };
            self.store.keep_receipt(&receipt).await?;
            kept.push(object);
        }
        if !kept.is_empty() {
            let vault = self.vault.clone();
            spawn_blocking(move || vault.receipts_taken(&kept)).await??;
        }
        Ok(())
    }
}
