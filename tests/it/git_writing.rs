//! Repositories and commits that are made for the user.

use std::fs;
use std::path::Path;

use devportal::repo::{
    BranchCommit, CommittedContent, CommittedFile, CreatedRepository, FirstCommit, Identity,
    commit_on_branch, create_repository, is_clean,
};

use crate::sandbox::Sandbox;

fn mira() -> Identity {
    Identity {
        name: "Mira".to_owned(),
        email: "mira@example.com".to_owned(),
    }
}

fn committed<'a>(path: &'a str, text: &'a str) -> CommittedFile<'a> {
    CommittedFile {
        path,
        content: CommittedContent::File {
            bytes: text.as_bytes(),
            executable: false,
        },
    }
}

fn create(folder: &Path, files: &[(&str, &str)]) -> anyhow::Result<CreatedRepository> {
    let author = mira();
    let mut files = files.iter().map(|(path, text)| committed(path, text));
    create_repository(
        folder,
        &mut FirstCommit {
            branch: "trunk",
            message: "Begin\n",
            author: &author,
            time: 1_768_478_400,
            offset_minutes: 60,
            remote: Some("https://github.com/acme/orders.git"),
            files: &mut files,
        },
    )
}

fn written(sandbox: &Sandbox, folder: &str, files: &[(&str, &str)]) -> CreatedRepository {
    for (path, text) in files {
        sandbox.write(&format!("{folder}/{path}"), text);
    }
    create(&sandbox.root().join(folder), files).unwrap()
}

#[test]
fn a_new_repository_has_one_commit_and_a_clean_status() {
    let sandbox = Sandbox::new();
    let files = [
        ("README.md", "# Orders\r\n"),
        ("src/main.rs", "fn main() {}\n"),
    ];
    let created = written(&sandbox, "orders", &files);
    let log = sandbox.git("orders", &["log", "--format=%H %an <%ae> %aI %cI %s%d"]);
    let expected = format!(
        "{} Mira <mira@example.com> 2026-01-15T13:00:00+01:00 2026-01-15T13:00:00+01:00 Begin (HEAD -> trunk)\n",
        created.commit
    );
    assert_eq!(log, expected);
    assert_eq!(sandbox.git("orders", &["status", "--porcelain"]), "");
    assert_eq!(
        sandbox.git("orders", &["ls-files"]),
        "README.md\nsrc/main.rs\n"
    );
    let remote = sandbox.git("orders", &["remote", "get-url", "origin"]);
    assert_eq!(remote, "https://github.com/acme/orders.git\n");
    sandbox.git("orders", &["fsck", "--strict"]);
    assert!(is_clean(&sandbox.root().join("orders")).unwrap());
    assert!(create(&sandbox.root().join("orders"), &files).is_err());
}

#[cfg(unix)]
#[test]
fn modes_and_links_are_committed() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let sandbox = Sandbox::new();
    sandbox.write("x/run", "run");
    let root = sandbox.root().join("x");
    fs::set_permissions(root.join("run"), fs::Permissions::from_mode(0o755)).unwrap();
    symlink("run", root.join("link")).unwrap();
    let author = mira();
    let run = CommittedContent::File {
        bytes: b"run",
        executable: true,
    };
    let link = CommittedContent::Link { target: "run" };
    let files = [("run", run), ("link", link)];
    let mut files = files
        .into_iter()
        .map(|(path, content)| CommittedFile { path, content });
    let mut commit = FirstCommit {
        branch: "main",
        message: "Begin",
        author: &author,
        time: 0,
        offset_minutes: 0,
        remote: None,
        files: &mut files,
    };
    create_repository(&root, &mut commit).unwrap();
    assert_eq!(sandbox.git("x", &["status", "--porcelain"]), "");
    let tree = sandbox.git("x", &["ls-tree", "HEAD"]);
    let modes: Vec<&str> = tree.lines().map(|line| &line[..6]).collect();
    assert_eq!(modes, ["120000", "100755"]);
}

