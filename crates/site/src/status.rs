//! `GET /status`: each promise in a person's words, how it is enforced, and what this installation
//! found when it last checked. Public; a page for people, JSON for programs.

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, VARY};
use axum::response::{Html, IntoResponse, Response};
use domain::UnixMillis;
use lifecycle::Check;
use lifecycle::checks::{
    AN_HOUR_AT_MOST, CANARY, KEYS_CLOSED, MEMORY_CLOSED, NO_STRAYS, NOTHING_OVERDUE, RECEIPT,
    VERIFY_DELETION, WORKERS_LOCKED_IN,
};
use locales::{Language, Messages};
use serde::Serialize;

use crate::around::Around;
use crate::assets;
use crate::consent::Visit;
use crate::layers::negotiate::wants_page;
use crate::problem::Problem;
use crate::spoken::Spoken;
use crate::state::AppState;
use crate::timestamp::{minute, rfc3339};

/// A server checks itself every two minutes. What it has not checked for longer than this is not
/// known any more.
const FRESH_SECS: i64 = 15 * 60;

/// One promise, the message that says it, and what is looked at for it.
struct Promise {
    name: &'static str,
    message: &'static str,
    checks: &'static [&'static str],
}

const PROMISES: [Promise; 6] = [
    Promise {
        name: "C1",
        message: "promise-c1",
        checks: &[AN_HOUR_AT_MOST],
    },
    Promise {
        name: "C2",
        message: "promise-c2",
        checks: &[NOTHING_OVERDUE, NO_STRAYS],
    },
    Promise {
        name: "C3",
        message: "promise-c3",
        checks: &[CANARY, KEYS_CLOSED, MEMORY_CLOSED],
    },
    Promise {
        name: "C4",
        message: "promise-c4",
        checks: &[WORKERS_LOCKED_IN],
    },
    Promise {
        name: "C5",
        message: "promise-c5",
        checks: &[RECEIPT],
    },
    Promise {
        name: "C6",
        message: "promise-c6",
        checks: &[VERIFY_DELETION],
    },
];

/// A promise and how it stands. Field names are part of the API.
#[derive(Serialize)]
struct Standing {
    name: &'static str,
    promise: String,
    enforced: String,
    /// Null if a check has not run, or not lately.
    ok: Option<bool>,
    #[serde(skip)]
    mark: &'static str,
    checks: Vec<CheckStanding>,
}

#[derive(Serialize)]
struct CheckStanding {
    name: &'static str,
    looks_for: String,
    /// Null if it has not run, or not lately.
    ok: Option<bool>,
    #[serde(skip)]
    mark: &'static str,
    checked_at: Option<String>,
    /// Whether it passed, and when, for people.
    #[serde(skip)]
    said: String,
    /// How many things it looked at.
    looked_at: u64,
}

#[derive(Serialize, Template)]
#[template(path = "status.html")]
struct Status {
    #[serde(skip)]
    around: Around,
    /// Null if one is not known and none is broken.
    ok: Option<bool>,
    promises: Vec<Standing>,
}

impl Status {
    fn new(checks: &[Check], now: UnixMillis, around: Around) -> Self {
        let promises = PROMISES.map(|promise| Standing::new(promise, checks, now, around.t));
        Self {
            around,
            ok: all(promises.iter().map(|promise| promise.ok)),
            promises: promises.into(),
        }
    }
}

impl Standing {
    fn new(promise: Promise, checks: &[Check], now: UnixMillis, t: &Messages) -> Self {
        let stands = |&name: &&'static str| {
            let last = checks.iter().find(|check| check.name == name);
            // That one is run by people, when they like.
            let fresh = |check: &&Check| {
                name == VERIFY_DELETION || check.ran_at.plus_secs(FRESH_SECS) > now
            };
            let ok = last.filter(fresh).map(|check| check.passed);
            CheckStanding {
                name,
                looks_for: t.get(&format!("check-{name}")),
                ok,
                mark: mark(ok),
                checked_at: last.map(|check| rfc3339(check.ran_at)),
                said: last.map_or_else(|| t.get("check-never"), |check| said(ok, check, t)),
                looked_at: last.map_or(0, |check| check.looked_at),
            }
        };
        let checks: Vec<_> = promise.checks.iter().map(stands).collect();
        let ok = all(checks.iter().map(|check| check.ok));
        Self {
            name: promise.name,
            promise: t.get(promise.message),
            enforced: t.attribute(promise.message, "enforced", []),
            ok,
            mark: mark(ok),
            checks,
        }
    }
}

