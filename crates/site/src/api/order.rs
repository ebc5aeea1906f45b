//! What a program may ask for, by the names that this API has for it.

use domain::Lifetime;
use engine::{FACES, Ground, Options, Shaper, Symmetry, TEXTURE_PX, Tier, Topology};
use serde::Deserialize;

use super::error::{ApiError, invalid, no_text_model};
use super::webhook::Hook;
use crate::jobs::life::RANGE_MINUTES;
use crate::jobs::size::RANGE_MM;
use crate::problem::Problem;
use crate::state::AppState;

/// A job to make. Fields that are not here are refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// Data URI, http(s) address, or the id of a file.
    pub image: Option<String>,
    /// The object's other sides, named in the same way.
    pub left: Option<String>,
    pub back: Option<String>,
    pub right: Option<String>,
    #[serde(flatten)]
    pub wanted: Wanted,
}

/// Jobs to make of several pictures.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Orders {
    /// Each named as [`Order::image`] is.
    #[serde(default)]
    pub images: Vec<String>,
    #[serde(flatten)]
    pub wanted: Wanted,
}

/// What is to be made.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    /// Refused: there is no model for it.
    pub prompt: Option<String>,
    tier: Option<String>,
    engine: Option<String>,
    seed: Option<u64>,
    faces: Option<u32>,
    texture: Option<u32>,
    topology: Option<String>,
    symmetry: Option<String>,
    size_mm: Option<f32>,
    ground: Option<String>,
    print: Option<bool>,
    keep_background: Option<bool>,
    lifetime: Option<u32>,
    delete_after_download: Option<bool>,
    /// Told when the job ends.
    pub webhook_url: Option<String>,
    /// What its messages are signed with.
    pub webhook_secret: Option<String>,
}

impl Wanted {
    /// What to make, and how long to keep it.
    pub fn wishes(&self) -> Result<lifecycle::Wishes, ApiError> {
        if self.prompt.is_some() {
            return Err(no_text_model());
        }
        let lifetime = lifetime(self.lifetime, self.delete_after_download)?;
        Ok(lifecycle::Wishes {
            lifetime,
            ..self.options()?.into()
        })
    }

    /// Whom to tell when it ends.
    pub fn hook(&self, state: &AppState) -> Result<Option<Hook>, ApiError> {
        let (url, secret) = (&self.webhook_url, &self.webhook_secret);
        Hook::named(state, url.as_deref(), secret.as_deref())
    }

    fn options(&self) -> Result<Options, ApiError> {
        let usual = Options::default();
        let size_mm = self.size_mm.filter(|size| !RANGE_MM.contains(size));
        if size_mm.is_some() {
            return Err(Problem::unknown_size().into());
        }
        let size = self.size_mm.map(|size| size / 1000.0);
        Ok(Options {
            tier: tier(self.tier.as_deref())?.unwrap_or_default(),
            shaper: shaper(self.engine.as_deref())?.unwrap_or_default(),
            seed: self.seed.unwrap_or(usual.seed),
            faces: within("faces", self.faces, FACES)?,
            texture_px: within("texture", self.texture, TEXTURE_PX)?,
            topology: one_of(
                "topology",
                self.topology.as_deref(),
                Topology::ALL,
                Topology::name,
            )?
            .unwrap_or_default(),
            symmetry: one_of(
                "symmetry",
                self.symmetry.as_deref(),
                Symmetry::ALL,
                Symmetry::name,
            )?
            .unwrap_or_default(),
            size_metres: size.or(self
                .print
                .unwrap_or_default()
                .then_some(engine::PRINTED_METRES)),
            ground: one_of("ground", self.ground.as_deref(), Ground::ALL, Ground::name)?
                .unwrap_or_default(),
            print: self.print.unwrap_or(usual.print),
            keep_background: self.keep_background.unwrap_or(usual.keep_background),
        })
    }
}

/// What a failed job is to be tried again with.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Again {
    tier: Option<String>,
    engine: Option<String>,
    keep_background: Option<bool>,
}

impl Again {
    pub fn changes(&self) -> Result<lifecycle::Again, ApiError> {
        Ok(lifecycle::Again {
            tier: tier(self.tier.as_deref())?,
            shaper: shaper(self.engine.as_deref())?,
            keep_background: self.keep_background,
        })
    }
}

/// How long a job is to be kept from now on, never longer than before.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Shorter {
    lifetime: Option<u32>,
    delete_after_download: Option<bool>,
}

impl Shorter {
    /// Seconds, and whether the first download ends it.
    pub fn wishes(&self) -> Result<(Option<u32>, bool), ApiError> {
        let after_download = self.delete_after_download.unwrap_or_default();
        if self.lifetime.is_none() && !after_download {
            return Err(Problem::unknown_lifetime().into());
        }
        Ok((minutes(self.lifetime)?, after_download))
    }
}

fn lifetime(named: Option<u32>, after_download: Option<bool>) -> Result<Lifetime, ApiError> {
    let lifetime = match minutes(named)? {
        None => Lifetime::HOUR,
        Some(secs) => Lifetime::of_secs(secs).map_err(|_| Problem::unknown_lifetime())?,
    };
    Ok(match after_download {
        Some(true) => lifetime.until_first_download(),
        _ => lifetime,
    })
}

/// Minutes as seconds.
fn minutes(named: Option<u32>) -> Result<Option<u32>, ApiError> {
    match named {
        Some(minutes) if !RANGE_MINUTES.contains(&minutes) => {
            Err(Problem::unknown_lifetime().into())
        }
        named => Ok(named.map(|minutes| minutes * 60)),
    }
}

fn tier(name: Option<&str>) -> Result<Option<Tier>, ApiError> {
    let named = name.map(|name| Tier::from_name(name).ok_or_else(Problem::unknown_tier));
    Ok(named.transpose()?)
}

fn shaper(name: Option<&str>) -> Result<Option<Shaper>, ApiError> {
    let named = name.map(|name| Shaper::from_name(name).ok_or_else(Problem::unknown_engine));
    Ok(named.transpose()?)
}

/// A number within bounds.
pub fn within(
    field: &str,
    number: Option<u32>,
    range: std::ops::RangeInclusive<u32>,
) -> Result<Option<u32>, ApiError> {
    match number {
        Some(number) if !range.contains(&number) => Err(invalid(format!(
            "{field} is a whole number from {} to {}.",
            range.start(),
            range.end()
        ))),
        number => Ok(number),
    }
}

/// One of some names.
pub fn one_of<T: Copy, const N: usize>(
    field: &str,
    name: Option<&str>,
    all: [T; N],
    name_of: fn(T) -> &'static str,
) -> Result<Option<T>, ApiError> {
    let Some(name) = name else { return Ok(None) };
    let found = all.into_iter().find(|one| name_of(*one) == name);
    let names = || all.map(name_of).join(", ");
    found
        .map(Some)
        .ok_or_else(|| invalid(format!("{field} is one of {}.", names())))
}
