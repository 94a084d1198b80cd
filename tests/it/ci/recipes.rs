//! The workflows that the golden path of a catalog brings, run as they are.

use std::fs;

use regex::Regex;
use serde_json::{Value, json};

use super::gitlab::Pipeline;
use super::runner::Job;
use super::{assert_known, cargo_double, documents, double, keys};
use crate::sandbox::Sandbox;

/// `gh`, for which a folder beside the workspace is the organisation.
const GH: &str = r#"case "$1 $2" in
  "repo list") ls "$FORGE" | sed 's/\.git$//' ;;
  "repo clone") git clone --quiet "$FORGE/${3#*/}.git" "$4" ;;
  *) echo "gh: $*" >&2; exit 1 ;;
esac
"#;

/// `curl`, for which it is the group of GitLab.
const CURL: &str = r#"url=${!#}
case "$url" in
  "$CI_API_V4_URL/groups/7/projects?"*"&page=1")
    printf '['
    for name in catalog orders; do printf '{"id":1,"http_url_to_repo":"%s"},' "$FORGE/$name.git"; done
    printf '{}]'
    ;;
  *"&page=2") echo '[]' ;;
  *) exit 22 ;;
esac
"#;

/// A forge with the catalog and a service, and a clone of the catalog.
fn organisation(ci: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    let make = |template: &str, path: &str, answers: &[&str]| {
        let ci = format!("ci={ci}");
        let mut arguments = vec!["new", template, path, "--defaults"];
        for answer in [ci.as_str(), "organization=acme"].iter().chain(answers) {
            arguments.extend(["--set", answer]);
        }
        let run = sandbox.devportal("", &arguments);
        assert_eq!(run.code, 0, "{run:?}");
    };
    make(
        "catalog-repository",
        "made/catalog",
        &["owner=group:default/platform"],
    );
    make(
        "python-service",
        "made/orders",
        &["name=orders", "owner=group:default/product"],
    );
    fs::create_dir_all(sandbox.root().join("forge")).unwrap();
    for name in ["catalog", "orders"] {
        let (from, to) = (format!("made/{name}"), format!("forge/{name}.git"));
        sandbox.git("", &["clone", "--quiet", "--bare", &from, &to]);
    }
    fs::remove_dir_all(sandbox.root().join("made")).unwrap();
    fs::create_dir_all(sandbox.root().join("work")).unwrap();
    sandbox.git(
        "",
        &["clone", "--quiet", "forge/catalog.git", "work/catalog"],
    );
    double(&sandbox, "gh", &with_forge(&sandbox, GH));
    double(&sandbox, "curl", &with_forge(&sandbox, CURL));
    cargo_double(&sandbox);
    sandbox
}

fn with_forge(sandbox: &Sandbox, script: &str) -> String {
    let forge = sandbox.root().join("forge");
    format!("FORGE={}\n{script}", forge.display())
}

/// The program, which collects nothing, because there is no network, and leaves a file as if it had.
fn without_network(sandbox: &Sandbox) {
    let program = env!("CARGO_BIN_EXE_devportal");
    let script = format!(
        "if [ \"$1 $2\" = \"facts collect\" ]; then\n\
         mkdir -p facts/github && touch facts/github/seen\n\
         exec \"{program}\" \"$@\" --dry-run\nfi\nexec \"{program}\" \"$@\"\n"
    );
    double(sandbox, "devportal-without-network", &script);
    let cargo = format!(
        "while [ \"$1\" != --root ]; do shift; done\nmkdir -p \"$2/bin\"\n\
         ln -sf {}/doubles/devportal-without-network \"$2/bin/devportal\"\n",
        sandbox.root().display()
    );
    double(sandbox, "cargo", &cargo);
}

/// The only job of a workflow of the catalog.
fn workflow(sandbox: &Sandbox, name: &str) -> Value {
    let path = format!("work/catalog/.github/workflows/{name}.yml");
    only_job(&fs::read_to_string(sandbox.root().join(path)).unwrap())
}

fn only_job(text: &str) -> Value {
    let workflow = documents(text).remove(0);
    assert_known(
        &workflow,
        &["name", "on", "permissions", "concurrency", "jobs"],
    );
    let jobs = workflow["jobs"].as_object().unwrap();
    assert_eq!(jobs.len(), 1, "{jobs:?}");
    let job = jobs.values().next().unwrap();
    assert_known(
        job,
        &["runs-on", "timeout-minutes", "permissions", "env", "steps"],
    );
    for step in job["steps"].as_array().unwrap() {
        assert_known(step, &["name", "if", "uses", "with", "env", "run"]);
        let script = step["run"].as_str().unwrap_or_default();
        assert!(!script.contains("${{"), "{script}");
    }
    job.clone()
}

