//! A small blocking client.

use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::Value;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, AsSendBody, Proxy};

use super::address::Address;
use super::{HttpError, HttpErrorKind, Secret, patience};

/// How often a request is sent when the host asks to come back later.
const MOST_TRIES: usize = 4;
/// The largest header of an answer.
const LARGEST_HEADER: usize = 64 << 10;

/// How long a request may take, and how large its answer may be.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long a connection may take to be made.
    pub connecting: Duration,
    /// How long one try of a request may take in all.
    pub total: Duration,
    /// How long all waits of a request may be together, when the host asks to come back later.
    pub waiting: Duration,
    /// The most bytes of an answer.
    pub answer_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connecting: Duration::from_secs(10),
            total: Duration::from_mins(1),
            waiting: Duration::from_mins(1),
            answer_bytes: 8 << 20,
        }
    }
}

/// What may be asked of a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `GET`.
    Get,
    /// `POST`.
    Post,
    /// `PUT`.
    Put,
    /// `PATCH`.
    Patch,
}

/// How a token is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authorization<'a> {
    /// In `Authorization`, after a scheme: `Bearer`, `token`, `Token token=`.
    Scheme(&'a str),
    /// In a header of its own.
    Header(&'a str),
}

/// A request.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// What is asked.
    pub method: Method,
    /// Of what.
    pub url: String,
    /// Headers beside those that every request has.
    pub headers: Vec<(&'a str, &'a str)>,
    /// The token.
    pub token: Option<&'a Secret>,
    /// How the token is sent.
    pub authorization: Authorization<'a>,
    /// What is sent with it, as JSON.
    pub body: Option<Value>,
}

/// An answer, whatever it says.
#[derive(Clone, Debug)]
pub struct Response {
    /// The host that gave it.
    pub host: String,
    /// The status.
    pub status: u16,
    /// `Content-Type`, as the host has it.
    pub content_type: String,
    /// `Link`, as the host has it; empty where there is none.
    pub link: String,
    /// The bytes.
    pub body: Vec<u8>,
}

/// The client. No redirect is followed and nothing is read from the environment.
#[derive(Clone, Debug)]
pub struct Client {
    direct: Agent,
    through_proxy: Option<Agent>,
    limits: Limits,
}

impl Client {
    /// A client that connects to hosts directly.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            direct: agent(&limits, None),
            through_proxy: None,
            limits,
        }
    }

    /// Connects through a proxy, except to this machine and to the hosts of `no_proxy` (as
    /// `NO_PROXY` lists them).
    ///
    /// # Errors
    /// When the URL is not one of a proxy.
    pub fn through_proxy(self, url: &str, no_proxy: Option<&str>) -> Result<Self, HttpError> {
        let proxy = proxy(url, no_proxy)
            .ok_or_else(|| HttpError::new(HttpErrorKind::NotSent, "the proxy's URL is none"))?;
        Ok(Self {
            through_proxy: Some(agent(&self.limits, Some(proxy))),
            ..self
        })
    }

    /// Sends a request, again where the host asks for some patience.
    ///
    /// # Errors
    /// When there is no answer, or one that cannot be used. An answer with a status of failure is
    /// an answer.
    pub fn send(&self, request: &Request<'_>) -> Result<Response, HttpError> {
        self.try_often(request).map_err(|error| HttpError {
            message: match request.token {
                Some(token) => token.redact(&error.message),
                None => error.message,
            },
            ..error
        })
    }

    /// The same client, that gives up earlier where its limits are longer than this: for a run
    /// that has so much time left.
    #[must_use]
    pub fn within(&self, left: Duration) -> Self {
        let mut client = self.clone();
        client.limits.total = left.min(self.limits.total);
        client.limits.waiting = left.min(self.limits.waiting);
        client
    }

    fn try_often(&self, request: &Request<'_>) -> Result<Response, HttpError> {
        let address = Address::of(&request.url)?;
        let mut patience = self.limits.waiting;
        for _ in 0..MOST_TRIES {
            let (response, retry_after) = self.try_once(request, &address)?;
            let Some(wait) = retry_after else {
                return Ok(response);
            };
            if wait > patience {
                return Err(busy(&address, Some(wait)));
            }
            patience -= wait;
            std::thread::sleep(wait);
        }
        Err(busy(&address, None))
    }

    /// One try: the answer, and how long to wait where the host asks for that.
    fn try_once(
        &self,
        request: &Request<'_>,
        address: &Address,
    ) -> Result<(Response, Option<Duration>), HttpError> {
        let failed = |error: &ureq::Error| HttpError::of_host(&address.host, error);
        let agent = match &self.through_proxy {
            Some(proxied) if !address.is_loopback => proxied,
            _ => &self.direct,
        };
        let mut answer = match &request.body {
            Some(body) => {
                let body = body.to_string().into_bytes();
                agent.run(self.timed(agent, prepare(request, address, body)?))
            }
            None => agent.run(self.timed(agent, prepare(request, address, ())?)),
        }
        .map_err(|error| failed(&error))?;
        let header = |name: &str| {
            let value = answer.headers().get(name)?;
            value.to_str().ok().map(str::to_owned)
        };
        let status = answer.status().as_u16();
        if answer.status().is_redirection() {
            let to = address.redirected_to(&header("location").unwrap_or_default());
            let message = format!(
                "host \"{}\" redirects to {to}, which is not followed",
                address.host
            );
            return Err(HttpError::new(HttpErrorKind::Redirected, message));
        }
        let retry_after = patience::asked_for(status, &header);
        if let Some(coding) = header("content-encoding").filter(|coding| coding != "identity") {
            let message = format!(
                "host \"{}\" answered compressed (\"{coding}\"), which was not asked for",
                address.host
            );
            return Err(HttpError::new(HttpErrorKind::Broken, message));
        }
        let content_type = header("content-type").unwrap_or_default();
        let link = header("link").unwrap_or_default();
        let body = answer.body_mut().with_config();
        let body = body.limit(self.limits.answer_bytes).read_to_vec();
        let response = Response {
            host: address.host.clone(),
            status,
            content_type,
            link,
            body: body.map_err(|error| failed(&error))?,
        };
        Ok((response, retry_after))
    }

    /// A request that ends when the limits of this client say so.
    fn timed<B: AsSendBody>(
        &self,
        agent: &Agent,
        request: ureq::http::Request<B>,
    ) -> ureq::http::Request<B> {
        agent
            .configure_request(request)
            .timeout_global(Some(self.limits.total))
            .build()
    }
}

