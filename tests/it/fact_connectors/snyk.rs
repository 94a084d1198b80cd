//! Snyk.

use devportal::fact::collect::{CollectErrorKind, Target};
use serde_json::{Value, json};

use super::{Told, ask, catalog, connector, targets};
use crate::fact_doubles::api::{ApiDouble, Reply};
use crate::fact_doubles::snyk::{ORGANISATION, SnykDouble, TOKEN, failure, issue, project, target};

const TARGET: &str = "508d2263-ea8a-4e42-bc9d-844de21f4172";
const NPM: &str = "7439e322-f9c1-4c42-8367-002b33b9d946";
const CODE: &str = "db066cb9-b373-46da-b918-b49b541e0d63";
const TERRAFORM: &str = "38e02916-0cf7-4927-ba98-06afae9fef36";
const AT: &str = "2026-02-01T00:00:00Z";

/// What an entity with such annotations is at Snyk.
fn target_of(annotations: &str) -> Target {
    let annotations = format!("snyk.io/org-id: {ORGANISATION}, {annotations}");
    let catalog = catalog(&[(
        "github.com/larkspur/payments",
        "",
        "payments-api",
        &annotations,
    )]);
    targets(connector("snyk"), &catalog, &[]).remove(0)
}

fn told(double: &ApiDouble, annotations: &str) -> Told {
    ask(
        connector("snyk"),
        &double.url(),
        TOKEN,
        &target_of(annotations),
    )
}

/// A target with packages and code.
fn larkspur() -> SnykDouble {
    SnykDouble {
        targets: vec![
            target(
                "00000000-0000-4000-8000-000000000000",
                "larkspur/payments-old",
            ),
            target(TARGET, "larkspur/payments"),
        ],
        projects: vec![project(NPM, TARGET, "npm"), project(CODE, TARGET, "sast")],
        ..SnykDouble::default()
    }
}

const BY_NAME: &str = "snyk.io/target-id: larkspur/payments";

#[test]
fn issues_are_counted_by_severity_and_kind() {
    let mut snyk = larkspur();
    snyk.projects
        .push(project(TERRAFORM, TARGET, "terraformconfig"));
    let mut npm = vec![
        issue(1, "package_vulnerability", "critical", AT, true),
        issue(
            2,
            "package_vulnerability",
            "critical",
            "2025-12-24T00:00:00.123Z",
            false,
        ),
        issue(3, "package_vulnerability", "medium", AT, true),
        issue(4, "package_vulnerability", "info", AT, false),
        issue(5, "license", "high", AT, false),
        issue(6, "package_vulnerability", "high", AT, true),
        issue(7, "package_vulnerability", "high", AT, true),
    ];
    npm[5]["attributes"]["status"] = json!("resolved");
    npm[6]["attributes"]["ignored"] = json!(true);
    snyk.issues.insert(NPM, npm);
    let code = ["high", "medium", "low"].into_iter().enumerate();
    let code = code.map(|(at, severity)| issue(10 + at, "code", severity, AT, false));
    snyk.issues.insert(CODE, code.collect());
    let double = snyk.start();
    let told = told(&double, BY_NAME);
    assert_eq!(told.errors(), []);
    let expected = json!({
        "code-finding.error": 1,
        "code-finding.note": 1,
        "code-finding.warning": 1,
        "vulnerability.critical": 2,
        "vulnerability.critical.since": "2025-12-24T00:00:00.123Z",
        "vulnerability.fixable": 2,
        "vulnerability.high": 0,
        "vulnerability.high.since": null,
        "vulnerability.low": 0,
        "vulnerability.medium": 1,
    });
    let facts: serde_json::Map<String, Value> = told.facts().into_iter().collect();
    assert_eq!(Value::Object(facts), expected);
    assert_eq!(
        double.count(&format!("/rest/orgs/{ORGANISATION}/issues")),
        2
    );
}

