//! What became of scorecards and campaigns over a small history: replayed, recorded and kept.

use devportal::model::Moment;
use devportal::repo::{HistoryMemory, InsteadOf, Workspace, discover};
use serde_json::Value;

use crate::sandbox::{Run, Sandbox};

const READMES: &str = r#"apiVersion: devportal.dev/v1
kind: Scorecard
metadata: {name: readmes}
spec:
  filter: kind:component
  levels: [{name: written}, {name: long}]
  rules:
    - {id: there, title: README, level: written, require: "facts('readme.present')"}
    - {id: long, title: Long, level: long, require: "facts('readme.lines') >= 5"}
"#;

const CAMPAIGN: &str = r#"apiVersion: devportal.dev/v1
kind: Campaign
metadata: {name: readmes}
spec:
  owner: group:default/team
  query: kind:component
  require: facts('readme.present')
  start: "2026-01-16"
  deadline: "2026-04-30"
  fix: Write a README.
"#;

/// The last second of 2026-03-31, and noon of the day after.
const NOW: &str = "1775044800";

fn component(name: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {{name: {name}}}\n\
         spec: {{type: service, lifecycle: production, owner: team}}\n"
    )
}

/// Two components: one has a README since February, and a long one since March; the other none.
fn workspace() -> Sandbox {
    let sandbox = Sandbox::new();
    let settings = "organisation: Example\nrepositories: [\"../*\"]\nscorecards: []\n";
    sandbox.write("catalog/devportal.yaml", settings);
    sandbox.write("catalog/scorecards/readmes.yaml", READMES);
    sandbox.write("catalog/campaigns/readmes.yaml", CAMPAIGN);
    sandbox.repository("catalog");
    for name in ["pay", "web"] {
        sandbox.write(&format!("{name}/catalog-info.yaml"), &component(name));
        sandbox.repository(name);
    }
    sandbox.write("pay/README.md", "# Pay\n");
    sandbox.commit_on("2026-02-10", "pay");
    sandbox.write(
        "pay/README.md",
        "# Pay\n\nIt\ntakes\nmoney\nand\ngives\nit.\n",
    );
    sandbox.commit_on("2026-03-10", "pay");
    sandbox
}

fn run_with(sandbox: &Sandbox, arguments: &[&str], threads: &str) -> Run {
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_devportal"), "");
    command.env("SOURCE_DATE_EPOCH", NOW);
    command.env("RAYON_NUM_THREADS", threads);
    Run::of(command.args(arguments))
}

fn run(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    run_with(sandbox, arguments, "2")
}

const TREND: &[&str] = &["score", "trend", "--since", "2026-01-31", "--json"];

fn trend(sandbox: &Sandbox, more: &[&str]) -> Run {
    let run = run(sandbox, &[TREND, more].concat());
    assert_eq!(run.code, 0, "{run:?}");
    run
}

/// Date, origin, entities, and those at the levels from none to the best.
fn points(run: &Run) -> Vec<(String, String, [u64; 4])> {
    let json = run.json();
    let points = json["scorecards"][0]["points"].as_array().unwrap().clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let point = |point: &Value| {
        let level = |name: &str| point["levels"][name].as_u64().unwrap_or_default();
        let count = |name: &str| point[name].as_u64().unwrap();
        let counts = [
            count("entities"),
            count("none"),
            level("written"),
            level("long"),
        ];
        (text(&point["date"]), text(&point["origin"]), counts)
    };
    points.iter().map(point).collect()
}

fn expected(rows: &[(&str, &str, [u64; 4])]) -> Vec<(String, String, [u64; 4])> {
    let rows = rows.iter();
    rows.map(|(date, origin, counts)| ((*date).to_owned(), (*origin).to_owned(), *counts))
        .collect()
}

