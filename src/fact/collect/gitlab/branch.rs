//! Whether the default branch is protected, and how many must approve.

use globset::GlobBuilder;
use serde_json::Value;

use super::Project;
use crate::fact::Observation;
use crate::fact::collect::{Answer, CollectError};

pub(super) fn ask(project: &Project<'_>, branch: &str, answer: &mut Answer) {
    let evidence = project.page_of("/-/settings/repository");
    let say = |name: &str, value: Value| Observation {
        evidence: evidence.clone(),
        ..Observation::new(name, value)
    };
    match protection(project, branch) {
        Ok(is_protected) => answer.say(vec![say("branch.protected", is_protected.into())]),
        Err(error) => answer.errors.push(error),
    }
    match required_reviews(project, branch) {
        Ok(reviews) => answer.say(vec![say("branch.required-reviews", reviews.into())]),
        Err(error) => answer.errors.push(error),
    }
}

/// `GET /projects/:id/protected_branches`. Names may have wildcards.
fn protection(project: &Project<'_>, branch: &str) -> Result<bool, CollectError> {
    let list = project.list("protected branches", "/protected_branches?per_page=100");
    let list = list.all(project.connection).complete()?;
    Ok(list.iter().any(|it| is_of(it, branch)))
}

/// `GET /projects/:id/approval_rules`: of the rules that people fulfil, the one that wants most.
fn required_reviews(project: &Project<'_>, branch: &str) -> Result<u64, CollectError> {
    let rules = project.list("approval rules", "/approval_rules?per_page=100");
    let rules = rules.all(project.connection).complete()?;
    let applies = |rule: &&Value| {
        let is_by_people = matches!(
            rule["rule_type"].as_str(),
            None | Some("regular" | "any_approver")
        );
        let branches = rule["protected_branches"].as_array();
        let branches = branches.map(Vec::as_slice).unwrap_or_default();
        is_by_people && (branches.is_empty() || branches.iter().any(|it| is_of(it, branch)))
    };
    let rules = rules.iter().filter(applies);
    let required = rules.filter_map(|rule| rule["approvals_required"].as_u64());
    Ok(required.max().unwrap_or_default())
}

/// Whether a protected branch, or a wildcard, is of a branch.
fn is_of(protected: &Value, branch: &str) -> bool {
    let Some(name) = protected["name"].as_str() else {
        return false;
    };
    let escaped: Vec<String> = name.split('*').map(globset::escape).collect();
    let pattern = GlobBuilder::new(&escaped.join("*")).build();
    name == branch || pattern.is_ok_and(|glob| glob.compile_matcher().is_match(branch))
}
