//! Links: out of a repository, within it, in circles and to Git's own data.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::workspace::{SECRET, Workspace, component};

const GOOD: &str = "component:default/good";

#[test]
fn a01_a_link_out_of_the_repository_is_not_followed() {
    for is_repository in [true, false] {
        let workspace = Workspace::new();
        let secret = workspace.outside().join("catalog-info.yaml");
        workspace
            .component("good", "good")
            .link(&secret, "shop/catalog-info.yaml");
        if is_repository {
            workspace.repository("shop");
        }
        workspace.assert_one_hidden("outside-repository", "shop/catalog-info.yaml");
        for arguments in [&["check"][..], &["find", "stolen"], &["show", "stolen"]] {
            workspace.run(arguments).assert_code(3);
        }
    }
}

#[test]
fn a01_no_other_file_of_a_repository_is_read_through_a_link_out_of_it() {
    let workspace = Workspace::new();
    let outside = workspace.outside();
    fs::write(
        outside.join("CODEOWNERS"),
        format!("* @{SECRET}/{SECRET}\n"),
    )
    .unwrap();
    fs::write(
        outside.join("devportal.yaml"),
        format!("organisation: {SECRET}\nnonsense-{SECRET}: 1\n"),
    )
    .unwrap();
    fs::write(
        outside.join("baseline"),
        format!("{SECRET} is no baseline\n"),
    )
    .unwrap();
    let text = component("good", "").replace("  owner: team\n", "");
    workspace
        .write("shop/catalog-info.yaml", text)
        .link(outside.join("CODEOWNERS"), "shop/CODEOWNERS")
        .link(outside.join("devportal.yaml"), "shop/devportal.yaml")
        .repository("shop");
    workspace.run(&["check"]);
    workspace.run(&["show", "good"]);
    workspace.run(&["config", "show", "--origin"]);
    let inside = |arguments: &[&str]| {
        let mut command = workspace.command(arguments);
        workspace.finish(command.current_dir(workspace.path("shop")))
    };
    inside(&["check"]);
    inside(&["config", "show"]);
}

#[test]
fn a02_chains_of_links_and_dangling_links_stay_inside() {
    let workspace = Workspace::new();
    workspace
        .component("good", "good")
        .link("l1", "shop/catalog-info.yaml")
        .link("l2", "shop/l1")
        .link("../../outside/catalog-info.yaml", "shop/l2")
        .repository("shop");
    workspace.assert_one_hidden("outside-repository", "shop/catalog-info.yaml");
    for target in ["../../outside/missing.yaml", "/nowhere/at/all.yaml"] {
        let workspace = Workspace::new();
        workspace
            .component("good", "good")
            .link(target, "shop/catalog-info.yaml")
            .repository("shop");
        workspace.assert_one_hidden("outside-repository", "shop/catalog-info.yaml");
    }
}

#[test]
fn a02_a_link_in_a_commit_stays_inside() {
    let workspace = Workspace::new();
    workspace
        .component("good", "good")
        .link(
            "../../outside/catalog-info.yaml",
            "shop/a/catalog-info.yaml",
        )
        .link("../b/catalog-info.yaml", "shop/c/catalog-info.yaml")
        .component("shop/b", "inside")
        .repository("shop")
        .repository("good");
    let answer = workspace.run(&["check", "--at", "default", "--format", "json"]);
    answer
        .assert_code(3)
        .assert_finding("outside-repository", "shop/a/catalog-info.yaml", None);
    let found = workspace.references(&["find", "--at", "default", "--format", "jsonl"]);
    assert_eq!(found, [GOOD, "component:default/inside"]);
}

