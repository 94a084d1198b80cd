//! Deployments, as pipelines write them down: one JSON object a line.
//!
//! ```json
//! {"at": "2026-03-31T12:00:00Z", "environment": "production", "version": "1.4.0", "status": "success"}
//! ```
//!
//! | key | meaning |
//! |---|---|
//! | `at` | when it ended (RFC 3339); needed |
//! | `environment` | where; the default environment where it is missing |
//! | `version` | what: a version, or the name of a tag |
//! | `commit` | what: the id of a commit, at least seven digits of it |
//! | `status` | `success` (also where it is missing), `failure` or `rollback` |
//! | `entity` | whose, by a reference as people write it |
//! | `url` | where to look |
//!
//! `failure` is a deployment that failed, or that broke what ran before. `rollback` says that the
//! deployment before it was undone; its `version` or `commit` is what runs since. Other keys
//! belong to whoever wrote them.

use jiff::Timestamp;
use serde::Deserialize;

/// A deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeploymentEvent {
    /// When it ended.
    pub at: Timestamp,
    /// Where; the default environment where it is not said.
    pub environment: Option<String>,
    /// The version, or the name of a tag.
    pub version: Option<String>,
    /// The id of a commit, in lower case, perhaps only its beginning.
    pub commit: Option<String>,
    /// How it ended.
    pub status: DeploymentStatus,
    /// Whose it is, by a reference as people write it.
    pub entity: Option<String>,
    /// Where to look.
    pub url: Option<String>,
}

/// How a deployment ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeploymentStatus {
    /// It runs.
    #[default]
    Success,
    /// It failed, or broke what ran before.
    Failure,
    /// It undid the deployment before it.
    Rollback,
}

/// A line as it is written.
#[derive(Deserialize)]
struct Line {
    at: String,
    environment: Option<String>,
    version: Option<String>,
    commit: Option<String>,
    #[serde(default)]
    status: DeploymentStatus,
    entity: Option<String>,
    url: Option<String>,
}

impl DeploymentEvent {
    /// Reads one line.
    ///
    /// # Errors
    /// What is wrong with it, for people.
    pub fn parse(line: &str) -> Result<Self, String> {
        let line: Line = serde_json::from_str(line).map_err(|error| explain(&error))?;
        let at = line.at.parse();
        let at = at.map_err(|_| {
            format!(
                "\"{}\" is no date and time, as 2026-03-31T12:00:00Z",
                line.at
            )
        })?;
        let commit = line.commit.filter(|commit| !commit.is_empty());
        if let Some(commit) = &commit
            && !is_commit(commit)
        {
            return Err(format!(
                "\"{commit}\" is not the id of a commit: it has 7 to 64 hexadecimal digits"
            ));
        }
        let filled = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        Ok(Self {
            at,
            environment: filled(line.environment),
            version: filled(line.version),
            commit: commit.map(|commit| commit.to_ascii_lowercase()),
            status: line.status,
            entity: filled(line.entity),
            url: filled(line.url),
        })
    }
}

fn is_commit(text: &str) -> bool {
    (7..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// What is wrong, without the line that `serde_json` counts: it always reads a single one.
fn explain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(" at line ") {
        Some((message, _)) => message.to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::{DeploymentEvent, DeploymentStatus};

    #[test]
    fn a_line_is_read_with_its_defaults() {
        let event = DeploymentEvent::parse(
            r#"{"at":"2026-03-31T12:00:00+02:00","commit":"ABCDEF0","x":1}"#,
        )
        .expect("an event");
        assert_eq!(event.at.to_string(), "2026-03-31T10:00:00Z");
        assert_eq!(event.commit.as_deref(), Some("abcdef0"));
        assert_eq!(event.status, DeploymentStatus::Success);
        assert_eq!((event.environment, event.version), (None, None));
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (line, message) in [
            ("{}", "missing field `at`"),
            (
                r#"{"at":"2026-03-31"}"#,
                "\"2026-03-31\" is no date and time",
            ),
            (
                r#"{"at":"2026-03-31T12:00:00Z","commit":"main"}"#,
                "\"main\" is not the id",
            ),
            (
                r#"{"at":"2026-03-31T12:00:00Z","status":"ok"}"#,
                "unknown variant `ok`, expected one of `success`, `failure`, `rollback`",
            ),
            (r#"{"at":"2026"#, "EOF while parsing"),
        ] {
            let error = DeploymentEvent::parse(line).expect_err(line);
            assert!(error.starts_with(message), "{error}");
        }
    }
}
