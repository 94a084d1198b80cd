//! Nobody is called but by "facts collect" and "show --refresh": a portal that is asked about a
//! company tells nobody.

use std::fs;
use std::process::{Command, Stdio};

use super::scaffold_faults::has_strace;
use crate::fact_doubles::larkspur::Larkspur;
use crate::sandbox::Sandbox;

/// Everything that looks, and everything that writes into this machine alone.
const COMMANDS: [&[&str]; 33] = [
    &["find"],
    &["find", "owner:payments"],
    &["find", "fact.vulnerability.critical:>0"],
    &["find", "--columns", "fact.availability"],
    &["show", "payments-api"],
    &["show", "payment-gateway", "--json"],
    &["show", "refunds", "--at", "2026-03-31"],
    &["facts", "list"],
    &["facts", "show", "payments-api"],
    &["facts", "show", "payments-api", "--history"],
    &["facts", "import", "--entity", "payments-api", "junit.xml"],
    &["facts", "compact"],
    &["facts", "collect", "--dry-run"],
    &["check"],
    &["check", "--format", "sarif"],
    &["export", "entities"],
    &["export", "relations", "--format", "csv"],
    &["tree"],
    &["graph", "payments-api"],
    &["graph", "impact", "payments-api"],
    &["graph", "cycles"],
    &["graph", "critical"],
    &["impact", "payments-api"],
    &["owner", "payments"],
    &["docs", "payment-gateway"],
    &["api", "payments-api"],
    &["config", "show"],
    &["cache", "status"],
    &["schema"],
    &["explain", "dependency-cycle"],
    &["template", "list"],
    &[
        "new",
        "rust-service",
        "made",
        "--defaults",
        "--set",
        "name=made",
        "--set",
        "owner=payments",
    ],
    &["help", "find"],
];

/// The calls of a command that reach another machine, or would.
fn calls(sandbox: &Sandbox, servers: &Larkspur, arguments: &[&str]) -> Vec<String> {
    let trace = sandbox.root().join("trace");
    let mut command: Command = sandbox.command("strace", "larkspur");
    command
        .args(["-f", "-qq", "-o"])
        .arg(&trace)
        .args(["-e", "trace=network", env!("CARGO_BIN_EXE_devportal")])
        .args(arguments)
        .stdin(Stdio::null());
    servers.known_to(&mut command);
    let output = command.output().unwrap();
    let code = output.status.code();
    assert!(matches!(code, Some(0 | 1)), "{arguments:?}: {output:?}");
    let trace = fs::read_to_string(trace).unwrap();
    let outside = trace.lines().filter(|line| line.contains("AF_INET"));
    outside.map(str::to_owned).collect()
}

#[test]
fn only_those_who_ask_for_it_reach_the_network() {
    if !has_strace() {
        return;
    }
    let sandbox = Sandbox::new();
    let made = sandbox.devportal("", &["demo", "larkspur"]);
    assert_eq!(made.code, 0, "{made:?}");
    sandbox.write(
        "larkspur/junit.xml",
        "<testsuites><testsuite name=\"x\" tests=\"1\"><testcase name=\"y\"/></testsuite></testsuites>",
    );
    let servers = Larkspur::new();
    for arguments in COMMANDS {
        let calls = calls(&sandbox, &servers, arguments);
        assert!(calls.is_empty(), "{arguments:?}: {calls:?}");
    }
    assert_eq!(servers.requests(), [0; 4]);
    // What is watched would be seen.
    for arguments in [
        ["show", "payments-api", "--refresh"],
        ["facts", "collect", "payments-api"],
    ] {
        let calls = calls(&sandbox, &servers, &arguments);
        assert!(!calls.is_empty(), "{arguments:?}");
    }
}
