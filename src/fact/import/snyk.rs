//! Vulnerabilities of `snyk test --json`.
//!
//! A run of `--all-projects` is an array of projects. Snyk lists a vulnerability once for every way
//! that leads to it; here it counts once a project, like `uniqueCount`. Issues of licenses are no
//! vulnerabilities, and what `.snyk` ignores is not listed by Snyk itself.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;

use super::document::{begins_with, json, looks_like, or_default, text, time};
use super::vulnerability::{self, Severity, Vulnerabilities, Vulnerability};
use super::{ImportError, ImportFile, ImportFormat, ImportProblem, Imported, Subject};
use crate::repo::normalize_remote;

/// The format.
pub(super) const FORMAT: ImportFormat = ImportFormat {
    name: "snyk",
    source: "snyk",
    about: "vulnerabilities of dependencies: snyk test --json, also with --all-projects (Snyk CLI \
            1.1290, docs.snyk.io/developer-tools/snyk-cli/commands/test)",
    gives: vulnerability::GIVES,
    recognises: |file| {
        begins_with(file, &['{', '['])
            && (looks_like(file, &["\"vulnerabilities\"", "\"packageManager\""])
                || looks_like(file, &["\"vulnerabilities\"", "\"uniqueCount\""]))
    },
    read,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Project<'a> {
    #[serde(borrow)]
    vulnerabilities: Option<Vec<Issue<'a>>>,
    #[serde(borrow)]
    error: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "projectName")]
    name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    display_target_file: Option<Cow<'a, str>>,
    #[serde(borrow)]
    target_file: Option<Cow<'a, str>>,
    #[serde(borrow)]
    remote_repo_url: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Issue<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    severity: Cow<'a, str>,
    #[serde(borrow, rename = "type")]
    kind: Option<Cow<'a, str>>,
    #[serde(default, deserialize_with = "or_default")]
    is_upgradable: bool,
    #[serde(default, deserialize_with = "or_default")]
    is_patchable: bool,
    #[serde(default, deserialize_with = "or_default")]
    is_pinnable: bool,
    #[serde(borrow, default, deserialize_with = "or_default")]
    fixed_in: Vec<Cow<'a, str>>,
    #[serde(borrow)]
    nearest_fixed_in_version: Option<Cow<'a, str>>,
    #[serde(borrow)]
    publication_time: Option<Cow<'a, str>>,
}

fn read(file: &ImportFile<'_>) -> Result<Imported, ImportError> {
    let text = text(file)?;
    let projects: Vec<Project<'_>> = if text.trim_start().starts_with('[') {
        json(&text)?
    } else {
        vec![json(&text)?]
    };
    let mut imported = Imported::default();
    for project in &projects {
        let subject = project.subject();
        let Some(issues) = &project.vulnerabilities else {
            let name = project.name.as_deref().unwrap_or("a project");
            let reason = project
                .error
                .as_deref()
                .unwrap_or("there is no list of vulnerabilities");
            let problem = ImportProblem::new(format!("Snyk did not test \"{name}\": {reason}"));
            imported
                .problems
                .push(problem.help("its vulnerabilities are not known"));
            imported.unknown(&subject, vulnerability::GIVES);
            continue;
        };
        count(issues).say(&subject, &mut imported);
    }
    if projects.is_empty() {
        imported.problem("Snyk tested no project");
    }
    Ok(imported)
}

/// Each vulnerability once, with a fix when any way to it has one.
fn count(issues: &[Issue<'_>]) -> Vulnerabilities {
    let mut by_id: BTreeMap<&str, Vulnerability> = BTreeMap::new();
    let is_license = |issue: &Issue<'_>| issue.kind.as_deref() == Some("license");
    for issue in issues.iter().filter(|issue| !is_license(issue)) {
        let vulnerability = by_id.entry(&issue.id).or_insert_with(|| Vulnerability {
            severity: Severity::named(&issue.severity),
            is_fixable: false,
            since: issue.publication_time.as_deref().and_then(time),
        });
        vulnerability.is_fixable |= issue.is_fixable();
    }
    let mut vulnerabilities = Vulnerabilities::default();
    for vulnerability in by_id.into_values() {
        vulnerabilities.add(vulnerability);
    }
    vulnerabilities
}

impl Issue<'_> {
    fn is_fixable(&self) -> bool {
        self.is_upgradable
            || self.is_patchable
            || self.is_pinnable
            || !self.fixed_in.is_empty()
            || self.nearest_fixed_in_version.is_some()
    }
}

impl Project<'_> {
    /// A manifest at the root of what was tested may be anywhere: then it is the file's.
    fn subject(&self) -> Subject {
        let manifest = self
            .display_target_file
            .as_deref()
            .or(self.target_file.as_deref())
            .unwrap_or_default();
        if let Some(repository) = self.remote_repo_url.as_deref().and_then(normalize_remote) {
            return Subject::Repository(repository, manifest.to_owned());
        }
        if manifest.contains(['/', '\\']) {
            Subject::Path(manifest.to_owned())
        } else {
            Subject::File
        }
    }
}
