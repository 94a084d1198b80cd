//! Campaigns over time: what a day, a deadline and a repository make of the same file.

use crate::sandbox::{Run, Sandbox};

const CAMPAIGN: &str = r#"apiVersion: devportal.dev/v1
kind: Campaign
metadata: {name: readmes}
spec:
  owner: group:default/team
  query: kind:component
  require: facts('readme.present')
  start: "2026-02-01"
  deadline: "2026-02-28"
  milestones: [{date: "2026-02-14", percent: 100}]
"#;

const COMPONENT: &str = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: pay}\n\
                         spec: {type: service, lifecycle: production, owner: team}\n";

fn workspace() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(
        "catalog/devportal.yaml",
        "organisation: Example\nrepositories: [\"../*\"]\n",
    );
    sandbox.write("catalog/campaigns/readmes.yaml", CAMPAIGN);
    sandbox.repository("catalog");
    sandbox.write("pay/catalog-info.yaml", COMPONENT);
    sandbox.repository("pay");
    sandbox
}

/// The state of the campaign, of its only entity and of its only milestone at a second.
fn states(sandbox: &Sandbox, second: &str) -> [String; 3] {
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_devportal"), "");
    command.env("SOURCE_DATE_EPOCH", second);
    let run = Run::of(command.args(["campaign", "show", "readmes", "--json"]));
    assert_eq!(run.code, 0, "{run:?}");
    let page = run.json();
    let states = [
        &page["state"],
        &page["entities"][0]["state"],
        &page["milestones"][0]["state"],
    ];
    states.map(|state| state.as_str().unwrap().to_owned())
}

#[test]
fn a_deadline_and_a_milestone_last_until_the_end_of_their_days() {
    let sandbox = workspace();
    // The last second before, and the first one of, 2026-02-01, 2026-02-15 and 2026-03-01.
    assert_eq!(
        states(&sandbox, "1769903999"),
        ["not-begun", "left", "ahead"]
    );
    assert_eq!(states(&sandbox, "1769904000"), ["running", "left", "ahead"]);
    assert_eq!(states(&sandbox, "1771113599"), ["running", "left", "ahead"]);
    assert_eq!(
        states(&sandbox, "1771113600"),
        ["running", "left", "missed"]
    );
    assert_eq!(
        states(&sandbox, "1772323199"),
        ["running", "left", "missed"]
    );
    assert_eq!(
        states(&sandbox, "1772323200"),
        ["over", "overdue", "missed"]
    );
}

#[test]
fn what_a_repository_commits_ends_a_campaign() {
    let sandbox = workspace();
    sandbox.write("pay/README.md", "# Pay\n\nTakes money.\n");
    sandbox.commit_on("2026-01-20", "pay");
    assert_eq!(states(&sandbox, "1772323200"), ["done", "done", "reached"]);
}
