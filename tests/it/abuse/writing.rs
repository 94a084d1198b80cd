//! Output that cannot be written, and files that are written.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use super::workspace::{SECRET, Workspace, component, is_root};

#[test]
fn e12_a_reader_that_goes_away_ends_the_program_quietly() {
    let workspace = Workspace::new();
    let components = (0..3_000).map(|i| component(&format!("c{i}"), ""));
    let text = components.collect::<Vec<_>>().join("---\n");
    workspace.write("shop/catalog-info.yaml", text);
    for command in [
        "find",
        "export entities",
        "check --format json",
        "schema",
        "--help",
        "explain",
    ] {
        let mut shell = shell(
            &workspace,
            &format!("\"$0\" {command} | head -n 1; exit ${{PIPESTATUS:-0}}"),
        );
        let answer = workspace.finish(&mut shell);
        answer.assert_code(0);
        assert_eq!(answer.stderr, "", "{command}");
        assert!(answer.text().lines().count() <= 1);
    }
}

#[test]
fn e12_output_that_cannot_be_written_is_told() {
    let workspace = Workspace::new();
    workspace.component("shop", "shop");
    for command in [
        "find",
        "export entities",
        "check",
        "check --format sarif",
        "schema",
        "show shop",
        "config show",
        "explain",
        "demo --help",
    ] {
        if Path::new("/dev/full").exists() {
            let answer = workspace.finish(&mut shell(
                &workspace,
                &format!("\"$0\" {command} >/dev/full"),
            ));
            if !matches!(command, "demo --help" | "config show") {
                answer.assert_refused("cannot write output");
                assert!(answer.stderr.contains("No space left"), "{}", answer.stderr);
            }
        }
        for closed in [">&-", "2>&-", ">&- 2>&-", "<&-", "<&- >&- 2>&-"] {
            let answer = workspace.finish(&mut shell(
                &workspace,
                &format!("\"$0\" {command} {closed}"),
            ));
            assert!(
                matches!(answer.code, Some(0..=2)),
                "{command} {closed}: {:?}",
                answer.code
            );
        }
    }
}

fn shell(workspace: &Workspace, script: &str) -> Command {
    let program = workspace.command::<&str>(&[]);
    let mut command = Command::new("sh");
    command
        .args(["-c", script, env!("CARGO_BIN_EXE_devportal")])
        .current_dir(workspace.root())
        .env_clear();
    for (name, value) in program.get_envs() {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    command.stdin(Stdio::null());
    command
}

/// A workspace of a component with a warning, and what writes a baseline of it.
fn baseline() -> Workspace {
    let workspace = Workspace::new();
    workspace.write(
        "shop/catalog-info.yaml",
        component("shop", "  unknown: 1\n"),
    );
    workspace
}

#[test]
fn e13_a_baseline_replaces_only_a_baseline() {
    let workspace = baseline();
    let write = |path: &str| workspace.run(&["check", "--write-baseline", "--baseline", path]);
    write("new").assert_code(0);
    let text = fs::read_to_string(workspace.path("new")).unwrap();
    assert!(text.contains("unknown-field"), "{text}");
    let accepted = workspace.run(&["check", "--strict", "--baseline", "new"]);
    accepted.assert_code(0);
    write("new").assert_code(0);
    // An input, or anything else that is no baseline, stays as it is.
    let input = fs::read(workspace.path("shop/catalog-info.yaml")).unwrap();
    write("shop/catalog-info.yaml").assert_refused("is no row of a baseline");
    assert_eq!(
        fs::read(workspace.path("shop/catalog-info.yaml")).unwrap(),
        input
    );
    write("shop").assert_refused("\"shop\"");
    write("missing/file").assert_refused("missing/file");
    write("").assert_code(2);
    write("..").assert_code(2);
    workspace.pipe("pipe").link("/dev/zero", "zero");
    for path in ["pipe", "zero", "shop", "shop/catalog-info.yaml", "missing"] {
        workspace.run(&["check", "--baseline", path]).assert_code(2);
    }
}

#[test]
fn e13_no_link_is_written_through() {
    let workspace = baseline();
    let victim = workspace.outside().join("victim");
    fs::write(&victim, SECRET).unwrap();
    workspace
        .link(&victim, "link")
        .link(&victim, "file.devportal-tmp")
        .link(workspace.outside(), "folder")
        .link("missing", "dangling");
    let write = |path: &str| workspace.run(&["check", "--write-baseline", "--baseline", path]);
    write("link").assert_refused("\"link\"");
    write("dangling").assert_refused("\"dangling\"");
    // What was left there, perhaps by somebody hostile, is not written through either.
    write("file");
    assert_eq!(fs::read_to_string(&victim).unwrap(), SECRET);
    // A configuration must not lead out of its repository.
    for path in [
        "folder/file",
        "link",
        "../outside/file",
        "/tmp/file",
        "zero/../folder/file",
    ] {
        workspace.write(
            "devportal.yaml",
            format!("organisation: acme\nbaseline: {path}\n"),
        );
        let answer = workspace.run(&["check", "--write-baseline"]);
        answer.assert_code(2);
        workspace.run(&["check"]);
        assert_eq!(fs::read_to_string(&victim).unwrap(), SECRET);
        assert!(!workspace.outside().join("file").exists());
    }
    // The same of a file that is only read.
    fs::write(
        workspace.outside().join("old"),
        "0123456789abcdef0123456789abcdef x\n",
    )
    .unwrap();
    workspace.link("/dev/zero", "zero").pipe("pipe");
    for path in ["folder/old", "zero", "pipe"] {
        workspace.write(
            "devportal.yaml",
            format!("organisation: acme\nbaseline: {path}\n"),
        );
        workspace.run(&["check"]).assert_code(2);
    }
}

#[test]
fn e13_what_cannot_be_written_leaves_the_old_content() {
    if is_root() {
        // Permissions mean nothing to root.
        return;
    }
    let workspace = baseline();
    fs::create_dir(workspace.path("closed")).unwrap();
    workspace.write("closed/baseline", "# old\n");
    fs::set_permissions(workspace.path("closed"), Permissions::from_mode(0o555)).unwrap();
    let answer = workspace.run(&["check", "--write-baseline", "--baseline", "closed/baseline"]);
    answer.assert_refused("cannot write");
    let text = fs::read_to_string(workspace.path("closed/baseline")).unwrap();
    assert_eq!(text, "# old\n");
    fs::set_permissions(workspace.path("closed"), Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn e13_the_sample_is_written_only_where_nothing_is() {
    let workspace = Workspace::new();
    workspace
        .write("file", "x")
        .write("full/file", "x")
        .link(workspace.outside(), "link")
        .link("missing", "dangling");
    for path in [
        "file",
        "full",
        "link",
        "dangling",
        "file/below",
        "/",
        ".",
        "..",
        "",
        "/proc/x",
    ] {
        workspace.run(&["demo", path]).assert_code(2);
    }
    assert_eq!(fs::read_to_string(workspace.path("file")).unwrap(), "x");
    assert_eq!(fs::read_dir(workspace.path("full")).unwrap().count(), 1);
    // What a run that was ended left is replaced, and never followed.
    workspace.link(workspace.outside(), ".devportal-tmp-sample");
    workspace.run(&["demo", "sample"]).assert_code(0);
    assert!(workspace.path("sample/devportal.yaml").exists());
    assert!(workspace.outside().join("catalog-info.yaml").exists());
    assert!(
        workspace
            .path(".devportal-tmp-sample")
            .symlink_metadata()
            .is_err()
    );
}
