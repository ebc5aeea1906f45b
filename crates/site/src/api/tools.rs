//! `POST /api/v1/tools/matte`, `/edit` and `/erase`: the image tools for programs.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use domain::Tool;
use lifecycle::{Role, Wishes};

use super::base::Base;
use super::caller::Caller;
use super::create::{created, gathered, submit};
use super::error::{ApiError, invalid};
use super::form::{ForTools, Form};
use super::webhook;
use crate::jobs::create::idempotency_key;
use crate::state::AppState;
use crate::tools::fields::Fields;
use crate::tools::order::recipe;

/// 201 with the job. The same again for a request that is the same.
pub async fn create(
    State(state): State<AppState>,
    caller: Caller,
    base: Base,
    headers: HeaderMap,
    Form {
        files,
        mut fields,
        place,
        ..
    }: Form<Fields, ForTools>,
    tool: Tool,
) -> Result<Response, ApiError> {
    let (url, secret) = (fields.text("webhook_url")?, fields.text("webhook_secret")?);
    let hook = webhook::Hook::named(&state, url.as_deref(), secret.as_deref())?;
    let mut named = vec![(Role::Picture, fields.text("image")?)];
    for role in Role::of_tool(tool) {
        if *role != Role::Picture {
            named.push((*role, fields.text(role.name())?));
        }
    }
    if let Some((role, _)) = files
        .iter()
        .find(|(role, _)| !Role::of_tool(tool).contains(role))
    {
        return Err(unknown(role.name()));
    }
    let named: Vec<_> = (named.iter())
        .map(|(role, name)| (*role, name.as_deref()))
        .collect();
    let pictures = gathered(&state, place, files, named).await?;
    let wishes = Wishes {
        lifetime: fields.lifetime()?,
        idempotency_key: idempotency_key(&headers)?,
        ..recipe(tool, &mut fields, &pictures)?.into()
    };
    if let Some(name) = fields.unknown() {
        return Err(unknown(name));
    }
    let view = submit(&state, &caller, pictures, wishes).await?;
    Ok(created(&state, &view, hook, &base))
}

fn unknown(name: &str) -> ApiError {
    invalid(format!(
        "The request can’t be used: unknown field `{name}`."
    ))
}
