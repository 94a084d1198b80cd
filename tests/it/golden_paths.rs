//! The golden paths that are shipped: what they make is in order, and its own tests pass.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::sandbox::{Run, Sandbox, folders};

/// The golden paths that make a component which somebody owns.
const OF_COMPONENTS: [&str; 5] = [
    "documentation-site",
    "node-service",
    "python-service",
    "rust-service",
    "terraform-module",
];

/// The one that makes the catalog itself.
const OF_CATALOG: &str = "catalog-repository";

/// A workspace whose catalog has a team and a system.
fn workspace_with_team() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(
        "organisation/catalog-info.yaml",
        "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: team-a}\n\
         spec: {type: team, children: []}\n---\n\
         apiVersion: backstage.io/v1alpha1\nkind: System\nmetadata: {name: checkout}\n\
         spec: {owner: team-a}\n",
    );
    sandbox.repository("organisation");
    sandbox
}

/// Runs a golden path into the workspace, as a job of CI does, and returns what it said.
fn make(sandbox: &Sandbox, template: &str, name: &str, answers: &[&str]) -> Run {
    let root = sandbox.root();
    let destination = root.join(name);
    let mut arguments = vec!["-C", root.to_str().unwrap(), "new", template];
    arguments.extend([destination.to_str().unwrap(), "--defaults"]);
    let name = format!("name={name}");
    arguments.extend(["--set", &name, "--set", "owner=group:default/team-a"]);
    for answer in answers {
        arguments.extend(["--set", answer]);
    }
    let run = sandbox.devportal(".", &arguments);
    assert!(run.code == 0, "{template} {answers:?}: {}", run.stderr);
    run
}

/// What was made is one commit with nothing left over, has no expression that was not rendered,
/// and is in the catalog, in which everything is in order.
fn assert_sound(sandbox: &Sandbox, template: &str, name: &str) {
    assert_eq!(sandbox.git(name, &["rev-list", "--count", "--all"]), "1\n");
    assert_eq!(sandbox.git(name, &["status", "--porcelain"]), "");
    let unrendered: Vec<PathBuf> = files_below(&sandbox.root().join(name))
        .into_iter()
        .filter(|path| !may_have_expressions(path))
        .filter(|path| {
            let text = fs::read_to_string(path).unwrap();
            ["{{", "{%", "%}"].iter().any(|mark| text.contains(mark))
        })
        .collect();
    assert!(unrendered.is_empty(), "{template}: {unrendered:?}");
    let check = sandbox.devportal(".", &["check", "--strict"]);
    assert!(check.code == 0, "{template}: {}", check.stdout);
    let find = sandbox.devportal(".", &["find", &format!("name:{name}"), "-o", "name"]);
    let reference = format!("component:default/{name}");
    assert!(
        find.stdout.lines().any(|line| line == reference),
        "{template}: {find:?}"
    );
}

#[test]
fn lint_finds_nothing_in_them() {
    let sandbox = Sandbox::new();
    let mut arguments = vec!["template", "lint", "--fail-on", "note", OF_CATALOG];
    arguments.extend(OF_COMPONENTS);
    let run = sandbox.devportal(".", &arguments);
    assert!(run.code == 0, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("6 templates"), "{}", run.stdout);
}

/// Workflows have expressions of GitHub; the catalog repository has a golden path of its own.
fn may_have_expressions(path: &Path) -> bool {
    path.components().any(|part| {
        let part = part.as_os_str();
        part == "workflows" || part == "templates"
    })
}

/// The files below a folder, without Git's own.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if !path.is_dir() {
            files.push(path);
        } else if !path.ends_with(".git") {
            files.extend(files_below(&path));
        }
    }
    files
}

