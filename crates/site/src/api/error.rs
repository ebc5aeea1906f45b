//! Why a program's request came to nothing: what pages would say, too, or what only programs meet.
//!
//! What only programs meet is said in English, as this API's documentation is. Dialects of other
//! services say all of it in their own shape: see `compat::speak`.

use axum::Json;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use lifecycle::{ReadError, RetryError, StorageError, SubmitError};
use locales::{Language, Messages};
use serde_json::{Value, json};

use crate::problem::Problem;

/// Either kind.
#[derive(Debug)]
pub enum ApiError {
    /// Pages would say it, too.
    Problem(Problem),
    /// Only programs meet it.
    Refusal(Refusal),
}

/// What only programs meet. Carries no content.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// HTTP status.
    pub status: StatusCode,
    /// Which it is; part of the API, never renamed.
    pub code: &'static str,
    /// Why, and what to do now.
    pub detail: String,
}

impl Refusal {
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            code,
            detail: detail.into(),
        }
    }
}

/// 400: a field or the body can't be used.
pub fn invalid(detail: impl Into<String>) -> ApiError {
    Refusal::new(StatusCode::BAD_REQUEST, "invalid_request", detail).into()
}

/// 422: there is no model here that makes pictures of words.
pub fn no_text_model() -> ApiError {
    let detail = "No text-to-image model is installed here. Send a picture instead of a prompt.";
    Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "no_text_model", detail).into()
}

/// 422: an option of another service that nothing here corresponds to.
pub fn unsupported(detail: impl Into<String>) -> ApiError {
    Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "unsupported", detail).into()
}

/// What a reply said, for whoever says it otherwise.
pub struct Told {
    pub code: &'static str,
    pub detail: String,
}

impl Told {
    /// What that reply said, if it is an error of ours.
    pub fn of(reply: &Response) -> Option<Self> {
        let extensions = reply.extensions();
        if let Some(Refusal { code, detail, .. }) = extensions.get::<Refusal>() {
            let detail = detail.clone();
            return Some(Self { code, detail });
        }
        extensions.get::<Problem>().map(|problem| Self {
            code: problem.code,
            detail: problem.detail(Messages::of(Language::English)),
        })
    }
}

impl ApiError {
    /// Its members of problem+json.
    pub fn json(&self) -> Value {
        match self {
            Self::Problem(problem) => problem.json(Language::English),
            Self::Refusal(refusal) => refusal.json(),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        match self {
            Self::Problem(problem) => problem.into_reply(),
            Self::Refusal(refusal) => refusal.into_response(),
        }
    }
}

impl Refusal {
    fn json(&self) -> Value {
        json!({
            "type": "about:blank",
            "title": self.status.canonical_reason(),
            "status": self.status.as_u16(),
            "detail": self.detail,
            "code": self.code,
        })
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let headers = [
            (CONTENT_TYPE, "application/problem+json"),
            (CACHE_CONTROL, "no-store"),
        ];
        let mut reply = (self.status, headers, Json(self.json())).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer");
            reply.headers_mut().insert(WWW_AUTHENTICATE, scheme);
        }
        reply.extensions_mut().insert(self);
        reply
    }
}

/// Headers of an error that any dialect keeps.
pub const LASTING: [axum::http::HeaderName; 2] = [RETRY_AFTER, WWW_AUTHENTICATE];

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        Self::Refusal(refusal)
    }
}

impl From<Problem> for ApiError {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// What the lifecycle refuses is a problem that pages know.
macro_rules! through_problem {
    ($($error:ty),+) => {$(
        impl From<$error> for ApiError {
            fn from(error: $error) -> Self {
                Self::Problem(error.into())
            }
        }
    )+};
}
through_problem!(ReadError, RetryError, StorageError, SubmitError);
