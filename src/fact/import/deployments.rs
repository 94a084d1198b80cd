//! Deployments as JSON lines, as [`DeploymentEvent`] reads them.
//!
//! A change failed when its deployment did or was undone. The rate is only said where the file
//! tells of any failure: most pipelines write down what succeeded and nothing else.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::document::{looks_like, text};
use super::result::is_past;
use super::{
    Amount, ImportError, ImportFile, ImportFormat, ImportProblem, Imported, ImportedResult, Subject,
};
use crate::fact::Dimensions;
use crate::fact::deployment_event::{DeploymentEvent, DeploymentStatus};

/// The format.
pub(super) const FORMAT: ImportFormat = ImportFormat {
    name: "deployments",
    source: "deployments",
    about: "deployments: JSON lines {\"entity\", \"at\", \"environment\", \"version\", \
            \"commit\", \"status\"}, devportal's own, for the four keys of DORA (dora.dev/guides)",
    gives: &[
        "deployment.at",
        "deployment.version",
        "deployment.succeeded",
        "deployments.30d",
        "dora.deployment-frequency",
        "dora.change-failure-rate",
    ],
    recognises: |file| {
        looks_like(file, &["{", "\"at\"", "\"status\""])
            || looks_like(file, &["{", "\"at\"", "\"version\"", "\"environment\""])
    },
    read,
};

const MONTH: SignedDuration = SignedDuration::from_hours(30 * 24);
const QUARTER: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Deployments of one subject to one environment.
#[derive(Default)]
struct Deployments {
    /// When the last one succeeded.
    succeeded: Option<Timestamp>,
    /// What runs since when.
    runs: Option<(Timestamp, Option<String>)>,
    /// When the last one was, and whether it succeeded.
    last: Option<(Timestamp, bool)>,
    month: u64,
    quarter: u64,
    failed: u64,
    undone: u64,
}

fn read(file: &ImportFile<'_>) -> Result<Imported, ImportError> {
    let text = text(file)?;
    let mut imported = Imported::default();
    let mut all: BTreeMap<(Subject, Dimensions), Deployments> = BTreeMap::new();
    let mut is_any_failure = false;
    for (line, number) in text.lines().zip(1..) {
        if line.trim().is_empty() {
            continue;
        }
        let event = DeploymentEvent::parse(line).and_then(|event| {
            let is_past = is_past(event.at, file.now);
            let future = format!("\"{}\" is in the future", event.at);
            is_past.then_some(event).ok_or(future)
        });
        match event {
            Ok(event) => {
                is_any_failure |= event.status != DeploymentStatus::Success;
                let entity = event.entity.clone();
                let subject = entity.map_or(Subject::File, Subject::Entity);
                let environment = event.environment.clone().map(|it| ("environment", it));
                let dimensions = environment.into_iter().collect();
                all.entry((subject, dimensions))
                    .or_default()
                    .add(event, file.now);
            }
            Err(message) => {
                let problem = ImportProblem::new(message).on_line(number);
                imported.problems.push(problem);
            }
        }
    }
    for ((subject, dimensions), deployments) in all {
        for (name, amount) in deployments.say(is_any_failure) {
            imported.results.push(ImportedResult {
                dimensions: dimensions.clone(),
                ..ImportedResult::new(subject.clone(), name, amount)
            });
        }
    }
    Ok(imported)
}

impl Deployments {
    fn add(&mut self, event: DeploymentEvent, now: Timestamp) {
        let age = now.duration_since(event.at);
        let is_success = event.status == DeploymentStatus::Success;
        if is_success {
            self.succeeded = self.succeeded.max(Some(event.at));
            self.month += u64::from(age <= MONTH);
        }
        if age <= QUARTER {
            match event.status {
                DeploymentStatus::Success => self.quarter += 1,
                DeploymentStatus::Failure => self.failed += 1,
                DeploymentStatus::Rollback => self.undone += 1,
            }
        }
        self.last = self.last.max(Some((event.at, is_success)));
        let is_newest = self.runs.as_ref().is_none_or(|(at, _)| event.at >= *at);
        if event.status != DeploymentStatus::Failure && is_newest {
            self.runs = Some((event.at, event.version.or(event.commit)));
        }
    }

    fn say(self, is_any_failure: bool) -> Vec<(&'static str, Amount)> {
        const WEEKS: f64 = 90.0 / 7.0;
        let mut amounts = vec![("deployments.30d", Amount::count(self.month))];
        if let Some(at) = self.succeeded {
            amounts.push(("deployment.at", Amount::Latest(at)));
        }
        if let Some((at, Some(version))) = self.runs {
            let value = version.into();
            amounts.push(("deployment.version", Amount::Since { at, value }));
        }
        if let Some((at, succeeded)) = self.last {
            let value = succeeded.into();
            amounts.push(("deployment.succeeded", Amount::Since { at, value }));
        }
        if let Amount::Count(quarter) = Amount::count(self.quarter) {
            let frequency = Amount::Count(quarter / WEEKS);
            amounts.push(("dora.deployment-frequency", frequency));
        }
        let failed = Amount::count(self.failed + self.undone);
        let whole = Amount::count(self.quarter + self.failed);
        if let (Amount::Count(part), Amount::Count(whole), true) = (failed, whole, is_any_failure) {
            let rate = Amount::Share { part, whole };
            amounts.push(("dora.change-failure-rate", rate));
        }
        amounts
    }
}
