//! GitLab.

use std::collections::BTreeMap;

use devportal::fact::collect::{CollectErrorKind, Target};
use serde_json::{Value, json};

use super::{Told, ask, ask_since, catalog, connector, targets};
use crate::fact_doubles::api::{ApiDouble, Reply};
use crate::fact_doubles::gitlab::{GitLabDouble, TOKEN, deployment, pipeline, vulnerability};

const AT: &str = "2026-03-20T10:00:00Z";

fn target() -> Target {
    let catalog = catalog(&[("gitlab.com/larkspur/payments", "", "payments-api", "")]);
    targets(connector("gitlab"), &catalog, &[]).remove(0)
}

fn api(double: &ApiDouble) -> String {
    format!("{}/api/v4", double.url())
}

fn told(double: &ApiDouble) -> Told {
    ask(connector("gitlab"), &api(double), TOKEN, &target())
}

/// A project with nothing in it.
fn empty() -> GitLabDouble {
    GitLabDouble {
        name: "larkspur%2Fpayments",
        ..GitLabDouble::default()
    }
}

fn instead(path: &'static str, reply: Reply) -> ApiDouble {
    let mut gitlab = empty();
    gitlab.instead.insert(path, reply);
    gitlab.start()
}

#[test]
fn a_project_is_told_whole() {
    let mut gitlab = empty();
    gitlab.pipelines = vec![
        pipeline("c2", "2026-03-31T08:00:00Z", "running"),
        pipeline("c1", "2026-03-30T08:00:00Z", "failed"),
        pipeline("c1", "2026-03-30T07:00:00Z", "success"),
        pipeline("c0", "2026-03-29T08:00:00Z", "canceled"),
        pipeline("c9", "2026-02-01T08:00:00Z", "success"),
    ];
    gitlab.deployments = vec![
        deployment("review/fix-x", "2026-03-30T10:00:00Z", "success"),
        deployment("production", "2026-03-25T10:00:00Z", "running"),
        deployment("production", "2026-03-24T10:00:00Z", "success"),
        deployment("production", "2026-03-23T10:00:00Z", "success"),
        deployment("staging", "2026-01-01T10:00:00Z", "failed"),
    ];
    gitlab.deployments[2]["ref"] = json!("v2.0.1");
    gitlab.vulnerabilities = vec![
        vulnerability("dependency_scanning", "critical", "yarn.lock", AT),
        vulnerability("container_scanning", "high", "", "2026-02-02T02:02:02Z"),
        vulnerability("dependency_scanning", "unknown", "yarn.lock", AT),
        vulnerability("dependency_scanning", "critical", "yarn.lock", AT),
        vulnerability("dependency_scanning", "critical", "yarn.lock", AT),
        vulnerability("sast", "high", "a.rb", AT),
        vulnerability("secret_detection", "critical", ".env", AT),
    ];
    gitlab.vulnerabilities[3]["state"] = json!("dismissed");
    gitlab.vulnerabilities[4]["resolved_on_default_branch"] = json!(true);
    gitlab.merge_requests = vec![
        json!({ "state": "opened", "created_at": "2026-01-02T03:04:05.678+02:00" }),
        json!({ "state": "opened", "created_at": AT }),
        json!({ "state": "merged", "created_at": "2020-01-01T00:00:00Z" }),
    ];
    gitlab.protected_branches = vec![json!({ "name": "ma*" })];
    gitlab.approval_rules = vec![
        json!({ "rule_type": "any_approver", "approvals_required": 1, "protected_branches": [] }),
        json!({
            "rule_type": "regular",
            "approvals_required": 2,
            "protected_branches": [{ "name": "main" }],
        }),
        json!({
            "rule_type": "regular",
            "approvals_required": 5,
            "protected_branches": [{ "name": "release/*" }],
        }),
        json!({ "rule_type": "code_owner", "approvals_required": 9 }),
    ];
    let double = gitlab.start();
    let told = told(&double);
    assert_eq!(told.errors(), []);
    let expected = json!({
        "branch.protected": true,
        "branch.required-reviews": 2,
        "ci.run.at": "2026-03-30T08:00:00Z",
        "ci.run.success-rate": 50,
        "ci.run.succeeded": false,
        "code-finding.error": 1,
        "code-finding.note": 0,
        "code-finding.warning": 0,
        "deployment.at{environment=production}": "2026-03-24T10:00:00Z",
        "deployment.succeeded{environment=production}": true,
        "deployment.succeeded{environment=staging}": false,
        "deployment.version{environment=production}": "v2.0.1",
        "deployments.30d{environment=production}": 2,
        "deployments.30d{environment=staging}": 0,
        "pull-request.oldest": "2026-01-02T01:04:05.678Z",
        "pull-request.open": 2,
        "secret-scanning.open": 1,
        "vulnerability.critical": 1,
        "vulnerability.critical.since": AT,
        "vulnerability.high": 1,
        "vulnerability.high.since": "2026-02-02T02:02:02Z",
        "vulnerability.low": 0,
        "vulnerability.medium": 0,
        "vulnerability.report":
            "https://gitlab.com/larkspur/payments/-/security/vulnerability_report",
    });
    let facts: serde_json::Map<String, Value> = told.facts().into_iter().collect();
    assert_eq!(Value::Object(facts), expected);
    assert_eq!(double.asked().len(), 7);
}

