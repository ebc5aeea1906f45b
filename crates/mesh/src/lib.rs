//! Triangles: isosurface, smoothing, simplification, unwrapping, baking, rendering, measuring.

pub mod model;
pub mod raster;
pub mod sheet;

pub use model::{Model, Surface, Texture};