/// One that is broken breaks all; one that is not known leaves the others open.
fn all(oks: impl Iterator<Item = Option<bool>> + Clone) -> Option<bool> {
    match oks.clone().any(|ok| ok == Some(false)) {
        true => Some(false),
        false => oks.clone().all(|ok| ok.is_some()).then_some(true),
    }
}

/// Whether it passed, and when.
fn said(ok: Option<bool>, check: &Check, t: &Messages) -> String {
    let message = match ok {
        Some(true) => "check-passed",
        Some(false) => "check-failed",
        None => "check-stale",
    };
    t.with(message, [("moment", minute(check.ran_at, t).into())])
}

/// How a result is shown.
fn mark(ok: Option<bool>) -> &'static str {
    match ok {
        Some(true) => "kept",
        Some(false) => "broken",
        None => "unknown",
    }
}

/// The page or the JSON; not kept by anyone, since it is about now.
pub async fn status(
    State(state): State<AppState>,
    Spoken(language): Spoken,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let checks = state.lifecycle.checks().await?;
    let status = |around| Status::new(&checks, state.clock.now(), around);
    let body = match wants_page(&headers) {
        true => {
            let around = Around::of(language, "/status");
            let t = around.t;
            let (title, description) = (t.get("status-title"), t.get("status-description"));
            Html(status(around.told(visit, title, description)).render()?).into_response()
        }
        false => Json(status(Around::only_in(Language::English))).into_response(),
    };
    Ok(([(CACHE_CONTROL, "no-store"), (VARY, "accept")], body).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_790_000_000_000);

    fn check(name: &str, passed: bool, secs_ago: i64) -> Check {
        Check {
            name: name.into(),
            ran_at: NOW.plus_secs(-secs_ago),
            passed,
            looked_at: 1,
        }
    }

    fn status(checks: &[Check]) -> Status {
        Status::new(checks, NOW, Around::only_in(Language::English))
    }

    fn ok_of(status: &Status, name: &str) -> Option<bool> {
        let mut promises = status.promises.iter();
        promises.find(|promise| promise.name == name).unwrap().ok
    }

    #[test]
    fn a_promise_is_kept_only_if_all_its_checks_passed_lately() {
        let all_passed: Vec<Check> = PROMISES
            .iter()
            .flat_map(|promise| promise.checks)
            .map(|name| check(name, true, 60))
            .collect();
        assert_eq!(status(&all_passed).ok, Some(true));
        assert_eq!(status(&[]).ok, None, "nothing was checked yet");

        for (place, one) in all_passed.iter().enumerate() {
            let with = |other: Option<Check>| {
                let mut checks = all_passed.clone();
                checks.remove(place);
                checks.extend(other);
                status(&checks).ok
            };
            assert_eq!(with(None), None, "{} did not run", one.name);
            assert_eq!(with(Some(check(&one.name, false, 60))), Some(false));
            let old = with(Some(check(&one.name, true, 3600)));
            let may_be_old = one.name == VERIFY_DELETION;
            assert_eq!(old, may_be_old.then_some(true), "{} is old", one.name);
        }
    }

    #[test]
    fn every_check_says_what_it_looks_for() {
        for promise in status(&[]).promises {
            for check in promise.checks {
                assert!(check.looks_for.contains(' '), "{}", check.name);
            }
        }
    }

    #[test]
    fn a_broken_promise_breaks_its_own_row_and_the_whole() {
        let checks = [check(NO_STRAYS, false, 1), check(AN_HOUR_AT_MOST, true, 1)];
        let status = status(&checks);
        assert_eq!(
            (ok_of(&status, "C1"), ok_of(&status, "C2")),
            (Some(true), Some(false))
        );
        assert_eq!((ok_of(&status, "C3"), status.ok), (None, Some(false)));
    }
}
