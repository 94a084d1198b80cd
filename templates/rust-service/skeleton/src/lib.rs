//! The service as a library, so that tests can use its parts.

pub mod config;
pub mod routes;
pub mod server;
