//! A picture becomes a textured model, as a stream of stage events.

mod error;
mod events;
mod options;
mod run;

pub use error::EngineError;
pub use events::{Event, Notice, Sink, Stage};
pub use options::{Options, Shaper, Tier};
pub use run::{Artifacts, Engine};
