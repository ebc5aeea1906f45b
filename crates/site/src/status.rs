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
use crate::layers::negotiate::wants_page;
use crate::problem::Problem;
use crate::state::AppState;
use crate::timestamp::{minute, rfc3339};

/// A server checks itself every two minutes. What it has not checked for longer than this is not
/// known any more.
const FRESH_SECS: i64 = 15 * 60;

/// One promise and what is looked at for it.
struct Promise {
    name: &'static str,
    promise: &'static str,
    enforced: &'static str,
    checks: &'static [(&'static str, &'static str)],
}

const PROMISES: [Promise; 6] = [
    Promise {
        name: "C1",
        promise: "Everything you upload and everything made from it is destroyed within an hour. A download gives it another hour, six hours after it was made at the latest. You can make that shorter, or delete it at once.",
        enforced: "Every picture and model has its deadline from the moment it is stored, sealed together with its key, so that nobody can move it later.",
        checks: &[(AN_HOUR_AT_MOST, "No deadline is more than an hour away")],
    },
    Promise {
        name: "C2",
        promise: "After that nothing can read it: no request, no crash, no restart, no changed clock and no backup brings it back.",
        enforced: "Every read asks for the deadline. The key is destroyed first, the file next, and once more all keys of the same ten minutes together.",
        checks: &[
            (NOTHING_OVERDUE, "Nothing that must be gone is still there"),
            (
                NO_STRAYS,
                "Files, keys and job list name the same things, and nothing else lies about",
            ),
        ],
    },
    Promise {
        name: "C3",
        promise: "Your content lies encrypted, and is in no log, no temporary file, no crash report and no database.",
        enforced: "AES-256-GCM with a key of its own for every picture and model, in memory until it is sealed.",
        checks: &[
            (
                CANARY,
                "A test file was sealed, read back, not found in its sealed bytes, destroyed, and could not be read again",
            ),
            (
                KEYS_CLOSED,
                "Only the server itself can open the files with keys",
            ),
            (
                MEMORY_CLOSED,
                "The server leaves no crash dump and lets nobody look into its memory",
            ),
        ],
    },
    Promise {
        name: "C4",
        promise: "It is used for nothing but your own model, never shown to anyone, and found by nobody who doesn’t have your link.",
        enforced: "A process of its own for every picture, without a network, without files, and with the keys of that one job. Links are 128 random bits.",
        checks: &[(
            WORKERS_LOCKED_IN,
            "The processes that see pictures are locked in: no network, no files, no other programs",
        )],
    },
    Promise {
        name: "C5",
        promise: "You see when it goes, and get a signed receipt when it is gone.",
        enforced: "A countdown on every page, and an Ed25519 signature for everything that is destroyed, which anyone can check offline.",
        checks: &[(
            RECEIPT,
            "The test file’s receipt verifies against the published key",
        )],
    },
    Promise {
        name: "C6",
        promise: "All of that can be proved from outside.",
        enforced: "The command ai3dgen verify-deletion sends a marked picture through the service and searches disk, database and logs for what is left of it.",
        checks: &[(VERIFY_DELETION, "Its last search found nothing")],
    },
];

/// A promise and how it stands. Field names are part of the API.
#[derive(Serialize)]
struct Standing {
    name: &'static str,
    promise: &'static str,
    enforced: &'static str,
    /// Null if a check has not run, or not lately.
    ok: Option<bool>,
    #[serde(skip)]
    mark: &'static str,
    checks: Vec<CheckStanding>,
}

#[derive(Serialize)]
struct CheckStanding {
    name: &'static str,
    looks_for: &'static str,
    /// Null if it has not run, or not lately.
    ok: Option<bool>,
    #[serde(skip)]
    mark: &'static str,
    checked_at: Option<String>,
    /// The same for people.
    #[serde(skip)]
    checked: String,
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
    fn new(checks: &[Check], now: UnixMillis) -> Self {
        let promises = PROMISES.map(|promise| Standing::new(promise, checks, now));
        Self {
            around: Around::only_in(Language::English),
            ok: all(promises.iter().map(|promise| promise.ok)),
            promises: promises.into(),
        }
    }
}

impl Standing {
    fn new(promise: Promise, checks: &[Check], now: UnixMillis) -> Self {
        let stands = |&(name, looks_for): &(&'static str, &'static str)| {
            let last = checks.iter().find(|check| check.name == name);
            // That one is run by people, when they like.
            let fresh = |check: &&Check| {
                name == VERIFY_DELETION || check.ran_at.plus_secs(FRESH_SECS) > now
            };
            let ok = last.filter(fresh).map(|check| check.passed);
            CheckStanding {
                name,
                looks_for,
                ok,
                mark: mark(ok),
                checked_at: last.map(|check| rfc3339(check.ran_at)),
                checked: last.map_or_else(String::new, |check| {
                    minute(check.ran_at, Messages::of(Language::English))
                }),
                looked_at: last.map_or(0, |check| check.looked_at),
            }
        };
        let checks: Vec<_> = promise.checks.iter().map(stands).collect();
        let ok = all(checks.iter().map(|check| check.ok));
        Self {
            name: promise.name,
            promise: promise.promise,
            enforced: promise.enforced,
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
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let checks = state.lifecycle.checks().await?;
    let status = Status::new(&checks, state.clock.now());
    let body = match wants_page(&headers) {
        true => Html(status.render()?).into_response(),
        false => Json(status).into_response(),
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

    fn ok_of(status: &Status, name: &str) -> Option<bool> {
        let mut promises = status.promises.iter();
        promises.find(|promise| promise.name == name).unwrap().ok
    }

    #[test]
    fn a_promise_is_kept_only_if_all_its_checks_passed_lately() {
        let all_passed: Vec<Check> = PROMISES
            .iter()
            .flat_map(|promise| promise.checks)
            .map(|(name, _)| check(name, true, 60))
            .collect();
        assert_eq!(Status::new(&all_passed, NOW).ok, Some(true));
        assert_eq!(Status::new(&[], NOW).ok, None, "nothing was checked yet");

        for (place, one) in all_passed.iter().enumerate() {
            let with = |other: Option<Check>| {
                let mut checks = all_passed.clone();
                checks.remove(place);
                checks.extend(other);
                Status::new(&checks, NOW).ok
            };
            assert_eq!(with(None), None, "{} did not run", one.name);
            assert_eq!(with(Some(check(&one.name, false, 60))), Some(false));
            let old = with(Some(check(&one.name, true, 3600)));
            let may_be_old = one.name == VERIFY_DELETION;
            assert_eq!(old, may_be_old.then_some(true), "{} is old", one.name);
        }
    }

    #[test]
    fn a_broken_promise_breaks_its_own_row_and_the_whole() {
        let checks = [check(NO_STRAYS, false, 1), check(AN_HOUR_AT_MOST, true, 1)];
        let status = Status::new(&checks, NOW);
        assert_eq!(
            (ok_of(&status, "C1"), ok_of(&status, "C2")),
            (Some(true), Some(false))
        );
        assert_eq!((ok_of(&status, "C3"), status.ok), (None, Some(false)));
    }
}
