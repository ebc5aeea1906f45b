//! The picture that is planted, and everything about it that can be recognised.

use domain::Id;
use flate2::Crc;
use imaging::{Picture, encode_png};

use super::needles::{self, Needle};

const SIDE_PX: u32 = 256;
/// Marked pixels in a row: enough that no picture has them by chance.
const MARKED_PX: usize = 16;
/// Of a PNG: signature, then IHDR with its length, name and checksum.
const AFTER_HEADER: usize = 8 + 25;

/// A picture that exists nowhere else, and words to send along with it.
pub struct Marked {
    /// The picture as PNG, with a comment in it.
    pub png: Vec<u8>,
    /// Its file's name, without an end.
    pub name: String,
    /// What the comment says.
    comment: String,
    /// For a field of the form that nobody asked for.
    pub note: String,
    /// For the header of that name, one for each request.
    pub idempotency_keys: [String; 2],
    rgb: Vec<u8>,
}

impl Marked {
    /// A cut-out ball that needs no weights, marked with what the operating system's random source
    /// gives.
    pub fn random() -> Self {
        let rgb: Vec<u8> = (0..MARKED_PX * 3)
            .map(|at| Id::random().to_bytes()[at % 16])
            .collect();
        let comment = word();
        let png = with_comment(&encode_png(&ball(&rgb)), &comment);
        Self {
            png,
            name: word(),
            comment,
            note: word(),
            idempotency_keys: [word(), word()],
            rgb,
        }
    }

    /// What must be nowhere.
    pub fn needles(&self) -> Vec<Needle> {
        let rgba: Vec<u8> = self
            .rgb
            .chunks(3)
            .flat_map(|p| [p[0], p[1], p[2], 255])
            .collect();
        let of_keys = self.idempotency_keys.each_ref().map(|key| {
            let digests = needles::of_digests("the idempotency key's digest", key.as_bytes());
            [needles::of_text("the idempotency key", key), digests].concat()
        });
        let of_pixels = [&self.rgb, &rgba].map(|bytes| needles::of_bytes("its pixels", bytes));
        [
            needles::of_text("its file's name", &self.name),
            needles::of_text("its comment", &self.comment),
            needles::of_text("a field of the form", &self.note),
            of_keys.concat(),
            of_pixels.concat(),
            needles::of_file("the picture's file", &self.png),
            needles::of_digests("the picture's digest", &self.png),
        ]
        .concat()
    }
}

/// 26 random letters and digits.
fn word() -> String {
    Id::random().to_string()
}

/// A striped ball, with the mark across its middle.
fn ball(mark: &[u8]) -> Picture {
    let centre = SIDE_PX as f32 / 2.0;
    let mut rgba = Vec::with_capacity((SIDE_PX * SIDE_PX * 4) as usize);
    for at in 0..SIDE_PX * SIDE_PX {
        let (x, y) = (at % SIDE_PX, at / SIDE_PX);
        let inside = (x as f32 - centre).hypot(y as f32 - centre) < 0.7 * centre;
        let stripe = if x / 14 % 2 == 0 { 220 } else { 90 };
        rgba.extend([stripe, 120, 60, if inside { 255 } else { 0 }]);
    }
    let first = (SIDE_PX / 2 * SIDE_PX + SIDE_PX / 2 - MARKED_PX as u32 / 2) as usize;
    for (pixel, mark) in rgba[first * 4..].chunks_mut(4).zip(mark.chunks(3)) {
        pixel[..3].copy_from_slice(mark);
    }
    Picture::new(SIDE_PX, SIDE_PX, rgba)
}

/// The PNG with a tEXt chunk after its header (PNG specification, 11.3.3.2).
fn with_comment(png: &[u8], text: &str) -> Vec<u8> {
    let chunk = [b"tEXtComment\0", text.as_bytes()].concat();
    let mut sum = Crc::new();
    sum.update(&chunk);
    let len = (chunk.len() - 4) as u32;
    let (header, rest) = png.split_at(AFTER_HEADER);
    [
        header,
        &len.to_be_bytes(),
        &chunk,
        &sum.sum().to_be_bytes(),
        rest,
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use imaging::Limits;

    use super::*;
    use crate::verify_deletion::search::Searcher;

    #[test]
    fn the_picture_is_one_and_shows_its_mark_after_it_was_written_anew() {
        let marked = Marked::random();
        let picture = imaging::decode(&marked.png, &Limits::default()).unwrap();
        assert!(picture.has_cutout());
        let searcher = Searcher::new(marked.needles()).unwrap();
        let anew = encode_png(&picture);
        let found = searcher.search(&anew[..]).unwrap();
        let said = searcher.describe(&found).join("\n");
        assert!(said.contains("its pixels (as it is, packed)"), "{said}");
        assert!(!said.contains("comment"), "{said}");
        let found = searcher.search(&marked.png[..]).unwrap();
        let said = searcher.describe(&found).join("\n");
        assert!(said.contains("its comment (as it is)"), "{said}");
    }
}
