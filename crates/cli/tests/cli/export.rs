//! `ai3dgen export`, and other formats out of `convert`.

use serde_json::Value;

use crate::folder::{Folder, ball, stderr};

/// A closed box of quads, 2 × 1 × 0.5 m.
const BOX: &str = "v 0 0 0\nv 2 0 0\nv 2 1 0\nv 0 1 0\nv 0 0 .5\nv 2 0 .5\nv 2 1 .5\nv 0 1 .5\n\
    f 4 3 2 1\nf 5 6 7 8\nf 1 2 6 5\nf 3 4 8 7\nf 2 3 7 6\nf 4 1 5 8\n";

fn with_box() -> Folder {
    let folder = Folder::new();
    folder.put("box.obj", BOX.as_bytes());
    folder
}

/// Exports and returns what the program said about it.
fn export(folder: &Folder, arguments: &[&str]) -> Value {
    let output = folder.run(&[&["export", "--json"], arguments].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_model_goes_through_every_format_and_keeps_its_shape() {
    let folder = with_box();
    let mut from = "box.obj".to_owned();
    for ending in ["glb", "gltf", "obj.zip", "usdz", "ply", "3mf", "stl"] {
        let to = format!("out/via.{ending}");
        let told = export(&folder, &[&from, "-o", &to]);
        assert_eq!(told["triangles"], 12, "{ending}");
        let size: Vec<f64> = serde_json::from_value(told["size_m"].clone()).unwrap();
        let away = size
            .iter()
            .zip([2.0, 1.0, 0.5])
            .map(|(is, was)| (is - was).abs());
        assert!(away.fold(0.0, f64::max) < 1e-5, "{ending}: {size:?}");
        // 3MF and STL know triangles only.
        assert_eq!(
            told["quads"],
            if ending == "stl" { 0 } else { 6 },
            "{ending}"
        );
        from = to;
    }
}

#[test]
fn what_belongs_to_a_file_lies_beside_it() {
    let folder = with_box();
    let told = export(&folder, &["box.obj", "-o", "out/b x.gltf"]);
    assert_eq!(told["companions"], serde_json::json!(["out/b_x.bin"]));
    let (document, ..) = gltf::import(folder.path("out/b x.gltf")).unwrap();
    assert_eq!(document.meshes().count(), 1);
}

#[test]
fn a_size_is_the_longest_side() {
    let folder = with_box();
    export(&folder, &["box.obj", "-o", "box.stl", "--size", "80mm"]);
    let stl = std::fs::read(folder.path("box.stl")).unwrap();
    let x = |bytes: &[u8]| f32::from_le_bytes(bytes.try_into().unwrap());
    let longest = (stl[84..].chunks(50))
        .flat_map(|triangle| [12, 24, 36].map(|at| x(&triangle[at..at + 4])))
        .fold(0.0, f32::max);
    assert!((longest - 80.0).abs() < 1e-4, "{longest}");
    let refused = folder.run(&["export", "box.obj", "-o", "x.stl", "--size", "80"]);
    assert!(stderr(&refused).contains("80mm, 8cm"));
}

#[test]
fn several_models_go_to_a_folder_and_a_bad_one_stops_only_itself() {
    let folder = with_box();
    folder.put("bad.obj", b"hello");
    folder.put("more.obj", BOX.as_bytes());
    let output = folder.run(&["export", "*.obj", "-o", "out/", "--format", "obj"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("error: bad.obj: can't read the model"));
    let mut names: Vec<String> = std::fs::read_dir(folder.path("out"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["box.obj.zip", "more.obj.zip"]);
}

#[test]
fn fewer_faces_keep_a_closed_shape() {
    let folder = with_box();
    let told = export(&folder, &["box.obj", "-o", "box.glb", "--faces", "12"]);
    assert_eq!(told["triangles"], 12);
    // A box has no triangle to spare; what is asked for is a wish.
    let told = export(&folder, &["box.obj", "-o", "box.glb", "--faces", "8"]);
    assert!(told["triangles"].as_u64().unwrap() <= 12);
}

#[test]
fn what_makes_no_sense_is_refused_before_any_work() {
    let folder = with_box();
    for (arguments, reason) in [
        (
            &["box.obj", "-o", "box.fbx"][..],
            "name the output something.glb",
        ),
        (
            &["box.obj", "-o", "box.stl", "--format", "ply"],
            "is no ply file",
        ),
        (&["box.obj", "-o", "box.obj"], "that is the model itself"),
        (&["none.obj", "-o", "x.glb"], "no such file"),
    ] {
        let output = folder.run(&[&["export"], arguments].concat());
        assert_eq!(output.status.code(), Some(1));
        assert!(stderr(&output).contains(reason), "{}", stderr(&output));
    }
    assert!(
        folder
            .run(&["export", "box.obj", "-o", "x.glb", "--dry-run"])
            .status
            .success()
    );
    assert_eq!(folder.names(), ["box.obj"]);
}

#[test]
fn convert_writes_any_format() {
    let folder = Folder::new();
    folder.put("ball.png", &ball());
    let quick = ["--engine", "inflate", "--faces", "2000", "--texture", "256"];
    for name in ["ball.3mf", "ball.obj"] {
        let output = folder.run(&[&["convert", "ball.png", "-o", name], &quick[..]].concat());
        assert!(output.status.success(), "{}", stderr(&output));
    }
    assert_eq!(
        folder.names(),
        [
            "ball.3mf",
            "ball.mtl",
            "ball.obj",
            "ball.png",
            "ball_base_colour.png"
        ]
    );
    let told = export(&folder, &["ball.3mf", "-o", "again.glb"]);
    assert!(told["triangles"].as_u64().unwrap() > 1000);
}
