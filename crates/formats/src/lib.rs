//! 3D file formats, written and read by code of our own. What is written is read back in tests by
//! programs that are not ours; what is read may come from anybody and is bounded in every respect.

pub mod animation;
pub mod format;
pub mod png;
pub mod read;
pub mod write;

pub use animation::{AnimationError, AnimationKind, Reel};
mod archive;
mod colour;
mod weld;

pub use format::Format;
pub use read::{Limits, Note, Opened, ReadError, read};
pub use write::{Companion, WriteError, WriteOptions, Written, glb, to_vertex_colours, write};
