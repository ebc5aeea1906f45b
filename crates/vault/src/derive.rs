//! Ids that can be found again by whoever has the vault open, and by nobody else.

use aws_lc_rs::hmac;
use domain::Id;

use crate::Vault;
use crate::keys::fill_random;
use crate::secret::Secret;

/// The secret that ids are derived with. In memory only, so that no copy of a disk finds one.
pub(crate) struct IdKey(Secret);

impl IdKey {
    pub(crate) fn random() -> Self {
        Self(Secret::new(|key| fill_random(key)))
    }
}

impl Vault {
    /// An id that is the same for the same parts, as long as this vault is open, and that nobody can
    /// guess who knows them.
    pub fn derived_id(&self, parts: &[&[u8]]) -> Id {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.core.ids.0.bytes());
        let mut digest = hmac::Context::with_key(&key);
        for part in parts {
            // With its length, so that no other parts run together to the same bytes.
            digest.update(&(part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        let tag = digest.sign();
        let bytes = tag.as_ref().first_chunk();
        Id::from_bytes(*bytes.expect("a digest of 32 bytes has 16"))
    }
}
