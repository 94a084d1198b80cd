//! Git's data, prepared by somebody hostile.

use std::fs;
use std::path::Path;

use super::workspace::{SECRET, Workspace};

const GOOD: &str = "component:default/good";
const SHOP: &str = "component:default/shop";

#[test]
fn a11_a_git_file_that_leads_elsewhere_is_not_believed() {
    let cases = [
        "gitdir: /etc\n",
        "gitdir: ../plain/.git\n",
        "gitdir: .git\n",
        "gitdir: ../loop\n",
        "gitdir: ../../outside/.git\n",
        "gitdir:\n",
        "nonsense\n",
        "",
    ];
    for text in cases {
        let workspace = Workspace::new();
        workspace
            .component("good", "good")
            .component("shop", "shop")
            .write("plain/README.md", "")
            .write("loop/.git", "gitdir: ../shop\n");
        // Somebody else's repository, which does not know this folder.
        workspace.git(
            ".",
            &["init", "--quiet", workspace.outside().to_str().unwrap()],
        );
        workspace.write("shop/.git", text);
        let answer = workspace.check();
        answer.assert_code(0);
        let notes = answer.findings("git-unavailable");
        let of_shop = |finding: &serde_json::Value| finding["path"] == "shop/.git";
        assert!(notes.iter().any(of_shop), "{text}: {notes:?}");
        assert_eq!(workspace.entities(), [GOOD, SHOP], "{text}");
        workspace.run_all();
    }
}

#[test]
fn a12_a_link_to_the_git_data_of_another_repository() {
    let workspace = Workspace::new();
    workspace
        .component("good", "good")
        .component("shop", "shop")
        .component("real", "real")
        .repository("real")
        .link(workspace.outside().join(".git"), "shop/.git");
    workspace.git(
        ".",
        &["init", "--quiet", workspace.outside().to_str().unwrap()],
    );
    let message = workspace.check().finding("git-unavailable")["message"].to_string();
    assert!(message.contains("leads out of the workspace"), "{message}");
    assert_eq!(workspace.entities(), [GOOD, "component:default/real", SHOP]);
    fs::remove_file(workspace.path("shop/.git")).unwrap();
    workspace.link("../real/.git", "shop/.git");
    workspace.check().assert_code(0);
}

#[test]
fn a12_git_data_made_of_links_and_of_other_repositories_data() {
    let outside = |workspace: &Workspace| {
        let outside = workspace.outside();
        let folder = outside.to_str().unwrap().to_owned();
        workspace
            .git(".", &["init", "--quiet", "--initial-branch=main", &folder])
            .git(".", &["-C", &folder, "add", "--all"])
            .git(".", &["-C", &folder, "commit", "--quiet", "--message=x"]);
        outside
    };
    for name in ["objects", "HEAD", "refs", "index", "config"] {
        let workspace = Workspace::shop();
        let target = outside(&workspace).join(".git").join(name);
        let own = workspace.path("shop/.git").join(name);
        if own.is_dir() {
            fs::remove_dir_all(&own).unwrap();
        } else {
            fs::remove_file(&own).unwrap();
        }
        workspace.link(target, Path::new("shop/.git").join(name));
        workspace.run_all();
    }
    // Another way to say that the data is elsewhere, which libgit2 obeys.
    let workspace = Workspace::shop();
    let target = outside(&workspace).join(".git");
    workspace.write(
        "shop/.git/commondir",
        format!("{}\n", target.to_str().unwrap()),
    );
    workspace.run_all();
}

#[test]
fn a13_the_work_tree_of_the_configuration_is_ignored() {
    let workspace = Workspace::shop();
    let outside = workspace.outside();
    // If the work tree were obeyed, this would hide the new descriptor.
    fs::write(outside.join(".gitignore"), "catalog-info.yaml\n").unwrap();
    workspace
        .git(
            "shop",
            &["config", "core.worktree", outside.to_str().unwrap()],
        )
        .component("shop/new", "new");
    let mut inside = workspace.command(&["find", "--format", "name"]);
    let answer = workspace.finish(inside.current_dir(workspace.path("shop")));
    assert_eq!(
        answer.text(),
        "component:default/new\ncomponent:default/shop\n"
    );
    workspace.run_all();
}

#[test]
fn a14_nothing_that_a_repository_configures_is_executed() {
    let workspace = Workspace::shop();
    workspace.write(
        "shop/.gitattributes",
        "* filter=evil diff=evil merge=evil text eol=lf\n",
    );
    workspace.commit("shop");
    let pwned = format!("touch {}", workspace.path("PWNED").display());
    for key in [
        "core.fsmonitor",
        "core.pager",
        "core.editor",
        "core.sshCommand",
        "core.askPass",
        "core.gitProxy",
        "diff.external",
        "diff.evil.command",
        "diff.evil.textconv",
        "filter.evil.clean",
        "filter.evil.smudge",
        "filter.evil.process",
        "merge.evil.driver",
        "alias.status",
        "alias.log",
        "credential.helper",
        "gpg.program",
        "uploadpack.packObjectsHook",
        "remote.origin.uploadpack",
        "pager.log",
    ] {
        workspace.git("shop", &["config", key, &format!("!{pwned}")]);
        workspace.git("shop", &["config", "--add", key, &pwned]);
    }
    workspace.write("hooks/all", format!("#!/bin/sh\n{pwned}\n"));
    for hook in ["post-checkout", "post-index-change", "fsmonitor-watchman"] {
        workspace.link("all", Path::new("hooks").join(hook));
    }
    let hooks = workspace.path("hooks");
    workspace
        .git(
            "shop",
            &["config", "core.hooksPath", hooks.to_str().unwrap()],
        )
        .component("shop/new", "new");
    assert_eq!(workspace.entities(), [GOOD, SHOP]);
    workspace.run_all();
}

