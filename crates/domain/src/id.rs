//! Unguessable ids. Knowing one is the permission to use it.

use std::fmt;
use std::str::FromStr;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const TEXT_LEN: usize = 26;

/// 128 random bits, written as 26 characters of Crockford's base 32 in lower case.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(u128);

/// The text is no id: wrong length or a character outside the alphabet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct MalformedId;

impl Id {
    /// A new id from the operating system's random source.
    ///
    /// # Panics
    /// If the operating system has no randomness to give, in which case nothing is safe to do.
    pub fn random() -> Self {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
        Self(u128::from_be_bytes(bytes))
    }

    /// The id of these 16 bytes, most significant first.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(u128::from_be_bytes(bytes))
    }

    /// The 16 bytes, most significant first.
    pub fn to_bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for place in (0..TEXT_LEN).rev() {
            let digit = (self.0 >> (5 * place)) as usize & 31;
            write!(f, "{}", ALPHABET[digit] as char)?;
        }
        Ok(())
    }
}

/// An id is a capability: logs get its first four characters only.
impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Id({}…)", &self.to_string()[..4])
    }
}

impl FromStr for Id {
    type Err = MalformedId;

    fn from_str(text: &str) -> Result<Self, MalformedId> {
        if text.len() != TEXT_LEN {
            return Err(MalformedId);
        }
        let mut value: u128 = 0;
        for (place, byte) in text.bytes().enumerate() {
            let digit = ALPHABET
                .iter()
                .position(|&c| c == byte)
                .ok_or(MalformedId)? as u128;
            if place == 0 && digit > 7 {
                return Err(MalformedId);
            }
            value = value << 5 | digit;
        }
        Ok(Self(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_reads_back() {
        for id in [Id(0), Id(u128::MAX), Id::random()] {
            assert_eq!(id.to_string().parse(), Ok(id));
        }
    }

    #[test]
    fn foreign_text_is_refused() {
        for text in [
            "",
            "0",
            "../../../../../etc/passwd",
            "zzzzzzzzzzzzzzzzzzzzzzzzzz",
            "0000000000000000000000000é",
        ] {
            assert_eq!(text.parse::<Id>(), Err(MalformedId), "{text}");
        }
    }
}
