//! `models check`: a network against its reference.

use std::path::{Path, PathBuf};

use crate::folder::{Folder, stderr};

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
