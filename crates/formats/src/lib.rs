//! Writers for 3D file formats, our own on purpose. Each is read back in tests by code that is
//! not ours.

pub mod glb;
pub mod png;

pub use glb::{GlbError, GlbOptions};
