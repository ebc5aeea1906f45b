//! Reading pictures off the network: bounded in bytes, in time, and in how many at once.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Query, Request};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, EXPECT};
use axum::http::{HeaderMap, StatusCode};
use futures_util::{Stream, StreamExt};
use lifecycle::{Bundle, Role};
use serde::Deserialize;
use serde::de::value::MapDeserializer;
use zeroize::Zeroizing;

use crate::jobs::life::LifeWishes;
use crate::jobs::options::EngineWishes;
use crate::problem::Problem;
use crate::state::AppState;

/// What is said beside the pictures needs no longer form than this around them.
const FORM_OVERHEAD_BYTES: usize = 64 << 10;
/// Fields of a form that are looked at, and how much of each: longer ones mean nothing here.
const MOST_FIELDS: usize = 64;
const LONGEST_WORD: usize = 128;
/// Pictures in one request.
pub const MOST_PICTURES: usize = 32;
/// A connection that brings nothing for this long is given up.
const IDLE_LIMIT: Duration = Duration::from_secs(30);
/// A client whose picture is too long, or comes at a busy moment.
pub const VISITOR: Swallowed = Swallowed {
    bytes: 512 << 20,
    time: Duration::from_secs(60),
};
/// One without a key that is good: whatever it may send with one is shorter than this, as JSON, too, and
/// a photograph is there in that time. Whoever sends more learns that the connection ended.
pub const STRANGER: Swallowed = Swallowed {
    bytes: 64 << 20,
    time: Duration::from_secs(10),
};
/// Asks for patience when as many uploads as allowed are being read.
pub const BUSY_SECS: u32 = 10;

/// What someone wants made.
pub struct Upload {
    /// The files as they came.
    pub pictures: Bundle,
    /// What to make of it, and how long to keep it.
    pub wishes: lifecycle::Wishes,
}

/// What may be said beside the pictures, by the names that a form and an address have for it.
#[derive(Deserialize)]
struct Wishes {
    #[serde(flatten)]
    engine: EngineWishes,
    #[serde(flatten)]
    life: LifeWishes,
}

impl FromRequest<AppState> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Problem> {
        let (files, words) = received(request, state, &Role::VIEWS).await?;
        Ok(Self {
            pictures: of_one(files)?,
            wishes: wishes(words)?,
        })
    }
}

/// All files of one job.
pub fn of_one(files: Files) -> Result<Bundle, Problem> {
    let mut pictures = Bundle::default();
    for (role, file) in files {
        pictures.insert(role, file);
    }
    match pictures.get(Role::Picture) {
        Some(_) => Ok(pictures),
        None => Err(Problem::no_picture()),
    }
}

/// Several objects of which someone wants the same made.
pub struct Batch {
    /// A file for each, as they came; at least one.
    pub pictures: Vec<Bundle>,
    /// What to make of each, and how long to keep it.
    pub wishes: lifecycle::Wishes,
}

impl FromRequest<AppState> for Batch {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Problem> {
        let (files, words) = received(request, state, &Role::VIEWS).await?;
        let wishes = wishes(words)?;
        let one = |(role, file)| match role {
            Role::Picture => {
                let mut picture = Bundle::default();
                picture.insert(role, file);
                Ok(picture)
            }
            role => Err(Problem::side_in_batch(role.name())),
        };
        let pictures: Vec<Bundle> = files.into_iter().map(one).collect::<Result<_, _>>()?;
        if pictures.is_empty() {
            return Err(Problem::no_picture());
        }
        Ok(Self { pictures, wishes })
    }
}

/// Files that are not empty, each with its role.
pub type Files = Vec<(Role, Zeroizing<Vec<u8>>)>;
/// What is said beside them: names and values.
pub type Words = Vec<(String, String)>;

/// What came, within all bounds. All files together are as long as one may be. `roles` says which
/// fields are files.
pub async fn received(
    request: Request,
    state: &AppState,
    roles: &[Role],
) -> Result<(Files, Words), Problem> {
    let limit = state.lifecycle.max_upload_bytes();
    if declared_length(request.headers()).is_some_and(|n| n > limit + FORM_OVERHEAD_BYTES) {
        swallow(request, VISITOR);
        return Err(Problem::too_large(limit));
    }
    let Ok(_place) = state.uploads.try_acquire() else {
        swallow(request, VISITOR);
        return Err(Problem::busy(BUSY_SECS));
    };
    let read = tokio::time::timeout(state.longest_upload, read(request, limit, roles));
    read.await.unwrap_or_else(|_| Err(Problem::too_slow()))
}

