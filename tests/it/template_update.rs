//! Repositories that golden paths made follow their templates, and keep what was done by hand.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use super::sandbox::{Run, Sandbox};

const TEMPLATE: &str = "apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: {name: service}
spec:
  type: service
  parameters:
    - properties:
        name: {type: string, default: shop}
  steps:
    - id: render
      action: fetch:template
      input: {url: ./skeleton, values: {name: '${{ parameters.name }}'}}
";

const README: &str = "# ${{ values.name }}\n\none\ntwo\nthree\nfour\nfive\n";

/// A workspace with a template in a repository, as its first version is.
fn workspace() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(
        "golden/catalog-info.yaml",
        "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {name: golden}\n\
         spec: {targets: [./service/template.yaml]}\n",
    );
    sandbox.write("golden/service/template.yaml", TEMPLATE);
    sandbox.write("golden/service/skeleton/README.md", README);
    sandbox.write("golden/service/skeleton/same.txt", "same\n");
    sandbox.write("golden/service/skeleton/gone.txt", "gone\n");
    sandbox.write("golden/service/skeleton/unwanted.txt", "old\n");
    sandbox.repository("golden");
    sandbox
}

/// Makes a repository of the first version, and works on it.
fn make(sandbox: &Sandbox) {
    let made = sandbox.devportal(".", &["new", "service", "made", "--defaults"]);
    assert_eq!(made.code, 0, "{made:?}");
    let readme = text(sandbox, "README.md").replace("five", "five by hand");
    sandbox.write("made/README.md", &readme);
    fs::remove_file(sandbox.root().join("made/unwanted.txt")).unwrap();
    sandbox.write("made/own.txt", "own\n");
    sandbox.commit_on("2026-01-16", "made");
}

/// The second version of the template.
fn change_template(sandbox: &Sandbox) {
    let readme = README.replace("one", "one of version 2");
    sandbox.write("golden/service/skeleton/README.md", &readme);
    sandbox.write(
        "golden/service/skeleton/new.txt",
        "for ${{ values.name }}\n",
    );
    sandbox.write("golden/service/skeleton/unwanted.txt", "new\n");
    fs::remove_file(sandbox.root().join("golden/service/skeleton/gone.txt")).unwrap();
}

fn text(sandbox: &Sandbox, path: &str) -> String {
    fs::read_to_string(sandbox.root().join("made").join(path)).unwrap()
}

fn status(sandbox: &Sandbox) -> serde_json::Value {
    let run = sandbox.devportal(".", &["template", "status", "--format", "json"]);
    run.json()["repositories"][0].clone()
}

fn update(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    sandbox.devportal(".", &[&["template", "update", "made"], arguments].concat())
}

/// Asserts that the changes of the second version are there beside those made by hand.
fn assert_merged(sandbox: &Sandbox) {
    assert_eq!(
        text(sandbox, "README.md"),
        "# shop\n\none of version 2\ntwo\nthree\nfour\nfive by hand\n"
    );
    assert_eq!(text(sandbox, "new.txt"), "for shop\n");
    assert_eq!(text(sandbox, "own.txt"), "own\n");
    let made = sandbox.root().join("made");
    assert!(!made.join("gone.txt").exists());
    assert!(!made.join("unwanted.txt").exists());
}

