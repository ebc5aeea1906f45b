//! The installation's key for receipts (Ed25519, RFC 8032). It opens no content, so it may be
//! backed up; whoever has it can write false receipts.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use aws_lc_rs::digest;
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use zeroize::Zeroizing;

use crate::keys::fill_random;
use crate::{VaultError, files, hex};

/// Begins the text of a public key, and says which kind it is.
const PUBLIC_LABEL: &str = "ai3dgen-ed25519:";
/// Begins the key file.
const SECRET_LABEL: &[u8; 4] = b"A3R1";
const SEED_LEN: usize = 32;

/// An Ed25519 signature.
pub type Signature = [u8; 64];

/// Signs receipts. aws-lc wipes it when it is dropped.
pub struct SigningKey(Ed25519KeyPair);

/// Verifies receipts. As text: `ai3dgen-ed25519:` and 64 hex digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey([u8; 32]);

/// What a key is made of.
pub(crate) type Seed = Zeroizing<[u8; SEED_LEN]>;

/// The seed in a key file; `None` if there is no such file.
pub(crate) fn read_seed(path: &Path) -> Result<Option<Seed>, VaultError> {
    let bytes = match files::read(path) {
        Err(VaultError::NotFound) => return Ok(None),
        bytes => bytes?,
    };
    let seed = bytes.strip_prefix(SECRET_LABEL);
    let seed = seed.and_then(|seed| seed.try_into().ok());
    Ok(Some(Zeroizing::new(seed.ok_or(VaultError::SigningKey)?)))
}

/// Writes a key file in place of any other.
pub(crate) fn write_seed(path: &Path, seed: &Seed) -> Result<(), VaultError> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(SECRET_LABEL.len() + SEED_LEN));
    bytes.extend_from_slice(SECRET_LABEL);
    bytes.extend_from_slice(&**seed);
    Ok(files::write_whole(path, &bytes)?)
}

/// The text is no public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a public key: expected `ai3dgen-ed25519:` and 64 hex digits")]
pub struct MalformedKey;

impl SigningKey {
    /// The key that RFC 8032 makes of 32 secret bytes.
    pub fn from_seed(seed: &[u8; SEED_LEN]) -> Self {
        Self(Ed25519KeyPair::from_seed_unchecked(seed).expect("every 32 bytes are a seed"))
    }

    /// Reads the key at `path`; makes one there if there is none.
    pub(crate) fn load_or_create(path: &Path) -> Result<Self, VaultError> {
        if let Some(seed) = read_seed(path)? {
            return Ok(Self::from_seed(&seed));
        }
        let mut seed = Zeroizing::new([0; SEED_LEN]);
        fill_random(&mut *seed);
        write_seed(path, &seed)?;
        Ok(Self::from_seed(&seed))
    }

    /// What its signatures are verified with.
    pub fn public_key(&self) -> PublicKey {
        let bytes = self.0.public_key().as_ref();
        PublicKey(bytes.try_into().expect("a public key has 32 bytes"))
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Signature {
        let signature = self.0.sign(message);
        *signature
            .as_ref()
            .first_chunk()
            .expect("a signature has 64 bytes")
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

impl PublicKey {
    /// The first 8 bytes of its SHA-256: enough to tell installations apart.
    pub fn key_id(&self) -> [u8; 8] {
        let sum = digest::digest(&digest::SHA256, &self.0);
        *sum.as_ref()
            .first_chunk()
            .expect("a SHA-256 is longer than 8 bytes")
    }

    pub(crate) fn verifies(&self, message: &[u8], signature: &Signature) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.0)
            .verify(message, signature)
            .is_ok()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PUBLIC_LABEL}{}", hex::encode(&self.0))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for PublicKey {
    type Err = MalformedKey;

    fn from_str(text: &str) -> Result<Self, MalformedKey> {
        let digits = text.trim().strip_prefix(PUBLIC_LABEL);
        digits.and_then(hex::decode).map(Self).ok_or(MalformedKey)
    }
}
