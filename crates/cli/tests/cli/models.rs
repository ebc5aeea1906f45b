//! `models`: weights pulled, imported and removed, and a network against its reference.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::folder::{Folder, stderr};

#[path = "../../../weights/tests/pull/server.rs"]
#[allow(dead_code, reason = "the pull's own tests use the rest")]
mod server;

use server::{Answer, Server, raw};

/// A tiny TripoSR with the reference's values of every stage.
fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../triposr/tests/data")
}

#[test]
fn every_stage_of_triposr_agrees_with_the_reference() {
    let folder = Folder::new();
    let golden = golden();
    for precision in ["f32", "bf16", "int8"] {
        let output = folder.run(&[
            "models",
            "check",
            "triposr",
            "--golden",
            golden.to_str().unwrap(),
            "--precision",
            precision,
        ]);
        let table = String::from_utf8(output.stdout.clone()).unwrap();
        assert!(output.status.success(), "{table}{}", stderr(&output));
        for stage in ["vit.last_hidden_state", "backbone.out", "scene_codes"] {
            assert!(table.contains(stage), "{table}");
        }
        assert!(!table.contains(" NO"), "{table}");
    }
}

#[cfg(not(any(feature = "cuda", feature = "metal")))]
#[test]
fn a_gpu_that_this_build_cannot_use_is_refused_before_anything_is_done() {
    let folder = Folder::new();
    let golden = golden();
    let golden = golden.to_str().unwrap();
    for arguments in [
        vec!["models", "check", "triposr", "--golden", golden],
        // The picture isn't even looked for.
        vec!["convert", "nowhere.png", "--engine", "inflate"],
    ] {
        let output = folder.run(&[&arguments[..], &["--device", "gpu"]].concat());
        assert_eq!(output.status.code(), Some(1));
        let said = stderr(&output);
        assert!(said.contains("--features cuda"), "{said}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn another_picture_and_a_folder_without_weights_fail() {
    let folder = Folder::new();
    let names = [
        "config.yaml",
        "dino_vit_config.json",
        "input.png",
        "golden.safetensors",
    ];
    for name in names {
        folder.put(name, &std::fs::read(golden().join(name)).unwrap());
    }
    let check = ["models", "check", "triposr", "--golden", "."];
    let output = folder.run(&check);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("model.safetensors can't be read"),
        "{}",
        stderr(&output)
    );

    // The right weights and another picture: the first stages that see it differ.
    let model = std::fs::read(golden().join("model.ckpt")).unwrap();
    folder.put("model.ckpt", &model);
    let picture = image::RgbImage::from_pixel(64, 64, image::Rgb([200, 30, 90]));
    picture.save(folder.path("input.png")).unwrap();
    let output = folder.run(&check);
    let table = String::from_utf8(output.stdout.clone()).unwrap();
    assert_eq!(output.status.code(), Some(1), "{table}");
    assert!(table.contains(" NO"), "{table}");
    assert!(
        stderr(&output).contains("differ too much"),
        "{}",
        stderr(&output)
    );
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The program on a hub of ours.
fn on_hub(folder: &Folder, hub: &str, arguments: &[&str]) -> Command {
    let mut command = folder.program();
    command
        .args(arguments)
        .env("HF_ENDPOINT", hub)
        .env("NO_PROXY", "127.0.0.1")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

#[test]
fn a_dry_run_tells_licence_size_source_and_place_and_asks_nobody() {
    let folder = Folder::new();
    let hub = Server::start(b"", |_, _| Answer::Serve);
    let arguments = ["models", "pull", "triposr", "--dry-run"];
    // A slash at the end is how people write it.
    let output = on_hub(&folder, &hub.url("/"), &arguments).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let told = stdout(&output);
    let place = folder.path("no-weights").join("triposr");
    for words in [
        "licence  MIT",
        "limits   none",
        "size     1.68 GB",
        &hub.url(
            "/stabilityai/TripoSR/resolve/5b521936b01fbe1890f6f9baed0254ab6351c04a/model.ckpt",
        ),
        place.join("config.yaml").to_str().unwrap(),
        place.join("model.ckpt").to_str().unwrap(),
    ] {
        assert!(told.contains(words), "{words:?} is missing in: {told}");
    }
    assert!(hub.requests().is_empty());
    assert!(folder.names().is_empty());
}

#[test]
fn a_hub_without_the_file_is_one_line_and_leaves_nothing() {
    let folder = Folder::new();
    let hub = Server::start(b"", |_, _| raw("404 Not Found", b""));
    let output = on_hub(&folder, &hub.url(""), &["models", "pull", "triposr"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let errors = stderr(&output);
    let last = errors.lines().last().unwrap();
    for words in [
        "error: could not download http://127.0.0.1",
        "404 Not Found",
        "`ai3dgen models import triposr FILE`",
    ] {
        assert!(last.contains(words), "{words:?} is missing in: {last}");
    }
    let output = folder.run(&["models", "verify"]);
    assert!(stdout(&output).contains("nothing is installed"));
}

/// What the hub sends before the connection breaks.
const SENT: usize = 200_000;

/// Waits until the partial file has all that the hub sent.
fn wait_for(folder: &Folder, child: &mut Child) {
    let part = folder.path("no-weights/triposr/model.ckpt.part");
    let began = Instant::now();
    while std::fs::metadata(&part).map_or(0, |part| part.len()) < SENT as u64 {
        assert!(child.try_wait().unwrap().is_none(), "it ended early");
        assert!(began.elapsed() < Duration::from_secs(60));
        thread::sleep(Duration::from_millis(20));
    }
}

#[cfg(unix)]
#[test]
fn a_pull_that_is_interrupted_or_killed_goes_on_where_it_was() {
    let folder = Folder::new();
    // The configuration is there; the weights begin as published in length and then break off.
    let config = include_bytes!("../../../weights/src/triposr-config.yaml");
    std::fs::create_dir_all(folder.path("no-weights/triposr")).unwrap();
    folder.put("no-weights/triposr/config.yaml", config);
    let hub = Server::start(b"", |_, before| match before {
        0 => raw("200 OK\r\nContent-Length: 1677246742", &[7; SENT]),
        _ => raw(
            "206 Partial Content\r\nContent-Range: bytes 200000-1677246741/1677246742",
            b"",
        ),
    });
    let pull = || on_hub(&folder, &hub.url(""), &["models", "pull", "triposr"]);

    // ^C
    let mut child = pull().spawn().unwrap();
    wait_for(&folder, &mut child);
    let pid = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &pid])
            .status()
            .unwrap()
            .success()
    );
    let output = child.wait_with_output().unwrap();
    let told = stderr(&output);
    assert_eq!(output.status.code(), Some(130), "{told}");
    let last = told.lines().last().unwrap();
    assert!(last.contains("0.2 MB are kept"), "{last}");
    assert!(
        last.contains("`ai3dgen models pull triposr` goes on from there"),
        "{last}"
    );
    let list = stdout(&folder.run(&["models", "list"]));
    let line = list
        .lines()
        .find(|line| line.starts_with("triposr"))
        .unwrap();
    assert!(line.contains("0 %") && line.contains("MIT"), "{line}");

    // Killed while it waits for the rest, which is all that it asks for.
    for _ in 0..2 {
        let before = hub.requests().len();
        let mut child = pull().spawn().unwrap();
        let began = Instant::now();
        while hub.requests().len() == before {
            assert!(began.elapsed() < Duration::from_secs(60));
            thread::sleep(Duration::from_millis(20));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(hub.requests().pop().unwrap().offset(), Some(SENT));
    }
    let output = folder.run(&["models", "remove", "triposr"]);
    assert!(stdout(&output).contains("triposr is removed"));
    assert!(!folder.path("no-weights/triposr").exists());
}

#[test]
fn importing_another_network_names_what_is_wrong_with_it() {
    let folder = Folder::new();
    let header = br#"{"backbone.norm.bias":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#;
    let length = (header.len() as u64).to_le_bytes();
    let safetensors = [&length[..], header, &[0; 4]].concat();
    folder.put("other.safetensors", &safetensors);
    let tiny = std::fs::read(golden().join("model.ckpt")).unwrap();
    folder.put("tiny.ckpt", &tiny);
    folder.put("photo.png", b"no weights at all");
    for (file, words) in [
        (
            "other.safetensors",
            "tensor backbone.norm.bias has shape [1], expected [1024]",
        ),
        (
            "tiny.ckpt",
            "not the triposr that is meant (its size differs)",
        ),
        (
            "photo.png",
            "not the triposr that is meant (its size differs)",
        ),
        ("nothing", "can't read nothing"),
    ] {
        let output = folder.run(&["models", "import", "triposr", file]);
        let told = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{file}");
        assert!(told.contains(words), "{told}");
        assert_eq!(told.lines().count(), 1, "{told}");
        assert!(!folder.path("no-weights/triposr").exists());
    }
}
