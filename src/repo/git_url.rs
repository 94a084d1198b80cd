//! URLs and revisions that may be given to Git's own program.
//!
//! A template may name a URL, so each is taken as an attack: a transport that runs a command, an
//! option in the place of a host, a path that reads like that of a trusted template and is none.

use std::fmt;
use std::net::IpAddr;

use git2::Reference;

/// The longest URL and revision that are taken.
const LONGEST_URL: usize = 2048;
const LONGEST_REVISION: usize = 255;

/// A URL from which Git may clone, and to which it may push.
#[derive(Clone, PartialEq, Eq)]
pub struct GitUrl {
    text: String,
    identity: String,
    /// Scheme, host and port, where passwords are asked for.
    origin: Option<String>,
    is_local: bool,
}

impl GitUrl {
    /// A URL with `https` or `ssh`, `user@host:path`, or `http` of this machine; with
    /// `allows_local` also an absolute path, as it is or with `file`.
    ///
    /// # Errors
    /// When it is none of these, or could mean something else to Git than to its reader.
    pub fn parse(text: &str, allows_local: bool) -> Result<Self, String> {
        let refuse = |reason: &str| format!("URL \"{}\" {reason}", without_credentials(text));
        check_text(text).map_err(|reason| refuse(&reason))?;
        if let Some(path) = local_path(text) {
            if !allows_local {
                return Err(refuse("is a path of this machine"));
            }
            check_path(path).map_err(|reason| refuse(&reason))?;
            return Ok(Self {
                text: text.to_owned(),
                identity: path.trim_end_matches('/').to_owned(),
                origin: None,
                is_local: true,
            });
        }
        let parts = UrlParts::split(text).map_err(&refuse)?;
        parts.check().map_err(|reason| refuse(&reason))?;
        Ok(Self {
            text: text.to_owned(),
            identity: parts.identity(),
            origin: parts.origin(),
            is_local: false,
        })
    }

    /// The repository as `host/owner/name`, however the URL spells it; of a path, the path. A
    /// port that is not the usual one is part of the host: another server answers there.
    #[must_use]
    pub fn identity(&self) -> String {
        self.identity.clone()
    }

    /// The URL as it was given, which may have a password in it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Scheme, host and port, where the host is asked over HTTP.
    pub(super) fn origin(&self) -> Option<&str> {
        self.origin.as_deref()
    }

    /// Whether it is a path of this machine.
    #[must_use]
    pub const fn is_local(&self) -> bool {
        self.is_local
    }
}

impl fmt::Display for GitUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&without_credentials(&self.text))
    }
}

impl fmt::Debug for GitUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GitUrl({self})")
    }
}

/// The path of a URL that is one of this machine.
fn local_path(text: &str) -> Option<&str> {
    let path = text.strip_prefix("file://").unwrap_or(text);
    let is_drive = |path: &str| {
        let mut bytes = path.bytes();
        bytes
            .next()
            .is_some_and(|first| first.is_ascii_alphabetic())
            && bytes.next() == Some(b':')
            && matches!(bytes.next(), None | Some(b'/'))
    };
    (path.starts_with('/') || text.starts_with("file:") || is_drive(text)).then_some(path)
}

/// What holds for every URL.
fn check_text(text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Err("is empty".to_owned());
    }
    if text.len() > LONGEST_URL {
        return Err(format!("has more than {LONGEST_URL} bytes"));
    }
    let is_hostile = |c: char| c.is_control() || c.is_whitespace() || c == '\\';
    if let Some(found) = text.chars().find(|c| is_hostile(*c)) {
        return Err(format!("has the character {found:?} in it"));
    }
    if text.starts_with('-') {
        return Err("begins like an option".to_owned());
    }
    if text
        .split('/')
        .next()
        .is_some_and(|start| start.contains("::"))
    {
        return Err("names a helper program of Git".to_owned());
    }
    if text.contains(['?', '#']) {
        return Err("has a query or a fragment".to_owned());
    }
    Ok(())
}

/// What holds for every path: no part that leads elsewhere, in no spelling.
fn check_path(path: &str) -> Result<(), String> {
    let mut rest = path;
    while let Some(at) = rest.find('%') {
        let code = rest.get(at + 1..at + 3);
        let byte = code.and_then(|code| u8::from_str_radix(code, 16).ok());
        let is_plain = |byte: u8| byte > b' ' && !b"./\\%:@-?#~".contains(&byte);
        match byte {
            Some(byte) if is_plain(byte) || byte == b' ' => rest = &rest[at + 3..],
            _ => return Err("has an encoded character that changes what it names".to_owned()),
        }
    }
    let path = path.trim_start_matches('/');
    let path = path.strip_suffix('/').unwrap_or(path);
    for part in path.split('/') {
        match part {
            "" => return Err("has no name between two \"/\"".to_owned()),
            "." | ".." => return Err(format!("has \"{part}\" in its path")),
            part if part.starts_with('-') => {
                return Err("has a part that begins like an option".to_owned());
            }
            _ => {}
        }
    }
    Ok(())
}

