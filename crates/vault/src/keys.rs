//! The key of one object, and the key of an epoch that wraps it.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use zeroize::Zeroizing;

use crate::secret::{KEY_LEN, Secret};

pub(crate) const TAG_LEN: usize = 16;

/// A wrapped key: nonce, key, tag.
pub(crate) type Wrapped = [u8; NONCE_LEN + KEY_LEN + TAG_LEN];

/// The key of one object. Wiped from memory when dropped.
pub(crate) struct DataKey(Secret);

impl DataKey {
    pub(crate) fn random() -> Self {
        Self(Secret::new(|key| fill_random(key)))
    }

    pub(crate) fn from_bytes(bytes: &[u8; KEY_LEN]) -> Self {
        Self(Secret::new(|key| key.copy_from_slice(bytes)))
    }

    pub(crate) fn bytes(&self) -> &[u8; KEY_LEN] {
        self.0.bytes()
    }

    /// The key in the form the cipher takes; aws-lc wipes it in turn.
    pub(crate) fn cipher(&self) -> LessSafeKey {
        cipher(self.0.bytes())
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(…)")
    }
}

/// Wraps the keys of all objects that are due within the same ten minutes. Its destruction makes
/// every one of them unreadable, whatever happened to their own.
pub(crate) struct EpochKey(Secret);

impl EpochKey {
    pub(crate) fn random() -> Self {
        Self(Secret::new(|key| fill_random(key)))
    }

    pub(crate) fn from_bytes(bytes: &[u8; KEY_LEN]) -> Self {
        Self(Secret::new(|key| key.copy_from_slice(bytes)))
    }

    pub(crate) fn bytes(&self) -> &[u8; KEY_LEN] {
        self.0.bytes()
    }

    /// Wraps a key so that it opens only together with `aad`.
    pub(crate) fn wrap(&self, key: &DataKey, aad: &[u8]) -> Wrapped {
        let mut nonce = [0; NONCE_LEN];
        fill_random(&mut nonce);
        let mut wrapped = [0; NONCE_LEN + KEY_LEN + TAG_LEN];
        let (head, sealed) = wrapped.split_at_mut(NONCE_LEN);
        head.copy_from_slice(&nonce);
        let (ciphertext, tag) = sealed.split_at_mut(KEY_LEN);
        cipher(self.bytes())
            .seal_out_of_place_scatter(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(aad),
                key.bytes(),
                ciphertext,
                &[],
                tag,
            )
            .expect("32 bytes are not too long for AES-GCM");
        wrapped
    }

    /// `None` if this key didn't wrap it, or together with something else.
    pub(crate) fn unwrap(&self, wrapped: &Wrapped, aad: &[u8]) -> Option<DataKey> {
        let (nonce, sealed) = wrapped.split_at(NONCE_LEN);
        let (ciphertext, tag) = sealed.split_at(KEY_LEN);
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut key = Zeroizing::new([0; KEY_LEN]);
        cipher(self.bytes())
            .open_separate_gather(nonce, Aad::from(aad), ciphertext, tag, &mut *key)
            .ok()?;
        Some(DataKey::from_bytes(&key))
    }
}

impl fmt::Debug for EpochKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EpochKey(…)")
    }
}

/// The cipher is made anew for each use, so that a long-lived key is nowhere but in its page.
fn cipher(key: &[u8; KEY_LEN]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).expect("AES-256 takes 32 bytes"))
}

/// Keys and nonces come straight from the operating system and from nowhere else, so this is the
/// one kind of randomness that is no argument.
///
/// # Panics
/// If the operating system has none to give, in which case nothing is safe to do.
pub(crate) fn fill_random(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("the operating system gives random bytes");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_not_printed() {
        assert_eq!(format!("{:?}", DataKey::random()), "DataKey(…)");
        assert_eq!(format!("{:?}", EpochKey::random()), "EpochKey(…)");
    }

    #[test]
    fn a_wrapped_key_opens_only_for_the_key_and_the_data_it_was_wrapped_with() {
        let (epoch, other, key) = (EpochKey::random(), EpochKey::random(), DataKey::random());
        let wrapped = epoch.wrap(&key, b"slot");
        let opened = epoch.unwrap(&wrapped, b"slot").unwrap();
        assert_eq!(opened.bytes(), key.bytes());
        assert!(epoch.unwrap(&wrapped, b"slop").is_none());
        assert!(other.unwrap(&wrapped, b"slot").is_none());
        for place in 0..wrapped.len() {
            let mut changed = wrapped;
            changed[place] ^= 1;
            assert!(epoch.unwrap(&changed, b"slot").is_none(), "byte {place}");
        }
    }
}