/// D18: what the user's Git configuration would do to a commit of theirs, it does not do to the
/// first commit of a template. The test runs itself once more, as that user.
#[cfg(unix)]
#[test]
fn d18_no_template_hook_filter_or_signature_of_the_user() {
    use std::os::unix::fs::PermissionsExt;
    const FILES: [(&str, &str); 3] = [
        ("a.txt", "a\r\n"),
        ("b.bin", "b\r\n"),
        (".gitattributes", "*.txt text\n*.bin filter=upper\n"),
    ];
    if let Some(folder) = std::env::var_os("DEVPORTAL_TEST_FOLDER") {
        create(Path::new(&folder), &FILES).unwrap();
        assert_eq!(Identity::of_user(), Some(mira()));
        return;
    }
    let sandbox = Sandbox::new();
    let root = sandbox.root();
    for (path, text) in FILES {
        sandbox.write(&format!("orders/{path}"), text);
    }
    for hook in [
        "template/hooks/post-commit",
        "hooks/post-commit",
        "hooks/pre-commit",
    ] {
        sandbox.write(hook, "#!/bin/sh\ntouch \"$HOME/hook-ran\"\nexit 1\n");
        fs::set_permissions(root.join(hook), fs::Permissions::from_mode(0o755)).unwrap();
    }
    let configuration = format!(
        "[user]\n name = Mira\n email = mira@example.com\n[init]\n templateDir = {0}/template\n\
         [core]\n hooksPath = {0}/hooks\n autocrlf = true\n[filter \"upper\"]\n clean = tr a-z A-Z\n[commit]\n gpgsign = true\n",
        root.display()
    );
    sandbox.write("home/.gitconfig", &configuration);
    let program = std::env::current_exe().unwrap();
    let name = "git_writing::d18_no_template_hook_filter_or_signature_of_the_user";
    let mut command = sandbox.command(program.to_str().unwrap(), "");
    command
        .args(["--exact", name])
        .env("HOME", root.join("home"))
        .env("DEVPORTAL_TEST_FOLDER", root.join("orders"))
        .env_remove("GIT_CONFIG_GLOBAL");
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    assert!(!root.join("home/hook-ran").exists());
    assert!(!root.join("orders/.git/hooks/post-commit").exists());
    let raw = sandbox.git("orders", &["cat-file", "commit", "HEAD"]);
    assert!(!raw.contains("gpgsig"), "{raw}");
    let blob = |path: &str| sandbox.git("orders", &["cat-file", "blob", path]);
    assert_eq!(blob("HEAD:a.txt"), "a\n");
    assert_eq!(blob("HEAD:b.bin"), "b\r\n");
    assert_eq!(fs::read(root.join("orders/a.txt")).unwrap(), b"a\r\n");
    // Git itself would run the filter now.
    let mut status = sandbox.command("git", "orders");
    let status = status
        .args(["-c", "filter.upper.clean=", "status", "--porcelain"])
        .env("HOME", root.join("home"))
        .env_remove("GIT_CONFIG_GLOBAL")
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(status.stdout).unwrap(), "");
}

/// D19: ignored files are committed and named, and Git's own data cannot be.
#[test]
fn d19_ignored_files_are_committed_and_named() {
    let sandbox = Sandbox::new();
    let files = [
        (".gitignore", "*.log\n/build/\n"),
        ("a.log", "x"),
        ("build/x", "x"),
        ("b", "x"),
    ];
    let created = written(&sandbox, "orders", &files);
    assert_eq!(created.ignored, ["a.log", "build/x"]);
    assert_eq!(sandbox.git("orders", &["status", "--porcelain"]), "");
    let tracked = sandbox.git("orders", &["ls-files"]);
    assert_eq!(tracked, ".gitignore\na.log\nb\nbuild/x\n");
    fs::create_dir(sandbox.root().join("nested")).unwrap();
    let nested = create(&sandbox.root().join("nested"), &[("a/.git/config", "x")]);
    assert!(nested.is_err());
}

#[test]
fn branches_that_are_none_are_refused() {
    let sandbox = Sandbox::new();
    sandbox.write("a", "x");
    sandbox.repository("");
    for branch in ["-x", "a..b", "a b", "", "x.lock", "a@{1}"] {
        assert!(
            change(&sandbox.root(), branch, &[("a", "y")], &[]).is_err(),
            "{branch}"
        );
    }
}

