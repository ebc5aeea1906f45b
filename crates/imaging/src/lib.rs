//! Pictures: bounded decoding, orientation, re-encoding, background removal, framing.

mod sniff;

mod limits;

mod decode;

mod avif;
mod colour_profile;
mod raster;

mod picture;
mod plane;

mod encode;

mod matte;

mod guided;
mod u2net;

mod components;
mod frame;
mod pyramid;
mod subject;

mod upscale;

pub use decode::{DecodeError, decode};
pub use encode::encode_png;
pub use frame::{Frame, Framing};
pub use limits::Limits;
pub use matte::{Matte, MatteError, MatteModel};
pub use picture::Picture;
pub use plane::{Plane, gaussian};
pub use pyramid::Pyramid;
pub use sniff::MediaKind;
pub use u2net::U2Net;
pub use upscale::{Upscale, UpscaleError, Upscaler};
