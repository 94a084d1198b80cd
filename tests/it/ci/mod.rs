//! What users of CI copy or include: the action, the hooks of pre-commit, the jobs of GitLab and
//! the workflows of the golden path. Their files are read, and their scripts run with the program.

mod action;
mod gitlab;
mod hooks;
mod recipes;
mod runner;
mod shop;

use std::fs;
use std::path::Path;
use std::process::Command;

use devportal::yaml;
use serde_json::Value;

use crate::sandbox::Sandbox;

/// A file of the project.
fn file(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The documents of a YAML file, without a mistake in it.
fn documents(text: &str) -> Vec<Value> {
    let documents = yaml::parse(text).into_iter();
    documents
        .map(|document| {
            assert!(document.problems.is_empty(), "{:?}", document.problems);
            document.tree.unwrap().root().unwrap().to_json()
        })
        .collect()
}

/// The names of an object.
fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

/// Every name of an object is one that its format knows.
fn assert_known(value: &Value, known: &[&str]) {
    for key in keys(value) {
        assert!(known.contains(&key), "\"{key}\" is not known in {value}");
    }
}

/// A shell of CI in a folder, which has no author of commits, and searches for doubles first.
fn shell(sandbox: &Sandbox, folder: &str) -> Command {
    let before = std::env::var("PATH").unwrap();
    let doubles = sandbox.root().join("doubles");
    let mut command = sandbox.command("bash", folder);
    for role in ["AUTHOR", "COMMITTER"] {
        command
            .env_remove(format!("GIT_{role}_NAME"))
            .env_remove(format!("GIT_{role}_EMAIL"));
    }
    command
        .env("PATH", format!("{}:{before}", doubles.display()))
        .env("GIT_CONFIG_GLOBAL", sandbox.root().join("../gitconfig"));
    command
}

/// Programs of a workspace that stand for others, in a folder that is searched first.
fn double(sandbox: &Sandbox, name: &str, script: &str) {
    use std::os::unix::fs::PermissionsExt;
    let path = format!("doubles/{name}");
    sandbox.write(&path, &format!("#!/usr/bin/env bash\n{script}"));
    let path = sandbox.root().join(path);
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// `cargo`, which says how it was called, and installs the program that is tested.
fn cargo_double(sandbox: &Sandbox) {
    let program = env!("CARGO_BIN_EXE_devportal");
    let script = format!(
        "echo \"$*\" >> \"{}/cargo.log\"\n\
         while [ \"$1\" != --root ]; do shift; done\n\
         mkdir -p \"$2/bin\"\n\
         ln -sf \"{program}\" \"$2/bin/devportal\"\n",
        sandbox.root().display()
    );
    double(sandbox, "cargo", &script);
}
