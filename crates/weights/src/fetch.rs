//! One file over HTTP, from where an earlier pull stopped to its last byte.

mod reply;
mod wait;

use std::io;
use std::ops::ControlFlow;
use std::time::{Duration, Instant, SystemTime};

use reqwest::header::{ACCEPT_ENCODING, IF_RANGE, RANGE};
use reqwest::{Client, Response};

use crate::PinnedFile;
use crate::network::{Network, Patience};
use crate::partial::{Note, Partial};
use reply::{Reply, Verdict};
use wait::{Waited, ticking};

/// Fresh starts after a server changed the file or answered a range wrongly.
const MOST_RESTARTS: u32 = 2;

/// What a fetch tells while it goes on.
pub(crate) enum Event<'a> {
    /// Bytes that are there.
    At(u64),
    /// It broke off and is tried again after this time.
    Again(&'a str, Duration),
    /// It begins anew, and why.
    Anew(&'a str),
}

/// Hears of events, at least every 100 ms; its `Break` ends the fetch.
pub(crate) type Tell<'a> = dyn FnMut(Event<'_>) -> ControlFlow<()> + 'a;

/// Why a file didn't come.
#[derive(Debug)]
pub(crate) enum FetchError {
    /// `tell` said so.
    Stopped,
    /// Nothing came, or not enough of it, time and again.
    GaveUp(String),
    /// The server's answer is final.
    Refused(String),
    /// What the server has isn't the pinned file. What came from elsewhere before is kept.
    Unfit(String),
    /// It was all there, with this SHA-256.
    WrongHash(String),
    /// The disk.
    Write(io::Error),
}

/// How one try ended, if not with the last byte.
enum Ended {
    /// May be tried again; the server may have asked to wait.
    Early(String, Option<Duration>),
    /// What is there doesn't go with what the server has.
    Anew(String),
    Finally(FetchError),
}

impl From<FetchError> for Ended {
    fn from(error: FetchError) -> Self {
        Self::Finally(error)
    }
}

/// Fetches what `partial` lacks. On success its bytes are the pinned ones.
pub(crate) fn fetch(
    network: &Network,
    url: &str,
    pinned: &PinnedFile,
    partial: &mut Partial,
    tell: &mut Tell<'_>,
) -> Result<(), FetchError> {
    let refused = |error: &dyn std::error::Error| FetchError::Refused(reply::reason(error));
    let client = network.client().map_err(|error| refused(&error))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| refused(&error))?;
    let fetch = Fetch {
        client,
        url,
        pinned,
        patience: network.patience,
    };
    runtime.block_on(fetch.run(partial, tell))
}

struct Fetch<'a> {
    client: Client,
    url: &'a str,
    pinned: &'a PinnedFile,
    patience: Patience,
}

