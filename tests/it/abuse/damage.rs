//! Git's data, broken, incomplete, somebody else's or of a format that is not known; and
//! `CODEOWNERS` out of proportion.

use std::fs;
use std::os::unix::fs::chown;
use std::path::Path;
use std::time::{Duration, Instant};

use super::workspace::{Answer, Workspace, component, is_root};

const GOOD: &str = "component:default/good";
const SHOP: &str = "component:default/shop";

/// The message of the only note about Git.
fn git_unavailable(answer: &Answer) -> String {
    let finding = answer.finding("git-unavailable");
    assert_eq!(finding["severity"], "note");
    finding["message"].as_str().unwrap().to_owned()
}

#[test]
fn a17_a_repository_of_another_user() {
    if !is_root() {
        // Nobody else can give files away.
        return;
    }
    let workspace = Workspace::shop();
    chown(workspace.path("shop"), Some(12345), Some(12345)).unwrap();
    chown(workspace.path("shop/.git"), Some(12345), Some(12345)).unwrap();
    workspace.check().assert_code(0);
    assert_eq!(workspace.entities(), [GOOD, SHOP]);
    // Only Git knows what was committed.
    let answer = workspace.run(&["check", "--at", "default", "--format", "json"]);
    answer.assert_code(3);
    let told: Vec<_> = answer.findings("git-unavailable");
    let told = told.iter().find(|note| note["repository"] == "shop");
    let message = told.unwrap()["message"].as_str().unwrap();
    assert!(message.contains("safe.directory"), "{message}");
}

#[test]
fn a18_formats_that_are_not_known_hide_no_descriptor() {
    let formats: [&[&str]; 3] = [
        &["init", "--quiet", "--object-format=sha256"],
        &["init", "--quiet", "--ref-format=reftable"],
        &["init", "--quiet"],
    ];
    for (index, arguments) in formats.into_iter().enumerate() {
        let workspace = Workspace::new();
        workspace
            .component("good", "good")
            .component("shop", "shop")
            .git("shop", arguments)
            .commit("shop");
        if index == 2 {
            workspace
                .git("shop", &["config", "core.repositoryformatversion", "1"])
                .git("shop", &["config", "extensions.hologram", "true"]);
        }
        assert_eq!(workspace.entities(), [GOOD, SHOP], "{arguments:?}");
        let answer = workspace.run(&["check", "--at", "default", "--format", "json"]);
        answer.assert_code(3);
        let notes = answer.findings("git-unavailable");
        assert!(
            notes.iter().any(|note| note["repository"] == "shop"),
            "{notes:?}"
        );
        workspace.run_all();
    }
}

#[test]
fn a18_shallow_and_partial_clones_and_relative_work_trees() {
    let workspace = Workspace::shop();
    let url = format!("file://{}", workspace.path("shop").display());
    workspace
        .git("shop", &["config", "uploadpack.allowFilter", "true"])
        .write("shop/catalog-info.yaml", component("shop", "  title: x\n"));
    workspace.commit("shop");
    workspace
        .git(".", &["clone", "--quiet", "--depth=1", &url, "shallow"])
        .git(
            ".",
            &[
                "clone",
                "--quiet",
                "--filter=blob:none",
                "--no-checkout",
                &url,
                "partial",
            ],
        )
        .git(
            "shop",
            &[
                "-c",
                "worktree.useRelativePaths=true",
                "worktree",
                "add",
                "--quiet",
                "../tree",
            ],
        );
    for folder in ["shallow", "partial"] {
        workspace.git(folder, &["remote", "remove", "origin"]);
    }
    fs::remove_dir_all(workspace.path("good")).unwrap();
    let entities = |folder: &str, arguments: &[&str]| {
        let mut command = workspace.command(arguments);
        workspace.finish(command.current_dir(workspace.path(folder)))
    };
    let names = ["find", "--format", "name"];
    assert_eq!(entities("shallow", &names).text(), format!("{SHOP}\n"));
    assert_eq!(entities("tree", &names).text(), format!("{SHOP}\n"));
    let past = ["check", "--at", "2020-01-01", "--format", "json"];
    let answer = entities("shallow", &past);
    assert!(git_unavailable(&answer).contains("shallow"));
    answer.assert_code(3);
    // Blobs that the clone left out are not in sight, which is not the same as not there.
    let answer = entities("partial", &["check", "--at", "HEAD", "--format", "json"]);
    answer.assert_code(3);
    let message = answer.assert_finding("unreadable", "catalog-info.yaml", None);
    assert!(message.contains("partial"), "{message}");
}

