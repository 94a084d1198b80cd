//! What the history of a repository says about the people who work on it.

use std::fs;

use devportal::cache::Cache;
use serde_json::{Value, json};

use crate::fact_reading::{
    Author, BO, MIRA, ReadFacts, Reading, change, commit, component, empty_repository,
};
use crate::sandbox::Sandbox;

const NAMES: [&str; 10] = [
    "commit.first",
    "commit.age",
    "commits.30d",
    "commits.90d",
    "commits.365d",
    "authors.30d",
    "authors.90d",
    "authors.365d",
    "authors.180d.addresses",
    "bus-factor",
];
const NOW: &str = "2026-06-30T12:00:00Z";
const BOT: Author = Author(
    "renovate[bot]",
    "29139614+renovate[bot]@users.noreply.github.com",
);

fn facts(sandbox: &Sandbox) -> ReadFacts {
    Reading::new(sandbox, NOW).read(&NAMES)
}

fn values(facts: &ReadFacts, component: &str, names: &[&str]) -> Vec<Value> {
    let values = names.iter().map(|name| facts.value(component, name));
    values.collect()
}

/// A repository `pay` with three people and a bot.
fn pay() -> (Sandbox, Vec<String>) {
    let sandbox = Sandbox::new();
    empty_repository(&sandbox, "pay", "");
    let commits = [
        ("2025-01-01", MIRA),
        ("2026-02-01", BO),
        ("2026-02-02", MIRA),
        ("2026-05-01", MIRA),
        ("2026-06-10", BO),
        ("2026-06-11", Author("Zoë", "zoe@example.com")),
        ("2026-06-29", BOT),
    ];
    let ids = commits.map(|(day, author)| commit(&sandbox, "pay", day, author));
    (sandbox, ids.to_vec())
}

#[test]
fn people_are_counted_in_windows_and_bots_are_not() {
    let (sandbox, ids) = pay();
    let facts = facts(&sandbox);
    assert_eq!(
        values(
            &facts,
            "pay",
            &["commit.first", "commit.last", "commit.age"]
        ),
        [
            json!("2025-01-01T12:00:00Z"),
            json!("2026-06-11T12:00:00Z"),
            json!(19)
        ]
    );
    assert_eq!(
        values(
            &facts,
            "pay",
            &["commits.30d", "commits.90d", "commits.365d"]
        ),
        [json!(2), json!(3), json!(5)]
    );
    assert_eq!(
        values(
            &facts,
            "pay",
            &["authors.30d", "authors.90d", "authors.365d", "bus-factor"]
        ),
        [json!(2), json!(3), json!(3), json!(2)]
    );
    assert_eq!(
        facts.value("pay", "authors.180d.addresses"),
        json!(["bo@example.com", "mira@example.com", "zoe@example.com"])
    );
    assert_eq!(
        facts.evidence("pay", "commit.last"),
        format!("commit {}", ids[5])
    );
    assert_eq!(facts.problems(), [""; 0]);
}

#[test]
fn a_date_shows_what_was_known_then() {
    let (sandbox, _) = pay();
    let reading = Reading::new(&sandbox, "2026-02-28T23:59:59Z").at("2026-02-28");
    let facts = reading.read(&NAMES);
    assert_eq!(
        values(
            &facts,
            "pay",
            &["commit.last", "commits.30d", "commits.365d", "bus-factor"]
        ),
        [json!("2026-02-02T12:00:00Z"), json!(2), json!(2), json!(2)]
    );
}

