//! Keys in memory: wiped when dropped, and kept out of the swap where the system allows.

use region::LockGuard;
use zeroize::Zeroize;

/// The length of every symmetric key here, in bytes.
pub(crate) const KEY_LEN: usize = 32;

/// Pages are what the system locks, and it doesn't count: two keys in one page would be unlocked
/// with the first. Where pages are larger than this, that is what may happen.
#[repr(align(4096))]
struct Page([u8; 4096]);

/// One key in a page of its own. Only the key that the cipher expands from it, which lives as long
/// as one object is worked on, is elsewhere; aws-lc wipes that.
pub(crate) struct Secret {
    // Unlocked before the page is given back: fields are dropped in this order.
    _lock: Option<LockGuard>,
    page: Box<Page>,
}

impl Secret {
    pub(crate) fn new(fill: impl FnOnce(&mut [u8; KEY_LEN])) -> Self {
        let mut page = Box::new(Page([0; 4096]));
        // A process may lock only so much (`ulimit -l`); what doesn't fit is not locked.
        let lock = region::lock(page.0.as_ptr(), page.0.len()).ok();
        fill(
            page.0
                .first_chunk_mut()
                .expect("a page is longer than a key"),
        );
        Self { _lock: lock, page }
    }

    pub(crate) fn bytes(&self) -> &[u8; KEY_LEN] {
        self.page
            .0
            .first_chunk()
            .expect("a page is longer than a key")
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.page.0[..KEY_LEN].zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_a_page_of_its_own() {
        let secrets = [1, 2, 3].map(|byte| Secret::new(|key| key.fill(byte)));
        for (secret, byte) in secrets.iter().zip(1..) {
            assert_eq!(secret.bytes(), &[byte; KEY_LEN]);
            assert_eq!(secret.bytes().as_ptr().addr() % 4096, 0);
        }
    }
}
