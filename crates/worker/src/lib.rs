//! The engine in a process of its own.
//!
//! [`Processes`] starts this same program as a worker for every upload that is decoded and every
//! job that is run. A worker enters its [`sandbox`] before it reads anything, gets one request over
//! a pipe, and ends with its answer. It holds the keys of its own job's three objects and no others,
//! knows no database and no folder of ours, and hands its results back sealed. A picture that
//! breaks the decoder or the engine ends one worker and one job.
//!
//! Modules in data-flow order: what is done for a request ([`admit`], [`run`]), what is said about
//! it, the worker's side, the server's side.

// Blank lines keep the formatter from sorting them.

mod bundle; // all pictures of a job

mod recipe; // what a tool is to do with them

mod bench; // and what it is done with

mod job; // decode; or open, run, seal

mod tool; // the run, if it is a tool's

mod wipe;

mod codec; // numbers and texts

mod words; // options, events, refusals

mod message; // who says what when

mod frame; // how it goes over the pipe

mod body; // what is too long for a frame

pub mod sandbox;

mod inside; // the worker

mod program; // how one is started

mod process; // one of them, from outside

mod remark; // what is taken from its standard error

mod pool; // all of them

mod error;

pub use bench::Bench;
pub use bundle::{Bundle, Role};
pub use codec::Malformed;
pub use error::{AdmitError, Ending, ProcessError, RunError, Trouble};
pub use frame::{Frame, FrameError, MAX_FRAME};
pub use inside::run as work;
pub use job::{Made, Stopped, admit, run};
pub use message::{Answer, News, Order, Part, Request, VERSION};
pub use pool::{Attendant, Patience, Processes};
pub use program::Program;
pub use recipe::{Backdrop, Recipe};
pub use wipe::{wipe, wipe_positions};
