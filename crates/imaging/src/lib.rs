//! Pictures: bounded decoding, orientation, re-encoding, background removal, framing.

mod frame;
mod matte;
mod picture;
mod plane;

pub use frame::{Frame, Framing};
pub use matte::{Matte, MatteError, MatteModel};
pub use picture::Picture;
pub use plane::{Plane, gaussian};
