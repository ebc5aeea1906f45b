//! What goes over the pipes, both ways: a kind, a length, a ticket and so many bytes. Nothing is
//! longer than [`MAX_FRAME`]; longer things go in pieces.

use std::io::{self, Read, Write};

use zeroize::Zeroizing;

/// Longest body of a frame in bytes. Whoever announces more is not listened to any further.
pub const MAX_FRAME: usize = 1 << 20;

/// Bytes per piece of something long: little memory, few system calls.
pub(crate) const PIECE: usize = 256 << 10;

const HEADER_LEN: usize = 1 + 4 + 8;

/// One frame. Its body may be content, so it is wiped and never printed.
pub struct Frame {
    /// Which message it is.
    pub kind: u8,
    /// Which job it is about; 0 before there is one.
    pub ticket: u64,
    /// The message.
    pub body: Zeroizing<Vec<u8>>,
}

/// Why no frame could be read.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// The other side went away in the middle of one.
    #[error("a message is cut off")]
    CutOff,
    /// The header promises more than anyone may send.
    #[error("a message of {len} bytes was announced, more than {MAX_FRAME}")]
    TooLong {
        /// What it promises.
        len: u32,
    },
    /// The operating system refused.
    #[error("the pipe can't be read: {0}")]
    Io(#[from] io::Error),
}

impl Frame {
    /// Reads the next frame; `None` if the other side has closed its end between two.
    ///
    /// # Errors
    /// [`FrameError`]; after one the stream is of no use any more.
    pub fn read(from: &mut impl Read) -> Result<Option<Self>, FrameError> {
        let mut header = [0; HEADER_LEN];
        match read_up_to(from, &mut header)? {
            0 => return Ok(None),
            HEADER_LEN => {}
            _ => return Err(FrameError::CutOff),
        }
        let [kind, a, b, c, d, ticket @ ..] = header;
        let len = u32::from_le_bytes([a, b, c, d]);
        let body_len = usize::try_from(len).unwrap_or(usize::MAX);
        if body_len > MAX_FRAME {
            return Err(FrameError::TooLong { len });
        }
        let mut body = Zeroizing::new(vec![0; body_len]);
        if read_up_to(from, &mut body)? < body_len {
            return Err(FrameError::CutOff);
        }
        Ok(Some(Self {
            kind,
            ticket: u64::from_le_bytes(ticket),
            body,
        }))
    }

    /// Writes it and flushes.
    ///
    /// # Errors
    /// Also for a body longer than [`MAX_FRAME`].
    pub fn write(&self, to: &mut impl Write) -> io::Result<()> {
        if self.body.len() > MAX_FRAME {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let len = u32::try_from(self.body.len()).map_err(io::Error::other)?;
        let mut header = [0; HEADER_LEN];
        header[0] = self.kind;
        header[1..5].copy_from_slice(&len.to_le_bytes());
        header[5..].copy_from_slice(&self.ticket.to_le_bytes());
        to.write_all(&header)?;
        to.write_all(&self.body)?;
        to.flush()
    }
}

/// Fills the buffer, or as much of it as there is before the end.
fn read_up_to(from: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match from.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(body: Vec<u8>) -> Frame {
        Frame {
            kind: 7,
            ticket: 0x0102_0304_0506_0708,
            body: Zeroizing::new(body),
        }
    }

    #[test]
    fn what_is_written_reads_back_and_then_comes_the_end() {
        let mut pipe = Vec::new();
        for body in [vec![], vec![1, 2, 3], vec![9; MAX_FRAME]] {
            frame(body).write(&mut pipe).unwrap();
        }
        let mut pipe = pipe.as_slice();
        for len in [0, 3, MAX_FRAME] {
            let read = Frame::read(&mut pipe).unwrap().unwrap();
            assert_eq!((read.kind, read.ticket), (7, 0x0102_0304_0506_0708));
            assert_eq!(read.body.len(), len);
        }
        assert!(Frame::read(&mut pipe).unwrap().is_none());
    }

    #[test]
    fn a_frame_that_stops_anywhere_is_cut_off() {
        let mut whole = Vec::new();
        frame(vec![5; 20]).write(&mut whole).unwrap();
        for len in 1..whole.len() {
            let read = Frame::read(&mut &whole[..len]);
            assert!(matches!(read, Err(FrameError::CutOff)), "{len}");
        }
    }

    #[test]
    fn an_announced_length_takes_no_memory() {
        let mut header = vec![1];
        header.extend(u32::MAX.to_le_bytes());
        header.extend(0_u64.to_le_bytes());
        let read = Frame::read(&mut header.as_slice());
        assert!(matches!(read, Err(FrameError::TooLong { len: u32::MAX })));
        let too_long = frame(vec![0; MAX_FRAME + 1]).write(&mut Vec::new());
        assert!(too_long.is_err());
    }
}