impl Fetch<'_> {
    async fn run(&self, partial: &mut Partial, tell: &mut Tell<'_>) -> Result<(), FetchError> {
        // Tries that bring at least this much start the count again. It bounds their number too.
        let progress = (self.pinned.bytes / 1000).max(1);
        let (mut failures, mut restarts) = (0, 0);
        loop {
            if partial.len() == self.pinned.bytes {
                let sha256 = partial.sha256();
                if sha256 == self.pinned.sha256 {
                    return Ok(());
                }
                // Bytes of two versions may have met, or a crash may have spoiled the first ones.
                if !partial.stitched || restarts == MOST_RESTARTS {
                    return Err(FetchError::WrongHash(sha256));
                }
                restarts = MOST_RESTARTS;
                anew("the parts don't go together", partial, tell)?;
            }
            let before = partial.len();
            match self.attempt(partial, tell).await {
                Ok(()) => {}
                Err(Ended::Finally(error)) => return Err(error),
                Err(Ended::Anew(reason)) => {
                    if restarts == MOST_RESTARTS {
                        return Err(FetchError::GaveUp(reason));
                    }
                    restarts += 1;
                    anew(&reason, partial, tell)?;
                }
                Err(Ended::Early(reason, asked)) => {
                    if partial.len() >= before + progress {
                        failures = 0;
                    }
                    failures += 1;
                    self.back_off(failures, &reason, asked, tell).await?;
                }
            }
        }
    }

    async fn back_off(
        &self,
        failures: u32,
        reason: &str,
        asked: Option<Duration>,
        tell: &mut Tell<'_>,
    ) -> Result<(), FetchError> {
        let Patience {
            attempts,
            first_wait,
            longest_wait,
            ..
        } = self.patience;
        if failures >= attempts {
            return Err(FetchError::GaveUp(reason.to_owned()));
        }
        let doubled = first_wait.saturating_mul(1 << (failures - 1).min(16));
        let wait = match asked {
            Some(asked) if asked > longest_wait => {
                let minutes = asked.as_secs().div_ceil(60);
                return Err(FetchError::Refused(format!(
                    "{reason}; it asks to come back in {minutes} minutes"
                )));
            }
            Some(asked) => asked,
            None => doubled.min(longest_wait),
        };
        let until = Instant::now() + wait;
        let waited = ticking(std::future::pending::<()>(), until, || {
            tell(Event::Again(reason, wait))
        });
        match waited.await {
            Waited::Stopped => Err(FetchError::Stopped),
            Waited::Done(()) | Waited::TooLong => Ok(()),
        }
    }

    /// Asks once, for all that is lacking.
    async fn attempt(&self, partial: &mut Partial, tell: &mut Tell<'_>) -> Result<(), Ended> {
        let offset = partial.len();
        if tell(Event::At(offset)).is_break() {
            return Err(FetchError::Stopped.into());
        }
        let mut request = self
            .client
            .get(self.url)
            // The hash is of the file itself, and ranges count its bytes.
            .header(ACCEPT_ENCODING, "identity");
        // Elsewhere the tag says nothing; the SHA-256 will.
        let note = partial.note().filter(|note| note.url == self.url).cloned();
        if offset > 0 {
            request = request.header(RANGE, format!("bytes={offset}-"));
            let strong = note.as_ref().and_then(|note| note.etag.as_deref());
            // A weak tag is no condition for ranges (RFC 9110, 13.1.5).
            if let Some(etag) = strong.filter(|etag| etag.starts_with('"')) {
                request = request.header(IF_RANGE, etag);
            }
        }
        let until = Instant::now() + self.patience.window;
        let waited = ticking(request.send(), until, || tell(Event::At(offset)));
        let response = match waited.await {
            Waited::Done(Ok(response)) => response,
            Waited::Done(Err(error)) => return Err(reply::no_answer(error)),
            Waited::TooLong => return Err(Ended::Early("it doesn't answer".into(), None)),
            Waited::Stopped => return Err(FetchError::Stopped.into()),
        };
        let reply = Reply::of(&response);
        match reply.verdict(offset, self.pinned.bytes, note.as_ref(), SystemTime::now())? {
            Verdict::Rest => {}
            Verdict::Whole if offset == 0 => {}
            Verdict::Whole => anew("the server sends the whole file", partial, tell)?,
        }
        let note = Note {
            url: self.url.to_owned(),
            etag: reply.etag,
        };
        partial.will_come_from(note).map_err(FetchError::Write)?;
        self.receive(response, partial, tell).await
    }

    /// Takes bytes until all are there.
    async fn receive(
        &self,
        mut response: Response,
        partial: &mut Partial,
        tell: &mut Tell<'_>,
    ) -> Result<(), Ended> {
        let mut until = Instant::now() + self.patience.window;
        let mut in_window = 0;
        let mut told = Instant::now();
        loop {
            let at = partial.len();
            let waited = ticking(response.chunk(), until, || tell(Event::At(at)));
            match waited.await {
                Waited::Done(Ok(Some(chunk))) => {
                    in_window += chunk.len() as u64;
                    if at + chunk.len() as u64 > self.pinned.bytes {
                        partial.restart().map_err(FetchError::Write)?;
                        let unfit = format!("it is longer than {} bytes", self.pinned.bytes);
                        return Err(FetchError::Unfit(unfit).into());
                    }
                    partial.append(&chunk).map_err(FetchError::Write)?;
                    if told.elapsed() >= wait::TICK {
                        told = Instant::now();
                        if tell(Event::At(partial.len())).is_break() {
                            return Err(FetchError::Stopped.into());
                        }
                    }
                }
                Waited::Done(Ok(None)) if at == self.pinned.bytes => {
                    return match tell(Event::At(at)) {
                        ControlFlow::Continue(()) => Ok(()),
                        ControlFlow::Break(()) => Err(FetchError::Stopped.into()),
                    };
                }
                Waited::Done(Ok(None)) => {
                    return Err(Ended::Early("it ended before the file did".into(), None));
                }
                Waited::Done(Err(error)) => {
                    return Err(Ended::Early(reply::reason(&error), None));
                }
                Waited::Stopped => return Err(FetchError::Stopped.into()),
                Waited::TooLong => {}
            }
            if Instant::now() >= until {
                if in_window < self.patience.least_bytes {
                    return Err(Ended::Early("it hangs".into(), None));
                }
                until = Instant::now() + self.patience.window;
                in_window = 0;
            }
        }
    }
}

fn anew(reason: &str, partial: &mut Partial, tell: &mut Tell<'_>) -> Result<(), FetchError> {
    partial.restart().map_err(FetchError::Write)?;
    match tell(Event::Anew(reason)) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(FetchError::Stopped),
    }
}
