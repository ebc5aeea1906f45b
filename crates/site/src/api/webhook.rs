//! Telling a client's server that a job has ended.
//!
//! As “Standard Webhooks” has it: `webhook-id`, `webhook-timestamp` and `webhook-signature`, an
//! HMAC-SHA256 of `id.timestamp.body` under the secret that came with the job. What is still to be
//! told is in memory only, address and secret included: a restart forgets it, and no row knows it.
//! `deliveries.rs` says how it went.

use std::convert::Infallible;
use std::time::Duration;

use aws_lc_rs::hmac;
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::Id;
use lifecycle::JobView;
use reqwest::Url;
use serde_json::json;

use super::base::Base;
use super::deliveries::Delivery;
use super::error::{ApiError, Refusal, invalid};
use crate::jobs::view::JobJson;
use crate::state::AppState;

/// Waits before each next try: about half an hour in all, so that a job is still there when it is
/// told of.
const BACK_OFF: [Duration; 7] = [
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(20),
    Duration::from_secs(60),
    Duration::from_secs(240),
    Duration::from_secs(600),
    Duration::from_secs(900),
];
/// How long after the job's end it can be told once more.
const KEPT: Duration = Duration::from_secs(3600);
const SECRET_LEN: std::ops::RangeInclusive<usize> = 16..=128;

/// Where to tell it, and how to sign it.
#[derive(Clone)]
pub struct Hook {
    url: Url,
    key: hmac::Key,
}

impl Hook {
    /// The one that a job names, if it does.
    pub fn named(
        state: &AppState,
        url: Option<&str>,
        secret: Option<&str>,
    ) -> Result<Option<Self>, ApiError> {
        let (url, secret) = match (url, secret) {
            (None, None) => return Ok(None),
            (Some(url), Some(secret)) if SECRET_LEN.contains(&secret.len()) => (url, secret),
            _ => {
                return Err(invalid(format!(
                    "webhook_url and webhook_secret come together; the secret has {} to {} characters.",
                    SECRET_LEN.start(),
                    SECRET_LEN.end()
                )));
            }
        };
        let url = state.reach.address(url).map_err(|error| {
            let detail = format!("The webhook can’t be used: {error}.");
            Refusal::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "webhook_unreachable",
                detail,
            )
        })?;
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        Ok(Some(Self { url, key }))
    }
}

/// Tells of the job when it ends, in the background.
pub fn watch(state: &AppState, view: &JobView, hook: Hook, base: Base) {
    let (state, id) = (state.clone(), view.id);
    let Some(delivery) = state.deliveries.begin(id) else {
        return;
    };
    tokio::spawn(async move {
        let stopping = state.stopping.clone();
        tokio::select! {
            () = stopping.cancelled() => {}
            () = tell_of(&state, id, &hook, &base, &delivery) => {}
        }
        state.deliveries.forget(id);
    });
}

async fn tell_of(state: &AppState, id: Id, hook: &Hook, base: &Base, delivery: &Delivery) {
    let Ok(mut watched) = state.lifecycle.watch(id).await else {
        return;
    };
    // The channel closes when the job has ended; its last value says how.
    while !watched.borrow_and_update().state.is_final() && watched.changed().await.is_ok() {}
    let view = watched.borrow().clone();
    if !view.state.is_final() {
        return;
    }
    let event = json!({
        "type": format!("job.{}", view.state.name()),
        "data": JobJson::at(&view, state.clock.now(), base),
    });
    let event = event.to_string();
    let delivering = deliver(state, hook, &event, delivery);
    let _ = tokio::time::timeout(KEPT, delivering).await;
}

/// Until it is taken, or often enough; once more whenever somebody asks for it. Never ends.
async fn deliver(state: &AppState, hook: &Hook, body: &str, delivery: &Delivery) -> Infallible {
    let message = delivery.message.to_string();
    let mut waits = BACK_OFF.into_iter();
    loop {
        let now = state.clock.now();
        let timestamp = now.0 / 1000;
        let signed = format!("{message}.{timestamp}.{body}");
        let signature = STANDARD.encode(hmac::sign(&hook.key, signed.as_bytes()));
        let headers = [
            ("webhook-id", message.clone()),
            ("webhook-timestamp", timestamp.to_string()),
            ("webhook-signature", format!("v1,{signature}")),
        ];
        let told = state.reach.tell(hook.url.clone(), headers, body.to_owned());
        let status = told.await.ok().map(|reply| reply.status());
        delivery.note(now, status);
        let wait = match status {
            Some(status) if status.is_success() => None,
            // It doesn't want to hear of it again.
            Some(StatusCode::GONE) => None,
            _ => waits.next(),
        };
        tokio::select! {
            // Where it is over nothing comes but somebody who asks, until the hour is.
            () = tokio::time::sleep(wait.unwrap_or(KEPT)) => {}
            () = delivery.again.notified() => waits = BACK_OFF.into_iter(),
        }
    }
}
