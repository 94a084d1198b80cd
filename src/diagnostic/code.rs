//! Codes: the stable names of problems.

use super::Severity;

/// A kind of problem: a stable name, how bad it is, and the page that explains it.
#[derive(Debug)]
pub struct Code {
    /// The name, in kebab-case; it never changes its meaning.
    pub name: &'static str,
    /// Its default severity since each version that changed it, oldest first. The first entry
    /// is the version that brought the code.
    pub history: &'static [(&'static str, Severity)],
    /// The page of `devportal explain`, as the `//!` lines of the source that reports it or as
    /// plain Markdown; its first line says what the problem is.
    pub page: &'static str,
}

/// The page of a code, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What the problem is, in one sentence.
    pub summary: String,
    /// Why it matters and how to cure it, in Markdown.
    pub body: String,
}

impl Code {
    /// A code that version 0.1 brought.
    #[must_use]
    pub const fn new(
        name: &'static str,
        history: &'static [(&'static str, Severity)],
        page: &'static str,
    ) -> Self {
        Self {
            name,
            history,
            page,
        }
    }

    /// The default severity today.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.history
            .last()
            .map_or(Severity::Off, |(_, severity)| *severity)
    }

    /// The default severity as of a version of the product (`major.minor`): a code that is
    /// younger was not reported then.
    #[must_use]
    pub fn severity_as_of(&self, version: (u32, u32)) -> Severity {
        let known = self
            .history
            .iter()
            .rev()
            .find(|(since, _)| parse_version(since).is_some_and(|since| since <= version));
        known.map_or(Severity::Off, |(_, severity)| *severity)
    }

    /// The page, taken apart.
    #[must_use]
    pub fn explanation(&self) -> Explanation {
        let lines: Vec<&str> = if self.page.starts_with("//!") {
            self.page
                .lines()
                .map_while(|line| line.strip_prefix("//!"))
                .map(|line| line.strip_prefix(' ').unwrap_or(line))
                .collect()
        } else {
            self.page.lines().collect()
        };
        let summary = lines.first().map_or("", |line| line.trim()).to_owned();
        let body = lines
            .get(1..)
            .unwrap_or_default()
            .join("\n")
            .trim()
            .to_owned();
        Explanation { summary, body }
    }
}

/// Reads `major.minor`, with an optional patch that is ignored.
pub(crate) fn parse_version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.split('.');
    let version = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    Some(version)
}
