//! What a file is, told by its first bytes. A file's name and a client's `Content-Type` are
//! claims; only the content decides.

/// A picture format this crate decodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MediaKind {
    /// PNG, also animated (the default image is used).
    Png,
    /// JPEG: baseline and progressive; grey, YCbCr, CMYK, YCCK.
    Jpeg,
    /// WebP: lossy and lossless, also animated (first frame).
    WebP,
    /// GIF (first frame).
    Gif,
    /// Windows bitmap.
    Bmp,
    /// TIFF (first page).
    Tiff,
    /// AVIF: still pictures, and the still picture inside an animated one.
    Avif,
}

impl MediaKind {
    /// Recognises a decodable picture; `None` for anything else.
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some(Self::Png),
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [
                b'R',
                b'I',
                b'F',
                b'F',
                _,
                _,
                _,
                _,
                b'W',
                b'E',
                b'B',
                b'P',
                ..,
            ] => Some(Self::WebP),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Self::Gif),
            [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => Some(Self::Tiff),
            // "BM" alone also begins ordinary text: the four reserved bytes must be zero and the
            // header length one of those that exist (12 to 124).
            [
                b'B',
                b'M',
                _,
                _,
                _,
                _,
                0,
                0,
                0,
                0,
                _,
                _,
                _,
                _,
                12..=124,
                0,
                0,
                0,
                ..,
            ] => Some(Self::Bmp),
            _ if has_brand(bytes, &[b"avif", b"avis"]) => Some(Self::Avif),
            _ => None,
        }
    }

    /// The registered media type, for `Content-Type`.
    pub fn mime(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::WebP => "image/webp",
            Self::Gif => "image/gif",
            Self::Bmp => "image/bmp",
            Self::Tiff => "image/tiff",
            Self::Avif => "image/avif",
        }
    }

    /// The name people use, for messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Png => "PNG",
            Self::Jpeg => "JPEG",
            Self::WebP => "WebP",
            Self::Gif => "GIF",
            Self::Bmp => "BMP",
            Self::Tiff => "TIFF",
            Self::Avif => "AVIF",
        }
    }
}

/// Names the formats that people do send as pictures and that can't be decoded here, so that the
/// answer is "convert it" and not "this is no picture".
pub(crate) fn sniff_foreign(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        _ if has_brand(
            bytes,
            &[b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"],
        ) =>
        {
            Some("HEIC")
        }
        _ if has_brand(bytes, &[b"mif1", b"msf1"]) => Some("HEIF"),
        _ if has_brand(bytes, &[b"crx "]) => Some("Camera raw"),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => Some("Video"),
        [0x1a, 0x45, 0xdf, 0xa3, ..] => Some("Video"),
        [0xff, 0x0a, ..] | [0, 0, 0, 12, b'J', b'X', b'L', b' ', ..] => Some("JPEG XL"),
        [0, 0, 0, 12, b'j', b'P', b' ', b' ', ..] | [0xff, 0x4f, 0xff, 0x51, ..] => {
            Some("JPEG 2000")
        }
        [b'I', b'I', 43, 0, ..] | [b'M', b'M', 0, 43, ..] => Some("BigTIFF"),
        [b'8', b'B', b'P', b'S', ..] => Some("Photoshop"),
        [b'%', b'P', b'D', b'F', ..] => Some("PDF"),
        [0, 0, 1, 0, 1..=64, 0, ..] => Some("Icon"),
        [0x76, 0x2f, 0x31, 0x01, ..] => Some("OpenEXR"),
        [b'q', b'o', b'i', b'f', ..] => Some("QOI"),
        _ if is_svg(bytes) => Some("SVG"),
        _ => None,
    }
}

/// Whether an ISO base media file (ISO/IEC 14496-12, `ftyp`) carries one of the brands, as its
/// major brand or among the compatible ones.
fn has_brand(bytes: &[u8], wanted: &[&[u8; 4]]) -> bool {
    let [a, b, c, d, b'f', b't', b'y', b'p', ..] = *bytes else {
        return false;
    };
    // The box is a few dozen bytes in practice; the cap keeps a hostile length from mattering.
    let length = (u32::from_be_bytes([a, b, c, d]) as usize).clamp(8, 256);
    let body = &bytes[8..length.min(bytes.len())];
    body.chunks_exact(4)
        .enumerate()
        // The second word is the minor version, not a brand.
        .any(|(word, brand)| word != 1 && wanted.iter().any(|w| brand == w.as_slice()))
}

fn is_svg(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(512)];
    head.trim_ascii_start().first() == Some(&b'<') && head.windows(4).any(|w| w == b"<svg")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_begins_like_a_bitmap_is_no_bitmap() {
        assert_eq!(MediaKind::sniff(b"BMW makes cars and motorcycles."), None);
        assert_eq!(MediaKind::sniff(b"II am a text"), None);
    }

    #[test]
    fn brands_are_found_behind_the_major_one() {
        let ftyp = b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif";
        assert_eq!(MediaKind::sniff(ftyp), Some(MediaKind::Avif));
        assert_eq!(
            sniff_foreign(b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic"),
            Some("HEIC")
        );
        // A brand beyond the box's end is file content, not a brand.
        assert_eq!(
            MediaKind::sniff(b"\0\0\0\x10ftypisom\0\0\0\0avifavif"),
            None
        );
    }

    #[test]
    fn a_short_file_is_nothing_in_particular() {
        for length in 0..12 {
            assert_eq!(MediaKind::sniff(&b"RIFF\x10\0\0\0WEBP"[..length]), None);
        }
    }
}
