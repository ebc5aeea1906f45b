//! A request with a key was not sent by a page in its visitor's name: browsers add none by themselves.

use axum::extract::Request;
use axum::http::header::ORIGIN;
use axum::middleware::Next;
use axum::response::Response;

use crate::api::caller::key_in;

/// Keeps the guard against forged forms from such requests, by what it goes by. A key that counts for
/// nothing is refused all the same.
pub async fn come_from_anywhere(mut request: Request, next: Next) -> Response {
    if key_in(request.headers()).is_some() {
        request.headers_mut().remove(ORIGIN);
        request.headers_mut().remove("sec-fetch-site");
    }
    next.run(request).await
}
