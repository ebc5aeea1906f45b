//! TripoSR as the program uses it, with small weights that make a ball of any picture.

#[path = "../../../triposr/tests/made_up/mod.rs"]
mod made_up;

use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::folder::{Folder, ball, stderr};

/// A folder with a picture, and the weights installed where the program looks for them.
fn installed() -> Folder {
    let folder = Folder::new();
    folder.put("ball.png", &ball());
    install(&folder.path("no-weights"));
    folder
}

/// Installs the weights in a folder of models.
fn install(models: &Path) {
    let (sizes, vit) = (made_up::TINY, Some(made_up::TINY_VIT));
    let ball = made_up::ball(&made_up::config(sizes, vit), 1);
    made_up::write(&models.join("triposr"), sizes, vit, ball).unwrap();
}

/// What a GLB says of how it was made.
fn extras(model: &[u8]) -> String {
    let (document, _, _) = gltf::import_slice(model).unwrap();
    let extras = document.into_json().asset.extras.unwrap();
    extras.get().to_owned()
}

fn report(output: &Output) -> Value {
    assert!(output.status.success(), "{}", stderr(output));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn without_its_weights_one_line_says_how_to_get_them() {
    let folder = Folder::new();
    folder.put("ball.png", &ball());
    let output = folder.run(&["convert", "ball.png", "--engine", "triposr"]);
    assert_eq!(output.status.code(), Some(1));
    let told = stderr(&output);
    assert_eq!(told.lines().count(), 1, "{told}");
    assert!(told.contains("`ai3dgen models pull triposr`"), "{told}");
    assert_eq!(folder.names(), ["ball.png"]);
}

#[test]
fn it_makes_a_model_whose_bytes_do_not_depend_on_the_threads() {
    let folder = installed();
    let on = |threads: &str| {
        let mut command = folder.program();
        command
            .env("RAYON_NUM_THREADS", threads)
            .env("RTEN_NUM_THREADS", threads);
        let options = ["--engine", "triposr", "--faces", "3000", "--json", "-o"];
        let name = format!("{threads}.glb");
        let done = command
            .args(["convert", "ball.png"])
            .args(options)
            .arg(&name)
            .output()
            .unwrap();
        let report = report(&done);
        assert_eq!(report["engine"], "triposr");
        assert_eq!(report["notices"], serde_json::json!([]));
        std::fs::read(folder.path(&name)).unwrap()
    };
    let one = on("1");
    assert!(extras(&one).contains("triposr"), "{}", extras(&one));
    assert!(one == on("2"), "two threads, other bytes");
}

#[test]
fn pro_takes_it_where_it_is_installed_and_base_does_not() {
    let folder = installed();
    let planned = |options: &[&str]| {
        let output = folder.run(&[&["convert", "ball.png", "--dry-run"], options].concat());
        assert!(output.status.success(), "{}", stderr(&output));
        stderr(&output)
    };
    assert!(planned(&[]).contains("(builtin, base)"));
    assert!(planned(&["--tier", "pro"]).contains("(triposr, pro)"));
    assert!(planned(&["--tier", "ultra"]).contains("(triposr, ultra)"));
    assert!(planned(&["--tier", "pro", "--engine", "builtin"]).contains("(builtin, pro)"));
    let without = Folder::new();
    without.put("ball.png", &ball());
    let output = without.run(&["convert", "ball.png", "--dry-run", "--tier", "ultra"]);
    assert!(stderr(&output).contains("(builtin, ultra)"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_server_s_pro_takes_it_too_inside_the_workers_sandbox() {
    let folder = tempfile::tempdir().unwrap();
    install(&folder.path().join("models"));
    let server = crate::server::Server::with(folder, None);
    let jobs = ["pro", "base"].map(|tier| server.submit(tier, &ball()));
    let [pro, base] = jobs.map(|job| {
        let view = server.wait_for(&job, &["failed", "done"]);
        assert_eq!(view["state"], "done", "{view}");
        let (status, model) = server.send("GET", view["links"]["model"].as_str().unwrap(), b"");
        assert_eq!(status, 200);
        extras(&model)
    });
    assert!(pro.contains("triposr"), "{pro}");
    assert!(base.contains("builtin"), "{base}");
}

#[test]
fn weights_that_are_cut_short_are_an_error_and_not_another_shape() {
    let folder = installed();
    let weights = folder.path("no-weights/triposr/model.safetensors");
    let bytes = std::fs::read(&weights).unwrap();
    std::fs::write(&weights, &bytes[..bytes.len() / 2]).unwrap();
    let output = folder.run(&["convert", "ball.png", "--engine", "triposr"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("verify triposr"),
        "{}",
        stderr(&output)
    );
    assert!(!folder.path("ball.glb").exists());
}

#[test]
fn its_mesh_is_held_against_the_reference_s() {
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/../triposr/tests/data");
    let output = Folder::new().run(&["models", "check", "triposr", "--golden", golden]);
    let table = String::from_utf8(output.stdout.clone()).unwrap();
    assert!(output.status.success(), "{table}{}", stderr(&output));
    for line in ["mesh.vertices", "mesh.faces", "mesh.colors"] {
        let line = table.lines().find(|told| told.starts_with(line));
        assert!(line.is_some_and(|line| line.ends_with("yes")), "{table}");
    }
}
