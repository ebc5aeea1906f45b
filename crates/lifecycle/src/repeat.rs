//! The same request twice makes one job, where its sender says what makes it the same.
//!
//! The first job's id is nowhere to be read, so it is derived: from a secret of the vault, the owner,
//! their key and the moment of creation, which the row keeps.

use domain::{Id, Lifetime, UnixMillis};
use store::{Idempotency, Inserted, JobKey, JobOptions, JobRow, Owner};
use vault::Vault;
use worker::Bundle;

use crate::{JobView, Lifecycle, ReadError, StorageError, SubmitError};

/// Keeps digests of requests apart from ids of jobs, which come from the same secret.
const REQUEST: &[u8] = b"request";

/// A request that may come again.
pub(crate) struct Repeatable {
    owner: Owner,
    key: String,
    digests: Idempotency,
}

impl Repeatable {
    /// Everything that was sent makes it the same. It is digested with a secret of the vault: a plain
    /// digest would tell for a day, to whoever has the picture and the database, that it was sent.
    pub(crate) fn new(
        vault: &Vault,
        owner: Owner,
        key: String,
        options: &JobOptions,
        lifetime: Lifetime,
        uploads: &Bundle,
    ) -> Self {
        let wishes = format!("{:?} {lifetime:?}", options);
        let request = vault.derived_id(&[REQUEST, wishes.as_bytes(), &uploads.to_bytes()]);
        let digests = Idempotency::of(&owner, &key, &[request.to_string().as_bytes()]);
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
            ReadError::NotReady
            | ReadError::OtherKind
            | ReadError::TooLong
            | ReadError::Busy { .. } => StorageError::Interrupted.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use domain::SystemClock;

    use super::*;

    fn digests(folder: &Path, upload: &[u8]) -> impl Fn() -> Idempotency {
        let vault = Vault::open(folder, Arc::new(SystemClock)).unwrap();
        let uploads = Bundle::from(upload.to_vec());
        move || {
            let options = crate::job::to_row(&engine::Options::default());
            let owner = Owner::new("somebody");
            Repeatable::new(
                &vault,
                owner,
                "key".into(),
                &options,
                Lifetime::HOUR,
                &uploads,
            )
            .digests()
        }
    }

    #[test]
    fn c3_what_is_kept_of_a_request_can_not_be_found_out_from_the_picture() {
        let folders = [(); 2].map(|()| tempfile::tempdir().unwrap());
        let [here, elsewhere] = folders
            .each_ref()
            .map(|folder| digests(folder.path(), b"picture"));
        assert_eq!(here(), here(), "it is found again");
        assert_ne!(here(), elsewhere(), "with the secret only");
        let other = tempfile::tempdir().unwrap();
        assert_ne!(digests(other.path(), b"other")(), elsewhere());
        drop(here);
        assert_ne!(digests(folders[0].path(), b"picture")(), elsewhere());
    }
}
