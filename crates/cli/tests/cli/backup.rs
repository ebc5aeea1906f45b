//! `ai3dgen backup` and `restore`: what comes back, and what can't.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use serde_json::Value;
use tempfile::TempDir;

use crate::folder::{ball, stderr};
use crate::server::{Postgres, Server};

fn ai3dgen(command: &str, file: &Path, data: &Path, postgres: Option<&Postgres>) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_ai3dgen"));
    program.arg(command).arg(file).arg("--data-dir").arg(data);
    if let Some(postgres) = postgres {
        program.env("AI3DGEN_DATABASE_URL", &postgres.url);
    }
    program
}

fn well(mut command: Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// One line of complaint.
fn badly(mut command: Command) -> String {
    let output: Output = command.output().unwrap();
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    said
}

/// A server with one job that is destroyed and one that lives, backed up while it runs.
struct BackedUp {
    server: Server,
    destroyed: String,
    alive: String,
    receipts: Vec<u8>,
    key: Vec<u8>,
    file: PathBuf,
}

const KEY: &str = "/.well-known/ai3dgen-receipts.pub";

impl BackedUp {
    fn new(server: Server) -> Self {
        let [destroyed, alive] = [(); 2].map(|()| {
            let job = server.submit("base", &ball());
            server.wait_for(&job, &["done"]);
            job
        });
        assert_eq!(server.send("DELETE", &destroyed, b"").0, 204);
        let file = server.folder.path().join("today.backup");
        let data = server.folder.path().join("data");
        let said = well(ai3dgen("backup", &file, &data, server.postgres.as_ref()));
        // Of the living job the picture is destroyed, too. Checks are made while this goes on.
        assert!(said.starts_with("backed up 4 receipts, "), "{said}");
        assert!(
            said.contains(" checks, 0 api_keys, 2 runs and the key"),
            "{said}"
        );
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        Self {
            receipts: server.send("GET", &format!("{destroyed}/receipts"), b"").1,
            key: server.send("GET", KEY, b"").1,
            server,
            destroyed,
            alive,
            file,
        }
    }

    /// Restores it into an installation that is new, and starts that.
    fn restore_elsewhere(&self, postgres: Option<Postgres>) -> Server {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let said = well(ai3dgen("restore", &self.file, &data, postgres.as_ref()));
        assert!(
            said.starts_with("restored 4 receipts, ")
                && said.contains(" checks, 0 api_keys, 2 runs"),
            "{said}"
        );
        Server::with(folder, postgres)
    }

    fn assert_is_the_same_installation_without_jobs(&self, server: &Server) {
        assert_eq!(server.send("GET", KEY, b"").1, self.key);
        let receipts = server.send("GET", &format!("{}/receipts", self.destroyed), b"");
        assert_eq!(receipts, (200, self.receipts.clone()));
        for job in [&self.destroyed, &self.alive] {
            for what in ["", "/model.glb", "/preview.png"] {
                let (status, _) = server.send("GET", &format!("{job}{what}"), b"");
                assert_eq!(status, 404, "{what}");
            }
        }
        let objects = server.folder.path().join("data/vault/objects");
        assert_eq!(fs::read_dir(objects).unwrap().count(), 0);
    }
}

#[test]
fn a_backup_moves_between_sqlite_and_postgresql_without_jobs() {
    let of_sqlite = BackedUp::new(Server::start());
    let on_postgres = of_sqlite.restore_elsewhere(Some(Postgres::start()));
    of_sqlite.assert_is_the_same_installation_without_jobs(&on_postgres);
    let of_postgres = BackedUp::new(Server::on_postgres());
    let on_sqlite = of_postgres.restore_elsewhere(None);
    of_postgres.assert_is_the_same_installation_without_jobs(&on_sqlite);
}

#[test]
fn what_was_destroyed_since_the_backup_stays_destroyed() {
    let backed_up = BackedUp::new(Server::start());
    let BackedUp {
        server,
        alive,
        file,
        ..
    } = backed_up;
    assert_eq!(server.send("DELETE", &alive, b"").0, 204);
    let (folder, _) = server.kill();
    let data = folder.path().join("data");
    let said = well({
        let mut restore = ai3dgen("restore", &file, &data, None);
        restore.arg("--replace");
        restore
    });
    // The two of the model and the preview, which the backup hasn't.
    assert!(said.contains("replaced 6 receipts"), "{said}");
    let server = Server::with(folder, None);
    for what in ["", "/model.glb", "/preview.png"] {
        assert_eq!(server.send("GET", &format!("{alive}{what}"), b"").0, 410);
    }
    assert_eq!(fs::read_dir(data.join("vault/objects")).unwrap().count(), 0);
}

#[test]
fn restoring_refuses_what_would_lose_or_confuse_something() {
    let BackedUp { server, file, .. } = BackedUp::new(Server::start());
    let data = server.folder.path().join("data");
    let said = badly(ai3dgen("restore", &file, &data, None));
    assert!(said.contains("stop it first"), "{said}");
    let (folder, _) = server.kill();
    let data = folder.path().join("data");
    let said = badly(ai3dgen("restore", &file, &data, None));
    assert!(said.contains("4 rows already; --replace"), "{said}");

    // An installation with another key and no rows.
    let (other, _) = Server::start().kill();
    let other_data = other.path().join("data");
    let key_of = |data: &Path| fs::read(data.join("vault/signing.key")).unwrap();
    let before = key_of(&other_data);
    let said = badly(ai3dgen("restore", &file, &other_data, None));
    assert!(
        said.contains("a key of its own, ai3dgen-ed25519:"),
        "{said}"
    );
    assert_eq!(key_of(&other_data), before);
    let mut replace = ai3dgen("restore", &file, &other_data, None);
    replace.arg("--replace");
    assert!(well(replace).contains("replaced the key ai3dgen-ed25519:"));
    assert_eq!(key_of(&other_data), key_of(&data));

    let damaged = folder.path().join("damaged");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&damaged, text.replacen("picture", "pictuse", 1)).unwrap();
    let empty = tempfile::tempdir().unwrap();
    let new = empty.path().join("data");
    let said = badly(ai3dgen("restore", &damaged, &new, None));
    assert!(
        said.contains("damaged") && said.contains("take another backup"),
        "{said}"
    );
    assert!(!new.exists());
    let said = badly(ai3dgen(
        "restore",
        &folder.path().join("nothing"),
        &new,
        None,
    ));
    assert!(said.contains("nothing can't be read"), "{said}");
    let said = badly(ai3dgen("backup", &empty.path().join("x"), &new, None));
    assert!(said.contains("no server ever used"), "{said}");
    assert_eq!(fs::read_dir(empty.path()).unwrap().count(), 0);
}

