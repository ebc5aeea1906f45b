//! How long somebody wants their content kept: two fields, in every form and address that has them.

use std::ops::RangeInclusive;

use domain::Lifetime;
use locales::Messages;
use serde::Deserialize;

use crate::problem::Problem;

/// Lifetimes that are taken, minutes.
pub const RANGE_MINUTES: RangeInclusive<u32> = 1..=60;

/// Choices for the page, minutes.
pub const CHOICES_MINUTES: [u32; 5] = [60, 30, 15, 5, 1];

/// How long content may be kept, as people read it.
pub fn lifetime_title(minutes: u32, t: &Messages) -> String {
    match minutes {
        60 => t.get("lifetime-hour"),
        _ => t.with("lifetime-minutes", [("minutes", minutes.into())]),
    }
}

/// Yes or no, if either is said.
pub fn flag(text: Option<&str>) -> Result<Option<bool>, Problem> {
    match text.unwrap_or_default().trim() {
        "" => Ok(None),
        "0" | "false" | "off" => Ok(Some(false)),
        "1" | "true" | "on" => Ok(Some(true)),
        _ => Err(Problem::unknown_flag()),
    }
}

/// Forms send empty fields, too.
#[derive(Default, Deserialize)]
pub struct LifeWishes {
    /// Minutes.
    pub lifetime: Option<String>,
    /// Whether the first download ends it.
    pub delete_after_download: Option<String>,
}

impl LifeWishes {
    /// The lifetime in seconds, if one is named.
    pub fn secs(&self) -> Result<Option<u32>, Problem> {
        let text = self.lifetime.as_deref().unwrap_or_default().trim();
        if text.is_empty() {
            return Ok(None);
        }
        let minutes = text.parse().ok();
        let minutes = minutes.filter(|minutes| RANGE_MINUTES.contains(minutes));
        let minutes: u32 = minutes.ok_or_else(Problem::unknown_lifetime)?;
        Ok(Some(minutes * 60))
    }

    /// Whether the first download ends it; not unless it is said.
    pub fn until_first_download(&self) -> Result<bool, Problem> {
        let named = flag(self.delete_after_download.as_deref())?;
        Ok(named.unwrap_or(false))
    }

    /// Both of them together.
    pub fn lifetime(&self) -> Result<Lifetime, Problem> {
        let lifetime = match self.secs()? {
            None => Lifetime::HOUR,
            Some(secs) => Lifetime::of_secs(secs).map_err(|_| Problem::unknown_lifetime())?,
        };
        Ok(match self.until_first_download()? {
            true => lifetime.until_first_download(),
            false => lifetime,
        })
    }
}
