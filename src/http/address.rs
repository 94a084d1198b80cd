//! Where a request may go.

use url::{Host, Url};

use super::{HttpError, HttpErrorKind};

/// A URL that may be asked: encrypted, or of this machine, and without credentials in it.
pub(super) struct Address {
    pub(super) url: Url,
    /// Host and port, as errors name them.
    pub(super) host: String,
    pub(super) is_loopback: bool,
}

impl Address {
    pub(super) fn of(text: &str) -> Result<Self, HttpError> {
        let refuse = |reason: &str| HttpError::new(HttpErrorKind::NotSent, reason);
        let url = Url::parse(text)
            .map_err(|error| refuse(&format!("a URL of the API is none: {error}")))?;
        let host = host_of(&url);
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refuse(&format!(
                "the URL of host \"{host}\" has credentials in it"
            )));
        }
        let is_loopback = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        match url.scheme() {
            "https" => {}
            "http" if is_loopback => {}
            scheme => {
                return Err(refuse(&format!(
                    "\"{scheme}://{host}\" is not encrypted: use \"https\""
                )));
            }
        }
        Ok(Self {
            url,
            host,
            is_loopback,
        })
    }

    /// The host to which a `Location` leads.
    pub(super) fn redirected_to(&self, location: &str) -> String {
        self.url.join(location).map_or_else(
            |_| "an address that is none".to_owned(),
            |url| format!("\"{}://{}\"", url.scheme(), host_of(&url)),
        )
    }
}

fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn only_encrypted_or_local_addresses_without_credentials() {
        for url in [
            "https://api.github.com/user",
            "http://127.0.0.1:8080/x",
            "http://[::1]:80/x",
            "http://localhost/x",
        ] {
            assert!(Address::of(url).is_ok(), "{url}");
        }
        for url in [
            "http://api.github.com/user",
            "http://127.0.0.1.example.com/x",
            "http://localhost.example.com/x",
            "https://user:secret@host/x",
            "file:///etc/passwd",
            "x",
        ] {
            let error = Address::of(url).map(|_| ()).expect_err(url);
            assert!(!error.message.contains("secret"), "{error}");
        }
    }

    #[test]
    fn redirects_are_named_by_their_host() {
        let address = Address::of("https://a.example/x").expect("an address");
        assert_eq!(address.redirected_to("/y"), "\"https://a.example\"");
        assert_eq!(address.redirected_to("http://u:p@b:1/y"), "\"http://b:1\"");
        assert_eq!(address.redirected_to("//c"), "\"https://c\"");
    }
}
