//! Whether the default branch is protected, and how many must approve.

use globset::GlobBuilder;
use serde_json::Value;

use super::{Project, part_of_an_edition};
use crate::fact::Observation;
use crate::fact::collect::{Answer, CollectError};

/// `GET /projects/:id/protected_branches`. Names may have wildcards.
pub(super) fn protection(project: &Project<'_>, answer: &mut Answer) {
    let list = project.list("protected branches", "/protected_branches?per_page=100");
    say(
        project,
        answer,
        list.all(project.connection).complete(),
        "branch.protected",
        |list, branch| list.iter().any(|it| is_of(it, branch)).into(),
    );
}

/// `GET /projects/:id/approval_rules`: of the rules that people fulfil, the one that wants most.
pub(super) fn required_reviews(project: &Project<'_>, answer: &mut Answer) {
    let list = project.list("approval rules", "/approval_rules?per_page=100");
    let rules = list.all(project.connection).complete();
    say(
        project,
        answer,
        rules.map_err(|error| part_of_an_edition("Premium", error)),
        "branch.required-reviews",
        |rules, branch| {
            let rules = rules.iter().filter(|rule| applies(rule, branch));
            let required = rules.filter_map(|rule| rule["approvals_required"].as_u64());
            required.max().unwrap_or_default().into()
        },
    );
}

/// Says what a list means for the default branch.
fn say(
    project: &Project<'_>,
    answer: &mut Answer,
    list: Result<Vec<Value>, CollectError>,
    name: &'static str,
    value: fn(&[Value], &str) -> Value,
) {
    let Some(branch) = &project.branch else {
        return;
    };
    if let Some(list) = answer.keep(list) {
        answer.say(vec![Observation {
            evidence: project.page_of("/-/settings/repository"),
            ..Observation::new(name, value(&list, branch))
        }]);
    }
}

/// Whether people fulfil a rule, and it is one for a branch.
fn applies(rule: &Value, branch: &str) -> bool {
    let is_by_people = matches!(
        rule["rule_type"].as_str(),
        None | Some("regular" | "any_approver")
    );
    let branches = rule["protected_branches"].as_array();
    let branches = branches.map(Vec::as_slice).unwrap_or_default();
    is_by_people && (branches.is_empty() || branches.iter().any(|it| is_of(it, branch)))
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
