//! Pipes, devices, names, depths, sizes and permissions.

use std::ffi::OsStr;
use std::fs::{self, File, Permissions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use cap_std::ambient_authority;
use cap_std::fs::Dir;

use super::workspace::{Workspace, component, is_root};

const GOOD: &str = "component:default/good";

#[test]
fn a05_a_named_pipe_is_not_opened() {
    let workspace = Workspace::new();
    workspace
        .component("good", "good")
        .pipe("shop/catalog-info.yaml");
    let started = Instant::now();
    workspace.assert_one_hidden("not-a-regular-file", "shop/catalog-info.yaml");
    assert!(started.elapsed() < Duration::from_secs(5));
    let tracked = Workspace::new();
    tracked
        .component("good", "good")
        .component("shop", "shop")
        .repository("shop");
    fs::remove_file(tracked.path("shop/catalog-info.yaml")).unwrap();
    tracked.pipe("shop/catalog-info.yaml");
    tracked.assert_one_hidden("not-a-regular-file", "shop/catalog-info.yaml");
}

#[test]
fn a05_a_socket_and_a_device_are_not_opened() {
    let workspace = Workspace::new();
    workspace.component("good", "good").component("shop", "x");
    fs::remove_file(workspace.path("shop/catalog-info.yaml")).unwrap();
    let _socket = UnixListener::bind(workspace.path("shop/catalog-info.yaml")).unwrap();
    workspace.assert_one_hidden("not-a-regular-file", "shop/catalog-info.yaml");
}

#[test]
fn a05_no_pipe_in_the_place_of_another_file_stops_the_program() {
    for name in [
        "CODEOWNERS",
        "devportal.yaml",
        ".gitmodules",
        ".gitignore",
        ".git/HEAD",
        ".git/index",
        ".git/config",
        ".git/packed-refs",
        ".git/commondir",
        ".git/info/exclude",
        ".git/refs/heads/main",
        ".git/refs/remotes/origin/HEAD",
    ] {
        let workspace = Workspace::new();
        workspace
            .component("good", "good")
            .component("shop", "shop")
            .repository("shop");
        if workspace.path("shop").join(name).exists() {
            fs::remove_file(workspace.path("shop").join(name)).unwrap();
        }
        workspace
            .pipe(PathBuf::from("shop").join(name))
            .component("shop/new", "new");
        workspace.check();
        let found = workspace.entities();
        assert!(found.contains(&GOOD.to_owned()), "{name}: {found:?}");
        workspace.run(&["find", "--at", "default"]);
        let mut inside = workspace.command(&["check"]);
        workspace.finish(inside.current_dir(workspace.path("shop")));
    }
}

#[test]
fn a06_endless_and_enormous_files_are_not_read() {
    let workspace = Workspace::new();
    workspace
        .component("good", "good")
        .link("/dev/zero", "zero/catalog-info.yaml")
        .write("huge/catalog-info.yaml", "kind: Component\n")
        .link("../huge/catalog-info.yaml", "linked/catalog-info.yaml");
    let huge = File::options()
        .write(true)
        .open(workspace.path("huge/catalog-info.yaml"))
        .unwrap();
    // Where a file system refuses such a size, one over the limit must do.
    if huge.set_len(1 << 40).is_err() {
        huge.set_len(1 << 30).unwrap();
    }
    let answer = workspace.check();
    answer.assert_code(1);
    answer.assert_finding("file-too-large", "huge/catalog-info.yaml", None);
    answer.assert_finding("outside-repository", "zero/catalog-info.yaml", None);
    assert_eq!(workspace.entities(), [GOOD]);
}

#[test]
fn a06_enormous_files_of_git_and_of_the_workspace_are_not_read() {
    for name in [
        "CODEOWNERS",
        "devportal.yaml",
        ".gitmodules",
        ".git/HEAD",
        ".git/index",
        ".git/config",
        ".git/packed-refs",
    ] {
        let workspace = Workspace::new();
        workspace
            .component("good", "good")
            .component("shop", "shop")
            .repository("shop");
        let path = workspace.path("shop").join(name);
        let file = File::options().create(true).append(true).open(path);
        file.unwrap().set_len(1 << 33).unwrap();
        workspace.check();
        workspace.run(&["find", "--at", "default"]);
        let found = workspace.entities();
        assert!(found.contains(&GOOD.to_owned()), "{name}: {found:?}");
    }
}

#[test]
fn a07_hostile_names_are_escaped_and_kept_apart() {
    let workspace = Workspace::new();
    let long = "x".repeat(250);
    let names: [&[u8]; 10] = [
        b"bad\xff",
        b"bad\xfe",
        b"new\nline",
        b"\x1b[2J",
        b"-rf",
        b"--workspace=x",
        b"space ",
        b"::error::",
        "\u{202e}fdp".as_bytes(),
        long.as_bytes(),
    ];
    for is_repository in [false, true] {
        for (index, name) in names.iter().enumerate() {
            workspace.component(
                PathBuf::from("shop").join(OsStr::from_bytes(name)),
                &format!("c{index}"),
            );
        }
        if is_repository {
            workspace.repository("shop");
        }
        assert_eq!(workspace.entities().len(), names.len());
        let documents = workspace.run(&["export", "documents", "--format", "jsonl"]);
        let text = documents.text();
        let bytes: Vec<&str> = text
            .lines()
            .filter(|line| line.contains("pathBytes"))
            .collect();
        assert_eq!(bytes.len(), 2, "{text}");
        assert_ne!(bytes[0], bytes[1]);
        workspace.check().assert_code(0);
    }
    for arguments in [
        &["check", "--all", "--strict"][..],
        &["check", "--format", "concise"],
        &["check", "--format", "github"],
        &["show", "c2"],
        &["show", "c3"],
        &["show", "c8"],
        &["find", "--verbose"],
    ] {
        let answer = workspace.run(arguments);
        let told = format!("{}{}", answer.text(), answer.stderr);
        let hidden = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!told.contains(hidden), "{told:?}");
        assert!(
            !told.lines().any(|line| line.starts_with("::error::/")),
            "{told}"
        );
    }
}

