//! `GET /jobs/{id}/model.glb`, `/picture.png` and `/preview.png`: what was made, until its hour is over.
//!
//! A request for model or picture counts as a download when its last byte is handed to the connection;
//! docs/api.md says what doesn't count.

use std::ops::Range;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE,
    ETAG, HeaderName,
};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use domain::{Id, UnixMillis};
use futures_util::{TryStream, stream};
use lifecycle::{Artifact, Download, Lifecycle, ReadError, Reader};

use super::id::JobId;
use super::range::{Part, is_known};
use crate::problem::Problem;
use crate::state::AppState;
use crate::timestamp::rfc3339;

/// The moment at which a file goes.
pub const EXPIRES_AT: HeaderName = HeaderName::from_static("x-expires-at");
const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

/// How much of a file in memory is handed over at a time.
const PIECE_LEN: usize = 256 << 10;

/// The model, or the picture that a tool made, as a file to save. With `?view` it is for the page, which
/// shows it before anyone decides to download it.
pub async fn result(
    state: State<AppState>,
    id: JobId,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    artifact: Artifact,
) -> Result<Response, Problem> {
    let (counts, disposition) = match uri.query() {
        Some("view") => (false, "inline"),
        _ => (true, "attachment"),
    };
    let file = (artifact, disposition);
    download(state, id, file, &method, &headers, counts).await
}

/// The preview, as a picture to show.
pub async fn preview(
    state: State<AppState>,
    id: JobId,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let file = (Artifact::Preview, "inline");
    download(state, id, file, &method, &headers, false).await
}

pub(super) async fn download(
    State(state): State<AppState>,
    JobId(id): JobId,
    (artifact, disposition): (Artifact, &str),
    method: &Method,
    headers: &HeaderMap,
    counts: bool,
) -> Result<Response, Problem> {
    let reader = state.lifecycle.reader(id, artifact).await?;
    let etag = format!("\"{}\"", reader.object());
    let passing = passing(reader.expires_at());
    let tag = [(ETAG, etag.clone()), (ACCEPT_RANGES, "bytes".to_owned())];
    if is_known(headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, tag, passing).into_response());
    }
    let len = reader.len();
    // A range means nothing where no bytes are asked for.
    let part = match *method == Method::HEAD {
        true => Part::Whole,
        false => Part::of(headers, &etag, len),
    };
    let (status, bytes, content_range) = match part {
        Part::Whole => (StatusCode::OK, 0..len, None),
        Part::Bytes(bytes) => {
            let range = format!("bytes {}-{}/{len}", bytes.start, bytes.end - 1);
            (StatusCode::PARTIAL_CONTENT, bytes, Some(range))
        }
        Part::Beyond => {
            let range = [(CONTENT_RANGE, format!("bytes */{len}"))];
            return Ok((range, tag, Problem::range_beyond_end(len)).into_response());
        }
    };
    let file_name = artifact.file_name();
    let described = [
        (CONTENT_TYPE, artifact.content_type().to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("{disposition}; filename=\"{file_name}\""),
        ),
        (CONTENT_LENGTH, (bytes.end - bytes.start).to_string()),
    ];
    let counts = counts && bytes.end == len;
    let counting = counts.then(|| (state.lifecycle.clone(), id));
    let body = Body::from_stream(sealed_pieces(reader, bytes, counting));
    let mut reply = (status, described, tag, passing, body).into_response();
    if let Some(range) = content_range.and_then(|range| range.parse().ok()) {
        reply.headers_mut().insert(CONTENT_RANGE, range);
    }
    Ok(reply)
}

/// Whose download is noted when the last byte is given out.
type Counting = Option<(Arc<Lifecycle>, Id)>;

/// A part of a sealed file, opened piece by piece as the client takes it. An error, such as its
/// deadline, closes the connection: with its length announced nobody takes the rest for a whole.
fn sealed_pieces(
    reader: Reader,
    bytes: Range<u64>,
    counting: Counting,
) -> impl TryStream<Ok = Bytes, Error = ReadError> {
    stream::try_unfold(
        (reader, bytes, counting),
        async |(mut reader, mut left, counting)| {
            if left.is_empty() {
                return Ok(None);
            }
            let piece = reader.next(&mut left).await?;
            if left.is_empty() {
                count(&counting).await;
            }
            Ok(Some((Bytes::from_owner(piece), (reader, left, counting))))
        },
    )
}

/// A file that was made of the result, as a download of it: it counts like one, and ends like one.
pub fn derived(
    lifecycle: Arc<Lifecycle>,
    id: Id,
    download: Download,
    media_type: &'static str,
    disposition: &str,
) -> Response {
    let len = download.bytes.len();
    let described = [
        (CONTENT_TYPE, media_type.to_owned()),
        (CONTENT_DISPOSITION, disposition.to_owned()),
        (CONTENT_LENGTH, len.to_string()),
    ];
    let passing = passing(download.expires_at);
    // Owned as they are: the bytes are wiped when the last of them is sent.
    let bytes = Bytes::from_owner(download.bytes);
    let pieces = stream::try_unfold(
        (bytes, lifecycle),
        move |(mut left, lifecycle)| async move {
            if left.is_empty() {
                return Ok(None);
            }
            lifecycle.still_readable(id).await?;
            let piece = left.split_to(left.len().min(PIECE_LEN));
            if left.is_empty() {
                count(&Some((lifecycle.clone(), id))).await;
            }
            Ok::<_, ReadError>(Some((piece, (left, lifecycle))))
        },
    );
    (described, passing, Body::from_stream(pieces)).into_response()
}

/// The last piece is on its way, so that whoever has it may rely on what follows.
async fn count(counting: &Counting) {
    let Some((lifecycle, id)) = counting else {
        return;
    };
    match lifecycle.downloaded(*id).await {
        // Another download ended first and took everything with it; this one has its bytes.
        Ok(()) | Err(ReadError::Gone | ReadError::NotFound) => {}
        Err(error) => tracing::error!(%error, "a download could not be noted"),
    }
}

/// A picture that was made of the model. Doesn't count as a download.
pub fn file(download: Download, media_type: &'static str, disposition: &str) -> Response {
    let headers = [
        (CONTENT_TYPE, media_type.to_owned()),
        (CONTENT_DISPOSITION, disposition.to_owned()),
    ];
    let passing = passing(download.expires_at);
    // Owned as it is: the bytes are wiped when the last of them is sent.
    let body = Body::from(Bytes::from_owner(download.bytes));
    (headers, passing, body).into_response()
}

/// The headers of what passes with its hour.
pub fn passing(expires_at: UnixMillis) -> [(HeaderName, String); 3] {
    [
        // No copy may outlive the original, in a browser or on the way to it.
        (CACHE_CONTROL, "no-store".to_owned()),
        (EXPIRES_AT, rfc3339(expires_at)),
        (ROBOTS, "noindex".to_owned()),
    ]
}
