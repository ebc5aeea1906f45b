//! Where visits are counted, if the operator wants that: never more than the address and title of a public page.

use serde::Serialize;

/// Where Google Analytics takes what is counted.
const GA4_HOST: &str = "https://www.google-analytics.com";

/// What counts visits; by default nothing does.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Analytics {
    /// A measurement id of Google Analytics 4, as in `G-AB12CD34EF`.
    pub ga4: Option<String>,
    /// A project of PostHog.
    pub posthog: Option<PostHog>,
}

/// A project of PostHog.
#[derive(Clone, Debug, Serialize)]
pub struct PostHog {
    /// Its public key, as in `phc_…`.
    pub key: String,
    /// Scheme and host of the server it is on, without a slash at the end.
    pub host: String,
}

impl Analytics {
    /// Whether there is anything to ask visitors for.
    pub fn is_on(&self) -> bool {
        self.ga4.is_some() || self.posthog.is_some()
    }

    /// What visitors know them by.
    pub fn names(&self) -> String {
        let ga4 = self.ga4.as_ref().map(|_| "Google Analytics");
        let posthog = self.posthog.as_ref().map(|_| "PostHog");
        let names: Vec<_> = ga4.into_iter().chain(posthog).collect();
        names.join(", ")
    }

    /// Where a browser has to be allowed to connect to.
    pub fn hosts(&self) -> impl Iterator<Item = &str> {
        let ga4 = self.ga4.as_ref().map(|_| GA4_HOST);
        let posthog = self.posthog.as_ref().map(|posthog| &*posthog.host);
        ga4.into_iter().chain(posthog)
    }
}