fn job<'a>(sandbox: &'a Sandbox, event: &str) -> Job<'a> {
    let github = json!({"event_name": event, "repository_owner": "acme"});
    Job::new(sandbox, "work/catalog", github)
}

/// The workflow that is written in the documentation, for the repositories of components.
#[test]
fn a_component_is_asked_what_it_makes_worse() {
    let sandbox = organisation("github");
    let page = sandbox
        .root()
        .join("work/catalog/docs/bring-a-repository-in.md");
    let page = fs::read_to_string(page).unwrap();
    let (_, text) = page.split_once("```yaml\nname: Catalog\n").unwrap();
    let (text, _) = text.split_once("```").unwrap();
    let workflow = only_job(&format!("name: Catalog\n{text}"));
    sandbox.git("", &["clone", "--quiet", "forge/orders.git", "work/orders"]);
    fs::remove_dir_all(sandbox.root().join("work/catalog")).unwrap();
    let descriptor = "work/orders/catalog-info.yaml";
    let text = fs::read_to_string(sandbox.root().join(descriptor)).unwrap();
    let broken = text.replace("lifecycle:", "lifecylce:");
    // What was wrong before is no fault of the pull request.
    sandbox.write(descriptor, &broken);
    sandbox.commit_on("2026-01-16", "work/orders");
    sandbox.git("work/orders", &["push", "--quiet"]);
    let run = || {
        let mut job = Job::new(&sandbox, "work/orders", json!({}));
        job.run(&workflow);
        (job.code(), job.stdout(), job.stderr())
    };
    let good = run();
    assert_eq!(good.0, 0, "{good:?}");
    sandbox.write(
        descriptor,
        &broken.replace("  name: orders", "  name: or ders"),
    );
    let bad = run();
    assert_eq!(bad.0, 1, "{bad:?}");
    assert!(
        bad.1.contains("::error file=catalog-info.yaml,line="),
        "{bad:?}"
    );
}

/// The last commit of the catalog on the forge, and the files that it changed.
fn pushed(sandbox: &Sandbox) -> String {
    let show = ["show", "--stat", "--format=%an: %s", "main"];
    sandbox.git("forge/catalog.git", &show)
}

#[test]
fn a_pull_request_is_checked_and_may_not_make_anything_worse() {
    let sandbox = organisation("github");
    let workflow = workflow(&sandbox, "catalog");
    let mut good = job(&sandbox, "pull_request");
    good.run(&workflow);
    assert_eq!(good.code(), 0, "{}{}", good.stdout(), good.stderr());
    assert_eq!(good.runs.len(), 6, "all steps but those of others");
    let uploads = |job: &Job<'_>| {
        let mut used = job.used.iter();
        used.any(|(uses, _)| uses.starts_with("github/codeql-action/upload-sarif@"))
    };
    assert!(uploads(&good));

    let descriptor = "work/catalog/catalog-info.yaml";
    let text = fs::read_to_string(sandbox.root().join(descriptor)).unwrap();
    let description = Regex::new("(?m)^  description: .*\n").unwrap();
    let text = description
        .replace_all(&text, "")
        .replace("lifecycle:", "lifecylce:");
    sandbox.write(descriptor, &text);
    sandbox.commit_on("2026-01-16", "work/catalog");
    let mut bad = job(&sandbox, "pull_request");
    bad.run(&workflow);
    assert_eq!(bad.code(), 1, "{}{}", bad.stdout(), bad.stderr());
    let codes: Vec<i32> = bad.runs.iter().map(|run| run.code).collect();
    // To build, to check, golden paths, cases, and the rule about the description.
    assert_eq!(codes, [0, 0, 1, 0, 0, 1], "{}", bad.stderr());
    assert!(uploads(&bad));
    let annotation = "::error file=catalog-info.yaml,line=18,col=9,endLine=18,endColumn=16,\
                      title=scorecard-rule::\"It says in a sentence what it is for\"";
    assert!(bad.stdout().contains(annotation), "{}", bad.stdout());
    let unknown = "::warning file=catalog-info.yaml,line=";
    assert!(bad.stdout().contains(unknown), "{}", bad.stdout());
    assert!(bad.summary.contains("did you mean"), "{}", bad.summary);
    assert!(
        bad.summary
            .contains("| component:catalog | Conventions | Bronze | failed |"),
        "{}",
        bad.summary
    );

    let mut push = job(&sandbox, "push");
    push.run(&workflow);
    assert_eq!(push.runs.len(), 5, "nothing is compared on main");
}

