//! What the holder of a program's key sees: which jobs were made with it.
//!
//! A job's id opens it and no row has it. A keyed job's row has it sealed under the key's secret, which
//! comes with requests: so the holder finds their jobs again, and nobody who has the database does.

use std::fmt;
use std::str::FromStr;

use domain::{Id, UnixMillis};
use store::{After, ApiKey, JobKey, Listed, Owner};

use crate::{JobView, Lifecycle, ReadError, StorageError};

/// Where the next page of a list begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(After);

/// A part of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// Newest first.
    pub jobs: Vec<JobView>,
    /// Where the next page begins; `None`: this is the last one.
    pub next: Option<Cursor>,
}

impl Lifecycle {
    /// The key of that secret; `None`: there is none, or it was revoked.
    ///
    /// # Errors
    /// The database can't be asked.
    pub async fn key_of(&self, secret: Id) -> Result<Option<ApiKey>, StorageError> {
        Ok(self.store.key_of(secret).await?)
    }

    /// How many more jobs of an owner may wait, and how many in all.
    ///
    /// # Errors
    /// The database can't be asked.
    pub async fn room_of(&self, owner: &str) -> Result<(usize, usize), StorageError> {
        let waiting = self.store.waiting_of(&Owner::new(owner)).await?;
        let limit = self.config.max_queued_per_owner;
        Ok((limit.saturating_sub(waiting as usize), limit))
    }

    /// When a place in the queue is likely to be free, seconds.
    pub fn likely_free_secs(&self) -> u32 {
        self.likely_secs()
    }

    /// Lists a job for whoever has that secret.
    ///
    /// # Errors
    /// The database can't be told.
    pub async fn list_for(&self, secret: Id, job: Id) -> Result<(), StorageError> {
        let sealed = vault::seal_id(secret, job);
        Ok(self.store.list_job(&JobKey::of(job), &sealed).await?)
    }

    /// The jobs that were made with a key, `most` of them after a cursor.
    ///
    /// # Errors
    /// The database can't be asked.
    pub async fn jobs_of(
        &self,
        secret: Id,
        key: &ApiKey,
        after: Option<&Cursor>,
        most: u32,
    ) -> Result<Page, ReadError> {
        let (now, after) = (self.vault.now(), after.map(|Cursor(after)| after));
        // One more tells whether there is another page.
        let listed = self.store.listed_jobs(&key.owner, now, after, most + 1);
        let mut listed = listed.await?;
        let is_last = listed.len() <= most as usize;
        listed.truncate(most as usize);
        let next = listed.last().filter(|_| !is_last);
        let next = next.map(|listed| Cursor(After::job(&listed.row)));
        let mut jobs = Vec::with_capacity(listed.len());
        for Listed { row, sealed_id } in listed {
            if let Some(id) = vault::open_id(secret, &sealed_id) {
                jobs.push(self.view(id, &row).await?);
            }
        }
        Ok(Page { jobs, next })
    }
}

/// The text is no cursor of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor")]
pub struct MalformedCursor;

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.0.created_at.0, self.0.key)
    }
}

impl FromStr for Cursor {
    type Err = MalformedCursor;

    fn from_str(text: &str) -> Result<Self, MalformedCursor> {
        let (moment, key) = text.split_once('-').ok_or(MalformedCursor)?;
        let is_key = key.len() == 64 && key.bytes().all(|byte| byte.is_ascii_hexdigit());
        let moment = moment.parse().ok().filter(|_| is_key);
        Ok(Self(After {
            created_at: UnixMillis(moment.ok_or(MalformedCursor)?),
            key: key.to_owned(),
        }))
    }
}
