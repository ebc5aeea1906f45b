//! The little that is taken from a worker's standard error.

use std::io::{self, BufRead, BufReader, Read};

use crate::inside::PANICKED;

/// How much of it is looked at.
const LOOKED_AT: u64 = 64 << 10;

/// What a process said last on standard error, if it is one of these. Everything else is thrown
/// away, since it may be content.
#[derive(Default)]
pub(crate) enum Remark {
    #[default]
    Nothing,
    OutOfMemory,
    Panicked(String),
}

/// Reads to the end: whoever writes on and on must not stand still for want of a reader.
pub(crate) fn remark(errors: impl Read) -> Remark {
    let mut remark = Remark::Nothing;
    let mut errors = BufReader::new(errors.take(LOOKED_AT));
    let mut line = Vec::new();
    while errors
        .read_until(b'\n', &mut line)
        .is_ok_and(|read| read > 0)
    {
        if let Some(told) = Remark::in_line(&line) {
            remark = told;
        }
        line.clear();
    }
    let _ = io::copy(errors.get_mut().get_mut(), &mut io::sink());
    remark
}

impl Remark {
    fn in_line(line: &[u8]) -> Option<Self> {
        let line = std::str::from_utf8(line).ok()?.trim_end();
        // What Rust's standard library says when an allocation fails.
        if line.starts_with("memory allocation of ") {
            return Some(Self::OutOfMemory);
        }
        let place = line.strip_prefix(PANICKED)?.trim_start();
        is_place(place).then(|| Self::Panicked(place.into()))
    }
}

/// Whether it is a file in a source folder and a line, and can't be content in disguise.
fn is_place(text: &str) -> bool {
    let Some((file, line)) = text.rsplit_once(".rs:") else {
        return false;
    };
    text.len() <= 200
        && line.bytes().all(|byte| byte.is_ascii_digit())
        && file
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"/\\._-:".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(errors: &str) -> Option<String> {
        match remark(errors.as_bytes()) {
            Remark::Panicked(place) => Some(place),
            _ => None,
        }
    }

    #[test]
    fn a_place_in_the_source_is_taken_and_content_is_not() {
        let line = "worker panicked at crates/engine/src/run.rs:17\n";
        assert_eq!(place(line).as_deref(), Some("crates/engine/src/run.rs:17"));
        for content in [
            "a secret out of the picture\n",
            "thread 'main' panicked at src/run.rs:17: a secret\n",
            "worker panicked at a secret.rs:1\n",
            "worker panicked at run.rs:a secret\n",
            "worker panicked at run.rs\n",
        ] {
            assert_eq!(place(content), None, "{content}");
        }
        let long = format!("worker panicked at {}.rs:1\n", "a".repeat(300));
        assert_eq!(place(&long), None);
    }

    #[test]
    fn a_failed_allocation_is_told_apart_and_everything_is_read() {
        let mut errors = b"memory allocation of 12 bytes failed\n".to_vec();
        errors.resize(1 << 20, b'x');
        let mut errors = errors.as_slice();
        assert!(matches!(remark(&mut errors), Remark::OutOfMemory));
        assert!(errors.is_empty());
    }
}
