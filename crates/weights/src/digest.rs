//! SHA-256 of what is read, and copies that are compared with the catalogue on the way.

use std::io::{self, Read, Write};

use sha2::{Digest, Sha256};

use crate::PinnedFile;

/// Buffer for hashing and copying.
const CHUNK_BYTES: usize = 1 << 16;

/// Why a copy isn't there or isn't the right one.
pub(crate) enum CopyError {
    Read(io::Error),
    Write(io::Error),
    /// What differs from the catalogue.
    Differs(&'static str),
}

/// Hands everything from `from` to `each`, chunk by chunk.
pub(crate) fn each_chunk<E>(
    from: &mut dyn Read,
    read_failed: impl Fn(io::Error) -> E,
    mut each: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        match from.read(&mut chunk) {
            Ok(0) => return Ok(()),
            Ok(count) => each(&chunk[..count])?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(read_failed(error)),
        }
    }
}

/// Copies everything and returns its SHA-256.
pub(crate) fn copy(from: &mut dyn Read, to: &mut dyn Write) -> Result<String, CopyError> {
    let mut hasher = Sha256::new();
    each_chunk(from, CopyError::Read, |chunk| {
        hasher.update(chunk);
        to.write_all(chunk).map_err(CopyError::Write)
    })?;
    Ok(hex(hasher))
}

/// Copies exactly the pinned bytes, or says why not. Never reads more than one byte too many.
pub(crate) fn copy_verified(
    file: &PinnedFile,
    from: &mut dyn Read,
    to: &mut dyn Write,
) -> Result<(), CopyError> {
    let mut bounded = from.take(file.bytes + 1);
    let sha256 = copy(&mut bounded, to)?;
    if bounded.limit() != 1 {
        return Err(CopyError::Differs("size"));
    }
    if sha256 != file.sha256 {
        return Err(CopyError::Differs("SHA-256"));
    }
    Ok(())
}

/// Lower-case hexadecimal.
pub(crate) fn hex(hasher: Sha256) -> String {
    let digest = hasher.finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
