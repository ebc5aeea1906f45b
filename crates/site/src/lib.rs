//! The web service: one router, one page, server-sent events.
