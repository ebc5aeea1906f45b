//! Content as a sequence of sealed chunks: the STREAM construction (Hoang, Reyhanitabar, Rogaway,
//! Vizár: "Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance", 2015).
//!
//! A chunk's nonce is a random prefix, its number and whether it is the last one, so a chunk that
//! is missing, repeated, moved or taken from another object doesn't open. Each opens by itself,
//! which is what reading a range needs.

use aws_lc_rs::aead::{Aad, LessSafeKey, NONCE_LEN, Nonce};

use crate::VaultError;
use crate::keys::{DataKey, TAG_LEN, fill_random};
use crate::terms::Name;

/// Plaintext per chunk, in bytes; all but the last are full. Large enough that the tag costs
/// nothing, small enough for the processor's cache.
pub const CHUNK_LEN: usize = 64 * 1024;
pub(crate) const SEALED_CHUNK_LEN: usize = CHUNK_LEN + TAG_LEN;

const LABEL: &[u8; 4] = b"A3O2";
const PREFIX_LEN: usize = NONCE_LEN - 4 - 1;
/// What comes before the first chunk.
pub(crate) const HEADER_LEN: usize = LABEL.len() + PREFIX_LEN;

/// Seals and opens the chunks of one object.
pub(crate) struct Chunks {
    /// Expanded from the data key; aws-lc wipes it.
    cipher: LessSafeKey,
    aad: [u8; Name::BOUND_LEN],
    prefix: [u8; PREFIX_LEN],
}

impl Chunks {
    /// For sealing: with a new prefix.
    pub(crate) fn begin(key: &DataKey, name: &Name) -> Self {
        let mut prefix = [0; PREFIX_LEN];
        fill_random(&mut prefix);
        Self::with_prefix(key, name, prefix)
    }

    /// For opening what begins with this header.
    pub(crate) fn resume(
        key: &DataKey,
        name: &Name,
        header: &[u8; HEADER_LEN],
    ) -> Result<Self, VaultError> {
        let prefix = header.strip_prefix(LABEL).ok_or(VaultError::Damaged)?;
        let prefix = prefix.try_into().map_err(|_| VaultError::Damaged)?;
        Ok(Self::with_prefix(key, name, prefix))
    }

    fn with_prefix(key: &DataKey, name: &Name, prefix: [u8; PREFIX_LEN]) -> Self {
        Self {
            cipher: key.cipher(),
            aad: name.bound_to(LABEL),
            prefix,
        }
    }

    pub(crate) fn header(&self) -> [u8; HEADER_LEN] {
        let mut header = [0; HEADER_LEN];
        header[..LABEL.len()].copy_from_slice(LABEL);
        header[LABEL.len()..].copy_from_slice(&self.prefix);
        header
    }

    /// Seals a chunk into `sealed`, which is longer by the tag.
    pub(crate) fn seal(&self, place: Place, plaintext: &[u8], sealed: &mut [u8]) {
        let (ciphertext, tag) = sealed.split_at_mut(plaintext.len());
        self.cipher
            .seal_out_of_place_scatter(
                self.nonce(place),
                Aad::from(self.aad),
                plaintext,
                ciphertext,
                &[],
                tag,
            )
            .expect(
                "a chunk is not too long for AES-GCM, and its sealed form is longer by the tag",
            );
    }

    /// Opens a chunk into `plaintext`, which is shorter by the tag.
    pub(crate) fn open(
        &self,
        place: Place,
        sealed: &[u8],
        plaintext: &mut [u8],
    ) -> Result<(), VaultError> {
        let (ciphertext, tag) = sealed
            .split_at_checked(plaintext.len())
            .filter(|(_, tag)| tag.len() == TAG_LEN)
            .ok_or(VaultError::Damaged)?;
        self.cipher
            .open_separate_gather(
                self.nonce(place),
                Aad::from(self.aad),
                ciphertext,
                tag,
                plaintext,
            )
            .map_err(|_| VaultError::Damaged)
    }

    /// Opens a chunk where it lies; its plaintext is the front of it, without the tag's length.
    pub(crate) fn open_in_place(&self, place: Place, sealed: &mut [u8]) -> Result<(), VaultError> {
        self.cipher
            .open_in_place(self.nonce(place), Aad::from(self.aad), sealed)
            .map(|_| ())
            .map_err(|_| VaultError::Damaged)
    }

    fn nonce(&self, place: Place) -> Nonce {
        let mut nonce = [0; NONCE_LEN];
        nonce[..PREFIX_LEN].copy_from_slice(&self.prefix);
        nonce[PREFIX_LEN..NONCE_LEN - 1].copy_from_slice(&place.number.to_be_bytes());
        nonce[NONCE_LEN - 1] = place.last.into();
        Nonce::assume_unique_for_key(nonce)
    }
}

/// Where a chunk stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) number: u32,
    pub(crate) last: bool,
}

/// How an object is cut, known from its sealed length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cut {
    /// Plaintext in bytes.
    pub(crate) len: u64,
    /// One at least: empty content is an empty chunk.
    pub(crate) chunks: u32,
}

impl Cut {
    /// `None` for a length that no sealed object has.
    pub(crate) fn of_sealed(sealed_len: u64) -> Option<Self> {
        let body = sealed_len.checked_sub(HEADER_LEN as u64)?;
        let chunks = u32::try_from(body.div_ceil(SEALED_CHUNK_LEN as u64)).ok()?;
        let len = body.checked_sub(u64::from(chunks) * TAG_LEN as u64)?;
        let cut = Self { len, chunks };
        // Only the one chunk of empty content is empty.
        let possible = chunks > 0 && (chunks == 1 || cut.len_before(chunks - 1) < len);
        possible.then_some(cut)
    }

    pub(crate) fn place(&self, number: u32) -> Place {
        Place {
            number,
            last: number + 1 == self.chunks,
        }
    }

    /// Plaintext before a chunk, in bytes.
    pub(crate) fn len_before(&self, number: u32) -> u64 {
        u64::from(number) * CHUNK_LEN as u64
    }

    /// Plaintext in a chunk, in bytes.
    pub(crate) fn len_of(&self, number: u32) -> usize {
        let rest = self.len - self.len_before(number);
        rest.min(CHUNK_LEN as u64) as usize
    }

    /// Where a chunk begins in the sealed bytes.
    pub(crate) fn sealed_start(number: u32) -> u64 {
        HEADER_LEN as u64 + u64::from(number) * SEALED_CHUNK_LEN as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sealed_lengths_tell_the_cut() {
        let sealed_chunk = SEALED_CHUNK_LEN as u64;
        for (body, cut) in [
            (0, None),
            (15, None),
            (16, Some((0, 1))),
            (17, Some((1, 1))),
            (sealed_chunk, Some((65_536, 1))),
            (sealed_chunk + 1, None),
            (sealed_chunk + 16, None),
            (sealed_chunk + 17, Some((65_537, 2))),
            (2 * sealed_chunk, Some((131_072, 2))),
            (u64::MAX - 11, None),
        ] {
            let expected = cut.map(|(len, chunks)| Cut { len, chunks });
            assert_eq!(Cut::of_sealed(HEADER_LEN as u64 + body), expected, "{body}");
        }
        assert_eq!(Cut::of_sealed(10), None);
    }
}