#[test]
fn merges_are_no_work_and_bring_in_what_is() {
    let sandbox = Sandbox::new();
    empty_repository(&sandbox, "pay", "");
    commit(&sandbox, "pay", "2026-06-01", MIRA);
    sandbox.git("pay", &["checkout", "--quiet", "-b", "topic"]);
    change(&sandbox, "pay/a");
    commit(&sandbox, "pay", "2026-06-02", BO);
    sandbox.git("pay", &["checkout", "--quiet", "main"]);
    let merge = ["merge", "--quiet", "--no-ff", "--message=merge", "topic"];
    sandbox.git_on("2026-06-20", "pay", &merge);
    let facts = facts(&sandbox);
    assert_eq!(
        values(
            &facts,
            "pay",
            &["commits.30d", "authors.30d", "commit.last"]
        ),
        [json!(2), json!(2), json!("2026-06-02T12:00:00Z")]
    );
}

#[test]
fn mailmap_bots_and_ignored_commits_are_the_repositorys_and_the_organisations() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "devportal.yaml",
        "organisation: acme\nbots:\n  - '*@ci.example.com'\n",
    );
    empty_repository(&sandbox, "pay", "");
    sandbox.write(
        "pay/.mailmap",
        "Mira Sand <mira@example.com> <mira@old.example.com>\n",
    );
    commit(&sandbox, "pay", "2026-06-01", MIRA);
    commit(
        &sandbox,
        "pay",
        "2026-06-02",
        Author("m", "Mira@old.example.com"),
    );
    let hidden = Author("Mira Sand", "7+mira@users.noreply.github.com");
    commit(&sandbox, "pay", "2026-06-03", hidden);
    commit(
        &sandbox,
        "pay",
        "2026-06-04",
        Author("Build", "build@ci.example.com"),
    );
    let formatted = commit(&sandbox, "pay", "2026-06-05", BO);
    assert_eq!(facts(&sandbox).value("pay", "authors.30d"), json!(2));

    let listed = format!("# everything was formatted\n{formatted} # in June\nmain\n");
    sandbox.write("pay/.git-blame-ignore-revs", &listed);
    commit(&sandbox, "pay", "2026-06-06", BOT);
    let facts = facts(&sandbox);
    assert_eq!(
        values(
            &facts,
            "pay",
            &["commits.30d", "authors.30d", "commit.last"]
        ),
        [json!(3), json!(1), json!("2026-06-03T12:00:00Z")]
    );
    assert_eq!(
        facts.value("pay", "authors.180d.addresses"),
        json!(["mira@example.com"])
    );
}

#[test]
fn a_home_in_a_monorepo_has_the_commits_of_its_folder() {
    let sandbox = Sandbox::new();
    for folder in ["services/pay", "services/pay/api", "web"] {
        let name = folder.rsplit('/').next().unwrap();
        sandbox.write(
            &format!("shop/{folder}/catalog-info.yaml"),
            &component(name, ""),
        );
    }
    sandbox.write("shop/catalog-info.yaml", &component("shop", ""));
    sandbox.git("shop", &["init", "--quiet", "--initial-branch=main"]);
    commit(&sandbox, "shop", "2026-06-01", MIRA);
    for (day, path) in [
        ("2026-06-02", "services/pay/a"),
        ("2026-06-03", "services/pay/api/a"),
        ("2026-06-04", "services/payments/a"),
        ("2026-06-05", "README.md"),
    ] {
        change(&sandbox, &format!("shop/{path}"));
        commit(&sandbox, "shop", day, BO);
    }
    let facts = facts(&sandbox);
    let of = |name: &str| values(&facts, name, &["commits.30d", "commit.last"]);
    assert_eq!(of("shop"), [json!(5), json!("2026-06-05T12:00:00Z")]);
    assert_eq!(of("pay"), [json!(3), json!("2026-06-03T12:00:00Z")]);
    assert_eq!(of("api"), [json!(2), json!("2026-06-03T12:00:00Z")]);
    assert_eq!(of("web"), [json!(1), json!("2026-06-01T12:00:00Z")]);
}

