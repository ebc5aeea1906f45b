//! Everything that can go wrong for a client, as one type: a status and two sentences.
//!
//! Programs get it as problem+json (RFC 9457); people get a page, see `layers::negotiate`.

use std::fmt;

use axum::Json;
use axum::body::Body;
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use formats::Format;
use imaging::DecodeError;
use lifecycle::{ReadError, RetryError, StorageError, SubmitError};
use serde_json::{Value, json};

use domain::Id;
use vault::{Kind, Reason, SignedReceipt};

use crate::jobs::life::RANGE_MINUTES;
use crate::jobs::size::RANGE_MM;
use crate::timestamp::rfc3339;

/// When to come again while the database is away or overwhelmed: it is often back by then.
const AWAY_SECS: u32 = 10;

/// An answer that is no success. The texts are for people and carry no content.
#[derive(Clone, Debug)]
pub struct Problem {
    /// HTTP status.
    pub status: StatusCode,
    /// What happened, in a few words.
    pub title: &'static str,
    /// Why, and what to do now.
    pub detail: String,
    /// For programs that tell problems of the same status apart; part of the API.
    code: Option<&'static str>,
    retry_after_secs: Option<u32>,
    /// What proves that it is gone.
    pub receipts: Option<Receipts>,
}

/// Where the receipts of a job are, and what they say.
#[derive(Clone, Debug)]
pub struct Receipts {
    /// Address of all of them.
    pub address: String,
    /// Each in words.
    pub destroyed: Vec<Destroyed>,
}

