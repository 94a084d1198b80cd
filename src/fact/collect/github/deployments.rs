//! Deployments and how they ended.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::Value;

use super::Repository;
use crate::fact::collect::listing::{
    self, Deployment, Deployments, Outcome, environments, kept_environments, moment, version,
};
use crate::fact::collect::{Answer, CollectError};

const WHAT: &str = "deployments";
/// The most deployments whose statuses are asked for.
const MOST_STATUSES: usize = 100;
/// How many older deployments are looked at to find the last one with success.
const MOST_OLDER: usize = 5;

/// A deployment before it is known how it ended.
struct Listed<'a> {
    deployment: Deployment,
    id: &'a Value,
}

/// Asks for statuses until there were too many, or one could not be had.
struct Statuses<'a> {
    repository: &'a Repository<'a>,
    asked: usize,
    problem: Option<CollectError>,
}

/// `GET /repos/{owner}/{repo}/deployments`.
pub(super) fn ask(repository: &Repository<'_>, answer: &mut Answer) {
    let window = repository.window;
    let request = repository.list(WHAT, "/deployments?per_page=100", None);
    let listing = request.until(repository.connection, |it| {
        window.is_before(&it["created_at"])
    });
    let mut listed: Vec<Listed<'_>> = listing
        .items
        .iter()
        .filter_map(|item| of_item(repository, item))
        .collect();
    listed.sort_by_key(|it| std::cmp::Reverse(it.deployment.created_at));
    let mut statuses = Statuses {
        repository,
        asked: 0,
        problem: None,
    };
    let mut deployments = Vec::new();
    let own = environments(repository.target);
    let names = listed.iter().map(|it| it.deployment.environment.as_str());
    for environment in kept_environments(&own, names) {
        let there = listed.iter();
        let there = there.filter(|it| it.deployment.environment == environment);
        let there: Vec<&Listed<'_>> = there.collect();
        let components: BTreeSet<Option<&String>> = there
            .iter()
            .map(|it| it.deployment.component.as_ref())
            .collect();
        for component in components {
            let own = there.iter().copied();
            let own = own.filter(|it| it.deployment.component.as_ref() == component);
            deployments.extend(statuses.with_outcomes(own));
        }
    }
    deployments.sort_by_key(|it| std::cmp::Reverse(it.created_at));
    let said = Deployments {
        newest_first: &deployments,
        has_month: listing.gap.is_none() && window.has_month(),
        window,
        evidence: repository.page_of("/deployments"),
    };
    answer
        .observations
        .extend(said.observations(repository.target));
    answer.errors.extend(listing.gap);
    answer.errors.extend(statuses.problem);
}

/// A deployment to an environment that stays.
fn of_item<'a>(repository: &Repository<'_>, item: &'a Value) -> Option<Listed<'a>> {
    if item["transient_environment"] == true {
        return None;
    }
    let environment = item["environment"].as_str()?;
    let own = environments(repository.target).into_iter();
    let mut own = own.filter(|name| name.eq_ignore_ascii_case(environment));
    Some(Listed {
        deployment: Deployment {
            environment: own.next().unwrap_or(environment).to_owned(),
            component: component(repository, item),
            created_at: moment(&item["created_at"])?,
            outcome: Outcome::Unknown,
            version: version(&item["ref"], &item["sha"]),
        },
        id: &item["id"],
    })
}

/// The entity that a deployment names. A payload may be JSON in a text.
fn component(repository: &Repository<'_>, item: &Value) -> Option<String> {
    let payload = match &item["payload"] {
        Value::String(text) => serde_json::from_str(text).unwrap_or_default(),
        other => other.clone(),
    };
    let task = item["task"].as_str();
    let task = task.and_then(|task| task.strip_prefix("deploy:"));
    let keys = ["component", "service", "app"].into_iter();
    let mut names = keys
        .filter_map(|key| payload.get(key)?.as_str())
        .chain(task);
    names.find_map(|name| repository.homes.named(name))
}

impl Statuses<'_> {
    /// The deployments of one environment and component that matter: all of the last 30 days, and
    /// before that up to one that succeeded.
    fn with_outcomes<'a>(
        &mut self,
        newest_first: impl Iterator<Item = &'a Listed<'a>>,
    ) -> Vec<Deployment> {
        let window = self.repository.window;
        let mut deployments = Vec::new();
        let (mut has_succeeded, mut older) = (false, 0);
        for it in newest_first {
            let counts = window.has_month() && window.is_of_month(it.deployment.created_at);
            if !counts {
                if has_succeeded || older == MOST_OLDER {
                    break;
                }
                older += 1;
            }
            let outcome = self.outcome(it.id);
            has_succeeded |= matches!(outcome, Outcome::Succeeded(_));
            deployments.push(Deployment {
                outcome,
                ..it.deployment.clone()
            });
        }
        deployments
    }

    /// `GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses`.
    fn outcome(&mut self, id: &Value) -> Outcome {
        if self.problem.is_some() {
            return Outcome::Unknown;
        }
        let Some(id) = id.as_u64() else {
            return Outcome::Unknown;
        };
        if self.asked == MOST_STATUSES {
            let reason = format!("more than {MOST_STATUSES}, which are not all asked for");
            self.problem = Some(listing::failed(WHAT, &reason));
            return Outcome::Unknown;
        }
        self.asked += 1;
        let rest = format!("/deployments/{id}/statuses?per_page=100");
        let request = self
            .repository
            .list("statuses of a deployment", &rest, None);
        match request.all(self.repository.connection).complete() {
            Ok(statuses) => outcome(&statuses),
            Err(error) => {
                self.problem = Some(error);
                Outcome::Unknown
            }
        }
    }
}

/// How a deployment ended: the last that was said, except that it is not the current one any more.
fn outcome(statuses: &[Value]) -> Outcome {
    let ended = statuses.iter().filter_map(|status| {
        let at = moment(&status["created_at"])?;
        match status["state"].as_str()? {
            "success" => Some((at, Outcome::Succeeded(at))),
            "failure" | "error" => Some((at, Outcome::Failed)),
            _ => None,
        }
    });
    let last = ended.max_by_key(|(at, _): &(Timestamp, Outcome)| *at);
    last.map_or(Outcome::Open, |(_, outcome)| outcome)
}