/// A URL taken apart.
struct UrlParts<'a> {
    scheme: &'a str,
    user: Option<&'a str>,
    host: &'a str,
    port: Option<&'a str>,
    path: &'a str,
}

impl<'a> UrlParts<'a> {
    fn split(text: &'a str) -> Result<Self, &'static str> {
        let Some((scheme, rest)) = text.split_once("://") else {
            let (authority, path) = text
                .split_once(':')
                .ok_or("is no URL and no \"host:path\"")?;
            if authority.contains(['/', '[']) {
                return Err("is no URL and no \"host:path\"");
            }
            let (user, host) = split_user(authority);
            return Ok(Self {
                scheme: "ssh",
                user,
                host,
                port: None,
                path,
            });
        };
        let (authority, path) = rest.split_once('/').ok_or("names no repository")?;
        let (user, host) = split_user(authority);
        // An address of version 6 has colons itself.
        let end_of_address = host.rfind(']').unwrap_or(0);
        let (host, port) = match host[end_of_address..].find(':') {
            Some(at) => {
                let at = end_of_address + at;
                (&host[..at], Some(&host[at + 1..]))
            }
            None => (host, None),
        };
        Ok(Self {
            scheme,
            user,
            host,
            port,
            path,
        })
    }

    fn check(&self) -> Result<(), String> {
        match self.scheme {
            "https" | "ssh" => {}
            "http" if is_loopback(self.host) => {}
            "http" => return Err("is not encrypted: use \"https\"".to_owned()),
            other => {
                return Err(format!(
                    "has the scheme \"{other}\": use \"https\" or \"ssh\""
                ));
            }
        }
        let is_host = |c: char| c.is_ascii_alphanumeric() || ".-_[]:".contains(c);
        let edges = ['.', '-', ':'];
        if self.host.is_empty()
            || !self.host.chars().all(is_host)
            || self.host.starts_with(edges)
            || self.host.ends_with(edges)
        {
            return Err(format!("has the host \"{}\", which is none", self.host));
        }
        if self
            .user
            .is_some_and(|user| user.is_empty() || user.starts_with('-'))
        {
            return Err("has a user that begins like an option".to_owned());
        }
        if self.port.is_some_and(|port| port.parse::<u16>().is_err()) {
            return Err("has a port that is no number".to_owned());
        }
        if self.name().is_empty() {
            return Err("names no repository".to_owned());
        }
        check_path(self.path)
    }

    fn name(&self) -> &'a str {
        let path = self.path.trim_matches('/');
        path.strip_suffix(".git").unwrap_or(path)
    }

    fn identity(&self) -> String {
        let usual = match self.scheme {
            "https" => "443",
            "http" => "80",
            _ => "22",
        };
        let host = self.host.to_ascii_lowercase();
        match self.port.filter(|port| *port != usual) {
            Some(port) => format!("{host}:{port}/{}", self.name()),
            None => format!("{host}/{}", self.name()),
        }
    }
}

impl UrlParts<'_> {
    fn origin(&self) -> Option<String> {
        let port = self
            .port
            .map_or_else(String::new, |port| format!(":{port}"));
        let is_http = self.scheme.starts_with("http");
        is_http.then(|| format!("{}://{}{port}", self.scheme, self.host))
    }
}

fn split_user(authority: &str) -> (Option<&str>, &str) {
    match authority.rsplit_once('@') {
        Some((user, host)) => (Some(user), host),
        None => (None, authority),
    }
}

/// Whether a host is this machine.
fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || address
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// A text in which no URL has a user or password.
pub(super) fn without_credentials(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        shown.push_str(before);
        let ends_url = |c: char| c == '/' || c.is_whitespace() || "'\"<>".contains(c);
        let authority = &after[..after.find(ends_url).unwrap_or(after.len())];
        rest = match authority.rfind('@') {
            Some(user) => &after[user + 1..],
            None => after,
        };
    }
    shown.push_str(rest);
    shown
}

/// A branch, a tag or a commit, as Git may be asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GitRevision(String);

