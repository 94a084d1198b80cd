//! Why a request has no answer.

use std::fmt;

/// Why a request has no answer that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpError {
    /// What kind of failure it is.
    pub kind: HttpErrorKind,
    /// What happened: the host, and the words of the system, without a token.
    pub message: String,
}

/// The kinds of failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpErrorKind {
    /// The request was not sent: its URL or token may not be.
    NotSent,
    /// There is no such host, or nothing answers there.
    Unreachable,
    /// The host did not answer in time.
    TimedOut,
    /// The host cannot show that it is the one.
    NotTrusted,
    /// The answer is somewhere else, where nobody was sent.
    Redirected,
    /// The answer is larger than what is read.
    TooLarge,
    /// The answer is not what was asked for, or not whole.
    Broken,
    /// The host asks to come back later than we wait.
    Busy,
}

impl HttpError {
    pub(super) fn new(kind: HttpErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }

    /// The failure of a request to a host, in words of our own where there are better ones.
    pub(super) fn of_host(host: &str, error: &ureq::Error) -> Self {
        use std::io::ErrorKind;
        use ureq::Error;
        let (kind, reason) = match error {
            Error::Timeout(_) => (HttpErrorKind::TimedOut, "did not answer in time".to_owned()),
            Error::HostNotFound => (HttpErrorKind::Unreachable, "is not known".to_owned()),
            Error::Io(io) => match io.kind() {
                ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset => (
                    HttpErrorKind::Broken,
                    "ended its answer in the middle".to_owned(),
                ),
                ErrorKind::TimedOut | ErrorKind::WouldBlock => {
                    (HttpErrorKind::TimedOut, "did not answer in time".to_owned())
                }
                // TLS reports what is wrong with a certificate so.
                ErrorKind::InvalidData => (
                    HttpErrorKind::NotTrusted,
                    format!("cannot be trusted: {io}"),
                ),
                _ => (
                    HttpErrorKind::Unreachable,
                    format!("cannot be reached: {io}"),
                ),
            },
            Error::Tls(_) | Error::Rustls(_) | Error::Pem(_) | Error::TlsRequired => (
                HttpErrorKind::NotTrusted,
                format!("cannot be trusted: {error}"),
            ),
            Error::BodyExceedsLimit(limit) => (
                HttpErrorKind::TooLarge,
                format!("answered with more than {limit} bytes"),
            ),
            Error::LargeResponseHeader(..) => (
                HttpErrorKind::TooLarge,
                "answered with a header that is too large".to_owned(),
            ),
            Error::Protocol(_) | Error::Http(_) => (
                HttpErrorKind::Broken,
                format!("does not speak HTTP as it should: {error}"),
            ),
            other => (
                HttpErrorKind::Unreachable,
                format!("cannot be reached: {other}"),
            ),
        };
        Self::new(kind, format!("host \"{host}\" {reason}"))
    }
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for HttpError {}
