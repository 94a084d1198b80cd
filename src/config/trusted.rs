//! Templates whose programs may run.

use std::fmt;

/// A template that the user trusts: a repository, at any commit or at one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedTemplate {
    /// The repository, as `host/owner/name`.
    pub repository: String,
    /// The id of the only commit that is trusted, where only one is.
    pub commit: Option<String>,
}

impl TrustedTemplate {
    /// Reads `host/owner/name` or `host/owner/name@COMMIT`.
    ///
    /// # Errors
    /// When it is neither, or could be read as another repository than it names.
    pub fn parse(text: &str) -> Result<Self, String> {
        let refuse = |reason: &str| Err(format!("\"{text}\" {reason}"));
        if text.contains("://") {
            return refuse("is a URL, and not \"host/owner/name\"");
        }
        let (repository, commit) = match text.split_once('@') {
            Some((repository, commit)) => (repository, Some(commit)),
            None => (text, None),
        };
        if let Some(commit) = commit
            && !(matches!(commit.len(), 40 | 64) && commit.bytes().all(|b| b.is_ascii_hexdigit()))
        {
            return refuse("has after the \"@\" what is not the whole id of a commit");
        }
        let is_plain = |part: &str| {
            !part.is_empty()
                && !part.starts_with(['.', '-'])
                && part
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "-._~+:[]".contains(c))
        };
        let parts: Vec<&str> = repository.split('/').collect();
        if parts.len() < 3 || !parts.iter().all(|part| is_plain(part)) {
            return refuse("is not \"host/owner/name\"");
        }
        let name = repository.strip_suffix(".git").unwrap_or(repository);
        let (host, rest) = name.split_once('/').unwrap_or((name, ""));
        Ok(Self {
            repository: format!("{}/{rest}", host.to_ascii_lowercase()),
            commit: commit.map(str::to_ascii_lowercase),
        })
    }

    /// Whether it is this repository, at a commit that is trusted.
    #[must_use]
    pub fn covers(&self, repository: &str, commit: Option<&str>) -> bool {
        let is_commit = |trusted: &str| commit.is_some_and(|it| it.eq_ignore_ascii_case(trusted));
        self.repository == repository && self.commit.as_deref().is_none_or(is_commit)
    }
}

impl fmt::Display for TrustedTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.commit {
            Some(commit) => write!(f, "{}@{commit}", self.repository),
            None => f.write_str(&self.repository),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::TrustedTemplate;

    const COMMIT: &str = "0123456789012345678901234567890123456789";

    /// D21: trust is in one repository, and in one commit where one is named.
    #[test]
    fn d21_trust_is_exact() {
        let all = TrustedTemplate::parse("GitHub.com/acme/templates").expect("a template");
        assert!(all.covers("github.com/acme/templates", None));
        assert!(all.covers("github.com/acme/templates", Some(COMMIT)));
        for other in [
            "github.com/acme/templates2",
            "github.com/acme",
            "github.com/Acme/templates",
        ] {
            assert!(!all.covers(other, None), "{other}");
        }
        let one = format!("gitlab.com/a/b/c@{COMMIT}");
        let one = TrustedTemplate::parse(&one).expect("a template");
        assert!(one.covers("gitlab.com/a/b/c", Some(COMMIT)));
        assert!(!one.covers("gitlab.com/a/b/c", Some("other")));
        assert!(!one.covers("gitlab.com/a/b/c", None));
    }

    #[test]
    fn d21_what_is_no_repository_is_not_trusted() {
        for text in [
            "",
            "github.com",
            "github.com/acme",
            "github.com/acme/*",
            "github.com/acme/../evil",
            "github.com/acme/%2e%2e/evil",
            "github.com//x",
            "https://github.com/acme/x",
            "git@github.com:acme/x/y",
            "github.com/acme/x@main",
            "github.com/acme/x@0123",
            "github.com/acme/x y/z",
        ] {
            assert!(TrustedTemplate::parse(text).is_err(), "{text}");
        }
    }
}
