//! Everything a person can get wrong: one line that says what to do, a non-zero exit code, and
//! nothing left behind.

use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::folder::{Folder, ball, png, stderr};

/// Converts one picture and checks that it fails with one line that holds every word of `says`.
fn refused(folder: &Folder, arguments: &[&str], says: &[&str]) -> Output {
    let before = folder.names();
    let output = folder.run(&[&["convert"], arguments].concat());
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    one_line(&output, says);
    assert_eq!(folder.names(), before, "something was left behind");
    output
}

fn one_line(output: &Output, says: &[&str]) {
    let told = stderr(output);
    assert_eq!(
        told.trim_end().lines().count(),
        1,
        "more than one line:\n{told}"
    );
    for word in says {
        assert!(told.contains(word), "{word:?} is missing in: {told}");
    }
}

#[test]
fn pictures_that_are_none() {
    let folder = Folder::new();
    let ball = ball();
    for (name, bytes, says) in [
        ("empty.png", &b""[..], &["empty"][..]),
        ("cut.png", &ball[..ball.len() / 2], &["cut.png"]),
        ("stub.png", &ball[..20], &["stub.png"]),
        (
            "words.png",
            b"Dear diary, today I renamed a text file.",
            &["not a picture"],
        ),
    ] {
        folder.put(name, bytes);
        refused(&folder, &[name], says);
    }
}

#[test]
fn pictures_that_are_too_small_or_too_large() {
    let folder = Folder::new();
    folder.put("dot.png", &png(1, |_, _| [9, 9, 9, 255]));
    refused(&folder, &["dot.png"], &["1", "16"]);

    // Headers that promise 30,000 × 30,000 pixels, with and without matching data: a bomb.
    for (name, rows) in [("huge.png", 0), ("bomb.png", 30_000)] {
        folder.put(name, &huge_png(rows));
        let began = Instant::now();
        refused(&folder, &[name], &["30000", "smaller"]);
        assert!(
            began.elapsed() < Duration::from_secs(5),
            "refused before decoding"
        );
    }
}

/// A one-bit black PNG of 30,000 × 30,000 whose pixels compress to almost nothing.
fn huge_png(rows: usize) -> Vec<u8> {
    let chunk = |kind: &[u8; 4], body: &[u8]| {
        let mut crc = flate2::Crc::new();
        crc.update(kind);
        crc.update(body);
        [
            &(body.len() as u32).to_be_bytes()[..],
            kind,
            body,
            &crc.sum().to_be_bytes(),
        ]
        .concat()
    };
    let side = 30_000_u32.to_be_bytes();
    let header = [&side[..], &side, &[1, 0, 0, 0, 0]].concat();
    let mut pixels = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..rows {
        std::io::Write::write_all(&mut pixels, &[0; 1 + 30_000 / 8]).unwrap();
    }
    let pixels = pixels.finish().unwrap();
    let signature = b"\x89PNG\r\n\x1a\n";
    [
        &signature[..],
        &chunk(b"IHDR", &header),
        &chunk(b"IDAT", &pixels),
        &chunk(b"IEND", b""),
    ]
    .concat()
}

