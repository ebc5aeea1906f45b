//! One file per network.

mod builtin;
mod inflate;
mod triposr;

pub use builtin::Builtin;
pub use inflate::Inflate;
pub use triposr::TripoSr;
