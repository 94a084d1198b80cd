//! What `score` decides over time: gates that compare, what is not known, and what is kept.

use serde_json::{Value, json};

use crate::sandbox::{Run, Sandbox};

const SCORECARD: &str = r#"apiVersion: devportal.dev/v1
kind: Scorecard
metadata: {name: basics}
spec:
  filter: kind:component
  levels: [{name: basic}, {name: good}]
  rules:
    - {id: description, title: It says what it is, level: basic, require: entity.description}
    - {id: runbook, title: It has a runbook, level: good, require: facts('file.docs/runbook.md')}
    - {id: edition, title: It is of the new edition, level: good, require: "facts('content.Cargo.toml:^edition = \"2024\"')"}
"#;

/// A catalog with a scorecard, and the repositories `pay` and `web`, each with a component.
fn workspace(scorecard: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(
        "catalog/devportal.yaml",
        "organisation: Example\nrepositories: [\"../*\"]\nscorecards: [basics]\n",
    );
    sandbox.write("catalog/scorecards/basics.yaml", scorecard);
    sandbox.repository("catalog");
    for name in ["pay", "web"] {
        component(&sandbox, name, "description: Does it");
        sandbox.repository(name);
    }
    sandbox
}

fn component(sandbox: &Sandbox, name: &str, metadata: &str) {
    let text = format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {name}\n  {metadata}\n\
         spec: {{type: service, lifecycle: production, owner: team}}\n"
    );
    sandbox.write(&format!("{name}/catalog-info.yaml"), &text);
}

fn score(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    sandbox.devportal("catalog", &[&["score"], arguments].concat())
}

/// The entities and rules that keep something from a level, and the exit code.
fn under(sandbox: &Sandbox, arguments: &[&str]) -> (Vec<String>, i32) {
    let run = score(sandbox, &[arguments, &["--json"]].concat());
    let answer = run.json();
    let failures = answer["under"].as_array().unwrap().iter();
    let failures = failures.map(|it| {
        let entity = it["ref"].as_str().unwrap();
        let entity = entity.rsplit('/').next().unwrap();
        format!(
            "{entity} {} {}",
            it["rule"].as_str().unwrap(),
            it["outcome"].as_str().unwrap()
        )
    });
    (failures.collect(), run.code)
}

/// What became of a rule for an entity.
fn outcome(sandbox: &Sandbox, entity: &str, rule: &str) -> Value {
    let page = score(sandbox, &[entity, "--json"]).json();
    let rules = page["scorecards"][0]["rules"].as_array().unwrap().clone();
    let rule = rules.into_iter().find(|it| it["id"] == rule).unwrap();
    rule["outcome"].clone()
}

#[test]
fn only_rules_that_passed_or_were_not_there_fail_the_gate() {
    let sandbox = workspace(SCORECARD);
    for name in ["catalog", "pay", "web"] {
        sandbox.git(name, &["tag", "before"]);
    }
    // Neither has a runbook or the edition, which is not new.
    let gate = ["--fail-under", "good", "--only-changed", "before"];
    assert_eq!(under(&sandbox, &gate), (Vec::new(), 0));
    let all = under(&sandbox, &["--fail-under", "good"]);
    assert_eq!((all.0.len(), all.1), (4, 1), "{all:?}");

    // A rule that passed, an entity that was not there, and a rule that was not there.
    component(&sandbox, "pay", "title: Pay");
    sandbox.commit_on("2026-01-20", "pay");
    component(&sandbox, "new", "title: New");
    sandbox.repository("new");
    let mut expected = vec![
        "new description failed",
        "new runbook failed",
        "new edition failed",
        "pay description failed",
    ];
    let (failures, code) = under(&sandbox, &gate);
    assert_eq!(
        (failures, code),
        (expected.iter().map(ToString::to_string).collect(), 1)
    );
    let rule = "    - {id: titled, title: It has a title, level: basic, require: entity.title}\n";
    sandbox.write(
        "catalog/scorecards/basics.yaml",
        &format!("{SCORECARD}{rule}"),
    );
    expected.push("web titled failed");
    let (failures, _) = under(&sandbox, &gate);
    assert_eq!(failures, expected);

    // A lower level asks for less.
    let low = ["--fail-under", "basic", "--only-changed", "before"];
    let (failures, code) = under(&sandbox, &low);
    assert_eq!(
        failures,
        [
            "new description failed",
            "pay description failed",
            "web titled failed"
        ]
    );
    assert_eq!(code, 1);
}