#[test]
fn a_replay_is_what_score_says_of_that_day() {
    let sandbox = workspace();
    let run_of_all = trend(&sandbox, &[]);
    let rows = [
        ("2026-01-31", "replayed", [2, 2, 0, 0]),
        ("2026-02-28", "replayed", [2, 1, 1, 0]),
        ("2026-03-31", "replayed", [2, 1, 0, 1]),
        ("2026-04-01", "present", [2, 1, 0, 1]),
    ];
    assert_eq!(points(&run_of_all), expected(&rows));
    for (day, _, [entities, none, ..]) in &rows[..3] {
        let scores = run(&sandbox, &["score", "--at", day, "--json"]).json();
        let card = &scores["scorecards"][0];
        assert_eq!(card["entities"].as_u64(), Some(*entities), "{day}");
        assert_eq!(card["none"].as_u64(), Some(*none), "{day}");
    }
    let moved = &run_of_all.json()["scorecards"][0]["moved"];
    let expected = serde_json::json!([
        {"ref": "component:default/pay", "from": null, "to": "long", "steps": 2}
    ]);
    assert_eq!(*moved, expected);
}

#[test]
fn a_group_is_that_of_today() {
    let sandbox = workspace();
    let json = trend(&sandbox, &["--by", "owner"]).json();
    let group = &json["scorecards"][0]["points"][1]["groups"][0];
    assert_eq!(group["group"], "group:default/team");
    assert_eq!(group["none"], 1);
    let one = trend(&sandbox, &["name:pay"]);
    assert_eq!(points(&one)[1].2, [1, 0, 1, 0]);
}

#[test]
fn what_was_recorded_wins_over_a_replay() {
    let sandbox = workspace();
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_devportal"), "");
    // 2026-02-20: a README is there that was never committed.
    command.env("SOURCE_DATE_EPOCH", "1771588800");
    sandbox.write("web/README.md", "# Web\n");
    sandbox.git("web", &["add", "README.md"]);
    let recorded = Run::of(command.args(["score", "--record"]));
    assert_eq!(recorded.code, 0, "{recorded:?}");
    sandbox.git("web", &["rm", "--quiet", "--force", "README.md"]);
    let rows = [
        ("2026-01-31", "replayed", [2, 2, 0, 0]),
        // What was recorded then was the work tree of pay, too.
        ("2026-02-28", "recorded", [2, 0, 1, 1]),
        ("2026-03-31", "replayed", [2, 1, 0, 1]),
        ("2026-04-01", "present", [2, 1, 0, 1]),
    ];
    assert_eq!(points(&trend(&sandbox, &[])), expected(&rows));
    let status = run(&sandbox, &["campaign", "status", "--json"]).json();
    let days = status["campaigns"][0]["history"]["burnDown"]
        .as_array()
        .unwrap();
    let origin = |date: &str| &days.iter().find(|it| it["date"] == date).unwrap()["origin"];
    assert_eq!(origin("2026-02-15"), "replayed");
    assert_eq!(origin("2026-02-22"), "recorded");
    assert_eq!(origin("2026-04-01"), "present");
}

/// The entries of trends in the cache.
fn kept(sandbox: &Sandbox) -> u64 {
    let list = run(sandbox, &["cache", "status", "--json"]).json();
    let kinds = list["kinds"].as_array().unwrap().clone();
    let trend = kinds.iter().find(|it| it["kind"] == "trend");
    trend.map_or(0, |it| it["entries"].as_u64().unwrap())
}

#[test]
fn a_past_point_is_found_out_once() {
    let sandbox = workspace();
    let without = trend(&sandbox, &["--no-cache"]);
    assert_eq!(kept(&sandbox), 0);
    let first = trend(&sandbox, &[]);
    assert_eq!(kept(&sandbox), 3);
    let second = trend(&sandbox, &[]);
    assert_eq!(kept(&sandbox), 3);
    assert_eq!(
        (&first.stdout, &second.stdout),
        (&without.stdout, &without.stdout)
    );
    let one = run_with(&sandbox, &[TREND, &["--no-cache"]].concat(), "1");
    assert_eq!(one.stdout, without.stdout);
    // A commit of today changes nothing of the past.
    sandbox.write("web/README.md", "# Web\n");
    sandbox.commit_on("2026-04-01", "web");
    let rows = points(&trend(&sandbox, &[]));
    assert_eq!(rows[3].2, [2, 0, 1, 1]);
    assert_eq!(rows[2].2, [2, 1, 0, 1]);
    assert_eq!(kept(&sandbox), 3);
}