#[test]
fn changes_of_the_template_are_merged_into_those_made_by_hand() {
    for remote in [None, Some("git@github.com:acme/golden.git")] {
        let sandbox = workspace();
        if let Some(remote) = remote {
            sandbox.git("golden", &["remote", "add", "origin", remote]);
        }
        make(&sandbox);
        let row = status(&sandbox);
        assert_eq!(row["status"], "up-to-date", "{row}");
        assert_eq!(row["behind"], 0, "{row}");
        change_template(&sandbox);
        sandbox.commit_on("2026-01-17", "golden");
        let row = status(&sandbox);
        assert_eq!(row["status"], "outdated", "{row}");
        assert_eq!(row["behind"], 1, "{row}");
        let run = update(&sandbox, &["--format", "json"]);
        // "unwanted.txt" was removed here and changed there, which somebody should know.
        assert_eq!(run.code, 1, "{run:?}");
        let updated = &run.json()["repositories"][0];
        assert!(updated["twoSided"].is_null(), "{updated}");
        assert_merged(&sandbox);
        sandbox.commit_on("2026-01-18", "made");
        let again = update(&sandbox, &[]);
        assert_eq!(again.code, 0, "{again:?}");
        assert_eq!(sandbox.git("made", &["status", "--porcelain"]), "");
        assert_eq!(status(&sandbox)["status"], "up-to-date");
    }
}

#[test]
fn changes_in_the_same_place_are_marked() {
    let sandbox = workspace();
    make(&sandbox);
    let readme = README.replace("five", "five of version 2");
    sandbox.write("golden/service/skeleton/README.md", &readme);
    sandbox.commit_on("2026-01-17", "golden");
    let run = update(&sandbox, &[]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.contains("README.md"), "{run:?}");
    assert_eq!(
        text(&sandbox, "README.md"),
        "# shop\n\none\ntwo\nthree\nfour\n<<<<<<< this repository\nfive by hand\n=======\n\
         five of version 2\n>>>>>>> template service\n"
    );
    // The next one waits until somebody has decided.
    let again = update(&sandbox, &[]);
    assert_eq!(again.code, 2, "{again:?}");
    assert!(again.stderr.contains("not committed"), "{again:?}");
}

