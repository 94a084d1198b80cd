//! Releases and deployments: what tags and `deployments/*.jsonl` say.
//!
//! Where an entity has no line in a file of deployments, its releases count as deployments to
//! the default environment: what was tagged went out. Then nothing is known of failures. Every
//! figure was observed when the last release or deployment was, so that a source which saw a
//! later one is before it. Without both, nothing is known.

mod deployment_file;
mod dora;
mod release;
mod version;

use std::collections::BTreeMap;

use jiff::Timestamp;

use self::deployment_file::DeploymentLine;
use self::dora::Deployment;
use self::release::{ANNOTATION, Release};
use self::version::without_v;
use super::found_once::CodeHistory;
use super::{CodeHome, Look, RepositorySource, Seen};
use crate::diagnostic::{Diagnostic, register};
use crate::fact::{DeploymentStatus, Observation};
use crate::model::Entity;

pub(super) use self::deployment_file::DeploymentFiles;

/// Seconds of a day.
const DAY: i64 = 86_400;

pub(super) const SOURCE: RepositorySource = RepositorySource {
    name: "delivery",
    gives: &[
        "release.at",
        "release.version",
        "releases.90d",
        "deployment.at",
        "deployment.version",
        "deployment.succeeded",
        "deployments.30d",
        "dora.deployment-frequency",
        "dora.lead-time",
        "dora.change-failure-rate",
        "dora.time-to-restore",
    ],
    look: Look::ForEntity {
        look,
        // Tags are found by names.
        says_itself: |_| true,
    },
};

fn look(home: &CodeHome<'_>, entity: &Entity, seen: &mut Seen) {
    let releases = release::releases(home, entity).unwrap_or_else(|reason| {
        seen.problems.push(no_pattern(entity, &reason));
        None
    });
    let releases = releases.unwrap_or_default();
    add_releases(home, &releases, seen);
    let lines: Vec<&DeploymentLine> = home.code.deployment_files().of(home, entity).collect();
    let settings = &home.code.config.organisation().facts;
    let default = settings.default_environment();
    if lines.is_empty() {
        add_releases_as_deployments(home, &releases, default, seen);
        return;
    }
    let mut environments: BTreeMap<&str, Vec<&DeploymentLine>> = BTreeMap::new();
    for line in lines {
        let environment = line.event.environment.as_deref().unwrap_or(default);
        environments.entry(environment).or_default().push(line);
    }
    for (environment, lines) in environments {
        add_deployments(home, &releases, environment, &lines, seen);
    }
}

fn add_releases(home: &CodeHome<'_>, releases: &[Release<'_>], seen: &mut Seen) {
    let Some((last, at)) = releases
        .last()
        .and_then(|last| Some((last, Timestamp::from_second(last.tag.seconds).ok()?)))
    else {
        return;
    };
    let since = home.code.now.as_second() - 90 * DAY;
    let recent = releases.iter().filter(|it| it.tag.seconds > since).count();
    let evidence = tag_evidence(last);
    for observation in [
        Observation::new("release.at", at.to_string()),
        Observation::new("release.version", last.version),
        Observation::new("releases.90d", recent),
    ] {
        seen.add(observation.at(at).evidence(evidence.clone()));
    }
}

