//! `ai3dgen convert` as a person or a script uses it.

use std::io::Write;
use std::process::Stdio;

use crate::folder::{Folder, ball, png, stderr};
use serde_json::Value;

#[test]
fn a_cut_out_picture_becomes_a_model_a_preview_and_a_sheet() {
    let folder = Folder::new();
    folder.put("ball.png", &ball());
    let arguments = [
        "convert",
        "ball.png",
        "-o",
        "out/ball.glb",
        "--preview",
        "out/ball-front.png",
    ];
    let output = folder.run(&[&arguments[..], &["--sheet", "out/sheet.png"]].concat());
    let told = stderr(&output);
    assert!(output.status.success(), "{told}");
    for word in [
        "matte",
        "shape",
        "surface",
        "texture",
        "export",
        "total",
        "To look at it",
    ] {
        assert!(told.contains(word), "{word} is missing in:\n{told}");
    }
    let glb = std::fs::read(folder.path("out/ball.glb")).unwrap();
    let (document, _, images) = gltf::import_slice(&glb).unwrap();
    assert_eq!(document.meshes().count(), 1);
    assert_eq!((images[0].width, images[0].height), (1024, 1024));
    for picture in ["out/ball-front.png", "out/sheet.png"] {
        let bytes = std::fs::read(folder.path(picture)).unwrap();
        imaging::decode(&bytes, &imaging::Limits::default()).unwrap();
    }
    assert_eq!(folder.names(), ["ball.png", "out"]);
}

#[test]
fn a_turntable_is_the_kind_of_film_its_name_says() {
    let folder = Folder::new();
    folder.put("ball.png", &ball());
    for (name, magic, at) in [
        ("ball.webp", &b"WEBPVP8X"[..], 8),
        ("ball.GIF", b"GIF89a", 0),
        ("ball.mp4", b"ftyp", 4),
    ] {
        let film = ["--turntable", name, "--turntable-frames", "8", "--json"];
        let output = folder.run(&[&["convert", "ball.png", "--faces", "2000"], &film[..]].concat());
        assert!(output.status.success(), "{}", stderr(&output));
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["turntable"], name);
        assert!(report["turntable_ms"].as_u64().unwrap() > 0);
        let bytes = std::fs::read(folder.path(name)).unwrap();
        assert!(bytes[at..].starts_with(magic), "{name}");
    }
}

#[test]
fn several_turntables_go_to_a_folder() {
    let folder = Folder::new();
    folder.put("a.png", &ball());
    folder.put("b.png", &ball());
    let options = ["--faces", "2000", "--turntable-frames", "8"];
    let films = [
        "convert",
        "a.png",
        "b.png",
        "-o",
        "m/",
        "--turntable",
        "films",
    ];
    let output = folder.run(&[&films[..], &options].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    for name in ["films/a.webp", "films/b.webp"] {
        assert!(folder.path(name).is_file(), "{name}");
    }
}

#[test]
fn without_o_the_model_lands_here_under_the_picture_s_name() {
    let folder = Folder::new();
    folder.put("My ball.png", &ball());
    assert!(folder.run(&["convert", "My ball.png"]).status.success());
    assert_eq!(folder.names(), ["My ball.glb", "My ball.png"]);
}

#[test]
fn several_pictures_and_patterns_go_to_a_folder_and_a_bad_one_stops_only_itself() {
    let folder = Folder::new();
    folder.put("a.png", &ball());
    folder.put("b.png", b"no picture at all, just some words");
    folder.put("c.png", &ball());
    let output = folder.run(&[
        "convert", "?.png", "-o", "models/", "--json", "--faces", "2000",
    ]);
    assert_eq!(output.status.code(), Some(1));
    let lines: Vec<Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let ok: Vec<bool> = lines
        .iter()
        .map(|line| line["ok"].as_bool().unwrap())
        .collect();
    assert_eq!(ok, [true, false, true]);
    assert!(lines[1]["error"].as_str().unwrap().len() > 10);
    assert!(lines[0]["triangles"].as_u64().unwrap() <= 2_400);
    let same = std::fs::read(folder.path("models/a.glb")).unwrap();
    assert_eq!(
        same,
        std::fs::read(folder.path("models/c.glb")).unwrap(),
        "same picture, same bytes"
    );
    assert!(!folder.path("models/b.glb").exists());
}

#[test]
fn few_faces_are_few_and_where_thin_parts_need_more_the_report_says_so() {
    let folder = Folder::new();
    let wheel = png(400, |x, y| {
        let (far, turn) = (x.hypot(y), y.atan2(x) * 6.0 / std::f32::consts::PI);
        let beside_spoke = (turn - turn.round()).abs() / 6.0 * std::f32::consts::PI * far;
        let inside =
            (0.7..0.85).contains(&far) || far < 0.15 || (far < 0.8 && beside_spoke < 0.015);
        [150, 90, 60, if inside { 255 } else { 0 }]
    });
    folder.put("wheel.png", &wheel);
    for asked in [100, 1000, 3000] {
        let faces = asked.to_string();
        let options = ["--faces", &faces, "--texture", "256", "--json"];
        let done = folder.run(&[&["convert", "wheel.png"], &options[..]].concat());
        assert!(done.status.success(), "{}", stderr(&done));
        let told: Value = serde_json::from_slice(&done.stdout).unwrap();
        let made = told["triangles"].as_u64().unwrap();
        // Twelve spokes and as many holes take some; as fine as they come they would take fifty times as many.
        assert!(made <= asked.max(1_200) * 21 / 20, "{made} for {asked}");
        let notices = told["notices"].as_array().unwrap();
        let notice = notices.iter().find(|notice| notice["name"] == "more_faces");
        assert_eq!(notice.is_some(), made > asked + asked / 20, "{told}");
        let says_it = |notice: &Value| notice["text"].as_str().unwrap().contains(&made.to_string());
        assert!(notice.is_none_or(says_it), "{told}");
    }
}

#[test]
fn a_model_in_the_place_of_a_picture_is_told_where_it_belongs() {
    let folder = Folder::new();
    folder.put("mug.glb", b"glTF");
    let output = folder.run(&["convert", "mug.glb", "-o", "mug.stl"]);
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("error: mug.glb: this is a model already: `ai3dgen export`"));
}