#[test]
fn a07_repositories_with_hostile_names_are_kept_apart() {
    let workspace = Workspace::new();
    for (index, name) in [
        &b"bad\xff"[..],
        b"bad\xfe",
        b"bad\xef\xbf\xbd",
        b"new\nline",
        b"-rf",
    ]
    .into_iter()
    .enumerate()
    {
        let name = OsStr::from_bytes(name);
        workspace.component(name, &format!("c{index}"));
        fs::create_dir_all(workspace.path(name).join(".git/objects")).unwrap();
        fs::create_dir_all(workspace.path(name).join(".git/refs")).unwrap();
        fs::write(
            workspace.path(name).join(".git/HEAD"),
            "ref: refs/heads/main\n",
        )
        .unwrap();
    }
    assert_eq!(workspace.entities().len(), 5);
    workspace.check().assert_code(0);
}

#[test]
fn a08_what_may_not_be_read_is_told_and_hides_nothing_else() {
    let workspace = Workspace::new();
    workspace
        .component("good", "good")
        .component("closed", "closed")
        .component("file", "file");
    fs::set_permissions(workspace.path("closed"), Permissions::from_mode(0o000)).unwrap();
    fs::set_permissions(
        workspace.path("file/catalog-info.yaml"),
        Permissions::from_mode(0o000),
    )
    .unwrap();
    let run = |arguments: &[&str]| {
        let mut command = workspace.command(arguments);
        if is_root() {
            // Permissions mean nothing to root, so the program runs as somebody else.
            command.uid(12345).gid(12345);
        }
        workspace.finish(&mut command)
    };
    let probe = run(&["schema"]);
    if probe.code != Some(0) {
        // The program itself lies where others may not read.
        return;
    }
    let answer = run(&["check", "--format", "json"]);
    answer.assert_code(3);
    let paths: Vec<_> = answer
        .findings("unreadable")
        .iter()
        .map(|finding| finding["path"].as_str().unwrap().to_owned())
        .collect();
    assert!(
        paths.contains(&"file/catalog-info.yaml".to_owned()),
        "{paths:?}"
    );
    assert!(
        paths.iter().any(|path| path.starts_with("closed")),
        "{paths:?}"
    );
    let found = run(&["find", "--format", "name"]);
    assert_eq!(found.assert_code(3).text(), format!("{GOOD}\n"));
    fs::set_permissions(workspace.path("closed"), Permissions::from_mode(0o755)).unwrap();
}

