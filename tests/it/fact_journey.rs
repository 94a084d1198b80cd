//! From a fresh sample to a page that says everything: with all servers of the organisation, and
//! with servers that die halfway.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

use crate::fact_doubles::larkspur::{Larkspur, ON_CALL};
use crate::sandbox::{Run, Sandbox};

fn demo() -> Sandbox {
    let sandbox = Sandbox::new();
    let run = sandbox.devportal("", &["demo", "larkspur"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    sandbox
}

fn devportal(sandbox: &Sandbox, arguments: &[&str]) -> Command {
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_devportal"), "larkspur");
    command.args(arguments);
    command
}

fn run(sandbox: &Sandbox, servers: &Larkspur, arguments: &[&str]) -> Run {
    let mut command = devportal(sandbox, arguments);
    servers.known_to(&mut command);
    Run::of(&mut command)
}

#[test]
fn one_run_makes_the_page_of_an_api_say_everything() {
    let (sandbox, servers) = (demo(), Larkspur::new());
    let collected = run(&sandbox, &servers, &["facts", "collect"]);
    println!("{}\n{}", collected.stdout, collected.stderr);
    let page = sandbox.devportal("larkspur", &["show", "payments-api"]);
    println!("{}\n{}", page.stdout, page.stderr);
    println!("{:?}", servers.requests());
    let page = sandbox.devportal("larkspur", &["show", "payment-gateway"]);
    println!("{}\n{}", page.stdout, page.stderr);
    let page = run(&sandbox, &servers, &["show", "payments-api", "--refresh"]);
    println!("{}\n{}", page.stdout, page.stderr);
    panic!();
}
