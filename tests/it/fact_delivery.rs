//! What tags and files of deployments say.

use serde_json::{Value, json};

use crate::fact_reading::{
    Author, BO, MIRA, ReadFacts, Reading, change, commit, component, empty_repository,
};
use crate::sandbox::Sandbox;

const NAMES: [&str; 12] = [
    "release.at",
    "release.age",
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
];
const NOW: &str = "2026-06-30T12:00:00Z";

fn facts(sandbox: &Sandbox) -> ReadFacts {
    Reading::new(sandbox, NOW).read(&NAMES)
}

fn values(facts: &ReadFacts, component: &str, names: &[&str]) -> Vec<Value> {
    let values = names.iter().map(|name| facts.value(component, name));
    values.collect()
}

fn release(facts: &ReadFacts, component: &str) -> Vec<Value> {
    values(
        facts,
        component,
        &["release.version", "release.at", "releases.90d"],
    )
}

fn annotate(sandbox: &Sandbox, day: &str, tag: &str) {
    sandbox.git_on(day, "pay", &["tag", "--annotate", "--message=x", tag]);
}

#[test]
fn releases_are_tags_that_look_like_versions() {
    let sandbox = Sandbox::new();
    empty_repository(&sandbox, "pay", "");
    commit(&sandbox, "pay", "2026-01-01", MIRA);
    sandbox.git("pay", &["tag", "v1.0.0"]);
    annotate(&sandbox, "2026-06-01", "1.1.0");
    for other in ["v2.0.0-rc.1", "nightly", "v2", "web-v9.0.0"] {
        annotate(&sandbox, "2026-06-02", other);
    }
    annotate(&sandbox, "2026-07-01", "v3.0.0");
    let facts = facts(&sandbox);
    assert_eq!(
        release(&facts, "pay"),
        [json!("1.1.0"), json!("2026-06-01T12:00:00Z"), json!(1)]
    );
    assert_eq!(facts.value("pay", "release.age"), json!(29));
    assert_eq!(facts.evidence("pay", "release.version"), "tag 1.1.0");
    let past = Reading::new(&sandbox, "2026-03-31T23:59:59Z").at("2026-03-31");
    assert_eq!(
        release(&past.read(&NAMES), "pay"),
        [json!("1.0.0"), json!("2026-01-01T12:00:00Z"), json!(1)]
    );
}

#[test]
fn of_a_revision_only_the_tags_that_led_to_it_count() {
    let sandbox = Sandbox::new();
    empty_repository(&sandbox, "pay", "");
    commit(&sandbox, "pay", "2026-06-01", MIRA);
    sandbox.git("pay", &["tag", "v1.0.0"]);
    commit(&sandbox, "pay", "2026-06-02", MIRA);
    sandbox.git("pay", &["tag", "v1.1.0"]);
    let then = Reading::new(&sandbox, NOW).at("main~1");
    assert_eq!(
        then.read(&NAMES).value("pay", "release.version"),
        json!("1.0.0")
    );
    assert_eq!(
        facts(&sandbox).value("pay", "release.version"),
        json!("1.1.0")
    );
}

#[test]
fn tags_of_a_monorepo_belong_to_what_they_name() {
    let sandbox = Sandbox::new();
    for (folder, name, annotation) in [
        ("services/pay", "payments", ""),
        (
            "services/web",
            "storefront",
            "devportal.dev/release-tags: 'site-*'",
        ),
        ("lib", "lib", ""),
        ("broken", "broken", "devportal.dev/release-tags: 'x[-'"),
    ] {
        let path = format!("shop/{folder}/catalog-info.yaml");
        sandbox.write(&path, &component(name, annotation));
    }
    sandbox.git("shop", &["init", "--quiet", "--initial-branch=main"]);
    commit(&sandbox, "shop", "2026-05-01", MIRA);
    for (day, tag) in [
        ("2026-05-02", "v9.9.9"),
        ("2026-05-03", "payments-v1.0.0"),
        ("2026-05-04", "services/pay/v1.1.0"),
        ("2026-05-05", "pay/v1.2.0"),
        ("2026-05-06", "@shop/payments@1.3.0"),
        ("2026-05-07", "payments-api-v8.0.0"),
        ("2026-05-08", "site-2026.05"),
        ("2026-05-09", "storefront-v7.0.0"),
    ] {
        sandbox.git_on(day, "shop", &["tag", "--annotate", "--message=x", tag]);
    }
    let facts = facts(&sandbox);
    let of = |name: &str| release(&facts, name)[..].to_vec();
    assert_eq!(
        of("payments"),
        [json!("1.3.0"), json!("2026-05-06T12:00:00Z"), json!(4)]
    );
    assert_eq!(
        of("storefront"),
        [json!("2026.05"), json!("2026-05-08T12:00:00Z"), json!(1)]
    );
    assert_eq!(of("lib"), [Value::Null, Value::Null, Value::Null]);
    let problems = facts.problems();
    assert_eq!(problems.len(), 1, "{problems:?}");
    let start = "release-tags: \"x[-\" of \"devportal.dev/release-tags\" is no pattern of tags";
    assert!(problems[0].starts_with(start), "{problems:?}");
}

/// A repository that was released four times, with what led to it.
fn released() -> Sandbox {
    let sandbox = Sandbox::new();
    empty_repository(&sandbox, "pay", "");
    for (day, tag) in [
        ("2026-01-01", ""),
        ("2026-06-01", "v1.0.0"),
        ("2026-06-05", ""),
        ("2026-06-06", ""),
        ("2026-06-08", "v1.1.0"),
    ] {
        change(&sandbox, "pay/a");
        commit(&sandbox, "pay", day, BO);
        if !tag.is_empty() {
            annotate(&sandbox, day, tag);
        }
    }
    sandbox
}

