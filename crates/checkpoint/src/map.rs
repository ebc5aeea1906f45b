//! The one place that maps a file.

use std::fs::File;
use std::ops::Range;
use std::path::Path;

use memmap2::Mmap;

/// A file's bytes, mapped for reading.
pub(crate) struct Mapped(Mmap);

impl Mapped {
    #[allow(unsafe_code)]
    pub(crate) fn open(path: &Path) -> std::io::Result<Self> {
        let file = File::open(path)?;
        // SAFETY: a mapping is unsound if the file changes underneath. Weights lie in a cache that
        // is written once, whole, under another name and then renamed; nothing writes to them
        // afterwards, and removing unlinks the name, which leaves the mapping alone. Every bit
        // pattern is a valid number, and shapes and offsets were checked against the length at
        // opening, so a file that somebody else overwrites gives wrong numbers, not wrong memory; one
        // that somebody cuts short ends the process (SIGBUS), which is a fault and not unsound.
        let map = unsafe { Mmap::map(&file) }?;
        Ok(Self(map))
    }

    /// Gives a range's pages back; whoever reads it again gets them from the file's cache. Weights
    /// are read once per layer and packed, so without this they would all stay resident.
    #[allow(unsafe_code)]
    pub(crate) fn forget(&self, range: &Range<usize>) {
        #[cfg(unix)]
        {
            // SAFETY: on a private mapping that nobody has written to, "don't need" loses nothing:
            // the next read of such a page, on any thread, finds the file's bytes again. The range
            // is one of a tensor, which was checked to lie inside.
            let done = unsafe {
                let unneeded = memmap2::UncheckedAdvice::DontNeed;
                self.0
                    .unchecked_advise_range(unneeded, range.start, range.len())
            };
            // It is advice: a system that doesn't take it keeps the pages, and nothing breaks.
            let _ = done;
        }
        #[cfg(not(unix))]
        let _ = range;
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}
