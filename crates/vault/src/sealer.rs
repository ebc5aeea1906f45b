//! Content on its way into the vault: one chunk of it in memory, nothing of it on the disk that is
//! not sealed.

use std::sync::Arc;

use domain::{Life, Lifetime};

use crate::files::Unfinished;
use crate::grant::Grant;
use crate::index::Object;
use crate::slot::Entry;
use crate::stream::SealingWriter;
use crate::terms::Name;
use crate::vault::Core;
use crate::{Kind, Terms, Vault, VaultError};

/// An object that is being written. Dropped before it is finished it leaves nothing.
pub struct Sealer {
    core: Arc<Core>,
    grant: Grant,
    lifetime: Lifetime,
    out: SealingWriter<Unfinished>,
}

impl Vault {
    /// Begins an object whose content comes in pieces.
    ///
    /// # Errors
    /// Whatever keeps its file from being created.
    pub fn sealer(&self, kind: Kind, lifetime: Lifetime) -> Result<Sealer, VaultError> {
        let grant = Grant::random(kind);
        let file = Unfinished::create(&self.core.layout.object(grant.id()))?;
        Ok(Sealer {
            out: SealingWriter::begin(&grant.key, &grant.name, file)?,
            core: self.core.clone(),
            grant,
            lifetime,
        })
    }
}

impl Sealer {
    /// The next piece of the content, of any length.
    ///
    /// # Errors
    /// [`VaultError::DiskFull`] and whatever else keeps it from being written; the object can't be
    /// finished then.
    pub fn write(&mut self, plaintext: &[u8]) -> Result<(), VaultError> {
        Ok(self.out.write(plaintext)?)
    }

    /// The object exists once this returns, and not if it fails. Its life begins now.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn finish(self) -> Result<Terms, VaultError> {
        let file = self.out.finish()?;
        self.core.publish(file, &self.grant, self.lifetime)
    }
}

impl Core {
    /// Makes an object of a file that holds it sealed. Bytes first: without its key they are noise,
    /// so a crash in between reveals nothing, and the slot is the one moment at which the object
    /// begins to exist.
    pub(crate) fn publish(
        &self,
        sealed: Unfinished,
        grant: &Grant,
        lifetime: Lifetime,
    ) -> Result<Terms, VaultError> {
        let Name { id, kind } = grant.name;
        let published = sealed.finish().map_err(VaultError::from).and_then(|()| {
            // The hour begins when the last byte is there.
            let life = Life::begin(self.clock.now(), lifetime, self.options.ceiling_secs);
            let terms = Terms { id, kind, life };
            let entry = Entry { terms, revision: 0 };
            Ok(Object::new(entry, self.write_slot(&entry, &grant.key)?))
        });
        match published {
            Ok(object) => {
                let terms = object.entry.terms;
                self.index().objects.insert(id, object);
                Ok(terms)
            }
            Err(error) => {
                // Nobody was told its name; what can't be removed is at the next start.
                let _ = crate::files::remove(&self.layout.object(id));
                Err(error)
            }
        }
    }
}
