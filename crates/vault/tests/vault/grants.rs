//! A holder of a grant can work on one object, and on nothing else.

use std::io::Read;

use crate::common::{CHUNK, START, Safe, content};
use domain::{Id, Lifetime};
use vault::{Grant, Kind, VaultError};

/// As a worker gets it: through a pipe.
fn passed(grant: &Grant) -> Grant {
    Grant::from_bytes(&grant.to_bytes()).unwrap()
}

fn sealed_by(grant: &Grant, plaintext: &[u8]) -> Vec<u8> {
    let mut sealed = Vec::new();
    passed(grant).seal(plaintext, &mut sealed).unwrap();
    sealed
}

fn reserve(safe: &Safe) -> Grant {
    safe.vault().reserve(Kind::Picture, Lifetime::HOUR).unwrap()
}

#[test]
fn a_grant_opens_its_object_and_no_other() {
    let safe = Safe::new();
    let (one, two) = (safe.seal(b"one"), safe.seal(b"two"));
    let (grant, mut file) = safe.vault().grant(one, Kind::Picture).unwrap();
    let (_, mut other) = safe.vault().grant(two, Kind::Picture).unwrap();
    assert_eq!((grant.id(), grant.kind()), (one, Kind::Picture));
    let len = file.metadata().unwrap().len();
    let opened = passed(&grant).open(&mut file, len).unwrap();
    assert_eq!(&*opened, b"one");
    let opened = grant.open(&mut other, len);
    assert!(matches!(opened, Err(VaultError::Damaged)));
}

#[test]
fn no_grant_is_given_from_the_deadline_on() {
    let safe = Safe::new();
    let id = safe.seal(b"picture");
    safe.clock.advance_secs(3600);
    let grant = safe.vault().grant(id, Kind::Picture);
    assert!(matches!(grant, Err(VaultError::Expired)));
    let grant = safe.vault().grant(Id::random(), Kind::Picture);
    assert!(matches!(grant, Err(VaultError::NotFound)));
}

#[test]
fn what_a_holder_sealed_is_adopted_and_its_hour_begins_then() {
    let safe = Safe::new();
    for len in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 12_345] {
        let grant = reserve(&safe);
        assert!(matches!(safe.read(grant.id()), Err(VaultError::NotFound)));
        let sealed = sealed_by(&grant, &content(len));
        let terms = safe.vault().adopt(&grant, &mut &sealed[..]).unwrap();
        assert_eq!(safe.read(terms.id).unwrap(), content(len), "{len} bytes");
    }
    let grant = reserve(&safe);
    safe.clock.advance_secs(1800);
    let sealed = sealed_by(&grant, b"model");
    let terms = safe.vault().adopt(&grant, &mut &sealed[..]).unwrap();
    assert_eq!(terms.created(), START.plus_secs(1800));
    assert_eq!(terms.deadline().moment(), START.plus_secs(5400));
}

#[test]
fn nothing_is_on_the_disk_before_it_is_adopted() {
    let safe = Safe::new();
    reserve(&safe);
    assert!(safe.holds_nothing());
}

#[test]
fn what_is_not_whole_is_not_adopted_and_leaves_nothing() {
    let safe = Safe::new();
    let foreign = reserve(&safe);
    let foreign = sealed_by(&foreign, &content(2 * CHUNK + 10));
    let sealed_chunk = CHUNK + 16;
    type Change<'a> = &'a dyn Fn(&mut Vec<u8>);
    let changes: [(&str, Change); 7] = [
        ("empty", &|sealed| sealed.clear()),
        ("cut", &|sealed| sealed.truncate(sealed.len() - 1)),
        ("cut after a chunk", &|sealed| {
            sealed.truncate(11 + sealed_chunk)
        }),
        ("longer", &|sealed| sealed.push(0)),
        ("a changed byte", &|sealed| sealed[100] ^= 1),
        ("another grant's", &|sealed| sealed.clone_from(&foreign)),
        ("chunks swapped", &|sealed| {
            sealed[11..11 + 2 * sealed_chunk].rotate_left(sealed_chunk)
        }),
    ];
    for (name, change) in changes {
        let grant = reserve(&safe);
        let mut sealed = sealed_by(&grant, &content(2 * CHUNK + 10));
        change(&mut sealed);
        let adopted = safe.vault().adopt(&grant, &mut &sealed[..]);
        assert!(matches!(adopted, Err(VaultError::Damaged)), "{name}");
        assert!(safe.holds_nothing(), "{name}");
    }
}

#[test]
fn a_sender_that_breaks_off_leaves_nothing() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::ConnectionReset.into())
        }
    }
    let safe = Safe::new();
    let grant = reserve(&safe);
    let sealed = sealed_by(&grant, &content(3 * CHUNK));
    let adopted = safe
        .vault()
        .adopt(&grant, &mut sealed[..2 * CHUNK].chain(Broken));
    assert!(matches!(adopted, Err(VaultError::Io(_))));
    assert!(safe.holds_nothing());
}

#[test]
fn a_grant_is_adopted_once_only_in_time_and_only_where_it_was_reserved() {
    let safe = Safe::new();
    let grant = reserve(&safe);
    let sealed = sealed_by(&grant, b"model");
    safe.vault().adopt(&grant, &mut &sealed[..]).unwrap();
    let again = safe.vault().adopt(&grant, &mut &sealed[..]);
    assert!(matches!(again, Err(VaultError::NotFound)));
    let elsewhere = Safe::new().vault().adopt(&grant, &mut &sealed[..]);
    assert!(matches!(elsewhere, Err(VaultError::NotFound)));

    let late = reserve(&safe);
    safe.clock.advance_secs(3600);
    let sealed = sealed_by(&late, b"model");
    let adopted = safe.vault().adopt(&late, &mut &sealed[..]);
    assert!(matches!(adopted, Err(VaultError::NotFound)));
}

#[test]
fn bytes_that_are_no_grant_are_refused_and_a_grant_is_not_printed() {
    let safe = Safe::new();
    let grant = reserve(&safe);
    assert_eq!(format!("{grant:?}"), "Grant(…)");
    let bytes = grant.to_bytes();
    for len in 0..bytes.len() {
        assert!(Grant::from_bytes(&bytes[..len]).is_err(), "{len} bytes");
    }
    for place in 0..5 {
        let mut changed = bytes.to_vec();
        changed[place] = 0xFF;
        assert!(Grant::from_bytes(&changed).is_err(), "byte {place}");
    }
    assert!(Grant::from_bytes(&[&bytes[..], b"x"].concat()).is_err());
}