impl Response {
    /// Whether the host did what was asked.
    #[must_use]
    pub const fn is_success(&self) -> bool {
        self.status >= 200 && self.status < 300
    }

    /// The answer as JSON of some shape.
    ///
    /// # Errors
    /// When it is none, or has another shape.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, HttpError> {
        serde_json::from_slice(&self.body).map_err(|error| {
            let kind = self
                .content_type
                .split(';')
                .next()
                .unwrap_or_default()
                .trim();
            let is_json = kind.is_empty() || kind.ends_with("json");
            let reason = if is_json {
                format!("answered with JSON that does not fit: {error}")
            } else {
                format!("answered with \"{kind}\" instead of JSON")
            };
            HttpError::new(
                HttpErrorKind::Broken,
                format!("host \"{}\" {reason}", self.host),
            )
        })
    }
}

fn agent(limits: &Limits, proxy: Option<Proxy>) -> Agent {
    // The certificates of the system: forges inside of an organisation have its own.
    let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier);
    Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(proxy)
        .timeout_connect(Some(limits.connecting))
        .timeout_global(Some(limits.total))
        .max_response_header_size(LARGEST_HEADER)
        .user_agent(concat!("devportal/", env!("CARGO_PKG_VERSION")))
        .tls_config(tls.build())
        .build()
        .into()
}

fn prepare<B>(
    request: &Request<'_>,
    address: &Address,
    body: B,
) -> Result<ureq::http::Request<B>, HttpError> {
    let refuse = |reason: &str| HttpError::new(HttpErrorKind::NotSent, reason);
    let method = match request.method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Patch => "PATCH",
    };
    let mut builder = ureq::http::Request::builder()
        .method(method)
        .uri(address.url.as_str());
    for (name, value) in &request.headers {
        builder = builder.header(*name, *value);
    }
    if request.body.is_some() {
        builder = builder.header("content-type", "application/json");
    }
    if let Some(token) = request.token {
        if !token.is_sendable() {
            return Err(refuse("the token has characters that no token has"));
        }
        let token = token.value();
        builder = match request.authorization {
            // `Token token=` is written without a space before the token.
            Authorization::Scheme(scheme) if scheme.ends_with('=') => {
                builder.header("authorization", format!("{scheme}{token}"))
            }
            Authorization::Scheme(scheme) => {
                builder.header("authorization", format!("{scheme} {token}"))
            }
            Authorization::Header(name) => builder.header(name, token),
        };
    }
    builder
        .body(body)
        .map_err(|_| refuse("the request cannot be written as HTTP"))
}

fn proxy(url: &str, no_proxy: Option<&str>) -> Option<Proxy> {
    let plain = Proxy::new(url).ok()?;
    let Some(no_proxy) = no_proxy else {
        return Some(plain);
    };
    let mut builder = Proxy::builder(plain.protocol())
        .host(plain.host())
        .port(plain.port());
    if let Some(user) = plain.username() {
        builder = builder.username(user);
    }
    if let Some(password) = plain.password() {
        builder = builder.password(password);
    }
    for host in no_proxy.split(',').map(str::trim) {
        builder = builder.no_proxy(host);
    }
    builder.build().ok()
}

fn busy(address: &Address, wait: Option<Duration>) -> HttpError {
    let wait = wait.map_or_else(String::new, |wait| {
        format!(" in {} seconds", wait.as_secs())
    });
    let message = format!("host \"{}\" asks to come back later{wait}", address.host);
    HttpError::new(HttpErrorKind::Busy, message)
}
