//! The program as a person or a script uses it.

mod backup;
mod bad_input;
mod convert;
mod database;
mod export;
mod folder;
mod keys;
mod kills;
mod models;
mod pictures;
mod print;
mod privacy_proof;
mod receipts;
mod serve;
mod server;
mod triposr;
mod trouble;
mod unsuitable;
mod verify_deletion;
