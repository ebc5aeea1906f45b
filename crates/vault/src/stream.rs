//! Whole objects through the chunks, one chunk in memory at a time: sealing what is written,
//! opening and checking what is read.

use std::io::{self, Read, Write};
use std::mem;

use crate::chunks::{CHUNK_LEN, Chunks, Cut, HEADER_LEN, Place, SEALED_CHUNK_LEN};
use crate::keys::{DataKey, TAG_LEN};
use crate::terms::Name;
use crate::{Plaintext, VaultError};

/// Seals what is written to it. Without [`Self::finish`], what arrived in `out` doesn't open.
pub(crate) struct SealingWriter<W> {
    chunks: Chunks,
    number: u32,
    /// Plaintext that may be the last chunk; wiped when dropped.
    pending: Plaintext,
    sealed: Vec<u8>,
    out: W,
}

impl<W: Write> SealingWriter<W> {
    pub(crate) fn begin(key: &DataKey, name: &Name, mut out: W) -> io::Result<Self> {
        let chunks = Chunks::begin(key, name);
        out.write_all(&chunks.header())?;
        Ok(Self {
            chunks,
            number: 0,
            // Enough from the start: growing would leave copies of plaintext behind.
            pending: Plaintext::with_room(CHUNK_LEN),
            sealed: vec![0; SEALED_CHUNK_LEN],
            out,
        })
    }

    pub(crate) fn write(&mut self, mut plaintext: &[u8]) -> io::Result<()> {
        // A full chunk is sealed only when more follows: it might be the last.
        while self.pending.len() + plaintext.len() > CHUNK_LEN {
            if self.pending.is_empty() {
                let (chunk, rest) = plaintext.split_at(CHUNK_LEN);
                self.seal(chunk, false)?;
                plaintext = rest;
            } else {
                let (fill, rest) = plaintext.split_at(CHUNK_LEN - self.pending.len());
                self.pending.bytes_mut().extend_from_slice(fill);
                self.seal_pending(false)?;
                plaintext = rest;
            }
        }
        self.pending.bytes_mut().extend_from_slice(plaintext);
        Ok(())
    }

    /// Seals the last chunk, which says that it is the last.
    pub(crate) fn finish(mut self) -> io::Result<W> {
        self.seal_pending(true)?;
        Ok(self.out)
    }

    fn seal_pending(&mut self, last: bool) -> io::Result<()> {
        let pending = mem::take(&mut self.pending);
        let sealed = self.seal(&pending, last);
        self.pending = pending;
        self.pending.bytes_mut().clear();
        sealed
    }

    fn seal(&mut self, plaintext: &[u8], last: bool) -> io::Result<()> {
        let number = self.number;
        self.number = number.checked_add(1).ok_or(io::ErrorKind::FileTooLarge)?;
        let sealed = &mut self.sealed[..plaintext.len() + TAG_LEN];
        self.chunks.seal(Place { number, last }, plaintext, sealed);
        self.out.write_all(sealed)
    }
}

/// Writes `plaintext` sealed.
pub(crate) fn seal(
    key: &DataKey,
    name: &Name,
    plaintext: &[u8],
    out: &mut impl Write,
) -> io::Result<()> {
    let mut writer = SealingWriter::begin(key, name, out)?;
    writer.write(plaintext)?;
    writer.finish()?;
    Ok(())
}

/// Reads back what [`seal`] wrote, `sealed_len` bytes. All of it or nothing.
pub(crate) fn open(
    key: &DataKey,
    name: &Name,
    sealed: &mut impl Read,
    sealed_len: u64,
) -> Result<Plaintext, VaultError> {
    let cut = Cut::of_sealed(sealed_len).ok_or(VaultError::Damaged)?;
    let len = usize::try_from(cut.len).map_err(|_| VaultError::Damaged)?;
    let chunks = read_header(key, name, sealed)?;
    let mut plaintext = buffer_for(len);
    for number in 0..cut.chunks {
        let place = cut.place(number);
        read_and_open(&chunks, place, cut.len_of(number), sealed, &mut plaintext)?;
    }
    Ok(plaintext)
}

/// Room for so much plaintext and a tag: growing would leave copies of plaintext behind.
pub(crate) fn buffer_for(len: usize) -> Plaintext {
    Plaintext::with_room(len + TAG_LEN)
}

/// Reads the chunk that comes next and opens it behind what `plaintext` holds already, for which
/// there must be room. The bytes are written there once by reading and once by opening, and never
/// just to be zero.
pub(crate) fn read_and_open(
    chunks: &Chunks,
    place: Place,
    len: usize,
    sealed: &mut impl Read,
    plaintext: &mut Plaintext,
) -> Result<(), VaultError> {
    let plaintext = plaintext.bytes_mut();
    let start = plaintext.len();
    let sealed_len = len + TAG_LEN;
    let read = sealed.take(sealed_len as u64).read_to_end(plaintext)?;
    if read < sealed_len {
        return Err(VaultError::Damaged);
    }
    chunks.open_in_place(place, &mut plaintext[start..])?;
    plaintext.truncate(start + len);
    Ok(())
}

/// Copies what [`seal`] wrote, to the end of `sealed`, and opens every chunk on the way: what
/// arrives in `out` is whole and in order, or there is an error.
pub(crate) fn copy_checked(
    key: &DataKey,
    name: &Name,
    sealed: &mut impl Read,
    out: &mut impl Write,
) -> Result<(), VaultError> {
    let chunks = read_header(key, name, sealed)?;
    out.write_all(&chunks.header())?;
    let mut chunk = Vec::with_capacity(SEALED_CHUNK_LEN);
    let mut ahead = Vec::with_capacity(SEALED_CHUNK_LEN);
    let mut plaintext = Plaintext::from(vec![0; CHUNK_LEN]);
    read_chunk(sealed, &mut chunk)?;
    for number in 0..=u32::MAX {
        // Whether it is the last shows only in what follows it.
        read_chunk(sealed, &mut ahead)?;
        let last = ahead.is_empty();
        let len = chunk
            .len()
            .checked_sub(TAG_LEN)
            .ok_or(VaultError::Damaged)?;
        if len == 0 && number > 0 {
            return Err(VaultError::Damaged);
        }
        chunks.open(
            Place { number, last },
            &chunk,
            &mut plaintext.bytes_mut()[..len],
        )?;
        out.write_all(&chunk)?;
        if last {
            return Ok(());
        }
        mem::swap(&mut chunk, &mut ahead);
    }
    Err(VaultError::Damaged)
}

pub(crate) fn read_header(
    key: &DataKey,
    name: &Name,
    sealed: &mut impl Read,
) -> Result<Chunks, VaultError> {
    let mut header = [0; HEADER_LEN];
    read_exact(sealed, &mut header)?;
    Chunks::resume(key, name, &header)
}

/// As much of a sealed chunk as there is.
fn read_chunk(sealed: &mut impl Read, chunk: &mut Vec<u8>) -> io::Result<usize> {
    chunk.clear();
    sealed.take(SEALED_CHUNK_LEN as u64).read_to_end(chunk)
}

fn read_exact(sealed: &mut impl Read, buffer: &mut [u8]) -> Result<(), VaultError> {
    sealed
        .read_exact(buffer)
        .map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => VaultError::Damaged,
            _ => error.into(),
        })
}
