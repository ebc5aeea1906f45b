//! `ai3dgen receipts verify`, offline, against receipts signed here.

use std::io::Write;
use std::process::{Output, Stdio};

use domain::{Id, UnixMillis};
use serde_json::Value;
use vault::{Kind, Reason, Receipt, SigningKey};

use crate::folder::{Folder, stderr};

fn receipt(key: &SigningKey, reason: Reason) -> String {
    let receipt = Receipt {
        object: Id::random(),
        kind: Kind::Model,
        created: UnixMillis(1_790_000_000_000),
        deleted_at: UnixMillis(1_790_003_600_000),
        reason,
        key_destroyed: true,
        installation: key.public_key().key_id(),
    };
    receipt.sign(key).to_string()
}

fn ours() -> SigningKey {
    SigningKey::from_seed(&[7; 32])
}

fn verify(folder: &Folder, key: &str, receipts: &str, more: &[&str]) -> Output {
    folder.put("receipts.json", receipts.as_bytes());
    let mut arguments = vec!["receipts", "verify", "receipts.json", "--key", key];
    arguments.extend(more);
    folder.run(&arguments)
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn c5_anyone_can_verify_a_signed_deletion_receipt_offline() {
    let folder = Folder::new();
    let key = ours();
    let receipts = [receipt(&key, Reason::Expired), receipt(&key, Reason::Asked)];
    folder.put("key.pub", key.public_key().to_string().as_bytes());
    let list = format!("[{}]", receipts.join(","));
    let reply = format!(r#"{{"title":"gone","receipts":{list}}}"#);
    for text in [&receipts.join("\n"), &list, &reply] {
        let output = verify(&folder, "key.pub", text, &[]);
        assert!(output.status.success(), "{}", stdout(&output));
        let said = stdout(&output);
        let lines: Vec<_> = said.lines().collect();
        assert!(lines[0].starts_with("1: valid"), "{said}");
        for word in [
            "model",
            "2026-09-21T15:13:20Z",
            "expired",
            "key destroyed: yes",
        ] {
            assert!(lines[0].contains(word), "{word}: {said}");
        }
        assert!(lines[1].contains("asked"), "{said}");
        assert_eq!(lines[2], "2 valid, 0 invalid");
    }
}

#[test]
fn receipts_come_from_standard_input_and_the_key_as_text() {
    let folder = Folder::new();
    let key = ours().public_key().to_string();
    let mut child = folder
        .program()
        .args(["receipts", "verify", "-", "--json", "--key", &key])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let text = receipt(&ours(), Reason::Downloaded);
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(text.as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(said["valid"], true);
    assert_eq!(said["kind"], "model");
    assert_eq!(said["reason"], "downloaded");
    assert_eq!(said["key_destroyed"], true);
}

#[test]
fn an_altered_a_foreign_and_no_receipt_are_told_apart_and_exit_with_1() {
    let folder = Folder::new();
    let good = receipt(&ours(), Reason::Asked);
    let altered = good.replace(r#""reason":"asked""#, r#""reason":"expired""#);
    assert_ne!(altered, good);
    let foreign = receipt(&SigningKey::from_seed(&[8; 32]), Reason::Asked);
    let key = ours().public_key().to_string();
    for (text, why) in [
        (altered, "changed or forged"),
        (foreign, "another installation"),
        (good[..good.len() - 9].to_owned(), "no deletion receipt"),
        ("hello".to_owned(), "no deletion receipt"),
    ] {
        // A valid one beside it doesn't hide it.
        let output = verify(&folder, &key, &format!("{good}\n{text}\n"), &[]);
        assert_eq!(output.status.code(), Some(1));
        let said = stdout(&output);
        assert!(said.contains(why), "{said}");
        assert!(said.ends_with("1 valid, 1 invalid\n"), "{said}");
        let output = verify(&folder, &key, &text, &["--json"]);
        assert_eq!(output.status.code(), Some(1));
        let said: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(said["valid"], false);
        assert!(said["error"].as_str().unwrap().contains(why), "{said}");
    }
}

#[test]
fn a_signed_receipt_that_admits_a_living_key_is_not_valid() {
    let folder = Folder::new();
    let key = ours();
    let text: vault::SignedReceipt = receipt(&key, Reason::Asked).parse().unwrap();
    let admits = Receipt {
        key_destroyed: false,
        ..*text.unverified()
    };
    let output = verify(
        &folder,
        &key.public_key().to_string(),
        &admits.sign(&key).to_string(),
        &[],
    );
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("key is not destroyed"));
}

#[test]
fn what_cant_be_read_is_named() {
    let folder = Folder::new();
    let key = ours().public_key().to_string();
    for (key, receipts, why) in [
        (key.as_str(), "\n", "there is no receipt in receipts.json"),
        ("missing.pub", "x", "the public key can't be read"),
        ("receipts.json", "x", "not a public key"),
    ] {
        let output = verify(&folder, key, receipts, &[]);
        assert_eq!(output.status.code(), Some(1));
        assert!(stderr(&output).contains(why), "{}", stderr(&output));
    }
    let output = folder.run(&["receipts", "verify", "nowhere", "--key", &key]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("nowhere can't be read"));
}
