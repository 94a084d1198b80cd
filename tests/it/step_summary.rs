//! `--step-summary`: the page of a step of GitHub Actions.

use std::fs;

use crate::sandbox::{Run, Sandbox};

fn workspace() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(
        "shop/catalog-info.yaml",
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: shop, description: Sells}\n\
         spec: {type: service, lifecycle: experimental, owner: '<img src=x>'}\n",
    );
    sandbox.repository("shop");
    sandbox
}

fn run(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_devportal"), "shop");
    command.env("GITHUB_STEP_SUMMARY", sandbox.root().join("summary.md"));
    Run::of(command.args(arguments))
}

fn summary(sandbox: &Sandbox) -> String {
    fs::read_to_string(sandbox.root().join("summary.md")).unwrap()
}

#[test]
fn answers_are_added_one_below_the_other_whatever_the_format_is() {
    let sandbox = workspace();
    let check = run(&sandbox, &["check", "--step-summary", "--format", "github"]);
    let without = run(&sandbox, &["check", "--format", "github"]);
    assert_eq!((check.code, &check.stdout), (without.code, &without.stdout));
    let score = run(&sandbox, &["score", "shop", "--step-summary", "--json"]);
    score.json();
    let by = run(
        &sandbox,
        &[
            "score",
            "--by",
            "owner",
            "--step-summary",
            "--format",
            "sarif",
        ],
    );
    by.json();
    let summary = summary(&sandbox);
    let places: Vec<usize> = ["**devportal** checked", "\n\n# shop", "\n\n| owner |"]
        .iter()
        .map(|part| {
            summary
                .find(part)
                .unwrap_or_else(|| panic!("{part}: {summary}"))
        })
        .collect();
    assert!(places.is_sorted(), "{summary}");
    assert!(!summary.contains("<img"), "{summary}");
}

#[test]
fn what_github_would_refuse_is_cut_and_says_so() {
    let sandbox = workspace();
    let limit = 1024 * 1024;
    let before = "x".repeat(limit - 600);
    sandbox.write("summary.md", &before);
    let cut = run(&sandbox, &["score", "--step-summary"]);
    assert!(
        cut.stderr.contains("the summary of the step was cut"),
        "{cut:?}"
    );
    let page = summary(&sandbox);
    assert!(page.len() <= limit, "{}", page.len());
    assert!(
        page.starts_with(&format!("{before}\n| entity |")),
        "{}",
        &page[before.len()..]
    );
    let end = "|\n\nThis page was cut here: GitHub shows 1 MiB of a step.\n";
    assert!(page.ends_with(end), "{}", &page[before.len()..]);
    // When there is no room at all, nothing is lost but the page.
    sandbox.write("summary.md", &"x".repeat(limit));
    let full = run(&sandbox, &["score", "--step-summary"]);
    assert_eq!((full.code, summary(&sandbox).len()), (cut.code, limit));
    assert_eq!(full.stdout, cut.stdout);
}

#[test]
fn outside_of_github_it_is_refused_before_anything_is_read() {
    let sandbox = workspace();
    for command in ["check", "score"] {
        let run = sandbox.devportal("shop", &[command, "--step-summary"]);
        let said = "error: --step-summary needs the variable GITHUB_STEP_SUMMARY, \
                    which a step of GitHub Actions has\n";
        assert_eq!(
            (run.code, run.stdout.as_str(), run.stderr.as_str()),
            (2, "", said)
        );
    }
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_devportal"), "shop");
    command.env("GITHUB_STEP_SUMMARY", sandbox.root());
    let run = Run::of(command.args(["check", "--step-summary"]));
    assert_eq!(run.code, 2, "{run:?}");
    assert!(
        run.stderr.contains("cannot write the summary of the step"),
        "{run:?}"
    );
}