#[test]
fn all_pages_are_counted() {
    let mut gitlab = empty();
    gitlab.merge_requests = vec![json!({ "state": "opened", "created_at": AT }); 101];
    gitlab.vulnerabilities =
        vec![vulnerability("dependency_scanning", "low", "yarn.lock", AT); 205];
    let facts = told(&gitlab.start()).facts();
    assert_eq!(facts["pull-request.open"], 101);
    assert_eq!(facts["vulnerability.low"], 205);
}

#[test]
fn what_was_never_reported_may_not_be_looked_for() {
    let told_nothing = told(&empty().start());
    assert_eq!(told_nothing.errors(), []);
    for family in [
        "vulnerability.",
        "code-finding.",
        "secret-scanning.",
        "deployment",
        "ci.",
    ] {
        assert!(!told_nothing.has(family), "{:?}", told_nothing.names());
    }
    assert_eq!(told_nothing.facts()["branch.protected"], false);
    assert_eq!(told_nothing.facts()["pull-request.open"], 0);

    let mut gitlab = empty();
    gitlab.vulnerabilities = vec![vulnerability(
        "dependency_scanning",
        "high",
        "yarn.lock",
        AT,
    )];
    gitlab.vulnerabilities[0]["state"] = json!("resolved");
    let facts = told(&gitlab.start()).facts();
    assert_eq!(facts["vulnerability.high"], 0);
}

#[test]
fn features_of_other_tiers_are_unknown() {
    let mut gitlab = empty();
    gitlab.instead = BTreeMap::from([
        ("/vulnerabilities", Reply::message(403, "403 Forbidden")),
        ("/approval_rules", Reply::message(404, "404 Not Found")),
    ]);
    let told = told(&gitlab.start());
    assert!(!told.has("vulnerability.") && !told.names().contains(&"branch.required-reviews"));
    assert!(told.names().contains(&"branch.protected"));
    let kinds: Vec<CollectErrorKind> = told.errors().into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(
        kinds,
        [CollectErrorKind::NotOffered, CollectErrorKind::NotOffered]
    );
}

#[test]
fn parts_fail_alone_and_a_project_at_once() {
    let told_part = told(&instead(
        "/pipelines",
        Reply::message(500, "500 Internal Server Error"),
    ));
    assert!(!told_part.has("ci.") && told_part.has("branch."));
    assert_eq!(told_part.error().0, CollectErrorKind::Failed);
    for (reply, kind) in [
        (
            Reply::message(404, "404 Project Not Found"),
            CollectErrorKind::NotFound,
        ),
        (
            Reply::json(403, &json!({ "error": "insufficient_scope" })),
            CollectErrorKind::Forbidden,
        ),
        (
            Reply::message(429, "Retry later").with_header("retry-after", "3600"),
            CollectErrorKind::Failed,
        ),
    ] {
        let double = instead("", reply);
        let told = told(&double);
        assert_eq!(told.error().0, kind);
        assert!(told.names().is_empty() && double.asked().len() == 1);
    }
}

#[test]
fn f05_a_token_that_is_refused_is_in_no_words() {
    let double = ApiDouble::new(|_| Reply::message(401, &format!("{TOKEN} has expired")));
    let told = told(&double);
    assert_eq!(told.error().0, CollectErrorKind::NeedsCredential);
    assert_eq!(double.asked().len(), 1);
}

#[test]
fn f03_a_next_page_elsewhere_is_not_asked() {
    let other = ApiDouble::new(|_| Reply::json(200, &json!([])));
    let link = format!("<{}/x>; rel=\"next\"", other.url());
    let page = Reply::json(200, &json!([pipeline("c0", AT, "success")]));
    let told = told(&instead("/pipelines", page.with_header("link", &link)));
    assert_eq!(told.error().0, CollectErrorKind::Failed);
    assert!(other.asked().is_empty());
    // The newest are first: what they say stands, and the rate of the month does not.
    assert_eq!(told.facts()["ci.run.succeeded"], true);
    assert!(!told.names().contains(&"ci.run.success-rate"));
}

