//! Whatever somebody sent becomes a picture of ours, or an error they can act on.

use imaging::{DecodeError, Limits, MediaKind};
use worker::{AdmitError, Bundle, ProcessError, Role};
use zeroize::Zeroizing;

use crate::{Figures, StorageError, SubmitError, Workshop};

/// Decodes each file within bounds and encodes it anew: names, places, thumbnails and whatever else
/// was in it end here. The results are PNGs, `largest_side` pixels long at most; a mask has its
/// picture's size.
pub(crate) fn admit(
    workshop: &dyn Workshop,
    figures: &Figures,
    uploads: Bundle,
    largest_side: u32,
) -> Result<Bundle, SubmitError> {
    let mut pictures = Bundle::default();
    for (role, upload) in uploads {
        let admitted = match role {
            // Ours, and no picture.
            Role::Recipe => upload,
            role => admit_one(workshop, figures, role, upload, largest_side)?,
        };
        pictures.insert(role, admitted);
        if pictures.is_too_long() {
            let limit = Limits::default().max_decoded_bytes;
            return Err(SubmitError::Picture(
                role,
                DecodeError::TooMuchMemory { limit },
            ));
        }
    }
    check_masks(&pictures)?;
    Ok(pictures)
}

/// Told at once, not after the job had its turn.
fn check_masks(pictures: &Bundle) -> Result<(), SubmitError> {
    let size = |role| pictures.get(role).and_then(png_size);
    let Some(picture) = size(Role::Picture) else {
        return Ok(());
    };
    let mut masks = [Role::Mask, Role::Keep, Role::Remove]
        .into_iter()
        .filter_map(size);
    match masks.find(|mask| *mask != picture) {
        Some(mask) => Err(SubmitError::MaskSize { mask, picture }),
        None => Ok(()),
    }
}

/// Columns and rows, as the header of a PNG begins (ISO/IEC 15948, 11.2.2).
fn png_size(png: &[u8]) -> Option<[u32; 2]> {
    let number = |at| Some(u32::from_be_bytes(*png.get(at..)?.first_chunk()?));
    Some([number(16)?, number(20)?])
}

fn admit_one(
    workshop: &dyn Workshop,
    figures: &Figures,
    role: Role,
    upload: Zeroizing<Vec<u8>>,
    largest_side: u32,
) -> Result<Zeroizing<Vec<u8>>, SubmitError> {
    let kind = MediaKind::sniff(&upload);
    let admitted = workshop.admit(upload, largest_side);
    if let Err(AdmitError::Process(error)) = &admitted {
        figures.worker_failed(error);
    }
    admitted.map_err(|error| match error {
        AdmitError::Refused(error) => SubmitError::Picture(role, error),
        AdmitError::Process(error @ ProcessError::Start(_)) => {
            tracing::error!(%error, "a picture can't be decoded");
            StorageError::Interrupted.into()
        }
        AdmitError::Process(error) => {
            tracing::warn!(%error, "a picture's decoder came to nothing");
            SubmitError::Picture(role, broke_its_decoder(&error, kind))
        }
    })
}

/// What to tell the sender of a file that ended its decoder: what helps is the same as for a file
/// that the decoder refuses.
fn broke_its_decoder(error: &ProcessError, kind: Option<MediaKind>) -> DecodeError {
    match (error, kind) {
        (ProcessError::OutOfMemory, _) => DecodeError::TooMuchMemory {
            limit: Limits::default().max_decoded_bytes,
        },
        (_, Some(kind)) => DecodeError::Corrupt {
            format: kind.name(),
        },
        (_, None) => DecodeError::NotAPicture,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_ends_its_decoder_is_refused_with_what_helps() {
        let ended = ProcessError::Ended(worker::Ending::default());
        let text = broke_its_decoder(&ended, Some(MediaKind::Tiff)).to_string();
        assert!(text.starts_with("the TIFF file is damaged: "), "{text}");
        let text = broke_its_decoder(&ProcessError::OutOfMemory, None).to_string();
        assert!(text.contains("memory: make it smaller"), "{text}");
        assert_eq!(
            broke_its_decoder(&ProcessError::Silent, None),
            DecodeError::NotAPicture
        );
    }
}
