//! A request's body, however it comes: JSON, a form with a file, or the picture itself. All of them
//! become one JSON object and perhaps a picture, so that every type of request is declared once.

use axum::extract::{FromRequest, Multipart, Request};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
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

/// What came.
pub struct Form<T> {
    /// The file, if one came as bytes.
    pub file: Option<Vec<u8>>,
    /// All else.
    pub fields: T,
}

impl<T: DeserializeOwned> FromRequest<AppState> for Form<T> {
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
        let (file, fields) = tokio::time::timeout(TOTAL_LIMIT, read(request, &kind, most, limit))
            .await
            .unwrap_or_else(|_| Err(Problem::too_slow().into()))?;
        let fields = serde_json::from_value(fields).map_err(|error| invalid(told(&error)))?;
        Ok(Self { file, fields })
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

async fn read(
    request: Request,
    kind: &str,
    most: usize,
    limit: usize,
) -> Result<(Option<Vec<u8>>, Value), ApiError> {
    match kind {
        "multipart/form-data" => multipart(request, limit).await,
        "application/json" => {
            let bytes =
                read_pieces(request.into_body().into_data_stream(), most, malformed).await?;
            let value: Value = serde_json::from_slice(&bytes)
                .map_err(|_| invalid("The body is no JSON, though its content type says so."))?;
            match value.is_object() {
                true => Ok((None, value)),
                false => Err(invalid("The body is a JSON object.")),
            }
        }
        "application/x-www-form-urlencoded" => {
            let pieces = request.into_body().into_data_stream();
            let form = read_pieces(pieces, WORDS_BYTES, malformed).await?;
            let form = String::from_utf8(form).map_err(|_| invalid("The form is no text."))?;
            Ok((None, form_words(&form)))
        }
        _ if kind.starts_with("image/") || kind == "application/octet-stream" => {
            let query = request.uri().query().unwrap_or_default();
            let words = form_words(query);
            let file =
                read_pieces(request.into_body().into_data_stream(), limit, malformed).await?;
            Ok((Some(file), words))
        }
        _ => Err(Problem::not_an_upload().into()),
    }
}

fn malformed<E>(_: E) -> Problem {
    Problem::malformed_upload()
}

async fn multipart(request: Request, limit: usize) -> Result<(Option<Vec<u8>>, Value), ApiError> {
    let form = Multipart::from_request(request, &()).await;
    let mut form = form.map_err(|_| Problem::malformed_upload())?;
    let (mut file, mut words) = (None, Map::new());
    let mut left = WORDS_BYTES;
    loop {
        let Some(field) = in_time(form.next_field()).await?.map_err(malformed)? else {
            break;
        };
        let name = field.name().unwrap_or_default().to_owned();
        if FILE_FIELDS.contains(&name.as_str()) && field.file_name().is_some() {
            file = Some(read_pieces(field, limit, malformed).await?);
            continue;
        }
        let text = read_pieces(field, left, malformed).await?;
        left -= text.len();
        let text =
            String::from_utf8(text).map_err(|_| invalid("A field of the form is no text."))?;
        words.insert(name, word(text));
    }
    Ok((file, Value::Object(words)))
}

/// What follows a question mark, as JSON.
fn form_words(query: &str) -> Value {
    let pairs = reqwest::Url::parse(&format!("x:?{query}"));
    let words = pairs.map(|url| {
        let pairs = url.query_pairs();
        pairs
            .map(|(name, value)| (name.into_owned(), word(value.into_owned())))
            .collect()
    });
    Value::Object(words.unwrap_or_default())
}

/// A form knows only texts: numbers, yes and no are what they look like.
fn word(text: String) -> Value {
    match serde_json::from_str(&text) {
        Ok(value @ (Value::Bool(_) | Value::Number(_))) => value,
        _ => Value::String(text),
    }
}