#[test]
fn odd_values_are_survived_and_never_counted_as_none() {
    let mut gitlab = empty();
    let bare = json!({ "ref": "main", "state": "opened", "status": null, "created_at": null });
    gitlab.pipelines = vec![bare.clone(), json!({ "ref": "main", "status": "success" })];
    gitlab.deployments = vec![bare.clone(), json!(null)];
    gitlab.merge_requests = vec![bare];
    gitlab.protected_branches = vec![json!({ "name": null }), json!({ "name": "[" })];
    gitlab.approval_rules = vec![json!({ "approvals_required": null })];
    let told_odd = told(&gitlab.clone().start());
    assert_eq!(told_odd.errors(), []);
    assert_eq!(told_odd.facts()["branch.protected"], false);
    assert_eq!(told_odd.facts()["pull-request.open"], 1);

    gitlab.vulnerabilities = vec![vulnerability("dast", "", "", AT)];
    let told = told(&gitlab.start());
    assert!(!told.has("vulnerability."));
    assert!(told.error().1.contains("severity"));
}

#[test]
fn less_than_a_month_says_nothing_of_the_month() {
    let mut gitlab = empty();
    gitlab.deployments = vec![deployment("production", "2026-03-30T10:00:00Z", "success")];
    gitlab.pipelines = vec![pipeline("c0", "2026-03-30T10:00:00Z", "success")];
    let double = gitlab.start();
    let since = "2026-03-24T00:00:00Z";
    let told = ask_since(connector("gitlab"), &api(&double), TOKEN, &target(), since);
    assert!(told.names().contains(&"deployment.at") && told.names().contains(&"ci.run.at"));
    assert!(!told.names().contains(&"deployments.30d"));
    assert!(!told.names().contains(&"ci.run.success-rate"));
}

#[test]
fn what_is_of_a_folder_or_a_job_goes_to_its_entity() {
    let repository = "gitlab.com/larkspur/payments";
    let catalog = catalog(&[
        (repository, "", "payments", ""),
        (repository, "services/ledger", "ledger", ""),
    ]);
    let target = targets(connector("gitlab"), &catalog, &[]).remove(0);
    let mut gitlab = empty();
    gitlab.vulnerabilities = vec![
        vulnerability("dependency_scanning", "high", "services/ledger/go.sum", AT),
        vulnerability("sast", "high", "main.go", AT),
    ];
    gitlab.deployments = vec![deployment("production", AT, "success")];
    gitlab.deployments[0]["deployable"]["name"] = json!("deploy:ledger");
    let double = gitlab.start();
    let told = ask(connector("gitlab"), &api(&double), TOKEN, &target);
    let (root, ledger) = (
        told.facts_of(Some("payments")),
        told.facts_of(Some("ledger")),
    );
    assert_eq!(root["vulnerability.high"], 0);
    assert_eq!(root["code-finding.error"], 1);
    assert_eq!(ledger["vulnerability.high"], 1);
    assert_eq!(ledger["code-finding.error"], 0);
    assert!(ledger.contains_key("deployment.at{environment=production}"));
    assert!(!root.contains_key("deployment.at{environment=production}"));
}

#[test]
fn projects_are_found_by_annotation_number_and_home() {
    let catalog = catalog(&[
        ("gitlab.com/larkspur/payments", "", "home", ""),
        (
            "docs",
            "",
            "slug",
            "gitlab.com/project-slug: larkspur/payments",
        ),
        ("docs2", "", "number", "gitlab.com/project-id: '42'"),
        (
            "docs3",
            "",
            "traversal",
            "gitlab.com/project-slug: a/../../admin",
        ),
        ("docs4", "", "word", "gitlab.com/project-id: latest"),
        ("github.com/a/b", "", "elsewhere", ""),
        (
            "docs5",
            "",
            "own",
            "gitlab.com/project-slug: a/b/c, gitlab.com/instance: gitlab.larkspur.example",
        ),
    ]);
    let found = targets(connector("gitlab"), &catalog, &[]);
    let found: Vec<(&str, usize)> = found
        .iter()
        .map(|target| (target.label.as_str(), target.entities.len()))
        .collect();
    let expected = [
        ("project 42", 1),
        ("project larkspur/payments", 2),
        ("project a/b/c", 1),
    ];
    assert_eq!(found, expected);
    let own = targets(connector("gitlab"), &catalog, &["own"]).remove(0);
    let told = ask(
        connector("gitlab"),
        "https://gitlab.com/api/v4",
        TOKEN,
        &own,
    );
    assert!(told.error().1.contains("gitlab.larkspur.example"));
}
