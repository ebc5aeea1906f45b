//! The web service: one router, one page, server-sent events.
//!
//! In the order a request meets them: the [`server`] accepts it, the [`router`] finds its
//! handler through the [`layers`], a file under [`jobs`] or [`home`] parses it, makes one call to
//! the lifecycle and renders the answer, or a [`problem`].
//!
//! Never logged: paths, ids, addresses, headers, bodies. Knowing an id is the permission to use
//! it, so a log line has the route's pattern, the status and the time it took, nothing else.

mod server;

mod router;
mod state;

mod layers {
    pub mod cors;
    pub mod keyed;
    pub mod log;
    pub mod negotiate;
    pub mod receipts;
    pub mod security;
}

mod api {
    pub mod base;
    pub mod batches;
    pub mod caller;
    pub mod create;
    pub mod deliveries;
    pub mod deprecated;
    pub mod error;
    pub mod files;
    pub mod form;
    pub mod jobs;
    pub mod json;
    pub mod openapi;
    pub mod order;
    pub mod page;
    pub mod picture;
    pub mod room;
    pub mod routes;
    pub mod tools;
    pub mod webhook;
}

mod compat {
    pub mod passing;
    pub mod speak;

    pub mod hunyuan {
        mod models;
        mod request;
        mod response;
        pub mod routes;
    }

    pub mod meshy {
        mod finished;
        mod request;
        mod response;
        pub mod routes;
        mod storage;
        mod tasks;
    }

    pub mod printpal {
        mod account;
        mod generations;
        mod request;
        mod response;
        pub mod routes;
    }

    pub mod replicate {
        mod files;
        mod predictions;
        mod request;
        mod response;
        pub mod routes;
    }

    pub mod stability {
        mod request;
        mod response;
        pub mod routes;
    }

    pub mod tripo {
        mod files;
        mod request;
        mod response;
        pub mod routes;
        mod tasks;
    }
}

mod analytics;
mod around;
mod assets;
mod blog;
mod client;
#[cfg(debug_assertions)]
mod components;
mod consent;
mod contact;
mod form;
mod health;
mod home;
mod metrics;
mod place;
mod reach;
mod sitemap;
mod spoken;
mod status;
mod texts;
mod tiers;
mod upload;

mod jobs {
    pub mod batch;
    pub mod cancel;
    pub mod create;
    pub mod delete;
    pub mod download;
    pub mod events;
    pub mod export;
    pub mod id;
    pub mod life;
    pub mod onward;
    pub mod options;
    pub mod page;
    pub mod range;
    pub mod receipts;
    pub mod report;
    pub mod retry;
    pub mod shorten;
    pub mod show;
    pub mod size;
    pub mod view;
}

mod tools {
    pub mod create;
    pub mod fields;
    pub mod order;
    pub mod page;
}

mod problem;
mod timestamp;

pub use analytics::{Analytics, PostHog};
pub use api::caller::Scope;
pub use api::openapi::TEXT as OPENAPI;
pub use client::Peer;
pub use metrics::router as metrics_router;
pub use router::router;
pub use server::serve;
pub use state::{AppState, Settings};
pub use timestamp::rfc3339;
