//! Several writers: clones, work trees and branches.

use std::collections::BTreeSet;

use super::{Ledger, Recording};
use crate::sandbox::Sandbox;

const NAMES: &[(&str, &str)] = &[("api", ""), ("shop", "")];

/// A catalog repository with a first run on its branch "main".
fn repository() -> (Sandbox, Ledger) {
    let sandbox = Sandbox::new();
    sandbox.write("README.md", "# Catalog\n");
    sandbox.repository("");
    let ledger = Ledger::at(sandbox.root(), NAMES);
    ledger.record(&run("2026-11-01T10:00:00Z", 5, 1));
    sandbox.commit_on("2026-11-01", "");
    (sandbox, ledger)
}

fn run(at: &'static str, api: i64, shop: i64) -> Recording<'static> {
    Recording {
        writer: None,
        ..Recording::at(at)
            .value("api", "vulnerability.high", api)
            .value("shop", "vulnerability.high", shop)
    }
}

#[test]
fn two_writers_on_two_branches_merge_and_read_right() {
    let (sandbox, ledger) = repository();
    sandbox.git("", &["checkout", "--quiet", "-b", "left"]);
    ledger.record(&run("2026-11-02T10:00:00Z", 3, 1));
    sandbox.commit_on("2026-11-02", "");
    sandbox.git("", &["checkout", "--quiet", "-b", "right", "main"]);
    // It does not know what was found on the left, and sees what was there before.
    ledger.record(&run("2026-11-02T12:00:00Z", 5, 2));
    sandbox.commit_on("2026-11-02", "");
    sandbox.git("", &["merge", "--quiet", "--no-edit", "left"]);
    assert_eq!(
        ledger.shown("2026-11-03T00:00:00Z"),
        [
            "api vulnerability.high 5 2026-11-02T12:00:00Z 2026-11-09T12:00:00Z",
            "shop vulnerability.high 2 2026-11-02T12:00:00Z 2026-11-09T12:00:00Z",
        ],
        "the last run saw five, whatever was written on the other branch meanwhile"
    );
    assert_eq!(
        ledger.shown_then("2026-11-02T11:00:00Z")[0],
        "api vulnerability.high 3 2026-11-02T10:00:00Z 2026-11-09T10:00:00Z"
    );
    let recorded = ledger.record(&run("2026-11-03T10:00:00Z", 5, 2));
    assert_eq!((recorded.changed, recorded.unchanged), (1, 1));
    assert_eq!(
        ledger.shown("2026-11-04T00:00:00Z")[0],
        "api vulnerability.high 5 2026-11-03T10:00:00Z 2026-11-10T10:00:00Z"
    );
    let recorded = ledger.record(&run("2026-11-04T10:00:00Z", 5, 2));
    assert_eq!(recorded.changed, 0, "the branches are one again");
}

#[test]
fn clones_work_trees_and_branches_are_different_writers() {
    let (sandbox, ledger) = repository();
    let mut files = BTreeSet::new();
    let mut record = |ledger: &Ledger| {
        let recorded = ledger.record(&run("2026-11-05T10:00:00Z", 5, 1));
        assert!(files.insert(recorded.file.clone()), "{}", recorded.file);
        recorded.file
    };
    let main = record(&ledger);
    assert!(main.starts_with("snyk/2026-11/05-main-"), "{main}");
    sandbox.git("", &["checkout", "--quiet", "-b", "fix/Some_Thing"]);
    let branch = record(&ledger);
    assert!(
        branch.starts_with("snyk/2026-11/05-fix-some-thing-"),
        "{branch}"
    );
    sandbox.git("", &["worktree", "add", "--quiet", "../tree", "main"]);
    sandbox.git("", &["clone", "--quiet", ".", "../clone"]);
    for other in ["tree", "clone"] {
        record(&Ledger::at(sandbox.root().with_file_name(other), NAMES));
    }
    sandbox.git("", &["checkout", "--quiet", "--detach"]);
    record(&ledger);
    sandbox.git("", &["checkout", "--quiet", "fix/Some_Thing"]);
    let again = ledger.record(&run("2026-11-05T11:00:00Z", 5, 1));
    assert_eq!(again.file, branch, "the same work tree and branch");
    let status = sandbox.git("", &["status", "--porcelain"]);
    assert!(
        status.lines().all(|line| line.contains("facts/")),
        "{status}"
    );
}

#[test]
fn a_writer_and_a_source_are_names_of_files() {
    let (_sandbox, ledger) = repository();
    for writer in ["../x", "a/b", "", "A", "x y", "-"] {
        let run = Recording::at("2026-11-05T10:00:00Z").by(writer);
        assert!(ledger.try_record(&run).is_err(), "{writer}");
    }
    for source in ["../x", "a/b", "", "A", "con", "-x", "x y"] {
        let run = Recording {
            source,
            ..Recording::at("2026-11-05T10:00:00Z")
        };
        assert!(ledger.try_record(&run).is_err(), "{source}");
    }
}

#[test]
fn a_bare_repository_is_read_and_not_written() {
    let (sandbox, _) = repository();
    sandbox.git("", &["clone", "--quiet", "--bare", ".", "../bare.git"]);
    let bare = Ledger::at(sandbox.root().with_file_name("bare.git"), NAMES);
    assert_eq!(
        bare.shown("2026-11-02T00:00:00Z")[0],
        "api vulnerability.high 5 2026-11-01T10:00:00Z 2026-11-08T10:00:00Z"
    );
    let error = bare
        .try_record(&run("2026-11-02T10:00:00Z", 1, 1))
        .unwrap_err();
    assert!(error.to_string().contains("is bare"), "{error}");
}
