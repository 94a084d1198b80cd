//! Where forges show files: the addresses that [`Forges::parse`] understands, made.

use std::fmt::Write as _;

use super::{ForgeKind, Forges};

/// A line of a file at a state of its repository.
#[derive(Clone, Copy, Debug)]
pub struct FileAddress<'a> {
    /// The repository, as `host/owner/name`.
    pub remote: &'a str,
    /// The commit whose file it is; the tip of the default branch without one.
    pub commit: Option<&'a str>,
    /// The path in the repository.
    pub path: &'a str,
    /// The line, from 1.
    pub line: Option<u32>,
}

impl Forges {
    /// The address of a page that shows a file; nothing where it is not known what runs on the
    /// host, or where it has no name for what is meant.
    #[must_use]
    pub fn page_of(&self, file: &FileAddress<'_>) -> Option<String> {
        let (host, repository) = file.remote.split_once('/')?;
        let is_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
        if host.is_empty() || !host.chars().all(is_host) {
            return None;
        }
        let kind = self.known(host)?;
        let repository = encoded(repository);
        let path = encoded(file.path.trim_matches('/'));
        let revision = file.commit.unwrap_or("HEAD");
        let base = format!("https://{host}/{repository}");
        Some(match kind {
            ForgeKind::GitHub => {
                format!("{base}/blob/{revision}/{path}{}", anchor("#L", file.line))
            }
            ForgeKind::GitLab => {
                format!("{base}/-/blob/{revision}/{path}{}", anchor("#L", file.line))
            }
            ForgeKind::Bitbucket => {
                format!(
                    "{base}/src/{revision}/{path}{}",
                    anchor("#lines-", file.line)
                )
            }
            ForgeKind::Gitea => {
                format!(
                    "{base}/src/commit/{revision}/{path}{}",
                    anchor("#L", file.line)
                )
            }
            ForgeKind::BitbucketServer => bitbucket_server(host, &repository, &path, file)?,
            ForgeKind::Azure => azure(&base, &path, file),
            ForgeKind::Gerrit => {
                let page =
                    format!("https://{host}/plugins/gitiles/{repository}/+/{revision}/{path}");
                format!("{page}{}", anchor("#", file.line))
            }
        })
    }
}

/// `projects/KEY/repos/NAME/browse/PATH?at=COMMIT#LINE`; clones begin with `scm/`.
fn bitbucket_server(
    host: &str,
    repository: &str,
    path: &str,
    file: &FileAddress<'_>,
) -> Option<String> {
    let repository = repository.strip_prefix("scm/").unwrap_or(repository);
    let (key, name) = repository.split_once('/')?;
    let at = file.commit.map(|commit| format!("?at={commit}"));
    let at = at.unwrap_or_default();
    let line = anchor("#", file.line);
    Some(match key.strip_prefix('~') {
        Some(user) => format!("https://{host}/users/{user}/repos/{name}/browse/{path}{at}{line}"),
        None => format!("https://{host}/projects/{key}/repos/{name}/browse/{path}{at}{line}"),
    })
}

/// `ORGANISATION/PROJECT/_git/NAME?path=/PATH&version=GCCOMMIT&line=LINE`
fn azure(base: &str, path: &str, file: &FileAddress<'_>) -> String {
    let version = file.commit.map(|commit| format!("&version=GC{commit}"));
    let line = file.line.map(|line| {
        // Without an end and columns it shows the file and marks nothing.
        let next = line + 1;
        format!("&line={line}&lineEnd={next}&lineStartColumn=1&lineEndColumn=1")
    });
    let (version, line) = (version.unwrap_or_default(), line.unwrap_or_default());
    format!("{base}?path=/{path}{version}{line}")
}

fn anchor(before: &str, line: Option<u32>) -> String {
    line.map_or_else(String::new, |line| format!("{before}{line}"))
}

/// A path in a URL: what is not a letter, a digit or harmless is percent-encoded.
fn encoded(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.' | b'~') {
            text.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{FileAddress, ForgeKind, Forges};

    fn forges() -> Forges {
        let mut forges = Forges::default();
        forges.insert("git.acme.io", ForgeKind::BitbucketServer);
        forges.insert("code.acme.io", ForgeKind::Gerrit);
        forges
    }

    #[test]
    fn every_forge_shows_a_line_of_a_commit() {
        let commit = "0123456789abcdef0123456789abcdef01234567";
        for (remote, page) in [
            (
                "github.com/acme/shop",
                "https://github.com/acme/shop/blob/COMMIT/a/b.yaml#L7",
            ),
            (
                "github.acme.io/acme/shop",
                "https://github.acme.io/acme/shop/blob/COMMIT/a/b.yaml#L7",
            ),
            (
                "gitlab.com/acme/web/shop",
                "https://gitlab.com/acme/web/shop/-/blob/COMMIT/a/b.yaml#L7",
            ),
            (
                "bitbucket.org/acme/shop",
                "https://bitbucket.org/acme/shop/src/COMMIT/a/b.yaml#lines-7",
            ),
            (
                "codeberg.org/acme/shop",
                "https://codeberg.org/acme/shop/src/commit/COMMIT/a/b.yaml#L7",
            ),
            (
                "git.acme.io/scm/web/shop",
                "https://git.acme.io/projects/web/repos/shop/browse/a/b.yaml?at=COMMIT#7",
            ),
            (
                "code.acme.io/shop",
                "https://code.acme.io/plugins/gitiles/shop/+/COMMIT/a/b.yaml#7",
            ),
            (
                "dev.azure.com/acme/web/_git/shop",
                "https://dev.azure.com/acme/web/_git/shop?path=/a/b.yaml&version=GCCOMMIT\
                 &line=7&lineEnd=8&lineStartColumn=1&lineEndColumn=1",
            ),
        ] {
            let file = FileAddress {
                remote,
                commit: Some(commit),
                path: "a/b.yaml",
                line: Some(7),
            };
            let page = page.replace("COMMIT", commit);
            assert_eq!(forges().page_of(&file).as_deref(), Some(page.as_str()));
        }
    }

    #[test]
    fn what_is_shown_is_what_is_understood() {
        for remote in [
            "github.com/acme/shop",
            "gitlab.com/acme/web/shop",
            "bitbucket.org/acme/shop",
            "codeberg.org/acme/shop",
            "git.acme.io/web/shop",
            "dev.azure.com/acme/web/_git/shop",
        ] {
            let path = "a b/c#d%?.yaml";
            let file = FileAddress {
                remote,
                commit: None,
                path,
                line: None,
            };
            let page = forges().page_of(&file).unwrap();
            let read = forges().parse(&page).unwrap();
            assert_eq!(
                (read.identity.as_str(), read.path.as_str()),
                (remote, path),
                "{page}"
            );
        }
    }

    #[test]
    fn a_host_of_unknown_kind_has_no_pages() {
        for remote in [
            "code.example.com/acme/shop",
            "shop",
            "",
            "evil\"host/acme/shop",
        ] {
            let file = FileAddress {
                remote,
                commit: None,
                path: "x",
                line: None,
            };
            assert_eq!(forges().page_of(&file), None);
        }
    }
}
