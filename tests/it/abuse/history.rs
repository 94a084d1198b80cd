//! Histories that are hostile, or that Git keeps in unusual ways: what is known is right, and the
//! rest is unknown, never fewer.

use std::fs;
use std::process::Command;

use devportal::cache::Cache;
use serde_json::{Value, json};

use crate::fact_reading::{
    BO, MIRA, ReadFacts, Reading, change, commit, component, empty_repository,
};
use crate::sandbox::Sandbox;

const NAMES: [&str; 4] = [
    "commits.365d",
    "authors.365d",
    "commit.last",
    "release.version",
];
const NOW: &str = "2026-06-30T12:00:00Z";

/// A repository `pay` with two commits of two people and a release.
fn pay() -> Sandbox {
    let sandbox = Sandbox::new();
    empty_repository(&sandbox, "pay", "");
    commit(&sandbox, "pay", "2026-06-01", MIRA);
    change(&sandbox, "pay/a");
    commit(&sandbox, "pay", "2026-06-02", BO);
    sandbox.git("pay", &["tag", "v1.0.0"]);
    sandbox
}

fn values(facts: &ReadFacts) -> [Value; 4] {
    NAMES.map(|name| facts.value("pay", name))
}

fn known() -> [Value; 4] {
    [
        json!(2),
        json!(2),
        json!("2026-06-02T12:00:00Z"),
        json!("1.0.0"),
    ]
}

const UNKNOWN: [Value; 4] = [Value::Null, Value::Null, Value::Null, Value::Null];

/// Puts a clone, made with these arguments, into the place of the repository.
fn cloned(sandbox: &Sandbox, arguments: &[&str]) {
    sandbox.git("pay", &["config", "uploadpack.allowFilter", "true"]);
    let root = sandbox.root();
    fs::rename(root.join("pay"), root.with_file_name("origin")).unwrap();
    let url = format!("file://{}", root.with_file_name("origin").display());
    sandbox.git(
        "",
        &[&["clone", "--quiet"], arguments, &[&url, "pay"]].concat(),
    );
}

#[test]
fn a05_a_pipe_among_the_tags_is_not_opened() {
    let sandbox = pay();
    let pipe = sandbox.root().join("pay/.git/refs/tags/v2.0.0");
    assert!(Command::new("mkfifo").arg(pipe).status().unwrap().success());
    let facts = Reading::new(&sandbox, NOW).read(&NAMES);
    assert_eq!(values(&facts)[..3], known()[..3]);
    assert_eq!(facts.value("pay", "release.version"), Value::Null);
    let problem = "git-unavailable: the list of tags of repository \"pay\" is not known: ";
    let problems = facts.problems();
    assert!(
        problems.len() == 1 && problems[0].starts_with(problem),
        "{problems:?}"
    );
}

#[test]
fn a05_a_pipe_or_a_link_in_place_of_what_a_repository_says_of_people() {
    for name in [".mailmap", ".git-blame-ignore-revs", "deployments/x.jsonl"] {
        let sandbox = pay();
        sandbox.write(&format!("pay/{name}"), "");
        commit(&sandbox, "pay", "2026-06-03", BO);
        let path = sandbox.root().join("pay").join(name);
        fs::remove_file(&path).unwrap();
        assert!(
            Command::new("mkfifo")
                .arg(&path)
                .status()
                .unwrap()
                .success()
        );
        let facts = Reading::new(&sandbox, NOW).read(&NAMES);
        assert_eq!(facts.value("pay", "authors.365d"), json!(2), "{name}");
        fs::remove_file(&path).unwrap();
        std::os::unix::fs::symlink("/etc/passwd", &path).unwrap();
        let facts = Reading::new(&sandbox, NOW).read(&NAMES);
        assert_eq!(facts.value("pay", "authors.365d"), json!(2), "{name}");
        assert!(!facts.problems().concat().contains("root:"), "{name}");
    }
}

#[test]
fn a18_clones_without_files_know_their_history_or_say_that_they_do_not() {
    for filter in ["--filter=blob:none", "--filter=tree:0"] {
        let sandbox = pay();
        cloned(&sandbox, &[filter]);
        let facts = Reading::new(&sandbox, NOW).read(&NAMES);
        if facts.problems().is_empty() {
            assert_eq!(values(&facts), known(), "{filter}");
        } else {
            assert_eq!(values(&facts), UNKNOWN, "{filter}");
        }
    }
}

#[test]
fn a18_an_alternate_a_work_tree_and_a_bare_repository_know_all() {
    let sandbox = pay();
    cloned(&sandbox, &["--shared"]);
    let facts = Reading::new(&sandbox, NOW).read(&NAMES);
    assert_eq!(values(&facts), known());
    let sandbox = pay();
    cloned(&sandbox, &["--bare"]);
    let facts = Reading::new(&sandbox, NOW).read(&NAMES);
    assert_eq!(values(&facts), known());
}

#[test]
fn a18_of_another_object_format_nothing_is_known() {
    let sandbox = Sandbox::new();
    sandbox.write("pay/catalog-info.yaml", &component("pay", ""));
    sandbox.git(
        "pay",
        &["init", "--quiet", "--object-format=sha256", "-b", "main"],
    );
    commit(&sandbox, "pay", "2026-06-01", MIRA);
    let facts = Reading::new(&sandbox, NOW).read(&NAMES);
    assert_eq!(values(&facts), UNKNOWN);
    let problems = facts.problems().concat();
    assert!(
        problems.contains("the history of repository \"pay\" is not known"),
        "{problems}"
    );
}

#[test]
fn a19_a_missing_commit_makes_figures_unknown() {
    let sandbox = pay();
    let first = sandbox.git("pay", &["rev-parse", "HEAD~1"]);
    let (start, rest) = first.trim().split_at(2);
    fs::remove_file(
        sandbox
            .root()
            .join(format!("pay/.git/objects/{start}/{rest}")),
    )
    .unwrap();
    let facts = Reading::new(&sandbox, NOW).read(&NAMES);
    assert_eq!(values(&facts)[..3], UNKNOWN[..3]);
    assert_eq!(
        facts.value("pay", "release.version"),
        json!("1.0.0"),
        "its commit is there"
    );
    assert_eq!(facts.problems().len(), 1);
}

#[test]
fn a19_what_grafts_say_is_not_kept_for_others() {
    let sandbox = pay();
    let tip = sandbox.git("pay", &["rev-parse", "HEAD"]);
    sandbox.write("pay/.git/info/grafts", &tip);
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::in_folder(folder.path().join("results"));
    Reading::new(&sandbox, NOW).with_cache(&cache).read(&NAMES);
    fs::remove_file(sandbox.root().join("pay/.git/info/grafts")).unwrap();
    let facts = Reading::new(&sandbox, NOW).with_cache(&cache).read(&NAMES);
    assert_eq!(values(&facts), known());
}

#[test]
fn a09_a_home_that_is_deeper_than_any_folder_is_unknown() {
    let sandbox = pay();
    let remote = "https://github.com/acme/pay.git";
    sandbox.git("pay", &["remote", "add", "origin", remote]);
    let deep = "a/".repeat(200_000);
    let location =
        format!("backstage.io/source-location: url:https://github.com/acme/pay/tree/main/{deep}");
    sandbox.write("pay/deep/catalog-info.yaml", &component("deep", &location));
    commit(&sandbox, "pay", "2026-06-03", BO);
    let facts = Reading::new(&sandbox, NOW).read(&NAMES);
    assert_eq!(facts.value("deep", "commits.365d"), Value::Null);
    assert_eq!(facts.value("pay", "commits.365d"), json!(3));
}
