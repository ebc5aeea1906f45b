//! Everything that can go wrong for a client, as one type: a status, a code and what fills its texts in.
//!
//! The texts are messages, `problem-CODE` in `locales/*/problems.ftl`. Programs get problem+json
//! (RFC 9457) with the code; people get a page in their language, see `layers::negotiate`.

mod causes;

use std::fmt;
use std::ops::RangeInclusive;

use axum::Json;
use axum::body::Body;
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::Id;
use formats::Format;
use lifecycle::Role;
use locales::{Language, Messages, Value};
use serde_json::json;
use vault::{Receipt, SignedReceipt};

use crate::jobs::life::RANGE_MINUTES;
use crate::jobs::size::RANGE_MM;

/// An answer that is no success. Carries no content.
#[derive(Clone, Debug)]
pub struct Problem {
    /// HTTP status.
    pub status: StatusCode,
    /// Which problem it is, for programs; part of the API, never renamed.
    pub code: &'static str,
    /// What fills its texts in.
    arguments: Vec<(&'static str, Argument)>,
    /// Which of several pictures it is about.
    about: Option<Role>,
    retry_after_secs: Option<u32>,
    /// What proves that it is gone.
    pub receipts: Option<Receipts>,
}

/// [`Value`] isn't `Sync`, which whatever travels along with a reply has to be.
#[derive(Clone, Debug)]
enum Argument {
    Number(f64),
    Text(String),
}

/// The receipts of a job, and where they are.
#[derive(Clone, Debug)]
pub struct Receipts {
    /// Whose.
    pub job: Id,
    /// What they say.
    pub destroyed: Vec<Receipt>,
}

impl Receipts {
    /// Address of all of them.
    pub fn address(&self) -> String {
        format!("/jobs/{}/receipts", self.job)
    }
}

impl Problem {
    /// The texts of `problem-CODE` go with it; [`Self::number`] and [`Self::text`] fill them in.
    pub(crate) fn new(status: StatusCode, code: &'static str) -> Self {
        Self {
            status,
            code,
            arguments: Vec::new(),
            about: None,
            retry_after_secs: None,
            receipts: None,
        }
    }

    pub(crate) fn number(mut self, name: &'static str, value: impl Into<f64>) -> Self {
        self.arguments.push((name, Argument::Number(value.into())));
        self
    }

    pub(crate) fn text(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.arguments.push((name, Argument::Text(value.into())));
        self
    }

    /// Its texts may tell the `seconds`.
    fn retry_after(mut self, secs: u32) -> Self {
        self.retry_after_secs = Some(secs);
        self.number("seconds", secs)
    }

    /// Of several pictures, that one.
    fn about(mut self, role: Role) -> Self {
        self.about = Some(role);
        self
    }

    /// With the proof that all of that job is gone.
    pub(crate) fn with_receipts(mut self, job: Id, receipts: &[SignedReceipt]) -> Self {
        let destroyed = receipts.iter().map(|signed| *signed.unverified());
        self.receipts = Some(Receipts {
            job,
            destroyed: destroyed.collect(),
        });
        self
    }

    /// What happened, in a few words.
    pub fn title(&self, t: &Messages) -> String {
        t.with(&self.message(), self.values())
    }

    /// Why, and what to do now.
    pub fn detail(&self, t: &Messages) -> String {
        let detail = t.attribute(&self.message(), "detail", self.values());
        let about = match self.about {
            None | Some(Role::Picture | Role::Recipe) => return detail,
            Some(Role::Left) => "about-left",
            Some(Role::Back) => "about-back",
            Some(Role::Right) => "about-right",
            Some(Role::Mask | Role::Keep | Role::Remove) => "about-mask",
            Some(Role::Background) => "about-background",
        };
        t.with(about, [("detail", detail.as_str().into())])
    }

    fn message(&self) -> String {
        format!("problem-{}", self.code)
    }

    fn values(&self) -> impl Iterator<Item = (&str, Value<'_>)> {
        self.arguments.iter().map(|(name, value)| match value {
            Argument::Number(value) => (*name, (*value).into()),
            Argument::Text(value) => (*name, value.as_str().into()),
        })
    }

    /// The code of [`Self::no_such_page`].
    pub const NO_SUCH_PAGE: &'static str = "no_such_page";

    pub fn no_such_page() -> Self {
        Self::new(StatusCode::NOT_FOUND, Self::NO_SUCH_PAGE)
    }

    pub fn no_such_job() -> Self {
        Self::new(StatusCode::NOT_FOUND, "no_such_job")
    }

    pub fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed")
    }

