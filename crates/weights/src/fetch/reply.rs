//! What a server's answer means for the file that is wanted.

use std::time::{Duration, SystemTime};

use reqwest::header::{
    CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderMap, HeaderName, RETRY_AFTER,
};
use reqwest::{Response, StatusCode};

use super::{Ended, FetchError};
use crate::partial::Note;

/// The head of an answer.
pub(super) struct Reply {
    status: StatusCode,
    pub(super) etag: Option<String>,
    length: Option<u64>,
    range: Option<ContentRange>,
    encoding: Option<String>,
    retry_after: Option<String>,
}

/// What the body is of the file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// All from the offset that was asked for.
    Rest,
    /// All of it, asked for or not.
    Whole,
}

/// `bytes first-last/total`, or `bytes */total` where there is no such range (RFC 9110, 14.4).
#[derive(Debug, PartialEq, Eq)]
struct ContentRange {
    first: Option<u64>,
    total: Option<u64>,
}

impl Reply {
    pub(super) fn of(response: &Response) -> Self {
        let headers = response.headers();
        Self {
            status: response.status(),
            etag: text(headers, ETAG),
            length: text(headers, CONTENT_LENGTH).and_then(|length| length.parse().ok()),
            range: text(headers, CONTENT_RANGE).and_then(|range| content_range(&range)),
            encoding: text(headers, CONTENT_ENCODING),
            retry_after: text(headers, RETRY_AFTER),
        }
    }

    /// Whether the body is what was asked for: a file of `bytes`, from `offset` on, of the
    /// version that `note` says the first bytes are of.
    pub(super) fn verdict(
        &self,
        offset: u64,
        bytes: u64,
        note: Option<&Note>,
        now: SystemTime,
    ) -> Result<Verdict, Ended> {
        let of_other_length = |length: u64| {
            let unfit = format!("it has {length} bytes instead of {bytes}");
            Err(FetchError::Unfit(unfit).into())
        };
        let total = self.range.as_ref().and_then(|range| range.total);
        match self.status {
            StatusCode::OK | StatusCode::PARTIAL_CONTENT => {}
            StatusCode::RANGE_NOT_SATISFIABLE => {
                return match total {
                    Some(total) if total != bytes => of_other_length(total),
                    _ => {
                        let reason = "the server has no such part of the file";
                        Err(Ended::Anew(reason.into()))
                    }
                };
            }
            status => return Err(self.no_file(status, now)),
        }
        if let Some(encoding) = self.encoding.as_deref().filter(|e| *e != "identity") {
            let unfit = format!("it comes as {encoding}, which wasn't asked for");
            return Err(FetchError::Unfit(unfit).into());
        }
        if self.status == StatusCode::OK {
            return match self.length {
                Some(length) if length != bytes => of_other_length(length),
                _ => Ok(Verdict::Whole),
            };
        }
        let Some(range) = self.range.as_ref().filter(|_| offset > 0) else {
            let reason = "the server answered with a part that wasn't asked for";
            return Err(Ended::Anew(reason.into()));
        };
        if let Some(total) = total.filter(|total| *total != bytes) {
            return of_other_length(total);
        }
        let noted = note.and_then(|note| note.etag.as_ref());
        let changed = noted.is_some_and(|etag| self.etag.as_ref().is_some_and(|now| now != etag));
        if range.first != Some(offset) {
            let reason = "the server answered with another part than asked for";
            Err(Ended::Anew(reason.into()))
        } else if changed {
            Err(Ended::Anew("the file changed on the server".into()))
        } else {
            Ok(Verdict::Rest)
        }
    }

    fn no_file(&self, status: StatusCode, now: SystemTime) -> Ended {
        let said = format!("the server says {status}");
        let passing = status.is_server_error()
            || [StatusCode::TOO_MANY_REQUESTS, StatusCode::REQUEST_TIMEOUT].contains(&status);
        if passing {
            let asked = self.retry_after.as_deref();
            Ended::Early(said, asked.and_then(|value| time_asked(value, now)))
        } else {
            FetchError::Refused(said).into()
        }
    }
}

/// What a request that got no answer ends with.
pub(super) fn no_answer(error: reqwest::Error) -> Ended {
    let reason = reason(&error);
    if error.is_redirect() || error.is_builder() {
        FetchError::Refused(reason).into()
    } else {
        Ended::Early(reason, None)
    }
}

/// The innermost cause: the others only say that something failed.
pub(super) fn reason(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?;
    Some(value.trim().to_owned())
}

fn content_range(value: &str) -> Option<ContentRange> {
    let (range, total) = value.strip_prefix("bytes ")?.split_once('/')?;
    let first = match range.trim() {
        "*" => None,
        range => Some(range.split_once('-')?.0.trim().parse().ok()?),
    };
    Some(ContentRange {
        first,
        total: total.trim().parse().ok(),
    })
}

/// `Retry-After`: seconds, or a date (RFC 9110, 10.2.3).
fn time_asked(value: &str, now: SystemTime) -> Option<Duration> {
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_and_nonsense_is_none() {
        let range = |value| content_range(value).map(|range| (range.first, range.total));
        assert_eq!(range("bytes 5-9/10"), Some((Some(5), Some(10))));
        assert_eq!(range("bytes 5-9/*"), Some((Some(5), None)));
        assert_eq!(range("bytes */10"), Some((None, Some(10))));
        for nonsense in ["", "bytes", "bytes 5", "bytes x-9/10", "items 5-9/10"] {
            assert_eq!(range(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn a_server_may_ask_for_time_in_two_ways() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_700);
        let asked = |value| time_asked(value, now).map(|asked| asked.as_secs());
        assert_eq!(asked("7"), Some(7));
        // RFC 9110's own example: second 784,111,777.
        assert_eq!(asked("Sun, 06 Nov 1994 08:49:37 GMT"), Some(77));
        assert_eq!(asked("Sun, 06 Nov 1994 08:00:00 GMT"), Some(0));
        assert_eq!(asked("soon"), None);
    }
}
