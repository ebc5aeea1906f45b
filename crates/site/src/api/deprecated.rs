//! What is going to go, told to whoever still asks for it: `Deprecation` (RFC 9745), `Sunset` (RFC 8594)
//! and where to read what to do instead. The OpenAPI text says what goes, beside each operation:
//!
//! ```json
//! "deprecated": true, "x-deprecation": "@1830297600", "x-sunset": "Sat, 01 Jul 2028 00:00:00 GMT"
//! ```

use std::sync::LazyLock;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::LINK;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use serde_json::Value;

use super::openapi::DOCUMENT;

/// Of the committed text.
pub static NOTICES: LazyLock<Notices> = LazyLock::new(|| Notices::of(&DOCUMENT));

/// The headers of each operation that is going to go.
pub struct Notices(Vec<(Method, String, HeaderMap)>);

impl Notices {
    fn of(document: &Value) -> Self {
        let paths = document["paths"].as_object().into_iter().flatten();
        let operations = paths.flat_map(|(path, item)| {
            let item = item.as_object().into_iter().flatten();
            item.map(move |(method, operation)| (method, path, operation))
        });
        let going = operations.filter(|(.., operation)| operation["deprecated"] == true);
        let notices = going.filter_map(|(method, path, operation)| {
            let method = method.to_uppercase().parse().ok()?;
            Some((method, path.clone(), headers(operation)?))
        });
        Self(notices.collect())
    }
}

/// `None`: one is missing, which a test would notice.
fn headers(operation: &Value) -> Option<HeaderMap> {
    let id = operation["operationId"].as_str()?;
    let value = |text: &str| HeaderValue::from_str(text).ok();
    let instead = format!("</docs/api#{id}>; rel=\"deprecation\"; type=\"text/html\"");
    Some(HeaderMap::from_iter([
        (
            HeaderName::from_static("deprecation"),
            value(operation["x-deprecation"].as_str()?)?,
        ),
        (
            HeaderName::from_static("sunset"),
            value(operation["x-sunset"].as_str()?)?,
        ),
        (LINK, value(&instead)?),
    ]))
}

/// Adds them to every answer of such an operation, refusals too.
pub async fn told(
    State(notices): State<&'static Notices>,
    request: Request,
    next: Next,
) -> Response {
    let is_asked = |(method, path, _): &&(Method, String, HeaderMap)| {
        let matched = request.extensions().get::<MatchedPath>();
        method == request.method() && matched.is_some_and(|matched| matched.as_str() == path)
    };
    let notice = notices.0.iter().find(is_asked);
    let mut reply = next.run(request).await;
    if let Some((.., headers)) = notice {
        reply.headers_mut().extend(headers.clone());
    }
    reply
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::http::StatusCode;
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use serde_json::json;
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn only_what_goes_says_so_and_says_it_whatever_it_answers() {
        let document = json!({ "paths": {
            "/jobs/{id}": {
                "parameters": [],
                "get": { "operationId": "getJob" },
                "delete": {
                    "operationId": "dropJob",
                    "deprecated": true,
                    "x-deprecation": "@1830297600",
                    "x-sunset": "Sat, 01 Jul 2028 00:00:00 GMT",
                },
            },
        }});
        let notices: &'static Notices = Box::leak(Box::new(Notices::of(&document)));
        let job = get(async || "a job").delete(async || StatusCode::GONE);
        let routes = Router::new()
            .route("/jobs/{id}", job)
            .layer(from_fn_with_state(notices, told));
        for (method, headers) in [
            (Method::GET, None),
            (
                Method::DELETE,
                Some([
                    "@1830297600",
                    "Sat, 01 Jul 2028 00:00:00 GMT",
                    "</docs/api#dropJob>; rel=\"deprecation\"; type=\"text/html\"",
                ]),
            ),
        ] {
            let request = Request::builder().method(&method).uri("/jobs/7");
            let request = request.body(Body::empty()).unwrap();
            let reply = routes.clone().oneshot(request).await.unwrap();
            let sent = ["deprecation", "sunset", "link"].map(|name| {
                reply
                    .headers()
                    .get(name)
                    .map(|value| value.to_str().unwrap())
            });
            assert_eq!(
                sent,
                headers.map_or([None; 3], |headers| headers.map(Some)),
                "{method}"
            );
        }
    }

    #[test]
    fn whatever_goes_in_the_committed_text_says_since_when_and_until_when() {
        let going = DOCUMENT.to_string().matches(r#""deprecated":true"#).count();
        assert_eq!(NOTICES.0.len(), going);
    }
}
