//! Asking other servers for what a client named, and telling them what a client wanted told.
//!
//! Whoever names an address must not get at what only this machine or its network reaches. So every
//! address that a name leads to is looked at before it is connected to, redirects included, and the
//! connection goes to the very address that was looked at.

use std::error::Error;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, Response, Url};

use crate::place::Allowance;

const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// All of one request, its answer included.
const TOTAL_LIMIT: Duration = Duration::from_secs(30);
const MOST_REDIRECTS: usize = 3;

/// Why a server was not asked, or didn't answer well.
#[derive(Debug, thiserror::Error)]
pub enum ReachError {
    /// The text is no address that can be asked.
    #[error("that is no http or https address")]
    NotAnAddress,
    /// It leads into a private network.
    #[error("that address leads into a private network, which this server doesn’t ask")]
    Private,
    /// It answered with an error, too late, or not at all.
    #[error("nothing could be fetched from that address")]
    NoAnswer,
    /// Its answer is too long.
    #[error("what that address answers is too long")]
    TooLong,
}

/// The way out.
#[derive(Clone)]
pub struct Reach {
    fetching: Client,
    telling: Client,
    allow_private: bool,
}

impl Reach {
    /// `allow_private`: private networks are reached, too.
    ///
    /// # Panics
    /// If the system's certificates can't be set up, as any client of TLS would.
    pub fn new(allow_private: bool) -> Self {
        let client = |redirects: Policy| {
            Client::builder()
                .no_proxy()
                .dns_resolver(Arc::new(Guard { allow_private }))
                .redirect(redirects)
                .connect_timeout(CONNECT_LIMIT)
                .timeout(TOTAL_LIMIT)
                .user_agent(concat!("ai3dgen/", env!("CARGO_PKG_VERSION")))
                .build()
                .expect("a client with these settings can be made")
        };
        Self {
            fetching: client(Policy::custom(move |attempt| {
                follow(attempt, allow_private)
            })),
            telling: client(Policy::none()),
            allow_private,
        }
    }

    /// An address that may be asked, as far as its text tells.
    ///
    /// # Errors
    /// [`ReachError::NotAnAddress`] and [`ReachError::Private`].
    pub fn address(&self, text: &str) -> Result<Url, ReachError> {
        let url = Url::parse(text).map_err(|_| ReachError::NotAnAddress)?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(ReachError::NotAnAddress);
        }
        if !self.allow_private && is_private_literal(&url) {
            return Err(ReachError::Private);
        }
        Ok(url)
    }

    /// What an address answers, as far as `allowance` goes.
    ///
    /// # Errors
    /// All of [`ReachError`].
    pub async fn fetch(&self, text: &str, allowance: &Allowance) -> Result<Vec<u8>, ReachError> {
        let url = self.address(text)?;
        let mut reply = self.fetching.get(url).send().await.map_err(cause)?;
        if !reply.status().is_success() {
            return Err(ReachError::NoAnswer);
        }
        let announced = reply.content_length().unwrap_or_default();
        if announced > allowance.left() as u64 {
            return Err(ReachError::TooLong);
        }
        let mut bytes = Vec::new();
        while let Some(piece) = reply.chunk().await.map_err(cause)? {
            if !allowance.take(piece.len()) {
                return Err(ReachError::TooLong);
            }
            bytes.extend_from_slice(&piece);
        }
        Ok(bytes)
    }

    /// Posts JSON, following no redirect.
    ///
    /// # Errors
    /// [`ReachError::Private`] and [`ReachError::NoAnswer`].
    pub async fn tell(
        &self,
        url: Url,
        headers: [(&'static str, String); 3],
        body: String,
    ) -> Result<Response, ReachError> {
        let mut request = self.telling.post(url).body(body);
        request = request.header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(name, value);
        }
        request.send().await.map_err(cause)
    }
}

/// Refuses names that lead into private networks.
struct Guard {
    allow_private: bool,
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let allow_private = self.allow_private;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let found: Vec<SocketAddr> = found.collect();
            if !allow_private && found.iter().any(|found| is_private(found.ip())) {
                return Err(Box::new(LeadsInside) as Box<dyn Error + Send + Sync>);
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

fn follow(attempt: Attempt<'_>, allow_private: bool) -> reqwest::redirect::Action {
    if attempt.previous().len() > MOST_REDIRECTS {
        return attempt.stop();
    }
    match !allow_private && is_private_literal(attempt.url()) {
        true => attempt.error(LeadsInside),
        false => attempt.follow(),
    }
}

#[derive(Debug)]
struct LeadsInside;

impl fmt::Display for LeadsInside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it leads into a private network")
    }
}

impl Error for LeadsInside {}

fn cause(error: reqwest::Error) -> ReachError {
    let mut source: Option<&dyn Error> = Some(&error);
    while let Some(error) = source {
        if error.is::<LeadsInside>() {
            return ReachError::Private;
        }
        source = error.source();
    }
    ReachError::NoAnswer
}

/// An address in numbers is never resolved, so it is looked at here.
fn is_private_literal(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.parse().is_ok_and(is_private)
}

/// Whether an address is not one of the public internet.
fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_private_v4(address),
        IpAddr::V6(address) => is_private_v6(address),
    }
}

fn is_private_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        || a >= 240
        // Shared by a provider's customers (RFC 6598), protocol assignments, benchmarks.
        || (a == 100 && b & 0xc0 == 64)
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && b & 0xfe == 18)
}

/// Only global unicast is public, without what tunnels or documents others.
fn is_private_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    let is_global = a & 0xe000 == 0x2000;
    let is_special = a == 0x2001 && (b < 0x200 || b == 0xdb8);
    let is_six_to_four = a == 0x2002;
    let is_documentation = a == 0x3fff && b < 0x1000;
    !is_global || is_special || is_six_to_four || is_documentation
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_networks_are_told_from_the_internet() {
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "172.31.255.255",
            "192.168.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "::ffff:127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:0:7f00:1::",
            "2001:db8::1",
        ] {
            assert!(is_private(private.parse().unwrap()), "{private}");
        }
        for public in ["8.8.8.8", "100.128.0.1", "172.32.0.1", "2606:4700::1"] {
            assert!(!is_private(public.parse().unwrap()), "{public}");
        }
    }

    #[test]
    fn an_address_in_any_spelling_is_looked_at() {
        let reach = Reach::new(false);
        for text in [
            "http://127.0.0.1/x",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://[::1]:8080/",
            "https://user@192.168.1.1/",
        ] {
            let refused = reach.address(text);
            assert!(matches!(refused, Err(ReachError::Private)), "{text}");
            assert!(Reach::new(true).address(text).is_ok(), "{text}");
        }
        for text in [
            "",
            "file:///etc/passwd",
            "ftp://example.org/",
            "/x",
            "http://",
        ] {
            let refused = reach.address(text);
            assert!(matches!(refused, Err(ReachError::NotAnAddress)), "{text}");
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_refused() {
        let room = Allowance::new(9);
        let refused = Reach::new(false).fetch("http://localhost:1/", &room).await;
        assert!(matches!(refused, Err(ReachError::Private)), "{refused:?}");
        let nobody = Reach::new(true).fetch("http://127.0.0.1:1/", &room).await;
        assert!(matches!(nobody, Err(ReachError::NoAnswer)), "{nobody:?}");
    }
}
