//! The key of one object, and the installation's key that wraps it.

use std::fmt;
use std::path::Path;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use domain::{CEILING_SECS, Deadline, Id, Life, Lifetime, UnixMillis};
use zeroize::Zeroizing;

use crate::{Kind, Terms, VaultError, files};

pub(crate) const TAG_LEN: usize = 16;
pub(crate) const KEY_LEN: usize = 32;

/// Opens a key file, and keeps its authentication apart from the chunks'.
const KEY_LABEL: &[u8; 4] = b"A3K1";
const INSTALLATION_LABEL: &[u8; 4] = b"A3I1";

// Label, kind, created, deadline; then nonce, wrapped key, tag.
const HEADER_LEN: usize = 4 + 1 + 8 + 8;
const KEY_FILE_LEN: usize = HEADER_LEN + NONCE_LEN + KEY_LEN + TAG_LEN;

/// The key of one object. Wiped from memory when dropped.
pub(crate) struct DataKey(Zeroizing<[u8; KEY_LEN]>);

impl DataKey {
    pub(crate) fn random() -> Self {
        Self(random_key())
    }

    pub(crate) fn from_bytes(bytes: &[u8; KEY_LEN]) -> Self {
        Self(Zeroizing::new(*bytes))
    }

    pub(crate) fn bytes(&self) -> &[u8; KEY_LEN] {
        &self.0
    }

    /// The key in the form the cipher takes; aws-lc wipes it in turn.
    pub(crate) fn cipher(&self) -> LessSafeKey {
        cipher(&*self.0)
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(…)")
    }
}

/// Wraps every object's key, so that copying `keys/<id>.key` alone gives nothing away and one
/// file's destruction makes a whole vault unreadable.
pub(crate) struct InstallationKey(LessSafeKey);

impl InstallationKey {
    /// Reads the key at `path`; makes one there if there is none.
    pub(crate) fn load_or_create(path: &Path) -> Result<Self, VaultError> {
        match files::read(path) {
            Ok(bytes) => {
                let key = bytes
                    .strip_prefix(INSTALLATION_LABEL)
                    .filter(|key| key.len() == KEY_LEN)
                    .ok_or(VaultError::InstallationKey)?;
                Ok(Self(cipher(key)))
            }
            Err(VaultError::NotFound) => {
                let key = random_key();
                let mut bytes = Zeroizing::new(Vec::with_capacity(4 + KEY_LEN));
                bytes.extend_from_slice(INSTALLATION_LABEL);
                bytes.extend_from_slice(&*key);
                files::write_whole(path, &bytes)?;
                Ok(Self(cipher(&*key)))
            }
            Err(error) => Err(error),
        }
    }

    /// The content of the key file of the object of these terms.
    pub(crate) fn wrap(&self, key: &DataKey, terms: &Terms) -> Vec<u8> {
        let mut nonce = [0; NONCE_LEN];
        fill_random(&mut nonce);
        let mut file = Vec::with_capacity(KEY_FILE_LEN);
        file.extend_from_slice(KEY_LABEL);
        file.push(terms.kind.code());
        file.extend_from_slice(&terms.created().0.to_be_bytes());
        file.extend_from_slice(&terms.deadline().moment().0.to_be_bytes());
        file.extend_from_slice(&nonce);
        let mut wrapped = Zeroizing::new(*key.0);
        let tag = self
            .0
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(terms.bound_to(KEY_LABEL)),
                &mut *wrapped,
            )
            .expect("32 bytes are not too long for AES-GCM");
        file.extend_from_slice(&*wrapped);
        file.extend_from_slice(tag.as_ref());
        file
    }

    /// The key and the terms in a key file, if this installation wrote it for this object.
    pub(crate) fn unwrap(&self, id: Id, file: &[u8]) -> Result<(DataKey, Terms), VaultError> {
        let file: &[u8; KEY_FILE_LEN] = file.try_into().map_err(|_| VaultError::Damaged)?;
        let (header, sealed) = file.split_at(HEADER_LEN);
        let terms = parse_header(id, header).ok_or(VaultError::Damaged)?;
        let (nonce, wrapped) = sealed.split_at(NONCE_LEN);
        let mut key = Zeroizing::new([0; KEY_LEN + TAG_LEN]);
        key.copy_from_slice(wrapped);
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| VaultError::Damaged)?;
        let aad = Aad::from(terms.bound_to(KEY_LABEL));
        let plain = self
            .0
            .open_in_place(nonce, aad, &mut *key)
            .map_err(|_| VaultError::Damaged)?;
        let mut data_key = Zeroizing::new([0; KEY_LEN]);
        data_key.copy_from_slice(plain);
        Ok((DataKey(data_key), terms))
    }
}

impl fmt::Debug for InstallationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InstallationKey(…)")
    }
}

fn parse_header(id: Id, header: &[u8]) -> Option<Terms> {
    let rest = header.strip_prefix(KEY_LABEL)?;
    let (&kind, rest) = rest.split_first()?;
    let (created, deadline) = rest.split_first_chunk()?;
    let created = UnixMillis(i64::from_be_bytes(*created));
    let deadline = Deadline::at(UnixMillis(i64::from_be_bytes(deadline.try_into().ok()?)));
    Some(Terms {
        id,
        kind: Kind::from_code(kind)?,
        life: Life::restore(created, deadline, CEILING_SECS, Lifetime::HOUR)?,
    })
}

fn cipher(key: &[u8]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).expect("AES-256 takes 32 bytes"))
}

fn random_key() -> Zeroizing<[u8; KEY_LEN]> {
    let mut key = Zeroizing::new([0; KEY_LEN]);
    fill_random(&mut *key);
    key
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
        let key = DataKey::random();
        assert_eq!(format!("{key:?}"), "DataKey(…)");
        let installation = InstallationKey(cipher(&*key.0));
        assert_eq!(format!("{installation:?}"), "InstallationKey(…)");
    }
}