    /// A page of some other site tried to act in the visitor's name.
    pub fn foreign_form() -> Self {
        Self::new(StatusCode::FORBIDDEN, "foreign_form")
    }

    pub fn our_fault() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "our_fault")
    }

    pub fn malformed_upload() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed_upload")
    }

    pub fn no_picture() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "no_picture")
    }

    pub fn unknown_tier() -> Self {
        let names = engine::Tier::ALL.map(engine::Tier::name);
        Self::new(StatusCode::BAD_REQUEST, "unknown_tier").text("names", names.join(", "))
    }

    pub fn unknown_engine() -> Self {
        let names = engine::Shaper::ALL.map(engine::Shaper::name);
        Self::new(StatusCode::BAD_REQUEST, "unknown_engine").text("names", names.join(", "))
    }

    pub fn unknown_format() -> Self {
        let names: Vec<&str> = Format::ALL.into_iter().map(Format::name).collect();
        Self::new(StatusCode::BAD_REQUEST, "unknown_format").text("names", names.join(", "))
    }

    pub fn unknown_size() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "unknown_size")
            .number("least", *RANGE_MM.start())
            .number("most", *RANGE_MM.end())
    }

    pub fn unknown_lifetime() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "unknown_lifetime")
            .number("least", *RANGE_MINUTES.start())
            .number("most", *RANGE_MINUTES.end())
    }

    pub fn unknown_flag() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "unknown_flag")
    }

    /// A field that is one of some names.
    pub fn unknown_choice(field: &'static str, names: &[&str]) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "unknown_choice")
            .text("field", field)
            .text("names", names.join(", "))
    }

    /// A field that is a whole number.
    pub fn out_of_range<T: fmt::Display>(field: &'static str, range: &RangeInclusive<T>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "out_of_range")
            .text("field", field)
            .text("least", range.start().to_string())
            .text("most", range.end().to_string())
    }

    /// A field that is any number.
    pub fn no_such_number(field: &'static str, range: &RangeInclusive<f32>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "number_out_of_range")
            .text("field", field)
            .text("least", range.start().to_string())
            .text("most", range.end().to_string())
    }

    /// A field that is a text.
    pub fn no_text(field: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "no_text").text("field", field)
    }

    /// A field that is written like its example.
    pub fn unwritten(field: &'static str, example: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "unwritten")
            .text("field", field)
            .text("example", example)
    }

    /// More pictures at once than are taken.
    pub fn too_many(most: usize) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_many").number("most", most as f64)
    }

    pub fn said_twice() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "said_twice")
    }

    /// A side of one object among many objects.
    pub fn side_in_batch(field: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "side_in_batch").text("field", field)
    }

    pub fn unusable_idempotency_key(most: usize) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "idempotency_key_unusable").number("most", most as f64)
    }

    pub fn not_a_form() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "not_a_form")
    }

    pub fn range_beyond_end(len: u64) -> Self {
        Self::new(StatusCode::RANGE_NOT_SATISFIABLE, "range_beyond_end").number("bytes", len as f64)
    }

    pub fn not_an_upload() -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_an_upload")
    }

    pub fn too_large(limit_bytes: usize) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large")
            .number("megabytes", (limit_bytes >> 20) as f64)
    }

    pub fn too_slow() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, "too_slow")
    }

    pub fn busy(retry_after_secs: u32) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy").retry_after(retry_after_secs)
    }

    pub fn enough_waiting(limit: usize, retry_after_secs: u32) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "enough_waiting")
            .number("limit", limit as f64)
            .retry_after(retry_after_secs)
    }

    /// The reply for programs, in English. The problem travels along for the layer that makes pages
    /// and speaks other languages.
    pub fn into_reply(self) -> Response<Body> {
        let mut reply = (self.status, Json(self.json(Language::English))).into_response();
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

    /// Its members of problem+json.
    pub fn json(&self, language: Language) -> serde_json::Value {
        let t = Messages::of(language);
        let mut body = json!({
            "type": "about:blank",
            "title": self.title(t),
            "status": self.status.as_u16(),
            "detail": self.detail(t),
            "code": self.code,
        });
        if let Some(receipts) = &self.receipts {
            body["receipts"] = json!(receipts.address());
            body["receipts_key"] = json!("/.well-known/ai3dgen-receipts.pub");
        }
        body
    }

    /// The headers of a problem reply that its page keeps, too.
    pub const LASTING_HEADERS: [HeaderName; 3] = [RETRY_AFTER, ALLOW, CACHE_CONTROL];
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status.as_u16(), self.code)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        self.into_reply()
    }
}
