//! A collector program that misbehaves, and what it may know.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::fact_collect::{collect, configure, facts, failures, workspace};
use crate::sandbox::{Run, Sandbox};

/// A workspace with a program as its source, and further settings of it.
fn with_program(script: &str, settings: &str) -> Sandbox {
    let sandbox = workspace(&[("payments", &[("own/id", "; rm -rf / $(id)\n-x")])]);
    let path = sandbox.root().join("../collector");
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    let path = path.to_str().unwrap();
    configure(
        &sandbox,
        &format!("sources: {{own: {{type: program, command: [{path}, --json], {settings}}}}}\n"),
    );
    sandbox
}

fn run(sandbox: &Sandbox) -> Run {
    Run::of(&mut collect(sandbox, &["--trust", "--json"]))
}

const FACT: &str =
    r#"echo '{"name": "cost.month", "value": 7.5, "dimensions": {"environment": "production"}}'"#;

#[test]
fn a_program_runs_with_trust_alone() {
    let sandbox = with_program(FACT, "");
    let refused = Run::of(&mut collect(&sandbox, &[]));
    assert_eq!(refused.code, 4, "{refused:?}");
    assert!(
        refused.stderr.contains("--trust lets it run"),
        "{refused:?}"
    );
    let run = run(&sandbox);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(
        facts(&run, "own"),
        ["component:default/payments cost.month{\"environment\":\"production\"} 7.5"]
    );
}

/// F06: every way to fail has its words, and the fact stays unknown.
#[test]
fn f06_programs_that_fail_are_told_apart() {
    for (script, words) in [
        (
            "echo 'no \u{1b}[2Jlicence' >&2; exit 1",
            "it ended with exit status: 1: no \u{1b}[2Jlicence",
        ),
        ("kill -9 $$", "it ended with signal: 9"),
        (
            "sleep 60 & sleep 60",
            "it took more than 1 seconds, and was ended",
        ),
        (
            "head -c 2000000 /dev/zero",
            "it printed more than 1048576 bytes",
        ),
        ("printf '\\377\\376'", "its output is no UTF-8 text"),
        ("echo hello", "line 1 of its output is no fact"),
        (
            r#"echo '{"name": "cost.moth", "value": 1}'"#,
            "fact \"cost.moth\" is not declared",
        ),
        (
            r#"echo '{"name": "cost.month", "value": "\u001b[2J"}'"#,
            "is not what it is declared to be",
        ),
    ] {
        let sandbox = with_program(script, "seconds: 1");
        let started = Instant::now();
        let run = run(&sandbox);
        assert!(started.elapsed() < Duration::from_secs(30), "{script}");
        assert_eq!(run.code, 3, "{run:?}");
        assert!(
            failures(&run, "own")[0].contains(words),
            "{script}: {run:?}"
        );
        assert!(facts(&run, "own").is_empty(), "{run:?}");
        let shown = Run::of(&mut collect(&sandbox, &["--trust"]));
        assert!(
            !format!("{}{}", shown.stdout, shown.stderr).contains('\u{1b}'),
            "{shown:?}"
        );
    }
}

/// F06: one that is not there, or cannot be run.
#[test]
fn f06_programs_that_are_none_are_told() {
    let sandbox = workspace(&[("payments", &[])]);
    for (command, words) in [
        (
            "no-such-collector",
            "there is no program \"no-such-collector\"",
        ),
        ("./collector", "there is no program \"./collector\""),
        ("/no/such/collector", "it cannot be started"),
        ("/etc/passwd", "it cannot be started"),
    ] {
        configure(
            &sandbox,
            &format!("sources: {{own: {{type: program, command: [{command}]}}}}\n"),
        );
        let run = run(&sandbox);
        assert!(run.code >= 3, "{run:?}");
        assert!(
            format!("{}{}", run.stdout, run.stderr).contains(words),
            "{words}: {run:?}"
        );
    }
}

/// F06: a child that keeps the output does not keep us.
#[test]
fn f06_a_child_that_stays_is_not_waited_for() {
    let sandbox = with_program(&format!("{FACT}\nsleep 60 &"), "");
    let started = Instant::now();
    let run = run(&sandbox);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(started.elapsed() < Duration::from_secs(30));
}

/// F07: what an entity says arrives as JSON, and nothing of the environment does but what the user
/// lists.
#[test]
fn f07_entities_arrive_as_data_and_the_environment_stays_outside() {
    let script = "cat > \"$HOME/input\"; env > \"$HOME/environment\"; echo \"$@\" > \"$HOME/arguments\"; pwd > \"$HOME/folder\"";
    let sandbox = with_program(script, "variables: [OWN_TOKEN]");
    let mut command = collect(&sandbox, &["--trust"]);
    let run = Run::of(
        command
            .env("OWN_TOKEN", "0wn-t0ken")
            .env("PAGERDUTY_TOKEN", "other-secret")
            .env("PATH", format!(".::bin:{}", std::env::var("PATH").unwrap())),
    );
    assert_eq!(run.code, 0, "{run:?}");
    let home = sandbox.root().join("../home");
    let read = |name: &str| fs::read_to_string(home.join(name)).unwrap();
    let entity: serde_json::Value = serde_json::from_str(&read("input")).unwrap();
    assert_eq!(entity["ref"], "component:default/payments");
    assert_eq!(
        entity["annotations"]["own/id"],
        json!("; rm -rf / $(id)\n-x")
    );
    assert_eq!(read("arguments"), "--json\n");
    let environment = read("environment");
    assert!(environment.contains("OWN_TOKEN=0wn-t0ken"), "{environment}");
    assert!(
        !environment.contains("other-secret") && !environment.contains("GIT_"),
        "{environment}"
    );
    // F09: no folder of PATH depends on where one stands, and the program stands in no scanned one.
    let path = environment
        .lines()
        .find(|line| line.starts_with("PATH="))
        .unwrap();
    assert!(
        path["PATH=".len()..]
            .split(':')
            .all(|folder| folder.starts_with('/')),
        "{path}"
    );
    assert!(!read("folder").contains("workspace"), "{}", read("folder"));
}

/// F09: a program in the scanned folder is never taken for one of the machine.
#[test]
fn f09_programs_of_the_workspace_are_not_found() {
    let sandbox = workspace(&[("payments", &[("pagerduty.com/service-id", "X")])]);
    sandbox.write("pass", "#!/bin/sh\ntouch PWNED\n");
    let path = sandbox.root().join("pass");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    configure(
        &sandbox,
        "sources: {pagerduty: {token-command: [pass, show]}, own: {type: program, command: [pass]}}\n",
    );
    let mut command = collect(&sandbox, &["--trust"]);
    let run = Run::of(command.env("PATH", ".::/usr/bin:/bin"));
    assert_eq!(run.code, 4, "{run:?}");
    assert!(!sandbox.root().join("PWNED").exists());
}
