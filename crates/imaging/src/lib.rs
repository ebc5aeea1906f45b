//! Pictures: bounded decoding, orientation, re-encoding, background removal, framing.

mod matte;
mod picture;

pub use matte::{Matte, MatteError, MatteModel};
pub use picture::Picture;
