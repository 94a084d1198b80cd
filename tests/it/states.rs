//! Which state of a repository is read: work trees, branches, commits, and repositories that Git
//! keeps in unusual ways.

use std::fs;

use crate::sandbox::{Run, Sandbox};

/// A descriptor of one component.
fn component(name: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {name}\nspec:\n  \
         type: service\n  lifecycle: production\n  owner: payments\n"
    )
}

/// A workspace with one repository, `pay`, that declares the component `pay`.
fn pay() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("pay/catalog-info.yaml", &component("pay"));
    sandbox.repository("pay");
    sandbox
}

/// The names of the components that a run from a folder finds.
fn names(sandbox: &Sandbox, folder: &str, arguments: &[&str]) -> Vec<String> {
    let run = sandbox.devportal(folder, &[&["find", "-o", "name"], arguments].concat());
    assert!(run.code <= 1, "{run:?}");
    let lines = run.stdout.lines();
    lines
        .map(|line| line.trim_start_matches("component:default/").to_owned())
        .collect()
}

/// The messages of the findings of one code.
fn messages(sandbox: &Sandbox, folder: &str, code: &str) -> Vec<String> {
    let report = sandbox
        .devportal(folder, &["check", "--json", "--select", code])
        .json();
    let findings = report["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|finding| finding["message"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn of_a_feature_branch_the_tip_of_main_is_read_unless_one_stands_in_it() {
    let sandbox = pay();
    sandbox.git("pay", &["checkout", "--quiet", "-b", "feature"]);
    sandbox.write("pay/catalog-info.yaml", &component("pay-next"));
    sandbox.commit_on("2026-01-16", "pay");
    assert_eq!(names(&sandbox, "", &[]), ["pay"]);
    assert_eq!(names(&sandbox, "pay", &[]), ["pay-next"]);
    assert_eq!(names(&sandbox, "pay", &["--at", "default"]), ["pay"]);
}

#[test]
fn of_a_detached_head_the_tip_of_main_is_read() {
    let sandbox = pay();
    sandbox.write("pay/catalog-info.yaml", &component("pay-next"));
    sandbox.commit_on("2026-01-16", "pay");
    sandbox.git("pay", &["checkout", "--quiet", "--detach", "HEAD~1"]);
    assert_eq!(names(&sandbox, "", &[]), ["pay-next"]);
    assert_eq!(names(&sandbox, "pay", &[]), ["pay"]);
}

#[test]
fn uncommitted_edits_of_main_count() {
    let sandbox = pay();
    sandbox.write("pay/catalog-info.yaml", &component("pay-edited"));
    assert_eq!(names(&sandbox, "", &[]), ["pay-edited"]);
    assert_eq!(names(&sandbox, "", &["--at", "default"]), ["pay"]);
    fs::remove_file(sandbox.root().join("pay/catalog-info.yaml")).unwrap();
    assert!(names(&sandbox, "", &[]).is_empty());
}

#[test]
fn untracked_descriptors_count_at_the_root_and_where_one_stands() {
    let sandbox = Sandbox::new();
    for (repository, ignored) in [("pay", ""), ("web", "catalog-info.yaml\n")] {
        sandbox.write(&format!("{repository}/.gitignore"), ignored);
        sandbox.repository(repository);
        let at_root = format!("{repository}/catalog-info.yaml");
        sandbox.write(&at_root, &component(repository));
        let below = format!("{repository}/api/catalog-info.yaml");
        sandbox.write(&below, &component(&format!("{repository}-api")));
    }
    assert_eq!(names(&sandbox, "", &[]), ["pay"]);
    assert_eq!(names(&sandbox, "pay", &[]), ["pay", "pay-api"]);
    assert!(names(&sandbox, "web", &[]).is_empty());
}

#[test]
fn a_bare_repository_is_read_at_its_tip() {
    let sandbox = pay();
    sandbox.git("", &["clone", "--quiet", "--bare", "pay", "mirror.git"]);
    fs::remove_dir_all(sandbox.root().join("pay")).unwrap();
    assert_eq!(names(&sandbox, "", &[]), ["pay"]);
}

#[test]
fn a_linked_work_tree_is_its_repository_a_second_time() {
    let sandbox = pay();
    let add = ["worktree", "add", "--quiet", "-b", "feature", "../feature"];
    sandbox.git("pay", &add);
    assert_eq!(names(&sandbox, "", &[]), ["pay"]);
    assert_eq!(
        messages(&sandbox, "", "repository-twice"),
        ["repository \"feature\" was already found in \"pay\""]
    );
    assert!(messages(&sandbox, "", "duplicate-entity").is_empty());
    assert_eq!(names(&sandbox, "feature", &[]), ["pay"]);
}

#[test]
fn two_clones_of_one_remote_are_one_repository() {
    let sandbox = pay();
    sandbox.git("", &["clone", "--quiet", "pay", "pay-again"]);
    for (folder, url) in [
        ("pay", "git@github.com:acme/pay.git"),
        ("pay-again", "https://github.com/acme/pay"),
    ] {
        sandbox.git(folder, &["config", "remote.origin.url", url]);
    }
    assert_eq!(names(&sandbox, "", &[]), ["pay"]);
    assert_eq!(
        messages(&sandbox, "", "repository-twice"),
        ["repository \"github.com/acme/pay\" was already found in \"pay\""]
    );
}

#[test]
fn a_submodule_is_a_repository_of_its_own() {
    let sandbox = pay();
    sandbox.write("shop/catalog-info.yaml", &component("shop"));
    sandbox.repository("shop");
    sandbox.git(
        "shop",
        &["submodule", "--quiet", "add", "../pay", "libs/pay"],
    );
    sandbox.commit_on("2026-01-16", "shop");
    fs::remove_dir_all(sandbox.root().join("pay")).unwrap();
    let entities = sandbox.devportal("", &["export", "entities"]).json_lines();
    let repositories: Vec<&str> = entities
        .iter()
        .map(|entity| entity["path"].as_str().unwrap())
        .collect();
    assert_eq!(
        repositories,
        ["shop/libs/pay/catalog-info.yaml", "shop/catalog-info.yaml"]
    );
    assert_ne!(entities[0]["repository"], entities[1]["repository"]);
}

#[test]
fn what_a_sparse_checkout_leaves_out_is_read_from_git() {
    let sandbox = pay();
    sandbox.write("pay/api/catalog-info.yaml", &component("pay-api"));
    sandbox.commit_on("2026-01-16", "pay");
    let only_root = ["sparse-checkout", "set", "--no-cone", "/catalog-info.yaml"];
    sandbox.git("pay", &only_root);
    assert!(!sandbox.root().join("pay/api").exists());
    assert_eq!(names(&sandbox, "", &[]), ["pay", "pay-api"]);
}

#[test]
fn an_index_that_libgit2_cannot_read_hides_nothing() {
    let sandbox = pay();
    sandbox.write("pay/left/catalog-info.yaml", &component("left"));
    sandbox.write("pay/kept/catalog-info.yaml", &component("kept"));
    sandbox.git("pay", &["add", "-A"]);
    sandbox.git("pay", &["commit", "-q", "-m", "more"]);
    sandbox.git("pay", &["update-index", "--split-index"]);
    sandbox.git("pay", &["rm", "-q", "--cached", "kept/catalog-info.yaml"]);
    sandbox.git("pay", &["add", "kept/catalog-info.yaml"]);
    assert_eq!(names(&sandbox, "", &[]), ["kept", "left", "pay"]);

    sandbox.git("pay", &["update-index", "--no-split-index"]);
    let cone = ["sparse-checkout", "set", "--cone", "--sparse-index", "kept"];
    sandbox.git("pay", &cone);
    assert!(!sandbox.root().join("pay/left").exists());
    assert_eq!(names(&sandbox, "", &[]), ["kept", "left", "pay"]);
}

#[test]
fn the_past_is_read_by_date_by_revision_and_by_tag() {
    let sandbox = pay();
    sandbox.git("pay", &["tag", "v1"]);
    sandbox.write("pay/catalog-info.yaml", &component("pay-later"));
    sandbox.commit_on("2026-03-01", "pay");
    sandbox.git("pay", &["checkout", "--quiet", "-b", "feature"]);
    assert_eq!(names(&sandbox, "", &["--at", "2026-01-15"]), ["pay"]);
    assert_eq!(names(&sandbox, "", &["--at", "2026-02-28"]), ["pay"]);
    assert_eq!(names(&sandbox, "", &["--at", "2026-03-01"]), ["pay-later"]);
    assert_eq!(
        names(&sandbox, "", &["--at", "2026-03-01T11:59:59Z"]),
        ["pay"]
    );
    assert_eq!(names(&sandbox, "", &["--at", "main~1"]), ["pay"]);
    assert_eq!(names(&sandbox, "", &["--at", "v1"]), ["pay"]);
    let before = sandbox.devportal("", &["find", "--at", "2025-12-31"]);
    assert_eq!(before.code, 1);
    assert_eq!(before.stderr, "there were no entities here then\n");
}

#[test]
fn history_that_a_shallow_clone_lacks_is_not_in_sight() {
    let sandbox = pay();
    sandbox.write("pay/catalog-info.yaml", &component("pay-later"));
    sandbox.commit_on("2026-03-01", "pay");
    let origin = format!("file://{}", sandbox.root().join("pay").display());
    let clone = ["clone", "--quiet", "--depth=1", &origin, "shallow"];
    sandbox.git("", &clone);
    fs::remove_dir_all(sandbox.root().join("pay")).unwrap();
    assert_eq!(names(&sandbox, "", &["--at", "2026-03-01"]), ["pay-later"]);
    let Run {
        code,
        stderr,
        stdout,
    } = sandbox.devportal("", &["find", "--at", "2026-02-01"]);
    assert_eq!((code, stdout.as_str()), (3, ""));
    assert!(stderr.contains("its history is shallow"), "{stderr}");
}

#[test]
fn formats_that_cannot_be_read_yet_still_give_their_descriptors() {
    for format in ["--object-format=sha256", "--ref-format=reftable"] {
        let sandbox = Sandbox::new();
        sandbox.write("pay/catalog-info.yaml", &component("pay"));
        let init = ["init", "--quiet", "--initial-branch=main", format];
        let understood = sandbox.command("git", "pay").args(init).output().unwrap();
        if !understood.status.success() {
            continue;
        }
        sandbox.commit_on("2026-01-15", "pay");
        sandbox.git("pay", &["checkout", "--quiet", "-b", "feature"]);
        assert_eq!(names(&sandbox, "", &[]), ["pay"], "{format}");
        let notes = messages(&sandbox, "", "git-unavailable").join("\n");
        assert!(
            notes.contains("its work tree is read instead of its default branch"),
            "{format}: {notes}"
        );
        let past = sandbox.devportal("", &["find", "--at", "2026-01-15"]);
        assert_eq!(past.code, 3, "{format}: {past:?}");
        assert!(
            past.stderr.contains("Git's data of repository \"pay\""),
            "{format}: {}",
            past.stderr
        );
    }
}

#[test]
fn a_repository_without_a_commit_has_what_is_at_its_root() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.root().join("new")).unwrap();
    sandbox.git("new", &["init", "--quiet", "--initial-branch=main"]);
    let run = sandbox.devportal("", &["check"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    sandbox.write("new/catalog-info.yaml", &component("new"));
    assert_eq!(names(&sandbox, "", &[]), ["new"]);
    assert!(names(&sandbox, "", &["--at", "2026-01-15"]).is_empty());
}

#[test]
fn folders_without_git_are_walked() {
    let sandbox = Sandbox::new();
    sandbox.write("pay/catalog-info.yaml", &component("pay"));
    sandbox.write("pay/deep/er/catalog-info.yaml", &component("deeper"));
    sandbox.write("web/node_modules/x/catalog-info.yaml", &component("x"));
    assert_eq!(names(&sandbox, "", &[]), ["deeper", "pay"]);
    let past = sandbox.devportal("", &["find", "--at", "2026-01-15"]);
    assert_eq!(past.code, 3);
    assert!(
        past.stderr.contains("folder without Git"),
        "{}",
        past.stderr
    );
}

#[test]
fn show_names_the_last_change_of_the_descriptor_and_not_of_its_neighbours() {
    let sandbox = Sandbox::new();
    sandbox.write("shop/catalog-info.yaml", &component("shop"));
    sandbox.repository("shop");
    sandbox.write("shop/README.md", "later\n");
    sandbox.commit_on("2026-02-20", "shop");
    let changed = || sandbox.devportal("", &["show", "shop", "--json"]).json()["changed"].clone();
    let first = sandbox.git("shop", &["rev-parse", "HEAD~1"]);
    assert_eq!(changed()["commit"], first.trim());
    assert_eq!(changed()["date"], "2026-01-15");

    sandbox.write(
        "shop/catalog-info.yaml",
        &(component("shop") + "# edited\n"),
    );
    assert!(changed().is_null());
    let page = sandbox.devportal("", &["show", "shop"]).stdout;
    assert!(page.contains("not committed yet"), "{page}");

    let folder = sandbox.root().join("shop");
    let url = format!("file://{}", folder.display());
    sandbox.git("", &["clone", "--quiet", "--depth", "1", &url, "shallow"]);
    let run = sandbox.devportal("", &["-C", "shallow", "show", "shop", "--json"]);
    assert!(
        run.json()["changed"].is_null(),
        "a shallow clone has no past"
    );
}
