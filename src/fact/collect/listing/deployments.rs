//! Deployments by environment.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::Value;

use super::Window;
use crate::fact::Observation;
use crate::fact::collect::Target;
use crate::model::EntityRef;

/// How a deployment ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::fact::collect) enum Outcome {
    /// With success, then.
    Succeeded(Timestamp),
    /// Without.
    Failed,
    /// It has not, or was given up.
    Open,
    /// Nobody asked, or there was no answer.
    Unknown,
}

/// A deployment.
#[derive(Clone, Debug)]
pub(in crate::fact::collect) struct Deployment {
    pub(in crate::fact::collect) environment: String,
    /// The name of the entity that it names, where it names one.
    pub(in crate::fact::collect) component: Option<String>,
    pub(in crate::fact::collect) created_at: Timestamp,
    pub(in crate::fact::collect) outcome: Outcome,
    /// The version or commit.
    pub(in crate::fact::collect) version: Option<String>,
}

/// The deployments of a repository.
pub(in crate::fact::collect) struct Deployments<'a> {
    pub(in crate::fact::collect) newest_first: &'a [Deployment],
    /// Whether all of the last 30 days are there.
    pub(in crate::fact::collect) has_month: bool,
    pub(in crate::fact::collect) window: Window,
    /// Where they are listed.
    pub(in crate::fact::collect) evidence: Option<String>,
}

impl Deployments<'_> {
    /// What they say. A deployment that names an entity of the repository is of that one; the
    /// others are of all.
    pub(in crate::fact::collect) fn observations(
        &self,
        target: &Target,
    ) -> Vec<(Option<EntityRef>, Observation)> {
        if self.newest_first.iter().all(|it| it.component.is_none()) {
            let said = self.of(|_| true);
            return said.into_iter().map(|said| (None, said)).collect();
        }
        let entities = target.entities.iter();
        entities
            .flat_map(|entity| {
                let own = |it: &Deployment| {
                    let named = it.component.as_ref();
                    named.is_none_or(|name| name == entity.name())
                };
                let said = self.of(own);
                said.into_iter()
                    .map(|said| (Some(entity.clone()), said))
                    .collect::<Vec<_>>()
            })
            .collect()
    }

    fn of(&self, is_own: impl Fn(&Deployment) -> bool) -> Vec<Observation> {
        let own: Vec<&Deployment> = self.newest_first.iter().filter(|it| is_own(it)).collect();
        let environments: BTreeSet<&str> = own.iter().map(|it| it.environment.as_str()).collect();
        environments
            .into_iter()
            .flat_map(|environment| {
                let there = own.iter().filter(|it| it.environment == environment);
                let said = self.in_environment(&there.copied().collect::<Vec<_>>());
                said.into_iter().map(move |observation| Observation {
                    evidence: self.evidence.clone(),
                    ..observation.in_environment(environment)
                })
            })
            .collect()
    }

    fn in_environment(&self, there: &[&Deployment]) -> Vec<Observation> {
        let mut said = Vec::new();
        let ended = there.iter().find(|it| it.outcome != Outcome::Open);
        match ended.map(|it| it.outcome) {
            Some(Outcome::Succeeded(_)) => {
                said.push(Observation::new("deployment.succeeded", true));
            }
            Some(Outcome::Failed) => said.push(Observation::new("deployment.succeeded", false)),
            _ => {}
        }
        let last = there
            .iter()
            .find(|it| matches!(it.outcome, Outcome::Succeeded(_) | Outcome::Unknown));
        if let Some(last) = last
            && let Outcome::Succeeded(at) = last.outcome
        {
            said.push(Observation::new("deployment.at", at.to_string()));
            let version = last.version.clone().map_or(Value::Null, Value::from);
            said.push(Observation::new("deployment.version", version));
        }
        let of_month = there.iter();
        let of_month = of_month.filter(|it| self.window.is_of_month(it.created_at));
        let of_month: Vec<Outcome> = of_month.map(|it| it.outcome).collect();
        if self.has_month && !of_month.contains(&Outcome::Unknown) {
            let succeeded = of_month.iter();
            let succeeded = succeeded.filter(|it| matches!(it, Outcome::Succeeded(_)));
            said.push(Observation::new("deployments.30d", succeeded.count()));
        }
        said
    }
}

/// The environments that are kept: those of the organisation, then those that were deployed to
/// last, but not all, as some make one for each change.
pub(in crate::fact::collect) fn kept_environments<'a>(
    own: &[&str],
    newest_first: impl Iterator<Item = &'a str>,
) -> Vec<String> {
    const MOST_OTHERS: usize = 10;
    let mut kept: Vec<String> = own.iter().map(|&name| name.to_owned()).collect();
    for name in newest_first {
        if kept.len() < own.len() + MOST_OTHERS && !kept.iter().any(|it| it == name) {
            kept.push(name.to_owned());
        }
    }
    kept
}

/// The version of a deployment: the tag, where the ref looks like one of a version, else the
/// commit.
pub(in crate::fact::collect) fn version(reference: &Value, commit: &Value) -> Option<String> {
    let reference = reference.as_str().unwrap_or_default();
    let tag = reference.strip_prefix("refs/tags/");
    let is_version = |name: &str| {
        let number = name.rsplit(['/', '@']).next().unwrap_or(name);
        let number = number
            .rsplit_once("-v")
            .map_or(number, |(_, number)| number);
        let number = number.strip_prefix('v').unwrap_or(number);
        number.starts_with(|first: char| first.is_ascii_digit()) && number.contains('.')
    };
    let tag = tag.or_else(|| Some(reference).filter(|name| is_version(name)));
    tag.or_else(|| commit.as_str()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::version;

    #[test]
    fn a_version_is_a_tag_or_a_commit() {
        for (reference, expected) in [
            (json!("v1.2.0"), "v1.2.0"),
            (json!("payments-v1.2"), "payments-v1.2"),
            (json!("refs/tags/nightly"), "nightly"),
            (json!("main"), "abc"),
            (json!("release/next"), "abc"),
            (json!(null), "abc"),
        ] {
            assert_eq!(
                version(&reference, &json!("abc")).as_deref(),
                Some(expected)
            );
        }
    }
}