/// Makes folders below each other, deeper than a path can say.
fn dig(folder: &Path, levels: usize) {
    let mut open = Dir::open_ambient_dir(folder, ambient_authority()).unwrap();
    for _ in 0..levels {
        open.create_dir("dddd").unwrap();
        open = open.open_dir("dddd").unwrap();
    }
}

#[test]
fn a09_folders_deeper_than_a_path_can_say_are_one_warning() {
    for is_repository in [false, true] {
        let workspace = Workspace::new();
        workspace
            .component("good", "good")
            .write("shop/README.md", "");
        if is_repository {
            workspace.repository("shop");
        }
        dig(&workspace.path("shop"), 3000);
        let started = Instant::now();
        let answer = workspace.check();
        assert_eq!(workspace.entities(), [GOOD]);
        assert!(started.elapsed() < Duration::from_secs(5));
        assert!(answer.findings("unreadable").len() <= 1);
    }
}

#[test]
fn a10_many_files_in_one_folder() {
    let workspace = Workspace::new();
    workspace.component("shop", "good");
    for index in 0..5_000 {
        fs::write(workspace.path(format!("shop/{index}.yaml")), "").unwrap();
    }
    assert_eq!(workspace.entities(), [GOOD]);
}

#[test]
fn a25_a_workspace_that_is_none_is_refused() {
    let workspace = Workspace::new();
    workspace.component("good", "good");
    workspace
        .run(&["find", "-C", "good/catalog-info.yaml"])
        .assert_refused("is not a folder");
    workspace
        .run(&["find", "-C", "missing"])
        .assert_refused("cannot open folder \"missing\"");
    workspace
        .run(&["find", "-C", "missing\u{1b}[2J"])
        .assert_refused(r"missing\u{1b}[2J");
    workspace.run(&["find", "-C", ""]).assert_code(2);
    let mut gone = workspace.command(&["find"]);
    gone.env("DEVPORTAL_WORKSPACE", "/nowhere");
    workspace
        .finish(&mut gone)
        .assert_refused("DEVPORTAL_WORKSPACE");
}

#[test]
fn a25_the_program_can_be_stopped() {
    let workspace = Workspace::new();
    workspace.component("good", "good");
    // "timeout" sends what Ctrl-C sends, and tells with 124 when it had to.
    let mut command = std::process::Command::new("timeout");
    command
        .args(["--signal=INT", "--kill-after=2", "0.4"])
        .arg(env!("CARGO_BIN_EXE_devportal"))
        .args(["find", "-C", "/"]);
    command.current_dir(workspace.root());
    let started = Instant::now();
    let answer = workspace.finish(&mut command);
    assert!(answer.code != Some(137), "it had to be killed");
    assert!(started.elapsed() < Duration::from_secs(2));
}

#[test]
fn a27_names_that_differ_in_case_are_told_apart() {
    let workspace = Workspace::new();
    workspace
        .component("shop", "good")
        .write("shop/Catalog-Info.yaml", component("other", ""))
        .repository("shop");
    for _ in 0..3 {
        // Backstage's name is in lower case; a file named by a command is read all the same.
        assert_eq!(workspace.entities(), [GOOD]);
    }
    assert_eq!(
        workspace.references(&[
            "export",
            "entities",
            "shop/Catalog-Info.yaml",
            "--format",
            "jsonl"
        ]),
        ["component:default/other"]
    );
}
