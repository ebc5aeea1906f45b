//! The same request twice makes one job, where its sender says what makes it the same.
//!
//! The first job's id is nowhere to be read, so it is derived: from a secret of the vault, the owner,
//! their key and the moment of creation, which the row keeps.

use domain::{Id, Lifetime, UnixMillis};
use engine::Options;
use store::{Idempotency, Inserted, JobKey, JobRow, Owner};

use crate::{JobView, Lifecycle, ReadError, StorageError, SubmitError, job};

/// A request that may come again.
pub(crate) struct Repeatable {
    owner: Owner,
    key: String,
    digests: Idempotency,
}

impl Repeatable {
    /// Everything that was sent makes it the same.
    pub(crate) fn new(
        owner: Owner,
        key: String,
        options: &Options,
        lifetime: Lifetime,
        upload: &[u8],
    ) -> Self {
        let wishes = format!("{:?} {lifetime:?}", job::to_row(options));
        let digests = Idempotency::of(&owner, &key, &[wishes.as_bytes(), upload]);
        Self {
            owner,
            key,
            digests,
        }
    }

    pub(crate) fn digests(&self) -> Idempotency {
        self.digests.clone()
    }
}

impl Lifecycle {
    /// The id of a job that is made at `created`: random, unless it must be found again.
    pub(crate) fn new_id(&self, request: Option<&Repeatable>, created: UnixMillis) -> Id {
        let Some(request) = request else {
            return Id::random();
        };
        let (owner, key) = (request.owner.as_bytes(), request.key.as_bytes());
        self.vault
            .derived_id(&[owner, key, &created.0.to_be_bytes()])
    }

    /// The job of the first request, if this one is the same.
    pub(crate) async fn made_before(
        &self,
        request: &Repeatable,
    ) -> Result<Option<JobView>, SubmitError> {
        let before = self.store.asked_before(&request.digests, self.vault.now());
        match before.await? {
            None => Ok(None),
            Some(Inserted::Before(row)) => self.first(request, &row).await.map(Some),
            Some(_) => Err(SubmitError::KeyReused),
        }
    }

    /// The job in that row as its owner sees it.
    pub(crate) async fn first(
        &self,
        request: &Repeatable,
        row: &JobRow,
    ) -> Result<JobView, SubmitError> {
        let id = self.new_id(Some(request), row.created_at);
        if JobKey::of(id) != row.key {
            // Made under another secret: whoever knows that key doesn't get at this job.
            return Err(SubmitError::KeyReused);
        }
        self.job(id).await.map_err(|error| match error {
            ReadError::Gone | ReadError::NotFound => SubmitError::Gone,
            ReadError::Storage(error) => SubmitError::Storage(error),
            ReadError::NotReady | ReadError::Busy { .. } => StorageError::Interrupted.into(),
        })
    }
}
