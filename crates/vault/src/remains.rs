//! What is left of objects, seen from outside and without a key: for whoever checks a vault that
//! another process has open.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use domain::Id;

use crate::files;
use crate::slot::{Record, SLOT_LEN, Slot};

/// What is left of some objects in a vault's folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remains {
    /// Those whose sealed bytes are there.
    pub sealed: BTreeSet<Id>,
    /// Those of which a slot holds a key, or what is left of one.
    pub keys: BTreeSet<Id>,
}

impl Remains {
    /// Looks for these objects in the vault at `folder`. Reads no key file but the slots, and opens
    /// nothing with them.
    ///
    /// # Errors
    /// The folder can't be read.
    pub fn of(folder: &Path, objects: &BTreeSet<Id>) -> io::Result<Self> {
        let mut remains = Self::all(folder)?;
        remains.sealed.retain(|id| objects.contains(id));
        remains.keys.retain(|id| objects.contains(id));
        Ok(remains)
    }

    /// As [`Self::of`] for every object that there is anything of.
    ///
    /// # Errors
    /// The folder can't be read.
    pub fn all(folder: &Path) -> io::Result<Self> {
        let mut remains = Self::default();
        for path in files::list(&folder.join("objects"))? {
            remains.sealed.extend(files::id_in(&path, "sealed"));
        }
        for path in files::list(&folder.join("keys"))? {
            if path.extension().is_some_and(|end| end == "slots") {
                remains.keys.extend(keys_in(&path)?);
            }
        }
        Ok(remains)
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.sealed.is_empty() && self.keys.is_empty()
    }
}

/// The objects whose keys a file of slots holds; none if it is gone by now.
fn keys_in(path: &Path) -> io::Result<impl Iterator<Item = Id>> {
    let bytes = match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        bytes => bytes?,
    };
    let ids: Vec<Id> = bytes
        .chunks_exact(SLOT_LEN)
        .filter_map(|record| {
            let record: Record = record.try_into().ok()?;
            match Slot::decode(&record) {
                Slot::Live(entry, _) | Slot::HalfDestroyed(entry) => Some(entry.terms.id),
                Slot::Free | Slot::Destroyed(..) | Slot::Torn => None,
            }
        })
        .collect();
    Ok(ids.into_iter())
}
