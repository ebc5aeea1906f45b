//! Whether the disk has room for what is coming.

use std::path::Path;

/// Left free: a disk filled to the last byte stops other programs too.
const SPARE_BYTES: u64 = 64 << 20;

/// Bytes that are lacking on the disk of this folder for `needed` more; 0 if there is room, or if
/// the system doesn't say.
pub(crate) fn lacking(folder: &Path, needed: u64) -> u64 {
    match (needed, free(folder)) {
        (0, _) | (_, None) => 0,
        (needed, Some(free)) => needed.saturating_add(SPARE_BYTES).saturating_sub(free),
    }
}

#[cfg(unix)]
fn free(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Not asked elsewhere: a full disk is told when it is met.
#[cfg(not(unix))]
fn free(_folder: &Path) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_disk_holds_an_exabyte_and_nothing_needs_no_room() {
        let folder = tempfile::tempdir().unwrap();
        assert!(lacking(folder.path(), 1 << 60) > 1 << 59);
        assert_eq!(lacking(folder.path(), 0), 0);
    }
}
