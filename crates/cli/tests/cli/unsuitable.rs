//! Pictures that are not what was hoped for: a model with a remark, or one line that says what to
//! do.

use crate::folder::{Folder, png, stderr};
use image::{DynamicImage, ExtendedColorType, GrayAlphaImage, LumaA};

/// Converts a picture into a model that another reader accepts; answers what was said.
fn modelled(folder: &Folder, name: &str, bytes: &[u8], more: &[&str]) -> String {
    folder.put(name, bytes);
    let quick = ["--faces", "1500", "--texture", "128", "-o", "model.glb"];
    let output = folder.run(&[&["convert", name], &quick[..], more].concat());
    let told = stderr(&output);
    assert_eq!(output.status.code(), Some(0), "{name}: {told}");
    let (document, buffers, _) = gltf::import(folder.path("model.glb")).unwrap();
    let primitive = document
        .meshes()
        .next()
        .unwrap()
        .primitives()
        .next()
        .unwrap();
    let reader = primitive.reader(|buffer| Some(&buffers[buffer.index()]));
    let positions: Vec<[f32; 3]> = reader.read_positions().unwrap().collect();
    assert!(positions.len() > 50, "{name}: {}", positions.len());
    assert!(
        positions.iter().flatten().all(|value| value.is_finite()),
        "{name}"
    );
    told
}

fn notes(told: &str) -> Vec<&str> {
    told.lines()
        .filter_map(|line| line.trim().strip_prefix("note "))
        .map(str::trim)
        .collect()
}

/// Encodes pixels of any kind as PNG.
fn encoded(width: u32, height: u32, bytes: &[u8], kind: ExtendedColorType) -> Vec<u8> {
    let mut file = Vec::new();
    let encoder = image::codecs::png::PngEncoder::new(&mut file);
    image::ImageEncoder::write_image(encoder, bytes, width, height, kind).unwrap();
    file
}

/// A PNG with two palette colours: 0 is transparent, 1 a brown.
fn palette_png(width: u32, height: u32, inside: impl Fn(u32, u32) -> bool) -> Vec<u8> {
    let chunk = |kind: &[u8; 4], body: &[u8]| {
        let mut crc = flate2::Crc::new();
        crc.update(kind);
        crc.update(body);
        let length = (body.len() as u32).to_be_bytes();
        [&length[..], kind, body, &crc.sum().to_be_bytes()].concat()
    };
    let mut rows = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    for y in 0..height {
        let row: Vec<u8> = (0..width).map(|x| u8::from(inside(x, y))).collect();
        std::io::Write::write_all(&mut rows, &[&[0], &row[..]].concat()).unwrap();
    }
    let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
    [
        &b"\x89PNG\r\n\x1a\n"[..],
        &chunk(b"IHDR", &[&size[..], &[8, 3, 0, 0, 0]].concat()),
        &chunk(b"PLTE", &[255, 255, 255, 150, 100, 50]),
        &chunk(b"tRNS", &[0]),
        &chunk(b"IDAT", &rows.finish().unwrap()),
        &chunk(b"IEND", b""),
    ]
    .concat()
}

#[test]
fn a_remark_says_what_is_the_matter_and_what_helps() {
    let folder = Folder::new();
    let solid = |inside: bool| [150, 90, 40, if inside { 255 } else { 0 }];
    let two = |x: f32, y: f32| solid((x + 0.5).hypot(y) < 0.4 || (x - 0.8).hypot(y - 0.7) < 0.15);
    for (name, picture, says) in [
        (
            "two.png",
            png(200, two),
            "2 separate objects were found and only the main one was modelled; crop the picture to the one you want",
        ),
        (
            "dot.png",
            png(64, |x, y| solid(x.abs().max(y.abs()) < 0.02)),
            "the object is only 2 pixels large; use a picture in which it has 256 or more",
        ),
        (
            "glass.png",
            png(200, |x, y| {
                [90, 120, 150, if x.hypot(y) < 0.7 { 100 } else { 0 }]
            }),
            "most of the object is see-through and was modelled as solid; an opaque cut-out shows its shape better",
        ),
        (
            "cut.png",
            png(200, |x, y| solid((x + 0.8).hypot(y) < 0.6)),
            "the object is cut off at the picture's border; leave some room around it for a complete model",
        ),
        (
            "row.png",
            palette_png(4000, 20, |_, y| y == 9),
            "the object is cut off at the picture's border; leave some room around it for a complete model",
        ),
    ] {
        let told = modelled(&folder, name, &picture, &[]);
        assert_eq!(notes(&told)[0], says, "{name}");
    }
}