impl GitRevision {
    /// The name of a branch or tag, or the id of a commit.
    ///
    /// # Errors
    /// When it is no such name: it begins like an option, or says how to get from one commit to
    /// another.
    pub fn parse(text: &str) -> Result<Self, String> {
        let refuse = |reason: &str| Err(format!("revision \"{text}\" {reason}"));
        if text.is_empty() {
            return refuse("is empty");
        }
        if text.len() > LONGEST_REVISION {
            return refuse("is longer than a name can be");
        }
        if text.starts_with('-') {
            return refuse("begins like an option");
        }
        let is_name = text != "@" && Reference::is_valid_name(&format!("refs/heads/{text}"));
        if !is_name || text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return refuse("is not the name of a branch, a tag or a commit");
        }
        Ok(Self(text.to_owned()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the whole id of a commit, which nobody can give another meaning.
    #[must_use]
    pub fn is_commit(&self) -> bool {
        matches!(self.0.len(), 40 | 64) && self.0.bytes().all(|byte| byte.is_ascii_hexdigit())
    }

    /// Whether it may be the beginning of a commit's id.
    pub(super) fn may_be_short_commit(&self) -> bool {
        self.0.len() >= 7 && self.0.bytes().all(|byte| byte.is_ascii_hexdigit())
    }
}

impl fmt::Display for GitRevision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{GitRevision, GitUrl, without_credentials};

    #[test]
    fn spellings_of_one_repository_have_one_identity() {
        for url in [
            "https://github.com/acme/shop.git",
            "https://user:secret@GitHub.com:443/acme/shop/",
            "git@github.com:acme/shop.git",
            "ssh://git@github.com:22/acme/shop",
        ] {
            let url = GitUrl::parse(url, false).expect(url);
            assert_eq!(url.identity(), "github.com/acme/shop", "{url}");
        }
        let identity = |url| GitUrl::parse(url, true).map(|url| url.identity());
        for (url, expected) in [
            (
                "https://gitlab.example/a/b/c%20d",
                "gitlab.example/a/b/c%20d",
            ),
            ("https://git.example:8443/a/b", "git.example:8443/a/b"),
            ("http://127.0.0.1:80/a/b", "127.0.0.1/a/b"),
            ("http://[::1]:3000/a/b", "[::1]:3000/a/b"),
            ("file:///srv/git/a/", "/srv/git/a"),
            ("/srv/git/a", "/srv/git/a"),
        ] {
            assert_eq!(identity(url).as_deref(), Ok(expected));
        }
    }

    /// D21: what would run a program, be taken for an option, or pass for a trusted template.
    #[test]
    fn d21_hostile_urls_are_refused() {
        for url in [
            "",
            "--upload-pack=x",
            "-x",
            "ext::sh -c id",
            "ext::id",
            "fd::3",
            "ssh://-oProxyCommand=id/x/y",
            "ssh://git@-oProxyCommand=id/x",
            "ssh://-x@host/a/b",
            "-oProxyCommand=id:a/b",
            "git@-host:a/b",
            "git@host:-a/b",
            "host:/-a",
            "file:///etc",
            "file:etc",
            "/etc",
            "C:/x",
            "../x",
            "./x",
            "x",
            "git://host/a/b",
            "http://example.com/a/b",
            "http://127.0.0.1.example.com/a/b",
            "HTTPS://host/a/b",
            "ftp://host/a",
            "https://host",
            "https://host/",
            "https://host/.git",
            "https:///a/b",
            "https://github.com./a/b",
            "https://trusted/owner/%2e%2e/evil/repo",
            "https://trusted/owner/../evil/repo",
            "https://trusted/owner/%2E./x",
            "https://trusted/owner%2fname",
            "https://trusted/owner%252fname",
            "https://trusted/a/%0a",
            "https://trusted/a/%",
            "https://trusted/a//b",
            "https://trusted/a\\b",
            "https://trusted/a b",
            "https://trusted/a\nb",
            "https://trusted/a?b",
            "https://trusted/a#b",
            "https://trusted\u{2024}com/a/b",
            "https://host:x/a/b",
            "https://host:99999/a/b",
            "https://@host/a/b",
        ] {
            assert!(GitUrl::parse(url, false).is_err(), "{url:?}");
        }
        for url in ["ext::id", "file://host/../x", "/a/../b", "--x", "/-x"] {
            assert!(GitUrl::parse(url, true).is_err(), "{url:?}");
        }
        let error = GitUrl::parse("https://u:secret@host/../x", false);
        assert!(!error.expect_err("refused").contains("secret"));
    }

    #[test]
    fn d21_hostile_revisions_are_refused() {
        for revision in [
            "", "-x", "--x", "HEAD@{1}", "@", "a..b", "a^", "a~1", "a:b", "a b", "a\nb", "a*",
            "a?", "a[", "a\\b", "/a", "a/", "a//b", ".a", "a.lock", "a.",
        ] {
            assert!(GitRevision::parse(revision).is_err(), "{revision:?}");
        }
        for revision in [
            "main",
            "v1.2.3",
            "release/1.x",
            "HEAD",
            "feature-x",
            "0123abc",
        ] {
            assert!(GitRevision::parse(revision).is_ok(), "{revision:?}");
        }
        let commit = GitRevision::parse("0123456789012345678901234567890123456789");
        assert!(commit.is_ok_and(|commit| commit.is_commit()));
    }

    #[test]
    fn f05_no_text_shows_credentials() {
        for (text, shown) in [
            ("fatal: 'https://u:p@h/a': no", "fatal: 'https://h/a': no"),
            ("https://x@y@h/a https://t@h", "https://h/a https://h"),
            ("ssh://git@h:22/a", "ssh://h:22/a"),
            ("mira@example.com", "mira@example.com"),
        ] {
            assert_eq!(without_credentials(text), shown);
        }
    }
}