#[test]
fn compared_with_a_revision_that_is_not_there_everything_is_new() {
    let sandbox = workspace(SCORECARD);
    let gate = ["--fail-under", "good", "--only-changed", "nowhere"];
    let (failures, code) = under(&sandbox, &gate);
    assert_eq!((failures.len(), code), (4, 1), "{failures:?}");
    let run = score(&sandbox, &gate);
    let said = "there were no entities at \"nowhere\"";
    assert!(run.stderr.contains(said), "{run:?}");
}

#[test]
fn what_is_not_known_fails_a_strict_gate_alone() {
    let card = SCORECARD.replace("entity.description", "facts('cost.month') < 100");
    let sandbox = workspace(&card);
    let gate = ["--fail-under", "basic"];
    // Nobody measures it, which no gate asks for.
    assert_eq!(under(&sandbox, &gate), (Vec::new(), 0));
    assert_eq!(
        under(&sandbox, &["--fail-under", "basic", "--strict"]),
        (Vec::new(), 0)
    );
    sandbox.write("costs.csv", "Entity,Fact,Value\npay,cost.month,20\n");
    let import = ["facts", "import", "../costs.csv", "--format", "facts"];
    let run = sandbox.devportal("catalog", &import);
    assert_eq!(run.code, 0, "{run:?}");
    // It is known of one of them.
    assert_eq!(outcome(&sandbox, "web", "description"), "unknown");
    assert_eq!(under(&sandbox, &gate), (Vec::new(), 0));
    let strict = under(&sandbox, &["--fail-under", "basic", "--strict"]);
    assert_eq!(strict, (vec!["web description unknown".to_owned()], 1));
    // That it is not known is no level, all the same.
    let answer = score(&sandbox, &["name:web", "--json"]).json();
    assert_eq!(answer["entities"][0]["scores"][0]["level"], Value::Null);
}

#[test]
fn recorded_levels_are_kept_once() {
    let sandbox = workspace(SCORECARD);
    sandbox.write("pay/docs/runbook.md", "# When it fails\n");
    sandbox.write("pay/Cargo.toml", "[package]\nedition = \"2024\"\n");
    sandbox.commit_on("2026-01-20", "pay");
    let record = |second: &str| {
        let mut command = sandbox.command(env!("CARGO_BIN_EXE_devportal"), "catalog");
        command
            .env("SOURCE_DATE_EPOCH", second)
            .env("DEVPORTAL_WRITER", "ci");
        let run = Run::of(command.args(["score", "--record"]));
        assert_eq!(run.code, 0, "{run:?}");
        let path = sandbox
            .root()
            .join("catalog/facts/scorecards/2026-02/01-ci.jsonl");
        let text = std::fs::read_to_string(path).unwrap();
        let lines: Vec<Value> = text
            .lines()
            .map(|it| serde_json::from_str(it).unwrap())
            .collect();
        (run.stderr, lines)
    };
    let (said, lines) = record("1769940000");
    assert!(
        said.contains("facts/scorecards/2026-02/01-ci.jsonl: 8 changed, 0 as before, 0 gone"),
        "{said}"
    );
    let kept = |fact: &str, entity: &str| {
        let reference = format!("component:default/{entity}");
        let own = lines
            .iter()
            .find(|it| it["fact"] == fact && it["entity"] == json!(reference));
        own.unwrap_or_else(|| panic!("{fact} of {entity}: {lines:#?}"))["value"].clone()
    };
    assert_eq!(kept("score.level", "pay"), "good");
    assert_eq!(kept("score.level", "web"), "basic");
    assert_eq!(kept("score.failed", "pay"), json!([]));
    assert_eq!(kept("score.failed", "web"), json!(["runbook", "edition"]));
    assert_eq!(kept("score.unknown", "web"), json!([]));
    assert_eq!(kept("score.percent", "pay").as_f64(), Some(100.0));
    for line in lines.iter().filter(|line| line["fact"].is_string()) {
        assert_eq!(line["dimensions"], json!({"scorecard": "basics"}), "{line}");
    }
    let values = |lines: &[Value]| {
        let values = lines.iter().filter(|line| line["fact"].is_string());
        values.cloned().collect::<Vec<Value>>()
    };
    let (said, again) = record("1769943600");
    assert!(said.contains("0 changed, 8 as before, 0 gone"), "{said}");
    assert_eq!(
        values(&again),
        values(&lines),
        "only what is renewed is written again"
    );

    // A level that was lost is a change.
    std::fs::remove_file(sandbox.root().join("pay/docs/runbook.md")).unwrap();
    sandbox.commit_on("2026-02-01", "pay");
    let (said, _) = record("1769947200");
    assert!(said.contains("3 changed, 5 as before, 0 gone"), "{said}");
}

