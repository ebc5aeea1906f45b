//! Content as a sequence of sealed chunks: the STREAM construction (Hoang, Reyhanitabar, Rogaway,
//! Vizár: "Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance", 2015).
//!
//! A chunk's nonce is a random prefix, its number and whether it is the last one, so a chunk that
//! is missing, repeated, moved or taken from another object doesn't open.

use std::io::{self, Read, Write};

use aws_lc_rs::aead::{Aad, LessSafeKey, NONCE_LEN, Nonce};
use zeroize::Zeroizing;

use crate::keys::{DataKey, TAG_LEN, fill_random};
use crate::{Terms, VaultError};

/// Plaintext per chunk; all but the last are full. Large enough that the tag costs nothing, small
/// enough for the processor's cache.
const CHUNK_LEN: usize = 64 * 1024;
const SEALED_CHUNK_LEN: usize = CHUNK_LEN + TAG_LEN;

const LABEL: &[u8; 4] = b"A3O1";
const PREFIX_LEN: usize = NONCE_LEN - 4 - 1;
const HEADER_LEN: usize = LABEL.len() + PREFIX_LEN;

struct Nonces {
    prefix: [u8; PREFIX_LEN],
    next: Option<u32>,
}

impl Nonces {
    fn new(prefix: [u8; PREFIX_LEN]) -> Self {
        Self {
            prefix,
            next: Some(0),
        }
    }

    /// `None` after 2³² chunks (256 TiB).
    fn next(&mut self, last: bool) -> Option<Nonce> {
        let number = self.next?;
        self.next = number.checked_add(1);
        let mut nonce = [0; NONCE_LEN];
        nonce[..PREFIX_LEN].copy_from_slice(&self.prefix);
        nonce[PREFIX_LEN..NONCE_LEN - 1].copy_from_slice(&number.to_be_bytes());
        nonce[NONCE_LEN - 1] = last.into();
        Some(Nonce::assume_unique_for_key(nonce))
    }
}

/// Writes `plaintext` sealed. Only one chunk of it is in memory a second time, and is overwritten
/// by its ciphertext.
pub(crate) fn seal(
    key: &DataKey,
    terms: &Terms,
    plaintext: &[u8],
    out: &mut impl Write,
) -> io::Result<()> {
    let cipher = key.cipher();
    let aad = terms.bound_to(LABEL);
    let mut prefix = [0; PREFIX_LEN];
    fill_random(&mut prefix);
    out.write_all(LABEL)?;
    out.write_all(&prefix)?;

    let mut nonces = Nonces::new(prefix);
    let mut buffer = Zeroizing::new(Vec::with_capacity(SEALED_CHUNK_LEN));
    let mut rest = plaintext;
    loop {
        let (chunk, after) = rest.split_at(rest.len().min(CHUNK_LEN));
        let last = after.is_empty();
        buffer.clear();
        buffer.extend_from_slice(chunk);
        let nonce = nonces.next(last).ok_or(io::ErrorKind::FileTooLarge)?;
        cipher
            .seal_in_place_append_tag(nonce, Aad::from(aad), &mut *buffer)
            .map_err(|_| io::ErrorKind::Other)?;
        out.write_all(&buffer)?;
        if last {
            return Ok(());
        }
        rest = after;
    }
}

/// Reads back what [`seal`] wrote, `sealed_len` bytes. All of it or nothing.
pub(crate) fn open(
    key: &DataKey,
    terms: &Terms,
    sealed: &mut impl Read,
    sealed_len: u64,
) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let mut header = [0; HEADER_LEN];
    let mut rest = usize::try_from(sealed_len)
        .ok()
        .and_then(|len| len.checked_sub(HEADER_LEN))
        .ok_or(VaultError::Damaged)?;
    read_exact(sealed, &mut header)?;
    let prefix = header.strip_prefix(LABEL).ok_or(VaultError::Damaged)?;
    let prefix = prefix.try_into().map_err(|_| VaultError::Damaged)?;

    let cipher = key.cipher();
    let mut nonces = Nonces::new(prefix);
    // Enough from the start: growing would leave copies of plaintext behind.
    let mut plaintext = Zeroizing::new(Vec::with_capacity(rest));
    loop {
        let len = rest.min(SEALED_CHUNK_LEN);
        rest -= len;
        let nonce = nonces.next(rest == 0).ok_or(VaultError::Damaged)?;
        let start = plaintext.len();
        plaintext.resize(start + len, 0);
        read_exact(sealed, &mut plaintext[start..])?;
        let opened = open_chunk(&cipher, nonce, terms, &mut plaintext[start..])?;
        plaintext.truncate(start + opened);
        if rest == 0 {
            return Ok(plaintext);
        }
    }
}

fn open_chunk(
    cipher: &LessSafeKey,
    nonce: Nonce,
    terms: &Terms,
    chunk: &mut [u8],
) -> Result<usize, VaultError> {
    let aad = Aad::from(terms.bound_to(LABEL));
    cipher
        .open_in_place(nonce, aad, chunk)
        .map(|plaintext| plaintext.len())
        .map_err(|_| VaultError::Damaged)
}

fn read_exact(sealed: &mut impl Read, buffer: &mut [u8]) -> Result<(), VaultError> {
    sealed
        .read_exact(buffer)
        .map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => VaultError::Damaged,
            _ => error.into(),
        })
}