fn change(
    root: &Path,
    branch: &str,
    writes: &[(&str, &str)],
    removes: &[&str],
) -> anyhow::Result<devportal::repo::BranchCommitted> {
    let author = mira();
    let mut writes = writes.iter().map(|(path, text)| committed(path, text));
    let removes: Vec<String> = removes.iter().map(|path| (*path).to_owned()).collect();
    commit_on_branch(
        root,
        &mut BranchCommit {
            branch,
            base: None,
            writes: &mut writes,
            removes: &removes,
            message: "Change",
            author: &author,
            time: 1_768_478_400,
            offset_minutes: 0,
        },
    )
}

#[test]
fn a_commit_on_a_branch_touches_nothing_else() {
    let sandbox = Sandbox::new();
    sandbox.write("a/x", "old");
    sandbox.write("a/gone", "old");
    sandbox.repository("");
    sandbox.git("", &["checkout", "--quiet", "-b", "mine"]);
    sandbox.write("mine", "x");
    sandbox.git("", &["add", "mine"]);
    let before = sandbox.git("", &["status", "--porcelain", "--branch"]);
    let writes = [("a/x", "new"), ("b/c/y", "new")];
    let done = change(
        &sandbox.root(),
        "add-orders",
        &writes,
        &["a/gone", "a/absent"],
    )
    .unwrap();
    assert!(done.is_new);
    assert_eq!(
        sandbox.git("", &["status", "--porcelain", "--branch"]),
        before
    );
    let log = sandbox.git("", &["log", "--format=%H %s", "main..add-orders"]);
    assert_eq!(log, format!("{} Change\n", done.commit));
    let files = sandbox.git("", &["ls-tree", "-r", "--name-only", "add-orders"]);
    assert_eq!(files, "a/x\nb/c/y\n");
    let again = change(&sandbox.root(), "add-orders", &writes, &["a/gone"]).unwrap();
    assert_eq!((again.is_new, again.commit), (false, done.commit));
    let other = change(&sandbox.root(), "add-orders", &[("a/x", "other")], &[]).unwrap_err();
    assert_eq!(
        other.to_string(),
        "branch \"add-orders\" is there already, with other files"
    );
    let nothing = change(&sandbox.root(), "nothing", &[("a/x", "old")], &[]).unwrap_err();
    assert!(nothing.to_string().contains("no changes"), "{nothing}");
    for path in ["../x", ".git/config", "a//x", "/x", "a/x/y"] {
        assert!(
            change(&sandbox.root(), "bad", &[(path, "x")], &[]).is_err(),
            "{path}"
        );
    }
}

#[test]
fn a_branch_starts_from_what_origin_has() {
    let sandbox = Sandbox::new();
    sandbox.write("origin/a", "1");
    sandbox.repository("origin");
    sandbox.git("", &["clone", "--quiet", "origin", "clone"]);
    sandbox.write("origin/a", "2");
    sandbox.commit_on("2026-01-16", "origin");
    sandbox.git("clone", &["fetch", "--quiet"]);
    change(&sandbox.root().join("clone"), "new", &[("b", "x")], &[]).unwrap();
    assert_eq!(sandbox.git("clone", &["show", "new:a"]), "2");
}

/// D22: an update refuses a work tree with changes that could be lost.
#[test]
fn d22_changes_of_tracked_files_are_not_clean() {
    let sandbox = Sandbox::new();
    sandbox.write("a", "x");
    sandbox.repository("");
    sandbox.write("untracked", "x");
    assert!(is_clean(&sandbox.root()).unwrap());
    sandbox.write("a", "changed");
    assert!(!is_clean(&sandbox.root()).unwrap());
    sandbox.git("", &["checkout", "--quiet", "a"]);
    assert!(is_clean(&sandbox.root()).unwrap());
    sandbox.git("", &["add", "untracked"]);
    assert!(!is_clean(&sandbox.root()).unwrap());
    sandbox.commit_on("2026-01-16", "");
    // Other line ends are no change that could be lost, and neither is a new time.
    sandbox.write("a", "x");
    assert!(is_clean(&sandbox.root()).unwrap());
    fs::remove_file(sandbox.root().join("a")).unwrap();
    assert!(!is_clean(&sandbox.root()).unwrap());
    let absent = is_clean(&sandbox.root().join("nothing"));
    assert!(absent.is_err());
}
