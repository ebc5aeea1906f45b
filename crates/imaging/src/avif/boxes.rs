//! Reading boxes and numbers (ISO/IEC 14496-12 section 4.2).

/// What is wrong with a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// A box or an item reaches beyond the end of the file.
    CutOff,
    /// The boxes contradict each other or the standard.
    Malformed,
    /// There is no `meta` box or it names no primary item.
    NoStillPicture,
}

/// A box: its type and what is in it.
pub(super) type Part<'a> = ([u8; 4], &'a [u8]);

/// What is left to read. Reading past the end means the file is cut off.
pub(super) struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], Fault> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(Fault::CutOff)?;
        self.0 = rest;
        Ok(taken)
    }

    /// A big-endian number of 0 to 8 bytes.
    pub fn uint(&mut self, bytes: usize) -> Result<u64, Fault> {
        if bytes > 8 {
            return Err(Fault::Malformed);
        }
        Ok(self
            .take(bytes)?
            .iter()
            .fold(0, |value, &byte| value << 8 | u64::from(byte)))
    }

    pub fn u8(&mut self) -> Result<u8, Fault> {
        Ok(self.take(1)?[0])
    }

    pub fn u16(&mut self) -> Result<u16, Fault> {
        Ok(self.uint(2)? as u16)
    }

    pub fn u32(&mut self) -> Result<u32, Fault> {
        Ok(self.uint(4)? as u32)
    }

    /// An item id or count, 32 or 16 bits wide.
    pub fn id(&mut self, wide: bool) -> Result<u32, Fault> {
        if wide {
            self.u32()
        } else {
            Ok(u32::from(self.u16()?))
        }
    }

    /// Version and flags at the head of a `FullBox`.
    pub fn full_box(&mut self) -> Result<(u8, u32), Fault> {
        let word = self.u32()?;
        Ok(((word >> 24) as u8, word & 0xff_ffff))
    }

    /// Type and body of the next box; `None` at the end.
    pub fn next_box(&mut self) -> Result<Option<Part<'a>>, Fault> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let size = self.u32()?;
        let kind = self.take(4)?;
        let kind = [kind[0], kind[1], kind[2], kind[3]];
        let body_length = match size {
            // To the end of what encloses it.
            0 => self.0.len() as u64,
            1 => self.uint(8)?.checked_sub(16).ok_or(Fault::Malformed)?,
            size => u64::from(size).checked_sub(8).ok_or(Fault::Malformed)?,
        };
        let body_length = usize::try_from(body_length).map_err(|_| Fault::CutOff)?;
        Ok(Some((kind, self.take(body_length)?)))
    }
}
