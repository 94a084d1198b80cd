//! Vulnerabilities of `osv-scanner --format json`, of versions 1 and 2.
//!
//! A group has the vulnerabilities that are aliases of each other, and counts once. Its severity
//! is `max_severity`, else that of the vectors of its vulnerabilities, else the word of their
//! database. What no code calls, as far as OSV-Scanner could see, does not count.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use cvss::Cvss;
use serde::Deserialize;
use serde_json::Value;

use super::document::{json, looks_like, or_default, text, time};
use super::vulnerability::{self, Severity, Vulnerabilities, Vulnerability};
use super::{ImportError, ImportFile, ImportFormat, Imported, Subject};

/// The format.
pub(super) const FORMAT: ImportFormat = ImportFormat {
    name: "osv-scanner",
    source: "osv-scanner",
    about: "vulnerabilities of dependencies: osv-scanner --format json, 1.9 and 2 \
            (google.github.io/osv-scanner/output), with OSV 1.6 (ossf.github.io/osv-schema)",
    gives: vulnerability::GIVES,
    recognises: |file| {
        looks_like(file, &["\"results\""])
            && (looks_like(file, &["\"experimental_config\""])
                || looks_like(file, &["\"packages\"", "\"source\"", "\"ecosystem\""]))
    },
    read,
};

#[derive(Deserialize)]
struct Report<'a> {
    #[serde(borrow)]
    results: Option<Vec<Scanned<'a>>>,
}

#[derive(Deserialize)]
struct Scanned<'a> {
    #[serde(borrow)]
    source: Option<Source<'a>>,
    #[serde(borrow, default, deserialize_with = "or_default")]
    packages: Vec<Package<'a>>,
}

#[derive(Deserialize)]
struct Source<'a> {
    #[serde(borrow)]
    path: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Package<'a> {
    #[serde(borrow, rename = "package")]
    known_as: Option<PackageName<'a>>,
    #[serde(borrow, default, deserialize_with = "or_default")]
    vulnerabilities: Vec<Entry<'a>>,
    #[serde(borrow, default, deserialize_with = "or_default")]
    groups: Vec<Group<'a>>,
}

#[derive(Deserialize)]
struct PackageName<'a> {
    #[serde(borrow)]
    name: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Group<'a> {
    #[serde(borrow, default, deserialize_with = "or_default")]
    ids: Vec<Cow<'a, str>>,
    #[serde(borrow)]
    max_severity: Option<Cow<'a, str>>,
    #[serde(
        borrow,
        default,
        deserialize_with = "or_default",
        alias = "experimental_analysis",
        rename = "experimentalAnalysis"
    )]
    analysis: HashMap<Cow<'a, str>, Analysis>,
}

#[derive(Deserialize)]
struct Analysis {
    called: Option<bool>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    published: Option<Cow<'a, str>>,
    #[serde(borrow)]
    withdrawn: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "or_default")]
    severity: Vec<Score<'a>>,
    #[serde(borrow, default, deserialize_with = "or_default")]
    affected: Vec<Affected<'a>>,
    database_specific: Option<OfDatabase>,
}

#[derive(Deserialize)]
struct Score<'a> {
    #[serde(borrow)]
    score: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Affected<'a> {
    #[serde(borrow)]
    package: Option<PackageName<'a>>,
    #[serde(borrow, default, deserialize_with = "or_default")]
    ranges: Vec<Range<'a>>,
}

#[derive(Deserialize)]
struct Range<'a> {
    #[serde(borrow, default, deserialize_with = "or_default")]
    events: Vec<Event<'a>>,
}

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(borrow)]
    fixed: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct OfDatabase {
    /// A word in most databases, and anything in others.
    severity: Option<Value>,
}

fn read(file: &ImportFile<'_>) -> Result<Imported, ImportError> {
    let text = text(file)?;
    let report: Report<'_> = json(&text)?;
    let Some(results) = report.results else {
        return Err(ImportError::new(
            "there is no \"results\": this is no report of OSV-Scanner",
        ));
    };
    // The scan as a whole found nothing, until something is counted.
    let mut counts = BTreeMap::from([(Subject::File, Vulnerabilities::default())]);
    for scanned in &results {
        let path = scanned.source.as_ref().and_then(|it| it.path.as_deref());
        let subject = match path.filter(|path| path.contains(['/', '\\'])) {
            Some(path) => Subject::Path(path.to_owned()),
            None => Subject::File,
        };
        let count = counts.entry(subject).or_default();
        for package in &scanned.packages {
            for vulnerability in package.count() {
                count.add(vulnerability);
            }
        }
    }
    let mut imported = Imported::default();
    for (subject, count) in counts {
        count.say(&subject, &mut imported);
    }
    Ok(imported)
}

impl Package<'_> {
    fn count(&self) -> Vec<Vulnerability> {
        let by_id: HashMap<&str, &Entry<'_>> = self
            .vulnerabilities
            .iter()
            .map(|entry| (&*entry.id, entry))
            .collect();
        if self.groups.is_empty() {
            let entries = by_id.values();
            return entries
                .map(|entry| self.vulnerability(&[*entry], None))
                .collect();
        }
        let called = self.groups.iter().filter(|group| {
            let mut analyses = group.analysis.values();
            group.analysis.is_empty() || analyses.any(|it| it.called != Some(false))
        });
        called
            .map(|group| {
                let ids = group.ids.iter();
                let entries: Vec<&Entry<'_>> =
                    ids.filter_map(|id| by_id.get(&**id).copied()).collect();
                self.vulnerability(&entries, group.max_severity.as_deref())
            })
            .collect()
    }

    fn vulnerability(&self, entries: &[&Entry<'_>], max_severity: Option<&str>) -> Vulnerability {
        let name = self.known_as.as_ref().and_then(|it| it.name.as_deref());
        let score = max_severity.and_then(|score| score.trim().parse().ok());
        let entries = entries.iter();
        let scores = entries.clone().filter_map(|entry| entry.score());
        let score = score.or_else(|| scores.max_by(f64::total_cmp));
        let mut words = entries.clone().filter_map(|entry| entry.word());
        let severity = score.map_or_else(
            || words.next().map_or(Severity::Unrated, Severity::named),
            Severity::of_score,
        );
        let published = entries
            .clone()
            .filter_map(|it| time(it.published.as_deref()?));
        Vulnerability {
            severity,
            is_fixable: entries
                .clone()
                .any(|entry| entry.withdrawn.is_none() && entry.is_fixed(name)),
            since: published.min(),
        }
    }
}

impl Entry<'_> {
    /// The highest score of its vectors, of CVSS 2, 3 or 4.
    fn score(&self) -> Option<f64> {
        let vectors = self.severity.iter().filter_map(|it| it.score.as_deref());
        let scores = vectors.filter_map(|vector| Some(vector.parse::<Cvss>().ok()?.score()));
        scores.max_by(f64::total_cmp)
    }

    fn word(&self) -> Option<&str> {
        self.database_specific.as_ref()?.severity.as_ref()?.as_str()
    }

    fn is_fixed(&self, package: Option<&str>) -> bool {
        let of_package = self.affected.iter().filter(|affected| {
            let name = affected.package.as_ref().and_then(|it| it.name.as_deref());
            name.is_none() || package.is_none() || name == package
        });
        let mut events = of_package
            .flat_map(|it| &it.ranges)
            .flat_map(|it| &it.events);
        events.any(|event| event.fixed.is_some())
    }
}
