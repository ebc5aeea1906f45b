//! Content on its way out, as much of it as is asked for.

use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::ops::Range;
use std::sync::Arc;

use domain::Id;

use crate::chunks::{CHUNK_LEN, Chunks, Cut};
use crate::clock::VaultClock;
use crate::grant::Grant;
use crate::index::Until;
use crate::stream::{buffer_for, read_and_open, read_header};
use crate::{Kind, Plaintext, Terms, Vault, VaultError};

/// An object that is being read. It can be read from until its deadline, as that is then, or until
/// it is destroyed, whatever comes first; after that its key is gone from here as well.
pub struct Opened {
    terms: Terms,
    cut: Cut,
    sealed: File,
    /// `None` once it may not be read any more.
    chunks: Option<Chunks>,
    until: Arc<Until>,
    clock: Arc<VaultClock>,
}

impl Vault {
    /// Opens an object for reading in parts. Its length is authenticated: the last chunk is opened
    /// at once.
    ///
    /// # Errors
    /// [`VaultError::NotFound`] also for an object of another kind, [`VaultError::Expired`] from
    /// the deadline on, [`VaultError::Damaged`] if anything was changed.
    pub fn open_object(&self, id: Id, kind: Kind) -> Result<Opened, VaultError> {
        let (Grant { name, key }, mut sealed, terms, until) = self.core.unlock(id, kind)?;
        let cut = Cut::of_sealed(sealed.metadata()?.len()).ok_or(VaultError::Damaged)?;
        let mut opened = Opened {
            chunks: Some(read_header(&key, &name, &mut sealed)?),
            terms,
            cut,
            sealed,
            until,
            clock: self.core.clock.clone(),
        };
        let last = cut.chunks - 1;
        opened.open_chunk(last, &mut buffer_for(cut.len_of(last)))?;
        Ok(opened)
    }
}

impl Opened {
    /// Its terms when it was opened.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// The length of its content in bytes.
    pub fn len(&self) -> u64 {
        self.cut.len
    }

    /// Whether its content is empty.
    pub fn is_empty(&self) -> bool {
        self.cut.len == 0
    }

    /// A part of its content; what lies beyond the end is left out. Opens the chunks that the part
    /// lies in and no others, so parts that begin and end at multiples of [`CHUNK_LEN`] cost least.
    ///
    /// # Errors
    /// [`VaultError::Expired`] once it may not be read any more, also if that happens meanwhile;
    /// [`VaultError::Damaged`].
    pub fn read_range(&mut self, range: Range<u64>) -> Result<Plaintext, VaultError> {
        let end = range.end.min(self.cut.len);
        let start = range.start.min(end);
        let len = usize::try_from(end - start).map_err(|_| VaultError::Damaged)?;
        let mut part = buffer_for(len);
        while part.len() < len {
            let at = start + part.len() as u64;
            let number = (at / CHUNK_LEN as u64) as u32;
            let from = (at % CHUNK_LEN as u64) as usize;
            let chunk_len = self.cut.len_of(number);
            let take = (chunk_len - from).min(len - part.len());
            if take == chunk_len {
                self.open_chunk(number, &mut part)?;
            } else {
                let mut edge = buffer_for(chunk_len);
                self.open_chunk(number, &mut edge)?;
                part.bytes_mut().extend_from_slice(&edge[from..from + take]);
            }
        }
        self.check()?;
        Ok(part)
    }

    /// Opens a chunk behind what `plaintext` holds already.
    fn open_chunk(&mut self, number: u32, plaintext: &mut Plaintext) -> Result<(), VaultError> {
        self.check()?;
        let chunks = self.chunks.as_ref().ok_or(VaultError::Expired)?;
        self.sealed
            .seek(SeekFrom::Start(Cut::sealed_start(number)))?;
        let (place, len) = (self.cut.place(number), self.cut.len_of(number));
        read_and_open(chunks, place, len, &mut self.sealed, plaintext)
    }

    fn check(&mut self) -> Result<(), VaultError> {
        let checked = self.until.check(self.clock.now());
        if checked.is_err() {
            self.chunks = None;
        }
        checked
    }
}
