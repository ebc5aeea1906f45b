//! Zip files: 3MF, USDZ, or any other format zipped with what belongs to it.

use std::cell::RefCell;

use super::scene::Scene;
use super::{Content, ReadError, Source, inside, plain, sniff, three_mf, usd};
use crate::Format;
use crate::archive::Archive;

/// Reads what the archive is about.
pub(super) fn read(bytes: &[u8], source: &mut Source) -> Result<(Format, Scene), ReadError> {
    let archive = Archive::open(bytes, source.left)?;
    let names = archive.names();
    let ending = |name: &str, ending: &str| name.to_ascii_lowercase().ends_with(ending);
    if names.iter().any(|name| ending(name, ".model")) {
        return Ok((Format::ThreeMf, three_mf::read(archive, source)?));
    }
    // USDZ names its first file as the one to open; other archives don't say.
    let endings = [
        ".usda", ".usdc", ".usd", ".glb", ".gltf", ".obj", ".ply", ".stl",
    ];
    let main = (endings.iter()).find_map(|end| names.iter().find(|name| ending(name, end)));
    let main = main.ok_or(ReadError::Unsupported(
        "there is no model in this zip file; give one with a GLB, glTF, OBJ, STL or PLY in it",
    ))?;
    inner(archive, main, source)
}

/// Reads one file of the archive, with the others as its companions.
fn inner(
    mut archive: Archive,
    main: &str,
    source: &mut Source,
) -> Result<(Format, Scene), ReadError> {
    let bytes = archive
        .file(main)?
        .ok_or(ReadError::Malformed("the zip archive"))?;
    let folder = main
        .rsplit_once('/')
        .map_or("", |(folder, _)| folder)
        .to_owned();
    let archive = RefCell::new((archive, None));
    let find = |name: &str| -> Option<Vec<u8>> {
        let path = inside(&format!("{folder}/{name}")).or_else(|| inside(name))?;
        let (archive, trouble) = &mut *archive.borrow_mut();
        archive.file(&path).unwrap_or_else(|error| {
            *trouble = Some(error);
            None
        })
    };
    let mut packed = Source {
        companions: &find,
        limits: source.limits,
        left: source.left,
        texels_left: source.texels_left,
        notes: Vec::new(),
    };
    let found = match sniff(&bytes) {
        Some(Content::Plain(format)) => {
            plain(&bytes, format, &mut packed).map(|scene| (format, scene))
        }
        Some(Content::Usdc) => Err(usd::BINARY),
        // No archives within archives.
        Some(Content::Package) | None => Err(ReadError::Unknown),
    };
    let notes = packed.notes;
    notes.into_iter().for_each(|note| source.note(note));
    match archive.into_inner().1 {
        Some(trouble) => Err(trouble),
        None => found,
    }
}
