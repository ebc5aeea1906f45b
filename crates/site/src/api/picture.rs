//! Where a picture comes from that a client only names: the text itself, another server, or an
//! earlier request.

use std::time::Duration;

use axum::http::StatusCode;
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use domain::Id;
use lifecycle::ReadError;

use super::error::{ApiError, Refusal, invalid};
use crate::place::Place;
use crate::problem::Problem;
use crate::reach::ReachError;
use crate::state::AppState;

/// A picture from elsewhere is here within this.
const FETCHING_LIMIT: Duration = Duration::from_secs(30);

/// Some encoders leave the padding away.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The bytes of a picture named as a data URI, an http(s) address, or the id that `POST /files` gave.
pub async fn named(state: &AppState, place: &Place, text: &str) -> Result<Vec<u8>, ApiError> {
    let limit = state.lifecycle.max_upload_bytes();
    if let Some(uri) = text.strip_prefix("data:") {
        return Ok(place.counted(data(uri, limit)?)?);
    }
    if let Ok(id) = text.parse::<Id>() {
        let picture = state
            .lifecycle
            .shelved(id)
            .await
            .map_err(|error| match error {
                ReadError::NotFound => {
                    invalid("There is no such file (any more). Send the picture again.")
                }
                error => error.into(),
            })?;
        return Ok(place.counted(picture.to_vec())?);
    }
    let fetch = state.reach.fetch(text, &place.allowance);
    let fetched = tokio::time::timeout(FETCHING_LIMIT, fetch).await;
    fetched.unwrap_or(Err(ReachError::NoAnswer)).map_err(|error| match error {
        ReachError::TooLong => Problem::too_large(limit).into(),
        ReachError::NotAnAddress => invalid(
            "The picture is a data URI (data:image/png;base64,…), an http or https address, or the id of a file.",
        ),
        error @ (ReachError::Private | ReachError::NoAnswer) => {
            let detail = format!("The picture can’t be fetched: {error}.");
            Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "picture_unreachable", detail).into()
        }
    })
}

/// What follows `data:`. Only base64, and nothing that says that it is no picture.
fn data(uri: &str, limit: usize) -> Result<Vec<u8>, ApiError> {
    let (head, text) = uri.split_once(',').unwrap_or_default();
    let kind = head.strip_suffix(";base64").unwrap_or_default();
    if !kind.starts_with("image/") && kind != "application/octet-stream" {
        return Err(invalid(
            "A picture as a data URI begins with data:image/…;base64, and the picture follows.",
        ));
    }
    base64(text, limit)
}

/// A picture as base64, in lines or not.
pub fn base64(text: &str, limit: usize) -> Result<Vec<u8>, ApiError> {
    if text.len() / 4 > limit / 3 + limit / 64 {
        return Err(Problem::too_large(limit).into());
    }
    let mut text = text.as_bytes().to_vec();
    text.retain(|byte| !byte.is_ascii_whitespace());
    let picture = BASE64
        .decode(text)
        .map_err(|_| invalid("The picture is no base64."))?;
    if picture.is_empty() {
        return Err(Problem::no_picture().into());
    }
    Ok(picture)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_may_have_lines_and_lack_padding() {
        for text in ["YWI=", "YWI", "Y W\r\nI=\n"] {
            assert_eq!(base64(text, 9).unwrap(), b"ab", "{text:?}");
        }
        assert!(base64("", 9).is_err());
        assert!(base64("not base64!", 99).is_err());
        assert!(base64(&"YWJj".repeat(9), 9).is_err(), "too long");
    }

    #[test]
    fn data_uris_of_other_kinds_are_refused() {
        assert_eq!(data("image/png;base64,YWI=", 9).unwrap(), b"ab");
        for uri in [
            "text/html;base64,YWI=",
            "image/png,ab",
            "",
            ",",
            ";base64,YWI=",
        ] {
            assert!(data(uri, 9).is_err(), "{uri}");
        }
    }
}
