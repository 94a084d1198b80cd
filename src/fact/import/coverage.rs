//! Which lines and branches of which files tests reach, as all coverage tools say.

use std::collections::{BTreeMap, HashMap};

use super::document::counted;
use super::{Amount, ImportFile, Imported, Subject};

/// The facts that coverage gives.
pub(super) const GIVES: &[&str] = &["coverage.lines", "coverage.branches"];

/// What is covered, by file.
#[derive(Default)]
pub(super) struct Coverage {
    files: BTreeMap<String, CoveredFile>,
}

/// What is covered of a file.
#[derive(Default)]
pub(super) struct CoveredFile {
    /// Whether each line is reached; a file that is there twice is reached by either.
    lines: HashMap<u32, bool>,
    /// Branches of a line: how many are reached, and how many there are.
    branches: HashMap<u32, (u64, u64)>,
    /// What the file says where it does not list lines.
    pub(super) said_lines: Option<(u64, u64)>,
    /// What the file says where it does not list branches.
    pub(super) said_branches: Option<(u64, u64)>,
}

impl Coverage {
    /// What is known of a file, to add to it.
    pub(super) fn file(&mut self, path: &str) -> &mut CoveredFile {
        self.files.entry(path.to_owned()).or_default()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// What it says of each file.
    pub(super) fn say(&self, file: &ImportFile<'_>, at: Option<jiff::Timestamp>) -> Imported {
        let mut imported = Imported::observed(file, at);
        let (mut all, mut wrong) = (0, 0_u64);
        for (path, covered) in &self.files {
            let subject = if path.is_empty() {
                Subject::File
            } else {
                Subject::Path(path.clone())
            };
            for (name, (part, whole)) in [
                ("coverage.lines", covered.lines()),
                ("coverage.branches", covered.branches()),
            ] {
                if part > whole {
                    wrong += 1;
                } else if let Some(share) = share(part, whole) {
                    all += whole;
                    imported.add(&subject, name, share);
                }
            }
        }
        if wrong > 0 {
            let (one, many) = (
                "file has more that is reached than there is",
                "files have more that is reached than there is",
            );
            imported.problem(counted(wrong, one, many));
        }
        if all == 0 {
            imported.problem("there is no line that tests could reach");
        }
        imported
    }
}

impl CoveredFile {
    /// A line, and whether it is reached.
    pub(super) fn line(&mut self, line: u32, is_reached: bool) {
        *self.lines.entry(line).or_default() |= is_reached;
    }

    /// Branches of a line.
    pub(super) fn branch(&mut self, line: u32, reached: u64, of: u64) {
        let known = self.branches.entry(line).or_default();
        *known = (known.0.max(reached), known.1.max(of));
    }

    fn lines(&self) -> (u64, u64) {
        if self.lines.is_empty() {
            return self.said_lines.unwrap_or_default();
        }
        let reached = self.lines.values().filter(|is_reached| **is_reached);
        (reached.count() as u64, self.lines.len() as u64)
    }

    fn branches(&self) -> (u64, u64) {
        if self.branches.is_empty() {
            return self.said_branches.unwrap_or_default();
        }
        let branches = self.branches.values();
        branches.fold((0, 0), |(reached, of), (more, others)| {
            (
                u64::saturating_add(reached, *more),
                u64::saturating_add(of, *others),
            )
        })
    }
}

/// A part of a whole, if there is one.
#[expect(
    clippy::cast_precision_loss,
    reason = "no program has 2^53 lines to reach"
)]
fn share(part: u64, whole: u64) -> Option<Amount> {
    (whole > 0).then_some(Amount::Share {
        part: part as f64,
        whole: whole as f64,
    })
}
