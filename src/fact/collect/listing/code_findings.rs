//! Findings of scanners in code, by level.

use super::Severity;
use crate::fact::Observation;

/// How a finding in code is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::fact::collect) enum Level {
    Error,
    Warning,
    Note,
}

/// A finding in code.
#[derive(Clone, Copy, Debug)]
pub(in crate::fact::collect) struct CodeFinding {
    pub(in crate::fact::collect) level: Level,
}

impl Level {
    /// The level of a severity, as scanners write it into SARIF.
    pub(in crate::fact::collect) const fn of(severity: Severity) -> Self {
        match severity {
            Severity::Critical | Severity::High => Self::Error,
            Severity::Medium => Self::Warning,
            Severity::Low | Severity::Uncounted => Self::Note,
        }
    }
}

impl CodeFinding {
    /// What open findings say.
    pub(in crate::fact::collect) fn observations(
        open: &[Self],
        evidence: Option<&str>,
    ) -> Vec<Observation> {
        [
            ("code-finding.error", Level::Error),
            ("code-finding.warning", Level::Warning),
            ("code-finding.note", Level::Note),
        ]
        .into_iter()
        .map(|(name, level)| {
            let count = open.iter().filter(|it| it.level == level).count();
            Observation {
                evidence: evidence.map(str::to_owned),
                ..Observation::new(name, count)
            }
        })
        .collect()
    }
}