/// One receipt, for people.
#[derive(Clone, Debug)]
pub struct Destroyed {
    /// What it was.
    pub kind: &'static str,
    /// When.
    pub deleted_at: String,
    /// Why.
    pub reason: &'static str,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, title: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            title,
            detail: detail.into(),
            code: None,
            retry_after_secs: None,
            receipts: None,
        }
    }

    pub(crate) fn code_name(&self) -> &'static str {
        self.code.unwrap_or("problem")
    }

    fn code(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    fn retry_after(mut self, secs: u32) -> Self {
        self.retry_after_secs = Some(secs);
        self
    }

    /// With the proof that all of that job is gone.
    pub(crate) fn with_receipts(mut self, job: Id, receipts: &[SignedReceipt]) -> Self {
        let destroyed = receipts.iter().map(|signed| {
            let receipt = signed.unverified();
            Destroyed {
                kind: kind_in_words(receipt.kind),
                deleted_at: rfc3339(receipt.deleted_at),
                reason: reason_in_words(receipt.reason),
            }
        });
        self.receipts = Some(Receipts {
            address: format!("/jobs/{job}/receipts"),
            destroyed: destroyed.collect(),
        });
        self
    }

    pub fn no_such_page() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "There is nothing here",
            "This address leads nowhere.",
        )
    }

    pub fn no_such_job() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "There is no such job",
            "The link is incomplete or mistyped, or what it led to was deleted long ago.",
        )
    }

    pub fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "That can’t be done here",
            "This address takes another kind of request.",
        )
    }

    /// A page of some other site tried to act in the visitor's name.
    pub fn foreign_form() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "That came from another site",
            "Requests that change something are only taken from this site’s own pages.",
        )
    }

    pub fn our_fault() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Something broke on our side",
            "The fault is ours, not your picture’s. Try again; if it stays, tell whoever runs this server.",
        )
    }

    pub fn malformed_upload() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "The upload did not arrive whole",
            "The picture was cut off or garbled on its way. Nothing was kept; send it again.",
        )
    }

    pub fn no_picture() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "There was no picture",
            "Send one picture, as the form field “picture” or as the request’s body.",
        )
    }

    pub fn unknown_tier() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "There is no such quality",
            "The tier is one of base, pro and ultra.",
        )
    }

    pub fn unknown_engine() -> Self {
        let names = engine::Shaper::ALL.map(engine::Shaper::name);
        Self::new(
            StatusCode::BAD_REQUEST,
            "There is no such engine",
            format!("The engine is one of {}.", names.join(", ")),
        )
    }

    pub fn unknown_format() -> Self {
        let names: Vec<&str> = Format::ALL.into_iter().map(Format::name).collect();
        Self::new(
            StatusCode::BAD_REQUEST,
            "There is no such format",
            format!("The format is one of {}.", names.join(", ")),
        )
    }

    pub fn unknown_size() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "That size can’t be used",
            format!(
                "The longest side is a number of millimetres from {} to {}.",
                RANGE_MM.start(),
                RANGE_MM.end()
            ),
        )
    }

    pub fn unknown_lifetime() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "That lifetime can’t be used",
            format!(
                "The lifetime is a whole number of minutes from {} to {}. Nothing is kept longer than an hour.",
                RANGE_MINUTES.start(),
                RANGE_MINUTES.end()
            ),
        )
    }

    pub fn unknown_flag() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "That is neither yes nor no",
            "The fields delete_after_download, keep_background and print are true or false.",
        )
    }

    /// An option has another value than it can have.
    pub fn unknown_option(field: &str, expected: &str) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "That option can’t be used",
            format!("The field {field} is {expected}."),
        )
    }

    /// More pictures at once than are taken.
    pub fn too_many(most: usize) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "Too many pictures at once",
            format!("One request has at most {most} pictures. Nothing was kept; send fewer."),
        )
    }

    pub fn said_twice() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "That was said twice",
            "Each option is given once.",
        )
    }

    pub fn unusable_idempotency_key(most: usize) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "That idempotency key can’t be used",
            format!("The header Idempotency-Key is one text of 1 to {most} ASCII characters."),
        )
        .code("idempotency_key_unusable")
    }

    pub fn not_a_form() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "That can’t be read",
            "Send a form (application/x-www-form-urlencoded) with the fields tier, engine and keep_background, or nothing.",
        )
    }

    pub fn range_beyond_end(len: u64) -> Self {
        Self::new(
            StatusCode::RANGE_NOT_SATISFIABLE,
            "There is no such part",
            format!("The file has {len} bytes; ask for a part of those."),
        )
    }

    pub fn not_an_upload() -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "That is no picture",
            "Send a form (multipart/form-data) with the field “picture”, or the picture itself with its own media type.",
        )
    }

    pub fn too_large(limit_bytes: usize) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "The picture is too large",
            format!(
                "At most {} MB are taken. Save the picture smaller and try again.",
                limit_bytes >> 20
            ),
        )
    }

    pub fn too_slow() -> Self {
        Self::new(
            StatusCode::REQUEST_TIMEOUT,
            "The upload took too long",
            "The connection stood still before the picture was complete. Nothing was kept; send it again.",
        )
    }

    pub fn busy(retry_after_secs: u32) -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "Too much to do at the moment",
            format!("Many pictures are waiting. Nothing was changed and nothing new was kept; try again in {retry_after_secs} seconds."),
        )
        .retry_after(retry_after_secs)
    }

    pub fn enough_waiting(limit: usize, retry_after_secs: u32) -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "Some of yours are waiting",
            format!("At most {limit} pictures from one address wait at a time. Nothing was changed and nothing new was kept; try again in {retry_after_secs} seconds."),
        )
        .retry_after(retry_after_secs)
    }

    /// The reply for programs. The problem travels along for the layer that makes pages.
    pub fn into_reply(self) -> Response<Body> {
        let mut reply = (self.status, Json(self.json())).into_response();
        let headers = reply.headers_mut();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(secs) = self.retry_after_secs {
            headers.insert(RETRY_AFTER, HeaderValue::from(secs));
        }
        reply.extensions_mut().insert(self);
        reply
    }

    /// For programs (RFC 9457).
    pub fn json(&self) -> Value {
        let mut body = json!({
            "type": "about:blank",
            "title": self.title,
            "status": self.status.as_u16(),
            "detail": self.detail,
        });
        if let Some(code) = self.code {
            body["code"] = json!(code);
        }
        if let Some(receipts) = &self.receipts {
            body["receipts"] = json!(receipts.address);
            body["receipts_key"] = json!("/.well-known/ai3dgen-receipts.pub");
        }
        body
    }

    /// The headers of a problem reply that its page keeps, too.
    pub const LASTING_HEADERS: [axum::http::HeaderName; 3] = [RETRY_AFTER, ALLOW, CACHE_CONTROL];
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status.as_u16(), self.title)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        self.into_reply()
    }
}

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::NotFound => Self::no_such_job(),
            ReadError::Gone => Self::new(
                StatusCode::GONE,
                "It is gone",
                "The picture and the model were destroyed: because the hour was over, or because somebody with this link deleted them. Their keys went first, so nobody can bring them back.",
            ),
            ReadError::NotReady => Self::new(
                StatusCode::CONFLICT,
                "There is no model yet",
                "It is still being made, or it could not be made. The job’s own page says which.",
            ),
            ReadError::Busy { retry_after_secs } => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "Too much to do at the moment",
                format!(
                    "Many models are being converted. Try again in {retry_after_secs} seconds."
                ),
            )
            .retry_after(retry_after_secs),
            ReadError::Storage(error) => error.into(),
        }
    }
}