#[test]
fn all_pages_are_counted_wherever_their_links_begin() {
    for has_short_links in [false, true] {
        let mut snyk = larkspur();
        snyk.has_short_links = has_short_links;
        let issues = (0..230).map(|id| issue(id, "package_vulnerability", "low", AT, false));
        snyk.issues.insert(NPM, issues.collect());
        let facts = told(&snyk.start(), BY_NAME).facts();
        assert_eq!(facts["vulnerability.low"], 230);
    }
}

#[test]
fn projects_are_found_in_every_way_to_write_it() {
    let mut snyk = larkspur();
    let open = |id| vec![issue(id, "package_vulnerability", "high", AT, true)];
    snyk.issues.insert(NPM, open(1));
    let double = snyk.start();
    for annotations in [
        format!("snyk.io/targets: 'larkspur/payments, {TARGET}'"),
        format!("snyk.io/target-id: {TARGET}"),
        format!("snyk.io/project-ids: '{NPM},{CODE}'"),
        format!("{BY_NAME}, snyk.io/project-ids: {NPM}"),
        "github.com/project-slug: larkspur/payments".to_owned(),
    ] {
        let told = told(&double, &annotations);
        assert_eq!(told.errors(), [], "{annotations}");
        assert_eq!(told.facts()["vulnerability.high"], 1, "{annotations}");
        assert_eq!(told.facts()["code-finding.error"], 0, "{annotations}");
    }
    let excluded = format!("{BY_NAME}, snyk.io/exclude-project-ids: {CODE}");
    assert!(!told(&double, &excluded).has("code-finding."));
    let annotations = format!("snyk.io/org-name: larkspur, snyk.io/project-ids: {NPM}");
    let catalog = catalog(&[("github.com/larkspur/payments", "", "a", &annotations)]);
    let by_slug = targets(connector("snyk"), &catalog, &[]).remove(0);
    let told = ask(connector("snyk"), &double.url(), TOKEN, &by_slug);
    assert_eq!(told.facts()["vulnerability.high"], 1);
}

#[test]
fn what_no_project_was_scanned_for_is_unknown() {
    let mut snyk = larkspur();
    snyk.projects.pop();
    let told_packages = told(&snyk.clone().start(), BY_NAME);
    assert_eq!(told_packages.facts()["vulnerability.critical"], 0);
    assert!(!told_packages.has("code-finding."));

    snyk.projects[0]["attributes"]["status"] = json!("inactive");
    let told_inactive = told(&snyk.clone().start(), BY_NAME);
    assert!(told_inactive.names().is_empty());
    assert!(told_inactive.error().1.contains("no monitored project"));

    let told_nothing = told(&SnykDouble::default().start(), BY_NAME);
    assert!(told_nothing.names().is_empty());
    let (kind, message) = told_nothing.error();
    assert_eq!(kind, CollectErrorKind::NotFound);
    assert!(message.contains("larkspur/payments"), "{message}");

    let both = format!("snyk.io/project-ids: '{NPM},{TERRAFORM}'");
    let told_missing = told(&larkspur().start(), &both);
    assert!(told_missing.names().is_empty() && told_missing.error().1.contains(TERRAFORM));
}

#[test]
fn a_project_that_fails_leaves_those_of_another_kind() {
    for (reply, kind) in [
        (failure(403, "Forbidden"), CollectErrorKind::Forbidden),
        (
            failure(404, "Project not found"),
            CollectErrorKind::NotFound,
        ),
        (
            failure(429, "Too Many Requests").with_header("retry-after", "3600"),
            CollectErrorKind::Failed,
        ),
        (
            failure(500, "Internal Server Error"),
            CollectErrorKind::Failed,
        ),
        (
            Reply::json(200, &json!({ "data": {} })),
            CollectErrorKind::Failed,
        ),
    ] {
        let mut snyk = larkspur();
        snyk.instead.insert(NPM, reply);
        let told = told(&snyk.start(), BY_NAME);
        assert_eq!(told.error().0, kind);
        assert!(!told.has("vulnerability."), "{:?}", told.names());
        assert_eq!(told.facts()["code-finding.error"], 0);
    }
}

