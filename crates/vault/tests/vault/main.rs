//! The vault as its users see it: on real files, with a clock that tests move.

mod backups;
mod common;
mod crashes;
mod deadlines;
mod extending;
#[cfg(unix)]
mod full_disk;
mod grants;
mod many;
mod random;
mod ranges;
mod receipts;
mod remains;
mod sealing;
mod tampering;
