//! The store on both of its databases: every test that talks to one runs on a real SQLite file and
//! on a real PostgreSQL server.

mod backup;
mod common;

mod census;
mod downloads;
mod exclusive;
mod fairness;
mod files;
mod idempotency;
mod jobs;
mod keys;
mod leases;
mod model;
mod queue;
mod receipts;
mod runs;
mod schema;
mod trouble;
