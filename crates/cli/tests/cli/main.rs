//! The program as a person or a script uses it.

mod bad_input;
mod convert;
mod export;
mod folder;
mod models;
mod pictures;
mod print;
mod privacy_proof;
mod receipts;
mod serve;
mod triposr;
mod unsuitable;
mod verify_deletion;
