//! Findings that are accepted for now, in a file of the repository.
//!
//! A row is a fingerprint, and then for people the code, the path and the subject. Fingerprints
//! have no line and no message in them, so a row holds while the file around it changes.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, fingerprint};

/// Findings that are accepted for now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// Fingerprint → the rest of the row.
    rows: BTreeMap<String, String>,
}

/// The first line of a file.
const HEADER: &str = "# devportal baseline v1: findings that are accepted for now. Rewrite with: devportal check --write-baseline";

impl Baseline {
    /// Reads a file.
    ///
    /// # Errors
    /// The first line that is neither a comment nor a row.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut rows = BTreeMap::new();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (print, rest) = line.split_once(' ').unwrap_or((line, ""));
            if print.len() != 32 || !print.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                return Err(format!("line {number} is no row of a baseline"));
            }
            rows.insert(print.to_owned(), rest.to_owned());
        }
        Ok(Self { rows })
    }

    /// The baseline that accepts these findings.
    #[must_use]
    pub fn of(findings: &[Diagnostic]) -> Self {
        let row = |finding: &Diagnostic| {
            let path = finding
                .place
                .as_ref()
                .map_or("", |place| place.file.path_in_repository());
            let rest = format!("{} {path} {}", finding.code.name, finding.subject);
            (
                fingerprint(finding),
                rest.chars()
                    .map(|c| if c.is_control() { ' ' } else { c })
                    .collect(),
            )
        };
        Self {
            rows: findings.iter().map(row).collect(),
        }
    }

    /// Whether a finding is accepted.
    #[must_use]
    pub fn covers(&self, finding: &Diagnostic) -> bool {
        self.rows.contains_key(&fingerprint(finding))
    }

    /// The rows that no finding needs any more, for people.
    #[must_use]
    pub fn cured(&self, findings: &[Diagnostic]) -> Vec<String> {
        let current = Self::of(findings);
        let cured = self
            .rows
            .iter()
            .filter(|(print, _)| !current.rows.contains_key(*print));
        cured.map(|(_, rest)| rest.clone()).collect()
    }
}

impl std::fmt::Display for Baseline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{HEADER}")?;
        let mut rows: Vec<(&String, &String)> = self.rows.iter().collect();
        rows.sort_by_key(|(print, rest)| (*rest, *print));
        rows.into_iter()
            .try_for_each(|(print, rest)| writeln!(f, "{}", format!("{print} {rest}").trim_end()))
    }
}
