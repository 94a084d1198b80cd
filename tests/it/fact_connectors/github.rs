//! GitHub.

use std::collections::BTreeMap;

use devportal::fact::collect::{CollectErrorKind, Target};
use devportal::model::EntityRef;
use serde_json::{Value, json};

use super::{MONTH_AGO, Told, ask, ask_since, catalog, connector, targets};
use crate::fact_doubles::api::{ApiDouble, Reply};
use crate::fact_doubles::github::{
    GitHubDouble, TOKEN, code_scanning, dependabot, deployment, run, status,
};

const PAYMENTS: &str = "larkspur/payments";

/// A repository of one component.
fn target() -> Target {
    let catalog = catalog(&[("github.com/larkspur/payments", "", "payments-api", "")]);
    targets(connector("github"), &catalog, &[]).remove(0)
}

fn told(double: &ApiDouble) -> Told {
    ask(connector("github"), &double.url(), TOKEN, &target())
}

fn empty() -> GitHubDouble {
    GitHubDouble {
        name: PAYMENTS,
        ..GitHubDouble::default()
    }
}

/// A double with something else instead of what is below a path.
fn instead(path: &'static str, reply: Reply) -> ApiDouble {
    let mut github = empty();
    github.instead.insert(path, reply);
    github.start()
}

#[test]
fn a_repository_is_told_whole() {
    let mut github = empty();
    github.deployments = vec![
        deployment(5, "staging", "2026-03-30T10:00:00Z"),
        deployment(4, "Production", "2026-03-29T10:00:00Z"),
        deployment(3, "production", "2026-03-20T10:00:00Z"),
        deployment(2, "production", "2026-03-10T10:00:00Z"),
    ];
    github.deployments[2]["ref"] = json!("v1.4.0");
    github.statuses = BTreeMap::from([
        (5, vec![status("in_progress", "2026-03-30T10:01:00Z")]),
        (
            4,
            vec![
                status("error", "2026-03-29T10:03:00Z"),
                status("in_progress", "2026-03-29T10:01:00Z"),
            ],
        ),
        (
            3,
            vec![
                status("inactive", "2026-03-29T10:03:00Z"),
                status("success", "2026-03-20T10:05:00Z"),
            ],
        ),
        (2, vec![status("success", "2026-03-10T10:05:00Z")]),
    ]);
    github.runs = vec![
        run(4, "c3", "2026-03-31T09:00:00Z", "cancelled"),
        run(3, "c2", "2026-03-31T08:00:00Z", "success"),
        run(2, "c1", "2026-03-30T08:00:00Z", "failure"),
        run(1, "c0", "2026-03-29T08:00:00Z", "success"),
    ];
    github.dependabot = vec![
        dependabot("critical", "package-lock.json", "2026-01-05T00:00:00Z"),
        dependabot("critical", "package-lock.json", "2025-12-05T00:00:00Z"),
        dependabot("low", "package-lock.json", "2026-02-05T00:00:00Z"),
    ];
    github.dependabot[2]["security_vulnerability"]["first_patched_version"] = Value::Null;
    github.code_scanning = vec![
        code_scanning(&json!("warning"), &json!("high"), "src/a.js"),
        code_scanning(&Value::Null, &json!("high"), "src/a.js"),
    ];
    github.secret_scanning = vec![json!({ "number": 1, "state": "open" })];
    github.protection = Some(json!({
        "required_pull_request_reviews": { "required_approving_review_count": 2 },
    }));
    let double = github.start();
    let told = told(&double);
    assert_eq!(told.errors(), []);
    let expected = json!({
        "branch.protected": true,
        "branch.required-reviews": 2,
        "ci.run.at": "2026-03-31T08:00:00Z",
        "ci.run.duration": 4,
        "ci.run.success-rate": 66.7,
        "ci.run.succeeded": true,
        "code-finding.error": 1,
        "code-finding.note": 0,
        "code-finding.warning": 1,
        "deployment.at{environment=production}": "2026-03-20T10:05:00Z",
        "deployment.succeeded{environment=production}": false,
        "deployment.version{environment=production}": "v1.4.0",
        "deployments.30d{environment=production}": 2,
        "deployments.30d{environment=staging}": 0,
        "pull-request.oldest": null,
        "pull-request.open": 0,
        "secret-scanning.open": 1,
        "vulnerability.critical": 2,
        "vulnerability.critical.since": "2025-12-05T00:00:00Z",
        "vulnerability.fixable": 2,
        "vulnerability.high": 0,
        "vulnerability.high.since": null,
        "vulnerability.low": 1,
        "vulnerability.medium": 0,
        "vulnerability.report": "https://github.com/larkspur/payments/security/dependabot",
    });
    let facts: serde_json::Map<String, Value> = told.facts().into_iter().collect();
    assert_eq!(Value::Object(facts), expected);
    assert!(double.asked().len() <= 13, "{}", double.asked().len());
}

