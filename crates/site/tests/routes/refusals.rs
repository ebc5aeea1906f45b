//! What is wrong with a request, in every dialect: the right status in the dialect's own shape, and
//! nothing left behind. `bad_input.rs` has the same of our own API.

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use axum::http::{HeaderName, Request};
use futures_util::stream;
use serde_json::{Value, json};

use crate::api::data_uri;
use crate::house::{House, Reply, disc, upload};

/// Where a dialect is asked for a model, the field that has the picture, where there is one, and the
/// place of the reason in an error.
const DIALECTS: [(&str, Option<&str>, &str); 9] = [
    ("/v3/generation/image-to-model", Some("input"), "/message"),
    ("/openapi/v1/image-to-3d", Some("image_url"), "/message"),
    (
        "/proxy/meshy/openapi/v1/image-to-3d",
        Some("image_url"),
        "/message",
    ),
    ("/api/generate", None, "/message"),
    ("/v1/predictions", Some("image"), "/detail"),
    ("/send", Some("image"), "/error"),
    ("/generate", Some("image"), "/text"),
    ("/v2beta/3d/stable-fast-3d", None, "/errors/0"),
    ("/v2beta/3d/stable-point-aware-3d", None, "/errors/0"),
];

/// A request for a model that is as it should be.
fn good(path: &str, field: Option<&str>) -> Request<Body> {
    let Some(field) = field else {
        return upload(path, "image/png", disc());
    };
    let picture = json!({ field: data_uri(&disc()) });
    let body = match path {
        "/v1/predictions" => json!({ "version": "base", "input": picture }),
        _ => picture,
    };
    upload(path, "application/json", body.to_string())
}

/// The same with another header.
fn with(mut request: Request<Body>, name: HeaderName, value: &str) -> Request<Body> {
    let value = HeaderValue::from_str(value).unwrap();
    request.headers_mut().insert(name, value);
    request
}

/// The same with another body.
fn of(request: &Request<Body>, body: Body) -> Request<Body> {
    let kind = request.headers()[CONTENT_TYPE].to_str().unwrap();
    upload(request.uri().path(), kind, body)
}

fn is_refused(path: &str, reason: &str, reply: &Reply, status: u16) {
    assert_eq!(reply.status, status, "{path}");
    let error = reply.json();
    let told = error.pointer(reason).and_then(Value::as_str);
    assert!(told.is_some_and(|told| told.len() > 20), "{path}: {error}");
    assert_eq!(error["type"], Value::Null, "{path}: our own shape");
}

#[tokio::test]
async fn every_dialect_refuses_in_its_own_words_and_keeps_nothing() {
    let house = House::new().await;
    let reader = house.key(&["read"]).await;
    let key = HeaderName::from_static("x-api-key");
    for (path, field, reason) in DIALECTS {
        let good = || good(path, field);
        // A body of which nothing ever comes: whoever waits for it never answers.
        let never = stream::pending::<Result<Bytes, std::io::Error>>();
        let huge = of(&good(), Body::from_stream(never));
        let huge = with(huge, CONTENT_LENGTH, &(2_u64 << 30).to_string());
        for (request, status) in [
            (huge, 413),
            (of(&good(), Body::empty()), 400),
            (with(good(), CONTENT_TYPE, "text/plain"), 415),
            (with(good(), key.clone(), "nonsense"), 401),
            (with(good(), key.clone(), &reader), 403),
        ] {
            let reply = house.send(request).await;
            is_refused(path, reason, &reply, status);
        }
    }
    assert_eq!(house.holds().await, (0, 0));
}

#[tokio::test]
async fn one_job_too_many_is_429_in_every_dialect_and_says_when_to_come_again() {
    let house = House::with(|config| config.max_queued_per_owner = 1).await;
    house.job().await;
    for (path, field, reason) in DIALECTS {
        let reply = house.send(good(path, field)).await;
        is_refused(path, reason, &reply, 429);
        let seconds = reply.header("retry-after").parse::<u32>();
        assert!(seconds.is_ok_and(|seconds| seconds > 0), "{path}");
    }
    assert_eq!(house.holds().await, (1, 1));
}
