//! What a vault finds when it looks at itself.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use domain::{Id, LIFETIME_SECS};

use crate::{Reason, Vault, files};

/// The state of a vault at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audit {
    /// Objects that exist.
    pub objects: usize,
    /// Those that may be read for more than an hour from now, or beyond their ceiling. Always 0.
    pub kept_too_long: usize,
    /// Sealed files that are no object's, and objects without their file. What is being written or
    /// destroyed at this moment may be among them: only who is found twice is one.
    pub strays: BTreeSet<Id>,
    /// Whether nobody but the server's user can open the keys.
    pub keys_are_closed: bool,
    /// Files and folders of keys that were looked at.
    pub key_files: usize,
}

impl Vault {
    /// Looks at every object, every sealed file's name and the mode of every file with keys.
    ///
    /// # Errors
    /// The folders can't be read.
    pub fn audit(&self) -> io::Result<Audit> {
        let layout = &self.core.layout;
        let mut audit = Audit {
            keys_are_closed: true,
            ..Audit::default()
        };
        for path in files::list(&layout.keys)?.iter().chain([&layout.keys]) {
            audit.key_files += 1;
            audit.keys_are_closed &= is_closed(path)?;
        }
        let sealed = files::list(&layout.objects)?;
        let sealed: BTreeSet<Id> = sealed
            .iter()
            .filter_map(|path| files::id_in(path, "sealed"))
            .collect();
        let latest = self.now().plus_secs(LIFETIME_SECS);
        let index = self.core.index();
        audit.objects = index.objects.len();
        for object in index.objects.values() {
            let terms = object.entry.terms;
            let ceiling = terms.created().plus_secs(terms.life.ceiling_secs().into());
            let deadline = terms.deadline().moment();
            audit.kept_too_long += usize::from(deadline > latest || deadline > ceiling);
            if object.fate.is_none() && !sealed.contains(&object.id()) {
                audit.strays.insert(object.id());
            }
        }
        let unknown = sealed.iter().filter(|id| !index.objects.contains_key(id));
        audit.strays.extend(unknown);
        Ok(audit)
    }

    /// For how many seconds the oldest object is overdue; 0 if none is.
    pub fn overdue_secs(&self) -> u64 {
        let now = self.now();
        let late = self.next_deadline().map_or(0, |deadline| {
            now.0.saturating_sub(deadline.moment().0) / 1000
        });
        u64::try_from(late).unwrap_or(0)
    }

    /// How many objects were destroyed since the vault was opened, by reason.
    pub fn destroyed(&self) -> [(Reason, u64); Reason::ALL.len()] {
        let index = self.core.index();
        Reason::ALL.map(|reason| (reason, index.destroyed.get(&reason).copied().unwrap_or(0)))
    }
}

/// A file that is gone by now is closed.
fn is_closed(path: &Path) -> io::Result<bool> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        match path.metadata() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
            metadata => Ok(metadata?.permissions().mode() & 0o077 == 0),
        }
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        Ok(false)
    }
}
