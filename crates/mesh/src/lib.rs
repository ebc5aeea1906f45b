//! Triangles: isosurface, smoothing, simplification, unwrapping, baking, rendering, measuring.

pub mod model;

pub mod components;
pub mod isosurface;
pub mod simplify;
pub mod smooth;
pub mod unwrap;

pub mod bvh;
pub mod measure;
pub mod raster;
pub mod sheet;
pub mod tangents;

pub use model::{Material, Model, Surface, Texture};
