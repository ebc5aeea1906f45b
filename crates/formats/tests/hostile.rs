//! Damaged and invented files: an error or a model, never a panic, never without end.

#[path = "hostile/entries.rs"]
mod entries;

mod common;

use common::{brick, coloured, open, options, pbr};
use entries::DOORS;
use formats::{Format, ReadError};
use proptest::prelude::*;

/// Small whole files of every format, also without compression around them.
fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for model in [brick(), coloured(), pbr()] {
        for format in Format::ALL {
            let written = formats::write(&model, format, &options()).unwrap();
            let companions = written.companions.iter();
            // The MTL by itself goes through the OBJ door.
            seeds.extend(
                companions
                    .filter(|c| c.name.ends_with("mtl"))
                    .map(|c| c.bytes.clone()),
            );
            seeds.push(written.bytes);
        }
    }
    seeds.push(inner(&seeds, b"<?xml", b"</model>"));
    seeds.push(inner(&seeds, b"#usda", b"}\n}\n"));
    seeds
}

/// The first text between two marks in any of the files that hold it uncompressed.
fn inner(files: &[Vec<u8>], from: &[u8], to: &[u8]) -> Vec<u8> {
    for file in files {
        let find = |mark: &[u8]| file.windows(mark.len()).position(|window| window == mark);
        if let (Some(begin), Some(end)) = (find(from), find(to))
            && begin < end
        {
            return file[begin..end + to.len()].to_vec();
        }
    }
    Vec::new()
}

const MODEL_3MF: &[u8] = br##"<model unit="inch" xmlns="c" xmlns:m="m"><resources>
<m:colorgroup id="1"><m:color color="#FF000080"/><m:color color="#00FF00"/></m:colorgroup>
<m:texture2d id="5" path="/x.png" contenttype="image/png"/>
<m:texture2dgroup id="6" texid="5"><m:tex2coord u="0" v="1"/></m:texture2dgroup>
<object id="2" pid="1" pindex="1"><mesh><vertices><vertex x="0" y="0" z="0"/>
<vertex x="1" y="0" z="0"/><vertex x="0" y="1" z="0"/></vertices><triangles>
<triangle v1="0" v2="1" v3="2" pid="1" p1="0" p2="1" p3="9"/>
<triangle v1="0" v2="2" v3="1" pid="6" p1="0"/></triangles></mesh></object>
<object id="3"><components><component objectid="2" transform="1 0 0 0 1 0 0 0 1 5 6 7"/>
<component objectid="2"/></components></object></resources>
<build><item objectid="3"/></build></model>"##;

/// A change to a file.
#[derive(Clone, Debug)]
enum Damage {
    Cut(prop::sample::Index),
    Byte(prop::sample::Index, u8),
    Number(prop::sample::Index, u32),
    Repeat(prop::sample::Index, u8),
    Delete(prop::sample::Index, u8),
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = any::<prop::sample::Index>;
    prop_oneof![
        1 => at().prop_map(Damage::Cut),
        6 => (at(), any::<u8>()).prop_map(|(at, byte)| Damage::Byte(at, byte)),
        3 => (at(), prop::sample::select(vec![0, 1, 0x7FFF_FFFF, u32::MAX, 0x7F80_0000]))
            .prop_map(|(at, number)| Damage::Number(at, number)),
        2 => (at(), any::<u8>()).prop_map(|(at, length)| Damage::Repeat(at, length)),
        2 => (at(), any::<u8>()).prop_map(|(at, length)| Damage::Delete(at, length)),
    ]
}

fn damaged(mut file: Vec<u8>, changes: &[Damage]) -> Vec<u8> {
    for change in changes {
        if file.is_empty() {
            break;
        }
        let span = |at: &prop::sample::Index, length: u8| {
            let at = at.index(file.len());
            at..(at + usize::from(length)).min(file.len())
        };
        match change {
            Damage::Cut(at) => file.truncate(at.index(file.len())),
            Damage::Byte(at, byte) => {
                let at = at.index(file.len());
                file[at] = *byte;
            }
            Damage::Number(at, number) => {
                let span = span(at, 4);
                let bytes = number.to_le_bytes();
                let length = span.len();
                file[span].copy_from_slice(&bytes[..length]);
            }
            Damage::Repeat(at, length) => {
                let span = span(at, *length);
                let again = file[span.clone()].to_vec();
                file.splice(span.end..span.end, again);
            }
            Damage::Delete(at, length) => {
                let span = span(at, *length);
                file.drain(span);
            }
        }
    }
    file
}

