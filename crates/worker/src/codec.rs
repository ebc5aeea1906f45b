//! Numbers and short texts in a message, little-endian, one after the other.

use zeroize::Zeroizing;

/// The bytes are no such message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a message is malformed")]
pub struct Malformed;

/// Builds a message. What is in it may be a key, so the buffer is wiped.
#[derive(Default)]
pub(crate) struct Packer(Zeroizing<Vec<u8>>);

impl Packer {
    pub(crate) fn u8(mut self, value: u8) -> Self {
        self.0.push(value);
        self
    }

    pub(crate) fn flag(self, value: bool) -> Self {
        self.u8(value.into())
    }

    pub(crate) fn u32(mut self, value: u32) -> Self {
        self.0.extend_from_slice(&value.to_le_bytes());
        self
    }

    pub(crate) fn u64(mut self, value: u64) -> Self {
        self.0.extend_from_slice(&value.to_le_bytes());
        self
    }

    pub(crate) fn f32(self, value: f32) -> Self {
        self.u32(value.to_bits())
    }

    pub(crate) fn optional<T>(self, value: Option<T>, pack: impl FnOnce(Self, T) -> Self) -> Self {
        match value {
            Some(value) => pack(self.u8(1), value),
            None => self.u8(0),
        }
    }

    /// Names and keys: always short.
    pub(crate) fn bytes(mut self, value: &[u8]) -> Self {
        let len = u16::try_from(value.len()).expect("names and keys are short");
        self.0.extend_from_slice(&len.to_le_bytes());
        self.0.extend_from_slice(&value[..len.into()]);
        self
    }

    pub(crate) fn text(self, value: &str) -> Self {
        self.bytes(value.as_bytes())
    }

    pub(crate) fn done(self) -> Zeroizing<Vec<u8>> {
        self.0
    }
}

/// Takes a message apart.
pub(crate) struct Unpacker<'a>(&'a [u8]);

impl<'a> Unpacker<'a> {
    pub(crate) fn of(message: &'a [u8]) -> Self {
        Self(message)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(Malformed)?;
        self.0 = rest;
        Ok(*taken)
    }

    pub(crate) fn u8(&mut self) -> Result<u8, Malformed> {
        Ok(u8::from_le_bytes(self.array()?))
    }

    pub(crate) fn flag(&mut self) -> Result<bool, Malformed> {
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Malformed),
        }
    }

    pub(crate) fn u16(&mut self) -> Result<u16, Malformed> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    pub(crate) fn u32(&mut self) -> Result<u32, Malformed> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    pub(crate) fn u64(&mut self) -> Result<u64, Malformed> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    /// A number that is one.
    pub(crate) fn f32(&mut self) -> Result<f32, Malformed> {
        let value = f32::from_bits(self.u32()?);
        value.is_finite().then_some(value).ok_or(Malformed)
    }

    pub(crate) fn optional<T>(
        &mut self,
        unpack: impl FnOnce(&mut Self) -> Result<T, Malformed>,
    ) -> Result<Option<T>, Malformed> {
        self.flag()?.then(|| unpack(self)).transpose()
    }

    pub(crate) fn bytes(&mut self, most: usize) -> Result<&'a [u8], Malformed> {
        let len = usize::from(self.u16()?);
        if len > most {
            return Err(Malformed);
        }
        let (taken, rest) = self.0.split_at_checked(len).ok_or(Malformed)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(crate) fn text(&mut self, most: usize) -> Result<&'a str, Malformed> {
        std::str::from_utf8(self.bytes(most)?).map_err(|_| Malformed)
    }

    /// One of a set, by its name.
    pub(crate) fn named<T: Copy>(
        &mut self,
        all: &[T],
        name: fn(T) -> &'static str,
    ) -> Result<T, Malformed> {
        let wanted = self.text(64)?;
        let found = all.iter().copied().find(|one| name(*one) == wanted);
        found.ok_or(Malformed)
    }

    /// Nothing may follow.
    pub(crate) fn end(self) -> Result<(), Malformed> {
        self.0.is_empty().then_some(()).ok_or(Malformed)
    }
}
