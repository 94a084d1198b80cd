//! What other products check can be said as rules, and gives the same result.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::sandbox::Sandbox;

const RULES: &str = include_str!("fixtures/maturity/products.yaml");

/// The check types of `OpsLevel`, as its client in Go names them.
const OPSLEVEL: [&str; 21] = [
    "alert_source_usage",
    "code_issue",
    "custom",
    "generic",
    "git_branch_protection",
    "has_documentation",
    "has_owner",
    "has_recent_deploy",
    "has_repository",
    "has_service_config",
    "manual",
    "package_version",
    "payload",
    "relationship",
    "repo_file",
    "repo_grep",
    "repo_search",
    "service_dependency",
    "service_property",
    "tag_defined",
    "tool_usage",
];

#[test]
fn every_check_type_of_opslevel_is_a_rule_that_passes_and_fails() {
    let outcomes = outcomes_of_cases("opslevel");
    let rules: BTreeSet<String> = outcomes.keys().cloned().collect();
    assert_eq!(
        rules,
        BTreeSet::from(OPSLEVEL.map(|name| name.replace('_', "-")))
    );
    assert_passes_and_fails(&outcomes);
}

#[test]
fn rules_of_a_ladder_of_cortex_pass_and_fail() {
    assert_passes_and_fails(&outcomes_of_cases("cortex"));
}

#[test]
fn checks_of_tracks_of_soundcheck_pass_and_fail() {
    assert_passes_and_fails(&outcomes_of_cases("soundcheck"));
}

/// Every rule passed in one case and failed in another.
fn assert_passes_and_fails(outcomes: &BTreeMap<String, BTreeSet<String>>) {
    assert!(!outcomes.is_empty());
    for (rule, outcomes) in outcomes {
        for outcome in ["passed", "failed"] {
            assert!(outcomes.contains(outcome), "{rule}: {outcomes:?}");
        }
    }
}

/// The outcomes of each rule of a scorecard, over all of its cases, which come out as written.
fn outcomes_of_cases(scorecard: &str) -> BTreeMap<String, BTreeSet<String>> {
    let sandbox = Sandbox::new();
    sandbox.write("scorecards/products.yaml", RULES);
    let run = sandbox.devportal(
        ".",
        &["score", "test", "scorecards/products.yaml", "--json"],
    );
    let answer: Value = serde_json::from_str(&run.stdout).expect(&run.stderr);
    let cases = answer["cases"].as_array().unwrap();
    let own: Vec<&Value> = cases
        .iter()
        .filter(|case| case["scorecard"] == scorecard)
        .collect();
    assert!(own.len() >= 2, "{answer:#}");
    for case in own {
        assert_eq!(case["mismatches"], serde_json::json!([]), "{case:#}");
    }
    expected(scorecard)
}

/// What the cases of a scorecard expect of each rule.
fn expected(scorecard: &str) -> BTreeMap<String, BTreeSet<String>> {
    let documents = devportal::yaml::parse(RULES);
    let trees = documents
        .iter()
        .filter_map(|document| document.tree.as_ref());
    let specs = trees.filter_map(|tree| {
        let root = tree.root()?;
        let name = root.get("metadata")?.str_at("name")?;
        (name == scorecard).then(|| root.get("spec"))?
    });
    let mut outcomes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for spec in specs {
        for rule in spec.get("rules").unwrap().items() {
            outcomes.insert(rule.str_at("id").unwrap().to_owned(), BTreeSet::new());
        }
        for case in spec.get("cases").unwrap().items() {
            for (rule, outcome) in case.get("expect").unwrap().entries() {
                let rule = outcomes.get_mut(rule.text()).unwrap();
                rule.insert(outcome.text().to_owned());
            }
        }
    }
    outcomes
}