#[test]
fn f05_a_token_that_is_refused_is_in_no_words() {
    let double = ApiDouble::new(|_| failure(401, &format!("\"{TOKEN}\" is no token")));
    let told = told(&double, BY_NAME);
    assert_eq!(told.error().0, CollectErrorKind::NeedsCredential);
    assert_eq!(double.asked().len(), 1);
}

#[test]
fn f03_a_next_page_elsewhere_or_in_a_circle_is_not_asked() {
    let other = ApiDouble::new(|_| Reply::json(200, &json!({ "data": [] })));
    let issues = format!("/rest/orgs/{ORGANISATION}/issues");
    let circle = "/rest/orgs/x/issues?version=2024-10-15";
    for next in [
        json!(format!("{}/rest/orgs", other.url())),
        json!({ "href": format!("{}/rest/orgs", other.url()) }),
        json!(circle),
    ] {
        let mut snyk = larkspur();
        snyk.projects.pop();
        let is_circle = next == circle;
        let page = json!({ "data": [], "links": { "next": next } });
        let double = ApiDouble::new(move |asked| {
            if asked.path.ends_with("/issues") {
                Reply::json(200, &page)
            } else {
                snyk.answer(asked)
            }
        });
        let told = told(&double, BY_NAME);
        assert!(told.names().is_empty(), "{next}");
        assert_eq!(told.error().0, CollectErrorKind::Failed);
        assert!(other.asked().is_empty());
        assert_eq!(double.count(&issues), 1);
        assert_eq!(double.count("/rest/orgs/x/issues"), usize::from(is_circle));
    }
}

#[test]
fn odd_issues_are_survived_and_never_counted_as_none() {
    let mut snyk = larkspur();
    let mut bare = issue(1, "package_vulnerability", "high", AT, false);
    bare["attributes"]["coordinates"] = Value::Null;
    bare["attributes"]["created_at"] = Value::Null;
    snyk.issues.insert(NPM, vec![bare, json!({}), json!(null)]);
    let told_odd = told(&snyk.clone().start(), BY_NAME);
    assert_eq!(told_odd.facts()["vulnerability.high"], 1);
    assert_eq!(told_odd.facts()["vulnerability.fixable"], 0);
    assert!(!told_odd.names().contains(&"vulnerability.high.since"));

    let severe = issue(2, "package_vulnerability", "severe", AT, false);
    snyk.issues.insert(NPM, vec![severe]);
    let told = told(&snyk.start(), BY_NAME);
    assert!(!told.has("vulnerability.") && told.has("code-finding."));
    assert!(told.error().1.contains("\"severe\""));
}

#[test]
fn entities_with_the_same_annotations_are_one_target() {
    let same = format!("snyk.io/org-id: {ORGANISATION}, snyk.io/targets: a/b");
    let other = format!("snyk.io/org-id: {ORGANISATION}, snyk.io/targets: a/a");
    let whole = format!("snyk.io/org-id: {ORGANISATION}");
    let catalog = catalog(&[
        ("github.com/a/b", "x", "one", &same),
        ("github.com/a/b", "y", "two", &same),
        ("github.com/a/a", "", "three", &other),
        ("github.com/a/c", "", "whole", &whole),
        ("github.com/a/d", "", "none", ""),
    ]);
    let targets = targets(connector("snyk"), &catalog, &[]);
    let labels: Vec<(&str, usize)> = targets
        .iter()
        .map(|target| (target.label.as_str(), target.entities.len()))
        .collect();
    assert_eq!(labels, [("target a/a", 1), ("target a/b", 2)]);
}

#[test]
fn a_name_that_leads_elsewhere_is_not_asked_for() {
    let double = larkspur().start();
    let catalog = catalog(&[(
        "github.com/a/b",
        "",
        "a",
        "snyk.io/org-id: ../users, snyk.io/targets: a/b",
    )]);
    let target = targets(connector("snyk"), &catalog, &[]).remove(0);
    let told = ask(connector("snyk"), &double.url(), TOKEN, &target);
    assert_eq!(told.error().0, CollectErrorKind::NotFound);
    assert!(double.asked().is_empty());
}
