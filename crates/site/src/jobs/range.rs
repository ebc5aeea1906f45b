//! Which part of a file a request asks for (RFC 9110, sections 13 and 14).

use std::ops::Range;

use axum::http::HeaderMap;
use axum::http::header::{IF_NONE_MATCH, IF_RANGE, RANGE};

/// What to answer with.
#[derive(Debug, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    Whole,
    /// These bytes, at least one.
    Bytes(Range<u64>),
    /// Nothing: what is asked for lies beyond the end.
    Beyond,
}

impl Part {
    /// What `headers` ask for of a file of `len` bytes with that entity tag. What is no single range
    /// of bytes asks for all, as the RFC allows: several parts at once are of no use to anyone here.
    pub fn of(headers: &HeaderMap, etag: &str, len: u64) -> Self {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        // A date never matches, for there is none to compare it with.
        if headers.contains_key(IF_RANGE) && text(IF_RANGE) != Some(etag) {
            return Self::Whole;
        }
        if headers.get_all(RANGE).iter().count() > 1 {
            return Self::Whole;
        }
        let range = text(RANGE).and_then(|text| text.strip_prefix("bytes="));
        match range.and_then(|range| range.trim().split_once('-')) {
            Some((first, last)) => Self::between(first, last, len),
            None => Self::Whole,
        }
    }

    fn between(first: &str, last: &str, len: u64) -> Self {
        let range = match (number(first), number(last)) {
            (Some(first), None) if last.is_empty() => first..len,
            (Some(first), Some(last)) if first <= last => first..last.saturating_add(1).min(len),
            (None, Some(count)) if first.is_empty() => len.saturating_sub(count)..len,
            _ => return Self::Whole,
        };
        match range.is_empty() {
            true => Self::Beyond,
            false => Self::Bytes(range),
        }
    }
}

/// Whether the client says that it has the file with that tag already.
pub fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    let tags = headers.get_all(IF_NONE_MATCH).iter();
    let mut tags = tags.filter_map(|value| value.to_str().ok());
    tags.any(|list| {
        let mut tags = list.split(',').map(str::trim);
        tags.any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
    })
}

/// Digits only: `u64` would take a sign as well. One that is too large is beyond every end.
fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAG: &str = "\"tag\"";

    fn headers(pairs: &[(axum::http::HeaderName, &str)]) -> HeaderMap {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| (name.clone(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn ranges() {
        use Part::{Beyond, Bytes, Whole};
        for (range, part) in [
            ("bytes=0-9", Bytes(0..10)),
            ("bytes=0-", Bytes(0..100)),
            ("bytes=99-99", Bytes(99..100)),
            ("bytes=90-1000", Bytes(90..100)),
            ("bytes=90-99999999999999999999999", Bytes(90..100)),
            ("bytes=-1", Bytes(99..100)),
            ("bytes=-1000", Bytes(0..100)),
            ("bytes=100-", Beyond),
            ("bytes=100-200", Beyond),
            ("bytes=99999999999999999999999-", Beyond),
            ("bytes=-0", Beyond),
            ("bytes=5-4", Whole),
            ("bytes=0-1,3-4", Whole),
            ("bytes=-", Whole),
            ("bytes=+1-2", Whole),
            ("bytes=a-b", Whole),
            ("items=0-9", Whole),
            ("bytes", Whole),
        ] {
            assert_eq!(
                Part::of(&headers(&[(RANGE, range)]), TAG, 100),
                part,
                "{range}"
            );
        }
        assert_eq!(Part::of(&HeaderMap::new(), TAG, 100), Whole);
    }

    #[test]
    fn a_range_of_another_file_is_all_of_this_one() {
        for (condition, part) in [
            (TAG, Part::Bytes(0..10)),
            ("\"other\"", Part::Whole),
            ("W/\"tag\"", Part::Whole),
            ("Mon, 21 Sep 2026 14:13:20 GMT", Part::Whole),
        ] {
            let headers = headers(&[(RANGE, "bytes=0-9"), (IF_RANGE, condition)]);
            assert_eq!(Part::of(&headers, TAG, 100), part, "{condition}");
        }
    }

    #[test]
    fn what_a_client_has_is_known_by_its_tag() {
        for (condition, known) in [
            (TAG, true),
            ("W/\"tag\"", true),
            ("\"a\", \"tag\"", true),
            ("*", true),
            ("\"a\"", false),
            ("tag", false),
        ] {
            let headers = headers(&[(IF_NONE_MATCH, condition)]);
            assert_eq!(is_known(&headers, TAG), known, "{condition}");
        }
    }
}
