//! Vulnerabilities by severity.

use jiff::Timestamp;
use serde_json::Value;

use super::failed;
use crate::fact::Observation;
use crate::fact::collect::CollectError;

/// How bad a vulnerability is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::fact::collect) enum Severity {
    Critical,
    High,
    Medium,
    Low,
    /// Below those that are counted, or not known to the scanner either.
    Uncounted,
}

/// Reads severities, and remembers one that no API is documented to have.
#[derive(Debug, Default)]
pub(in crate::fact::collect) struct Severities {
    unknown: Option<String>,
}

/// An open vulnerability.
#[derive(Clone, Debug)]
pub(in crate::fact::collect) struct Vulnerability {
    pub(in crate::fact::collect) severity: Severity,
    /// Whether there is a fix; nothing where the API does not say.
    pub(in crate::fact::collect) is_fixable: Option<bool>,
    /// Since when it is known.
    pub(in crate::fact::collect) since: Option<Timestamp>,
}

/// The open vulnerabilities of something.
pub(in crate::fact::collect) struct Vulnerabilities<'a> {
    pub(in crate::fact::collect) open: &'a [Vulnerability],
    /// Whether the API says which can be fixed.
    pub(in crate::fact::collect) knows_fixes: bool,
    /// Where they are listed.
    pub(in crate::fact::collect) report: Option<&'a str>,
}

impl Severity {
    /// The severity of a name; nothing when no API is documented to have it.
    fn of(name: &Value) -> Option<Self> {
        Some(match name.as_str()? {
            "critical" => Self::Critical,
            "high" => Self::High,
            "medium" => Self::Medium,
            "low" => Self::Low,
            "info" | "unknown" | "undefined" => Self::Uncounted,
            _ => return None,
        })
    }
}

impl Severities {
    /// The severity of a name.
    pub(in crate::fact::collect) fn read(&mut self, name: &Value) -> Option<Severity> {
        let severity = Severity::of(name);
        if severity.is_none() {
            self.unknown.get_or_insert_with(|| name.to_string());
        }
        severity
    }

    /// Whether all severities were known. If not, each count could be too low.
    pub(in crate::fact::collect) fn all_known(self, what: &str) -> Result<(), CollectError> {
        match self.unknown {
            Some(name) => {
                let name: String = name.chars().take(40).collect();
                Err(failed(what, &format!("the severity {name} is not known")))
            }
            None => Ok(()),
        }
    }
}

impl Vulnerabilities<'_> {
    /// What they say. Of a severity of which there is none there is no oldest one any more.
    pub(in crate::fact::collect) fn observations(&self) -> Vec<Observation> {
        let of = |severity| {
            let open = self.open.iter();
            open.filter(move |it| it.severity == severity)
        };
        let mut said = Vec::new();
        for (name, severity) in [
            ("critical", Severity::Critical),
            ("high", Severity::High),
            ("medium", Severity::Medium),
            ("low", Severity::Low),
        ] {
            let count = of(severity).count();
            said.push(Observation::new(format!("vulnerability.{name}"), count));
            if !matches!(severity, Severity::Critical | Severity::High) {
                continue;
            }
            let since = format!("vulnerability.{name}.since");
            match of(severity).filter_map(|it| it.since).min() {
                Some(oldest) => said.push(Observation::new(since, oldest.to_string())),
                None if count == 0 => said.push(Observation::new(since, Value::Null)),
                None => {}
            }
        }
        if self.knows_fixes {
            let open = self.open.iter();
            let fixable = open.filter(|it| it.is_fixable == Some(true)).count();
            said.push(Observation::new("vulnerability.fixable", fixable));
        }
        if let Some(report) = self.report {
            said.push(Observation::new("vulnerability.report", report));
        }
        let report = self.report.map(str::to_owned);
        let said = said.into_iter();
        said.map(|observation| Observation {
            evidence: report.clone(),
            ..observation
        })
        .collect()
    }
}
