//! `action.yml`.

use std::fs;

use regex::Regex;
use serde_json::{Value, json};

use super::runner::Job;
use super::shop::Shop;
use super::{assert_known, cargo_double, documents, file, keys};
use crate::sandbox::Sandbox;

fn job(shop: &Shop) -> Job<'_> {
    cargo_double(&shop.sandbox);
    Job::new(&shop.sandbox, "shop", json!({}))
}

#[test]
fn its_fields_are_those_of_github_and_its_scripts_have_no_expressions() {
    let action = documents(&file("action.yml")).remove(0);
    let top = [
        "name",
        "author",
        "description",
        "branding",
        "inputs",
        "outputs",
        "runs",
    ];
    assert_known(&action, &top);
    for name in keys(&action["inputs"]) {
        assert_known(
            &action["inputs"][name],
            &["description", "required", "default"],
        );
        assert!(action["inputs"][name]["default"].is_string(), "{name}");
    }
    for name in keys(&action["outputs"]) {
        assert_eq!(keys(&action["outputs"][name]), ["description", "value"]);
    }
    assert_known(&action["runs"], &["using", "steps"]);
    assert_eq!(action["runs"]["using"], "composite");
    let pinned = Regex::new("^[a-z-]+(/[a-z-]+)+@[0-9a-f]{40}$").unwrap();
    for step in action["runs"]["steps"].as_array().unwrap() {
        assert_known(
            step,
            &[
                "id",
                "if",
                "uses",
                "with",
                "run",
                "shell",
                "env",
                "working-directory",
            ],
        );
        match (step["uses"].as_str(), step["run"].as_str()) {
            (Some(uses), None) => assert!(pinned.is_match(uses), "{uses}"),
            (None, Some(script)) => {
                assert_eq!(step["shell"], "bash");
                assert!(!script.contains("${{"), "{script}");
            }
            _ => panic!("neither an action nor a script: {step}"),
        }
    }
}

#[test]
fn a_good_pull_request_passes_and_the_summary_says_so() {
    let shop = Shop::with_good_branch();
    let mut job = job(&shop);
    let outputs = job.action(&[]);
    assert_eq!(job.code(), 0, "{}{}", job.stdout(), job.stderr());
    assert_eq!(outputs, json!({"exit-code": "0", "sarif-file": ""}));
    assert!(!job.stdout().contains("::error"), "{}", job.stdout());
    assert!(
        job.summary
            .starts_with("**devportal** checked 2 entities in 1 repository"),
        "{}",
        job.summary
    );
}

#[test]
fn a_bad_pull_request_fails_with_annotations_a_summary_and_results_for_code_scanning() {
    let shop = Shop::with_bad_branch();
    let mut job = job(&shop);
    let outputs = job.action(&[("upload-sarif", "true")]);
    assert_eq!(outputs["exit-code"], "1", "{}", job.stderr());
    assert_eq!(job.code(), 1);
    let annotation = "::error file=broken/catalog-info.yaml,line=";
    assert!(job.stdout().contains(annotation), "{}", job.stdout());
    let row = "| error | `yaml-syntax` | `broken/catalog-info.yaml:";
    assert!(job.summary.contains(row), "{}", job.summary);
    let (uses, with) = job.used.last().unwrap();
    assert!(
        uses.starts_with("github/codeql-action/upload-sarif@"),
        "{uses}"
    );
    assert_eq!(with["sarif_file"], outputs["sarif-file"]);
    let sarif = fs::read_to_string(outputs["sarif-file"].as_str().unwrap()).unwrap();
    let sarif: Value = serde_json::from_str(&sarif).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert!(
        results
            .iter()
            .any(|result| result["ruleId"] == "yaml-syntax"),
        "{sarif}"
    );
}

#[test]
fn rules_that_begin_to_fail_fail_a_pull_request() {
    let run = |shop: &Shop| {
        let mut job = job(shop);
        let arguments = format!("--only-changed\n{}\n--fail-under\nbronze\n", shop.base);
        job.action(&[("command", "score"), ("arguments", &arguments)]);
        (
            job.code(),
            job.stdout(),
            job.summary,
            job.runs.pop().unwrap().stderr,
        )
    };
    let good = run(&Shop::with_good_branch());
    assert_eq!(good.0, 0, "{good:?}");
    assert!(!good.1.contains("::error"), "{good:?}");
    let bad = run(&Shop::with_bad_branch());
    assert_eq!(bad.0, 1, "{bad:?}");
    let annotation = "::error file=catalog-info.yaml,line=12,";
    assert!(
        bad.1.contains(annotation) && bad.1.contains("README of 20 lines"),
        "{bad:?}"
    );
    assert!(
        bad.2
            .contains("| component:shop | Documentation | Bronze | failed | README of 20 lines |"),
        "{}",
        bad.2
    );
}

