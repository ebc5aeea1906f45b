//! Ids, time and deadlines, job states, tools: the words every other crate speaks. No I/O.

mod deadline;
mod id;
mod job;
mod time;
mod tool;

pub use deadline::{CEILING_SECS, Deadline, LIFETIME_SECS, Life, Lifetime, LifetimeOutOfRange};
pub use id::{Id, MalformedId};
pub use job::{HEARTBEAT_SECS, JobState, LEASE_SECS, MAX_RETRIES, MAX_TRIES};
pub use time::{Clock, SystemClock, TestClock, UnixMillis};
pub use tool::Tool;
