//! The headers that keep a browser from doing anything these pages don't need.

use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::{
    CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::middleware::Next;
use axum::response::Response;

/// Scripts, styles and connections from here only; nothing inline, no frames, no plugins.
/// `blob:` is what the viewer makes of a model's texture, and what the chosen picture is shown from.
/// `mailto:` hands the form of `/contact` to the visitor's own mail program.
const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' blob:; connect-src 'self' blob:; base-uri 'none'; \
    form-action 'self' mailto:; frame-ancestors 'none'";

/// Where connections may go to beside blobs of the page's own.
const CONNECTIONS: &str = "connect-src 'self' blob:";

/// Only augmented reality (WebXR) is ever used, and only when a person asks for it.
const PERMISSIONS: &str = "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), \
    geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=(), \
    xr-spatial-tracking=(self)";

const HEADERS: [(HeaderName, &str); 7] = [
    (CONTENT_SECURITY_POLICY, CONTENT_POLICY),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    // The address of a job is the permission to see it: no other site may learn it.
    (REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS),
];

/// Puts them on every reply, whatever it is.
pub async fn headers(request: Request, next: Next) -> Response {
    let mut reply = next.run(request).await;
    for (name, value) in HEADERS {
        // A page that may reach further has said so itself.
        let entry = reply.headers_mut().entry(name);
        entry.or_insert(HeaderValue::from_static(value));
    }
    reply
}

/// The content policy of a page that may connect to these hosts, too. Scripts still come from here only.
pub fn policy_reaching<'a>(hosts: impl Iterator<Item = &'a str>) -> HeaderValue {
    let wider = hosts.fold(CONNECTIONS.to_owned(), |wider, host| wider + " " + host);
    let policy = CONTENT_POLICY.replace(CONNECTIONS, &wider);
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static(CONTENT_POLICY))
}
