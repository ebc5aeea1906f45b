//! `matte`, `edit` and `erase` as a person or a script uses them.

use std::process::{Output, Stdio};

use imaging::{Limits, Picture, decode, encode_png};

use crate::folder::{Folder, ball, png, stderr};

/// A photograph of sorts, without transparency: a dark disc on a light ramp.
fn photo(side: u32) -> Vec<u8> {
    png(side, |x, y| match x.hypot(y) < 0.5 {
        true => [60, 40, (90.0 + 60.0 * y) as u8, 255],
        false => [200, 190, (180.0 + 40.0 * x) as u8, 255],
    })
}

/// White where `marked(x, y)`, both from −1 to 1, else black.
fn mask(side: u32, marked: impl Fn(f32, f32) -> bool) -> Vec<u8> {
    png(side, |x, y| match marked(x, y) {
        true => [255; 4],
        false => [0, 0, 0, 255],
    })
}

fn open(folder: &Folder, name: &str) -> Picture {
    let bytes = std::fs::read(folder.path(name)).unwrap();
    decode(&bytes, &Limits::default()).unwrap()
}

fn pixel(picture: &Picture, x: u32, y: u32) -> [u8; 4] {
    let at = (y * picture.width + x) as usize * 4;
    [0, 1, 2, 3].map(|channel| picture.rgba[at + channel])
}

fn succeeds(folder: &Folder, arguments: &[&str]) -> Output {
    let output = folder.run(arguments);
    assert!(output.status.success(), "{}", stderr(&output));
    output
}

/// Fails with one line that holds every one of these words, and leaves nothing behind.
fn refused(folder: &Folder, arguments: &[&str], says: &[&str]) {
    let before = folder.names();
    let output = folder.run(arguments);
    let told = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert_eq!(told.trim_end().lines().count(), 1, "{told}");
    for word in says {
        assert!(told.contains(word), "{word:?} is missing in: {told}");
    }
    assert_eq!(folder.names(), before, "something was left behind");
}

#[test]
fn a_cut_out_keeps_its_own_outline_and_gets_a_background() {
    let folder = Folder::new();
    folder.put("ball.png", &ball());
    succeeds(&folder, &["matte", "ball.png"]);
    assert!(open(&folder, "ball-cutout.png").has_cutout());
    succeeds(
        &folder,
        &[
            "matte",
            "ball.png",
            "-o",
            "white.jpg",
            "--background",
            "#fff",
        ],
    );
    let white = open(&folder, "white.jpg");
    assert!(pixel(&white, 2, 2).iter().all(|&c| c > 250));
    folder.put("green.png", &png(32, |_, _| [0, 200, 0, 255]));
    succeeds(
        &folder,
        &[
            "matte",
            "ball.png",
            "-o",
            "on.webp",
            "--background",
            "green.png",
        ],
    );
    assert_eq!(pixel(&open(&folder, "on.webp"), 2, 2), [0, 200, 0, 255]);
}

#[test]
fn the_network_finds_the_object_and_its_mask_is_written_beside_it() {
    let folder = Folder::new();
    folder.put("photo.png", &photo(256));
    // The weights that the setup command fetches.
    let output = folder
        .program()
        .env("AI3DGEN_MODELS_DIR", weights::default_dir().unwrap())
        .args(["matte", "photo.png", "-o", "cut.png", "--model", "u2netp"])
        .args(["--mask-out", "mask.png", "--json"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let line: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&line["picture"], &line["mask"]),
        (&"cut.png".into(), &"mask.png".into())
    );
    let (cut, mask) = (open(&folder, "cut.png"), open(&folder, "mask.png"));
    assert_eq!((pixel(&cut, 5, 5), pixel(&cut, 128, 128)[3]), ([0; 4], 255));
    assert_eq!((pixel(&mask, 5, 5)[0], pixel(&mask, 128, 128)[0]), (0, 255));
}