#[test]
fn a03_a_link_inside_of_a_repository_is_read_once() {
    let workspace = Workspace::new();
    workspace
        .component("shop/real", "good")
        .link("real/catalog-info.yaml", "shop/catalog-info.yaml")
        .link("catalog-info.yaml", "shop/l1")
        .link("../l1", "shop/chain/catalog-info.yaml")
        .link("real", "shop/folder")
        .link("../folder/catalog-info.yaml", "shop/x/catalog-info.yaml")
        .repository("shop");
    workspace.check().assert_code(0);
    assert_eq!(workspace.entities(), [GOOD]);
    assert_eq!(
        workspace.references(&["find", "--at", "default", "--format", "jsonl"]),
        [GOOD]
    );
}

#[test]
fn a03_several_links_to_one_file_are_one_entity() {
    for is_repository in [true, false] {
        let workspace = Workspace::new();
        workspace
            .write("shop/entity.yaml", component("good", ""))
            .link("../entity.yaml", "shop/a/catalog-info.yaml")
            .link("../entity.yaml", "shop/b/catalog-info.yaml");
        if is_repository {
            workspace.repository("shop");
        }
        workspace.check().assert_code(0);
        assert_eq!(workspace.entities(), [GOOD]);
    }
}

#[test]
fn a03_git_s_own_data_is_not_read_through_a_link() {
    for target in [
        ".git/config",
        "./.git/../.git/config",
        "alias",
        "folder/config",
    ] {
        let workspace = Workspace::new();
        workspace
            .component("good", "good")
            .component("shop/sub", "shop")
            .link(".git/config", "shop/alias")
            .link(".git", "shop/folder")
            .link(target, "shop/catalog-info.yaml")
            .repository("shop")
            .git("shop", &["config", "http.extraheader", SECRET]);
        workspace
            .check()
            .assert_finding("outside-repository", "shop/catalog-info.yaml", None);
        workspace.run(&["check", "--all"]);
        workspace.run(&["check", "shop/catalog-info.yaml"]);
        assert_eq!(workspace.entities(), [GOOD, "component:default/shop"]);
    }
}

#[test]
fn a04_loops_of_folders_end() {
    for is_repository in [true, false] {
        let workspace = Workspace::new();
        workspace
            .component("shop", "good")
            .link("../..", "shop/a/b/up")
            .link("self", "shop/self")
            .link("catalog-info.yaml", "shop/x/catalog-info.yaml");
        if is_repository {
            workspace.repository("shop");
        }
        assert_eq!(workspace.entities(), [GOOD]);
        let answer = workspace.check();
        answer
            .assert_code(3)
            .assert_finding("unreadable", "shop/x/catalog-info.yaml", None);
    }
}

#[test]
fn a24_a_file_that_becomes_a_link_meanwhile_is_not_followed() {
    let workspace = Workspace::new();
    workspace.component("shop", "good").repository("shop");
    let stop = AtomicBool::new(false);
    let file = workspace.path("shop/catalog-info.yaml");
    let (kept, link) = (workspace.path("kept"), workspace.path("link"));
    fs::copy(&file, &kept).unwrap();
    thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                let secret = workspace.outside().join("catalog-info.yaml");
                let _ = std::os::unix::fs::symlink(secret, &link);
                let _ = fs::rename(&link, &file);
                let _ = fs::copy(&kept, &link);
                let _ = fs::rename(&link, &file);
            }
        });
        for _ in 0..15 {
            // Every answer is asserted not to have the secret.
            workspace.run(&["export", "entities"]);
        }
        stop.store(true, Ordering::Relaxed);
    });
}

#[test]
fn a26_what_is_reached_by_two_ways_is_read_once() {
    let workspace = Workspace::new();
    workspace
        .component("group/shop", "good")
        .component("plain/inner", "plain")
        .repository("group/shop")
        .link("group/shop", "alias")
        .link("group", "folder")
        .write(
            "devportal.yaml",
            "repositories: [group/shop, group/../group/shop, alias, 'folder/*', 'group/*', plain, plain/inner, .]\n",
        );
    assert_eq!(workspace.entities(), [GOOD, "component:default/plain"]);
    let answer = workspace.check();
    assert_eq!(answer.findings("duplicate-entity").len(), 0);
    answer.assert_code(0);
}
