//! One picture's life, on a real vault, a real database and a stand-in network.

mod common;
mod database;
mod derived;
mod endings;
mod forgetting;
#[cfg(unix)]
#[path = "../../../vault/tests/vault/full_disk.rs"]
mod full_disk;
mod keeping;
mod oversight;
mod path;
mod refusals;
mod restarts;
mod retrying;
mod tools;
mod views;
mod waiting;
