//! Pictures: bounded decoding, orientation, re-encoding, background removal, framing, editing.

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

mod brush;
mod cutout;
mod mask;

mod components;
mod frame;
mod pyramid;
mod subject;

pub mod geometry;

mod adjust;
mod sharpen;
mod white_balance;

mod fill;

mod ncnn;
mod network;
mod tiles;

mod denoise;
mod enlarged;
mod realesrgan;
mod restyle;
mod upscale;

mod edit;
mod remove;

pub use adjust::{Adjustments, EXPOSURE_EV, PER_CENT, adjust};
pub use cutout::Background;
pub use decode::{DecodeError, decode};
pub use denoise::{Denoiser, NOISE};
pub use edit::{Behind, Edit, EditError, Enlarge, Networks, edit};
pub use encode::{EncodeError, PictureFormat, encode, encode_matte, encode_png};
pub use fill::{FillError, fill};
pub use frame::{Frame, Framing};
pub use geometry::{Area, GeometryError};
pub use limits::Limits;
pub use mask::{Mask, MaskError};
pub use matte::{Matte, MatteError, MatteModel};
pub use network::{NetworkError, Tell};
pub use picture::Picture;
pub use plane::{Plane, gaussian};
pub use pyramid::Pyramid;
pub use realesrgan::RealEsrgan;
pub use remove::{Removal, remove_background};
pub use restyle::{Restyler, Style};
pub use sharpen::sharpen;
pub use sniff::MediaKind;
pub use u2net::U2Net;
pub use upscale::{Upscale, Upscaler};
pub use white_balance::WhiteBalance;