#[test]
fn a_backup_goes_through_pipes() {
    let BackedUp { server, file, .. } = BackedUp::new(Server::start());
    let data = server.folder.path().join("data");
    let piped = well(ai3dgen("backup", Path::new("-"), &data, None));
    let rows = |text: &str| text.lines().filter(|line| line.starts_with('[')).count();
    assert_eq!(rows(&piped), rows(&fs::read_to_string(file).unwrap()));
    let folder = TempDir::new().unwrap();
    let mut restore = ai3dgen("restore", Path::new("-"), &folder.path().join("data"), None)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    restore
        .stdin
        .take()
        .unwrap()
        .write_all(piped.as_bytes())
        .unwrap();
    assert!(restore.wait().unwrap().success());
}

/// Backups are made all the time while `verify-deletion` has its marked picture in the service, and
/// it looks for every part of it in them.
#[test]
fn no_backup_holds_anything_of_a_job() {
    let server = Server::start();
    let data = server.folder.path().join("data");
    let backups = server.folder.path().join("backups");
    fs::create_dir(&backups).unwrap();
    let ended = AtomicBool::new(false);
    let said = thread::scope(|scope| {
        scope.spawn(|| {
            for number in 0.. {
                if ended.load(Ordering::SeqCst) {
                    return;
                }
                well(ai3dgen(
                    "backup",
                    &backups.join(number.to_string()),
                    &data,
                    None,
                ));
            }
        });
        let mut verify = Command::new(env!("CARGO_BIN_EXE_ai3dgen"));
        verify
            .args(["verify-deletion", "--url", &server.url(), "--logs"])
            .arg(&backups);
        let output = verify.output().unwrap();
        ended.store(true, Ordering::SeqCst);
        assert!(output.status.success(), "{}", stderr(&output));
        String::from_utf8(output.stdout).unwrap()
    });
    for part in ["while it lives", "afterwards"] {
        let row = said
            .lines()
            .find(|row| row.contains("backups") && row.contains(part));
        let words: Vec<&str> = row.unwrap().split_whitespace().collect();
        let [.., files, _, traces] = words[..] else {
            panic!("{said}");
        };
        assert!(files.parse::<u32>().unwrap() > 0 && traces == "0", "{said}");
    }
    let last = fs::read_dir(&backups).unwrap().count() - 1;
    let last = fs::read_to_string(backups.join(last.to_string())).unwrap();
    let receipts = last
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    let receipts = receipts.filter(|line: &Value| line[2] == "model");
    assert_eq!(receipts.count(), 1, "the last one is of afterwards");
}
