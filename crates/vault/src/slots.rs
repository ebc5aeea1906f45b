//! A file of slots. Written in place, so that a key is overwritten where it lies; synced by whoever
//! has written all that it wants to write.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::files;
use crate::slot::{Record, SLOT_LEN};

/// The file grows by this many free slots, one page: so syncing a new slot seldom has to sync the
/// file's length as well.
const GROWTH: u32 = 32;

pub(crate) struct SlotFile {
    path: PathBuf,
    slots: Mutex<Slots>,
}

struct Slots {
    /// Opened when it is needed: epochs that only wait for their receipts to be taken may be many.
    file: Option<Arc<File>>,
    count: u32,
    free: Vec<u32>,
}

impl SlotFile {
    /// The file at `path`, which need not exist yet. All slots count as used until they are
    /// released.
    pub(crate) fn at(path: PathBuf) -> io::Result<Self> {
        let len = match fs::metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
            metadata => metadata?.len(),
        };
        let count = u32::try_from(len.div_ceil(SLOT_LEN as u64));
        let slots = Slots {
            file: None,
            count: count.map_err(|_| io::ErrorKind::FileTooLarge)?,
            free: Vec::new(),
        };
        Ok(Self {
            path,
            slots: Mutex::new(slots),
        })
    }

    pub(crate) fn count(&self) -> u32 {
        self.slots().count
    }

    /// Every record. A crash may have cut the last one short: what is missing counts as zeros.
    pub(crate) fn records(&self) -> io::Result<Vec<Record>> {
        if self.count() == 0 {
            return Ok(Vec::new());
        }
        let bytes = fs::read(&self.path)?;
        let records = bytes.chunks(SLOT_LEN).map(|bytes| {
            let mut record = [0; SLOT_LEN];
            record[..bytes.len()].copy_from_slice(bytes);
            record
        });
        Ok(records.collect())
    }

    /// A slot for a new record: used from now on, and still all zeros on the disk.
    pub(crate) fn take(&self) -> io::Result<u32> {
        let mut slots = self.slots();
        if slots.free.is_empty() {
            let (first, end) = (slots.count, slots.count + GROWTH);
            for index in first..end {
                self.write_at(&mut slots, index, &[0; SLOT_LEN])?;
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
        let mut slots = self.slots();
        let mut file = &*self.file(&mut slots)?;
        let mut record = [0; SLOT_LEN];
        file.seek(start(index))?;
        file.read_exact(&mut record)?;
        Ok(record)
    }

    pub(crate) fn write(&self, index: u32, record: &Record) -> io::Result<()> {
        self.write_at(&mut self.slots(), index, record)
    }

    /// Returns when all that was written is on the disk.
    pub(crate) fn sync(&self) -> io::Result<()> {
        // Without the lock: others may read and write meanwhile.
        let file = self.file(&mut self.slots())?;
        file.sync_data()
    }

    /// Lets go of the file until it is needed again.
    pub(crate) fn close(&self) {
        self.slots().file = None;
    }

    /// Removes the file if no slot of it is used. Whether it did.
    pub(crate) fn remove_if_free(&self) -> io::Result<bool> {
        let mut slots = self.slots();
        if slots.free.len() < slots.count as usize {
            return Ok(false);
        }
        files::remove(&self.path)?;
        *slots = Slots {
            file: None,
            count: 0,
            free: Vec::new(),
        };
        Ok(true)
    }

    fn file(&self, slots: &mut Slots) -> io::Result<Arc<File>> {
        match &slots.file {
            Some(file) => Ok(file.clone()),
            None => {
                let file = Arc::new(files::open_in_place(&self.path)?);
                slots.file = Some(file.clone());
                Ok(file)
            }
        }
    }

    /// Under the lock, since the file has one position.
    fn write_at(&self, slots: &mut Slots, index: u32, record: &Record) -> io::Result<()> {
        let mut file = &*self.file(slots)?;
        file.seek(start(index))?;
        file.write_all(record)
    }

    fn slots(&self) -> MutexGuard<'_, Slots> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn start(index: u32) -> SeekFrom {
    SeekFrom::Start(u64::from(index) * SLOT_LEN as u64)
}