/// Runs a program in what was made, and returns whether it is there.
///
/// # Panics
/// When it fails, and on CI when it is missing.
fn passes(command: &mut Command) -> bool {
    let output = match command.output() {
        Ok(output) => output,
        Err(error) => {
            assert!(env::var_os("CI").is_none(), "{command:?}: {error}");
            return false;
        }
    };
    assert!(
        output.status.success(),
        "{command:?}\n{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    true
}

#[expect(clippy::print_stderr, reason = "a test that did not run should say so")]
fn was_not_run(program: &str) {
    eprintln!("{program} is missing: the tests of what was made were not run");
}

#[test]
fn every_golden_path_is_tested_here() {
    let templates = folders(&Path::new(env!("CARGO_MANIFEST_DIR")).join("templates"));
    let mut tested = vec![OF_CATALOG.to_owned()];
    tested.extend(OF_COMPONENTS.map(str::to_owned));
    assert_eq!(templates, tested);
}

#[test]
fn components_are_in_order() {
    let sandbox = workspace_with_team();
    for template in OF_COMPONENTS {
        make(&sandbox, template, template, &[]);
        assert_sound(&sandbox, template, template);
        let made = sandbox.root().join(template);
        assert!(made.join("LICENSE").exists(), "{template}");
        assert!(made.join(".github/workflows/ci.yml").exists(), "{template}");
        assert!(!made.join(".gitlab-ci.yml").exists(), "{template}");
    }
}

#[test]
fn answers_decide_what_is_written() {
    let sandbox = workspace_with_team();
    for template in OF_COMPONENTS {
        let gitlab = ["ci=gitlab", "organization=acme/shop", "system=checkout"];
        let answers = [
            &gitlab[..],
            &["license=none", "description=A \"b\": {c} # d"],
        ]
        .concat();
        make(&sandbox, template, template, &answers);
        assert_sound(&sandbox, template, template);
        let made = sandbox.root().join(template);
        assert!(!made.join("LICENSE").exists(), "{template}");
        assert!(!made.join(".github").exists(), "{template}");
        assert!(made.join(".gitlab-ci.yml").exists(), "{template}");
        let owners = fs::read_to_string(made.join("CODEOWNERS")).unwrap();
        assert!(owners.contains("\n*  @acme/shop/team-a\n"), "{owners}");
        let entity = sandbox.devportal(".", &["show", template, "--json"]).stdout;
        assert!(entity.contains("gitlab.com/project-slug"), "{entity}");
        assert!(entity.contains("A \\\"b\\\": {c} # d"), "{entity}");
        assert!(entity.contains("system:default/checkout"), "{entity}");
    }
}

#[test]
fn providers_of_terraform_have_their_own_files() {
    let sandbox = workspace_with_team();
    for provider in ["aws", "google", "azurerm"] {
        let answer = format!("provider={provider}");
        make(&sandbox, "terraform-module", provider, &[&answer]);
        assert_sound(&sandbox, "terraform-module", provider);
        let versions = sandbox.root().join(provider).join("versions.tf");
        let versions = fs::read_to_string(versions).unwrap();
        let source = format!("\"hashicorp/{provider}\"");
        assert!(versions.contains(&source), "{versions}");
    }
}

#[test]
fn the_catalog_repository_stands_alone_and_has_a_golden_path() {
    let sandbox = Sandbox::new();
    let teams = ["teams=[\"payments\", \"orders\"]", "domains=[]"];
    make(&sandbox, OF_CATALOG, "catalog", &teams);
    assert_sound(&sandbox, OF_CATALOG, "catalog");
    let groups = sandbox.devportal("catalog", &["find", "kind:group", "-o", "name"]);
    for group in ["organisation", "team-a", "payments", "orders"] {
        let reference = format!("group:default/{group}");
        assert!(groups.stdout.contains(&reference), "{groups:?}");
    }
    make(&sandbox, "./catalog/templates/repository", "library", &[]);
    assert_sound(&sandbox, "repository", "library");
}

#[test]
fn the_rust_service_builds_without_a_network_and_passes_its_tests() {
    let sandbox = workspace_with_team();
    make(&sandbox, "rust-service", "orders", &[]);
    let cargo = env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let command = |arguments: &[&str]| {
        let mut command = sandbox.command(&cargo, "orders");
        command
            .args(arguments)
            .env("CARGO_TARGET_DIR", sandbox.root().join("target"))
            // Half of the time would go into what only a debugger needs.
            .env("CARGO_PROFILE_DEV_DEBUG", "0");
        for name in ["HOME", "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN"] {
            if let Some(value) = env::var_os(name) {
                command.env(name, value);
            }
        }
        command
    };
    assert!(passes(&mut command(&["fmt", "--check"])));
    assert!(passes(&mut command(&["test", "--offline"])));
    let left = sandbox.git("orders", &["status", "--porcelain"]);
    assert_eq!(left, "?? Cargo.lock\n", "the lock file is to be committed");
}

#[test]
fn the_node_service_passes_its_tests() {
    let sandbox = workspace_with_team();
    make(&sandbox, "node-service", "shop", &[]);
    if !passes(sandbox.command("node", "shop").arg("--test")) {
        return was_not_run("node");
    }
    assert_eq!(sandbox.git("shop", &["status", "--porcelain"]), "");
}

#[test]
fn the_python_service_passes_its_tests() {
    let sandbox = workspace_with_team();
    make(&sandbox, "python-service", "mail", &[]);
    let arguments = ["-m", "unittest", "discover", "-s", "tests"];
    if !passes(sandbox.command("python3", "mail").args(arguments)) {
        return was_not_run("python3");
    }
    assert_eq!(sandbox.git("mail", &["status", "--porcelain"]), "");
}

#[test]
fn licences_are_the_same_in_every_golden_path() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for licence in ["Apache-2.0", "MIT"] {
        let name = format!("${{{{ 'LICENSE' if values.license == '{licence}' }}}}");
        let texts = folders(&root.join("templates"))
            .into_iter()
            .map(|template| {
                let skeleton = root.join("templates").join(template).join("skeleton");
                fs::read_to_string(skeleton.join(&name)).unwrap()
            });
        let mut texts: Vec<String> = texts.collect();
        texts.dedup();
        assert_eq!(texts.len(), 1, "{licence}");
    }
}
