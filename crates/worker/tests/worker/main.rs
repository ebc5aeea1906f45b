//! Real processes: decent ones, and some that misbehave in every way.

mod common;
mod faults;
mod lifeline;
mod messages;
mod requests;
mod sandbox;
mod tools;
