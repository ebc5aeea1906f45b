//! One door per reader: any bytes may be handed to it, and it must come back. The fuzz targets and
//! `hostile.rs` use the same doors.

use std::io::{Cursor, Write};

use formats::{Limits, read};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Hands bytes to a reader.
pub type Door = fn(&[u8]);

/// All doors by name.
pub const DOORS: [(&str, Door); 7] = [
    ("any", any),
    ("glb", glb),
    ("gltf", gltf),
    ("obj", obj),
    ("ply", ply),
    ("3mf", three_mf),
    ("usda", usda),
];

/// Small enough that what passes them can't take long.
const LIMITS: Limits = Limits {
    max_bytes: 1 << 22,
    max_faces: 50_000,
    max_texels: 1 << 18,
};

/// The file as it is; whatever it refers to is that file again. What can be read can be written.
pub fn any(data: &[u8]) {
    let found = read(data, &|_| Some(data.to_vec()), &LIMITS);
    if let Ok(opened) = found {
        assert!(opened.model.triangles.len() <= LIMITS.max_faces);
        let options = formats::WriteOptions::default();
        if let Err(error) = formats::write(&opened.model, formats::Format::Stl, &options) {
            panic!("a model was read that can't be written: {error}");
        }
    }
}

/// JSON up to the first zero, then the binary chunk.
pub fn glb(data: &[u8]) {
    let split = data
        .iter()
        .position(|&byte| byte == 0)
        .unwrap_or(data.len());
    let (json, blob) = data.split_at(split);
    let mut file = b"glTF\x02\0\0\0\0\0\0\0".to_vec();
    for (kind, chunk) in [(b"JSON", json), (b"BIN\0", blob)] {
        file.extend((chunk.len() as u32).to_le_bytes());
        file.extend(kind);
        file.extend(chunk);
    }
    any(&file);
}

/// JSON that refers to itself as its buffers.
pub fn gltf(data: &[u8]) {
    any(&[b"{", data].concat());
}

/// Lines that are the model and its materials at once.
pub fn obj(data: &[u8]) {
    any(&[b"mtllib x\nv 0 0 0\nv 1 0 0\nv 0 1 0\n", data].concat());
}

/// A header and a body.
pub fn ply(data: &[u8]) {
    any(&[b"ply\n", data].concat());
}

/// The model part of a package.
pub fn three_mf(data: &[u8]) {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let written = zip
        .start_file("3D/3dmodel.model", stored)
        .and_then(|()| Ok(zip.write_all(data)?));
    if let (Ok(()), Ok(file)) = (written, zip.finish()) {
        any(&file.into_inner());
    }
}

/// A layer.
pub fn usda(data: &[u8]) {
    any(&[b"#usda 1.0\n", data].concat());
}