#[test]
fn strokes_keep_and_erase_and_erasing_wins() {
    let folder = Folder::new();
    folder.put("ball.png", &ball());
    folder.put("corner.png", &mask(256, |x, y| x < -0.8 && y < -0.8));
    folder.put("middle.png", &mask(256, |x, y| x.hypot(y) < 0.2));
    let strokes = ["--keep", "corner.png", "--erase", "middle.png"];
    succeeds(&folder, &[&["matte", "ball.png"], &strokes[..]].concat());
    let cut = open(&folder, "ball-cutout.png");
    let alpha = |x, y| pixel(&cut, x, y)[3];
    assert_eq!(
        [
            alpha(5, 5),
            alpha(128, 128),
            alpha(128, 60),
            alpha(250, 250)
        ],
        [255, 0, 255, 0]
    );
    let both = [
        "--keep",
        "middle.png",
        "--erase",
        "middle.png",
        "-o",
        "both.png",
    ];
    succeeds(&folder, &[&["matte", "ball.png"], &both[..]].concat());
    assert_eq!(pixel(&open(&folder, "both.png"), 128, 128)[3], 0);
}

#[test]
fn several_pictures_go_into_a_folder_and_a_bad_one_stops_no_other() {
    let folder = Folder::new();
    folder.put("a.png", &ball());
    folder.put("b.png", b"Dear diary");
    folder.put("c.png", &ball());
    let output = folder.run(&["matte", "?.png", "-o", "out/", "--format", "webp"]);
    assert_eq!(output.status.code(), Some(1));
    let told = stderr(&output);
    assert!(
        told.contains("error: b.png: this is not a picture"),
        "{told}"
    );
    assert!(open(&folder, "out/a.webp").has_cutout() && folder.path("out/c.webp").exists());
    assert!(!folder.path("out/b.webp").exists());
}

#[test]
fn standard_input_and_output_carry_pictures() {
    let folder = Folder::new();
    let mut child = folder
        .program()
        .args(["edit", "-", "-o", "-", "--format", "webp", "--rotate", "90"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let picture = encode_png(&Picture::new(20, 30, [9, 99, 199, 255].repeat(600)));
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), &picture).unwrap();
    let output = child.wait_with_output().unwrap();
    let turned = decode(&output.stdout, &Limits::default()).unwrap();
    assert_eq!((turned.width, turned.height), (30, 20));
    assert!(folder.names().is_empty());
}

#[test]
fn edits_come_in_their_order_whatever_the_command_line_says() {
    let folder = Folder::new();
    folder.put("photo.png", &photo(120));
    // Cut from the turned picture, then lit.
    let edits = [
        "--exposure",
        "-1",
        "--crop",
        "0,0,60,100",
        "--rotate",
        "-90",
        "--sharpen",
        "10",
    ];
    succeeds(
        &folder,
        &[&["edit", "photo.png", "-o", "e.png"], &edits[..]].concat(),
    );
    let (before, edited) = (open(&folder, "photo.png"), open(&folder, "e.png"));
    assert_eq!((edited.width, edited.height), (60, 100));
    // Turned to the left, the top left corner is what was the top right one.
    let (was, is) = (pixel(&before, 119, 0), pixel(&edited, 0, 0));
    assert!(is[0] < was[0] && is[0] > was[0] / 2, "{was:?} {is:?}");
    let page = [
        "--perspective",
        "10,10,100,20,110,100,5,90",
        "--saturation",
        "-100",
    ];
    succeeds(
        &folder,
        &[&["edit", "photo.png", "-o", "p.jpg"], &page[..]].concat(),
    );
    let [r, g, b, _] = pixel(&open(&folder, "p.jpg"), 50, 40);
    assert!(r.abs_diff(g) < 3 && g.abs_diff(b) < 3);
}

