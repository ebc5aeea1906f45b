//! What the errors of other crates mean for a client.

use axum::http::StatusCode;
use imaging::DecodeError;
use lifecycle::{ReadError, RetryError, StorageError, SubmitError};

use super::Problem;

/// When to come again while the database is away or overwhelmed: it is often back by then.
const AWAY_SECS: u32 = 10;

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::NotFound => Self::no_such_job(),
            ReadError::Gone => Self::new(StatusCode::GONE, "gone"),
            ReadError::OtherKind => Self::new(StatusCode::CONFLICT, "other_kind"),
            ReadError::TooLong => Self::new(StatusCode::CONFLICT, "too_long_for_format"),
            ReadError::NotReady => Self::new(StatusCode::CONFLICT, "not_ready"),
            ReadError::Busy { retry_after_secs } => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy_converting")
                    .retry_after(retry_after_secs)
            }
            ReadError::Storage(error) => error.into(),
        }
    }
}

impl From<SubmitError> for Problem {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::Picture(role, error) => Self::from(error).about(role),
            SubmitError::NoMask => Self::new(StatusCode::BAD_REQUEST, "no_mask"),
            SubmitError::MaskSize { mask, picture } => {
                let size = |[columns, rows]: [u32; 2]| format!("{columns} × {rows}");
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "mask_size")
                    .text("mask", size(mask))
                    .text("picture", size(picture))
            }
            SubmitError::TooLarge { limit_bytes } => Self::too_large(limit_bytes),
            SubmitError::QueueFull { retry_after_secs } => Self::busy(retry_after_secs),
            SubmitError::OwnerFull {
                limit,
                retry_after_secs,
            } => Self::enough_waiting(limit, retry_after_secs),
            SubmitError::KeyReused => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused")
            }
            SubmitError::Gone => ReadError::Gone.into(),
            SubmitError::Storage(error) => error.into(),
        }
    }
}

impl From<RetryError> for Problem {
    fn from(error: RetryError) -> Self {
        match error {
            RetryError::Read(error) => error.into(),
            RetryError::Impossible => Self::new(StatusCode::CONFLICT, "not_retryable"),
            RetryError::QueueFull { retry_after_secs } => Self::busy(retry_after_secs),
            RetryError::OwnerFull {
                limit,
                retry_after_secs,
            } => Self::enough_waiting(limit, retry_after_secs),
        }
    }
}

impl From<DecodeError> for Problem {
    fn from(error: DecodeError) -> Self {
        let too_large = |code| Self::new(StatusCode::PAYLOAD_TOO_LARGE, code);
        let unusable = |code| Self::new(StatusCode::UNPROCESSABLE_ENTITY, code);
        let megas = |count: u64| (count / 1_000_000) as f64;
        match error {
            DecodeError::Empty => Self::no_picture(),
            DecodeError::NotAPicture => {
                Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_a_picture")
            }
            DecodeError::Unsupported { format } => {
                Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "picture_unsupported")
                    .text("format", format)
            }
            DecodeError::TooManyBytes { bytes, limit } => too_large("picture_too_many_bytes")
                .number("megabytes", bytes.div_ceil(1_000_000) as f64)
                .number("limit", megas(limit)),
            DecodeError::TooLong {
                width,
                height,
                limit,
            } => too_large("picture_too_long")
                .number("width", width)
                .number("height", height)
                .number("limit", limit),
            DecodeError::TooManyPixels {
                width,
                height,
                limit,
            } => too_large("picture_too_many_pixels")
                .number("width", width)
                .number("height", height)
                .number("limit", megas(limit)),
            DecodeError::Truncated { format } => {
                unusable("picture_truncated").text("format", format)
            }
            DecodeError::Corrupt { format } => unusable("picture_corrupt").text("format", format),
            DecodeError::TooSmall {
                width,
                height,
                limit,
            } => unusable("picture_too_small")
                .number("width", width)
                .number("height", height)
                .number("limit", limit),
            DecodeError::TooMuchMemory { limit } => {
                unusable("picture_too_much_memory").number("limit", megas(limit))
            }
        }
    }
}

impl From<StorageError> for Problem {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::DiskFull => Self::new(StatusCode::INSUFFICIENT_STORAGE, "disk_full"),
            error @ StorageError::Away(_) => {
                tracing::warn!(%error, "asked to come again");
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "database_away").retry_after(AWAY_SECS)
            }
            error => {
                tracing::error!(%error, "storage failed");
                Self::our_fault()
            }
        }
    }
}

impl From<askama::Error> for Problem {
    fn from(error: askama::Error) -> Self {
        tracing::error!(%error, "a page could not be rendered");
        Self::our_fault()
    }
}

#[cfg(test)]
mod tests {
    use axum::http::header::RETRY_AFTER;

    use super::*;

    /// To have it from a server takes twenty seconds of conversions.
    #[test]
    fn who_waits_too_long_for_a_conversion_is_told_when_to_come_again() {
        let busy = ReadError::Busy {
            retry_after_secs: 5,
        };
        let problem = Problem::from(busy);
        assert_eq!(problem.code, "busy_converting");
        assert_eq!(problem.into_reply().headers()[RETRY_AFTER], "5");
    }
}
