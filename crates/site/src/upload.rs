//! Reading one picture off the network: bounded in bytes, in time, and in how many at once.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Query, Request};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, EXPECT};
use axum::http::{HeaderMap, StatusCode};
use futures_util::{Stream, StreamExt};
use serde::Deserialize;

use crate::jobs::life::LifeWishes;
use crate::jobs::options::EngineWishes;
use crate::problem::Problem;
use crate::state::AppState;

/// A picture and its tier need no longer form than this around the picture.
const FORM_OVERHEAD_BYTES: usize = 64 << 10;
/// A connection that brings nothing for this long is given up.
const IDLE_LIMIT: Duration = Duration::from_secs(30);
/// No upload takes longer than this; 32 MiB in this time is 900 kbit/s.
pub const TOTAL_LIMIT: Duration = Duration::from_secs(300);
/// How much of a refused upload is swallowed, and for how long, so that a browser, which sends
/// everything before it listens, gets to read the refusal.
const SWALLOWED_BYTES: usize = 512 << 20;
const SWALLOWING_LIMIT: Duration = Duration::from_secs(60);
/// Asks for patience when as many uploads as allowed are being read.
pub const BUSY_SECS: u32 = 10;

/// What someone wants made.
pub struct Upload {
    /// The file as it came.
    pub picture: Vec<u8>,
    /// What to make of it, and how long to keep it.
    pub wishes: lifecycle::Wishes,
}

/// What may be said beside the picture, by the names that a form and an address have for it.
#[derive(Default, Deserialize)]
struct Wishes {
    tier: Option<String>,
    engine: Option<String>,
    keep_background: Option<String>,
    lifetime: Option<String>,
    delete_after_download: Option<String>,
}

impl FromRequest<AppState> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Problem> {
        let limit = state.lifecycle.max_upload_bytes();
        if declared_length(request.headers()).is_some_and(|n| n > limit + FORM_OVERHEAD_BYTES) {
            swallow(request);
            return Err(Problem::too_large(limit));
        }
        let Ok(_place) = state.uploads.try_acquire() else {
            swallow(request);
            return Err(Problem::busy(BUSY_SECS));
        };
        tokio::time::timeout(TOTAL_LIMIT, read(request, limit))
            .await
            .unwrap_or_else(|_| Err(Problem::too_slow()))
    }
}

async fn read(request: Request, limit: usize) -> Result<Upload, Problem> {
    let kind = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let kind = kind
        .unwrap_or("application/octet-stream")
        .to_ascii_lowercase();
    let (picture, wishes) = if kind.starts_with("multipart/form-data") {
        read_form(request, limit).await?
    } else if kind.starts_with("image/") || kind == "application/octet-stream" {
        let Query(wishes) =
            Query::<Wishes>::try_from_uri(request.uri()).map_err(|_| Problem::unknown_tier())?;
        let pieces = request.into_body().into_data_stream();
        (
            read_pieces(pieces, limit, |_| Problem::malformed_upload()).await?,
            wishes,
        )
    } else {
        return Err(Problem::not_an_upload());
    };
    if picture.is_empty() {
        return Err(Problem::no_picture());
    }
    let engine = EngineWishes {
        tier: wishes.tier,
        engine: wishes.engine,
        keep_background: wishes.keep_background,
    };
    let life = LifeWishes {
        lifetime: wishes.lifetime,
        delete_after_download: wishes.delete_after_download,
    };
    let wishes = lifecycle::Wishes {
        lifetime: life.lifetime()?,
        ..engine.options()?.into()
    };
    Ok(Upload { picture, wishes })
}

/// The form's fields by the names of [`Wishes`], and `picture`; others are skipped.
async fn read_form(request: Request, limit: usize) -> Result<(Vec<u8>, Wishes), Problem> {
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|_| Problem::malformed_upload())?;
    let (mut picture, mut wishes) = (Vec::new(), Wishes::default());
    while let Some(field) = in_time(form.next_field())
        .await?
        .map_err(|e| form_problem(e, limit))?
    {
        match field.name() {
            Some("picture") => {
                picture = read_pieces(field, limit, |e| form_problem(e, limit)).await?;
            }
            Some("tier") => wishes.tier = Some(read_word(field, Problem::unknown_tier).await?),
            Some("engine") => {
                wishes.engine = Some(read_word(field, Problem::unknown_engine).await?);
            }
            Some("keep_background") => {
                let word = read_word(field, Problem::unknown_flag).await?;
                wishes.keep_background = Some(word);
            }
            Some("lifetime") => {
                wishes.lifetime = Some(read_word(field, Problem::unknown_lifetime).await?);
            }
            Some("delete_after_download") => {
                let word = read_word(field, Problem::unknown_flag).await?;
                wishes.delete_after_download = Some(word);
            }
            _ => drop(read_pieces(field, FORM_OVERHEAD_BYTES, |e| form_problem(e, limit)).await?),
        }
    }
    Ok((picture, wishes))
}

/// A short text field.
async fn read_word(field: Field<'_>, unknown: fn() -> Problem) -> Result<String, Problem> {
    let bytes = read_pieces(field, 64, |e| form_problem(e, 64)).await;
    let bytes = bytes.map_err(|_| unknown())?;
    String::from_utf8(bytes).map_err(|_| unknown())
}

pub async fn read_pieces<E>(
    mut pieces: impl Stream<Item = Result<Bytes, E>> + Unpin,
    limit: usize,
    explain: impl Fn(E) -> Problem,
) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    while let Some(piece) = in_time(pieces.next()).await? {
        let piece = piece.map_err(&explain)?;
        if bytes.len() + piece.len() > limit {
            return Err(Problem::too_large(limit));
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

pub async fn in_time<T>(step: impl Future<Output = T>) -> Result<T, Problem> {
    tokio::time::timeout(IDLE_LIMIT, step)
        .await
        .map_err(|_| Problem::too_slow())
}

fn form_problem(error: MultipartError, limit: usize) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Problem::too_large(limit)
    } else {
        Problem::malformed_upload()
    }
}

pub fn declared_length(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Reads and forgets the rest of a refused request in the background, while the answer is
/// already on its way. A client that asked first (`Expect`) has sent nothing yet.
pub fn swallow(request: Request) {
    if request.headers().contains_key(EXPECT) {
        return;
    }
    tokio::spawn(tokio::time::timeout(
        SWALLOWING_LIMIT,
        forget(request.into_body()),
    ));
}

async fn forget(body: Body) {
    let mut pieces = body.into_data_stream();
    let mut left = SWALLOWED_BYTES;
    while let Some(Ok(piece)) = pieces.next().await {
        left = match left.checked_sub(piece.len()) {
            Some(left) => left,
            None => return,
        };
    }
}