#[test]
fn all_pages_are_counted_by_number_and_by_cursor() {
    let mut github = empty();
    let day = |day: usize| format!("2026-03-{:02}T00:00:00Z", day % 28 + 1);
    github.pulls = (0..250)
        .map(|number| json!({ "number": number, "created_at": day(number) }))
        .collect();
    github.dependabot = (0..130)
        .map(|number| dependabot("high", "go.mod", &day(number)))
        .collect();
    let double = github.start();
    let facts = told(&double).facts();
    assert_eq!(facts["pull-request.open"], 250);
    assert_eq!(facts["pull-request.oldest"], "2026-03-01T00:00:00Z");
    assert_eq!(facts["vulnerability.high"], 130);
    assert_eq!(double.count("/repos/larkspur/payments/pulls"), 3);
}

#[test]
fn a_count_of_a_part_is_unknown() {
    let mut github = empty();
    github.pulls = vec![json!({ "created_at": "2026-03-01T00:00:00Z" }); 1001];
    let double = github.start();
    let told = told(&double);
    assert!(!told.has("pull-request."), "{:?}", told.names());
    let (_, message) = told.error();
    assert!(message.contains("more than 10 pages"), "{message}");
    assert_eq!(told.facts()["vulnerability.critical"], 0);
}

#[test]
fn a_feature_that_is_off_is_unknown_in_the_words_of_github() {
    let mut github = empty();
    github.instead = BTreeMap::from([
        (
            "/dependabot/alerts",
            Reply::message(403, "Dependabot alerts are disabled for this repository."),
        ),
        (
            "/code-scanning/alerts",
            Reply::message(
                403,
                "Advanced Security must be enabled for this repository to use code scanning.",
            ),
        ),
        (
            "/secret-scanning/alerts",
            Reply::message(404, "Secret scanning is disabled on this repository."),
        ),
    ]);
    let double = github.start();
    let told = told(&double);
    for family in ["vulnerability.", "code-finding.", "secret-scanning."] {
        assert!(!told.has(family), "{:?}", told.names());
    }
    assert_eq!(told.facts()["pull-request.open"], 0);
    let errors = told.errors();
    let said = [
        "does not offer it: Dependabot alerts are disabled",
        "does not offer it: Advanced Security must be enabled",
        "does not offer it: Secret scanning is disabled",
    ];
    assert_eq!(errors.len(), said.len(), "{errors:?}");
    for ((kind, message), words) in errors.into_iter().zip(said) {
        assert_eq!(kind, CollectErrorKind::NotOffered, "{message}");
        assert!(message.contains(words), "{message}");
    }
}

#[test]
fn no_protection_is_known_to_those_only_who_may_see_it() {
    let facts = told(&empty().start()).facts();
    assert_eq!(facts["branch.protected"], false);
    assert_eq!(facts["branch.required-reviews"], 0);

    let hidden = || Reply::message(404, "Not Found");
    let told_hidden = told(&instead("/branches/main/protection", hidden()));
    assert!(!told_hidden.has("branch."), "{:?}", told_hidden.names());
    assert_eq!(told_hidden.error().0, CollectErrorKind::NotFound);

    let mut github = empty();
    github.rules = vec![
        json!({ "type": "non_fast_forward" }),
        json!({
            "type": "pull_request",
            "parameters": { "required_approving_review_count": 1 },
        }),
    ];
    let facts = told(&github.clone().start()).facts();
    assert_eq!(facts["branch.protected"], true);
    assert_eq!(facts["branch.required-reviews"], 1);

    // The rest of the reviews is hidden, so that their number is not known.
    github.instead.insert("/branches/main/protection", hidden());
    let told = told(&github.start());
    assert_eq!(told.facts()["branch.protected"], true);
    assert!(!told.names().contains(&"branch.required-reviews"));
}

