use std::io::{Cursor, Read};

use super::*;

/// The pickle of the tiny model's checkpoint, as torch wrote it.
fn genuine() -> Vec<u8> {
    let file = include_bytes!("../../../triposr/tests/data/model.ckpt");
    let mut zip = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    let mut pickle = Vec::new();
    zip.by_name("model/data.pkl")
        .unwrap()
        .read_to_end(&mut pickle)
        .unwrap();
    pickle
}

fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = bytes
        .windows(from.len())
        .position(|window| window == from)
        .unwrap();
    [&bytes[..at], to, &bytes[at + from.len()..]].concat()
}

fn refusal(bytes: &[u8]) -> String {
    tensors(bytes).unwrap_err().to_string()
}

#[test]
fn what_torch_writes_is_read() {
    let (tensors, length) = tensors(&genuine()).unwrap();
    assert_eq!(length, genuine().len());
    assert_eq!(tensors.len(), 97);
    let (_, saved) = tensors
        .iter()
        .find(|(name, _)| name == "tokenizer.embeddings")
        .unwrap();
    assert_eq!(
        (saved.shape.as_slice(), saved.kept),
        (&[3, 64, 8, 8][..], Kept::F32)
    );
    assert_eq!(saved.strides, [4096, 64, 8, 1]);
}

#[test]
fn a_name_that_could_run_code_is_refused_by_name() {
    let evil = replaced(
        &genuine(),
        b"ctorch._utils\n_rebuild_tensor_v2\n",
        b"cposix\nsystem\n",
    );
    assert!(refusal(&evil).contains("posix.system"));
    let said = refusal(b"\x80\x04\x8c\x08builtins\x8c\x04eval\x93.");
    assert!(said.contains("builtins.eval"), "{said}");
}

#[test]
fn an_unknown_opcode_is_refused_by_number() {
    // INST, which calls a class.
    assert!(refusal(b"\x80\x02(ios\nsystem\n.").contains("0x69"));
}

#[test]
fn a_bomb_costs_no_more_than_its_length() {
    let deep = [&b"\x80\x02)"[..], &[0x85; 1 << 20], b"."].concat();
    assert!(refusal(&deep).contains("no dictionary"));
    assert!(refusal(&[b'('; 1 << 20]).contains("cut off"));
}

#[test]
fn every_cut_and_every_odd_byte_ends_in_an_answer() {
    let genuine = genuine();
    for length in (0..genuine.len() - 1).step_by(13) {
        assert!(tensors(&genuine[..length]).is_err(), "cut at {length}");
    }
    for at in 0..genuine.len() {
        let mut odd = genuine.clone();
        odd[at] ^= 0x2a;
        let _ = tensors(&odd);
    }
}