#[test]
fn rules_ask_for_files_and_for_lines_in_them() {
    let sandbox = workspace(SCORECARD);
    for rule in ["runbook", "edition"] {
        assert_eq!(outcome(&sandbox, "pay", rule), "failed");
    }
    sandbox.write("pay/docs/runbook.md", "# When it fails\n");
    sandbox.write("pay/Cargo.toml", "[package]\nedition = \"2021\"\n");
    sandbox.commit_on("2026-01-20", "pay");
    assert_eq!(outcome(&sandbox, "pay", "runbook"), "passed");
    assert_eq!(outcome(&sandbox, "pay", "edition"), "failed");
    sandbox.write("pay/Cargo.toml", "[package]\nedition = \"2024\"\n");
    sandbox.commit_on("2026-01-21", "pay");
    assert_eq!(outcome(&sandbox, "pay", "edition"), "passed");
    // Of the other repository nothing changed.
    assert_eq!(outcome(&sandbox, "web", "runbook"), "failed");
    let page = score(&sandbox, &["pay", "--json"]).stdout;
    assert!(page.contains("pay/docs/runbook.md"), "{page}");
}

#[test]
fn a_rule_that_misspells_a_field_fails_the_check_at_its_place() {
    let card = SCORECARD.replace("entity.description", "entity.descripton");
    let sandbox = workspace(&card);
    let run = sandbox.devportal("catalog", &["check", "--format", "concise"]);
    assert_eq!(run.code, 1, "{run:?}");
    let line = "catalog/scorecards/basics.yaml:8:75: error[invalid-rule] \
                \"entity\" has no field \"descripton\", in \"entity.descripton\"";
    assert!(run.stdout.contains(line), "{run:?}");
    let run = sandbox.devportal("catalog", &["check"]);
    assert!(
        run.stdout.contains("help: did you mean \"description\"?"),
        "{run:?}"
    );
}

#[test]
fn a_scorecard_about_nothing_is_never_green() {
    let card = SCORECARD.replace(
        "filter: kind:component",
        "filter: kind:component type:robot",
    );
    let sandbox = workspace(&card);
    for arguments in [
        &[][..],
        &["--json"],
        &["--by", "owner"],
        &["--format", "junit"],
        &["--fail-under", "basic", "--format", "sarif"],
        &["--record"],
    ] {
        let run = score(&sandbox, arguments);
        assert_eq!(run.code, 1, "{arguments:?}: {run:?}");
        let said = "scorecard \"basics\" is about nothing here";
        assert!(run.stderr.contains(said), "{arguments:?}: {run:?}");
    }
}

#[test]
fn an_exemption_that_nobody_agreed_to_fails_the_check_and_exempts_nobody() {
    let exempt = |approver: &str| {
        format!(
            "{SCORECARD}  exemptions:\n    - {{entities: \"name:pay\", rules: [description, runbook], reason: A library, \
             approver: {approver}, until: \"2099-01-31\"}}\n"
        )
    };
    let sandbox = workspace(&exempt("group:taem"));
    let team = "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: team}\n\
                spec: {type: team, children: []}\n";
    sandbox.write("catalog/catalog-info.yaml", team);
    let check = [
        "check",
        "--format",
        "concise",
        "--select",
        "invalid-exemption",
    ];
    let run = sandbox.devportal("catalog", &check);
    assert_eq!(run.code, 1, "{run:?}");
    let line = "catalog/scorecards/basics.yaml:12:90: error[invalid-exemption] \
                there is no User or Group \"group:taem\" that could have agreed";
    assert!(run.stdout.contains(line), "{run:?}");
    let run = score(&sandbox, &[]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(
        run.stderr.contains("did you mean \"group:team\"?"),
        "{run:?}"
    );
    sandbox.write("catalog/scorecards/basics.yaml", &exempt("group:team"));
    assert_eq!(sandbox.devportal("catalog", &check).code, 0);
    assert_eq!(outcome(&sandbox, "pay", "runbook"), "exempt");
    // A single repository does not see who is elsewhere.
    let alone = Sandbox::new();
    alone.write("devportal.yaml", "organisation: Example\n");
    alone.write("scorecards/basics.yaml", &exempt("group:elsewhere"));
    component(&alone, "pay", "title: Pay");
    alone.repository(".");
    let run = alone.devportal(".", &check);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("note[invalid-exemption]"), "{run:?}");
    let page = alone.devportal(".", &["score", "pay", "--scorecard", "basics", "--json"]);
    assert_eq!(
        page.json()["scorecards"][0]["rules"][0]["outcome"],
        "exempt",
        "{page:?}"
    );
}