fn add_releases_as_deployments(
    home: &CodeHome<'_>,
    releases: &[Release<'_>],
    environment: &str,
    seen: &mut Seen,
) {
    let Some((last, at)) = releases
        .last()
        .and_then(|last| Some((last, Timestamp::from_second(last.tag.seconds).ok()?)))
    else {
        return;
    };
    let history = history_for_lead_time(home);
    let deployments: Vec<Deployment> = releases
        .iter()
        .map(|release| Deployment {
            at: release.tag.seconds,
            status: DeploymentStatus::Success,
            commit: history.and_then(|history| history.place(release.tag.commit)),
        })
        .collect();
    let mut add = |observation: Observation| {
        let observation = observation.in_environment(environment).at(at);
        seen.add(observation.evidence(tag_evidence(last)));
    };
    add(Observation::new("deployment.at", at.to_string()));
    add(Observation::new("deployment.version", last.version));
    figures(home, &deployments).into_iter().for_each(add);
}

fn add_deployments(
    home: &CodeHome<'_>,
    releases: &[Release<'_>],
    environment: &str,
    lines: &[&DeploymentLine],
    seen: &mut Seen,
) {
    let Some(last) = lines.last() else { return };
    let deployments: Vec<Deployment> = lines
        .iter()
        .map(|line| Deployment {
            at: line.event.at.as_second(),
            status: line.event.status,
            commit: deployed_commit(home, releases, line),
        })
        .collect();
    let mut add = |observation: Observation, line: &DeploymentLine| {
        let event = &line.event;
        let path = || home.evidence(line.path.as_bytes(), Some(line.line));
        let evidence = event.url.clone().unwrap_or_else(path);
        let observation = observation.in_environment(environment).at(last.event.at);
        seen.add(observation.evidence(evidence));
    };
    // What runs is what was deployed with success, or brought back.
    let running = lines
        .iter()
        .rfind(|line| line.event.status != DeploymentStatus::Failure);
    if let Some(running) = running {
        let event = &running.event;
        add(
            Observation::new("deployment.at", event.at.to_string()),
            running,
        );
        if let Some(version) = event.version.as_deref().or(event.commit.as_deref()) {
            add(Observation::new("deployment.version", version), running);
        }
    }
    let has_succeeded = last.event.status == DeploymentStatus::Success;
    add(
        Observation::new("deployment.succeeded", has_succeeded),
        last,
    );
    for figure in figures(home, &deployments) {
        add(figure, last);
    }
}

/// What is counted, as far as it is known.
fn figures(home: &CodeHome<'_>, deployments: &[Deployment]) -> Vec<Observation> {
    let now = home.code.now.as_second();
    let lead_time = history_for_lead_time(home).and_then(|history| {
        let changes = history.changes_of(home.folder)?;
        dora::lead_time(deployments, &history.log, changes, now)
    });
    let failures = dora::failures(deployments);
    let rate = failures
        .as_ref()
        .and_then(|failures| dora::change_failure_rate(deployments, failures, now));
    let restore = failures.and_then(|failures| dora::time_to_restore(&failures, now));
    let known = [
        ("dora.lead-time", lead_time),
        ("dora.change-failure-rate", rate),
        ("dora.time-to-restore", restore),
    ];
    let known = known.into_iter();
    let known = known.filter_map(|(name, value)| Some(Observation::new(name, value?)));
    let recent = dora::succeeded_within(deployments, 30, now);
    let frequency = dora::frequency(deployments, now);
    let mut figures = vec![
        Observation::new("deployments.30d", recent),
        Observation::new("dora.deployment-frequency", frequency),
    ];
    figures.extend(known);
    figures
}

/// The commits, where they are needed: nobody walks through a history for the date of a tag.
fn history_for_lead_time<'a>(home: &CodeHome<'a>) -> Option<&'a CodeHistory> {
    let code = home.code;
    code.selection
        .wants_any(&["dora.lead-time"])
        .then(|| code.history())
        .flatten()
}

/// The commit that was deployed: the one that is named, else that of a release of the version.
fn deployed_commit(
    home: &CodeHome<'_>,
    releases: &[Release<'_>],
    line: &DeploymentLine,
) -> Option<usize> {
    let history = history_for_lead_time(home)?;
    if let Some(commit) = &line.event.commit {
        return history.place_of_abbreviated(commit);
    }
    let version = line.event.version.as_deref()?;
    let release = releases
        .iter()
        .rfind(|release| release.tag.name == version || release.version == without_v(version))?;
    history.place(release.tag.commit)
}

fn tag_evidence(release: &Release<'_>) -> String {
    format!("tag {}", release.tag.name)
}

fn no_pattern(entity: &Entity, reason: &str) -> Diagnostic {
    let pattern = entity.annotation(ANNOTATION).unwrap_or_default();
    let message = format!("\"{pattern}\" of \"{ANNOTATION}\" is no pattern of tags: {reason}");
    Diagnostic::new(&register::RELEASE_TAGS, message)
        .help("write a glob, as \"payments-v*\"")
        .entity(entity.reference())
        .subject(ANNOTATION)
        .at(entity.place())
}