#[test]
fn what_a_point_depends_on_is_looked_at_again() {
    let sandbox = workspace();
    trend(&sandbox, &[]);
    // A rule.
    let longer = READMES.replace(">= 5", ">= 50");
    sandbox.write("catalog/scorecards/readmes.yaml", &longer);
    sandbox.commit_on("2026-04-01", "catalog");
    assert_eq!(points(&trend(&sandbox, &[]))[2].2, [2, 1, 1, 0]);
    assert_eq!(kept(&sandbox), 6);
    // History that was written anew: the README was there in January.
    sandbox.git("web", &["checkout", "--quiet", "--orphan", "again"]);
    sandbox.write("web/README.md", "# Web\n");
    sandbox.commit_on("2026-01-15", "web");
    sandbox.git(
        "web",
        &["branch", "--quiet", "--force", "--move", "again", "main"],
    );
    assert_eq!(points(&trend(&sandbox, &[]))[0].2, [2, 1, 1, 0]);
    assert_eq!(kept(&sandbox), 9);
    // A line of the ledger that speaks of the past.
    let line = "{\"entity\":\"component:default/pay\",\"fact\":\"incident.open\",\"value\":1,\
                \"at\":\"2026-02-10T00:00:00Z\"}\n";
    sandbox.write("catalog/facts/imported/2026-04/01-somebody.jsonl", line);
    trend(&sandbox, &[]);
    assert_eq!(kept(&sandbox), 11);
}

#[test]
fn rules_of_then_are_those_of_the_commits_of_then() {
    let sandbox = workspace();
    let easier = READMES.replace("facts('readme.present')", "true");
    sandbox.write("catalog/scorecards/readmes.yaml", &easier);
    sandbox.commit_on("2026-03-20", "catalog");
    let now = points(&trend(&sandbox, &[]));
    let then = points(&trend(&sandbox, &["--rules", "then"]));
    assert_eq!((now[0].2, now[2].2), ([2, 0, 2, 0], [2, 0, 1, 1]));
    assert_eq!((then[0].2, then[2].2), ([2, 2, 0, 0], [2, 0, 1, 1]));
    assert_eq!(points(&trend(&sandbox, &["--rules", "then"])), then);
    // What was not there then has no point.
    let other = READMES.replace("{name: readmes}", "{name: newer}");
    sandbox.write("catalog/scorecards/newer.yaml", &other);
    sandbox.commit_on("2026-03-21", "catalog");
    let then = points(&trend(
        &sandbox,
        &["--rules", "then", "--scorecard", "newer"],
    ));
    let days: Vec<&str> = then.iter().map(|(day, ..)| day.as_str()).collect();
    assert_eq!(days, ["2026-03-31", "2026-04-01"]);
}

#[test]
fn a_shallow_clone_is_not_kept_and_not_taken_for_the_past() {
    let sandbox = workspace();
    let origin = sandbox.root().join("../pay.git");
    let origin = origin.to_str().unwrap();
    sandbox.git("", &["clone", "--quiet", "--bare", "pay", origin]);
    std::fs::remove_dir_all(sandbox.root().join("pay")).unwrap();
    let url = format!("file://{origin}");
    sandbox.git("", &["clone", "--quiet", "--depth=1", &url, "pay"]);
    // Nothing is fetched, not even from beside.
    let run_of_it = run(&sandbox, TREND);
    assert_eq!(run_of_it.code, 3, "{run_of_it:?}");
    assert_eq!(run_of_it.json()["complete"], false);
    assert_eq!(points(&run_of_it)[0].2, [1, 1, 0, 0]);
    assert_eq!(kept(&sandbox), 0);
    let shallow = sandbox.root().join("pay/.git/shallow");
    assert!(shallow.exists());
}

