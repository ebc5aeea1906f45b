//! Where this server is, as its clients see it: addresses in replies to programs are whole.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::HOST;
use axum::http::request::Parts;
use axum::http::uri::Authority;
use domain::Id;

use crate::state::AppState;

/// Scheme and host, without a slash at the end.
#[derive(Clone, Debug)]
pub struct Base(String);

impl Base {
    /// A path below it.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// What follows `path` in an address of ours; any other text as it is.
    pub fn below<'a>(&self, path: &str, text: &'a str) -> &'a str {
        let rest = text.strip_prefix(&self.0);
        rest.and_then(|rest| rest.strip_prefix(path))
            .unwrap_or(text)
    }

    /// Where a file of a job is fetched, without a key: knowing the address is the permission.
    pub fn file(&self, job: Id, name: &str) -> String {
        self.at(&format!("/jobs/{job}/{name}"))
    }

    /// Whether nobody on the way can read along.
    pub fn is_encrypted(&self) -> bool {
        self.0.starts_with("https:")
    }

    fn told_by(headers: &HeaderMap, trust_proxy: bool) -> Self {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let proto = text("x-forwarded-proto").filter(|_| trust_proxy);
        let scheme = proto.filter(|proto| *proto == "https").unwrap_or("http");
        let host = text(HOST.as_str()).and_then(|host| host.parse::<Authority>().ok());
        let host = host.filter(|host| !host.as_str().contains('@'));
        let host = host.as_ref().map_or("localhost", Authority::as_str);
        Self(format!("{scheme}://{host}"))
    }
}

impl FromRequestParts<AppState> for Base {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Ok(match &state.public_url {
            Some(url) => Self(url.clone()),
            None => Self::told_by(&parts.headers, state.clients.trust_proxy),
        })
    }
}
