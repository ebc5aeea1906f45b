//! Long things in pieces.

use std::io::{self, Read};

use zeroize::Zeroizing;

use crate::codec::Malformed;
use crate::frame::PIECE;

/// Hands `body` on in pieces, of which none is empty.
///
/// # Errors
/// The body's, or the taker's.
pub(crate) fn in_pieces(
    body: &mut dyn Read,
    mut take: impl FnMut(Zeroizing<Vec<u8>>) -> io::Result<()>,
) -> io::Result<()> {
    loop {
        let mut piece = Zeroizing::new(Vec::with_capacity(PIECE));
        body.take(PIECE as u64).read_to_end(&mut piece)?;
        if piece.is_empty() {
            return Ok(());
        }
        take(piece)?;
    }
}

/// Reads what arrives in pieces: as many bytes as were announced, no more and no fewer.
pub(crate) struct Body<F, E> {
    next: F,
    /// Bytes in pieces that have not arrived.
    missing: u64,
    piece: Zeroizing<Vec<u8>>,
    read: usize,
    failed: Option<E>,
}

impl<F, E> Body<F, E>
where
    F: FnMut() -> Result<Zeroizing<Vec<u8>>, E>,
    E: From<Malformed>,
{
    /// `next` waits for the next piece.
    pub(crate) fn of(len: u64, next: F) -> Self {
        Self {
            next,
            missing: len,
            piece: Zeroizing::default(),
            read: 0,
            failed: None,
        }
    }

    /// Everything, in memory that is wiped.
    pub(crate) fn into_bytes(mut self) -> Result<Zeroizing<Vec<u8>>, E> {
        // Enough from the start: growing would leave copies behind.
        let len = usize::try_from(self.missing).map_err(|_| Malformed)?;
        let mut bytes = Zeroizing::new(Vec::with_capacity(len));
        // Its error is in `failed`, with the reason.
        let _ = self.read_to_end(&mut bytes);
        self.finish()?;
        Ok(bytes)
    }

    /// Whether all of it arrived and was read.
    ///
    /// # Errors
    /// Why not.
    pub(crate) fn finish(self) -> Result<(), E> {
        match self.failed {
            Some(error) => Err(error),
            None if self.missing > 0 || self.read < self.piece.len() => Err(Malformed.into()),
            None => Ok(()),
        }
    }

    /// Why no more arrives, if that is so.
    pub(crate) fn failure(self) -> Result<(), E> {
        self.failed.map_or(Ok(()), Err)
    }

    fn fetch(&mut self) -> Result<(), E> {
        let piece = (self.next)()?;
        let len = piece.len() as u64;
        if len == 0 || len > self.missing {
            return Err(Malformed.into());
        }
        self.missing -= len;
        self.piece = piece;
        self.read = 0;
        Ok(())
    }
}

impl<F, E> Read for Body<F, E>
where
    F: FnMut() -> Result<Zeroizing<Vec<u8>>, E>,
    E: From<Malformed>,
{
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.read == self.piece.len() && self.missing > 0 {
            if self.failed.is_none() {
                self.failed = self.fetch().err();
            }
            if self.failed.is_some() {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
        }
        let read = (&self.piece[self.read..]).read(buffer)?;
        self.read += read;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(len: u64, pieces: &[Zeroizing<Vec<u8>>]) -> Result<Zeroizing<Vec<u8>>, Malformed> {
        let mut pieces = pieces.iter().cloned();
        Body::of(len, || pieces.next().ok_or(Malformed)).into_bytes()
    }

    fn sent(body: &[u8]) -> Vec<Zeroizing<Vec<u8>>> {
        let mut pieces = Vec::new();
        in_pieces(&mut &*body, |piece| {
            pieces.push(piece);
            Ok(())
        })
        .unwrap();
        pieces
    }

    #[test]
    fn bodies_of_any_length_arrive_whole() {
        for len in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE] {
            let body: Vec<u8> = (0..len).map(|place| place as u8).collect();
            let pieces = sent(&body);
            assert_eq!(pieces.len(), len.div_ceil(PIECE));
            assert_eq!(*received(len as u64, &pieces).unwrap(), body);
        }
    }

    #[test]
    fn bodies_that_are_not_as_announced_are_malformed() {
        let pieces = sent(&[7; 100]);
        assert!(received(101, &pieces).is_err());
        assert!(received(99, &pieces).is_err());
        assert!(received(1, &[Zeroizing::default()]).is_err());
    }

    #[test]
    fn a_body_that_nobody_read_to_its_end_is_not_taken_for_whole() {
        let mut pieces = sent(&[7; 100]).into_iter();
        let mut body = Body::of(100, || pieces.next().ok_or(Malformed));
        body.read_exact(&mut [0; 50]).unwrap();
        assert_eq!(body.finish(), Err(Malformed));
    }
}