#[test]
fn a19_damage_is_named_and_hides_no_other_repository() {
    let damages: [(&str, &[u8]); 13] = [
        (".git/HEAD", b"garbage\xff\n"),
        (".git/HEAD", b""),
        (".git/HEAD", b"ref: refs/heads/../../../../etc/passwd\n"),
        (".git/refs/heads/main", b"ref: refs/heads/main\n"),
        (".git/refs/heads/main", b"\0\0\0"),
        (
            ".git/refs/remotes/origin/HEAD",
            b"ref: refs/remotes/origin/../../../../x\n",
        ),
        (".git/index", b"DIRC\0\0\0\x02\xff\xff\xff\xff"),
        (".git/index", b""),
        (".git/config", b"[core"),
        (
            ".git/config",
            b"[core]\n\tbare = true\n\tlogAllRefUpdates = \xff\n",
        ),
        (
            ".git/packed-refs",
            b"# pack-refs with: \0\nzzz refs/heads/main\n",
        ),
        (
            ".gitmodules",
            b"[submodule \"x\r\n\tpath = ../../outside\r\n",
        ),
        (".git/shallow", b"zzz\n"),
    ];
    for (path, content) in damages {
        let workspace = Workspace::shop();
        workspace.write(Path::new("shop").join(path), content);
        let answer = workspace.check();
        assert!(
            answer.code.is_some_and(|code| code != 2),
            "{}",
            answer.stderr
        );
        let found = workspace.entities();
        assert!(found.contains(&SHOP.to_owned()), "{path}: {found:?}");
        assert!(found.contains(&GOOD.to_owned()), "{path}: {found:?}");
        workspace.run_all();
    }
}

#[test]
fn a19_damaged_objects_and_packs() {
    let objects = |workspace: &Workspace| -> Vec<std::path::PathBuf> {
        let mut files = Vec::new();
        let mut open = vec![workspace.path("shop/.git/objects")];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    files.push(path);
                }
            }
        }
        files
    };
    for is_packed in [false, true] {
        let workspace = Workspace::shop();
        if is_packed {
            workspace.git("shop", &["gc", "--quiet", "--aggressive"]);
        }
        for file in objects(&workspace) {
            let length = if is_packed { 40 } else { 0 };
            fs::remove_file(&file).unwrap_or_default();
            fs::write(&file, vec![0; length]).unwrap();
        }
        assert_eq!(workspace.entities(), [GOOD, SHOP]);
        let answer = workspace.run(&["check", "--at", "default", "--format", "json"]);
        answer.assert_code(3);
        let notes = answer.findings("git-unavailable");
        assert!(notes.iter().any(|note| note["repository"] == "shop"));
        workspace.run_all();
    }
}

#[test]
fn a19_a_tree_that_repeats_itself_ends() {
    // Ten levels of ten entries each are one small object a level, and 10^10 files.
    let workspace = Workspace::shop();
    let script = "
        blob=$(echo x | git hash-object -w --stdin)
        tree=$(for i in 0 1 2 3 4 5 6 7 8 9; do printf '100644 blob %s\\tf%s\\n' $blob $i; done | git mktree)
        for level in 1 2 3 4 5 6 7 8 9; do
            tree=$(for i in 0 1 2 3 4 5 6 7 8 9; do printf '040000 tree %s\\td%s\\n' $tree $i; done | git mktree)
        done
        git update-ref refs/heads/main $(git commit-tree -m x $tree)";
    let workspace_folder = workspace.path("shop");
    let mut command = std::process::Command::new("sh");
    command
        .args(["-c", script])
        .current_dir(workspace_folder)
        .envs([
            ("GIT_AUTHOR_NAME", "Mira"),
            ("GIT_AUTHOR_EMAIL", "mira@example.com"),
            ("GIT_COMMITTER_NAME", "Mira"),
            ("GIT_COMMITTER_EMAIL", "mira@example.com"),
        ]);
    workspace.finish(&mut command).assert_code(0);
    let answer = workspace.run(&["check", "--at", "HEAD", "--format", "json"]);
    answer.assert_code(3);
    let notes = answer.findings("git-unavailable");
    let message = notes
        .iter()
        .find(|note| note["repository"] == "shop")
        .unwrap()["message"]
        .to_string();
    assert!(message.contains("files"), "{message}");
}

