//! Ends in the middle, and disks that refuse: what the ledger had, it still has.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::scaffold_faults::has_strace;
use crate::sandbox::Sandbox;

/// The calls by which a ledger is written.
const CALLS: [&str; 9] = [
    "fdatasync",
    "flock",
    "ftruncate",
    "lseek",
    "mkdirat",
    "openat2",
    "renameat",
    "unlinkat",
    "write",
];
const FAULTS: [&str; 5] = [
    "error=ENOSPC",
    "signal=SIGKILL",
    "error=EIO",
    "error=EROFS",
    "error=EINTR",
];
/// So many places of a call are tried.
const PLACES: usize = 6;

const DESCRIPTOR: &str = "apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: api}
spec: {type: service, lifecycle: production, owner: shop}
";

/// A catalog repository with a day of ledger, and a file to import on the next.
fn catalog() -> (Sandbox, PathBuf) {
    let sandbox = Sandbox::new();
    sandbox.write("devportal.yaml", "organisation: shop\n");
    sandbox.write("catalog-info.yaml", DESCRIPTOR);
    sandbox.repository("");
    sandbox.write("facts.json", &facts(1));
    let folder = sandbox.root().join("facts/facts/2026-11");
    assert_eq!(
        Command::output(&mut import(&sandbox, &[]))
            .unwrap()
            .status
            .code(),
        Some(0)
    );
    sandbox.write("facts.json", &facts(2));
    (sandbox, folder)
}

fn facts(value: u32) -> String {
    let lines = ["vulnerability.high", "vulnerability.low"];
    let lines =
        lines.map(|fact| format!("{{\"entity\":\"api\",\"fact\":\"{fact}\",\"value\":{value}}}\n"));
    lines.concat()
}

/// An import of the file, under another program or not.
fn import(sandbox: &Sandbox, around: &[&str]) -> Command {
    let own = [
        env!("CARGO_BIN_EXE_devportal"),
        "facts",
        "import",
        "--format",
        "facts",
        "facts.json",
    ];
    let words: Vec<&str> = around.iter().copied().chain(own).collect();
    let mut command = sandbox.command(words[0], "");
    command
        .args(&words[1..])
        .env("DEVPORTAL_WRITER", "ci")
        .env("SOURCE_DATE_EPOCH", "1793534400");
    command
}

/// The one file of the ledger.
fn ledger(folder: &PathBuf) -> String {
    let files = fs::read_dir(folder).unwrap();
    let paths: BTreeSet<PathBuf> = files.map(|entry| entry.unwrap().path()).collect();
    let named: Vec<&PathBuf> = paths
        .iter()
        .filter(|path| path.extension().is_some_and(|it| it == "jsonl"))
        .collect();
    assert_eq!(named.len(), 1, "{paths:?}");
    fs::read_to_string(named[0]).unwrap()
}

#[test]
fn g02_g03_an_end_or_a_fault_at_any_call_loses_no_line() {
    if !has_strace() {
        return;
    }
    let (sandbox, folder) = catalog();
    let before = ledger(&folder);
    let path = folder.join(
        fs::read_dir(&folder)
            .unwrap()
            .next()
            .unwrap()
            .unwrap()
            .file_name(),
    );
    let mut number = 0;
    let mut disturbed = 0;
    for call in CALLS {
        for place in 1..=PLACES {
            fs::write(&path, &before).unwrap();
            let fault = FAULTS[number % FAULTS.len()];
            number += 1;
            let trace = format!("trace=?{call}");
            let inject = format!("inject=?{call}:{fault}:when={place}");
            let strace = [
                "strace",
                "-f",
                "-qq",
                "-o",
                "/dev/null",
                "-e",
                &trace,
                "-e",
                &inject,
            ];
            let run = import(&sandbox, &strace).output().unwrap();
            let stderr = String::from_utf8_lossy(&run.stderr);
            let about = format!("{inject}: {:?} {stderr}", run.status);
            let doubts_proc = stderr.contains("rustix-linux-procfs");
            assert!(doubts_proc || !stderr.contains("panicked"), "{about}");
            let after = ledger(&folder);
            assert!(after.starts_with(&before), "{about}: {after}");
            disturbed += usize::from(!run.status.success());
            if run.status.code() == Some(2) {
                assert_eq!(after, before, "{about}");
            }
            // The next run writes what is missing, on lines of its own, and waits for no lock.
            let next = import(&sandbox, &[]).output().unwrap();
            assert!(next.status.success(), "{about}: {next:?}");
            let whole = ledger(&folder);
            for fact in ["vulnerability.high", "vulnerability.low"] {
                let line = format!("\"fact\":\"{fact}\",\"value\":2,");
                let lines = whole
                    .lines()
                    .filter(|text| text.contains(&line) && text.ends_with('}'));
                assert_eq!(lines.count(), 1, "{about}: {whole}");
            }
        }
    }
    assert!(disturbed > 5, "{disturbed} of {number} ends were noticed");
}

#[test]
fn g03_a_full_disk_leaves_the_lines_that_were_there() {
    let (sandbox, _) = catalog();
    let line = |number: usize| {
        format!(
            "{{\"entity\":\"api\",\"fact\":\"availability\",\"value\":{number},\
             \"environment\":\"e{number}\"}}\n"
        )
    };
    let lines: Vec<String> = (0..2000).map(line).collect();
    let lines = lines.concat();
    sandbox.write("facts.json", &lines);
    fs::create_dir(sandbox.root().join("small")).unwrap();
    let script = "mount -t tmpfs -o size=64k none small || exit 77; cp -r devportal.yaml \
                  catalog-info.yaml facts small/; \"$@\" -C small > /dev/null 2> error; code=$?; cat error; \
                  diff -r -x .lock facts small/facts && exit $code; exit 78";
    let own = [
        env!("CARGO_BIN_EXE_devportal"),
        "facts",
        "import",
        "--format",
        "facts",
    ];
    let file = sandbox.root().join("facts.json");
    let mut command = import(&sandbox, &["unshare", "-m", "sh", "-c", script, "sh"]);
    let given: Vec<_> = command
        .get_envs()
        .map(|(name, value)| (name.to_owned(), value.map(ToOwned::to_owned)))
        .collect();
    command = Command::new("unshare");
    command
        .args(["-m", "sh", "-c", script, "sh"])
        .args(own)
        .arg(file)
        .current_dir(sandbox.root())
        .env_clear();
    for (name, value) in given {
        command.envs(value.map(|value| (name, value)));
    }
    let Ok(output) = command.output() else { return };
    let text = String::from_utf8_lossy(&output.stdout);
    match output.status.code() {
        // Only who may mount can try it.
        Some(77) => {}
        Some(1) if text.is_empty() => {}
        Some(2) => assert!(text.contains("No space left"), "{text}"),
        other => panic!("{other:?}: {text}"),
    }
}
