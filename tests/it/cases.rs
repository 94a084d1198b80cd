//! Behaviours as data: each folder of `cases/` has a workspace, a command and what it answers.
//!
//! A folder of the workspace with a file `.repository` becomes a Git repository, with the remote
//! of its line `remote URL`; a file `workspace` names the case whose workspace is taken. `command`
//! has a command a line; `exit` is the code of the last one. `SNAPSHOTS=overwrite cargo test`
//! writes `stdout` and `stderr` anew: read them.

use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use snapbox::data::{Data, DataFormat};

use crate::sandbox::{Run, Sandbox};

/// The moment of all cases: 1 February 2026, 00:00 UTC.
const NOW: &str = "1769904000";

#[test]
fn cases() {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/cases");
    let entries = fs::read_dir(all).unwrap();
    let mut cases: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    let failed: Vec<String> = cases.par_iter().filter_map(|case| failure(case)).collect();
    assert!(
        failed.is_empty(),
        "{} cases answer otherwise; SNAPSHOTS=overwrite takes the new answers\n{}",
        failed.len(),
        failed.join("\n")
    );
}

/// What a case answers otherwise.
fn failure(case: &Path) -> Option<String> {
    let read = |file: &str| fs::read_to_string(case.join(file)).ok();
    let sandbox = Sandbox::new();
    let of_other = read("workspace").map(|name| case.with_file_name(name.trim()));
    let workspace = of_other
        .unwrap_or_else(|| case.to_owned())
        .join("workspace");
    set_up(&workspace, "", &sandbox);
    let (mut stdout, mut stderr, mut code) = (String::new(), String::new(), 0);
    let commands = read("command").expect("a case has a command");
    for line in commands.lines() {
        let words = words(line);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        assert_eq!(words[0], "devportal", "in {line}");
        let mut command = sandbox.command(env!("CARGO_BIN_EXE_devportal"), "");
        command.env("SOURCE_DATE_EPOCH", NOW);
        let run = Run::of(command.args(&words[1..]));
        for (all, answer) in [(&mut stdout, run.stdout), (&mut stderr, run.stderr)] {
            if commands.lines().count() > 1 && !answer.is_empty() {
                all.extend(["$ ", line, "\n"]);
            }
            all.push_str(&without_versions(&sandbox.without_root(&answer)));
        }
        code = run.code;
    }
    let mut differences = Vec::new();
    for (file, answer) in [("stdout", stdout), ("stderr", stderr)] {
        let path = case.join(file);
        if path.exists() || !answer.is_empty() {
            let expected = Data::read_from(&path, Some(DataFormat::Text)).raw();
            let assert = snapbox::Assert::new().action_env("SNAPSHOTS");
            let outcome = assert.try_eq(Some(&file), Data::text(answer), expected);
            differences.extend(outcome.err().map(|error| error.to_string()));
        }
    }
    let expected: i32 = read("exit").map_or(0, |code| code.trim().parse().unwrap());
    if code != expected {
        differences.push(format!("it exits with {code}, not {expected}"));
    }
    let name = case.file_name().unwrap().to_string_lossy();
    (!differences.is_empty()).then(|| format!("{name}: {}", differences.join("\n")))
}

/// Copies a folder of a case, inner repositories before outer ones.
fn set_up(from: &Path, to: &str, sandbox: &Sandbox) {
    let mut mark = None;
    for entry in fs::read_dir(from).into_iter().flatten() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let inside = format!("{to}{name}");
        if path.is_dir() {
            set_up(&path, &format!("{inside}/"), sandbox);
        } else if name == ".repository" {
            mark = fs::read_to_string(path).ok();
        } else {
            sandbox.write(&inside, &fs::read_to_string(path).unwrap());
        }
    }
    let Some(mark) = mark else { return };
    sandbox.repository(to);
    for line in mark.lines() {
        let url = line.strip_prefix("remote ").expect("remote URL");
        sandbox.git(to, &["remote", "add", "origin", url]);
    }
}

/// Words between spaces; what stands between two `'` is part of one word.
pub(crate) fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for (number, part) in line.split('\'').enumerate() {
        let mut pieces = part.split(if number % 2 == 1 { '\'' } else { ' ' });
        let last = words.len() - 1;
        words[last].extend(pieces.next());
        words.extend(pieces.map(str::to_owned));
    }
    words
}

/// Releases change their number, and nothing else of the answers.
fn without_versions(text: &str) -> String {
    text.replace(
        &format!("\"{}\"", env!("CARGO_PKG_VERSION")),
        "\"[VERSION]\"",
    )
}
