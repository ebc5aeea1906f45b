//! The real server as a process: killed at random moments, under load, and content over its deadlines.

pub mod api;
pub mod http;
pub mod kills;
pub mod load;
pub mod pictures;
pub mod random;
pub mod server;
pub mod soak;
pub mod stats;
