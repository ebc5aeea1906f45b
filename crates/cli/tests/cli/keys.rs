//! `ai3dgen keys`: what an operator gives out, and takes back.
#![cfg(target_os = "linux")]

use std::process::Command;

use serde_json::Value;

use crate::folder::ball;
use crate::server::{Server, status_of};

/// What the command says, or why it doesn't.
fn keys(server: &Server, said: &[&str]) -> Result<String, String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ai3dgen"));
    command.arg("keys").args(said).arg("--data-dir");
    let output = command.arg(server.folder.path().join("data")).output();
    let output = output.unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().trim().to_owned();
    match output.status.success() {
        true => Ok(text(output.stdout)),
        false => Err(text(output.stderr)),
    }
}

/// Status and code of an answer, or the job's id.
fn asked(server: &Server, key: &str, method: &str, path: &str) -> (u16, String) {
    let more = match key {
        "" => String::new(),
        key => format!("Authorization: Bearer {key}\r\n"),
    };
    let (head, body) = server.ask_with(&more, method, path, &ball());
    let body: Value = serde_json::from_slice(&body).unwrap();
    let told = body["code"].as_str().or(body["id"].as_str());
    (status_of(&head), told.unwrap().to_owned())
}

#[test]
fn a_key_opens_what_its_scopes_say_until_it_is_revoked() {
    let server = Server::that_wants_keys();
    let jobs = "/api/v1/jobs";
    let refused = |status: u16, code: &str| (status, code.to_owned());
    assert_eq!(
        asked(&server, "", "POST", jobs),
        refused(401, "key_missing")
    );

    let create = ["create", "shop", "--scope", "generate,read"];
    let key = keys(&server, &create).unwrap();
    let taken = keys(&server, &create).unwrap_err();
    assert!(taken.contains("choose another name"), "{taken}");
    let listed = keys(&server, &["list"]).unwrap();
    assert!(listed.starts_with("shop\tgenerate,read\t"), "{listed}");
    let secret = key.rsplit('_').next().unwrap();
    assert!(!listed.contains(secret), "a key is told once");

    let (status, job) = asked(&server, &key, "POST", jobs);
    assert_eq!(status, 201);
    let job = format!("{jobs}/{job}");
    assert_eq!(asked(&server, &key, "GET", &job).0, 200);
    assert_eq!(
        asked(&server, &key, "DELETE", &job),
        refused(403, "scope_missing")
    );

    keys(&server, &["revoke", "shop"]).unwrap();
    assert_eq!(
        asked(&server, &key, "GET", &job),
        refused(401, "key_unknown")
    );
    assert_eq!(keys(&server, &["list"]).unwrap(), "");
    assert!(keys(&server, &["revoke", "shop"]).is_err());
    let other = keys(&server, &["create", "office", "--scope", "read"]).unwrap();
    assert_eq!(
        asked(&server, &other, "GET", &job).0,
        200,
        "its jobs stay until their hour is over"
    );
}
