//! `devportal new --push`, end to end: doubles answer for the forges, and repositories of this
//! machine take the pushes.

mod ci;
mod programs;
mod proposals;
mod registering;
mod stage;

use std::fs;

use serde_json::json;

use crate::forge_double::{Answer, ForgeDouble};
use stage::{FETCH, Stage, TOKEN, github_has, github_has_not, github_makes, words};

const PUBLISH: &str = "    - id: publish
      action: publish:github
      input:
        repoUrl: github.com?owner=acme&repo=${{ parameters.name }}
        description: Takes orders
        repoVisibility: private
        defaultBranch: main
        topics: [Rust]
        gitCommitMessage: Start ${{ parameters.name }}
";

fn github() -> Stage {
    Stage::new(&format!("{FETCH}{PUBLISH}"))
}

#[test]
fn nothing_is_asked_before_somebody_says_push() {
    let stage = github();
    let double = ForgeDouble::new(github_makes());
    stage.forge("github.com", "github", &double);
    let run = stage.new_with(&[], &[]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(double.asked().is_empty());
    let git = |arguments: &[&str]| stage.sandbox.git("orders", arguments);
    assert_eq!(git(&["log", "--format=%s"]), "Start orders\n");
    assert_eq!(
        git(&["remote", "get-url", "origin"]),
        "https://github.com/acme/orders.git\n"
    );
    assert_eq!(git(&["status", "--porcelain", "--branch"]), "## main\n");
    let by_hand = format!(
        "git -C {}/orders push --set-upstream origin main",
        stage.sandbox.root().display()
    );
    assert!(run.stdout.contains(&by_hand), "{}", run.stdout);
    assert!(run.stdout.contains("--push"), "{}", run.stdout);
}

#[test]
fn github_is_asked_and_then_pushed_to() {
    let stage = github();
    let remote = stage.remote("github.com/acme/orders.git");
    let answers = [
        vec![github_has_not()],
        github_makes(),
        vec![github_has("main")],
    ];
    let double = ForgeDouble::new(answers.concat());
    stage.forge("github.com", "github", &double);
    let run = stage.new_with(&["--push"], &[]);
    assert_eq!(run.code, 0, "{run:?}");
    let undo = "rm -r orders, and delete github.com/acme/orders on github.com";
    assert!(words(&run.stdout).contains(undo), "{run:?}");
    assert!(
        run.stdout.contains("https://github.com/acme/orders"),
        "{run:?}"
    );
    let asked = double.asked();
    let routes = [
        "GET /repos/acme/orders",
        "GET /users/acme",
        "POST /orgs/acme/repos",
        "PUT /repos/acme/orders/topics",
        "GET /repos/acme/orders",
    ];
    assert_eq!(double.routes(), routes);
    let wanted = json!({
        "name": "orders",
        "private": true,
        "visibility": "private",
        "description": "Takes orders",
    });
    assert_eq!(asked[2].body, wanted);
    assert_eq!(asked[3].body, json!({"names": ["rust"]}));
    assert_eq!(stage.log(&remote, "main"), "Start orders\n");
    let status = stage
        .sandbox
        .git("orders", &["status", "--porcelain", "--branch"]);
    assert_eq!(status, "## main...origin/main\n");
}

#[test]
fn gitlab_is_asked_and_then_pushed_to() {
    let stage = Stage::new(&format!(
        "{FETCH}    - id: publish
      action: publish:gitlab
      input:
        repoUrl: git.example.com?owner=acme%2Fshop&repo=orders
        repoVisibility: private
        settings: {{visibility: internal, description: Takes orders, topics: [Rust]}}
"
    ));
    let remote = stage.remote("git.example.com/acme/shop/orders.git");
    let project = json!({
        "http_url_to_repo": "https://git.example.com/acme/shop/orders.git",
        "web_url": "https://git.example.com/acme/shop/orders",
        "visibility": "internal",
        "default_branch": "main",
    });
    let route = "GET /projects/acme%2Fshop%2Forders";
    let double = ForgeDouble::new(vec![
        (route, Answer::json(404, &json!({}))),
        (
            "GET /namespaces/acme%2Fshop",
            Answer::json(200, &json!({"id": 7})),
        ),
        ("POST /projects", Answer::json(201, &project)),
        (route, Answer::json(200, &project)),
        (
            "PUT /projects/acme%2Fshop%2Forders",
            Answer::json(200, &project),
        ),
    ]);
    stage.forge("git.example.com", "gitlab", &double);
    let run = stage.new_with(&["--push"], &[]);
    assert_eq!(run.code, 0, "{run:?}");
    let asked = double.asked();
    let wanted = json!({
        "name": "orders",
        "path": "orders",
        "namespace_id": 7,
        "visibility": "internal",
        "description": "Takes orders",
        "topics": ["Rust"],
    });
    assert_eq!(asked[2].body, wanted);
    // Backstage's default here is "master", and GitLab shows the branch that was pushed.
    assert_eq!(asked[4].body, json!({"default_branch": "master"}));
    assert_eq!(stage.log(&remote, "master"), "initial commit\n");
}

#[test]
fn what_failed_goes_on_when_it_is_run_again() {
    let stage = github();
    let remote = stage.remote("github.com/acme/orders.git");
    let answers = [
        // The first run: the forge has a problem. The second: it is made. The third: it is there.
        vec![("GET /repos/acme/orders", Answer::json(503, &json!({})))],
        vec![github_has_not()],
        github_makes(),
        vec![github_has("main"), github_has("main")],
        vec![github_has("main"), github_has("main")],
    ];
    let double = ForgeDouble::new(answers.concat());
    stage.forge("github.com", "github", &double);
    let run = stage.new_with(&["--push"], &[]);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.stdout.contains("503"), "{run:?}");
    let head = stage.sandbox.git("orders", &["rev-parse", "HEAD"]);

    let run = stage.new_with(&["--push"], &[("GIT_SSH_COMMAND", "false")]);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(
        double
            .routes()
            .contains(&"POST /orgs/acme/repos".to_owned())
    );

    let run = stage.new_with(&["--push", "--json"], &[]);
    assert_eq!(run.code, 0, "{run:?}");
    let record = run.json();
    assert_eq!(record["made"][0]["madeBefore"], true);
    assert_eq!(record["done"][0]["kind"], "publish");
    assert_eq!(record["done"][0]["done"], true);
    assert_eq!(record["done"][0]["url"], "https://github.com/acme/orders");
    assert_eq!(
        stage.sandbox.git("", &["-C", &remote, "rev-parse", "main"]),
        head
    );

    let run = stage.new_with(&[], &[]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("--push goes on with it"), "{run:?}");

    // And once more, when there is nothing left to do.
    let run = stage.new_with(&["--push"], &[]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(
        stage
            .sandbox
            .git("orders", &["rev-list", "--count", "HEAD"]),
        "1\n"
    );
}

#[test]
fn what_others_put_there_is_left_alone() {
    let stage = github();
    let double = ForgeDouble::new(vec![github_has("main"), github_has("main")]);
    stage.forge("github.com", "github", &double);
    stage.sandbox.write("orders/mine", "1");
    let run = stage.new_with(&["--push"], &[]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(double.asked().is_empty());

    fs::remove_dir_all(stage.sandbox.root().join("orders")).unwrap();
    let remote = stage.remote("github.com/acme/orders.git");
    stage.sandbox.write("other/file", "1");
    stage.sandbox.repository("other");
    stage
        .sandbox
        .git("other", &["push", "--quiet", &remote, "main"]);
    let run = stage.new_with(&["--push"], &[]);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(
        words(&run.stdout).contains("commits that this one does not"),
        "{run:?}"
    );
    assert_eq!(stage.log(&remote, "main"), "change\n");
}

#[test]
fn a_missing_or_refused_token_is_said_and_nothing_is_lost() {
    let stage = github();
    let unauthorized = json!({"message": format!("Bad credentials {TOKEN}")});
    let double = ForgeDouble::new(vec![(
        "GET /repos/acme/orders",
        Answer::json(401, &unauthorized),
    )]);
    stage.forge("github.com", "github", &double);
    let none = [("GITHUB_TOKEN", ""), ("GH_TOKEN", "")];
    let run = stage.new_with(&["--push"], &none);
    assert_eq!(run.code, 4, "{run:?}");
    assert!(
        words(&run.stdout).contains("set GITHUB_TOKEN or GH_TOKEN"),
        "{run:?}"
    );
    assert!(double.asked().is_empty());
    let run = stage.new_with(&["--push"], &[]);
    assert_eq!(run.code, 4, "{run:?}");
    assert!(
        words(&run.stdout).contains("the token is not valid any more"),
        "{run:?}"
    );
    assert!(words(&run.stdout).contains("Bad credentials"), "{run:?}");
    assert_eq!(
        stage
            .sandbox
            .git("orders", &["rev-list", "--count", "HEAD"]),
        "1\n"
    );
}

/// F01: a template names hosts, and only the user says who learns a token.
#[test]
fn f01_no_token_goes_to_a_host_that_only_a_template_names() {
    let double = ForgeDouble::new(Vec::new());
    let host = double.host();
    for (action, host, configuration) in [
        ("publish:github", host.as_str(), String::new()),
        // The address is the user's, the kind is not: the action must not choose the variable.
        (
            "publish:github",
            "git.example.com",
            format!(
                "forges: {{git.example.com: {{api: '{}'}}}}\n",
                double.url("")
            ),
        ),
    ] {
        let stage = Stage::new(&format!(
            "{FETCH}    - action: {action}\n      input: {{repoUrl: '{host}?owner=acme&repo=orders'}}\n"
        ));
        stage.configuration(&configuration);
        let run = stage.new_with(&["--push"], &[]);
        assert_eq!(run.code, 4, "{run:?}");
        assert!(words(&run.stdout).contains("no token is sent"), "{run:?}");
    }
    assert!(double.asked().is_empty());
    // The token of one forge is not for another, whatever the action is.
    let stage = Stage::new(&format!(
        "{FETCH}    - action: publish:github\n      input: {{repoUrl: 'gitlab.com?owner=acme&repo=orders'}}\n"
    ));
    let run = stage.new_with(&["--push"], &[("GITLAB_TOKEN", "")]);
    assert_eq!(run.code, 4, "{run:?}");
    assert!(words(&run.stdout).contains("set GITLAB_TOKEN"), "{run:?}");
}

#[test]
fn a_token_command_is_asked_instead_of_the_environment() {
    let stage = github();
    stage.remote("github.com/acme/orders.git");
    let double = ForgeDouble::new(vec![github_has("main"), github_has("main")]);
    stage.program(
        "my-tokens",
        "test \"$1\" = 'for github' && printf 'from-command\\n'",
    );
    let configuration = |command: &str| {
        let api = double.url("");
        stage.configuration(&format!(
            "forges: {{github.com: {{api: '{api}', token-command: {command}}}}}\n"
        ));
    };
    configuration("[my-tokens, for other]");
    let run = stage.new_with(&["--push"], &[]);
    assert_eq!(run.code, 4, "{run:?}");
    assert!(
        words(&run.stdout).contains("the token command of github.com fails"),
        "{run:?}"
    );
    configuration("[my-tokens, for github]");
    let run = stage.new_with(&["--push"], &[]);
    assert_eq!(run.code, 0, "{run:?}");
    let asked = double.asked();
    assert_eq!(
        asked[0].header("authorization"),
        Some("Bearer from-command")
    );
}

#[test]
fn forges_without_an_api_here_get_the_command_to_run() {
    for (action, url, remote) in [
        (
            "publish:bitbucketCloud",
            "bitbucket.org?workspace=acme&project=SHOP&repo=orders",
            "https://bitbucket.org/acme/orders.git",
        ),
        (
            "publish:bitbucketServer",
            "git.example.com?project=SHOP&repo=orders",
            "https://git.example.com/scm/SHOP/orders.git",
        ),
        (
            "publish:azure",
            "dev.azure.com?organization=acme&project=shop&repo=orders",
            "https://dev.azure.com/acme/shop/_git/orders",
        ),
        (
            "publish:gitea",
            "gitea.com?owner=acme&repo=orders",
            "https://gitea.com/acme/orders.git",
        ),
        (
            "publish:gerrit",
            "gerrit.example.com?owner=acme&repo=orders",
            "https://gerrit.example.com/a/orders",
        ),
    ] {
        let stage = Stage::new(&format!(
            "{FETCH}    - action: {action}\n      input: {{repoUrl: '{url}', defaultBranch: trunk}}\n"
        ));
        let run = stage.new_with(&["--push", "--json"], &[]);
        assert_eq!(run.code, 0, "{action} {run:?}");
        let report = &run.json()["done"][0];
        assert_eq!(report["done"], false, "{action}");
        let command = report["command"].as_str().unwrap();
        assert!(
            command.ends_with("push --set-upstream origin trunk"),
            "{command}"
        );
        let origin = stage
            .sandbox
            .git("orders", &["remote", "get-url", "origin"]);
        assert_eq!(origin.trim_end(), remote);
    }
}

#[test]
fn without_a_commit_nothing_is_pushed() {
    let stage = github();
    let double = ForgeDouble::new(github_makes());
    stage.forge("github.com", "github", &double);
    let run = stage.new_with(&["--push", "--no-git"], &[]);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(words(&run.stdout).contains("there is no commit"), "{run:?}");
    assert!(double.asked().is_empty());
}

#[test]
fn what_comes_after_uses_where_it_was_published() {
    let stage = Stage::new(&format!(
        "{FETCH}{PUBLISH}    - id: register
      action: catalog:register
      input:
        repoContentsUrl: ${{{{ steps['publish'].output.repoContentsUrl }}}}
        catalogInfoPath: /catalog-info.yaml
  output:
    links:
      - title: Repository
        url: ${{{{ steps['publish'].output.remoteUrl }}}}
      - title: Open in catalog
        entityRef: ${{{{ steps['register'].output.entityRef }}}}
"
    ));
    let run = stage.new_with(&["--json"], &[]);
    assert_eq!(run.code, 0, "{run:?}");
    let record = run.json();
    let links = json!([
        {"title": "Repository", "url": "https://github.com/acme/orders.git"},
        {"title": "Open in catalog", "entityRef": "component:default/orders"},
    ]);
    assert_eq!(record["output"]["links"], links);
    let done = record["done"].as_array().unwrap();
    let kinds: Vec<&str> = done.iter().map(|it| it["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["publish", "register"]);
    assert_eq!(done[1]["done"], true, "{record}");
    let found = stage.run_in("", &["find", "name:orders", "-o", "name"], &[]);
    assert_eq!(found.stdout, "component:default/orders\n");
}

#[test]
fn who_is_not_known_to_git_commits_and_goes_on() {
    let stage = github();
    let remote = stage.remote("github.com/acme/orders.git");
    let double = ForgeDouble::new(vec![github_has("main"), github_has("main")]);
    stage.forge("github.com", "github", &double);
    let nobody = [("GIT_AUTHOR_NAME", ""), ("GIT_AUTHOR_EMAIL", "")];
    for _ in 0..2 {
        let run = stage.new_with(&["--push"], &nobody);
        assert_eq!(run.code, 3, "{run:?}");
        let said = words(&run.stdout);
        assert!(
            said.contains("not pushed, because there is no commit"),
            "{said}"
        );
        let command = "git -C orders add --all; git -C orders commit -m 'Start orders'";
        assert!(said.contains(command), "{said}");
        assert!(double.asked().is_empty());
    }
    stage.sandbox.commit_on("2026-01-15", "orders");
    let run = stage.new_with(&["--push"], &nobody);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(stage.log(&remote, "main"), "change\n");
}

/// As many templates do: the code in one repository, what deploys it in another.
#[test]
fn one_template_makes_several_repositories() {
    let publish = |id: &str, repository: &str| {
        format!(
            "    - id: {id}
      action: publish:gitlab
      input:
        repoUrl: gitlab.com?owner=acme&repo={repository}
        sourcePath: {id}
        defaultBranch: main
    - id: register-{id}
      action: catalog:register
      input:
        repoContentsUrl: ${{{{ steps.{id}.output.repoContentsUrl }}}}
        catalogInfoPath: /catalog-info.yaml
"
        )
    };
    let fetch = |id: &str| {
        format!(
            "    - action: fetch:template
      input: {{url: ./skeleton, targetPath: {id}, values: {{name: 'orders-{id}'}}}}
"
        )
    };
    let steps = [
        fetch("source"),
        fetch("gitops"),
        publish("source", "orders"),
        publish("gitops", "orders-gitops"),
    ];
    let stage = Stage::new(&steps.concat());
    let run = stage.new_with(&["made/first", "--json"], &[]);
    assert_eq!(run.code, 0, "{run:?}");
    let record = run.json();
    let done = record["done"].as_array().unwrap();
    let subjects = done
        .iter()
        .map(|it| (it["kind"].as_str().unwrap(), &it["done"]));
    let expected = [
        ("publish", &json!(false)),
        ("register", &json!(true)),
        ("publish", &json!(false)),
        ("register", &json!(true)),
    ];
    assert_eq!(subjects.collect::<Vec<_>>(), expected);
    for (folder, name) in [("first", "orders"), ("orders-gitops", "orders-gitops")] {
        let folder = format!("made/{folder}");
        let origin = stage.sandbox.git(&folder, &["remote", "get-url", "origin"]);
        assert_eq!(origin, format!("https://gitlab.com/acme/{name}.git\n"));
        let files = stage.sandbox.git(&folder, &["ls-files"]);
        let expected = ".devportal/template.lock.yaml\nREADME.md\ncatalog-info.yaml\n";
        assert_eq!(files, expected);
    }
}
