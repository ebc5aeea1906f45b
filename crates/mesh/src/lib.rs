//! Triangles: isosurface, smoothing, simplification, unwrapping, baking, rendering, measuring,
//! checking for print, repairing.

pub mod model;

pub mod apart;
pub mod components;
pub mod isosurface;
pub mod neighbours;
pub mod quads;
pub mod simplify;
pub mod smooth;
pub mod unwrap;

mod soup;

pub mod bvh;
pub mod check;
pub mod measure;
pub mod raster;
pub mod repair;
pub mod sheet;
pub mod srgb;
pub mod tangents;

pub use model::{Material, Model, Surface, Texture};
