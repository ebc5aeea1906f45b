//! Pulling over HTTP from a real server on this machine that has every fault we could think of.

mod bench;
mod disk;
mod replies;
mod resume;
mod server;