impl From<SubmitError> for Problem {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::Picture(_, ref reason) => Self {
                detail: sentence(&error.to_string()),
                ..reason.clone().into()
            },
            SubmitError::TooLarge { limit_bytes } => Self::too_large(limit_bytes),
            SubmitError::QueueFull { retry_after_secs } => Self::busy(retry_after_secs),
            SubmitError::OwnerFull {
                limit,
                retry_after_secs,
            } => Self::enough_waiting(limit, retry_after_secs),
            SubmitError::KeyReused => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "That idempotency key was used before",
                "Another picture or other options came with the same Idempotency-Key. Nothing of this one was kept; choose a new key for it.",
            )
            .code("idempotency_key_reused"),
            SubmitError::Gone => ReadError::Gone.into(),
            SubmitError::Storage(error) => error.into(),
        }
    }
}

impl From<RetryError> for Problem {
    fn from(error: RetryError) -> Self {
        match error {
            RetryError::Read(error) => error.into(),
            RetryError::Impossible => Self::new(
                StatusCode::CONFLICT,
                "That can’t be tried again",
                "It did not fail, or trying again would not help, or it was tried often enough; its picture is not kept. Send the picture again.",
            )
            .code("not_retryable"),
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
        let status = match error {
            DecodeError::Empty => StatusCode::BAD_REQUEST,
            DecodeError::NotAPicture | DecodeError::Unsupported { .. } => {
                StatusCode::UNSUPPORTED_MEDIA_TYPE
            }
            DecodeError::TooManyBytes { .. }
            | DecodeError::TooLong { .. }
            | DecodeError::TooManyPixels { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self::new(
            status,
            "That picture can’t be used",
            sentence(&error.to_string()),
        )
    }
}

fn kind_in_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Picture => "Your picture",
        Kind::Model => "The model",
        Kind::Preview => "Its preview",
    }
}

fn reason_in_words(reason: Reason) -> &'static str {
    match reason {
        Reason::Expired | Reason::EpochEnded => "its time was over",
        Reason::Asked => "you asked for it",
        Reason::Downloaded => "it was downloaded",
        Reason::Restart => "the server was restarted",
        Reason::Unused => "it was not needed any more",
    }
}

/// Error texts begin in lower case and have no full stop; on a page they are sentences.
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase).into_iter().flatten();
    let mut sentence: String = first.chain(letters).collect();
    if !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}

impl From<StorageError> for Problem {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::DiskFull => Self::new(
                StatusCode::INSUFFICIENT_STORAGE,
                "The server’s disk is full",
                "Nothing was kept. Try again later, or tell whoever runs this server to free some space.",
            ),
            error @ StorageError::Away(_) => {
                tracing::warn!(%error, "asked to come again");
                Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "The job list can’t be reached",
                    format!(
                        "Nothing is lost, and nothing is kept longer. Try again in {AWAY_SECS} seconds."
                    ),
                )
                .retry_after(AWAY_SECS)
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
