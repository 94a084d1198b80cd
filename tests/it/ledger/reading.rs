//! What is written by one writer, and read.

use devportal::fact::{FactSelection, Observation};
use serde_json::{Value, json};

use super::{Ledger, Recording, component, shown};

fn ledger(folder: &tempfile::TempDir) -> Ledger {
    Ledger::at(folder.path().to_owned(), &[("api", ""), ("shop", "")])
}

#[test]
fn a_value_is_written_when_it_changes_and_a_run_renews_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(&folder);
    let first = Recording::at("2026-11-01T10:00:00Z")
        .value("api", "vulnerability.high", 3)
        .value("shop", "vulnerability.high", 0);
    let recorded = ledger.record(&first);
    assert_eq!(recorded.file, "snyk/2026-11/01-ci.jsonl");
    assert_eq!((recorded.changed, recorded.unchanged), (2, 0));
    assert_eq!(
        ledger.lines(&recorded)[0],
        r#"{"entity":"component:default/api","fact":"vulnerability.high","value":3,"at":"2026-11-01T10:00:00Z"}"#
    );
    let second = Recording::at("2026-11-02T10:00:00Z")
        .value("api", "vulnerability.high", 2)
        .value("shop", "vulnerability.high", 0);
    let recorded = ledger.record(&second);
    assert_eq!((recorded.changed, recorded.unchanged), (1, 1));
    assert_eq!(
        ledger.lines(&recorded)[1],
        r#"{"run":{"at":"2026-11-02T10:00:00Z","complete":true,"until":"2026-11-09T10:00:00Z","values":2}}"#
    );
    assert_eq!(
        ledger.shown("2026-11-03T00:00:00Z"),
        [
            "api vulnerability.high 2 2026-11-02T10:00:00Z 2026-11-09T10:00:00Z",
            "shop vulnerability.high 0 2026-11-02T10:00:00Z 2026-11-09T10:00:00Z",
        ]
    );
    assert_eq!(
        ledger.shown_then("2026-11-01T23:59:59Z"),
        [
            "api vulnerability.high 3 2026-11-01T10:00:00Z 2026-11-08T10:00:00Z",
            "shop vulnerability.high 0 2026-11-01T10:00:00Z 2026-11-08T10:00:00Z",
        ],
        "an earlier moment has what was known of it"
    );
}

#[test]
fn what_a_complete_run_does_not_see_is_gone_and_an_incomplete_one_says_nothing_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(&folder);
    ledger.record(
        &Recording::at("2026-11-01T10:00:00Z")
            .value("api", "vulnerability.high", 3)
            .value("shop", "vulnerability.high", 1)
            .value("shop", "vulnerability.low", 7),
    );
    let incomplete = Recording {
        is_complete: false,
        unanswered: &["shop"],
        ..Recording::at("2026-11-02T10:00:00Z")
            .value("api", "vulnerability.high", 3)
            .value("shop", "vulnerability.high", 1)
    };
    let recorded = ledger.record(&incomplete);
    assert_eq!(recorded.gone, 0);
    assert_eq!(
        ledger.shown("2026-11-03T00:00:00Z"),
        [
            "api vulnerability.high 3 2026-11-02T10:00:00Z 2026-11-09T10:00:00Z",
            "shop vulnerability.high 1 2026-11-02T10:00:00Z 2026-11-09T10:00:00Z",
            "shop vulnerability.low 7 2026-11-01T10:00:00Z 2026-11-08T10:00:00Z",
        ],
        "what arrived is renewed, and nothing else"
    );
    let complete = Recording::at("2026-11-03T10:00:00Z").value("shop", "vulnerability.high", 1);
    assert_eq!(ledger.record(&complete).gone, 2);
    let (facts, _) = ledger.read("2026-11-04T00:00:00Z");
    let values: Vec<&Value> = facts.iter().map(|fact| &fact.value).collect();
    assert_eq!(values, [&Value::Null, &json!(1), &Value::Null]);
}

#[test]
fn an_incomplete_run_that_does_not_know_what_is_missing_renews_only_what_arrived() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(&folder);
    ledger.record(
        &Recording::at("2026-11-01T10:00:00Z")
            .value("api", "vulnerability.high", 3)
            .value("shop", "vulnerability.high", 1),
    );
    let incomplete = Recording {
        is_complete: false,
        ..Recording::at("2026-11-02T10:00:00Z").value("api", "vulnerability.high", 3)
    };
    ledger.record(&incomplete);
    assert_eq!(
        ledger.shown("2026-11-03T00:00:00Z"),
        [
            "api vulnerability.high 3 2026-11-02T10:00:00Z 2026-11-09T10:00:00Z",
            "shop vulnerability.high 1 2026-11-01T10:00:00Z 2026-11-08T10:00:00Z",
        ]
    );
}

#[test]
fn a_run_that_was_limited_covers_only_that() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(&folder);
    ledger.record(
        &Recording::at("2026-11-01T10:00:00Z")
            .value("api", "vulnerability.high", 3)
            .value("api", "sbom.components", 40)
            .value("shop", "vulnerability.high", 1),
    );
    let limited = Recording {
        entities: Some(&["api"]),
        facts: Some(&["vulnerability.*"]),
        ..Recording::at("2026-11-02T10:00:00Z")
    };
    assert_eq!(ledger.record(&limited).gone, 1);
    let (facts, _) = ledger.read("2026-11-03T00:00:00Z");
    let shown: Vec<String> = facts.iter().map(shown).collect();
    assert_eq!(
        shown,
        [
            "api sbom.components 40 2026-11-01T10:00:00Z 2026-11-08T10:00:00Z",
            "api vulnerability.high null 2026-11-02T10:00:00Z 2026-11-09T10:00:00Z",
            "shop vulnerability.high 1 2026-11-01T10:00:00Z 2026-11-08T10:00:00Z",
        ]
    );
}

