//! Training samples: objects (from files or procedural), rendered with random cameras and lights.

pub mod load;
pub mod object;
pub mod pack;
pub mod procedural;

pub mod solid;

pub mod look;
pub mod render;
pub mod smooth;

pub mod random;
pub mod stream;

pub use object::Object;
