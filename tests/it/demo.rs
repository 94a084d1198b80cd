//! The sample organisation: the same everywhere, clean, and with exactly the mistakes that the
//! README shows.

use std::collections::BTreeMap;

use crate::sandbox::{Sandbox, folders};

fn demo() -> Sandbox {
    let sandbox = Sandbox::new();
    let run = sandbox.devportal("", &["demo", "larkspur"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    sandbox
}

/// Repository → the id of its last commit.
fn heads(sandbox: &Sandbox) -> BTreeMap<String, String> {
    let names = folders(&sandbox.root().join("larkspur"));
    let head = |name: String| {
        let id = sandbox.git(&format!("larkspur/{name}"), &["rev-parse", "HEAD"]);
        (name, id)
    };
    names.into_iter().map(head).collect()
}

#[test]
fn the_sample_is_the_same_every_time_and_its_work_trees_are_clean() {
    let (first, second) = (demo(), demo());
    let heads_of_first = heads(&first);
    assert!(heads_of_first.len() > 5);
    assert_eq!(heads_of_first, heads(&second));
    for name in heads_of_first.keys() {
        let status = first.git(&format!("larkspur/{name}"), &["status", "--porcelain"]);
        assert_eq!(status, "", "{name} is clean");
    }
}

#[test]
fn the_sample_is_never_written_over_something_else() {
    let sandbox = Sandbox::new();
    sandbox.write("larkspur/notes.txt", "mine");
    let run = sandbox.devportal("", &["demo", "larkspur"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("\"larkspur\" exists already"));
    let left = std::fs::read_to_string(sandbox.root().join("larkspur/notes.txt")).unwrap();
    assert_eq!(left, "mine");
    assert_eq!(folders(&sandbox.root()), ["larkspur"]);
}

#[test]
fn a_sample_inside_of_another_repository_shows_nothing_of_that() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "around/catalog-info.yaml",
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: foreign}\n\
         spec: {type: service, lifecycle: production, owner: me}\n",
    );
    sandbox.repository("around");
    let run = sandbox.devportal("around", &["demo", "larkspur"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let found = |folder: &str| sandbox.devportal(folder, &["find", "name:foreign"]).code;
    assert_eq!(found("around"), 0);
    assert_eq!(found("around/larkspur"), 1);
    assert_eq!(found("around/larkspur/payments"), 1);
}

#[test]
fn the_sample_has_a_past_and_the_mistakes_that_it_shows() {
    const MISTAKES: [&str; 10] = [
        "annotation-not-string",
        "api-without-consumers",
        "dangling-reference",
        "dependency-cycle",
        "deprecated-in-use",
        "duplicate-entity",
        "link-not-http",
        "missing-field",
        "missing-owner",
        "unknown-field",
    ];
    let sandbox = demo();
    let run = sandbox.devportal("larkspur", &["check", "--json"]);
    assert_eq!(run.code, 1);
    let report = run.json();
    let findings = report["findings"].as_array().unwrap();
    let mut codes: Vec<&str> = findings
        .iter()
        .map(|finding| finding["code"].as_str().unwrap())
        .collect();
    codes.sort_unstable();
    assert_eq!(codes, MISTAKES);
    assert_eq!(report["complete"], true);

    let owner = |arguments: &[&str]| {
        let run = sandbox.devportal("larkspur", &[&["show", "--json"], arguments].concat());
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.json()["entity"]["owner"].clone()
    };
    let then = owner(&["component:refunds", "--at", "2026-03-31"]);
    assert_eq!(then, "group:default/fulfilment");
    assert_eq!(owner(&["component:refunds"]), "group:default/payments");
}
