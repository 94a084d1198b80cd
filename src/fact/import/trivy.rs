//! Vulnerabilities of `trivy --format json`, schema 2.
//!
//! Each target is a lock file or an image. A vulnerability counts once for each version of a
//! package that has it. Misconfigurations, secrets and licences are no vulnerabilities, and a
//! report that has nothing else says nothing about them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::document::{json, looks_like, or_default, text, time};
use super::vulnerability::{self, Severity, Vulnerabilities, Vulnerability};
use super::{ImportError, ImportFile, ImportFormat, Imported, Subject};
use crate::repo::normalize_remote;

/// The format.
pub(super) const FORMAT: ImportFormat = ImportFormat {
    name: "trivy",
    source: "trivy",
    about: "vulnerabilities of dependencies and images: trivy --format json, SchemaVersion 2 \
            (Trivy 0.58, trivy.dev/latest/docs/configuration/reporting)",
    gives: vulnerability::GIVES,
    recognises: |file| looks_like(file, &["\"SchemaVersion\"", "\"ArtifactName\""]),
    read,
};

/// The classes of results that are about vulnerabilities.
const CLASSES: [&str; 2] = ["os-pkgs", "lang-pkgs"];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Report<'a> {
    schema_version: u64,
    #[serde(borrow)]
    created_at: Option<Cow<'a, str>>,
    #[serde(borrow)]
    artifact_name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    artifact_type: Option<Cow<'a, str>>,
    #[serde(borrow)]
    metadata: Option<Metadata<'a>>,
    #[serde(borrow, default, deserialize_with = "or_default")]
    results: Vec<Target<'a>>,
}

#[derive(Deserialize)]
struct Metadata<'a> {
    #[serde(borrow, rename = "RepoURL")]
    repository: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Target<'a> {
    #[serde(borrow, rename = "Target")]
    place: Option<Cow<'a, str>>,
    #[serde(borrow)]
    class: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "or_default")]
    vulnerabilities: Vec<Found<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Found<'a> {
    #[serde(borrow, rename = "VulnerabilityID")]
    id: Cow<'a, str>,
    #[serde(borrow)]
    pkg_name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    installed_version: Option<Cow<'a, str>>,
    #[serde(borrow)]
    fixed_version: Option<Cow<'a, str>>,
    #[serde(borrow)]
    status: Option<Cow<'a, str>>,
    #[serde(borrow)]
    severity: Option<Cow<'a, str>>,
    #[serde(borrow)]
    published_date: Option<Cow<'a, str>>,
}

fn read(file: &ImportFile<'_>) -> Result<Imported, ImportError> {
    let text = text(file)?;
    let report: Report<'_> = json(&text)?;
    if report.schema_version != 2 {
        let message = format!(
            "schema {} of Trivy is not read, only 2",
            report.schema_version
        );
        return Err(ImportError::new(message));
    }
    let created = report.created_at.as_deref().and_then(time);
    let mut imported = Imported::observed(file, created);
    let is_scan = |target: &&Target<'_>| {
        let class = target.class.as_deref();
        class.is_none_or(|class| CLASSES.contains(&class)) || !target.vulnerabilities.is_empty()
    };
    let scans: Vec<&Target<'_>> = report.results.iter().filter(is_scan).collect();
    if scans.is_empty() && !report.results.is_empty() {
        imported.problem("Trivy did not look for vulnerabilities");
        return Ok(imported);
    }
    let mut counts = BTreeMap::from([(report.subject(None), Vulnerabilities::default())]);
    for target in scans {
        let subject = report.subject(target.place.as_deref());
        let count = counts.entry(subject).or_default();
        let mut seen = BTreeSet::new();
        for found in &target.vulnerabilities {
            let package = (&found.id, &found.pkg_name, &found.installed_version);
            if found.status.as_deref() != Some("not_affected") && seen.insert(package) {
                count.add(found.vulnerability());
            }
        }
    }
    for (subject, count) in counts {
        count.say(&subject, &mut imported);
    }
    Ok(imported)
}

impl Found<'_> {
    fn vulnerability(&self) -> Vulnerability {
        Vulnerability {
            severity: Severity::named(self.severity.as_deref().unwrap_or_default()),
            is_fixable: self
                .fixed_version
                .as_deref()
                .is_some_and(|it| !it.is_empty()),
            since: self.published_date.as_deref().and_then(time),
        }
    }
}

impl Report<'_> {
    /// The targets of folders and repositories are paths in them; those of images are not ours.
    fn subject(&self, target: Option<&str>) -> Subject {
        let name = self.artifact_name.as_deref().unwrap_or_default();
        let target = target.unwrap_or_default();
        let of_metadata = self
            .metadata
            .as_ref()
            .and_then(|it| it.repository.as_deref());
        match self.artifact_type.as_deref() {
            Some("repository") => {
                let url = of_metadata.unwrap_or(name);
                normalize_remote(url).map_or(Subject::File, |repository| {
                    Subject::Repository(repository, target.to_owned())
                })
            }
            Some("filesystem") if target.contains('/') || is_folder(name) => {
                let folder = name.trim_start_matches("./").trim_end_matches('/');
                if is_folder(name) {
                    Subject::Path(
                        format!("{folder}/{target}")
                            .trim_end_matches('/')
                            .to_owned(),
                    )
                } else {
                    Subject::Path(target.to_owned())
                }
            }
            _ => Subject::File,
        }
    }
}

/// Whether a folder of a repository was looked at, and not the current one or a file.
fn is_folder(name: &str) -> bool {
    let name = name.trim_start_matches("./").trim_end_matches('/');
    !name.is_empty() && name != "." && !name.starts_with("..")
}
