//! Training samples: objects (from files or procedural), rendered with random cameras and lights.

pub mod object;
pub mod procedural;
pub mod random;

pub use object::Object;