#[test]
fn a_dry_run_prints_a_patch_that_git_takes() {
    let sandbox = workspace();
    make(&sandbox);
    change_template(&sandbox);
    sandbox.commit_on("2026-01-17", "golden");
    let run = update(&sandbox, &["--dry-run"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert_eq!(sandbox.git("made", &["status", "--porcelain"]), "");
    for arguments in [&["apply", "--check"][..], &["apply"]] {
        let mut git = sandbox.command("git", "made");
        let mut git = git.args(arguments).stdin(Stdio::piped()).spawn().unwrap();
        let mut stdin = git.stdin.take().unwrap();
        stdin.write_all(run.stdout.as_bytes()).unwrap();
        drop(stdin);
        assert!(git.wait().unwrap().success(), "{}", run.stdout);
    }
    assert_merged(&sandbox);
    let json = update(&sandbox, &["--dry-run", "--format", "json"]).json();
    assert!(json["repositories"][0]["patch"].is_string(), "{json}");
}

#[test]
fn a_template_that_is_not_committed_is_followed_from_the_first_commit() {
    let sandbox = workspace();
    let readme = README.replace("two", "two, not committed");
    sandbox.write("golden/service/skeleton/README.md", &readme);
    make(&sandbox);
    change_template(&sandbox);
    let run = update(&sandbox, &[]);
    assert_eq!(run.code, 1, "{run:?}");
    assert_merged(&sandbox);
}

#[test]
fn a_template_of_a_folder_without_git_is_named_where_it_cannot_be_found() {
    let sandbox = Sandbox::new();
    sandbox.write("plain/template.yaml", TEMPLATE);
    sandbox.write("plain/skeleton/README.md", README);
    let new = ["new", "./plain", "made", "--defaults"];
    assert_eq!(sandbox.devportal(".", &new).code, 0);
    let run = update(&sandbox, &[]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("not in sight"), "{run:?}");
    let run = sandbox.devportal(".", &["template", "status"]);
    assert_eq!(run.code, 3, "{run:?}");
}

#[test]
fn a_template_of_the_binary_is_followed_from_the_first_commit() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "organisation/catalog-info.yaml",
        "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: team-a}\n\
         spec: {type: team, children: []}\n",
    );
    let owner = ["--set", "name=made", "--set", "owner=group:default/team-a"];
    let new = [
        &["new", "documentation-site", "made", "--defaults"],
        &owner[..],
    ]
    .concat();
    let run = sandbox.devportal(".", &new);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(status(&sandbox)["status"], "up-to-date");
    // As an earlier version of the binary would have made it.
    let today = text(&sandbox, "README.md");
    let then = format!("{today}\nas it was then\n");
    let lock = text(&sandbox, ".devportal/template.lock.yaml");
    let hash = |text: &str| devportal::scaffold::lock::hash_bytes(text.as_bytes());
    assert!(lock.contains(&hash(&today)), "{lock}");
    sandbox.write("made/README.md", &then);
    let lock = lock.replace(&hash(&today), &hash(&then));
    sandbox.write("made/.devportal/template.lock.yaml", &lock);
    sandbox.git(
        "made",
        &["commit", "--quiet", "--all", "--amend", "--no-edit"],
    );
    let by_hand = then.replacen("# ", "# Our ", 1);
    sandbox.write("made/README.md", &by_hand);
    sandbox.commit_on("2026-01-16", "made");
    let run = update(&sandbox, &[]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(
        text(&sandbox, "README.md"),
        today.replacen("# ", "# Our ", 1)
    );
    // A rendering that no commit has: only two sides are left, and that is said.
    sandbox.commit_on("2026-01-17", "made");
    let lock = text(&sandbox, ".devportal/template.lock.yaml");
    let lock = lock.replace(&hash(&today), &hash("gone"));
    sandbox.write("made/.devportal/template.lock.yaml", &lock);
    sandbox.commit_on("2026-01-18", "made");
    let run = update(&sandbox, &[]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.contains("not known of README.md"), "{run:?}");
    assert!(text(&sandbox, "README.md").contains("<<<<<<< "));
}

#[test]
fn new_questions_are_asked_on_the_command_line() {
    let sandbox = workspace();
    make(&sandbox);
    let template = TEMPLATE.replace(
        "        name:",
        "        port: {type: number}\n        name:",
    );
    let template = template.replace(
        "    - properties",
        "    - required: [port]\n      properties",
    );
    let template = template.replace("values: {", "values: {port: '${{ parameters.port }}', ");
    sandbox.write("golden/service/template.yaml", &template);
    sandbox.write("golden/service/skeleton/port.txt", "${{ values.port }}\n");
    sandbox.commit_on("2026-01-17", "golden");
    let run = update(&sandbox, &[]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("port"), "{run:?}");
    let run = update(&sandbox, &["--set", "port=8080"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(text(&sandbox, "port.txt"), "8080\n");
    let lock = text(&sandbox, ".devportal/template.lock.yaml");
    assert!(lock.contains("port: 8080"), "{lock}");
}

#[test]
fn a_dirty_tree_is_not_touched() {
    for path in ["README.md", "same.txt", "own.txt"] {
        let sandbox = workspace();
        make(&sandbox);
        change_template(&sandbox);
        sandbox.commit_on("2026-01-17", "golden");
        sandbox.write(&format!("made/{path}"), "not committed\n");
        let run = update(&sandbox, &[]);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains("not committed"), "{run:?}");
        let changed = sandbox.git("made", &["status", "--porcelain"]);
        assert_eq!(changed, format!(" M {path}\n"));
        // The patch can be looked at all the same.
        assert_eq!(update(&sandbox, &["--dry-run"]).code, 1);
    }
    // A file that Git does not know would be lost for good.
    let sandbox = workspace();
    make(&sandbox);
    change_template(&sandbox);
    sandbox.commit_on("2026-01-17", "golden");
    sandbox.write("made/new.txt", "nobody has a copy\n");
    let run = update(&sandbox, &[]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("new.txt"), "{run:?}");
    assert_eq!(text(&sandbox, "new.txt"), "nobody has a copy\n");
}
