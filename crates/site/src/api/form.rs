//! A request's body, however it comes: JSON, a form with a file, or the picture itself. All of them
//! become one JSON object and perhaps a picture, so that every type of request is declared once.

use std::marker::PhantomData;

use axum::extract::{FromRequest, Multipart, Request};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use lifecycle::Role;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::error::{ApiError, invalid};
use crate::problem::Problem;
use crate::state::AppState;
use crate::upload::{BUSY_SECS, TOTAL_LIMIT, declared_length, in_time, read_pieces, swallow};

/// Names that clients have for the file in a form.
const FILE_FIELDS: [&str; 5] = ["image", "picture", "file", "content", "image_file"];
/// Everything beside the picture is no longer than this.
const WORDS_BYTES: usize = 64 << 10;

/// What came. A file beside the picture that is not among `B`'s is a field like any other that nobody
/// knows.
pub struct Form<T, B = Alone> {
    /// The file, if one came as bytes.
    pub file: Option<Vec<u8>>,
    /// Those beside it that came as bytes. All files together are as long as one may be.
    pub beside: Files,
    /// All else.
    pub fields: T,
    taken: PhantomData<B>,
}

/// Which files a request may bring beside its picture.
pub trait Beside {
    const ROLES: &'static [Role];
}

/// None.
pub struct Alone;

/// The object's other sides.
pub struct Sides;

/// What image tools need.
pub struct ForTools;

impl Beside for Alone {
    const ROLES: &'static [Role] = &[];
}

impl Beside for Sides {
    const ROLES: &'static [Role] = &[Role::Left, Role::Back, Role::Right];
}

impl Beside for ForTools {
    const ROLES: &'static [Role] = &[Role::Mask, Role::Keep, Role::Remove, Role::Background];
}

/// Files that are not empty, each with its role.
type Files = Vec<(Role, Vec<u8>)>;

/// A body, read.
#[derive(Default)]
struct Body {
    file: Option<Vec<u8>>,
    beside: Files,
    words: Map<String, Value>,
}

impl Body {
    fn of_words(words: Map<String, Value>) -> Self {
        Self {
            words,
            ..Self::default()
        }
    }
}

impl<T: DeserializeOwned, B: Beside> FromRequest<AppState> for Form<T, B> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, ApiError> {
        let limit = state.lifecycle.max_upload_bytes();
        let kind = kind(request.headers());
        // In JSON a picture is a third longer.
        let most = match kind.as_str() {
            "application/json" => limit / 3 * 4 + limit / 32 + WORDS_BYTES,
            _ => limit + WORDS_BYTES,
        };
        if declared_length(request.headers()).is_some_and(|length| length > most) {
            swallow(request);
            return Err(Problem::too_large(limit).into());
        }
        let Ok(_place) = state.uploads.try_acquire() else {
            swallow(request);
            return Err(Problem::busy(BUSY_SECS).into());
        };
        let mut body = tokio::time::timeout(TOTAL_LIMIT, read(request, &kind, most, limit))
            .await
            .unwrap_or_else(|_| Err(Problem::too_slow().into()))?;
        let unknown = body
            .beside
            .extract_if(.., |(role, _)| !B::ROLES.contains(role));
        let unknown = unknown.map(|(role, _)| (role.name().to_owned(), Value::Null));
        body.words.extend(unknown);
        let fields = Value::Object(body.words);
        let fields = serde_json::from_value(fields).map_err(|error| invalid(told(&error)))?;
        Ok(Self {
            file: body.file,
            beside: body.beside,
            fields,
            taken: PhantomData,
        })
    }
}

/// What a body lacks or has too much. Values are content: they are not repeated.
fn told(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.starts_with("unknown field") || text.starts_with("missing field") {
        true => format!("The request can’t be used: {text}."),
        false => "A field of the request has a value of another type than documented.".into(),
    }
}

fn kind(headers: &HeaderMap) -> String {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let kind = kind
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default();
    kind.trim().to_ascii_lowercase()
}

async fn read(request: Request, kind: &str, most: usize, limit: usize) -> Result<Body, ApiError> {
    match kind {
        "multipart/form-data" => multipart(request, limit).await,
        "application/json" => {
            let bytes =
                read_pieces(request.into_body().into_data_stream(), most, malformed).await?;
            let value: Value = serde_json::from_slice(&bytes)
                .map_err(|_| invalid("The body is no JSON, though its content type says so."))?;
            match value {
                Value::Object(words) => Ok(Body::of_words(words)),
                _ => Err(invalid("The body is a JSON object.")),
            }
        }
        "application/x-www-form-urlencoded" => {
            let pieces = request.into_body().into_data_stream();
            let form = read_pieces(pieces, WORDS_BYTES, malformed).await?;
            let form = String::from_utf8(form).map_err(|_| invalid("The form is no text."))?;
            Ok(Body::of_words(form_words(&form)))
        }
        _ if kind.starts_with("image/") || kind == "application/octet-stream" => {
            let query = request.uri().query().unwrap_or_default();
            let words = form_words(query);
            let file =
                read_pieces(request.into_body().into_data_stream(), limit, malformed).await?;
            Ok(Body {
                file: Some(file),
                ..Body::of_words(words)
            })
        }
        _ => Err(Problem::not_an_upload().into()),
    }
}

fn malformed<E>(_: E) -> Problem {
    Problem::malformed_upload()
}

async fn multipart(request: Request, limit: usize) -> Result<Body, ApiError> {
    let form = Multipart::from_request(request, &()).await;
    let mut form = form.map_err(|_| Problem::malformed_upload())?;
    let mut body = Body::default();
    let (mut left, mut bytes_left) = (WORDS_BYTES, limit);
    loop {
        let Some(field) = in_time(form.next_field()).await?.map_err(malformed)? else {
            break;
        };
        let name = field.name().unwrap_or_default().to_owned();
        let is_picture = FILE_FIELDS.contains(&name.as_str());
        let beside = Role::from_name(&name, &Role::ALL).filter(|_| !is_picture);
        if field.file_name().is_some() && (is_picture || beside.is_some()) {
            let file = read_pieces(field, limit, malformed).await?;
            bytes_left = bytes_left
                .checked_sub(file.len())
                .ok_or_else(|| Problem::too_large(limit))?;
            match beside {
                None => body.file = Some(file),
                Some(_) if file.is_empty() => {}
                Some(role) => body.beside.push((role, file)),
            }
            continue;
        }
        let text = read_pieces(field, left, malformed).await?;
        left -= text.len();
        let text =
            String::from_utf8(text).map_err(|_| invalid("A field of the form is no text."))?;
        body.words.insert(name, word(text));
    }
    Ok(body)
}

/// What follows a question mark, as JSON.
fn form_words(query: &str) -> Map<String, Value> {
    let pairs = reqwest::Url::parse(&format!("x:?{query}"));
    let words = pairs.map(|url| {
        let pairs = url.query_pairs();
        pairs
            .map(|(name, value)| (name.into_owned(), word(value.into_owned())))
            .collect()
    });
    words.unwrap_or_default()
}

/// A form knows only texts: numbers, yes and no are what they look like.
pub fn word(text: String) -> Value {
    match serde_json::from_str(&text) {
        Ok(value @ (Value::Bool(_) | Value::Number(_))) => value,
        _ => Value::String(text),
    }
}
