//! What somebody outside sees of objects before and after their destruction.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::{Lifetime, SystemClock};
use vault::{Kind, Reason, Remains, Vault};

#[test]
fn remains_are_seen_from_outside_until_an_object_is_destroyed() {
    let folder = tempfile::tempdir().unwrap();
    let vault = Vault::open(folder.path(), Arc::new(SystemClock)).unwrap();
    let kept = vault.seal(Kind::Model, b"kept", Lifetime::HOUR).unwrap();
    let gone = vault.seal(Kind::Picture, b"gone", Lifetime::HOUR).unwrap();
    let both = BTreeSet::from([kept.id, gone.id]);
    let seen = || Remains::of(folder.path(), &both).unwrap();
    assert_eq!((seen().sealed, seen().keys), (both.clone(), both.clone()));

    vault.shred(gone.id, Reason::Asked).unwrap();
    let only_kept = BTreeSet::from([kept.id]);
    assert_eq!((seen().sealed, seen().keys), (only_kept.clone(), only_kept));
    vault.shred(kept.id, Reason::Asked).unwrap();
    assert!(seen().is_empty());
}
