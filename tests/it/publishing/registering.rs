//! `catalog:register`: what is in the workspace is known; the rest gets a Location.

use super::stage::{FETCH, Stage, words};

fn steps(host: &str) -> String {
    format!(
        "{FETCH}    - id: publish
      action: publish:github
      input: {{repoUrl: '{host}?owner=acme&repo=orders'}}
    - id: register
      action: catalog:register
      input:
        repoContentsUrl: ${{{{ steps.publish.output.repoContentsUrl }}}}
        catalogInfoPath: /catalog-info.yaml
"
    )
}

#[test]
fn a_workspace_that_does_not_look_there_does_not_know_it() {
    let stage = Stage::new(&steps("github.com"));
    stage.sandbox.write(
        "devportal.yaml",
        "organisation: Acme\nrepositories: [services/*]\n",
    );
    let run = stage.new_with(&["./elsewhere/orders", "--json"], &[]);
    assert_eq!(run.code, 0, "{run:?}");
    let report = &run.json()["done"][1];
    assert_eq!(report["done"], false, "{report}");
    let run = stage.new_with(&["./services/orders", "--json"], &[]);
    let report = &run.json()["done"][1];
    assert_eq!(report["done"], true, "{report}");
    let found = stage.run_in("", &["find", "name:orders", "-o", "name"], &[]);
    assert_eq!(found.stdout, "component:default/orders\n");
}

#[test]
fn a_new_repository_elsewhere_gets_a_location_in_the_catalog_repository() {
    let stage = Stage::new(&steps("github.com"));
    let files = [("devportal.yaml", "organisation: Acme\n")];
    stage.clone("github.com/acme/catalog", "catalog", &files);
    let bare = stage.outside("remotes/github.com/acme/catalog.git");
    // The workspace is the one repository that one stands in.
    let new = ["new", "../template", "--defaults", "--json"];
    let run = stage.run_in("catalog", &new, &[]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        stage
            .sandbox
            .root()
            .join("orders/catalog-info.yaml")
            .exists()
    );
    let report = &run.json()["done"][1];
    assert_eq!(report["done"], false, "{report}");
    let branch = "register-acme-orders";
    let show = format!("{branch}:locations/acme-orders/catalog-info.yaml");
    let location = stage.sandbox.git("catalog", &["show", &show]);
    let target = "target: \"https://github.com/acme/orders/blob/main/catalog-info.yaml\"";
    assert!(location.contains(target), "{location}");
    let command = report["command"].as_str().unwrap();
    assert!(
        command.ends_with(&format!("catalog push origin {branch}")),
        "{command}"
    );
    let status = stage
        .sandbox
        .git("catalog", &["status", "--porcelain", "--branch"]);
    assert_eq!(status, "## main\n");

    // The branch is what the catalog would need: with it merged, the Location is read.
    stage.sandbox.git("catalog", &["merge", "--quiet", branch]);
    let check = stage.run_in("catalog", &["check", "--json"], &[]);
    assert_eq!(check.json()["summary"]["errors"], 0, "{check:?}");
    stage
        .sandbox
        .git("catalog", &["reset", "--quiet", "--hard", "HEAD~1"]);

    // With --push the branch goes where the catalog repository belongs, after the new one, which
    // cannot be made here.
    let double = crate::forge_double::ForgeDouble::new(vec![
        super::github_has("main"),
        super::github_has("main"),
    ]);
    stage.forge("github.com", "github", &double);
    stage.remote("github.com/acme/orders.git");
    let run = stage.run_in("catalog", &[&new[..], &["--push"]].concat(), &[]);
    assert_eq!(run.code, 0, "{run:?}");
    let report = &run.json()["done"][1];
    assert_eq!(report["done"], true, "{report}");
    let page = format!("https://github.com/acme/catalog/compare/{branch}?expand=1");
    assert_eq!(report["url"], page);
    let log = stage.log(bare.to_str().unwrap(), branch);
    assert!(
        log.starts_with("Register https://github.com/acme/orders/"),
        "{log}"
    );
}

#[test]
fn where_nobody_keeps_the_catalog_that_is_said() {
    let stage = Stage::new(&steps("github.com"));
    stage.sandbox.write("alone/file", "1");
    stage.sandbox.repository("alone");
    let run = stage.run_in("alone", &["new", "../template", "--defaults"], &[]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        words(&run.stdout).contains("no catalog repository is in sight"),
        "{run:?}"
    );
}

#[test]
fn a_descriptor_of_a_repository_of_the_workspace_is_known() {
    let stage = Stage::new(&format!(
        "{FETCH}    - action: publish:github:pull-request
      input: {{repoUrl: 'github.com?owner=acme&repo=mono', branchName: add, title: Add, targetPath: a}}
    - action: catalog:register
      input: {{catalogInfoUrl: 'https://github.com/acme/mono/blob/main/a/catalog-info.yaml'}}
"
    ));
    stage.clone("github.com/acme/mono", "mono", &[("file", "1")]);
    let run = stage.new_with(&["--json"], &[]);
    assert_eq!(run.code, 0, "{run:?}");
    let report = &run.json()["done"][1];
    assert_eq!(report["done"], true, "{report}");
}