#[test]
fn each_fact_holds_for_its_own_time() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(&folder);
    let run = Recording {
        source: "pagerduty",
        ..Recording::at("2026-11-01T10:00:00Z")
            .value("api", "incident.open", 1)
            .value("api", "incidents.30d", 4)
    };
    ledger.record(&run);
    assert_eq!(
        ledger.shown("2026-11-01T10:00:00Z"),
        [
            "api incident.open 1 2026-11-01T10:00:00Z 2026-11-01T10:15:00Z",
            "api incidents.30d 4 2026-11-01T10:00:00Z 2026-11-02T10:00:00Z",
        ]
    );
}

#[test]
fn who_is_on_call_is_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(&folder);
    let run = Recording {
        source: "pagerduty",
        ..Recording::at("2026-11-01T10:00:00Z")
            .value("api", "on-call.people", json!(["Mira"]))
            .value("api", "no-such-fact", 1)
            .value("api", "incident.open", "many")
    };
    let recorded = ledger.record(&run);
    assert_eq!((recorded.not_kept, recorded.changed), (1, 0));
    assert_eq!(recorded.refused.len(), 2, "{recorded:?}");
    let lines = ledger.lines(&recorded);
    assert!(lines.iter().all(|line| !line.contains("Mira")), "{lines:?}");
}

#[test]
fn dimensions_and_evidence_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(&folder);
    let seen = Observation::new("availability", 99.95)
        .in_environment("staging")
        .evidence("https://prometheus.example/graph");
    let mut run = Recording {
        source: "prometheus",
        ..Recording::at("2026-11-01T10:00:00Z")
    };
    run.values.push(("api", seen));
    ledger.record(&run);
    let (facts, _) = ledger.read("2026-11-01T10:00:00Z");
    assert_eq!(facts[0].dimensions.get("environment"), Some("staging"));
    assert_eq!(facts[0].value, json!(99.95));
    let evidence = facts[0].evidence.as_deref();
    assert_eq!(evidence, Some("https://prometheus.example/graph"));
}

#[test]
fn an_import_of_an_older_report_does_not_hide_a_newer_one() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(&folder);
    let report = |at, value| Recording::at(at).value("api", "vulnerability.high", value);
    let newer = report("2026-11-05T10:00:00Z", 1);
    let older = report("2026-11-01T10:00:00Z", 9);
    ledger.record(&newer);
    ledger.record(&older);
    let recorded = ledger.record(&older);
    assert_eq!((recorded.changed, recorded.unchanged), (0, 1));
    assert_eq!(
        ledger.shown("2026-11-06T00:00:00Z"),
        ["api vulnerability.high 1 2026-11-05T10:00:00Z 2026-11-12T10:00:00Z"]
    );
}

#[test]
fn facts_follow_a_renamed_entity() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().to_owned();
    let before = Ledger::at(root.clone(), &[("one", ""), ("other", "")]);
    before.record(
        &Recording::at("2026-11-01T10:00:00Z")
            .value("one", "vulnerability.high", 3)
            .value("other", "vulnerability.high", 1),
    );
    let between = Ledger::at(root.clone(), &[("two", "one"), ("other", "")]);
    assert_eq!(between.shown("2026-11-02T00:00:00Z").len(), 2);
    let run = Recording::at("2026-11-02T10:00:00Z")
        .value("two", "vulnerability.high", 3)
        .value("other", "vulnerability.high", 1);
    let recorded = between.record(&run);
    assert_eq!(
        (recorded.changed, recorded.unchanged, recorded.gone),
        (0, 2, 0)
    );
    let after = Ledger::at(
        root.clone(),
        &[("three", "component:default/two, One"), ("other", "")],
    );
    assert_eq!(
        after.shown("2026-11-03T00:00:00Z"),
        [
            "other vulnerability.high 1 2026-11-02T10:00:00Z 2026-11-09T10:00:00Z",
            "three vulnerability.high 3 2026-11-02T10:00:00Z 2026-11-09T10:00:00Z",
        ]
    );
    assert_eq!(after.history("2026-11-03T00:00:00Z", "three").len(), 1);
    // Entities that claim each other, and one that claims what is there: each keeps its own.
    let circle = Ledger::at(
        root,
        &[("one", "other"), ("other", "one, two"), ("x", "other")],
    );
    assert_eq!(circle.read("2026-11-03T00:00:00Z").0.len(), 2);
}

#[test]
fn an_entity_and_a_fact_are_read_as_when_all_are() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(&folder);
    for day in 1..9 {
        let at = format!("2026-11-0{day}T10:00:00Z");
        ledger.record(
            &Recording::at(&at)
                .value("api", "vulnerability.high", day)
                .value("api", "vulnerability.low", day / 3)
                .value("shop", "vulnerability.high", day / 2),
        );
    }
    let now = "2026-11-09T00:00:00Z";
    let (all, _) = ledger.read(now);
    let id = ledger.catalog.id(&component("api")).unwrap();
    let (of_one, _) = ledger.read_some(now, FactSelection::All, Some(&[id]));
    assert_eq!(of_one, all[..2]);
    let names: FactSelection = ["vulnerability.high"].into_iter().collect();
    let (of_name, _) = ledger.read_some(now, names, None);
    assert_eq!(of_name, [all[0].clone(), all[2].clone()]);
    let history = ledger.history(now, "shop");
    let values: Vec<&Value> = history.iter().map(|entry| &entry.value).collect();
    assert_eq!(
        values,
        [&json!(0), &json!(1), &json!(2), &json!(3), &json!(4)]
    );
}
