//! `ai3dgen check`, `ai3dgen repair` and `convert --print`.

use serde_json::Value;

use crate::folder::{Folder, ball, stderr};

/// A box of 40 × 20 × 20 mm; its right side is missing.
const OPEN_BOX: &str = "v 0 0 0\nv .04 0 0\nv .04 .02 0\nv 0 .02 0\nv 0 0 .02\nv .04 0 .02\nv .04 .02 .02\nv 0 .02 .02\n\
    f 4 3 2 1\nf 5 6 7 8\nf 1 2 6 5\nf 3 4 8 7\nf 4 1 5 8\n";

fn json(folder: &Folder, arguments: &[&str]) -> (bool, Value) {
    let output = folder.run(&[arguments, &["--json"]].concat());
    let told = serde_json::from_slice(&output.stdout);
    let told = told.unwrap_or_else(|_| panic!("{}", stderr(&output)));
    (output.status.success(), told)
}

#[test]
fn a_hole_is_found_drawn_and_closed() {
    let folder = Folder::new();
    folder.put("open.obj", OPEN_BOX.as_bytes());
    let (printable, told) = json(&folder, &["check", "open.obj", "--picture", "where.png"]);
    assert!(!printable, "a box with a side missing can't be printed");
    assert_eq!(told["report"]["watertight"], false);
    assert_eq!(told["report"]["holes"].as_array().unwrap().len(), 1);
    let picture = image::open(folder.path("where.png")).unwrap();
    assert!(picture.width() > 400);

    let (done, told) = json(&folder, &["repair", "open.obj", "-o", "closed.stl"]);
    assert!(done);
    assert_eq!(told["done"]["filled_holes"], 1);
    let (printable, told) = json(&folder, &["check", "closed.stl"]);
    assert!(printable, "{told}");
    let volume = told["report"]["volume"].as_f64().unwrap();
    assert!((volume / 16e-6 - 1.0).abs() < 1e-3, "{volume} m³");
}

#[test]
fn a_person_reads_sentences_and_millimetres() {
    let folder = Folder::new();
    folder.put("open.obj", OPEN_BOX.as_bytes());
    let output = folder.run(&["check", "open.obj", "--size", "80mm"]);
    let text = stderr(&output);
    assert_eq!(output.status.code(), Some(1));
    assert!(text.contains("printable    no"), "{text}");
    assert!(text.contains("80.0 x 40.0 x 40.0 mm"), "{text}");
    assert!(text.contains("repair closes"), "says what to do: {text}");
}

#[test]
fn nothing_is_written_for_what_is_no_model() {
    let folder = Folder::new();
    folder.put("text.stl", b"this is no model");
    for arguments in [
        &["check", "text.stl"][..],
        &["repair", "text.stl", "-o", "fixed.stl"],
        &["check", "missing.stl"],
        &["repair", "text.stl", "-o", "fixed.docx"],
    ] {
        let output = folder.run(arguments);
        let text = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert_eq!(text.lines().count(), 1, "{text}");
        assert!(text.starts_with("error: "), "{text}");
    }
    assert_eq!(folder.names(), ["text.stl"]);
}

#[test]
fn what_is_to_be_printed_has_a_base_and_a_size() {
    let folder = Folder::new();
    folder.put("ball.png", &ball());
    let quick = ["--engine", "inflate", "--faces", "2000", "--texture", "256"];
    let (done, told) = json(
        &folder,
        &[
            &["convert", "ball.png", "-o", "ball.3mf", "--print"],
            &quick[..],
        ]
        .concat(),
    );
    assert!(done);
    let report = &told["print"];
    assert_eq!(report["printable"], true, "{report}");
    assert!(report["base_area"].as_f64().unwrap() > 1e-5, "{report}");
    let longest = (report["size"].as_array().unwrap().iter())
        .map(|side| side.as_f64().unwrap())
        .fold(0.0, f64::max);
    assert!((longest - 0.1).abs() < 1e-4, "100 mm: {longest}");
}

#[test]
fn quads_come_out_as_quads() {
    let folder = Folder::new();
    folder.put("ball.png", &ball());
    let quick = ["--engine", "inflate", "--faces", "1500", "--texture", "256"];
    let (done, told) = json(
        &folder,
        &[
            &[
                "convert",
                "ball.png",
                "-o",
                "ball.obj",
                "--topology",
                "quad",
            ],
            &quick[..],
        ]
        .concat(),
    );
    assert!(done);
    assert_eq!(told["notices"], serde_json::json!([]));
    let text = std::fs::read_to_string(folder.path("ball.obj")).unwrap();
    let faces: Vec<usize> = (text.lines())
        .filter(|line| line.starts_with("f "))
        .map(|line| line.split(' ').count() - 1)
        .collect();
    assert!(faces.iter().all(|&corners| corners == 4), "only quads");
    assert!((1000..2500).contains(&faces.len()), "{}", faces.len());
    assert_eq!(told["quads"], faces.len());
}
