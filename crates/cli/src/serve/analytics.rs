//! Options of `serve` that name who counts visits.

use clap::Args;
use site::{Analytics, PostHog};

use super::public_url;

/// What counts visits of public pages. Without any of these nobody is asked, and nothing is counted.
#[derive(Args, Clone, Debug)]
pub struct AnalyticsArgs {
    /// Count visits of those who agree with Google Analytics 4, under this measurement id
    #[arg(long, value_parser = measurement_id, value_name = "G-ID")]
    ga4: Option<String>,
    /// Count visits of those who agree with PostHog, under this project's public key
    #[arg(long, value_parser = project_key, value_name = "KEY")]
    posthog_key: Option<String>,
    /// The PostHog server
    #[arg(long, value_parser = public_url, value_name = "URL", requires = "posthog_key",
        default_value = "https://eu.i.posthog.com")]
    posthog_host: String,
}

impl From<AnalyticsArgs> for Analytics {
    fn from(args: AnalyticsArgs) -> Self {
        let host = args.posthog_host;
        Self {
            ga4: args.ga4,
            posthog: args.posthog_key.map(|key| PostHog { key, host }),
        }
    }
}

/// `G-` and capitals or digits.
fn measurement_id(text: &str) -> Result<String, String> {
    let id = text.strip_prefix("G-").unwrap_or_default();
    let known = |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit();
    match !id.is_empty() && id.chars().all(known) {
        true => Ok(text.to_owned()),
        false => Err("say the measurement id of a web stream, as in G-AB12CD34EF".into()),
    }
}

/// `phc_` and letters or digits: a personal key (`phx_…`) must not reach browsers.
fn project_key(text: &str) -> Result<String, String> {
    let key = text.strip_prefix("phc_").unwrap_or_default();
    match !key.is_empty() && key.chars().all(|letter| letter.is_ascii_alphanumeric()) {
        true => Ok(text.to_owned()),
        false => Err("say the project's public key, which begins with phc_".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_browsers_may_know_is_taken() {
        assert_eq!(measurement_id("G-AB12CD34EF"), Ok("G-AB12CD34EF".into()));
        assert_eq!(project_key("phc_a1B2"), Ok("phc_a1B2".into()));
        for text in ["", "G-", "UA-12-1", "G-ab", "G-A B", "G-A<"] {
            assert!(measurement_id(text).is_err(), "{text}");
        }
        for text in ["", "phc_", "phx_secret", "phc_a\"b"] {
            assert!(project_key(text).is_err(), "{text}");
        }
    }
}