#[test]
fn a_campaign_has_a_pace_and_says_who_is_stuck() {
    let sandbox = workspace();
    let run_of_it = run(&sandbox, &["campaign", "status", "readmes", "--json"]);
    assert_eq!(run_of_it.code, 0, "{run_of_it:?}");
    let history = &run_of_it.json()["campaigns"][0]["history"];
    let days = history["burnDown"].as_array().unwrap();
    assert_eq!(days[0]["date"], "2026-01-16");
    assert_eq!(
        (&days[0]["open"], &days[days.len() - 1]["open"]),
        (&2.into(), &1.into())
    );
    // Nothing moved in the last 28 days.
    assert_eq!(history["pace"]["done"], 0);
    assert_eq!(history["pace"]["endsOn"], Value::Null);
    let stuck = &history["stuck"][0];
    assert_eq!(stuck["owner"], "group:default/team");
    assert_eq!(stuck["nothingMoved"], true);
    assert_eq!(stuck["entities"][0]["ref"], "component:default/web");
    assert_eq!(stuck["entities"][0]["since"], "2026-01-16");
    let long = run(
        &sandbox,
        &["campaign", "status", "--stuck-after", "90", "--json"],
    );
    assert_eq!(
        long.json()["campaigns"][0]["history"]["stuck"],
        Value::Array(Vec::new())
    );
    let page = run(&sandbox, &["campaign", "status", "--format", "markdown"]).stdout;
    for part in [
        "xychart",
        "Stuck",
        "no day on which it would end",
        "Write a README",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
}

/// A repository with a merge, a tag beside its branch, and two folders.
fn with_merges() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("pay/a/one", "1");
    sandbox.repository("pay");
    sandbox.git_on("2026-01-16", "pay", &["checkout", "--quiet", "-b", "side"]);
    sandbox.write("pay/b/two", "2");
    sandbox.commit_on("2026-01-17", "pay");
    sandbox.git_on("2026-01-18", "pay", &["checkout", "--quiet", "main"]);
    sandbox.write("pay/a/one", "3");
    sandbox.commit_on("2026-01-19", "pay");
    let merge = ["merge", "--quiet", "--no-ff", "--message=both", "side"];
    sandbox.git_on("2026-01-20", "pay", &merge);
    sandbox.git_on("2026-01-21", "pay", &["checkout", "--quiet", "side"]);
    sandbox.write("pay/b/two", "4");
    sandbox.commit_on("2026-01-22", "pay");
    sandbox.git("pay", &["tag", "v1"]);
    sandbox.git("pay", &["checkout", "--quiet", "main"]);
    sandbox.write("pay/a/one", "5");
    sandbox.commit_on("2026-01-23", "pay");
    sandbox
}

#[test]
fn the_history_of_a_day_is_a_part_of_that_of_today() {
    let sandbox = with_merges();
    let workspace = Workspace {
        root: sandbox.root(),
        patterns: None,
        standing: sandbox.root(),
        configuration: None,
        memory: HistoryMemory::new(),
    };
    let found = discover(&workspace, &InsteadOf::default()).unwrap();
    let repository = &found.repositories[0];
    let days: Vec<Moment> = (14..=24)
        .map(|day| Moment::parse(&format!("2026-01-{day}")))
        .collect();
    let seconds: Vec<i64> = days
        .iter()
        .map(|day| match day {
            Moment::Time(time) => time.as_second(),
            _ => panic!("{day:?}"),
        })
        .collect();
    // What one walk finds for all days is what a look at each day finds.
    let each: Vec<Option<String>> = days.iter().map(|day| repository.commit_of(day)).collect();
    let _ = workspace.memory.with_commits(&found.repositories, &seconds);
    let remembered: Vec<Option<String>> =
        days.iter().map(|day| repository.commit_of(day)).collect();
    assert_eq!(remembered, each);
    assert_eq!(each[0], None);
    assert!(each[1].is_some() && each[6] == each[8] && each[8] != each[9]);

    let history = |day: &Moment| repository.history(day).unwrap().unwrap();
    let today = history(&Moment::DefaultBranch);
    assert_eq!(today.remembered(&["a"]), None);
    today.remember(&today.log(&["a", "b"]).unwrap());
    for day in &days[1..] {
        for folders in [&["b"][..], &["b", "a"], &["a", "b"], &[]] {
            let history = history(day);
            let part = history.remembered(folders).unwrap();
            assert_eq!(part, history.log(folders).unwrap(), "{day:?} {folders:?}");
        }
        assert_eq!(history(day).remembered(&["c"]), None);
    }
}
