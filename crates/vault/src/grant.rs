//! The key of one object, for a process that works on that object and should know nothing else.

use std::collections::HashMap;
use std::fmt;
use std::fs::File;
use std::io::{Read, Write};
use std::sync::Arc;

use domain::{Id, LIFETIME_SECS, Lifetime, UnixMillis};
use zeroize::Zeroizing;

use crate::files::Unfinished;
use crate::index::Until;
use crate::keys::DataKey;
use crate::secret::KEY_LEN;
use crate::terms::Name;
use crate::vault::Core;
use crate::{Kind, Plaintext, Terms, Vault, VaultError, stream};

/// Begins a grant in bytes.
const LABEL: &[u8; 4] = b"A3G1";
// Label, kind, id, key.
const GRANT_LEN: usize = 4 + 1 + 16 + KEY_LEN;

/// What it takes to open or seal one object, and nothing else: it tells no deadline and can't be
/// taken back, so it goes only to a process that ends with its job. Wiped when dropped.
pub struct Grant {
    pub(crate) name: Name,
    pub(crate) key: DataKey,
}

impl Grant {
    /// For a new object with a new key.
    pub(crate) fn random(kind: Kind) -> Self {
        let id = Id::random();
        Self {
            name: Name { id, kind },
            key: DataKey::random(),
        }
    }

    /// The grant as bytes, to pass it through a pipe. They hold the key.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(GRANT_LEN));
        bytes.extend_from_slice(LABEL);
        bytes.push(self.name.kind.code());
        bytes.extend_from_slice(&self.name.id.to_bytes());
        bytes.extend_from_slice(self.key.bytes());
        bytes
    }

    /// What [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, VaultError> {
        let parse = || {
            let bytes: &[u8; GRANT_LEN] = bytes.try_into().ok()?;
            let rest = bytes.strip_prefix(LABEL)?;
            let (&kind, rest) = rest.split_first()?;
            let (id, key) = rest.split_first_chunk()?;
            let name = Name {
                id: Id::from_bytes(*id),
                kind: Kind::from_code(kind)?,
            };
            let key = DataKey::from_bytes(key.try_into().ok()?);
            Some(Self { name, key })
        };
        parse().ok_or(VaultError::Damaged)
    }

    /// Which object it is for.
    pub fn id(&self) -> Id {
        self.name.id
    }

    /// What that object is.
    pub fn kind(&self) -> Kind {
        self.name.kind
    }

    /// Opens the object's sealed bytes, `sealed_len` of them. All of it or nothing.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] if they are another object's or were changed.
    pub fn open(&self, sealed: &mut impl Read, sealed_len: u64) -> Result<Plaintext, VaultError> {
        stream::open(&self.key, &self.name, sealed, sealed_len)
    }

    /// Writes the object sealed.
    ///
    /// # Errors
    /// What writing to `out` gives.
    pub fn seal(&self, plaintext: &[u8], out: &mut impl Write) -> Result<(), VaultError> {
        Ok(stream::seal(&self.key, &self.name, plaintext, out)?)
    }
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Grant(…)")
    }
}

impl Vault {
    /// The key of one object and its sealed bytes, for a process that works on it. The deadline is
    /// asked for now and can't be later: see [`Grant`].
    ///
    /// # Errors
    /// As [`Vault::open_object`].
    pub fn grant(&self, id: Id, kind: Kind) -> Result<(Grant, File), VaultError> {
        let (grant, sealed, ..) = self.core.unlock(id, kind)?;
        Ok((grant, sealed))
    }

    /// The grant of an object to be: whoever holds it may seal that object, and [`Vault::adopt`]
    /// takes it within an hour. Nothing is on the disk until then.
    pub fn reserve(&self, kind: Kind, lifetime: Lifetime) -> Result<Grant, VaultError> {
        let grant = Grant::random(kind);
        let now = self.now();
        self.core.reservations().insert(grant.id(), lifetime, now);
        Ok(grant)
    }

    /// Stores what a holder of a reserved grant sealed, to the end of `sealed`; its life begins
    /// now. All of it or nothing, and once only.
    ///
    /// # Errors
    /// [`VaultError::NotFound`] if the grant was not reserved here, or too long ago;
    /// [`VaultError::Damaged`] if `sealed` is not what it sealed, whole.
    pub fn adopt(&self, grant: &Grant, sealed: &mut impl Read) -> Result<Terms, VaultError> {
        let now = self.now();
        let lifetime = self.core.reservations().take(grant.id(), now);
        let lifetime = lifetime.ok_or(VaultError::NotFound)?;
        let mut file = Unfinished::create(&self.core.layout.object(grant.id()))?;
        stream::copy_checked(&grant.key, &grant.name, sealed, &mut file)?;
        self.core.publish(file, grant, lifetime)
    }
}

impl Core {
    /// All that it takes to read an object, if it may be read now.
    pub(crate) fn unlock(
        &self,
        id: Id,
        kind: Kind,
    ) -> Result<(Grant, File, Terms, Arc<Until>), VaultError> {
        loop {
            let object = self.index().readable(id, kind)?.clone();
            object.until.check(self.clock.now())?;
            let key = match object.slot.open(&object.entry) {
                // Its deadline was moved meanwhile, and its key with it.
                Err(_) if self.index().readable(id, kind)?.entry != object.entry => continue,
                key => key?,
            };
            let sealed = File::open(self.layout.object(id)).map_err(VaultError::opening)?;
            let terms = object.entry.terms;
            let grant = Grant {
                name: terms.name(),
                key,
            };
            return Ok((grant, sealed, terms, object.until));
        }
    }
}

/// Objects to be: whose grants are out, and which nobody has handed in yet. In memory only, so a
/// restart takes them back.
#[derive(Default)]
pub(crate) struct Reservations(HashMap<Id, Reservation>);

struct Reservation {
    lifetime: Lifetime,
    made: UnixMillis,
}

impl Reservations {
    pub(crate) fn insert(&mut self, id: Id, lifetime: Lifetime, now: UnixMillis) {
        self.0.retain(|_, reservation| !reservation.is_over(now));
        let made = now;
        self.0.insert(id, Reservation { lifetime, made });
    }

    /// How long the object may live; its grant can't be handed in again.
    pub(crate) fn take(&mut self, id: Id, now: UnixMillis) -> Option<Lifetime> {
        let reservation = self.0.remove(&id)?;
        (!reservation.is_over(now)).then_some(reservation.lifetime)
    }
}

impl Reservation {
    /// Whoever needs longer works on a picture that is gone already.
    fn is_over(&self, now: UnixMillis) -> bool {
        now >= self.made.plus_secs(LIFETIME_SECS)
    }
}
