//! The one thing of a vault that belongs in a backup: the key that signs its receipts. It opens no
//! content.
//!
//! Without it a restored installation would sign as another one, and whoever kept its public key could
//! not tell it from a forger. With it, whoever has the backup can sign false receipts: so a backup is
//! kept as a password is.

use std::fmt;
use std::fs::File;
use std::path::Path;

use zeroize::Zeroizing;

use crate::signing::{Seed, read_seed, write_seed};
use crate::vault::Layout;
use crate::{PublicKey, SigningKey, VaultError, hex};

/// What an installation's signing key is made of. Wiped when dropped.
pub struct SigningSeed(Seed);

impl SigningSeed {
    /// Of the vault in `folder`, which a server may have open; `None` if it has none yet.
    ///
    /// # Errors
    /// [`VaultError::SigningKey`], or the file can't be read.
    pub fn of(folder: &Path) -> Result<Option<Self>, VaultError> {
        Ok(read_seed(&Layout::of(folder).signing_key())?.map(Self))
    }

    /// As 64 hex digits, which hold the key.
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(hex::encode(&*self.0))
    }

    /// What [`Self::to_text`] gave; `None` for anything else.
    pub fn from_text(text: &str) -> Option<Self> {
        hex::decode(text).map(Zeroizing::new).map(Self)
    }

    /// What its signatures are verified with.
    pub fn public_key(&self) -> PublicKey {
        SigningKey::from_seed(&self.0).public_key()
    }
}

impl fmt::Debug for SigningSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningSeed(…)")
    }
}

/// A vault's folder that no server has open, nor can open before this is dropped.
pub struct IdleVault {
    layout: Layout,
    _lock: File,
}

impl IdleVault {
    /// Takes the vault in `folder`, which is created if needed. Opens nothing in it.
    ///
    /// # Errors
    /// [`VaultError::InUse`] if a server has it.
    pub fn lock(folder: &Path) -> Result<Self, VaultError> {
        let layout = Layout::create(folder)?;
        let lock = layout.lock()?;
        Ok(Self {
            layout,
            _lock: lock,
        })
    }

    /// Puts a signing key in place of the one there is.
    ///
    /// # Errors
    /// It can't be written; the old one is still there then.
    pub fn put(&self, seed: &SigningSeed) -> Result<(), VaultError> {
        write_seed(&self.layout.signing_key(), &seed.0)
    }
}
