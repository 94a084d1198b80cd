//! How connectors talk to an API.

use std::fmt;

use serde_json::Value;

use crate::http::{Client, Secret};

use super::Authorization;

/// An API, and the right to ask it.
pub struct Connection {
    client: Client,
    api: String,
    token: Option<Secret>,
    authorization: Authorization,
}

/// An answer, and where the next one is.
#[derive(Clone, Debug)]
pub struct Page {
    /// What it says.
    pub body: Value,
    /// The `Link` with `rel="next"`, when it leads to the same host.
    pub next: Option<String>,
}

/// Why a target has no answer, or not all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CollectError {
    /// What kind of failure it is.
    pub kind: CollectErrorKind,
    /// What happened, without a token.
    pub message: String,
}

/// The kinds of failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CollectErrorKind {
    /// There is no token, or the host does not accept it (401).
    NeedsCredential,
    /// The token may not do that (403).
    Forbidden,
    /// There is no such thing there (404).
    NotFound,
    /// Anything else: no answer, a status of failure, an answer that does not fit.
    Failed,
}

impl Connection {
    /// A connection to an API (`https://api.pagerduty.com`).
    #[must_use]
    pub const fn new(
        client: Client,
        api: String,
        token: Option<Secret>,
        authorization: Authorization,
    ) -> Self {
        Self {
            client,
            api,
            token,
            authorization,
        }
    }

    /// Asks for a path and query of the API (`/services/P1?include[]=teams`), or for the `next` of
    /// a page.
    ///
    /// # Errors
    /// When there is no answer, or one of failure; each in words of its own.
    pub fn get(&self, _path: &str) -> Result<Page, CollectError> {
        let _ = (&self.client, &self.api, &self.token, self.authorization);
        Err(CollectError {
            kind: CollectErrorKind::Failed,
            message: "not asked".to_owned(),
        })
    }
}

impl fmt::Display for CollectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