#[test]
fn no_change_to_a_file_brings_a_reader_down() {
    let mut seeds = seeds();
    seeds.push(MODEL_3MF.to_vec());
    let changes = prop::collection::vec(damage(), 1..6);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 20_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let seed = 0..seeds.len();
    runner
        .run(&(seed, changes), |(seed, changes)| {
            let file = damaged(seeds[seed].clone(), &changes);
            DOORS.iter().for_each(|(_, door)| door(&file));
            Ok(())
        })
        .unwrap();
}

#[test]
fn the_hand_made_package_is_a_model_when_it_is_whole() {
    // Or the changes above would be tried on something that never gets far.
    entries::three_mf(MODEL_3MF);
    let usda = seeds().pop().unwrap();
    assert_eq!(open(&usda).unwrap().model.triangles.len(), 12);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_bytes_bring_a_reader_down(data in prop::collection::vec(any::<u8>(), 0..400)) {
        DOORS.iter().for_each(|(_, door)| door(&data));
    }

    #[test]
    fn no_words_bring_a_reader_down(words in prop::collection::vec(prop::sample::select(WORDS), 0..60)) {
        let data = words.join(" ");
        DOORS.iter().for_each(|(_, door)| door(data.as_bytes()));
    }
}

/// What the text formats are made of.
const WORDS: &[&str] = &[
    "\nv",
    "\nvt",
    "\nvn",
    "\nf",
    "1",
    "-1",
    "0",
    "1/1/1",
    "1e39",
    "nan",
    "4294967296",
    "\nusemtl",
    "x",
    "facet",
    "vertex",
    "solid",
    "\nformat ascii 1.0\n",
    "\nelement vertex 3\n",
    "\nelement face 1\n",
    "\nproperty float x\n",
    "\nproperty float y\n",
    "\nproperty float z\n",
    "\nproperty list uchar int vertex_indices\n",
    "\nend_header\n",
    "def",
    "Mesh",
    "\"a\"",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "=",
    "point3f[] points",
    "int[] faceVertexCounts",
    "int[] faceVertexIndices",
    "<",
    ">",
    "@",
    ",",
    "<mesh>",
    "<vertex x=\"0\" y=\"1\" z=\"2\"/>",
    "<triangle v1=\"0\" v2=\"1\" v3=\"2\"/>",
    "<object id=\"1\">",
    "<item objectid=\"1\"/>",
    "<component objectid=\"1\"/>",
    "\"nodes\":[0]",
];

#[test]
fn a_bomb_is_refused_before_it_is_unpacked() {
    use std::io::{Cursor, Write};
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let deflated = zip::write::SimpleFileOptions::default();
    zip.start_file("a.obj", deflated).unwrap();
    let zeros = vec![b' '; 1 << 20];
    for _ in 0..100 {
        zip.write_all(&zeros).unwrap();
    }
    let bomb = zip.finish().unwrap().into_inner();
    assert!(bomb.len() < 1 << 20);
    assert_eq!(
        open(&bomb).err(),
        Some(ReadError::TooLarge("bytes in the archive"))
    );
}

#[test]
fn brackets_within_brackets_end() {
    let deep = "#usda 1.0\n".to_owned() + &"def \"a\" {".repeat(100_000);
    assert_eq!(
        open(deep.as_bytes()).err(),
        Some(ReadError::TooLarge("prims within prims"))
    );
    let deep = "#usda 1.0\ndef \"a\" { int x = ".to_owned() + &"[(".repeat(100_000);
    assert!(open(deep.as_bytes()).is_err());
    let deep = "{\"a\":".repeat(100_000);
    assert!(open(deep.as_bytes()).is_err());
}
