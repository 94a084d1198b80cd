//! Findings of any tool, as SARIF 2.1.0.
//!
//! A result has a level, else its rule has a default, else it is a warning (3.27.10). It does not
//! count when it is suppressed (3.27.23), absent since a baseline (3.27.24), or tells that
//! something passed (3.27.9). All of it is `code-finding.*`, also what has a `security-severity`:
//! most tools that write one look at code, not at dependencies.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use super::document::{json, looks_like, or_default, percent_decoded, text, time};
use super::{Amount, ImportError, ImportFile, ImportFormat, ImportProblem, Imported, Subject};
use crate::repo::normalize_remote;

/// The facts that SARIF gives.
pub(super) const GIVES: &[&str] = &[
    "code-finding.error",
    "code-finding.warning",
    "code-finding.note",
];

/// The format.
pub(super) const FORMAT: ImportFormat = ImportFormat {
    name: "sarif",
    source: "sarif",
    about: "findings in code, of any tool: SARIF 2.1.0 \
            (docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html)",
    gives: GIVES,
    recognises: |file| looks_like(file, &["\"runs\"", "\"2.1.0\""]),
    read,
};

#[derive(Deserialize)]
struct Log<'a> {
    #[serde(borrow)]
    version: Cow<'a, str>,
    #[serde(borrow)]
    runs: Option<Vec<Run<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    #[serde(borrow)]
    tool: Tool<'a>,
    #[serde(borrow)]
    results: Option<Vec<Finding<'a>>>,
    #[serde(borrow, default, deserialize_with = "or_default")]
    artifacts: Vec<Artifact<'a>>,
    #[serde(borrow, default, deserialize_with = "or_default")]
    invocations: Vec<Invocation<'a>>,
    #[serde(borrow, default, deserialize_with = "or_default")]
    version_control_provenance: Vec<Provenance<'a>>,
    #[serde(borrow, default, deserialize_with = "or_default")]
    original_uri_base_ids: HashMap<Cow<'a, str>, Location<'a>>,
}

#[derive(Deserialize)]
struct Tool<'a> {
    #[serde(borrow)]
    driver: Component<'a>,
    #[serde(borrow, default, deserialize_with = "or_default")]
    extensions: Vec<Component<'a>>,
}

#[derive(Deserialize)]
struct Component<'a> {
    #[serde(borrow)]
    name: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "or_default")]
    rules: Vec<Rule<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rule<'a> {
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    default_configuration: Option<RuleConfiguration<'a>>,
}

#[derive(Deserialize)]
struct RuleConfiguration<'a> {
    #[serde(borrow)]
    level: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Finding<'a> {
    #[serde(borrow)]
    rule_id: Option<Cow<'a, str>>,
    rule_index: Option<i64>,
    #[serde(borrow)]
    rule: Option<RuleReference<'a>>,
    #[serde(borrow)]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow)]
    level: Option<Cow<'a, str>>,
    #[serde(borrow)]
    baseline_state: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "or_default")]
    suppressions: Vec<Suppression<'a>>,
    #[serde(borrow, default, deserialize_with = "or_default")]
    locations: Vec<FindingLocation<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RuleReference<'a> {
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    index: Option<i64>,
    #[serde(default)]
    tool_component: Option<ToolReference>,
}

#[derive(Deserialize)]
struct ToolReference {
    index: Option<i64>,
}

#[derive(Deserialize)]
struct Suppression<'a> {
    #[serde(borrow)]
    status: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FindingLocation<'a> {
    #[serde(borrow)]
    physical_location: Option<PhysicalLocation<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation<'a> {
    #[serde(borrow)]
    artifact_location: Option<Location<'a>>,
}

#[derive(Deserialize)]
struct Artifact<'a> {
    #[serde(borrow)]
    location: Option<Location<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    #[serde(borrow)]
    uri: Option<Cow<'a, str>>,
    #[serde(borrow)]
    uri_base_id: Option<Cow<'a, str>>,
    index: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Invocation<'a> {
    execution_successful: Option<bool>,
    #[serde(borrow)]
    end_time_utc: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Provenance<'a> {
    #[serde(borrow)]
    repository_uri: Option<Cow<'a, str>>,
}

/// The level of a finding.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Error,
    Warning,
    Note,
}

/// Reads SARIF.
pub(super) fn read(file: &ImportFile<'_>) -> Result<Imported, ImportError> {
    let text = text(file)?;
    let log: Log<'_> = json(&text)?;
    if log.version != "2.1.0" {
        let message = format!("SARIF {} is not read, only 2.1.0", log.version);
        return Err(ImportError::new(message));
    }
    let runs = log.runs.unwrap_or_default();
    let ends = runs.iter().flat_map(|run| &run.invocations);
    let ended = ends
        .filter_map(|it| time(it.end_time_utc.as_deref()?))
        .min();
    let mut imported = Imported::observed(file, ended);
    for run in &runs {
        run.read(&mut imported);
    }
    if runs.is_empty() {
        imported.problem("there is no run in it");
    }
    Ok(imported)
}

