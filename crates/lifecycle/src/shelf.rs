//! Pictures that are sent before the job they are for, as some clients do: sealed like any other, and
//! gone after an hour, or when the server stops, if no job asks for them.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::{Id, LIFETIME_SECS, Lifetime, UnixMillis};
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
    /// Bytes that were sent.
    pub sent_len: usize,
    /// When it was sealed.
    pub created_at: UnixMillis,
    /// The moment from which it can't be read any more.
    pub expires_at: UnixMillis,
}

/// In memory only: what is not here is a stray to the vault, and destroyed.
#[derive(Default)]
pub(crate) struct Shelf(Mutex<HashMap<Id, Place>>);

struct Place {
    owner: String,
    lies: Lies,
}

/// What is in a place.
enum Lies {
    /// Nothing yet: it is kept free until then.
    Nothing(UnixMillis),
    /// What was made of so many bytes.
    Picture(Unclaimed, usize),
}

impl Place {
    fn object(&self) -> Option<Id> {
        match &self.lies {
            Lies::Nothing(_) => None,
            Lies::Picture(picture, _) => Some(picture.id()),
        }
    }

    fn is_over(&self, now: UnixMillis) -> bool {
        match &self.lies {
            Lies::Nothing(until) => *until <= now,
            Lies::Picture(picture, _) => picture.deadline().is_past(now),
        }
    }

    /// What lies here, if something does and may still be read.
    fn told(&self, id: Id, now: UnixMillis) -> Option<Shelved> {
        match &self.lies {
            Lies::Picture(picture, sent_len) if !self.is_over(now) => Some(Shelved {
                id,
                sent_len: *sent_len,
                created_at: picture.created(),
                expires_at: picture.deadline().moment(),
            }),
            _ => None,
        }
    }
}

impl Shelf {
    /// Every object that lies here.
    pub(crate) fn objects(&self) -> Vec<Id> {
        let places = self.places();
        places.values().filter_map(Place::object).collect()
    }

    /// Clears away what is due at `now`.
    pub(crate) fn sweep(&self, now: UnixMillis) {
        self.places().retain(|_, place| !place.is_over(now));
    }

    fn has_room_for(&self, owner: &str) -> bool {
        let places = self.places();
        let own = places.values().filter(|place| place.owner == owner);
        places.len() < MOST && own.count() < MOST_PER_OWNER
    }

    /// Whose place it is that is kept free under that id.
    fn kept_for(&self, id: Id, now: UnixMillis) -> Option<String> {
        let places = self.places();
        let place = places.get(&id).filter(|place| !place.is_over(now))?;
        matches!(place.lies, Lies::Nothing(_)).then(|| place.owner.clone())
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
        if !self.shelf.has_room_for(&owner) {
            return Err(self.queue_full());
        }
        self.lay(Id::random(), upload, owner).await
    }

    /// Keeps a place free for an hour for a picture that comes to [`Self::deliver`] under the id in the
    /// answer.
    ///
    /// # Errors
    /// [`SubmitError::QueueFull`] if too many lie here.
    pub fn keep_free(&self, owner: String) -> Result<Id, SubmitError> {
        if !self.shelf.has_room_for(&owner) {
            return Err(self.queue_full());
        }
        let id = Id::random();
        let lies = Lies::Nothing(self.vault.now().plus_secs(LIFETIME_SECS));
        self.shelf.places().insert(id, Place { owner, lies });
        Ok(id)
    }

    /// Admits and seals the picture of a place that was kept free. `None`: none is (any more).
    ///
    /// # Errors
    /// As [`Self::submit`]; the place stays free.
    pub async fn deliver(&self, id: Id, upload: Vec<u8>) -> Result<Option<Shelved>, SubmitError> {
        match self.shelf.kept_for(id, self.vault.now()) {
            Some(owner) => self.lay(id, upload, owner).await.map(Some),
            None => Ok(None),
        }
    }

    async fn lay(&self, id: Id, upload: Vec<u8>, owner: String) -> Result<Shelved, SubmitError> {
        let limit_bytes = self.config.max_upload_bytes;
        let sent_len = upload.len();
        if sent_len > limit_bytes {
            return Err(SubmitError::TooLarge { limit_bytes });
        }
        let picture = self.take_in(upload.into(), engine::PICTURE_PX, Lifetime::HOUR);
        let picture = picture.await?;
        let (created_at, deadline) = (picture.created(), picture.deadline());
        let lies = Lies::Picture(picture, sent_len);
        self.shelf.places().insert(id, Place { owner, lies });
        Ok(Shelved {
            id,
            sent_len,
            created_at,
            expires_at: deadline.moment(),
        })
    }

    /// A shelved picture, as a PNG. It stays where it is: several jobs may be made of it.
    ///
    /// # Errors
    /// [`ReadError::NotFound`] if it never was there, or is gone.
    pub async fn shelved(&self, id: Id) -> Result<Zeroizing<Vec<u8>>, ReadError> {
        let object = self.shelf.places().get(&id).and_then(Place::object);
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

    /// What is known of a shelved picture.
    ///
    /// # Errors
    /// [`ReadError::NotFound`] if it never was there, or is gone.
    pub fn shelved_as(&self, id: Id) -> Result<Shelved, ReadError> {
        let (places, now) = (self.shelf.places(), self.vault.now());
        let shelved = places.get(&id).and_then(|place| place.told(id, now));
        shelved.ok_or(ReadError::NotFound)
    }

    /// Every picture that lies here for an owner, the newest first.
    pub fn shelved_of(&self, owner: &str) -> Vec<Shelved> {
        let (places, now) = (self.shelf.places(), self.vault.now());
        let own = places.iter().filter(|(_, place)| place.owner == owner);
        let mut own: Vec<_> = own.filter_map(|(id, place)| place.told(*id, now)).collect();
        own.sort_by_key(|shelved| std::cmp::Reverse((shelved.created_at, shelved.id)));
        own
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
