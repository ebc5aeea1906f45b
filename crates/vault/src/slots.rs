//! A file of slots. Written in place, so that a key is overwritten where it lies; synced by whoever
//! has written all that it wants to write.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::files;
use crate::slot::{Record, SLOT_LEN};

/// The file grows by this many free slots, one page: so syncing a new slot seldom has to sync the
/// file's length as well.
const GROWTH: u32 = 32;

pub(crate) struct SlotFile {
    path: PathBuf,
    file: File,
    slots: Mutex<Slots>,
}

struct Slots {
    count: u32,
    free: Vec<u32>,
}

impl SlotFile {
    /// Opens the file, and creates it if needed. All slots count as used until they are freed.
    pub(crate) fn open(path: PathBuf) -> io::Result<Self> {
        let file = files::open_in_place(&path)?;
        let count = file.metadata()?.len().div_ceil(SLOT_LEN as u64);
        let slots = Slots {
            count: u32::try_from(count).map_err(|_| io::ErrorKind::FileTooLarge)?,
            free: Vec::new(),
        };
        Ok(Self {
            path,
            file,
            slots: Mutex::new(slots),
        })
    }

    pub(crate) fn count(&self) -> u32 {
        self.slots().count
    }

    /// A slot for a new record: used from now on, and still all zeros on the disk.
    pub(crate) fn take(&self) -> io::Result<u32> {
        let mut slots = self.slots();
        if slots.free.is_empty() {
            let (first, end) = (slots.count, slots.count + GROWTH);
            for index in first..end {
                self.write_at(index, &[0; SLOT_LEN])?;
            }
            slots.count = end;
            slots.free.extend((first..end).rev());
        }
        Ok(slots.free.pop().expect("there are free slots now"))
    }

    /// Whoever needs a slot next may have this one, which is all zeros.
    pub(crate) fn release(&self, index: u32) {
        self.slots().free.push(index);
    }

    pub(crate) fn read(&self, index: u32) -> io::Result<Record> {
        let _turn = self.slots();
        let mut record = [0; SLOT_LEN];
        (&self.file).seek(start(index))?;
        let mut rest = &mut record[..];
        // A crash may have cut the last record short: what is missing counts as zeros.
        while !rest.is_empty() {
            match (&self.file).read(rest)? {
                0 => break,
                read => rest = &mut rest[read..],
            }
        }
        Ok(record)
    }

    pub(crate) fn write(&self, index: u32, record: &Record) -> io::Result<()> {
        let _turn = self.slots();
        self.write_at(index, record)
    }

    /// Returns when all that was written is on the disk.
    pub(crate) fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    /// Removes the file if no slot of it is used. Whether it did.
    pub(crate) fn remove_if_free(&self) -> io::Result<bool> {
        let slots = self.slots();
        if slots.free.len() < slots.count as usize {
            return Ok(false);
        }
        files::remove(&self.path)?;
        Ok(true)
    }

    /// Under the lock, since the file has one position.
    fn write_at(&self, index: u32, record: &Record) -> io::Result<()> {
        (&self.file).seek(start(index))?;
        (&self.file).write_all(record)
    }

    fn slots(&self) -> MutexGuard<'_, Slots> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn start(index: u32) -> SeekFrom {
    SeekFrom::Start(u64::from(index) * SLOT_LEN as u64)
}
