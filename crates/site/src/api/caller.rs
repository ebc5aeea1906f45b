//! Who calls: the holder of a key that the operator gave out, or an address.

use axum::Extension;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use domain::Id;
use lifecycle::ApiKey;

use super::error::{ApiError, Refusal};
use crate::client::Peer;
use crate::state::AppState;
use crate::upload::{STRANGER, swallow};

/// What a key may do. Whoever knows a job's id may see it without one, as everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Make jobs, retry them, send pictures ahead.
    Generate,
    /// See jobs and what was made.
    Read,
    /// Cancel and destroy jobs, or shorten their life.
    Delete,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Generate, Self::Read, Self::Delete];

    /// Its name, as `ai3dgen keys` takes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Generate => "generate",
            Self::Read => "read",
            Self::Delete => "delete",
        }
    }
}

/// Whoever sent a request.
#[derive(Clone)]
pub struct Caller {
    /// Whose the jobs are: the key's, or the address's.
    pub owner: String,
    /// The secret and what is known of it.
    pub key: Option<(Id, ApiKey)>,
}

impl Caller {
    /// The key, where a list is asked for.
    pub fn key(&self) -> Result<&(Id, ApiKey), ApiError> {
        let detail =
            "Only the jobs of a key can be listed. Send one, as in “Authorization: Bearer KEY”.";
        let refusal = || Refusal::new(StatusCode::UNAUTHORIZED, "key_missing", detail).into();
        self.key.as_ref().ok_or_else(refusal)
    }
}

/// The text of a key in a request, however its client sends keys.
pub fn key_in(headers: &HeaderMap) -> Option<&str> {
    if let Some(key) = headers.get("x-api-key") {
        return Some(key.to_str().unwrap_or_default());
    }
    let authorization = headers.get(AUTHORIZATION)?.to_str().unwrap_or_default();
    let (scheme, key) = authorization.split_once(' ')?;
    let is_ours = ["bearer", "token", "key"]
        .iter()
        .any(|ours| scheme.eq_ignore_ascii_case(ours));
    is_ours.then(|| key.trim())
}

/// Lets in who may do that: a key that is sent counts, wherever it is sent.
pub async fn admit(
    State((state, scope)): State<(AppState, Scope)>,
    mut request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let peer = request.extensions().get::<Peer>().copied();
    match caller(&state, peer, request.headers(), scope).await {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            Ok(next.run(request).await)
        }
        Err(refusal) => {
            swallow(request, STRANGER);
            Err(refusal)
        }
    }
}

async fn caller(
    state: &AppState,
    peer: Option<Peer>,
    headers: &HeaderMap,
    scope: Scope,
) -> Result<Caller, ApiError> {
    let Some(text) = key_in(headers) else {
        if state.require_keys {
            let detail =
                "This server wants a key, as in “Authorization: Bearer KEY”. Ask whoever runs it.";
            return Err(Refusal::new(StatusCode::UNAUTHORIZED, "key_missing", detail).into());
        }
        let owner = state.clients.owner(peer, headers);
        return Ok(Caller { owner, key: None });
    };
    // Before the secret is a prefix that some clients insist on.
    let secret = text
        .rsplit('_')
        .next()
        .and_then(|secret| secret.parse().ok());
    let known = match secret {
        Some(secret) => state
            .lifecycle
            .key_of(secret)
            .await?
            .map(|key| (secret, key)),
        None => None,
    };
    let Some((secret, key)) = known else {
        let detail = "That key is unknown here, or was revoked.";
        return Err(Refusal::new(StatusCode::UNAUTHORIZED, "key_unknown", detail).into());
    };
    if !key.scopes.iter().any(|own| own == scope.name()) {
        let detail = format!("That key lacks the scope “{}”.", scope.name());
        return Err(Refusal::new(StatusCode::FORBIDDEN, "scope_missing", detail).into());
    }
    let owner = key.owner.text().to_owned();
    let key = Some((secret, key));
    Ok(Caller { owner, key })
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let admitted = Extension::<Self>::from_request_parts(parts, state).await;
        let Extension(caller) = admitted.map_err(|_| crate::problem::Problem::our_fault())?;
        Ok(caller)
    }
}
