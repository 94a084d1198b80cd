//! How connectors talk to an API.

use std::fmt;
use std::time::{Duration, Instant};

use serde_json::Value;
use url::Url;

use super::link::next_of;
use super::pages::Pages;
use crate::http::{
    Authorization, Client, HttpError, HttpErrorKind, Method, Request, Response, Secret,
};

/// How much of what a host says is passed on.
const LONGEST_WORDS: usize = 300;
/// Where hosts say what is wrong, in the order in which it is told.
const WORDS: [&str; 8] = [
    "/message",
    "/error/message",
    "/error",
    "/error/errors/0",
    "/errors/0/detail",
    "/errors/0/title",
    "/errors/0/msg",
    "/errors/0",
];
/// By these words hosts say that something is switched off or not part of what was bought, with
/// the status of something forbidden or missing.
const NOT_OFFERED: [&str; 6] = [
    "are disabled for this",
    "is disabled on this",
    "is not enabled for this",
    "must be enabled",
    "to enable this feature",
    "no analysis found",
];

/// An API, and the right to ask it.
pub struct Connection {
    client: Client,
    api: String,
    token: Option<Secret>,
    authorization: Placement,
    headers: Vec<(String, String)>,
    until: Option<Instant>,
}

/// How the token is sent, of a connector or of the user's configuration.
enum Placement {
    Scheme(String),
    Header(String),
}

/// An answer, and where the next one is.
#[derive(Clone, Debug)]
pub struct Page {
    /// What it says.
    pub body: Value,
    /// The URL of the `Link` with `rel="next"`. One of another host is there, too, and refused
    /// when it is asked for.
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
    /// What is asked for is switched off there, or not part of what was bought. That is an answer:
    /// nobody can know more, and nothing is missing.
    NotOffered,
    /// There is no such host, nothing answers there, or nobody that can be trusted.
    Unreachable,
    /// Anything else: a status of failure, an answer that does not fit.
    Failed,
}

impl Connection {
    /// A connection to an API (`https://api.pagerduty.com`).
    #[must_use]
    pub fn new(
        client: Client,
        api: String,
        token: Option<Secret>,
        authorization: Authorization<'_>,
    ) -> Self {
        Self {
            client,
            api,
            token,
            authorization: Placement::of(authorization),
            headers: Vec::new(),
            until: None,
        }
    }

    /// The same with headers that every request has.
    #[must_use]
    pub fn with_headers<N: Into<String>, V: Into<String>>(
        mut self,
        headers: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let headers = headers.into_iter();
        self.headers
            .extend(headers.map(|(name, value)| (name.into(), value.into())));
        self
    }

    /// The same, that asks nothing after that moment.
    #[must_use]
    pub fn until(self, end: Instant) -> Self {
        Self {
            until: Some(end),
            ..self
        }
    }

    /// The URL of the API, without `/` at its end.
    #[must_use]
    pub fn api(&self) -> &str {
        self.api.trim_end_matches('/')
    }

    /// The host of the API.
    #[must_use]
    pub fn host(&self) -> String {
        let url = Url::parse(self.api());
        url.map_or_else(|_| self.api.clone(), |url| host_of(&url))
    }

    /// Asks for a path and query of the API (`/services/P1?include[]=teams`), or for the `next` of
    /// a page.
    ///
    /// # Errors
    /// When there is no answer, or one of failure; each in words of its own.
    pub fn get(&self, path: &str) -> Result<Page, CollectError> {
        self.get_with(path, &[])
    }

    /// The same with headers, as `Accept`.
    ///
    /// # Errors
    /// As of `get`.
    pub fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Result<Page, CollectError> {
        let url = self.url(path)?;
        let own = self.headers.iter();
        let own = own.map(|(name, value)| (name.as_str(), value.as_str()));
        let request = Request {
            method: Method::Get,
            url: url.to_string(),
            headers: own.chain(headers.iter().copied()).collect(),
            token: self.token.as_ref(),
            authorization: self.authorization.shown(),
            body: None,
        };
        let response = self.client()?.send(&request);
        let response = response.map_err(|error| self.failed(&error))?;
        if !response.is_success() {
            return Err(self.refusal(&response, &url));
        }
        let body = response.json().map_err(|error| self.failed(&error))?;
        Ok(Page {
            body,
            next: next_of(&response.link, &url),
        })
    }

    /// Asks for a page after the other, from a path on: where their `Link` leads, or where the
    /// caller says. Never twice for the same one, and for a bounded number.
    pub fn pages<'a>(&'a self, path: &str, headers: &'a [(&'a str, &'a str)]) -> Pages<'a> {
        Pages::new(self, path, headers)
    }

    /// An error in words of the caller, without the token.
    #[must_use]
    pub fn error(&self, kind: CollectErrorKind, message: &str) -> CollectError {
        CollectError {
            kind,
            message: self.redact(message),
        }
    }

    /// A text of the host without the token.
    #[must_use]
    pub fn redact(&self, text: &str) -> String {
        match &self.token {
            Some(token) => token.redact(text),
            None => text.to_owned(),
        }
    }