#[test]
fn parts_fail_alone_and_a_repository_at_once() {
    let double = instead("/pulls", Reply::message(500, "Server Error"));
    let told_part = told(&double);
    assert!(!told_part.has("pull-request."));
    assert!(told_part.has("vulnerability.") && told_part.has("branch."));
    assert_eq!(told_part.error().0, CollectErrorKind::Failed);

    for (reply, kind) in [
        (Reply::message(404, "Not Found"), CollectErrorKind::NotFound),
        (
            Reply::message(403, "Resource protected by organization SAML enforcement."),
            CollectErrorKind::Forbidden,
        ),
        (
            Reply::message(429, "slow down").with_header("retry-after", "3600"),
            CollectErrorKind::Failed,
        ),
        (
            Reply::message(500, "Server Error"),
            CollectErrorKind::Failed,
        ),
    ] {
        let status = reply.status;
        let double = instead("", reply);
        let told = told(&double);
        assert_eq!(told.error().0, kind, "{status}");
        assert!(
            told.names().is_empty() && double.asked().len() == 1,
            "{status}"
        );
    }
}

#[test]
fn f05_a_token_that_is_refused_is_in_no_words() {
    let echo = format!("the token {TOKEN}2 is wrong");
    let double = ApiDouble::new(move |_| Reply::message(401, &echo));
    let told = ask(connector("github"), &double.url(), TOKEN, &target());
    assert_eq!(told.error().0, CollectErrorKind::NeedsCredential);
    assert_eq!(double.asked().len(), 1);
}

#[test]
fn f03_a_next_page_elsewhere_or_in_a_circle_is_not_asked() {
    let other = ApiDouble::new(|_| Reply::json(200, &json!([])));
    let elsewhere = format!("<{}/pulls>; rel=\"next\"", other.url());
    let page = Reply::json(200, &json!([{ "created_at": "2026-03-01T00:00:00Z" }]));
    let double = instead("/pulls", page.clone().with_header("link", &elsewhere));
    let told_elsewhere = told(&double);
    assert!(!told_elsewhere.has("pull-request."));
    assert_eq!(told_elsewhere.error().0, CollectErrorKind::Failed);
    assert!(other.asked().is_empty());

    let double = instead(
        "/pulls",
        page.with_header("link", "<?page=2>; rel=\"next\""),
    );
    let told_circle = told(&double);
    assert!(!told_circle.has("pull-request."));
    assert_eq!(told_circle.error().0, CollectErrorKind::Failed);
    assert_eq!(double.count("/repos/larkspur/payments/pulls"), 2);
}

#[test]
fn answers_of_another_shape_are_unknown() {
    for body in [json!({}), json!("no"), json!(null)] {
        let told = told(&instead("/pulls", Reply::json(200, &body)));
        assert!(!told.has("pull-request."), "{body}");
        assert_eq!(told.error().0, CollectErrorKind::Failed);
    }
    let nothing = json!({ "default_branch": null, "html_url": "javascript:alert(1)" });
    let told_empty = told(&instead("", Reply::json(200, &nothing)));
    assert!(told_empty.error().1.contains("default branch"));
    assert_eq!(told_empty.facts()["vulnerability.high"], 0);
    assert!(!told_empty.names().contains(&"vulnerability.report"));
}

#[test]
fn nulls_are_survived_and_unknown_severities_are_not_counted_as_none() {
    let mut github = empty();
    let bare = json!({ "state": "open", "created_at": null, "rule": null, "payload": null });
    github.code_scanning = vec![bare.clone()];
    github.pulls = vec![bare.clone()];
    github.deployments = vec![
        bare.clone(),
        json!({ "environment": "x", "created_at": "then" }),
    ];
    github.dependabot = vec![dependabot("critical", "go.mod", "never")];
    github.runs = vec![json!({
        "head_branch": "main", "status": "completed", "conclusion": "success",
    })];
    let told_nulls = told(&github.clone().start());
    assert_eq!(told_nulls.errors(), []);
    let facts = told_nulls.facts();
    assert_eq!(facts["code-finding.note"], 1);
    assert_eq!(facts["pull-request.open"], 1);
    assert_eq!(facts["vulnerability.critical"], 1);
    for name in [
        "pull-request.oldest",
        "vulnerability.critical.since",
        "ci.run.at",
    ] {
        assert!(!facts.contains_key(name), "{name}");
    }

    github
        .dependabot
        .push(dependabot("catastrophic", "go.mod", ""));
    let told = told(&github.start());
    assert!(!told.has("vulnerability."), "{:?}", told.names());
    let (_, message) = told.error();
    assert!(message.contains("\"catastrophic\""), "{message}");
}