#[test]
fn an_animation_gives_a_model_of_its_first_frame() {
    let folder = Folder::new();
    let mut gif = Vec::new();
    {
        let mut encoder = image::codecs::gif::GifEncoder::new(&mut gif);
        let still = image::load_from_memory(&ball()).unwrap().into_rgba8();
        let black = image::RgbaImage::from_pixel(256, 256, image::Rgba([0, 0, 0, 255]));
        for frame in [still, black.clone(), black] {
            encoder.encode_frame(image::Frame::new(frame)).unwrap();
        }
    }
    folder.put("spin.gif", &gif);
    let output = folder.run(&["convert", "spin.gif"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(folder.names(), ["spin.gif", "spin.glb"]);
}

#[test]
fn no_foreground() {
    let folder = Folder::new();
    folder.put("nothing.png", &png(64, |_, _| [200, 200, 200, 0]));
    refused(
        &folder,
        &["nothing.png"],
        &["transparent everywhere", "opaque"],
    );
}

#[test]
fn missing_weights_name_the_command_that_installs_them() {
    let folder = Folder::new();
    folder.put(
        "photo.png",
        &png(64, |x, _| [(x * 100.0) as u8, 90, 90, 255]),
    );
    refused(&folder, &["photo.png"], &["ai3dgen models pull u2netp"]);
}

#[test]
fn files_that_are_not_there_or_in_the_way() {
    let folder = Folder::new();
    folder.put("ball.png", &ball());
    refused(&folder, &["absent.jpg"], &["absent.jpg", "no such file"]);
    refused(&folder, &["no*.jpg"], &["no file matches"]);
    refused(&folder, &["."], &["folder"]);
    refused(
        &folder,
        &["ball.png", "-o", "ball.png/model.glb"],
        &["ball.png/model.glb", "file"],
    );
    refused(
        &folder,
        &["ball.png", "-o", "model.xyz"],
        &["model.xyz", ".glb"],
    );
    refused(
        &folder,
        &["ball.png", "ball.png", "-o", "one.glb"],
        &["folder"],
    );
    refused(&folder, &["ball.png", "ball.png"], &["ball.glb"]);
    refused(&folder, &["-", "-", "-o", "x/"], &["only once"]);
    // Not even root may create files here.
    refused(
        &folder,
        &["ball.png", "-o", "/proc/ai3dgen/model.glb"],
        &["/proc/ai3dgen/model.glb"],
    );
}

#[test]
fn options_out_of_range_are_usage_errors() {
    let folder = Folder::new();
    folder.put("ball.png", &ball());
    for wrong in [
        ["--faces", "3"],
        ["--texture", "9000"],
        ["--tier", "best"],
        ["--engine", "magic"],
    ] {
        let output = folder.run(&[&["convert", "ball.png"], &wrong[..]].concat());
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains(wrong[0]), "{}", stderr(&output));
    }
    assert_eq!(folder.names(), ["ball.png"]);
}

#[test]
fn turntables_that_are_no_film() {
    let folder = Folder::new();
    folder.put("ball.png", &ball());
    folder.put("cube.png", &ball());
    for name in ["turn.mov", "turn", "turn.png"] {
        let says = ["--turntable", name, ".webp, .gif or .mp4"];
        refused(&folder, &["ball.png", "--turntable", name], &says);
    }
    let several = ["ball.png", "cube.png", "--turntable", "turn.gif"];
    refused(&folder, &several, &["turn.gif", "folder"]);
}

#[test]
fn a_full_disk_leaves_nothing_half_written() {
    let folder = Folder::new();
    folder.put("ball.png", &ball());
    // The closest a test gets to a full disk without being root: no file may grow beyond 64 KiB.
    let script = "trap '' XFSZ; ulimit -f 128; exec \"$0\" \"$@\"";
    let program = folder.program();
    let output = Command::new("sh")
        .args(["-c", script])
        .arg(program.get_program())
        .args([
            "convert",
            "ball.png",
            "-o",
            "ball.glb",
            "--preview",
            "ball-preview.png",
        ])
        .current_dir(folder.dir())
        .env("AI3DGEN_MODELS_DIR", folder.path("no-weights"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    one_line(&output, &["can't write"]);
    assert_eq!(folder.names(), ["ball.png"]);
}

#[test]
fn an_existing_model_survives_a_failure() {
    let folder = Folder::new();
    folder.put("model.glb", b"precious");
    folder.put("words.png", b"not a picture");
    refused(&folder, &["words.png", "-o", "model.glb"], &["words.png"]);
    assert_eq!(
        std::fs::read(folder.path("model.glb")).unwrap(),
        b"precious"
    );
}

#[test]
fn an_interrupt_leaves_nothing_and_exits_as_shells_expect() {
    let folder = Folder::new();
    folder.put("ball.png", &ball());
    let child = folder
        .program()
        .args(["convert", "ball.png", "--tier", "ultra", "-o", "ball.glb"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The temporary file shows that the work has begun.
    let began = Instant::now();
    while !folder
        .names()
        .iter()
        .any(|name| name.starts_with(".ai3dgen-"))
    {
        assert!(
            began.elapsed() < Duration::from_secs(20),
            "it never started"
        );
        std::thread::sleep(Duration::from_millis(2));
    }
    let kill = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(kill.success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", stderr(&output));
    one_line(&output, &["interrupted"]);
    assert_eq!(folder.names(), ["ball.png"]);
}

#[test]
fn a_second_server_on_the_same_port_says_so() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let folder = Folder::new();
    let address = taken.local_addr().unwrap().to_string();
    let output = folder.run(&["serve", "--listen", &address, "--data-dir", "data"]);
    assert_eq!(output.status.code(), Some(1));
    let port = taken.local_addr().unwrap().port().to_string();
    one_line(&output, &[&port, "taken", "--listen"]);
    assert!(
        folder.names().is_empty(),
        "no data folder for a server that never ran"
    );
}

#[test]
fn a_side_that_can_not_be_used_is_named() {
    let folder = Folder::new();
    folder.put("a.png", &ball());
    folder.put("b.png", &ball());
    folder.put("words.png", b"Dear diary, today I renamed a text file.");
    folder.put("clear.png", &png(64, |_, _| [9, 9, 9, 0]));
    refused(
        &folder,
        &["a.png", "b.png", "--left", "a.png"],
        &["--left", "one front"],
    );
    refused(
        &folder,
        &["?.png", "--back", "a.png"],
        &["--back", "one front"],
    );
    refused(
        &folder,
        &["a.png", "--left", "none.png"],
        &["--left none.png", "no such file"],
    );
    refused(
        &folder,
        &["a.png", "--right", "words.png"],
        &["--right words.png", "not a picture"],
    );
    refused(
        &folder,
        &["a.png", "--back", "clear.png"],
        &["back picture", "no object"],
    );
    refused(&folder, &["-", "--back", "-"], &["--back -", "only once"]);
}