#[test]
fn programs_get_remarks_with_name_and_text() {
    let folder = Folder::new();
    folder.put("dot.png", &palette_png(64, 64, |x, y| (x, y) == (20, 30)));
    let output = folder.run(&["convert", "dot.png", "--json", "--faces", "500"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["notices"][0]["name"], "small");
    let text = report["notices"][0]["text"].as_str().unwrap();
    assert!(
        text.starts_with("the object is only 1 pixel large"),
        "{text}"
    );
}

#[test]
fn every_kind_of_cut_out_is_taken() {
    let folder = Folder::new();
    let inside = |x: u32, y: u32| x.abs_diff(100) + y.abs_diff(80) < 70;
    let grey = GrayAlphaImage::from_fn(200, 160, |x, y| {
        LumaA([x as u8, u8::from(inside(x, y)) * 255])
    });
    let deep = DynamicImage::from(grey.clone()).into_rgba16();
    let deep: Vec<u8> = deep.iter().flat_map(|value| value.to_ne_bytes()).collect();
    for (name, picture) in [
        ("grey.png", encoded(200, 160, &grey, ExtendedColorType::La8)),
        (
            "deep.png",
            encoded(200, 160, &deep, ExtendedColorType::Rgba16),
        ),
        ("palette.png", palette_png(200, 160, inside)),
    ] {
        let told = modelled(&folder, name, &picture, &[]);
        assert_eq!(notes(&told), [""; 0], "{name}");
    }
    for (name, width, height) in [("wide.png", 4000, 20), ("tall.png", 20, 4000)] {
        let bar = palette_png(width, height, |x, y| {
            (4..16).contains(&x.min(y)) && x.max(y).abs_diff(2000) < 1900
        });
        modelled(&folder, name, &bar, &[]);
    }
}

#[test]
fn opaque_pictures_without_colour_or_of_extreme_shape_are_taken_whole_if_asked() {
    let folder = Folder::new();
    for (name, width, height) in [
        ("grey.png", 64, 64),
        ("wide.png", 4000, 20),
        ("tall.png", 20, 4000),
    ] {
        let grey = vec![128; (width * height) as usize];
        let picture = encoded(width, height, &grey, ExtendedColorType::L8);
        let told = modelled(&folder, name, &picture, &["--no-background-removal"]);
        assert!(
            notes(&told)[0].contains("background removal is off"),
            "{name}: {told}"
        );
    }
}

/// With the real weights of background removal, from the cache that the setup command fills.
#[test]
fn pictures_without_an_object_are_taken_whole_and_it_is_said() {
    let folder = Folder::new();
    let cache = weights::Cache::open(weights::default_dir().unwrap());
    cache
        .verify("u2netp")
        .unwrap_or_else(|error| panic!("{error}"));
    std::fs::create_dir(folder.path("no-weights")).unwrap();
    std::fs::copy(
        cache.dir().join("u2netp.onnx"),
        folder.path("no-weights/u2netp.onnx"),
    )
    .unwrap();
    for (name, width, height) in [("wall.png", 200, 150), ("strip.png", 4000, 20)] {
        let grey = vec![128; width * height];
        let picture = encoded(width as u32, height as u32, &grey, ExtendedColorType::L8);
        let told = modelled(&folder, name, &picture, &[]);
        assert!(
            notes(&told)[0].starts_with("nothing stands out from the background"),
            "{told}"
        );
    }
}

/// Exit code 1 and one line with every one of `words`.
fn refused(folder: &Folder, arguments: &[&str], words: &[&str]) {
    let output = folder.run(arguments);
    let told = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert_eq!(told.trim_end().lines().count(), 1, "{told}");
    for word in words {
        assert!(told.contains(word), "{word:?} is missing in: {told}");
    }
}

#[test]
fn what_shows_nothing_is_refused() {
    let folder = Folder::new();
    for (name, width, height) in [("line.png", 1, 900), ("row.png", 900, 1), ("dot.png", 1, 1)] {
        folder.put(name, &palette_png(width, height, |_, _| true));
        refused(&folder, &["convert", name], &["send one of at least 16×16"]);
    }
    for (name, side) in [("clear.png", 64), ("huge.png", 7000)] {
        folder.put(name, &palette_png(side, side, |_, _| false));
        refused(
            &folder,
            &["convert", name],
            &["transparent everywhere", "opaque"],
        );
    }
}

#[test]
fn altered_weights_are_found_and_never_used() {
    let folder = Folder::new();
    folder.put(
        "photo.png",
        &png(64, |x, _| [(x * 100.0) as u8, 90, 90, 255]),
    );
    std::fs::create_dir(folder.path("no-weights")).unwrap();
    // As long as the real ones, and cut short.
    for length in [4_574_861, 1_000] {
        folder.put("no-weights/u2netp.onnx", &vec![7; length]);
        let words = ["u2netp", "SHA-256", "`ai3dgen models pull u2netp`"];
        refused(&folder, &["models", "verify"], &words);
        refused(&folder, &["convert", "photo.png"], &words);
        assert!(!folder.path("photo.glb").exists());
    }
}