#[test]
fn what_is_old_does_not_count_and_is_not_asked_for() {
    let mut github = empty();
    github.deployments = (1..=150)
        .rev()
        .map(|id| deployment(id, "production", "2026-01-10T10:00:00Z"))
        .collect();
    github.deployments[0]["created_at"] = json!("2026-03-20T10:00:00Z");
    let success = |at| vec![status("success", at)];
    github
        .statuses
        .insert(150, vec![status("failure", "2026-03-20T10:05:00Z")]);
    github.statuses.insert(149, success("2026-01-10T10:05:00Z"));
    github.runs = vec![run(1, "c0", "2025-11-01T00:00:00Z", "success")];
    let double = github.start();
    let told = told(&double);
    assert_eq!(told.errors(), []);
    let facts = told.facts();
    let production = |name: &str| &facts[&format!("{name}{{environment=production}}")];
    assert_eq!(production("deployments.30d"), &json!(0));
    assert_eq!(production("deployment.at"), "2026-01-10T10:05:00Z");
    assert_eq!(production("deployment.succeeded"), &json!(false));
    assert_eq!(facts["ci.run.at"], "2025-11-01T00:00:00Z");
    assert!(!facts.contains_key("ci.run.success-rate"));
    assert_eq!(double.count("/repos/larkspur/payments/deployments"), 1);
    let statuses = double.asked();
    let statuses = statuses
        .iter()
        .filter(|asked| asked.path.ends_with("/statuses"));
    assert_eq!(statuses.count(), 2);
}

#[test]
fn less_than_a_month_says_nothing_of_the_month() {
    let mut github = empty();
    github.deployments = vec![deployment(1, "production", "2026-03-30T10:00:00Z")];
    github
        .statuses
        .insert(1, vec![status("success", "2026-03-30T10:05:00Z")]);
    github.runs = vec![run(1, "c0", "2026-03-30T00:00:00Z", "success")];
    let double = github.start();
    let since = |since| ask_since(connector("github"), &double.url(), TOKEN, &target(), since);
    let week = since("2026-03-24T00:00:00Z");
    assert!(week.names().contains(&"deployment.at") && week.names().contains(&"ci.run.at"));
    for name in ["deployments.30d", "ci.run.success-rate", "ci.run.duration"] {
        assert!(!week.names().contains(&name), "{name}");
        assert!(since(MONTH_AGO).names().contains(&name), "{name}");
    }
}

#[test]
fn deployments_that_could_not_be_asked_for_are_not_counted() {
    let mut github = empty();
    github.deployments = vec![
        deployment(2, "production", "2026-03-20T10:00:00Z"),
        deployment(1, "production", "2026-03-10T10:00:00Z"),
    ];
    github
        .statuses
        .insert(2, vec![status("success", "2026-03-20T10:05:00Z")]);
    let told = told(&github.start());
    let production = |name| told.names().contains(&name);
    assert!(production("deployment.at") && !production("deployments.30d"));
    assert_eq!(told.error().0, CollectErrorKind::NotFound);
}

/// A repository with a component at its root and one in a folder, and one nobody asks about.
fn monorepo() -> devportal::catalog::Catalog {
    let repository = "github.com/larkspur/shop";
    catalog(&[
        (repository, "", "shop", ""),
        (repository, "services/cart", "cart", ""),
        (repository, "services/mail", "mail", ""),
    ])
}