#[test]
fn the_styles_are_listed_without_a_picture() {
    let output = succeeds(&Folder::new(), &["edit", "--style", "list"]);
    let names = String::from_utf8(output.stdout).unwrap();
    assert_eq!(names.lines().count(), 26);
    assert!(names.lines().any(|name| name == "stained-glass"), "{names}");
}

#[test]
fn what_is_marked_is_filled_from_around_and_the_same_every_time() {
    let folder = Folder::new();
    folder.put("photo.png", &photo(160));
    folder.put("mask.png", &mask(160, |x, y| x.hypot(y) < 0.6));
    let erase = ["erase", "photo.png", "--mask", "mask.png", "--seed", "3"];
    succeeds(&folder, &erase);
    succeeds(&folder, &[&erase, &["-o", "again.png"][..]].concat());
    let filled = open(&folder, "photo-filled.png");
    assert_eq!(filled, open(&folder, "again.png"));
    assert!(pixel(&filled, 80, 80)[0] > 180, "the disc is gone");
    assert_eq!(
        pixel(&filled, 3, 3),
        pixel(&open(&folder, "photo.png"), 3, 3)
    );
}

#[test]
fn missing_weights_name_the_command_that_installs_them() {
    let folder = Folder::new();
    folder.put("photo.png", &photo(64));
    for (arguments, name) in [
        (&["matte", "photo.png"][..], "u2netp"),
        (&["matte", "photo.png", "--model", "u2net"], "u2net"),
        (&["edit", "photo.png", "--background", "none"], "u2netp"),
        (&["edit", "photo.png", "--denoise", "10"], "ffdnet"),
        (&["edit", "photo.png", "--upscale", "2"], "waifu2x"),
        (&["edit", "photo.png", "--upscale", "4"], "realesrgan"),
        (&["edit", "photo.png", "--style", "mist"], "multistyle"),
    ] {
        let says = format!("run `ai3dgen models pull {name}` once");
        refused(&folder, arguments, &["photo.png: ", &says]);
    }
}

#[test]
fn masks_of_no_use_are_named_with_their_option() {
    let folder = Folder::new();
    folder.put("photo.png", &photo(64));
    folder.put("ball.png", &ball());
    folder.put("small.png", &mask(32, |x, _| x < 0.0));
    folder.put("none.png", &mask(64, |_, _| false));
    folder.put("all.png", &mask(64, |_, _| true));
    folder.put("most.png", &mask(64, |x, y| x.max(y) < 0.95));
    folder.put("words.png", b"Dear diary");
    folder.put("empty.png", b"");
    for (name, says) in [
        (
            "small.png",
            "the mask has 32×32 pixels and the picture 64×64",
        ),
        ("none.png", "the mask marks nothing"),
        ("all.png", "the mask marks the whole picture"),
        ("most.png", "mark less of the picture"),
        ("words.png", "not a picture"),
        ("empty.png", "the file is empty"),
        ("absent.png", "no such file"),
    ] {
        refused(&folder, &["erase", "photo.png", "--mask", name], &[says]);
    }
    let small = [
        "--keep small.png: ",
        "paint it on the picture at its own size",
    ];
    refused(
        &folder,
        &["matte", "ball.png", "--keep", "small.png"],
        &small,
    );
    refused(
        &folder,
        &["matte", "*.png", "-o", "out/", "--erase", "small.png"],
        &["--erase", "one, not several"],
    );
    refused(
        &folder,
        &["erase", "-", "--mask", "-"],
        &["--mask -", "only once"],
    );
}