#[test]
fn a15_an_included_file_is_not_shown() {
    for section in [
        "[include]\n\tpath = ",
        "[includeIf \"gitdir:/\"]\n\tpath = ",
        "[includeIf \"onbranch:main\"]\n\tpath = ",
    ] {
        let workspace = Workspace::shop();
        let secret = workspace.home().join("secret");
        fs::write(
            &secret,
            format!("[remote \"origin\"]\n\turl = https://{SECRET}/a/b\n[{SECRET}\n"),
        )
        .unwrap();
        let config = workspace.path("shop/.git/config");
        let text = fs::read_to_string(&config).unwrap();
        let include = format!("{text}{section}{}\n", secret.display());
        fs::write(&config, &include).unwrap();
        workspace.write(
            "shop/.gitmodules",
            format!(
                "[submodule \"x\"]\n\tpath = x\n{section}{}\n",
                secret.display()
            ),
        );
        assert_eq!(workspace.entities(), [GOOD, SHOP]);
        workspace.run_all();
    }
}

#[test]
fn a15_an_included_pipe_or_device_stops_nothing() {
    for target in ["pipe", "/dev/zero"] {
        let workspace = Workspace::shop();
        workspace.pipe("pipe");
        let target = workspace.path(target);
        let include = format!("[include]\n\tpath = {}\n", target.display());
        let config = workspace.path("shop/.git/config");
        let text = fs::read_to_string(&config).unwrap();
        workspace.write("shop/.gitmodules", &include);
        fs::write(&config, text + &include).unwrap();
        let found = workspace.entities();
        assert!(found.contains(&SHOP.to_owned()), "{found:?}");
        workspace.run_all();
    }
}

#[test]
fn a16_a_bare_repository_inside_of_a_repository_is_none() {
    let workspace = Workspace::shop();
    workspace.git("shop", &["init", "--quiet", "--bare", "embedded"]);
    let pwned = format!("touch {}", workspace.path("PWNED").display());
    workspace
        .git("shop/embedded", &["config", "core.fsmonitor", &pwned])
        .write("shop/embedded/refs/keep", "")
        .write("shop/embedded/objects/keep", "")
        .component("shop/embedded", "inner")
        .commit("shop");
    let answer = workspace.check();
    assert_eq!(answer.json()["summary"]["repositories"], 2);
    assert_eq!(
        workspace.entities(),
        [GOOD, "component:default/inner", SHOP]
    );
    workspace.run_all();
}

#[test]
fn a21_hostile_submodules_are_not_fetched() {
    let workspace = Workspace::shop();
    let pwned = format!("touch {}", workspace.path("PWNED").display());
    workspace.write(
        "shop/.gitmodules",
        format!(
            "[submodule \"a\"]\n\tpath = a\n\turl = ext::sh -c '{pwned}'\n\
             [submodule \"b\"]\n\tpath = b\\r\r\n\turl = ssh://-oProxyCommand={pwned}/x\n\
             [submodule \"../../x\"]\n\tpath = ../../outside\n\turl = x\n\tupdate = !{pwned}\n\
             [submodule \"c\"]\n\tpath = link/.git\n\
             [submodule \"d\"]\n\tpath = .git\n\
             [submodule \"e\"]\n\tpath = .\n\
             [submodule \"f\"]\n\tpath = /\n"
        ),
    );
    workspace.link("/", "shop/link");
    let url = format!("ssh://-oProxyCommand={pwned}/x");
    workspace.git("shop", &["config", "remote.origin.url", &url]);
    assert_eq!(workspace.entities(), [GOOD, SHOP]);
    workspace.check().assert_code(0);
    workspace.git(
        "shop",
        &["config", "remote.origin.url", "ext::sh -c x\u{1b}[2J:a/b"],
    );
    let answer = workspace.run(&["show", "shop"]);
    assert!(!answer.text().contains('\u{1b}'), "{}", answer.text());
    workspace.run_all();
}

#[test]
fn a22_folders_that_some_file_systems_take_for_git_s_are_not_looked_into() {
    let workspace = Workspace::shop();
    for name in [".GIT", ".git ", "git~1", ".git\u{200c}", ".Git"] {
        workspace
            .component(Path::new("plain").join(name), "hidden")
            .component(Path::new("shop").join(name), "hidden");
    }
    workspace.component("plain", "plain");
    assert_eq!(
        workspace.entities(),
        [GOOD, "component:default/plain", SHOP]
    );
    let mut inside = workspace.command(&["find", "--format", "name"]);
    let answer = workspace.finish(inside.current_dir(workspace.path("shop")));
    assert_eq!(answer.text(), format!("{SHOP}\n"));
}