#[test]
fn a_pipe_works_in_both_directions() {
    let folder = Folder::new();
    let mut child = folder
        .program()
        .args(["convert", "-", "-o", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&ball()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    gltf::import_slice(&output.stdout).unwrap();
    assert!(folder.names().is_empty());
}

#[test]
fn options_reach_the_model() {
    let folder = Folder::new();
    folder.put("ball.png", &ball());
    let run = |name: &str, more: &[&str]| -> Value {
        let output = format!("{name}.glb");
        let base = ["convert", "ball.png", "--json", "-o", &output];
        let done = folder.run(&[&base, more].concat());
        assert!(done.status.success(), "{}", stderr(&done));
        serde_json::from_slice(&done.stdout).unwrap()
    };
    let plain = run("plain", &[]);
    let fine = run(
        "fine",
        &["--tier", "pro", "--texture", "512", "--seed", "7"],
    );
    assert_eq!(fine["texture_px"], 512);
    assert_eq!((&fine["tier"], &fine["seed"]), (&"pro".into(), &7.into()));
    assert!(fine["triangles"].as_u64() > plain["triangles"].as_u64());
    let inflated = run("inflated", &["--engine", "inflate"]);
    assert_eq!(inflated["engine"], "inflate");
    let bytes = |name: &str| std::fs::read(folder.path(name)).unwrap();
    assert_ne!(bytes("plain.glb"), bytes("inflated.glb"));
}

#[test]
fn the_number_of_threads_does_not_change_a_byte() {
    let folder = Folder::new();
    folder.put("ball.png", &ball());
    let on = |threads: &str, options: &[&str]| {
        let mut command = folder.program();
        command
            .env("RAYON_NUM_THREADS", threads)
            .env("RTEN_NUM_THREADS", threads);
        let done = command
            .args(["convert", "ball.png", "-o", "-"])
            .args(options)
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", stderr(&done));
        done.stdout
    };
    let pro = [
        "--tier",
        "pro",
        "--texture",
        "512",
        "--topology",
        "quad",
        "--symmetry",
        "x",
    ];
    for options in [&[][..], &pro] {
        // Not assert_eq: nobody wants to read two models.
        assert!(on("1", options) == on("2", options), "{options:?}");
    }
}

#[test]
fn a_dry_run_says_what_would_happen_and_writes_nothing() {
    let folder = Folder::new();
    folder.put("ball.png", &ball());
    let output = folder.run(&["convert", "ball.png", "-o", "new/", "--dry-run"]);
    assert!(output.status.success());
    assert!(
        stderr(&output).contains("ball.png -> new/ball.glb"),
        "{}",
        stderr(&output)
    );
    assert_eq!(folder.names(), ["ball.png"]);
}

#[test]
fn help_shows_examples() {
    let output = Folder::new().run(&["convert", "--help"]);
    let help = String::from_utf8(output.stdout).unwrap();
    assert!(
        help.contains("Examples:") && help.contains("--no-background-removal"),
        "{help}"
    );
}

#[test]
fn an_object_at_every_border_is_modelled_with_a_remark() {
    let folder = Folder::new();
    folder.put(
        "full.png",
        &png(128, |x, y| {
            [200, 80, 80, if x.abs() + y.abs() < 1.6 { 255 } else { 0 }]
        }),
    );
    let output = folder.run(&["convert", "full.png", "-o", "full.glb"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(
        stderr(&output).contains("some room around it"),
        "{}",
        stderr(&output)
    );
    folder.put("opaque.png", &png(128, |_, _| [200, 80, 80, 255]));
    let output = folder.run(&[
        "convert",
        "opaque.png",
        "--no-background-removal",
        "-o",
        "opaque.glb",
    ]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(
        stderr(&output).contains("whole picture"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn other_sides_of_the_object_change_the_model() {
    let folder = Folder::new();
    // Shaded: without that it may as well be a coin, which looks like itself from two sides only.
    let ball = png(256, |x, y| {
        let height = (1.0 - (x * x + y * y) / 0.49).max(0.0).sqrt();
        let light = (0.35 + 0.55 * height - 0.25 * x - 0.25 * y).clamp(0.0, 1.0);
        let grey = (light * 230.0) as u8;
        [grey, grey / 2, grey / 3, if height > 0.0 { 255 } else { 0 }]
    });
    for name in ["front.png", "l.png", "b.png", "r.png"] {
        folder.put(name, &ball);
    }
    let base = ["convert", "front.png", "--json", "-o"];
    let one = folder.run(&[&base[..], &["one.glb"]].concat());
    let sides = [
        "four.glb", "--left", "l.png", "--back", "b.png", "--right", "r.png",
    ];
    let four = folder.run(&[&base[..], &sides].concat());
    for done in [&one, &four] {
        assert!(done.status.success(), "{}", stderr(done));
        let report: Value = serde_json::from_slice(&done.stdout).unwrap();
        assert_eq!(report["notices"], serde_json::json!([]));
    }
    let bytes = |name: &str| std::fs::read(folder.path(name)).unwrap();
    gltf::import_slice(bytes("four.glb")).unwrap();
    assert_ne!(bytes("one.glb"), bytes("four.glb"));
}
