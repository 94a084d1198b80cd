//! Command lines that nobody would write, and environments that nobody has.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

use super::workspace::Workspace;

const GOOD: &str = "component:default/good";

fn good() -> Workspace {
    let workspace = Workspace::new();
    workspace.component("good", "good").repository("good");
    workspace
}

#[test]
fn h01_arguments_may_be_any_bytes() {
    let workspace = good();
    let bytes = OsStr::from_bytes(b"x\xff\xfe");
    let commands: [&[&str]; 10] = [
        &[],
        &["owner"],
        &["find"],
        &["show"],
        &["check"],
        &["find", "-C"],
        &["check", "--baseline"],
        &["check", "--select"],
        &["find", "--at"],
        &["find", "--format"],
    ];
    for arguments in commands {
        let mut all: Vec<OsString> = arguments.iter().map(OsString::from).collect();
        all.push(bytes.to_owned());
        let answer = workspace.run(&all);
        assert_ne!(answer.code, Some(0), "{arguments:?}");
        assert_ne!(answer.stderr, "", "{arguments:?}");
    }
    // A path need not be UTF-8 to be one.
    workspace.component(bytes, "odd");
    let named = [OsStr::new("export"), OsStr::new("entities"), bytes];
    let answer = workspace.run(&named);
    assert!(
        answer.text().contains("component:default/odd"),
        "{}{}",
        answer.text(),
        answer.stderr
    );
}

#[test]
fn h01_empty_endless_and_many_arguments() {
    let workspace = good();
    let long = "x".repeat(128 * 1024 - 1);
    for arguments in [
        &[""][..],
        &["show", ""],
        &["show", ":"],
        &["show", "/"],
        &["check", ""],
        &["check", "--select", ""],
        &["explain", ""],
        &["find", "--format", ""],
        &["find", "--at", ""],
        &["show", &long],
        &["find", &long],
        &["explain", &long],
        &["find", "-C", &long],
        &["check", &long],
        &["find", "--format", &long],
        &["find", "--at", &long],
        &["--", "find"],
        &["find", "--", "--help"],
        &["show", "--", "--help"],
        &["check", "--", "-"],
        &["check", "-"],
        &["show", "-"],
    ] {
        let answer = workspace.run(arguments);
        assert!(
            matches!(answer.code, Some(1 | 2)) || arguments[0] == "find",
            "{arguments:?}: {}",
            answer.text()
        );
    }
    let many = vec!["x"; 20_000];
    let found = workspace.run(&[&["find"][..], &many].concat());
    found.assert_code(1);
    let paths = vec!["good"; 20_000];
    workspace
        .run(&[&["check"][..], &paths].concat())
        .assert_code(0);
    let codes = vec!["--ignore=missing-owner"; 20_000];
    workspace
        .run(&[&["check"][..], &codes].concat())
        .assert_code(0);
}

#[test]
fn h02_what_is_misspelt_is_refused_with_a_hint() {
    let workspace = good();
    for (arguments, hint) in [
        (&["fnd"][..], "'find'"),
        (&["find", "--fromat", "json"], "'--format'"),
        (&["find", "kind:componnt"], "component"),
        (&["find", "ownr:x"], "owner"),
        (&["find", "--format", "jsn"], "json"),
        (&["check", "--format", "sarf"], "sarif"),
        (&["check", "--fail-on", "eror"], "error"),
        (&["check", "--select", "unknown-feild"], "unknown-field"),
        (&["export", "entites"], "entities"),
        (&["config", "shwo"], "show"),
        (&["find", "--color", "alway"], "always"),
    ] {
        let answer = workspace.run(arguments);
        answer.assert_refused(hint);
        assert_eq!(answer.text(), "", "{arguments:?}");
    }
    let answer = workspace.run(&["show", "god"]);
    answer.assert_code(1);
    assert!(answer.stderr.contains("\"good\""), "{}", answer.stderr);
    for query in [
        "name:\"x",
        "kind:",
        "\"",
        "kind:component,",
        "::",
        "name:\\",
    ] {
        let answer = workspace.run(&["find", query]);
        assert!(matches!(answer.code, Some(0..=2)), "{query}");
    }
    workspace
        .run(&["find", "--json", "--format", "csv"])
        .assert_code(2);
}

#[test]
fn h03_nothing_waits_for_an_answer() {
    let workspace = good();
    // Standard input is never read: it is closed here, and closed altogether in e12.
    for arguments in [&["find"][..], &["check"], &["show", "good"]] {
        workspace.run(arguments).assert_code(0);
    }
}

#[test]
fn h07_locales_and_time_zones_change_nothing() {
    let workspace = good();
    workspace.component("ünïcode-ı", "istanbul");
    for arguments in [
        &["check", "--format", "json"][..],
        &["find"],
        &["show", "ISTANBUL"],
        &["export", "documents"],
        &["find", "--at", "2026-06-01", "--format", "json"],
    ] {
        let answers: Vec<String> = [
            [("LC_ALL", "C"), ("TZ", "UTC")],
            [("LC_ALL", "tr_TR.UTF-8"), ("TZ", "UTC0")],
            [("LC_ALL", "nonsense\u{1b}"), ("TZ", "")],
            [("LANG", "POSIX"), ("TZ", "UTC")],
        ]
        .into_iter()
        .map(|variables| {
            let mut command = workspace.command(arguments);
            workspace.finish(command.envs(variables)).text()
        })
        .collect();
        assert!(!answers[0].is_empty(), "{arguments:?}");
        assert!(
            answers.iter().all(|answer| *answer == answers[0]),
            "{arguments:?}"
        );
    }
    for zone in [
        "Pacific/Kiritimati",
        "nonsense",
        ":/etc/passwd",
        "../../etc/passwd",
    ] {
        let mut command = workspace.command(&["find", "--format", "name"]);
        let answer = workspace.finish(command.env("TZ", zone));
        assert!(answer.text().contains(GOOD));
    }
}

#[test]
fn h07_an_odd_environment_is_survived() {
    let workspace = good();
    for (name, value) in [
        ("HOME", ""),
        ("HOME", "/nowhere"),
        ("HOME", "relative"),
        ("XDG_CONFIG_HOME", ""),
        ("XDG_CONFIG_HOME", "relative"),
        ("XDG_CONFIG_HOME", "/dev/null"),
        ("COLUMNS", "99999999999999999999"),
        ("SOURCE_DATE_EPOCH", "x"),
        ("DEVPORTAL_WORKSPACE", ""),
        ("TMPDIR", "/nowhere"),
        ("RAYON_NUM_THREADS", "1"),
        ("RUST_BACKTRACE", "full"),
        ("GIT_DIR", "/nowhere"),
        ("GIT_WORK_TREE", "/etc"),
        ("GIT_INDEX_FILE", "/etc/passwd"),
        ("GIT_OBJECT_DIRECTORY", "/nowhere"),
        ("GIT_CONFIG_COUNT", "999999999"),
        ("GIT_CEILING_DIRECTORIES", "/"),
    ] {
        let mut command = workspace.command(&["find", "--format", "name"]);
        let answer = workspace.finish(command.env(name, value));
        assert_eq!(
            answer.assert_code(0).text(),
            format!("{GOOD}\n"),
            "{name}={value}"
        );
    }
    let mut command = workspace.command(&["find", "--format", "name"]);
    command.env_remove("HOME");
    workspace.finish(&mut command).assert_code(0);
}