#[test]
fn without_deployments_releases_count_as_such() {
    let sandbox = released();
    let facts = facts(&sandbox);
    assert_eq!(
        values(
            &facts,
            "pay",
            &["deployment.version", "deployment.at", "deployments.30d"]
        ),
        [json!("1.1.0"), json!("2026-06-08T12:00:00Z"), json!(2)]
    );
    // 0, 2 and 3 days; those of the first release are as old as they are.
    assert_eq!(facts.value("pay", "dora.lead-time"), json!(48.0));
    assert_eq!(facts.value("pay", "dora.deployment-frequency"), json!(0.16));
    assert_eq!(
        values(
            &facts,
            "pay",
            &["deployment.succeeded", "dora.change-failure-rate"]
        ),
        [Value::Null, Value::Null],
        "a tag does not say how it went"
    );
    assert_eq!(
        facts.value("pay", "deployment.at{environment=staging}"),
        Value::Null
    );
}

#[test]
fn without_tags_and_deployments_nothing_is_known() {
    let sandbox = Sandbox::new();
    empty_repository(&sandbox, "pay", "");
    commit(&sandbox, "pay", "2026-06-01", MIRA);
    let facts = facts(&sandbox);
    for name in NAMES {
        assert_eq!(facts.value("pay", name), Value::Null, "{name}");
    }
}

#[test]
fn deployments_are_counted_by_environment_and_broken_lines_are_said() {
    let sandbox = released();
    sandbox.write(
        "pay/deployments/2026.jsonl",
        "{\"at\":\"2026-06-02T12:00:00Z\",\"version\":\"1.0.0\"}\n\
         {\"at\":\"2026-06-09T12:00:00Z\",\"version\":\"v1.1.0\",\"status\":\"success\"}\n\
         \n\
         {\"at\":\"yesterday\"}\n\
         not JSON\n\
         {\"at\":\"2026-06-09T15:00:00Z\",\"status\":\"rollback\",\"version\":\"1.0.0\"}\n\
         {\"at\":\"2026-06-03T12:00:00Z\",\"environment\":\"staging\",\"commit\":\"0123456\"}\n\
         {\"at\":\"2026-06-04T12:00:00Z\",\"environment\":\"staging\",\"status\":\"failure\"}\n\
         {\"at\":\"2026-07-04T12:00:00Z\",\"version\":\"1.2.0\"}\n",
    );
    commit(
        &sandbox,
        "pay",
        "2026-06-10",
        Author("Build", "ci@example.com"),
    );
    let facts = facts(&sandbox);
    assert_eq!(
        values(
            &facts,
            "pay",
            &[
                "deployment.version",
                "deployment.at",
                "deployment.succeeded",
                "deployments.30d"
            ]
        ),
        [
            json!("1.0.0"),
            json!("2026-06-09T15:00:00Z"),
            json!(false),
            json!(2)
        ]
    );
    // 1, 3 and 4 days from the commits of 1.1.0 to the deployment.
    assert_eq!(
        values(
            &facts,
            "pay",
            &[
                "dora.lead-time",
                "dora.change-failure-rate",
                "dora.time-to-restore"
            ]
        ),
        [json!(72.0), json!(50.0), json!(3.0)]
    );
    assert_eq!(
        facts.evidence("pay", "deployment.version"),
        "pay/deployments/2026.jsonl:6"
    );
    let staging = |name: &str| facts.value("pay", &format!("{name}{{environment=staging}}"));
    assert_eq!(staging("deployment.version"), json!("0123456"));
    assert_eq!(staging("deployment.succeeded"), json!(false));
    assert_eq!(staging("dora.lead-time"), Value::Null);
    assert_eq!(
        facts.problems(),
        [
            "deployment-event: line 4 of \"deployments/2026.jsonl\" is no deployment: \"yesterday\" \
             is no date and time, as 2026-03-31T12:00:00Z; 1 more lines are none either"
        ]
    );
}

#[test]
fn at_the_root_of_a_monorepo_a_line_names_its_entity() {
    let sandbox = Sandbox::new();
    for name in ["pay", "web"] {
        sandbox.write(
            &format!("shop/{name}/catalog-info.yaml"),
            &component(name, ""),
        );
    }
    sandbox.write(
        "shop/deployments/all.jsonl",
        "{\"at\":\"2026-06-02T12:00:00Z\",\"version\":\"1\",\"entity\":\"pay\"}\n\
         {\"at\":\"2026-06-03T12:00:00Z\",\"version\":\"2\"}\n",
    );
    sandbox.write(
        "shop/web/deployments/own.jsonl",
        "{\"at\":\"2026-06-04T12:00:00Z\",\"version\":\"3\",\"entity\":\"Component:default/pay\"}\n\
         {\"at\":\"2026-06-01T12:00:00Z\",\"version\":\"4\"}\n",
    );
    sandbox.git("shop", &["init", "--quiet", "--initial-branch=main"]);
    commit(&sandbox, "shop", "2026-06-05", MIRA);
    let facts = facts(&sandbox);
    assert_eq!(facts.value("pay", "deployment.version"), json!("1"));
    assert_eq!(facts.value("web", "deployment.version"), json!("4"));
}
