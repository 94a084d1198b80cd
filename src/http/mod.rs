//! The only client of HTTP: what may be asked, how long it may take, and that no token leaves its host.
//!
//! A server is untrusted like a repository: what it answers is bounded in size and time, it cannot
//! send us (and a token with us) anywhere else, and what it says is never shown with a token in it.

mod address;
mod client;
mod error;
mod patience;
mod secret;
mod spelling;

pub use client::{Authorization, Client, Limits, Method, Request, Response};
pub use error::{HttpError, HttpErrorKind};
pub use secret::Secret;
