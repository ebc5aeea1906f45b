//! The vault as its users see it: on real files, with a clock that tests move.

mod common;
mod crashes;
mod deadlines;
mod grants;
mod sealing;
