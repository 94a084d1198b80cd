//! `publish:*:pull-request` and `publish:gitlab:merge-request`: branches in clones.

use serde_json::json;

use super::stage::{FETCH, Stage, github_has, words};
use crate::forge_double::ForgeDouble;

const PROPOSE: &str = "    - id: propose
      action: publish:github:pull-request
      input:
        repoUrl: github.com?owner=acme&repo=gitops
        branchName: add-${{ parameters.name }}
        title: Add ${{ parameters.name }}
        description: It takes orders.
        targetPath: services/${{ parameters.name }}
        filesToDelete: [old.txt, README.md]
        gitAuthorName: Portal
        gitAuthorEmail: portal@example.com
  output:
    links:
      - {title: Change, url: \"${{ steps.propose.output.remoteUrl }}\"}
";

fn gitops() -> Stage {
    let stage = Stage::new(&format!("{FETCH}{PROPOSE}"));
    let files = [
        ("README.md", "# Services\n"),
        ("services/orders/old.txt", "old\n"),
    ];
    stage.clone("github.com/acme/gitops", "gitops", &files);
    stage
}

#[test]
fn a_change_is_a_branch_beside_whatever_its_user_does() {
    let stage = gitops();
    stage.sandbox.write("gitops/README.md", "# Edited\n");
    stage.sandbox.write("gitops/new", "1");
    stage.sandbox.git("gitops", &["add", "new"]);
    let state_now = || {
        stage
            .sandbox
            .git("gitops", &["status", "--porcelain", "--branch"])
            + &stage.sandbox.git("gitops", &["rev-parse", "HEAD"])
    };
    let before = state_now();
    let run = stage.new_with(&["--json"], &[]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(state_now(), before);
    let git = |arguments: &[&str]| stage.sandbox.git("gitops", arguments);
    let changed = git(&["diff", "--name-status", "main", "add-orders"]);
    // What is to be deleted is not written, though the template brings it.
    assert_eq!(
        changed,
        "A\tservices/orders/catalog-info.yaml\nD\tservices/orders/old.txt\n"
    );
    let said = git(&["log", "-1", "--format=%an <%ae>%n%B", "add-orders"]);
    assert_eq!(
        said,
        "Portal <portal@example.com>\nAdd orders\n\nIt takes orders.\n\n"
    );
    let record = run.json();
    assert_eq!(record["made"], json!([]), "{record}");
    let report = &record["done"][0];
    assert_eq!(report["done"], false);
    let command = report["command"].as_str().unwrap();
    assert!(
        command.ends_with("gitops push origin add-orders"),
        "{command}"
    );
    // A branch of the repository's own default is compared with that.
    let page = "https://github.com/acme/gitops/compare/add-orders?expand=1";
    assert_eq!(record["output"]["links"][0]["url"], page);
}

#[test]
fn a_change_is_pushed_and_running_it_again_goes_on() {
    let stage = gitops();
    let remote = stage.outside("remotes/github.com/acme/gitops.git");
    let remote = remote.to_str().unwrap();
    let failed = stage.new_with(&["--push", "--json"], &[("GIT_SSH_COMMAND", "false")]);
    assert_eq!(failed.code, 3, "{failed:?}");
    let message = failed.json()["done"][0]["message"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        message.contains("\"add-orders\" is made and not pushed"),
        "{message}"
    );
    for _ in 0..2 {
        let run = stage.new_with(&["--push", "--json"], &[]);
        assert_eq!(run.code, 0, "{run:?}");
        let report = &run.json()["done"][0];
        assert_eq!(report["done"], true);
        assert_eq!(
            report["url"],
            "https://github.com/acme/gitops/compare/add-orders?expand=1"
        );
        assert_eq!(stage.log(remote, "add-orders"), "Add orders\nchange\n");
    }
    // Somebody works on the branch, so the same name is refused.
    let other = stage.new_with(&["--push"], &[]);
    assert_eq!(other.code, 0);
    stage.sandbox.write("template/skeleton/more", "1");
    let other = stage.new_with(&["--push"], &[]);
    assert_eq!(other.code, 3, "{other:?}");
    assert!(
        words(&other.stdout).contains("is there already, with other files"),
        "{other:?}"
    );
}

#[test]
fn a_missing_clone_is_named_before_anything_is_made() {
    let steps = format!(
        "{FETCH}    - action: publish:github\n      input: {{repoUrl: 'github.com?owner=acme&repo=orders'}}\n{PROPOSE}"
    );
    let stage = Stage::new(&steps);
    let double = ForgeDouble::new(vec![github_has("main")]);
    stage.forge("github.com", "github", &double);
    let run = stage.new_with(&["--push"], &[]);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(
        run.stderr
            .contains("git clone https://github.com/acme/gitops.git"),
        "{run:?}"
    );
    assert!(double.asked().is_empty());
    assert!(!stage.sandbox.root().join("orders").exists());
}

#[test]
fn the_merge_request_of_gitlab_takes_its_files_as_backstage_does() {
    let steps = |more: &str| {
        format!(
            "{FETCH}    - action: fetch:template
      input: {{url: ./skeleton, targetPath: deploy/live, values: {{name: live}}}}
    - id: propose
      action: publish:gitlab:merge-request
      input:
        repoUrl: git.example.com?owner=acme%2Fshop&repo=gitops
        branchName: add
        targetBranchName: main
        title: Add
{more}
  output:
    links:
      - {{title: \"${{{{ steps.propose.output.projectPath }}}}\", url: \"${{{{ steps.propose.output.mergeRequestUrl }}}}\"}}
"
        )
    };
    for (more, changed) in [
        // The folder of that name is taken where no other is named.
        (
            &["targetPath: deploy"][..],
            "A\tdeploy/live/README.md\nA\tdeploy/live/catalog-info.yaml\n",
        ),
        (
            &["sourcePath: deploy/live", "targetPath: apps/live"],
            "A\tapps/live/README.md\nA\tapps/live/catalog-info.yaml\n",
        ),
        (
            &[
                "sourcePath: deploy/live",
                "targetPath: gone",
                "commitAction: delete",
            ],
            "D\tgone/README.md\n",
        ),
    ] {
        let more = format!("        {}", more.join("\n        "));
        let stage = Stage::new(&steps(&more));
        stage.configuration("forges: {git.example.com: gitlab}\n");
        let files = [("gone/README.md", "1"), ("stays", "1")];
        stage.clone("git.example.com/acme/shop/gitops", "gitops", &files);
        let run = stage.new_with(&["--push", "--json"], &[]);
        assert_eq!(run.code, 0, "{run:?}");
        let diff = stage
            .sandbox
            .git("gitops", &["diff", "--name-status", "main", "add"]);
        assert_eq!(diff, changed);
        let link = &run.json()["output"]["links"][0];
        assert_eq!(link["title"], "acme/shop/gitops");
        let url = "https://git.example.com/acme/shop/gitops/-/merge_requests/new?merge_request%5Bsource_branch%5D=add&merge_request%5Btarget_branch%5D=main";
        assert_eq!(link["url"], url);
        assert_eq!(run.json()["done"][0]["url"], url);
    }
}

#[test]
fn publishing_comes_before_the_change_that_needs_it() {
    let steps = format!(
        "{FETCH}    - id: publish
      action: publish:github
      input: {{repoUrl: 'github.com?owner=acme&repo=orders'}}
    - action: fs:delete
      input: {{files: [README.md, catalog-info.yaml]}}
    - action: roadiehq:utils:fs:write
      input: {{path: services/orders.url, content: \"${{{{ steps.publish.output.remoteUrl }}}}\"}}
    - action: publish:github:pull-request
      input: {{repoUrl: 'github.com?owner=acme&repo=gitops', branchName: add, title: Add}}
    - action: github:actions:dispatch
      input: {{repoUrl: 'github.com?owner=acme&repo=gitops', workflowId: go.yml, branchOrTagName: main}}
"
    );
    let stage = Stage::new(&steps);
    stage.clone("github.com/acme/gitops", "gitops", &[("file", "1")]);
    let double = ForgeDouble::new(Vec::new());
    stage.forge("github.com", "github", &double);
    let run = stage.new_with(&["--push", "--json"], &[]);
    // The forge knows nobody of that name, so nothing that comes later is done.
    assert_eq!(run.code, 3, "{run:?}");
    let record = run.json();
    let done = record["done"].as_array().unwrap();
    let kinds: Vec<&str> = done.iter().map(|it| it["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["publish", "propose", "dispatch"]);
    assert!(
        done.iter().all(|report| report["done"] == false),
        "{record}"
    );
    let message = done[2]["message"].as_str().unwrap();
    assert!(message.contains("something before it failed"), "{message}");
    let branches = stage
        .sandbox
        .git("gitops", &["branch", "--format=%(refname:short)"]);
    assert_eq!(branches, "main\n");
    assert!(
        !double
            .routes()
            .iter()
            .any(|route| route.contains("dispatches"))
    );

    stage.remote("github.com/acme/orders.git");
    let dispatch = "POST /repos/acme/gitops/actions/workflows/go.yml/dispatches";
    let double = ForgeDouble::new(vec![
        github_has("main"),
        github_has("main"),
        (dispatch, crate::forge_double::Answer::with(204, &[], "")),
    ]);
    stage.forge("github.com", "github", &double);
    let run = stage.new_with(&["--push", "--json"], &[]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(double.routes().last().unwrap(), dispatch);
    let url = stage
        .sandbox
        .git("gitops", &["show", "add:services/orders.url"]);
    assert_eq!(url, "https://github.com/acme/orders.git");
}