#[test]
fn what_somebody_has_whom_no_scorecard_is_about_is_not_unmeasured() {
    let lines = SCORECARD
        .replace("filter: kind:component", "filter: 'type:service'")
        .replace("facts('file.docs/runbook.md')", "facts('readme.lines') > 1");
    let sandbox = workspace(&lines);
    let runbook = |entity: &str| outcome(&sandbox, entity, "runbook");
    // Nobody has a README, so that nobody could count its lines.
    assert_eq!(runbook("pay"), json!("not-measured"));

    // A library has one, and it lives elsewhere.
    sandbox.write(
        "lib/catalog-info.yaml",
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: lib}\n\
         spec: {type: library, lifecycle: production, owner: team}\n",
    );
    sandbox.write("lib/README.md", "# Library\n\nIt helps.\n");
    sandbox.repository("lib");
    assert_eq!(runbook("pay"), json!("unknown"));

    sandbox.write("pay/README.md", "# Pay\n\nIt pays.\n");
    sandbox.commit_on("2026-01-20", "pay");
    assert_eq!(runbook("pay"), json!("passed"));
    assert_eq!(runbook("web"), json!("unknown"));
}

#[test]
fn what_lives_beside_counts_for_what_it_says_of_itself() {
    let released = SCORECARD.replace(
        "facts('file.docs/runbook.md')",
        "version(facts('release.version')) >= version('1.0')",
    );
    let sandbox = workspace(&released);
    let runbook = |entity: &str| outcome(&sandbox, entity, "runbook");
    assert_eq!(runbook("pay"), json!("not-measured"));

    // The API of the same folder has tags of its own, by its name.
    let beside = "---\napiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: {name: pay-api}\n\
         spec: {type: openapi, lifecycle: production, owner: team, definition: '{}'}\n";
    let path = sandbox.root().join("pay/catalog-info.yaml");
    let own = std::fs::read_to_string(&path).unwrap();
    sandbox.write("pay/catalog-info.yaml", &format!("{own}{beside}"));
    sandbox.commit_on("2026-01-20", "pay");
    sandbox.git("pay", &["tag", "pay-api-v1.2.0"]);
    assert_eq!(runbook("pay"), json!("unknown"));
}

#[test]
fn what_owners_say_is_not_measured_where_nobody_knows_one() {
    let scorecard = SCORECARD.replace("facts('file.docs/runbook.md')", "owner.known");
    let sandbox = workspace(&scorecard);
    let owner = |entity: &str| outcome(&sandbox, entity, "runbook");
    let group = |name: &str| {
        sandbox.write(
            &format!("catalog/{name}/catalog-info.yaml"),
            &format!(
                "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {{name: {name}}}\n\
                 spec: {{type: team, children: []}}\n"
            ),
        );
    };
    // The teams live in another system, and somebody described a few that own nothing here.
    group("champions");
    assert_eq!(owner("pay"), json!("not-measured"));
    let page = score(&sandbox, &[]).stdout;
    assert!(page.contains("descriptors of Groups and Users"), "{page}");

    // They are here, and one owner is misspelled.
    group("team");
    assert_eq!(owner("pay"), json!("passed"));
    let path = sandbox.root().join("web/catalog-info.yaml");
    let text = std::fs::read_to_string(&path).unwrap();
    sandbox.write(
        "web/catalog-info.yaml",
        &text.replace("owner: team", "owner: taem"),
    );
    assert_eq!(owner("web"), json!("failed"));
}
