//! Pretrained weights: the catalogue, the cache folder, pulling, verifying, importing.
//!
//! Weights are never committed and never downloaded behind the user's back: `pull` is asked for by
//! name, and nothing is used whose SHA-256 differs from the catalogue's, except for conversions
//! that a person imports and that are said to be unpinned.

mod catalogue;

mod cache;
mod place;

mod fetch;
mod network;
mod partial;
mod pip;
mod wheel;

mod import;
mod pull;

mod digest;
mod lock;
mod space;

mod error;

pub use cache::{Cache, State};
pub use catalogue::{CATALOGUE, Entry, Instead, PinnedFile, Source};
pub use error::WeightsError;
pub use import::{Fits, Imported};
pub use network::{Network, Patience};
pub use place::default_dir;
pub use pull::{Plan, PlannedFile, Progress, Pulled, Tell};