#[test]
fn pictures_and_names_that_can_not_be_used() {
    let folder = Folder::new();
    folder.put("photo.png", &photo(64));
    folder.put("ball.png", &ball());
    folder.put("empty.png", b"");
    folder.put("words.png", b"Dear diary");
    refused(
        &folder,
        &["edit", "empty.png"],
        &["empty.png: the file is empty"],
    );
    refused(
        &folder,
        &["matte", "words.png"],
        &["words.png: this is not a picture"],
    );
    refused(
        &folder,
        &["edit", "photo.png", "-o", "p.tiff"],
        &["p.tiff", ".png, .webp or .jpg"],
    );
    refused(
        &folder,
        &["edit", "photo.png", "-o", "photo.png"],
        &["is the picture itself"],
    );
    refused(
        &folder,
        &["edit", "photo.png", "-o", "p.png", "--format", "jpg"],
        &["no jpg file"],
    );
    refused(
        &folder,
        &["edit", "ball.png", "-o", "b.jpg"],
        &["JPEG can't be transparent"],
    );
    refused(
        &folder,
        &["edit", "photo.png", "ball.png", "-o", "p.png"],
        &["-o FOLDER/"],
    );
    refused(
        &folder,
        &[
            "matte",
            "ball.png",
            "-o",
            "same.png",
            "--mask-out",
            "same.png",
        ],
        &["two of the files would both become same.png"],
    );
    let white = ["matte", "ball.png", "--background", "white"];
    refused(&folder, &white, &["--background white", "no such file"]);
    let clear = Picture::new(64, 64, vec![0; 64 * 64 * 4]);
    folder.put("clear.png", &encode_png(&clear));
    refused(&folder, &["matte", "clear.png"], &["no object stands out"]);
    let crop = ["edit", "photo.png", "--crop", "10,10,60,60"];
    refused(
        &folder,
        &crop,
        &["within the picture, which has 64×64 pixels"],
    );
    let corners = ["edit", "photo.png", "--perspective", "0,0,0,60,60,60,60,0"];
    refused(&folder, &corners, &["clockwise from its top left"]);
}

#[test]
fn values_out_of_range_are_usage_errors() {
    let folder = Folder::new();
    folder.put("photo.png", &photo(64));
    for (wrong, says) in [
        (["--exposure", "9"], "-5 to 5"),
        (["--contrast", "-101"], "-100 to 100"),
        (["--temperature", "warm"], "or auto"),
        (["--straighten", "50"], "-45 to 45"),
        (["--denoise", "nan"], "0 to 75"),
        (["--sharpen", "-1"], "0 to 100"),
        (["--rotate", "45"], "--straighten"),
        (["--upscale", "3"], "2 or 4"),
        (["--style", "oil"], "stained-glass"),
        (["--crop", "-1,2,3,4"], "0,0,640,480"),
        (["--denoise", "-3"], "0 to 75"),
        (["--background", "#12345"], "#2a6f97"),
        (["--format", "gif"], "png, webp, jpg"),
    ] {
        let output = folder.run(&[&["edit", "photo.png"], &wrong[..]].concat());
        let told = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(told.contains(wrong[0]) && told.contains(says), "{told}");
    }
    assert_eq!(folder.names(), ["photo.png"]);
}

#[test]
fn an_interrupt_leaves_nothing_and_exits_as_shells_expect() {
    let folder = Folder::new();
    folder.put("photo.png", &photo(1200));
    folder.put("mask.png", &mask(1200, |x, y| x.hypot(y) < 0.55));
    let child = folder
        .program()
        .args(["erase", "photo.png", "--mask", "mask.png"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The temporary file shows that the work has begun.
    let began = std::time::Instant::now();
    while !folder
        .names()
        .iter()
        .any(|name| name.starts_with(".ai3dgen-"))
    {
        assert!(began.elapsed().as_secs() < 20, "it never started");
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    let pid = child.id().to_string();
    let kill = std::process::Command::new("kill")
        .args(["-INT", &pid])
        .status();
    assert!(kill.unwrap().success());
    let output = child.wait_with_output().unwrap();
    let told = stderr(&output);
    assert_eq!(output.status.code(), Some(130), "{told}");
    assert!(told.contains("interrupted; nothing was written"), "{told}");
    assert_eq!(folder.names(), ["mask.png", "photo.png"]);
}