#[test]
fn the_program_is_built_from_the_action_once_and_is_on_the_path_of_later_steps() {
    let shop = Shop::with_good_branch();
    let mut job = job(&shop);
    let outputs = job.action(&[("command", "")]);
    assert_eq!(outputs["exit-code"], "");
    job.steps(&json!([{"run": "devportal check"}]));
    assert_eq!(job.code(), 0, "{}", job.stderr());
    // The same commit of the action again: what was built is there.
    job.action(&[]);
    let log = fs::read_to_string(shop.sandbox.root().join("cargo.log")).unwrap();
    let calls: Vec<&str> = log.lines().collect();
    assert_eq!(calls.len(), 1, "{log}");
    let from = format!("--path {}", env!("CARGO_MANIFEST_DIR"));
    assert!(calls[0].starts_with("install --locked --root "), "{log}");
    assert!(calls[0].ends_with(&from), "{log}");
    let cached = job
        .used
        .iter()
        .find(|(uses, _)| uses.starts_with("actions/cache@"));
    let folder = cached.unwrap().1["path"].as_str().unwrap();
    assert!(calls[0].contains(folder), "{log}");

    let commit = "0123456789abcdef0123456789abcdef01234567";
    for (version, option) in [(commit, "--rev"), ("v1.0.0", "--tag")] {
        job.action(&[("command", ""), ("version", version)]);
        let log = fs::read_to_string(shop.sandbox.root().join("cargo.log")).unwrap();
        let source = format!("--git https://github.com/devportal/devportal {option} {version}");
        assert!(log.lines().last().unwrap().ends_with(&source), "{log}");
    }
}

#[test]
fn what_inputs_say_is_never_run() {
    let evil =
        "$(touch pwned) `touch pwned`; touch pwned #\n\"; touch pwned; \"\n'; touch pwned; '";
    let words = "check $(touch pwned) ; touch pwned";
    for (input, value, code) in [
        ("arguments", evil, 2),
        ("command", words, 2),
        ("version", "v1;touch pwned", 2),
        ("version", "--config=x", 2),
        ("step-summary", "true; touch pwned", 0),
        ("upload-sarif", "$(touch pwned)", 0),
        ("sarif-file", "x$(touch pwned).sarif", 0),
    ] {
        let shop = Shop::with_good_branch();
        let mut job = job(&shop);
        job.action(&[(input, value)]);
        assert_eq!(job.code(), code, "{input}: {}", job.stderr());
        let pwned = walkdir::WalkDir::new(shop.sandbox.root().parent().unwrap())
            .into_iter()
            .any(|entry| entry.unwrap().file_name() == "pwned");
        assert!(!pwned, "{input}");
    }
}

#[test]
fn what_cannot_be_written_as_sarif_is_refused() {
    let shop = Shop::with_good_branch();
    for inputs in [
        [("command", "find"), ("sarif-file", "x.sarif")],
        [("arguments", "--format\njson"), ("sarif-file", "x.sarif")],
    ] {
        let mut job = job(&shop);
        job.action(&inputs);
        assert_eq!(job.code(), 2);
        assert!(
            job.stdout().contains("::error::SARIF is for"),
            "{}",
            job.stdout()
        );
    }
    let mut job = job(&shop);
    job.action(&[
        ("command", "find"),
        ("arguments", "kind:group\n--format\nname"),
    ]);
    assert_eq!(
        (job.code(), job.stdout().as_str()),
        (0, "group:default/shop-team\n")
    );
}

#[test]
fn a_query_that_leaves_an_owner_out_is_no_format() {
    let shop = Shop::with_bad_branch();
    let other = "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: other}\n\
                 spec: {type: team, children: []}\n";
    shop.sandbox.write("shop/other/catalog-info.yaml", other);
    let mut job = job(&shop);
    let arguments = "-owner:other\n--fail-under\nbronze";
    job.action(&[("command", "score"), ("arguments", arguments)]);
    assert_eq!(job.code(), 1, "{}", job.stderr());
    assert!(
        job.stdout().starts_with("::error file="),
        "{}",
        job.stdout()
    );
}

#[test]
fn a_machine_without_rust_is_told_so() {
    let sandbox = Sandbox::new();
    sandbox.write("shop/README.md", "# Shop\n");
    sandbox.repository("shop");
    super::double(&sandbox, "command-not-found", "");
    let mut job = Job::new(&sandbox, "shop", json!({}));
    // Of the programs of this machine only those that the script needs.
    let script = documents(&file("action.yml")).remove(0);
    let install = script["runs"]["steps"][2]["run"]
        .as_str()
        .unwrap()
        .to_owned();
    let without = format!("command() {{ return 1; }}\n{install}");
    let folder = sandbox.root().join("nothing").display().to_string();
    job.steps(
        &json!([{"run": without, "shell": "bash", "env": {"FOLDER": folder, "VERSION": ""}}]),
    );
    assert_eq!(job.code(), 2);
    assert!(job.stdout().contains("set up Rust"), "{}", job.stdout());
}