#[test]
fn alerts_and_deployments_of_a_monorepo_go_to_their_entities() {
    let catalog = monorepo();
    let target = targets(connector("github"), &catalog, &["shop", "cart"]).remove(0);
    assert_eq!(target.entities.len(), 2);
    let mut github = GitHubDouble {
        name: "larkspur/shop",
        ..GitHubDouble::default()
    };
    let at = "2026-03-20T10:00:00Z";
    github.dependabot = vec![
        dependabot("high", "services/cart/go.mod", at),
        dependabot("high", "services/mail/go.mod", at),
        dependabot("low", "services/cartography/go.mod", at),
        dependabot("low", "go.mod", at),
    ];
    github.code_scanning = vec![code_scanning(
        &json!("error"),
        &json!(null),
        "services/cart/a.go",
    )];
    github.deployments = vec![
        deployment(3, "production", "2026-03-22T10:00:00Z"),
        deployment(2, "production", "2026-03-21T10:00:00Z"),
        deployment(1, "production", at),
    ];
    github.deployments[0]["payload"] = json!("{\"component\":\"mail\"}");
    github.deployments[1]["task"] = json!("deploy:cart");
    github.statuses = (1..=3)
        .map(|id| (id, vec![status("success", at)]))
        .collect();
    let double = github.start();
    let told = ask(connector("github"), &double.url(), TOKEN, &target);
    assert_eq!(told.errors(), []);
    let (shop, cart) = (told.facts_of(Some("shop")), told.facts_of(Some("cart")));
    assert_eq!(shop["vulnerability.high"], 0);
    assert_eq!(shop["vulnerability.low"], 2);
    assert_eq!(shop["code-finding.error"], 0);
    assert_eq!(shop["deployments.30d{environment=production}"], 1);
    assert_eq!(cart["vulnerability.high"], 1);
    assert_eq!(cart["vulnerability.low"], 0);
    assert_eq!(cart["code-finding.error"], 1);
    assert_eq!(cart["deployments.30d{environment=production}"], 2);
    assert_eq!(told.facts()["pull-request.open"], 0);
}

#[test]
fn what_no_folder_holds_makes_nobody_look_better() {
    let repository = "github.com/larkspur/shop";
    let catalog = catalog(&[
        (repository, "packages/a", "a", ""),
        (repository, "packages/b", "b", ""),
    ]);
    let target = targets(connector("github"), &catalog, &[]).remove(0);
    let mut github = GitHubDouble {
        name: "larkspur/shop",
        ..GitHubDouble::default()
    };
    github.dependabot = vec![dependabot("critical", "package-lock.json", "")];
    let double = github.start();
    let told = ask(connector("github"), &double.url(), TOKEN, &target);
    for name in ["a", "b"] {
        assert_eq!(told.facts_of(Some(name))["vulnerability.critical"], 1);
    }
}

#[test]
fn repositories_are_found_by_annotation_and_by_home() {
    let catalog = catalog(&[
        ("github.com/larkspur/payments", "", "home", ""),
        (
            "docs",
            "",
            "annotated",
            "github.com/project-slug: Larkspur/Payments",
        ),
        (
            "docs2",
            "",
            "traversal",
            "github.com/project-slug: ../admin",
        ),
        (
            "docs3",
            "",
            "host",
            "github.com/project-slug: https://github.com/a/b",
        ),
        ("gitlab.com/larkspur/other", "", "elsewhere", ""),
        (
            "github.larkspur.example/a/tools",
            "",
            "own",
            "github.com/project-slug: a/tools",
        ),
    ]);
    let found = targets(connector("github"), &catalog, &[]);
    let labels: Vec<&str> = found.iter().map(|target| target.label.as_str()).collect();
    assert_eq!(
        labels,
        ["repository Larkspur/Payments", "repository a/tools"]
    );
    let names: Vec<&str> = found[0].entities.iter().map(EntityRef::name).collect();
    assert_eq!(names, ["annotated", "home"]);

    // A repository of another server is not asked for on github.com.
    let told = ask(
        connector("github"),
        "https://api.github.com",
        TOKEN,
        &found[1],
    );
    let (_, message) = told.error();
    assert!(message.contains("github.larkspur.example"), "{message}");
}

#[test]
fn very_many_deployments_are_not_asked_for_one_by_one() {
    let mut github = empty();
    let ids = 1..=120;
    github.deployments = ids
        .clone()
        .rev()
        .map(|id| {
            deployment(
                id,
                "production",
                &format!("2026-03-20T10:{:02}:00Z", id / 3),
            )
        })
        .collect();
    github.statuses = ids
        .map(|id| (id, vec![status("success", "2026-03-20T11:00:00Z")]))
        .collect();
    let double = github.start();
    let told = told(&double);
    assert!(told.names().contains(&"deployment.at"));
    assert!(!told.names().contains(&"deployments.30d"));
    assert!(told.error().1.contains("more than 100"));
    assert!(double.asked().len() < 115);
}

#[test]
fn nothing_more_is_asked_with_a_token_that_is_refused() {
    let double = instead("/actions/runs", Reply::message(401, "Bad credentials"));
    let told = told(&double);
    assert_eq!(told.error().0, CollectErrorKind::NeedsCredential);
    assert_eq!(double.count("/repos/larkspur/payments/deployments"), 1);
    assert_eq!(double.count("/repos/larkspur/payments/pulls"), 0);
}
