//! `.pre-commit-hooks.yaml`.

use regex::Regex;
use serde_json::Value;

use super::shop::Shop;
use super::{assert_known, documents, file};
use crate::sandbox::{Run, Sandbox};

/// The fields of a hook that pre-commit documents.
const FIELDS: [&str; 8] = [
    "id",
    "name",
    "description",
    "entry",
    "language",
    "files",
    "pass_filenames",
    "require_serial",
];

fn hooks() -> Vec<Value> {
    let hooks = documents(&file(".pre-commit-hooks.yaml")).remove(0);
    hooks.as_array().unwrap().clone()
}

/// Runs a hook on all files of a repository as pre-commit does; nothing when no file is one of its.
fn run(sandbox: &Sandbox, folder: &str, id: &str) -> Option<Run> {
    let hooks = hooks();
    let hook = hooks.iter().find(|hook| hook["id"] == id).unwrap();
    let files = Regex::new(hook["files"].as_str().unwrap()).unwrap();
    let tracked = sandbox.git(folder, &["ls-files"]);
    let meant: Vec<&str> = tracked
        .lines()
        .filter(|file| files.is_match(file))
        .collect();
    if meant.is_empty() {
        return None;
    }
    let entry = hook["entry"].as_str().unwrap();
    let mut words: Vec<&str> = entry.split(' ').collect();
    assert_eq!(words.remove(0), "devportal");
    if hook["pass_filenames"] != false {
        words.extend(meant);
    }
    Some(sandbox.devportal(folder, &words))
}

#[test]
fn hooks_have_the_fields_of_pre_commit() {
    for hook in hooks() {
        assert_known(&hook, &FIELDS);
        for field in ["id", "name", "description", "entry", "files"] {
            assert!(hook[field].is_string(), "{hook}");
        }
        // pre-commit builds the program of Cargo.toml, whose name is the first word.
        assert_eq!(hook["language"], "rust");
    }
}

#[test]
fn the_check_finds_what_a_commit_breaks_and_nothing_in_a_good_one() {
    let good = Shop::with_good_branch();
    let good = run(&good.sandbox, "shop", "devportal-check").unwrap();
    assert_eq!(good.code, 0, "{good:?}");
    let bad = Shop::with_bad_branch();
    let bad = run(&bad.sandbox, "shop", "devportal-check").unwrap();
    assert_eq!(bad.code, 1, "{bad:?}");
    assert!(bad.stdout.contains("broken/catalog-info.yaml:"), "{bad:?}");
}

#[test]
fn templates_and_scorecards_are_tried_when_there_are_some() {
    let shop = Shop::with_good_branch();
    for id in ["devportal-template-lint", "devportal-score-test"] {
        assert!(run(&shop.sandbox, "shop", id).is_none(), "{id}");
    }
    let sandbox = &shop.sandbox;
    let made = sandbox.devportal(
        "",
        &[
            "new",
            "catalog-repository",
            "catalog",
            "--defaults",
            "--set",
            "owner=group:default/platform",
        ],
    );
    assert_eq!(made.code, 0, "{made:?}");
    for id in ["devportal-template-lint", "devportal-score-test"] {
        let good = run(sandbox, "catalog", id).unwrap();
        assert_eq!(good.code, 0, "{id}: {good:?}");
    }
    let template = "catalog/templates/repository/template.yaml";
    let text = std::fs::read_to_string(sandbox.root().join(template)).unwrap();
    sandbox.write(template, &text.replace("fetch:template", "fetch:tempalte"));
    let scorecard = "catalog/scorecards/conventions.yaml";
    let text = std::fs::read_to_string(sandbox.root().join(scorecard)).unwrap();
    sandbox.write(
        scorecard,
        &text.replace("{described: passed", "{described: failed"),
    );
    for (id, said) in [
        (
            "devportal-template-lint",
            "did you mean \"fetch:template\"?",
        ),
        (
            "devportal-score-test",
            "described: expected failed, got passed",
        ),
    ] {
        let bad = run(sandbox, "catalog", id).unwrap();
        assert_eq!(bad.code, 1, "{id}: {bad:?}");
        assert!(bad.stdout.contains(said), "{id}: {bad:?}");
    }
}
