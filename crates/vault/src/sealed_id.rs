//! An id that only the holder of a secret can read: rows keep it, the secret comes with requests.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hmac;
use domain::Id;

use crate::hex;
use crate::keys::{TAG_LEN, fill_random};

/// Keeps this key apart from whatever else is derived of the same secret.
const LABEL: &[u8] = b"ai3dgen sealed job id v1";
const ID_LEN: usize = 16;

/// Seals `id` under a key derived of `secret`: nonce, id and tag, hexadecimal.
pub fn seal_id(secret: Id, id: Id) -> String {
    let mut nonce = [0; NONCE_LEN];
    fill_random(&mut nonce);
    let mut sealed = id.to_bytes();
    let tag = cipher(secret)
        .seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::empty(),
            &mut sealed,
        )
        .expect("16 bytes are not too long for AES-GCM");
    hex::encode(&[&nonce, &sealed[..], tag.as_ref()].concat())
}

/// Opens what [`seal_id`] made; `None` if it was another secret, or it was changed.
pub fn open_id(secret: Id, sealed: &str) -> Option<Id> {
    let bytes: [u8; NONCE_LEN + ID_LEN + TAG_LEN] = hex::decode(sealed)?;
    let (nonce, rest) = bytes.split_at(NONCE_LEN);
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let mut rest = rest.to_vec();
    let id = cipher(secret).open_in_place(nonce, Aad::empty(), &mut rest);
    Some(Id::from_bytes(id.ok()?.first_chunk().copied()?))
}

fn cipher(secret: Id) -> LessSafeKey {
    let key = hmac::Key::new(hmac::HMAC_SHA256, &secret.to_bytes());
    let key = hmac::sign(&key, LABEL);
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key.as_ref()).expect("a digest has 32 bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_opens_with_its_secret_only_and_not_when_changed() {
        let (secret, id) = (Id::random(), Id::random());
        let sealed = seal_id(secret, id);
        assert_eq!(open_id(secret, &sealed), Some(id));
        assert_eq!(open_id(Id::random(), &sealed), None);
        assert_ne!(seal_id(secret, id), sealed, "never the same twice");
        for place in 0..sealed.len() {
            let mut changed = sealed.clone().into_bytes();
            changed[place] = if changed[place] == b'0' { b'1' } else { b'0' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(open_id(secret, &changed), None, "character {place}");
        }
        assert_eq!(open_id(secret, "nonsense"), None);
    }
}
