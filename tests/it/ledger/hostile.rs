//! A ledger is a file of a scanned repository: whatever it has, the rest is read.

use std::fmt::Write as _;

use devportal::diagnostic::Diagnostic;

use super::{Ledger, Recording, files};

const NOW: &str = "2026-11-10T00:00:00Z";

fn ledger(folder: &tempfile::TempDir) -> Ledger {
    let ledger = Ledger::at(folder.path().to_owned(), &[("api", "")]);
    let run = Recording::at("2026-11-09T10:00:00Z").value("api", "vulnerability.high", 3);
    ledger.record(&run);
    ledger
}

/// What is said of a ledger in which another file was put; what was there is still known.
fn said(ledger: &Ledger, path: &str, content: impl AsRef<[u8]>) -> Vec<Diagnostic> {
    ledger.put(path, content);
    let (facts, problems) = ledger.read(NOW);
    assert_eq!(facts.len(), 1, "{facts:?} {problems:?}");
    assert_eq!(facts[0].value, serde_json::json!(3));
    problems
}

const FILE: &str = "snyk/2026-11/08-other.jsonl";

#[test]
fn bad_lines_are_told_once_a_file_with_the_place_of_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(&folder);
    let mut text = b"{\"run\":{\"at\":\"2026-11-08T10:00:00Z\",\"complete\":true,\"until\":\"2026-11-09T10:00:00Z\"}}\n".to_vec();
    for line in [
        "not json",
        "{}",
        "[]",
        "null",
        "{\"run\":{}}",
        "{\"run\":{\"at\":\"x\",\"complete\":true,\"until\":\"2026-11-09T10:00:00Z\"}}",
        "{\"entity\":\"component:default/api\",\"fact\":\"vulnerability.high\",\"at\":\"2026-11-08T10:00:00Z\"}",
        "{\"entity\":\"component:default/api\",\"fact\":\"vulnerability.high\",\"value\":1,\"at\":\"yesterday\"}",
        "{\"entity\":\"component:default/api\",\"entity\":\"x\",\"fact\":\"vulnerability.high\",\"value\":1,\"at\":\"2026-11-09T20:00:00Z\"}",
        "{\"entity\":\"component:default\\/api\",\"fact\":\"vulnerability.high\",\"value\":1,\"at\":\"2026-11-09T20:00:00Z\"}",
    ] {
        text.extend_from_slice(line.as_bytes());
        text.push(b'\n');
    }
    text.extend_from_slice(b"\xff\xfe\x00\n");
    text.extend_from_slice("[".repeat(100_000).as_bytes());
    text.push(b'\n');
    text.extend_from_slice(&vec![b'x'; 2 << 20]);
    text.push(b'\n');
    let problems = said(&ledger, FILE, text);
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(
        problems[0].message.contains("the first of 13"),
        "{problems:?}"
    );
    let place = problems[0].place.as_ref().unwrap();
    assert_eq!(place.span.unwrap().line, 2);
    assert!(place.file.path().ends_with(FILE));
}

#[test]
fn unknown_names_and_wrong_types_are_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(&folder);
    let mut text = String::new();
    for number in 0..10_000 {
        for (entity, fact, value) in [
            (
                format!("component:default/e{number}"),
                "vulnerability.high".to_owned(),
                "1",
            ),
            (
                "component:default/api".to_owned(),
                format!("x.f{number}"),
                "1",
            ),
            (
                "component:default/api".to_owned(),
                "vulnerability.high".to_owned(),
                "\"many\"",
            ),
        ] {
            writeln!(text, "{{\"entity\":\"{entity}\",\"fact\":\"{fact}\",\"value\":{value},\"at\":\"2026-11-09T11:00:00Z\"}}").unwrap();
        }
    }
    let problems = said(&ledger, FILE, text);
    let messages: Vec<&str> = problems.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(messages.len(), 3, "{messages:?}");
    assert!(messages[0].contains("10000 such lines"), "{messages:?}");
    assert!(
        messages[1].contains("10000 facts that nobody here knows"),
        "{messages:?}"
    );
    assert!(
        messages[2].contains("10000 entities that nobody here knows"),
        "{messages:?}"
    );
    assert!(
        messages.iter().all(|message| message.len() < 300),
        "{messages:?}"
    );
}

#[test]
fn f10_a_line_from_the_future_is_told_and_does_not_count() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(&folder);
    let text = "{\"entity\":\"component:default/api\",\"fact\":\"vulnerability.high\",\"value\":0,\"at\":\"2999-01-01T00:00:00Z\"}\n\
                {\"run\":{\"at\":\"2999-01-01T00:00:00Z\",\"complete\":true,\"until\":\"9999-01-01T00:00:00Z\"}}\n";
    let problems = said(&ledger, FILE, text);
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(
        problems[0].message.contains("from the future"),
        "{problems:?}"
    );
    assert_eq!(problems[0].code.name, "fact-from-the-future");
    let (facts, _) = ledger.read(NOW);
    let until = facts[0].valid_until.unwrap();
    assert_eq!(until.to_string(), "2026-11-16T10:00:00Z");
}

