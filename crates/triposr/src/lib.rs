//! TripoSR (Tochilkin et al. 2024), on the CPU or, built for it, on a GPU: one picture becomes a field of density and colour.
//!
//! A vision transformer turns the picture into tokens; a second transformer turns learnt plane
//! tokens, looking at those, into three feature planes; a small perceptron turns a point's
//! features into density and colour. The surface in the density is found as the reference finds it, to be
//! held against it; models are made from the density itself, elsewhere.
//!
//! # Axes
//! The scene is the cube from −radius to radius (0.87) in the reference's axes: right-handed,
//! **x towards the viewer of the picture, y to the picture's right, z up**. The reference looks at
//! it from (1.9, 0, 0) with a vertical field of view of 40°. [`Scene`] says the rest.

pub mod config;
mod device;
mod error;
mod grid;
mod kernels;
mod marching;
mod model;
mod network;
pub mod parity;
mod picture;
mod progress;
mod scene;
pub mod shapes;
mod view;

pub use config::Config;
pub use device::Device;
pub use error::{Error, Result};
pub use grid::{Grid, Sampling};
pub use kernels::Precision;
pub use marching::Mesh;
pub use model::Model;
pub use picture::Rgb;
pub use progress::{Progress, Stage};
pub use scene::{Sample, Scene};
pub use view::Camera;
