//! Pictures that are sent before the job they are for, as some clients do: sealed like any other, and
//! gone after an hour, or when the server stops, if no job asks for them.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::{Id, Lifetime, UnixMillis};
use tokio::task::spawn_blocking;
use vault::{Kind, VaultError};
use worker::{Bundle, Role};
use zeroize::Zeroizing;

use crate::seal::Unclaimed;
use crate::{Lifecycle, ReadError, SubmitError};

/// Pictures of one owner that may lie here at a time, and of all.
const MOST_PER_OWNER: usize = 32;
const MOST: usize = 512;

/// A picture that waits for its job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shelved {
    /// The capability: whoever knows it may have a job made of the picture, or destroy it.
    pub id: Id,
    /// The moment from which it can't be read any more.
    pub expires_at: UnixMillis,
}

/// In memory only: what is not here is a stray to the vault, and destroyed.
#[derive(Default)]
pub(crate) struct Shelf(Mutex<HashMap<Id, Place>>);

struct Place {
    owner: String,
    picture: Unclaimed,
}

impl Shelf {
    /// Every object that lies here.
    pub(crate) fn objects(&self) -> Vec<Id> {
        let places = self.places();
        places.values().map(|place| place.picture.id()).collect()
    }

    /// Clears away what is due at `now`.
    pub(crate) fn sweep(&self, now: UnixMillis) {
        self.places()
            .retain(|_, place| !place.picture.deadline().is_past(now));
    }

    fn has_room_for(&self, owner: &str) -> bool {
        let places = self.places();
        let own = places.values().filter(|place| place.owner == owner);
        places.len() < MOST && own.count() < MOST_PER_OWNER
    }

    fn places(&self) -> MutexGuard<'_, HashMap<Id, Place>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lifecycle {
    /// Admits and seals a picture whose job comes later.
    ///
    /// # Errors
    /// As [`Self::submit`]; [`SubmitError::QueueFull`] if too many lie here.
    pub async fn shelve(&self, upload: Vec<u8>, owner: String) -> Result<Shelved, SubmitError> {
        let limit_bytes = self.config.max_upload_bytes;
        let uploads = Bundle::from(upload);
        if uploads.content_len() > limit_bytes {
            return Err(SubmitError::TooLarge { limit_bytes });
        }
        if !self.shelf.has_room_for(&owner) {
            return Err(self.queue_full());
        }
        let picture = self.take_in(uploads, engine::PICTURE_PX, Lifetime::HOUR);
        let picture = picture.await?;
        let shelved = Shelved {
            id: Id::random(),
            expires_at: picture.deadline().moment(),
        };
        let place = Place { owner, picture };
        self.shelf.places().insert(shelved.id, place);
        Ok(shelved)
    }

    /// A shelved picture, as a PNG. It stays where it is: several jobs may be made of it.
    ///
    /// # Errors
    /// [`ReadError::NotFound`] if it never was there, or is gone.
    pub async fn shelved(&self, id: Id) -> Result<Zeroizing<Vec<u8>>, ReadError> {
        let object = self.shelf.places().get(&id).map(|place| place.picture.id());
        let object = object.ok_or(ReadError::NotFound)?;
        let vault = self.vault.clone();
        let read = spawn_blocking(move || vault.read(object, Kind::Picture)).await?;
        match read {
            Err(VaultError::NotFound | VaultError::Expired) => Err(ReadError::NotFound),
            read => {
                let read = read?;
                let pictures = Bundle::from_bytes(&read).ok();
                let picture = pictures.as_ref().and_then(|all| all.get(Role::Picture));
                let picture = picture.ok_or(VaultError::Damaged)?;
                Ok(Zeroizing::new(picture.to_vec()))
            }
        }
    }

    /// When a shelved picture is gone.
    ///
    /// # Errors
    /// [`ReadError::NotFound`] if it never was there, or is gone.
    pub fn shelved_until(&self, id: Id) -> Result<UnixMillis, ReadError> {
        let places = self.shelf.places();
        let deadline = places.get(&id).map(|place| place.picture.deadline());
        let deadline = deadline.filter(|deadline| !deadline.is_past(self.vault.now()));
        Ok(deadline.ok_or(ReadError::NotFound)?.moment())
    }

    /// Destroys a shelved picture now.
    ///
    /// # Errors
    /// [`ReadError::NotFound`] if it is not there.
    pub async fn unshelve(&self, id: Id) -> Result<(), ReadError> {
        let place = self.shelf.places().remove(&id).ok_or(ReadError::NotFound)?;
        Ok(spawn_blocking(move || drop(place)).await?)
    }
}