#[test]
fn f10_no_run_makes_a_fact_hold_longer_than_its_declaration() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(&folder);
    let text = "{\"run\":{\"at\":\"2026-11-09T12:00:00Z\",\"complete\":true,\"until\":\"9999-01-01T00:00:00Z\",\"after\":\"2026-11-09T11:00:00Z\"}}\n";
    assert!(said(&ledger, FILE, text).is_empty());
    let (facts, _) = ledger.read(NOW);
    assert_eq!(
        facts[0].valid_until.unwrap().to_string(),
        "2026-11-16T12:00:00Z"
    );
}

#[test]
fn f10_a_clock_that_moved_back_writes_what_is_told_and_read_in_its_order() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(&folder);
    ledger.record(&Recording::at("2026-11-05T10:00:00Z").value("api", "vulnerability.high", 8));
    let (facts, problems) = ledger.read("2026-11-06T00:00:00Z");
    assert_eq!(facts[0].value, serde_json::json!(8));
    assert!(
        problems[0].message.contains("from the future"),
        "{problems:?}"
    );
    assert_eq!(ledger.read(NOW).0[0].value, serde_json::json!(3));
}

#[test]
fn a_torn_last_line_is_told_and_the_next_run_stands_alone() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(&folder);
    let torn = "{\"entity\":\"component:default/api\",\"fact\":\"vulnerab";
    let file = "snyk/2026-11/10-ci.jsonl";
    let problems = said(&ledger, file, torn);
    assert!(
        problems
            .iter()
            .any(|it| it.message.contains("was not written to its end")),
        "{problems:?}"
    );
    let recorded = ledger.record(&Recording::at(NOW).value("api", "vulnerability.high", 4));
    assert_eq!(recorded.file, file);
    let (facts, problems) = ledger.read(NOW);
    assert_eq!(facts[0].value, serde_json::json!(4));
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!(ledger.lines(&recorded)[0], torn);
}

#[cfg(unix)]
#[test]
fn a01_a05_links_and_pipes_are_neither_followed_nor_waited_for() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(&folder);
    let outside = tempfile::tempdir().unwrap();
    let line = "{\"entity\":\"component:default/api\",\"fact\":\"vulnerability.high\",\"value\":66,\"at\":\"2026-11-09T20:00:00Z\"}\n";
    std::fs::write(outside.path().join("x.jsonl"), line).unwrap();
    let month = folder.path().join("facts/snyk/2026-11");
    symlink(outside.path().join("x.jsonl"), month.join("02-link.jsonl")).unwrap();
    symlink("/dev/zero", month.join("03-zero.jsonl")).unwrap();
    symlink(outside.path(), folder.path().join("facts/trivy")).unwrap();
    symlink(outside.path(), folder.path().join("facts/snyk/2026-10")).unwrap();
    let pipe = month.join("04-pipe.jsonl");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    std::fs::create_dir(month.join("05-folder.jsonl")).unwrap();
    let problems = said(&ledger, "other/2026-11/01-x.jsonl", "");
    assert_eq!(problems.len(), 5, "{problems:?}");
    assert!(problems.iter().all(|problem| problem.hides_something));
    // Nothing is written through a link, either.
    let run = Recording {
        source: "trivy",
        ..Recording::at(NOW).value("api", "vulnerability.high", 1)
    };
    assert!(ledger.try_record(&run).is_err());
    let in_month = Recording::at("2026-10-10T00:00:00Z").value("api", "vulnerability.high", 1);
    assert!(ledger.try_record(&in_month).is_err());
    assert_eq!(files(outside.path()).len(), 1);
}

#[cfg(unix)]
#[test]
fn a06_a_huge_file_is_not_read_and_hides_something() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(&folder);
    ledger.put(FILE, "");
    let huge = std::fs::OpenOptions::new()
        .write(true)
        .open(folder.path().join("facts").join(FILE));
    huge.unwrap().set_len(1 << 40).unwrap();
    let (facts, problems) = ledger.read(NOW);
    assert_eq!(facts.len(), 1);
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].hides_something);
}

#[test]
fn names_that_no_ledger_has_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(&folder);
    for path in [
        "README.md",
        "snyk/notes.jsonl",
        "snyk/2026-13/01-x.jsonl",
        "snyk/2026-11/32-x.jsonl",
        "snyk/2026-11/1-x.jsonl",
        "snyk/2026-11/01-X.jsonl",
        "snyk/2026-11/01-x.json",
        "snyk/2026-11/deep/01-x.jsonl",
        "Snyk/2026-11/01-x.jsonl",
    ] {
        assert!(said(&ledger, path, "not json\n").is_empty(), "{path}");
    }
}