    /// The URL of a path, or of a page on the same host.
    pub(super) fn url(&self, path: &str) -> Result<Url, CollectError> {
        // The address is not shown: somebody may have put a password into it.
        let unusable = |reason: &str| {
            let message = format!("the address of the API {reason}");
            self.error(CollectErrorKind::Failed, &message)
        };
        let api = Url::parse(self.api());
        let api = api.map_err(|error| unusable(&format!("is no URL: {error}")))?;
        let has_credentials = |url: &Url| !url.username().is_empty() || url.password().is_some();
        if has_credentials(&api) {
            return Err(unusable("has credentials in it"));
        }
        let text = if path.starts_with('/') {
            format!("{}{path}", self.api())
        } else {
            path.to_owned()
        };
        let url = Url::parse(&text).map_err(|error| {
            let message = format!(
                "host \"{}\" names \"{path}\" as its next page, which is no URL: {error}",
                host_of(&api)
            );
            self.error(CollectErrorKind::Failed, &message)
        })?;
        if url.origin() == api.origin() && !has_credentials(&url) {
            return Ok(url);
        }
        let message = format!(
            "host \"{}\" names a page of \"{}://{}\" as its next, which is not asked",
            host_of(&api),
            url.scheme(),
            host_of(&url)
        );
        Err(self.error(CollectErrorKind::Failed, &message))
    }

    /// The client for the time that is left.
    fn client(&self) -> Result<Client, CollectError> {
        let Some(until) = self.until else {
            return Ok(self.client.clone());
        };
        let left = until.saturating_duration_since(Instant::now());
        if left < Duration::from_millis(1) {
            return Err(CollectError::out_of_time());
        }
        Ok(self.client.within(left))
    }

    fn failed(&self, error: &HttpError) -> CollectError {
        if error.kind == HttpErrorKind::TimedOut && self.is_over() {
            return CollectError::out_of_time();
        }
        let kind = match error.kind {
            HttpErrorKind::Unreachable | HttpErrorKind::TimedOut | HttpErrorKind::NotTrusted => {
                CollectErrorKind::Unreachable
            }
            _ => CollectErrorKind::Failed,
        };
        self.error(kind, &error.message)
    }

    fn is_over(&self) -> bool {
        self.until.is_some_and(|until| Instant::now() >= until)
    }

    /// Why an answer is a refusal, in words of its status and of the host.
    fn refusal(&self, response: &Response, url: &Url) -> CollectError {
        let Response { host, status, .. } = response;
        let words = self.words(response);
        if let (403 | 404, Some(words)) = (status, &words)
            && is_not_offered(words)
        {
            let message = format!("host \"{host}\" does not offer it: {words}");
            return self.error(CollectErrorKind::NotOffered, &message);
        }
        let is_limit = words.as_ref().is_some_and(|words| {
            let words = words.to_lowercase();
            words.contains("rate limit")
        });
        let (kind, meaning) = match status {
            401 if self.token.is_none() => (CollectErrorKind::NeedsCredential, "it wants a token"),
            401 => (
                CollectErrorKind::NeedsCredential,
                "it does not accept the token",
            ),
            403 if is_limit => (CollectErrorKind::Failed, "it has answered often enough"),
            403 => (CollectErrorKind::Forbidden, "the token may not do that"),
            404 => (CollectErrorKind::NotFound, "there is no such thing"),
            429 => (CollectErrorKind::Failed, "it has answered often enough"),
            503 => (CollectErrorKind::Failed, "it is not available now"),
            500.. => (CollectErrorKind::Failed, "it has a problem of its own"),
            _ => (CollectErrorKind::Failed, "it refuses what is asked"),
        };
        let words = words.map_or_else(String::new, |words| format!(": {words}"));
        let path = url.path();
        let message = format!("host \"{host}\" answered {status} to GET {path}, {meaning}{words}");
        self.error(kind, &message)
    }

    /// What a host says about a failure.
    fn words(&self, response: &Response) -> Option<String> {
        let answer: Value = response.json().ok()?;
        let said = WORDS.iter().filter_map(|path| answer.pointer(path));
        let said = said
            .filter_map(Value::as_str)
            .find(|text| !text.is_empty())?;
        // Before it is cut: the beginning of a token is no less secret.
        let said = self.redact(said);
        Some(said.chars().take(LONGEST_WORDS).collect())
    }
}

impl Placement {
    fn of(authorization: Authorization<'_>) -> Self {
        match authorization {
            Authorization::Scheme(scheme) => Self::Scheme(scheme.to_owned()),
            Authorization::Header(name) => Self::Header(name.to_owned()),
        }
    }

    fn shown(&self) -> Authorization<'_> {
        match self {
            Self::Scheme(scheme) => Authorization::Scheme(scheme),
            Self::Header(name) => Authorization::Header(name),
        }
    }
}

impl CollectError {
    /// A failure.
    pub fn failed(message: impl Into<String>) -> Self {
        Self {
            kind: CollectErrorKind::Failed,
            message: message.into(),
        }
    }

    /// What was not asked, because the run took long enough.
    pub(super) fn out_of_time() -> Self {
        Self::failed("the time of the run is over")
    }
}

/// A text as part of a path or query.
#[must_use]
pub fn encoded(text: &str) -> String {
    let encoded = text.bytes().map(|byte| {
        if byte.is_ascii_alphanumeric() || b"-_~.".contains(&byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    });
    encoded.collect()
}

/// Whether words of a refusal say that something is switched off.
fn is_not_offered(words: &str) -> bool {
    let words = words.to_lowercase();
    NOT_OFFERED.iter().any(|said| words.contains(said))
}

fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

impl fmt::Display for CollectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
