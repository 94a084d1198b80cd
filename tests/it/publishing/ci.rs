//! `github:actions:dispatch` and `gitlab:pipeline:trigger`: runs of CI.

use serde_json::json;

use super::stage::{FETCH, Stage, TOKEN};
use crate::forge_double::{Answer, ForgeDouble};

const DISPATCH: &str = "    - action: github:actions:dispatch
      input:
        repoUrl: github.com?owner=acme&repo=infra
        workflowId: provision.yml
        branchOrTagName: main
        workflowInputs:
          name: ${{ parameters.name }}
          replicas: ${{ 2 }}
          secret: ${{ secrets.word }}
";

#[test]
fn a_workflow_is_started_with_its_inputs_when_somebody_says_push() {
    let stage = Stage::new(&format!("{FETCH}{DISPATCH}"));
    let route = "POST /repos/acme/infra/actions/workflows/provision.yml/dispatches";
    let double = ForgeDouble::new(vec![(route, Answer::with(204, &[], ""))]);
    stage.forge("github.com", "github", &double);
    let run = stage.new_with(&["first", "--json"], &[]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(run.json()["done"][0]["done"], false);
    assert!(double.asked().is_empty());
    let run = stage.new_with(&["second", "--json", "--push"], &[]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(run.json()["done"][0]["done"], true);
    assert_eq!(run.json()["done"][0]["kind"], "dispatch");
    let inputs = json!({"name": "orders", "replicas": "2", "secret": "hunter-twelve"});
    assert_eq!(
        double.asked()[0].body,
        json!({"ref": "main", "inputs": inputs})
    );
    assert!(!run.stdout.contains("hunter-twelve"), "{run:?}");
    // Nothing is left to start.
    let run = stage.new_with(&["third", "--json", "--push"], &[]);
    assert_eq!(run.code, 3, "{run:?}");
    let report = &run.json()["done"][0];
    assert_eq!(report["done"], false);
    let help = report["help"].as_str().unwrap();
    assert!(
        help.contains("there is no workflow \"provision.yml\""),
        "{help}"
    );
}

#[test]
fn who_may_not_start_it_is_told_so() {
    let stage = Stage::new(&format!("{FETCH}{DISPATCH}"));
    let route = "POST /repos/acme/infra/actions/workflows/provision.yml/dispatches";
    let refusal = json!({"message": "Resource not accessible: hunter-twelve"});
    let double = ForgeDouble::new(vec![(route, Answer::json(403, &refusal))]);
    stage.forge("github.com", "github", &double);
    let run = stage.new_with(&["--json", "--push"], &[]);
    assert_eq!(run.code, 4, "{run:?}");
    let message = run.json()["done"][0]["message"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        message.contains("Resource not accessible: ***"),
        "{message}"
    );
}

/// Backstage makes a trigger token with the API token, and takes the project by its number.
#[test]
fn a_pipeline_is_started_with_the_users_own_token() {
    let stage = Stage::new(&format!(
        "{FETCH}    - id: trigger
      action: gitlab:pipeline:trigger
      input:
        repoUrl: git.example.com?owner=acme&repo=infra
        projectId: 42
        tokenDescription: once
        token: of-the-template
        branch: main
        variables: {{NAME: \"${{{{ parameters.name }}}}\"}}
  output:
    links: [{{title: Pipeline, url: \"${{{{ steps.trigger.output.pipelineUrl }}}}\"}}]
"
    ));
    let double = ForgeDouble::new(vec![(
        "POST /projects/42/pipeline",
        Answer::json(201, &json!({"id": 1})),
    )]);
    stage.forge("git.example.com", "gitlab", &double);
    let run = stage.new_with(&["--json", "--push"], &[]);
    assert_eq!(run.code, 0, "{run:?}");
    let asked = double.asked();
    let variables = json!([{"key": "NAME", "value": "orders"}]);
    assert_eq!(
        asked[0].body,
        json!({"ref": "main", "variables": variables})
    );
    let with_token = asked[0]
        .headers
        .iter()
        .any(|(_, value)| value.contains(TOKEN));
    assert!(with_token, "{asked:?}");
    let record = run.json();
    let page = "https://git.example.com/acme/infra/-/pipelines";
    assert_eq!(record["output"]["links"][0]["url"], page);
    assert_eq!(record["done"][0]["subject"], "git.example.com, project 42");
}

#[test]
fn secrets_are_hidden_wherever_a_template_puts_them() {
    let stage = Stage::new(&format!(
        "{FETCH}    - action: publish:gitea
      input: {{repoUrl: \"gitea.com?owner=${{{{ secrets.word }}}}&repo=orders\"}}
    - action: github:actions:dispatch
      input:
        repoUrl: github.com?owner=acme&repo=infra
        workflowId: ${{{{ secrets.word }}}}.yml
        branchOrTagName: b-${{{{ secrets.word }}}}
"
    ));
    for arguments in [
        &["--dry-run"][..],
        &["--dry-run", "--json"],
        &["made/one"],
        &["made/two", "--json"],
    ] {
        let run = stage.new_with(arguments, &[]);
        assert_eq!(run.code, 0, "{run:?}");
        assert!(run.stdout.contains("***"), "{run:?}");
        assert!(!run.stdout.contains("hunter-twelve"), "{run:?}");
    }
}
