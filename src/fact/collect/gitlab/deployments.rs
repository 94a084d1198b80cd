//! Deployments and how they ended.

use serde_json::Value;

use super::Project;
use crate::fact::collect::Answer;
use crate::fact::collect::listing::{
    Deployment, Deployments, Outcome, environments, kept_environments, moment, version,
};

/// How the environments of merge requests begin, by custom of GitLab.
const REVIEW: &str = "review/";

/// `GET /projects/:id/deployments`.
pub(super) fn ask(project: &Project<'_>, answer: &mut Answer) {
    let window = project.window;
    let query = "/deployments?order_by=created_at&sort=desc&per_page=100";
    let listing = project
        .list("deployments", query)
        .until(project.connection, |it| window.is_before(&it["created_at"]));
    let items = listing.items.iter();
    let mut deployments: Vec<Deployment> =
        items.filter_map(|item| deployment(project, item)).collect();
    deployments.sort_by_key(|it| std::cmp::Reverse(it.created_at));
    let own = environments(project.target);
    let names = deployments.iter().map(|it| it.environment.as_str());
    let kept = kept_environments(&own, names);
    deployments.retain(|it| kept.contains(&it.environment));
    let said = Deployments {
        newest_first: &deployments,
        has_month: listing.gap.is_none() && window.has_month(),
        window,
        evidence: project.page_of("/-/environments"),
    };
    answer
        .observations
        .extend(said.observations(project.target));
    answer.errors.extend(listing.gap);
}

/// A deployment to an environment that stays.
fn deployment(project: &Project<'_>, item: &Value) -> Option<Deployment> {
    let name = item["environment"]["name"].as_str()?;
    if name.starts_with(REVIEW) {
        return None;
    }
    let own = environments(project.target).into_iter();
    let mut own = own.filter(|own| own.eq_ignore_ascii_case(name));
    let created_at = moment(&item["created_at"])?;
    let job = &item["deployable"];
    let outcome = match item["status"].as_str().unwrap_or_default() {
        "success" => {
            let ended_at = moment(&job["finished_at"]).or_else(|| moment(&item["updated_at"]));
            Outcome::Succeeded(ended_at.unwrap_or(created_at))
        }
        "failed" => Outcome::Failed,
        _ => Outcome::Open,
    };
    let component = job["name"].as_str();
    let component = component.and_then(|name| name.strip_prefix("deploy:"));
    Some(Deployment {
        environment: own.next().unwrap_or(name).to_owned(),
        component: component.and_then(|name| project.homes.named(name)),
        created_at,
        outcome,
        version: version(&item["ref"], &item["sha"]),
    })
}
