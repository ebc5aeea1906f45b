//! Triangles: isosurface, smoothing, simplification, unwrapping, baking, rendering, measuring.

pub mod model;

pub use model::{Model, Surface, Texture};
