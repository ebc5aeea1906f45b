//! What goes in comes out, only for the right asker, and only as it was.

use std::fs;

use crate::common::{CHUNK, Safe, content, files_below};
use domain::Lifetime;
use vault::{Kind, VaultError};

#[test]
fn content_of_every_length_around_a_chunk_comes_back() {
    let safe = Safe::new();
    for len in [
        0,
        1,
        CHUNK - 1,
        CHUNK,
        CHUNK + 1,
        2 * CHUNK,
        3 * CHUNK + 12_345,
    ] {
        let plaintext = content(len);
        let id = safe.seal(&plaintext);
        assert_eq!(safe.read(id).unwrap(), plaintext, "{len} bytes");
    }
}

#[test]
fn content_that_comes_in_pieces_of_any_length_is_the_same() {
    let safe = Safe::new();
    let plaintext = content(3 * CHUNK + 100);
    for piece in [1 << 20, 2 * CHUNK, CHUNK + 1, CHUNK, CHUNK - 1, 1000] {
        let mut sealer = safe.vault().sealer(Kind::Picture, Lifetime::HOUR).unwrap();
        for part in plaintext.chunks(piece) {
            sealer.write(part).unwrap();
            sealer.write(b"").unwrap();
        }
        let id = sealer.finish().unwrap().id;
        assert_eq!(safe.read(id).unwrap(), plaintext, "in {piece} bytes");
        // As long as if it had come at once: nothing tells how it came.
        let whole = safe.object_path(safe.seal(&plaintext));
        let [pieces, whole] = [safe.object_path(id), whole].map(|path| fs::metadata(path).unwrap());
        assert_eq!(pieces.len(), whole.len());
    }
}

#[test]
fn content_that_breaks_off_leaves_nothing() {
    let safe = Safe::new();
    let mut sealer = safe.vault().sealer(Kind::Picture, Lifetime::HOUR).unwrap();
    sealer.write(&content(3 * CHUNK)).unwrap();
    assert_eq!(files_below(&safe.folder.path().join("objects")).len(), 1);
    assert!(safe.vault().list().is_empty());
    drop(sealer);
    assert!(files_below(&safe.folder.path().join("objects")).is_empty());
    assert!(safe.holds_nothing());
}

#[test]
fn no_file_holds_plaintext_not_even_of_content_that_is_still_coming() {
    let safe = Safe::new();
    let marker = b"MARKER-this-is-a-private-picture";
    safe.seal(&marker.repeat(10_000));
    let mut sealer = safe.vault().sealer(Kind::Picture, Lifetime::HOUR).unwrap();
    sealer.write(&marker.repeat(10_000)).unwrap();
    for path in files_below(safe.folder.path()) {
        let bytes = fs::read(&path).unwrap();
        let found = bytes.windows(16).any(|window| window == &marker[..16]);
        assert!(!found, "plaintext in {}", path.display());
    }
}

#[test]
fn an_object_opens_only_as_its_kind() {
    let safe = Safe::new();
    let id = safe.seal(b"picture");
    assert!(matches!(
        safe.vault().read(id, Kind::Model),
        Err(VaultError::NotFound)
    ));
}

#[test]
fn a_foreign_id_opens_moves_and_destroys_nothing() {
    let safe = Safe::new();
    let own = safe.seal(b"picture");
    let foreign = domain::Id::random();
    assert!(matches!(safe.read(foreign), Err(VaultError::NotFound)));
    let vault = safe.vault();
    assert!(matches!(
        vault.downloaded(foreign),
        Err(VaultError::NotFound)
    ));
    assert!(matches!(
        vault.shorten(foreign, 1),
        Err(VaultError::NotFound)
    ));
    assert!(!safe.shred(foreign));
    assert_eq!(vault.receipt(foreign), None);
    vault.receipts_taken(&[foreign]).unwrap();
    assert!(safe.read(own).is_ok());
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_open_files_and_enter_folders() {
    use std::os::unix::fs::PermissionsExt;
    let safe = Safe::new();
    safe.seal(b"picture");
    let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for folder in [".", "keys", "objects"] {
        assert_eq!(mode(safe.folder.path().join(folder)), 0o700, "{folder}");
    }
    let files = files_below(safe.folder.path());
    assert!(files.len() >= 6, "{files:?}");
    for file in files {
        assert_eq!(mode(file.clone()), 0o600, "{}", file.display());
    }
}