/// What is said by the names of [`Wishes`].
pub fn wishes(words: Words) -> Result<lifecycle::Wishes, Problem> {
    let words = MapDeserializer::<_, serde::de::value::Error>::new(words.into_iter());
    let wishes = Wishes::deserialize(words).map_err(|_| Problem::said_twice())?;
    Ok(lifecycle::Wishes {
        lifetime: wishes.life.lifetime()?,
        ..wishes.engine.options()?.into()
    })
}

async fn read(request: Request, limit: usize, roles: &[Role]) -> Result<(Files, Words), Problem> {
    let kind = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let kind = kind
        .unwrap_or("application/octet-stream")
        .to_ascii_lowercase();
    if kind.starts_with("multipart/form-data") {
        read_form(request, limit, roles).await
    } else if kind.starts_with("image/") || kind == "application/octet-stream" {
        let Query(words) =
            Query::<Words>::try_from_uri(request.uri()).map_err(|_| Problem::malformed_upload())?;
        let pieces = request.into_body().into_data_stream();
        let picture = read_pieces(pieces, limit, |_| Problem::malformed_upload()).await?;
        let picture = (!picture.is_empty()).then(|| (Role::Picture, picture.into()));
        Ok((picture.into_iter().collect(), words))
    } else {
        Err(Problem::not_an_upload())
    }
}

/// The pictures by the names of their roles, and all else. A file field in which nobody chose a file
/// comes empty.
async fn read_form(
    request: Request,
    limit: usize,
    roles: &[Role],
) -> Result<(Files, Words), Problem> {
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|_| Problem::malformed_upload())?;
    let (mut files, mut words) = (Files::new(), Words::new());
    let mut left = limit;
    while let Some(field) = in_time(form.next_field())
        .await?
        .map_err(|e| form_problem(e, limit))?
    {
        let name = field.name().unwrap_or_default().to_owned();
        if let Some(role) = Role::from_name(&name, roles) {
            let file = read_pieces(field, limit, |e| form_problem(e, limit)).await?;
            left = left
                .checked_sub(file.len())
                .ok_or_else(|| Problem::too_large(limit))?;
            if files.len() == MOST_PICTURES {
                return Err(Problem::too_many(MOST_PICTURES));
            }
            if !file.is_empty() {
                files.push((role, file.into()));
            }
        } else if words.len() < MOST_FIELDS {
            words.push((name, read_word(field).await?));
        } else {
            return Err(Problem::malformed_upload());
        }
    }
    Ok((files, words))
}

/// A short text field; of a longer one, which is none of ours, its beginning.
async fn read_word(field: Field<'_>) -> Result<String, Problem> {
    let mut word = read_pieces(field, FORM_OVERHEAD_BYTES, |e| {
        form_problem(e, FORM_OVERHEAD_BYTES)
    })
    .await?;
    word.truncate(LONGEST_WORD);
    Ok(String::from_utf8_lossy(&word).into_owned())
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

/// How much of a refused request is swallowed, and for how long, so that a browser, which sends
/// everything before it listens, gets to read the refusal.
#[derive(Clone, Copy)]
pub struct Swallowed {
    bytes: usize,
    time: Duration,
}

/// Reads and forgets the rest of a refused request in the background, while the answer is
/// already on its way. A client that asked first (`Expect`) has sent nothing yet.
pub fn swallow(request: Request, most: Swallowed) {
    if request.headers().contains_key(EXPECT) {
        return;
    }
    let forgetting = forget(request.into_body(), most.bytes);
    tokio::spawn(tokio::time::timeout(most.time, forgetting));
}

async fn forget(body: Body, mut left: usize) {
    let mut pieces = body.into_data_stream();
    while let Some(Ok(piece)) = pieces.next().await {
        left = match left.checked_sub(piece.len()) {
            Some(left) => left,
            None => return,
        };
    }
}
