//! What is looked for: each thing that was planted, in every form in which it might lie about.

use sha2::{Digest, Sha256, Sha512};

/// A run of bytes that must be nowhere.
#[derive(Clone)]
pub struct Needle {
    /// What it is a trace of.
    pub what: &'static str,
    /// In which form.
    pub form: &'static str,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// Long enough that chance doesn't write it, short enough to survive in a fragment.
const PIECE_LEN: usize = 32;
/// Pieces taken of one file, from its beginning to its end.
const PIECES: usize = 48;
/// A piece with fewer different bytes might be anybody's.
const LEAST_VARIETY: usize = 16;

/// A text of letters and digits: as it is, in capitals, wide, and as bytes.
pub fn of_text(what: &'static str, text: &str) -> Vec<Needle> {
    let wide = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect();
    let mut needles = of_bytes(what, text.as_bytes());
    let upper = text.to_ascii_uppercase();
    for (form, bytes) in [
        ("in capitals", upper.into_bytes()),
        ("UTF-16, low byte first", wide(u16::to_le_bytes)),
        ("UTF-16, high byte first", wide(u16::to_be_bytes)),
    ] {
        needles.push(Needle { what, form, bytes });
    }
    needles
}

/// Bytes as they are, as hexadecimal digits and as base64 wherever in a longer text they begin.
pub fn of_bytes(what: &'static str, bytes: &[u8]) -> Vec<Needle> {
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut needles = vec![
        needle(what, "as it is", bytes),
        needle(what, "hexadecimal", digits.as_bytes()),
        needle(what, "hexadecimal", digits.to_ascii_uppercase().as_bytes()),
    ];
    for shift in 0..3 {
        let plain = base64_inside(bytes, shift);
        let for_urls = plain.replace('+', "-").replace('/', "_");
        needles.push(needle(what, "base64", plain.as_bytes()));
        if for_urls != plain {
            needles.push(needle(what, "base64 for URLs", for_urls.as_bytes()));
        }
    }
    needles
}

/// Pieces of a file from its beginning to its end, in every form that bytes have.
pub fn of_file(what: &'static str, file: &[u8]) -> Vec<Needle> {
    let step = (file.len() / PIECES).max(PIECE_LEN);
    let pieces = file.chunks(step).filter_map(|chunk| chunk.get(..PIECE_LEN));
    pieces
        .filter(|piece| variety(piece) >= LEAST_VARIETY)
        .flat_map(|piece| of_bytes(what, piece))
        .collect()
}

/// What tells whether somebody has the file: its digests, or the first half of one.
pub fn of_digests(what: &'static str, file: &[u8]) -> Vec<Needle> {
    let digests: [Vec<u8>; 2] = [Sha256::digest(file).to_vec(), Sha512::digest(file).to_vec()];
    digests
        .iter()
        .flat_map(|digest| of_bytes(what, &digest[..digest.len() / 2]))
        .collect()
}

/// How files begin that must lie nowhere in a data folder, whoever they are of.
pub fn of_anyone() -> Vec<Needle> {
    vec![
        needle("anyone's picture", "PNG", b"\x89PNG\r\n\x1a\n"),
        needle("anyone's model", "GLB", b"glTF\x02\0\0\0"),
    ]
}

fn needle(what: &'static str, form: &'static str, bytes: &[u8]) -> Needle {
    let bytes = bytes.to_vec();
    Needle { what, form, bytes }
}

fn variety(bytes: &[u8]) -> usize {
    let mut seen = [false; 256];
    bytes
        .iter()
        .for_each(|&byte| seen[usize::from(byte)] = true);
    seen.into_iter().filter(|&seen| seen).count()
}

/// The characters of base64 that depend on these bytes alone, where `shift` bytes of a group of
/// three come before them.
fn base64_inside(bytes: &[u8], shift: usize) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    let shifted = [&[0; 2][..shift], bytes].concat();
    for group in shifted.chunks_exact(3) {
        let bits = u32::from_be_bytes([0, group[0], group[1], group[2]]);
        for place in [18, 12, 6, 0] {
            text.push(char::from(ALPHABET[(bits >> place) as usize & 63]));
        }
    }
    // One byte before reaches into two characters, two bytes into three.
    text.split_off(if shift == 0 { 0 } else { shift + 1 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_recognised_wherever_it_begins() {
        // From `base64` of coreutils: "secret" after nothing, one and two bytes.
        assert_eq!(base64_inside(b"secret", 0), "c2VjcmV0");
        assert!("eHNlY3JldHl6eg==".contains(&base64_inside(b"secret", 1)));
        assert!("eHhzZWNyZXR5eg==".contains(&base64_inside(b"secret", 2)));
        assert!(base64_inside(b"secret", 2).len() >= 5);
    }

    #[test]
    fn a_digest_is_recognised_whole_and_cut_short() {
        // From `printf secret | sha256sum`.
        let digits = b"2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";
        let needles = of_digests("x", b"secret");
        let found = |text: &[u8]| {
            let within =
                |needle: &Needle| text.windows(needle.bytes.len()).any(|w| w == needle.bytes);
            needles.iter().any(within)
        };
        assert!(found(digits));
        assert!(found(&digits[..32]));
        assert!(!found(&digits[1..]));
    }

    #[test]
    fn pieces_are_of_the_whole_file_and_none_is_padding() {
        // Knuth's generator for MMIX: noise, and the same in every run.
        let mut state = 1_u64;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        };
        let noise: Vec<u8> = (0..100_000).map(|_| next()).collect();
        let raw = of_file("x", &noise);
        let raw: Vec<_> = raw
            .iter()
            .filter(|needle| needle.form == "as it is")
            .collect();
        assert!(raw.len() > 40, "{}", raw.len());
        let last = &raw.last().unwrap().bytes;
        let found = noise.windows(PIECE_LEN).position(|window| window == last);
        assert!(found.unwrap() > 95_000);
        assert!(of_file("x", &[0; 100_000]).is_empty());
    }
}
