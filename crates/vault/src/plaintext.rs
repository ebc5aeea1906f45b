//! Content in memory, wiped when it is let go.

use std::ops::Deref;

use zeroize::optimization_barrier;

/// Bytes of somebody's content, wiped when they are let go. `Zeroizing<Vec<u8>>` would do the same,
/// but wipes byte by byte, which takes longer than opening them: here the compiler may clear whole
/// lines, and may not leave it out.
#[derive(Default, PartialEq, Eq)]
pub struct Plaintext(Vec<u8>);

impl Plaintext {
    /// None yet, with room for so many bytes: growing would leave copies behind.
    pub(crate) fn with_room(len: usize) -> Self {
        Self(Vec::with_capacity(len))
    }

    /// For filling within the room that there is.
    pub(crate) fn bytes_mut(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }

    fn wipe(&mut self) {
        self.0.clear();
        // The room behind the last byte, too: it may have held more.
        self.0.resize(self.0.capacity(), 0);
        optimization_barrier(&*self.0);
    }
}

impl Drop for Plaintext {
    fn drop(&mut self) {
        self.wipe();
    }
}

impl Deref for Plaintext {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl AsRef<[u8]> for Plaintext {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl From<Vec<u8>> for Plaintext {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

/// Only their number may ever be printed.
impl std::fmt::Debug for Plaintext {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Plaintext({} bytes)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wiping_clears_the_bytes_and_the_room_behind_them() {
        let mut bytes = Vec::with_capacity(100);
        bytes.extend_from_slice(&[7; 80]);
        bytes.truncate(20);
        let mut plaintext = Plaintext::from(bytes);
        plaintext.wipe();
        assert!(plaintext.0.len() >= 100);
        assert!(plaintext.iter().all(|&byte| byte == 0));
        assert_eq!(format!("{plaintext:?}").len(), "Plaintext(100 bytes)".len());
    }
}