#[test]
fn a20_repositories_without_commits_or_branches_are_fine() {
    let workspace = Workspace::new();
    workspace
        .component("shop", "shop")
        .git("shop", &["init", "--quiet", "--initial-branch=main"]);
    workspace.check().assert_code(0);
    assert_eq!(workspace.entities(), [SHOP]);
    let past = workspace.run(&["find", "--at", "default", "--format", "jsonl"]);
    assert_eq!(past.text(), "");
    past.assert_code(1);
    workspace
        .commit("shop")
        .git("shop", &["checkout", "--quiet", "--detach"]);
    workspace.check().assert_code(0);
    assert_eq!(workspace.entities(), [SHOP]);

    let empty = Workspace::new();
    empty.git(".", &["init", "--quiet"]);
    empty.check().assert_code(0);
    let found = empty.run(&["find"]);
    found.assert_code(1);
    assert!(found.stderr.contains("no entities here"));
}

#[test]
fn a20_a_submodule_is_a_repository_of_its_own() {
    let workspace = Workspace::new();
    workspace
        .component("library", "library")
        .repository("library")
        .component("shop", "shop")
        .repository("shop")
        .git(
            "shop",
            &[
                "-c",
                "protocol.file.allow=always",
                "submodule",
                "--quiet",
                "add",
                "../library",
                "library",
            ],
        )
        .commit("shop");
    fs::remove_dir_all(workspace.path("library")).unwrap();
    assert_eq!(workspace.entities(), ["component:default/library", SHOP]);
    workspace.check().assert_code(0);
}

#[test]
fn a23_enormous_and_tangled_codeowners_take_no_time() {
    let text = component("good", "").replace("  owner: team\n", "");
    let many: Vec<String> = (0..100_000)
        .map(|i| format!("/a/{i}/*.rs @o/t{i}\n"))
        .collect();
    let many = many.concat();
    let tangled = format!(
        "* @o/last\n{}",
        format!(
            "/{}b/ @o/t\n{} @o/t\n",
            "**/a*a*a*a*".repeat(80),
            "*a".repeat(500)
        )
        .repeat(200)
    );
    let large = format!(
        "* @o/large\n{}",
        "# filler filler filler filler\n".repeat(350_000)
    );
    for (code_owners, owner) in [
        (many.as_str(), None),
        (&format!("* @o/first\n{many}"), Some("group:default/first")),
        (&tangled, Some("group:default/last")),
        (
            &"****/**** @o/stars\n".repeat(1000),
            Some("group:default/stars"),
        ),
        (&large, None),
    ] {
        let workspace = Workspace::new();
        workspace
            .write("shop/catalog-info.yaml", &text)
            .write(
                format!("shop/{}/catalog-info.yaml", "a".repeat(200)),
                text.replace("good", "deep"),
            )
            .write("shop/CODEOWNERS", code_owners)
            .repository("shop");
        let started = Instant::now();
        let answer = workspace.run(&["show", "good", "--json"]);
        assert!(started.elapsed() < Duration::from_secs(8));
        assert_eq!(answer.json()["entity"]["owner"].as_str(), owner);
        let paths = ["owner", "shop/a/b.rs", "shop", "--json"];
        let answer = workspace.run(&paths).json();
        assert_eq!(answer["answers"][0]["owner"].as_str(), owner);
    }
}