#[test]
fn of_a_shallow_clone_nothing_is_known_and_that_is_said() {
    let (sandbox, _) = pay();
    let url = format!("file://{}", sandbox.root().join("pay").display());
    sandbox.git("", &["clone", "--quiet", "--depth=2", &url, "clone"]);
    fs::remove_dir_all(sandbox.root().join("pay")).unwrap();
    let facts = facts(&sandbox);
    for name in NAMES {
        assert_eq!(facts.value("pay", name), Value::Null, "{name}");
    }
    let problems = facts.problems();
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(
        problems[0].ends_with("is not known: the clone is shallow"),
        "{problems:?}"
    );
}

#[test]
fn before_the_first_commit_there_is_none_and_without_git_nobody_knows() {
    let sandbox = Sandbox::new();
    empty_repository(&sandbox, "new", "");
    sandbox.write("plain/catalog-info.yaml", &component("plain", ""));
    let facts = facts(&sandbox);
    assert_eq!(
        values(
            &facts,
            "new",
            &["commits.365d", "commit.last", "bus-factor"]
        ),
        [json!(0), Value::Null, Value::Null]
    );
    assert_eq!(facts.value("plain", "commits.365d"), Value::Null);
}

#[test]
fn a_commit_from_the_future_is_none_yet() {
    let sandbox = Sandbox::new();
    empty_repository(&sandbox, "pay", "");
    commit(&sandbox, "pay", "2026-06-01", MIRA);
    commit(&sandbox, "pay", "2099-01-01", BO);
    let facts = facts(&sandbox);
    assert_eq!(
        values(&facts, "pay", &["commit.last", "commits.30d"]),
        [json!("2026-06-01T12:00:00Z"), json!(1)]
    );
}

#[test]
fn what_is_kept_answers_like_the_history() {
    let (sandbox, ids) = pay();
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::in_folder(folder.path().join("results"));
    let read = |cache: &Cache| {
        let facts = Reading::new(&sandbox, NOW).with_cache(cache).read(&NAMES);
        NAMES.map(|name| facts.value("pay", name))
    };
    let found = read(&Cache::disabled());
    assert_eq!(read(&cache), found);
    assert_eq!(cache.contents().unwrap().kinds["activity"].entries, 1);

    // An object of Git goes: only who kept something still knows.
    let (start, rest) = ids[1].split_at(2);
    let object = sandbox
        .root()
        .join(format!("pay/.git/objects/{start}/{rest}"));
    fs::remove_file(object).unwrap();
    assert_eq!(read(&Cache::disabled()), NAMES.map(|_| Value::Null));
    assert_eq!(read(&cache), found);
    cache.clean().unwrap();
    assert_eq!(read(&cache), NAMES.map(|_| Value::Null));
}

#[test]
fn what_is_kept_follows_branches_and_tags() {
    let (sandbox, _) = pay();
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::in_folder(folder.path().join("results"));
    let git = |arguments: &[&str]| sandbox.git("pay", arguments);
    let assert_follows = |what: &str| {
        let read = |cache: &Cache| {
            let facts = Reading::new(&sandbox, NOW).with_cache(cache).read(&NAMES);
            NAMES.map(|name| facts.value("pay", name))
        };
        let found = read(&Cache::disabled());
        assert_eq!(read(&cache), found, "{what}");
        assert_eq!(read(&cache), found, "{what}, asked again");
        found
    };
    let first = assert_follows("at first");
    git(&["checkout", "--quiet", "-b", "side"]);
    commit(&sandbox, "pay", "2026-06-20", MIRA);
    assert_eq!(assert_follows("beside the default branch"), first);
    git(&["branch", "--force", "main", "side"]);
    let more = assert_follows("after the default branch moved");
    assert_ne!(more, first);
    git(&["pack-refs", "--all"]);
    assert_eq!(assert_follows("with packed references"), more);
    git(&["checkout", "--quiet", "main"]);
    git(&["reset", "--quiet", "--hard", "HEAD~1"]);
    assert_eq!(assert_follows("after a reset"), first);
    git(&["checkout", "--quiet", "--detach", "side"]);
    assert_follows("on a commit");
    git(&["branch", "--quiet", "-D", "main"]);
    assert_follows("without a default branch");
}
