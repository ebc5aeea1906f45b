//! Searching bytes for needles, and what is packed inside those bytes as well.

use std::collections::BTreeSet;
use std::io::{self, Read};

use aho_corasick::AhoCorasick;
use flate2::{Decompress, FlushDecompress};
use imaging::Limits;

use super::needles::Needle;

/// Bytes looked at together.
const BLOCK_LEN: usize = 32 << 20;
/// What lies across two blocks is whole in one of them if it is no longer than this.
const OVERLAP_LEN: usize = 4 << 20;
/// As much of one packed stream is unpacked.
const UNPACKED_LEN: usize = 4 << 20;

const PNG_SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Needles, made ready.
pub struct Searcher {
    needles: Vec<Needle>,
    automaton: AhoCorasick,
}

/// What was found.
#[derive(Default)]
pub struct Found {
    /// Bytes looked at, without what was unpacked from them.
    pub bytes: u64,
    /// Which needles, by number; with whether each was packed.
    hits: BTreeSet<(usize, bool)>,
}

impl Searcher {
    /// Makes needles ready.
    ///
    /// # Errors
    /// More needles than one search can take.
    pub fn new(needles: Vec<Needle>) -> anyhow::Result<Self> {
        let automaton = AhoCorasick::new(needles.iter().map(|needle| &needle.bytes))?;
        Ok(Self { needles, automaton })
    }

    /// Looks through all that `from` gives.
    ///
    /// # Errors
    /// Whatever reading meets.
    pub fn search(&self, mut from: impl Read) -> io::Result<Found> {
        let mut found = Found::default();
        let mut block = Vec::new();
        loop {
            let kept = block.len();
            let room = (BLOCK_LEN - kept) as u64;
            let read = from.by_ref().take(room).read_to_end(&mut block)?;
            found.bytes += read as u64;
            if read > 0 {
                found.hits.extend(self.look(&block).hits);
            }
            if block.len() < BLOCK_LEN {
                return Ok(found);
            }
            block.drain(..BLOCK_LEN - OVERLAP_LEN);
        }
    }

    /// Looks through bytes in memory.
    pub fn look(&self, bytes: &[u8]) -> Found {
        let mut found = Found {
            bytes: bytes.len() as u64,
            ..Found::default()
        };
        self.look_at(bytes, false, &mut found);
        look_inside(bytes, |unpacked| self.look_at(unpacked, true, &mut found));
        found
    }

    /// What was found, in words.
    pub fn describe(&self, found: &Found) -> Vec<String> {
        let hits = found.hits.iter().map(|&(place, packed)| {
            let Needle { what, form, .. } = &self.needles[place];
            let packed = if packed { ", packed" } else { "" };
            format!("{what} ({form}{packed})")
        });
        hits.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// How many needles there are.
    pub fn len(&self) -> usize {
        self.needles.len()
    }

    fn look_at(&self, bytes: &[u8], packed: bool, found: &mut Found) {
        let hits = self.automaton.find_overlapping_iter(bytes);
        found
            .hits
            .extend(hits.map(|hit| (hit.pattern().as_usize(), packed)));
    }
}

impl Found {
    /// Whether any needle was found.
    pub fn any(&self) -> bool {
        !self.hits.is_empty()
    }
}

/// Shows what is packed: pictures as pixels with and without their fourth channel, zlib and gzip
/// streams as what they hold.
fn look_inside(bytes: &[u8], mut show: impl FnMut(&[u8])) {
    for start in memchr::memmem::find_iter(bytes, PNG_SIGNATURE) {
        if let Ok(picture) = imaging::decode(&bytes[start..], &Limits::default()) {
            let rgb = picture
                .rgba
                .chunks_exact(4)
                .flat_map(|p| [p[0], p[1], p[2]]);
            show(&rgb.collect::<Vec<u8>>());
            show(&picture.rgba);
        }
    }
    for start in memchr::memchr2_iter(0x78, 0x1f, bytes) {
        let packed = &bytes[start..];
        let unpacked = match packed {
            [0x78, second, ..] if (0x7800 + u16::from(*second)).is_multiple_of(31) => {
                inflate(Decompress::new(true), packed)
            }
            // A head of ten bytes, and no name or other extra.
            [0x1f, 0x8b, 8, 0, ..] if packed.len() > 10 => {
                inflate(Decompress::new(false), &packed[10..])
            }
            _ => continue,
        };
        if !unpacked.is_empty() {
            show(&unpacked);
        }
    }
}

/// As much as comes out before it ends or turns out to be no stream.
fn inflate(mut stream: Decompress, packed: &[u8]) -> Vec<u8> {
    let mut unpacked = Vec::with_capacity(16 << 10);
    loop {
        let (before_in, before_out) = (stream.total_in(), stream.total_out());
        let rest = &packed[usize::try_from(before_in).unwrap_or(packed.len())..];
        let status = stream.decompress_vec(rest, &mut unpacked, FlushDecompress::None);
        let moved = stream.total_in() > before_in || stream.total_out() > before_out;
        match status {
            Ok(flate2::Status::StreamEnd) | Err(_) => return unpacked,
            Ok(_) if unpacked.len() >= UNPACKED_LEN => return unpacked,
            Ok(_) if unpacked.len() == unpacked.capacity() => unpacked.reserve(1 << 20),
            Ok(_) if !moved => return unpacked,
            Ok(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::verify_deletion::needles;

    fn searcher() -> Searcher {
        Searcher::new(needles::of_text("the name", "k3v8w1q0zz7m")).unwrap()
    }

    fn found(bytes: &[u8]) -> Vec<String> {
        let searcher = searcher();
        searcher.describe(&searcher.search(bytes).unwrap())
    }

    #[test]
    fn every_form_is_found_and_clean_bytes_are_not() {
        let searcher = searcher();
        for needle in &searcher.needles {
            let dirty = [b"before ", &needle.bytes[..], b" after"].concat();
            assert_eq!(found(&dirty).len(), 1, "{}", needle.form);
        }
        assert!(found(b"k3v8w1q0zz7 and nothing else").is_empty());
    }

    #[test]
    fn what_lies_across_two_blocks_is_found() {
        let mut bytes = vec![b'.'; BLOCK_LEN + 100];
        bytes[BLOCK_LEN - 5..][..12].copy_from_slice(b"k3v8w1q0zz7m");
        assert_eq!(found(&bytes), ["the name (as it is)"]);
    }

    #[test]
    fn packed_text_is_found() {
        let text = "line after line ".repeat(5000) + "k3v8w1q0zz7m";
        let level = flate2::Compression::default();
        let mut zlib = flate2::write::ZlibEncoder::new(b"front".to_vec(), level);
        zlib.write_all(text.as_bytes()).unwrap();
        assert_eq!(
            found(&zlib.finish().unwrap()),
            ["the name (as it is, packed)"]
        );
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), level);
        gzip.write_all(text.as_bytes()).unwrap();
        assert_eq!(
            found(&gzip.finish().unwrap()),
            ["the name (as it is, packed)"]
        );
    }
}