impl Run<'_> {
    fn read(&self, imported: &mut Imported) {
        let whole = self.subject("");
        let name = self.tool.driver.name.as_deref().unwrap_or("a tool");
        let failed = |it: &Invocation<'_>| it.execution_successful == Some(false);
        let reason = if self.invocations.iter().any(failed) {
            "did not end with success"
        } else if self.results.is_none() {
            "has no results"
        } else {
            ""
        };
        if !reason.is_empty() {
            let problem = ImportProblem::new(format!("the run of \"{name}\" {reason}"));
            imported
                .problems
                .push(problem.help("its findings are not known"));
            imported.unknown(&whole, GIVES);
            return;
        }
        // What was looked at has zero findings, until one is counted.
        let mut counts: BTreeMap<Subject, [u64; 3]> = BTreeMap::from([(whole, [0; 3])]);
        for artifact in &self.artifacts {
            let location = artifact.location.as_ref();
            if let Some(path) = location.and_then(|location| self.path(location)) {
                counts.entry(self.subject(&path)).or_default();
            }
        }
        for finding in self.results.iter().flatten() {
            let Some(level) = finding.counts().then(|| self.level(finding)).flatten() else {
                continue;
            };
            let location = finding.locations.first();
            let location = location.and_then(|it| it.physical_location.as_ref());
            let location = location.and_then(|it| it.artifact_location.as_ref());
            let path = location.and_then(|location| self.path(location));
            let subject = self.subject(path.as_deref().unwrap_or_default());
            counts.entry(subject).or_default()[level as usize] += 1;
        }
        for (subject, counts) in counts {
            for (name, count) in GIVES.iter().zip(counts) {
                imported.add(&subject, name, Amount::count(count));
            }
        }
    }

    fn subject(&self, path: &str) -> Subject {
        let provenance = self.version_control_provenance.iter();
        let mut repositories =
            provenance.filter_map(|it| normalize_remote(it.repository_uri.as_deref()?));
        match repositories.next() {
            Some(repository) if repositories.next().is_none() => {
                Subject::Repository(repository, path.to_owned())
            }
            _ if path.is_empty() => Subject::File,
            _ => Subject::Path(path.to_owned()),
        }
    }

    /// The path of a file: relative to what was analysed, or as the machine has it.
    fn path(&self, location: &Location<'_>) -> Option<String> {
        let by_index = |index: i64| self.artifacts.get(usize::try_from(index).ok()?);
        let indexed = || by_index(location.index?)?.location.as_ref();
        let location = if location.uri.is_some() {
            location
        } else {
            indexed()?
        };
        let uri = location.uri.as_deref()?;
        let base = location.uri_base_id.as_deref();
        // A base that is itself below another one is a folder of that.
        let folder = base.and_then(|base| {
            let base = self.original_uri_base_ids.get(base)?;
            base.uri_base_id.as_ref()?;
            base.uri.as_deref()
        });
        let bases = self.original_uri_base_ids.values();
        let mut roots = bases.filter_map(|base| base.uri.as_deref());
        let inside = roots.find_map(|root| {
            let rest = uri.strip_prefix(root).filter(|_| root.contains("://"))?;
            Some(rest.trim_start_matches('/'))
        });
        let path = match inside {
            Some(inside) => inside.to_owned(),
            None => format!("{}{uri}", folder.unwrap_or_default()),
        };
        let path = match path.strip_prefix("file://") {
            Some(absolute) => absolute.find('/').map_or("", |at| &absolute[at..]),
            None if path.contains("://") => return None,
            None => &path,
        };
        Some(percent_decoded(path))
    }

    fn level(&self, finding: &Finding<'_>) -> Option<Level> {
        let default = || {
            let configuration = self.rule(finding)?.default_configuration.as_ref()?;
            configuration.level.as_deref()
        };
        match finding.level.as_deref().or_else(default) {
            Some("error") => Some(Level::Error),
            Some("note") => Some(Level::Note),
            Some("none") => None,
            _ => Some(Level::Warning),
        }
    }

    fn rule(&self, finding: &Finding<'_>) -> Option<&Rule<'_>> {
        let reference = finding.rule.as_ref();
        let extension = reference
            .and_then(|it| it.tool_component.as_ref())
            .and_then(|it| usize::try_from(it.index?).ok());
        let component = match extension {
            Some(index) => self.tool.extensions.get(index)?,
            None => &self.tool.driver,
        };
        let index = finding.rule_index.or(reference.and_then(|it| it.index));
        if let Some(index) = index.and_then(|index| usize::try_from(index).ok()) {
            return component.rules.get(index);
        }
        let id = finding.rule_id.as_deref();
        let id = id.or(reference.and_then(|it| it.id.as_deref()))?;
        let has_id = |rule: &&Rule<'_>, id: &str| rule.id.as_deref() == Some(id);
        let rules = component.rules.iter();
        // "CA1000/1" is a result of the rule "CA1000" (3.27.5).
        rules.clone().find(|rule| has_id(rule, id)).or_else(|| {
            let (above, _) = id.rsplit_once('/')?;
            rules.clone().find(|rule| has_id(rule, above))
        })
    }
}

impl Finding<'_> {
    fn counts(&self) -> bool {
        let is_accepted =
            |it: &Suppression<'_>| it.status.as_deref().is_none_or(|it| it == "accepted");
        let is_suppressed =
            !self.suppressions.is_empty() && self.suppressions.iter().all(is_accepted);
        self.kind.as_deref().is_none_or(|kind| kind == "fail")
            && self.baseline_state.as_deref() != Some("absent")
            && !is_suppressed
    }
}
