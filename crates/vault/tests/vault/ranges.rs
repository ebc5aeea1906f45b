//! Parts of an object, and readers who are still reading when it ends.

use std::fs;

use crate::common::{CHUNK, HEADER, HOUR, SEALED_CHUNK, Safe, content};
use domain::{Id, Lifetime};
use vault::{CHUNK_LEN, Kind, Opened, VaultError};

fn open(safe: &Safe, id: Id) -> Opened {
    safe.vault().open_object(id, Kind::Picture).unwrap()
}

fn damage(safe: &Safe, id: Id, place: usize) {
    let mut sealed = fs::read(safe.object_path(id)).unwrap();
    sealed[place] ^= 1;
    fs::write(safe.object_path(id), sealed).unwrap();
}

#[test]
fn every_part_is_what_it_would_be_of_the_whole() {
    assert_eq!(CHUNK_LEN, CHUNK);
    let safe = Safe::new();
    for len in [0, 1, CHUNK, CHUNK + 1, 3 * CHUNK + 77] {
        let whole = content(len);
        let id = safe.seal(&whole);
        let mut opened = open(&safe, id);
        assert_eq!(opened.len(), len as u64);
        assert_eq!(opened.terms().id, id);
        let edges = [
            0,
            1,
            76,
            CHUNK - 1,
            CHUNK,
            CHUNK + 1,
            2 * CHUNK,
            len,
            len + 9,
        ];
        for start in edges {
            for end in edges {
                let part = opened.read_range(start as u64..end as u64).unwrap();
                let expected = whole.get(start.min(len).min(end)..end.min(len)).unwrap();
                assert_eq!(&*part, expected, "{start}..{end} of {len}");
            }
        }
        assert!(opened.read_range(u64::MAX..u64::MAX).unwrap().is_empty());
        assert_eq!(*opened.read_range(0..u64::MAX).unwrap(), whole);
    }
}

#[test]
fn only_the_chunks_that_are_asked_for_are_opened() {
    let safe = Safe::new();
    let whole = content(3 * CHUNK + 77);
    let id = safe.seal(&whole);
    damage(&safe, id, HEADER + SEALED_CHUNK + 5);
    let mut opened = open(&safe, id);
    assert_eq!(*opened.read_range(0..CHUNK as u64).unwrap(), whole[..CHUNK]);
    let end = opened.read_range(2 * CHUNK as u64..u64::MAX).unwrap();
    assert_eq!(*end, whole[2 * CHUNK..]);
    for range in [0..CHUNK as u64 + 1, 0..u64::MAX, 70_000..70_001] {
        let damaged = opened.read_range(range);
        assert!(matches!(damaged, Err(VaultError::Damaged)));
    }
}

#[test]
fn a_length_is_not_told_unless_the_end_is_the_end() {
    let safe = Safe::new();
    let id = safe.seal(&content(3 * CHUNK));
    let sealed = fs::read(safe.object_path(id)).unwrap();
    for len in [
        HEADER + SEALED_CHUNK,
        HEADER + 2 * SEALED_CHUNK,
        sealed.len() - 1,
    ] {
        fs::write(safe.object_path(id), &sealed[..len]).unwrap();
        let opened = safe.vault().open_object(id, Kind::Picture);
        assert!(matches!(opened, Err(VaultError::Damaged)), "{len} bytes");
    }
}

#[test]
fn a_reader_gets_nothing_more_from_the_deadline_on() {
    let safe = Safe::new();
    let id = safe.seal(&content(2 * CHUNK));
    let mut opened = open(&safe, id);
    safe.clock.advance_secs(HOUR - 1);
    assert!(opened.read_range(0..10).is_ok());
    safe.clock.advance_secs(1);
    for _ in 0..2 {
        let part = opened.read_range(CHUNK as u64..CHUNK as u64 + 10);
        assert!(matches!(part, Err(VaultError::Expired)));
    }
}

#[test]
fn a_reader_gets_nothing_more_of_what_is_destroyed() {
    let safe = Safe::new();
    let id = safe.seal(&content(2 * CHUNK));
    let mut opened = open(&safe, id);
    assert!(opened.read_range(0..10).is_ok());
    safe.shred(id);
    let part = opened.read_range(0..10);
    assert!(matches!(part, Err(VaultError::Expired)));
}

#[test]
fn a_reader_goes_on_when_the_deadline_is_moved_behind_it() {
    let safe = Safe::new();
    let id = safe.seal(&content(2 * CHUNK));
    let mut opened = open(&safe, id);
    safe.clock.advance_secs(HOUR - 1);
    safe.vault().downloaded(id).unwrap();
    safe.clock.advance_secs(HOUR - 1);
    assert!(opened.read_range(0..10).is_ok());
    safe.vault().shorten(id, 1).unwrap();
    safe.clock.advance_secs(1);
    assert!(opened.read_range(0..10).is_err());
}

#[test]
fn reading_goes_on_while_the_deadline_is_moved_again_and_again() {
    let safe = Safe::new();
    let id = safe.seal_for(b"picture", Lifetime::of_secs(1800).unwrap());
    std::thread::scope(|scope| {
        let moving = scope.spawn(|| {
            for _ in 0..50 {
                safe.clock.advance_secs(60);
                safe.vault().downloaded(id).unwrap().unwrap();
            }
        });
        while !moving.is_finished() {
            assert_eq!(safe.read(id).unwrap(), b"picture");
        }
    });
}
