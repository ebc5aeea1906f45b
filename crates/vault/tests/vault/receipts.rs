//! Whoever had content here can show that it is gone.

use crate::common::{HOUR, START, Safe};
use domain::{Id, UnixMillis};
use vault::{
    Kind, PublicKey, Reason, Receipt, ReceiptError, SignedReceipt, SigningKey, VaultError,
    VaultOptions,
};

fn example(key: &SigningKey) -> Receipt {
    Receipt {
        object: Id::from_bytes([7; 16]),
        kind: Kind::Model,
        created: UnixMillis(1_790_000_000_000),
        deleted_at: UnixMillis(1_790_003_600_000),
        reason: Reason::Expired,
        key_destroyed: true,
        installation: key.public_key().key_id(),
    }
}

/// What others have to build to verify one; the key and its public half are RFC 8032's first test.
#[test]
fn the_signed_bytes_are_exactly_these() {
    let seed = [
        0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c,
        0xc4, 0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae,
        0x7f, 0x60,
    ];
    let key = SigningKey::from_seed(&seed);
    assert_eq!(
        key.public_key().to_string(),
        "ai3dgen-ed25519:d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    );
    let receipt = example(&key);
    assert_eq!(
        String::from_utf8(receipt.signed_bytes()).unwrap(),
        "{\"receipt\":\"ai3dgen-deletion/1\",\"object\":\"070w3ge1r70w3ge1r70w3ge1r7\",\
         \"kind\":\"model\",\"created_ms\":1790000000000,\"deleted_at_ms\":1790003600000,\
         \"reason\":\"expired\",\"key_destroyed\":true,\"installation\":\"21fe31dfa154a261\"}"
    );
    let again = SigningKey::from_seed(&seed);
    assert_eq!(receipt.sign(&key), receipt.sign(&again));
}

#[test]
fn a_saved_receipt_is_verified_without_a_vault() {
    let key = SigningKey::from_seed(&[1; 32]);
    let receipt = example(&key);
    let public: PublicKey = key.public_key().to_string().parse().unwrap();
    let text = receipt.sign(&key).to_string();
    let saved: SignedReceipt = text.parse().unwrap();
    assert_eq!(saved.verify(&public), Ok(&receipt));
    // As a person's editor may leave it.
    let reflowed = text.replace(',', " ,\n\t") + "\n";
    let saved: SignedReceipt = reflowed.parse().unwrap();
    assert_eq!(saved.verify(&public), Ok(&receipt));
}

#[test]
fn a_changed_receipt_is_refused() {
    let key = SigningKey::from_seed(&[1; 32]);
    let signed = example(&key).sign(&key).to_string();
    for (from, to) in [
        ("model", "picture"),
        ("1790003600000", "1790003600001"),
        ("expired", "asked"),
        ("true", "false"),
        ("070w", "170w"),
        ("\"created_ms\":1", "\"created_ms\":-1"),
    ] {
        let changed = signed.replacen(from, to, 1);
        let changed: SignedReceipt = changed.parse().unwrap();
        let verified = changed.verify(&key.public_key());
        assert_eq!(verified, Err(ReceiptError::Forged), "{from}");
    }
    let other = SigningKey::from_seed(&[2; 32]).public_key();
    let signed: SignedReceipt = signed.parse().unwrap();
    assert_eq!(signed.verify(&other), Err(ReceiptError::OtherInstallation));
    let by_other = example(&key).sign(&SigningKey::from_seed(&[2; 32]));
    let verified = by_other.verify(&key.public_key());
    assert_eq!(verified, Err(ReceiptError::Forged));
}

#[test]
fn what_is_no_receipt_is_refused() {
    let key = SigningKey::from_seed(&[1; 32]);
    let signed = example(&key).sign(&key).to_string();
    let changed = |from: &str, to: &str| signed.replacen(from, to, 1);
    for text in [
        String::new(),
        "{}".to_owned(),
        signed[..signed.len() - 1].to_owned(),
        changed("deletion/1", "deletion/2"),
        changed("expired", "because"),
        changed("model", "prompt"),
        changed("{", "{\"note\":1,"),
        changed("{", "{\"kind\":\"model\","),
        changed("\"070w", "\"70w"),
        changed("1790000000000", "1e12"),
        changed("1790000000000", "99999999999999999999"),
        changed("\"signature\":\"", "\"signature\":\"0"),
        signed.to_uppercase(),
        signed.clone() + &" ".repeat(5000),
        "[".repeat(4000),
    ] {
        let parsed = text.parse::<SignedReceipt>();
        assert_eq!(parsed, Err(ReceiptError::Malformed), "{text}");
    }
    for text in [
        "",
        "ai3dgen-ed25519:",
        "ai3dgen-ed25519:00",
        "d75a980182b10ab7d54bfed3c964073a",
    ] {
        assert!(text.parse::<PublicKey>().is_err(), "{text}");
    }
}

#[test]
fn every_destruction_has_its_receipt_until_it_is_taken() {
    let safe = Safe::new();
    let vault = safe.vault();
    let [expired, asked, unused] = [b"a", b"b", b"c"].map(|content| safe.seal(content));
    assert_eq!(vault.receipt(asked), None, "it exists");
    safe.clock.advance_secs(10);
    vault.shred(asked, Reason::Asked).unwrap();
    vault.shred(unused, Reason::Unused).unwrap();
    vault.shred(unused, Reason::Asked).unwrap();
    safe.clock.advance_secs(HOUR);
    vault.reap();
    for (id, reason, secs) in [
        (asked, Reason::Asked, 10),
        (unused, Reason::Unused, 10),
        (expired, Reason::Expired, HOUR + 10),
    ] {
        let signed = vault.receipt(id).unwrap();
        let receipt = signed.verify(&vault.public_key()).unwrap();
        assert_eq!((receipt.object, receipt.reason), (id, reason));
        assert_eq!((receipt.kind, receipt.created), (Kind::Picture, START));
        assert_eq!(receipt.deleted_at, START.plus_secs(secs));
        assert!(receipt.key_destroyed);
    }
    assert_eq!(vault.receipts().len(), 3);
    vault.receipts_taken(&[asked, expired]).unwrap();
    assert_eq!(vault.receipts(), [vault.receipt(unused).unwrap()]);
}

#[test]
fn receipts_that_nobody_took_are_the_same_after_a_restart() {
    let mut safe = Safe::new();
    let ids: Vec<_> = (0..40).map(|_| safe.seal(b"picture")).collect();
    ids.iter().for_each(|id| assert!(safe.shred(*id)));
    let receipts = safe.vault().receipts();
    assert_eq!(receipts.len(), ids.len());
    let clock = safe.clock.clone();
    safe.reopen_after(|_| clock.advance_secs(5 * HOUR));
    assert_eq!(safe.vault().receipts(), receipts);
    safe.vault().receipts_taken(&ids).unwrap();
    safe.reopen_after(|_| {});
    assert!(safe.vault().receipts().is_empty());
}

#[test]
fn a_receipt_that_nobody_takes_is_forgotten_after_thirty_days() {
    let safe = Safe::new();
    let id = safe.seal(b"picture");
    safe.shred(id);
    safe.clock.advance_secs(30 * 24 * HOUR);
    safe.vault().reap();
    assert!(safe.vault().receipt(id).is_some());
    safe.clock.advance_secs(1);
    safe.vault().reap();
    assert!(safe.vault().receipt(id).is_none());
}

#[cfg(target_os = "linux")]
#[test]
fn epochs_that_wait_for_their_receipts_to_be_taken_keep_no_file_open() {
    let mut safe = Safe::new();
    for _ in 0..20 {
        safe.seal(b"picture");
        safe.clock.advance_secs(600);
    }
    safe.clock.advance_secs(2 * HOUR);
    let folder = safe.folder.path().join("keys");
    let open_files = || {
        let open = std::fs::read_dir("/proc/self/fd").unwrap();
        open.filter_map(|entry| std::fs::read_link(entry.unwrap().path()).ok())
            .filter(|path| path.starts_with(&folder))
            .count()
    };
    assert_ne!(open_files(), 0);
    safe.vault().reap();
    assert_eq!(open_files(), 0);
    safe.reopen_after(|_| {});
    assert_eq!(open_files(), 0);
    assert_eq!(safe.vault().receipts().len(), 20);
}

#[test]
fn a_restart_of_a_vault_with_its_keys_in_memory_forgets_everything_and_says_so() {
    let mut safe = Safe::with(VaultOptions {
        ephemeral: true,
        ..VaultOptions::default()
    });
    let id = safe.seal(b"picture");
    assert_eq!(safe.read(id).unwrap(), b"picture");
    safe.clock.advance_secs(600);
    safe.vault().downloaded(id).unwrap();
    assert_eq!(safe.read(id).unwrap(), b"picture");
    assert!(safe.epoch_keys().is_empty(), "no key is on the disk");
    safe.clock.advance_secs(60);
    safe.reopen_after(|_| {});
    assert!(matches!(safe.read(id), Err(VaultError::NotFound)));
    assert!(safe.holds_nothing());
    let receipt = *safe.vault().receipt(id).unwrap().unverified();
    assert_eq!(receipt.reason, Reason::Restart);
    assert_eq!(receipt.deleted_at, START.plus_secs(660));
}

#[test]
fn a_vault_that_is_to_forget_with_a_restart_forgets_what_an_earlier_start_kept() {
    let mut safe = Safe::new();
    let id = safe.seal(b"picture");
    safe.options.ephemeral = true;
    safe.reopen_after(|_| {});
    assert!(matches!(safe.read(id), Err(VaultError::NotFound)));
    assert!(safe.holds_nothing() && safe.epoch_keys().is_empty());
}

#[test]
fn a_damaged_signing_key_is_told_and_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("signing.key"), b"short").unwrap();
    let opened = vault::Vault::open(folder.path(), Safe::new().clock.clone());
    let error = opened.err().unwrap();
    assert!(matches!(error, VaultError::SigningKey));
    assert!(
        error.to_string().contains("restore it from a backup"),
        "{error}"
    );
    let kept = std::fs::read(folder.path().join("signing.key")).unwrap();
    assert_eq!(kept, b"short");
}