#[test]
fn a_night_collects_facts_of_the_whole_organisation_and_commits_them() {
    let sandbox = organisation("github");
    without_network(&sandbox);
    let workflow = workflow(&sandbox, "facts");
    let mut night = job(&sandbox, "schedule");
    night.run(&workflow);
    assert_eq!(night.code(), 0, "{}{}", night.stdout(), night.stderr());
    assert!(
        sandbox
            .root()
            .join("work/orders/catalog-info.yaml")
            .exists()
    );
    let pushed = pushed(&sandbox);
    assert!(
        pushed.starts_with("github-actions[bot]: Facts of 20"),
        "{pushed}"
    );
    assert!(pushed.contains(" facts/github/seen "), "{pushed}");
    // A night on which nothing changed commits nothing.
    let before = sandbox.git("forge/catalog.git", &["rev-parse", "main"]);
    let mut night = job(&sandbox, "schedule");
    night.run(&workflow);
    assert_eq!(night.code(), 0, "{}{}", night.stdout(), night.stderr());
    assert_eq!(
        before,
        sandbox.git("forge/catalog.git", &["rev-parse", "main"])
    );
}

#[test]
fn a_month_records_levels_and_writes_reports() {
    let sandbox = organisation("github");
    let mut month = job(&sandbox, "schedule");
    month.run(&workflow(&sandbox, "maturity"));
    assert_eq!(month.code(), 0, "{}{}", month.stdout(), month.stderr());
    assert!(
        month.summary.contains("| component:orders | product |"),
        "{}",
        month.summary
    );
    let pushed = pushed(&sandbox);
    assert!(
        pushed.starts_with("github-actions[bot]: Maturity on 20"),
        "{pushed}"
    );
    for file in [
        "-monthly.jsonl",
        "reports/ownership.md",
        "reports/health.md",
        "reports/support.md",
    ] {
        assert!(pushed.contains(file), "{pushed}");
    }
    let ledger = sandbox.devportal("work/catalog", &["facts", "show", "orders", "--json"]);
    assert!(ledger.stdout.contains("score.level"), "{}", ledger.stdout);
}

#[test]
fn the_pipelines_of_gitlab_do_the_same() {
    let sandbox = organisation("gitlab");
    let read = || fs::read_to_string(sandbox.root().join("work/catalog/.gitlab-ci.yml")).unwrap();
    let pipeline = Pipeline::read(&read());
    let base = sandbox.git("work/catalog", &["rev-parse", "HEAD"]);
    let url = sandbox.root().join("forge/catalog").display().to_string();
    let predefined = [
        ("CI_MERGE_REQUEST_DIFF_BASE_SHA", base.trim()),
        ("CI_PROJECT_URL", url.as_str()),
        ("CI_DEFAULT_BRANCH", "main"),
        ("CI_API_V4_URL", "https://gitlab.example.com/api/v4"),
        ("CI_PROJECT_NAMESPACE_ID", "7"),
        ("GITLAB_USER_NAME", "Robot"),
        ("GITLAB_USER_EMAIL", "robot@example.com"),
        ("PORTAL_TOKEN", "hunter-twelve"),
    ];
    let run = |name: &str| pipeline.run(name, &sandbox, "work/catalog", &predefined);
    for name in ["check", "score"] {
        let run = run(name);
        assert_eq!(run.code, 0, "{name}: {run:?}");
    }
    without_network(&sandbox);
    for (name, subject) in [
        ("facts", "Robot: Facts of 20"),
        ("maturity", "Robot: Maturity on 20"),
    ] {
        fs::remove_dir_all(sandbox.root().join("work/catalog/.devportal-program")).unwrap();
        let run = run(name);
        assert_eq!(run.code, 0, "{name}: {run:?}");
        assert!(
            sandbox
                .root()
                .join("work/orders/catalog-info.yaml")
                .exists()
        );
        let pushed = pushed(&sandbox);
        assert!(pushed.starts_with(subject), "{pushed}");
        assert!(!pushed.contains(".devportal-program"), "{pushed}");
    }
    let text = fs::read_to_string(sandbox.root().join("work/catalog/catalog-info.yaml")).unwrap();
    let description = Regex::new("(?m)^  description: .*\n").unwrap();
    sandbox.write(
        "work/catalog/catalog-info.yaml",
        &description.replace_all(&text, ""),
    );
    let score = run("score");
    assert_eq!(score.code, 1, "{score:?}");
    assert!(score.stdout.contains("It says in a sentence"), "{score:?}");
    assert_eq!(
        keys(&pipeline.keyword("check", "artifacts")),
        ["when", "reports"]
    );
}
