//! One file per network.

mod builtin;
mod inflate;

pub use builtin::Builtin;
pub use inflate::Inflate;
