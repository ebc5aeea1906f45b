//! What a URI of a glTF file names: bytes of its own, or a file beside it. Never the network.

/// The bytes of `data:…;base64,…`. `None` if it is no such URI.
pub(super) fn data(uri: &str) -> Option<Vec<u8>> {
    let (head, text) = uri.strip_prefix("data:")?.split_once(',')?;
    head.ends_with(";base64").then_some(())?;
    base64(text.trim_end_matches('=').as_bytes())
}

/// RFC 4648, section 4, without its padding.
fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for group in text.chunks(4) {
        let mut bits = 0_u32;
        for &character in group {
            let value = match character {
                b'A'..=b'Z' => character - b'A',
                b'a'..=b'z' => character - b'a' + 26,
                b'0'..=b'9' => character - b'0' + 52,
                b'+' => 62,
                b'/' => 63,
                _ => return None,
            };
            bits = bits << 6 | u32::from(value);
        }
        bits <<= 6 * (4 - group.len());
        let whole = group.len() * 6 / 8;
        bytes.extend(&bits.to_be_bytes()[1..1 + whole]);
    }
    Some(bytes)
}

/// A file name with its `%20`s resolved (RFC 3986, section 2.1).
pub(super) fn file_name(uri: &str) -> String {
    let mut bytes = Vec::with_capacity(uri.len());
    let mut rest = uri.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let code = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (first, code) {
            (b'%', Some(code)) => {
                bytes.push(code);
                rest = &after[2..];
            }
            _ => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    #[test]
    fn data_uris_are_decoded() {
        let data =
            |text: &str| super::data(&format!("data:application/octet-stream;base64,{text}"));
        assert_eq!(data("bW9kZWw=").as_deref(), Some(&b"model"[..]));
        assert_eq!(data("bW9kZQ==").as_deref(), Some(&b"mode"[..]));
        assert_eq!(data("").as_deref(), Some(&b""[..]));
        assert_eq!(data("b*9k"), None);
        assert_eq!(super::data("http://example.org/x.bin"), None);
    }

    #[test]
    fn names_are_unescaped() {
        assert_eq!(super::file_name("my%20mug%C3%A9%.bin"), "my mugé%.bin");
    }
}
