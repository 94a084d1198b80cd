//! Reports: what they say, that they say the same every time, and where they are written.

use serde_json::{Value, json};

use devportal::report::REPORTS;

use crate::sandbox::{Run, Sandbox};

const DAY: &str = "2026-11-17";

/// A workspace with a team of three components and people who are gone, and what is wrong there.
fn shop() -> Sandbox {
    let sandbox = Sandbox::new();
    let component = |name: &str, more: &str| {
        format!(
            "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {{name: {name}}}\n\
             spec:\n  type: service\n{more}\n"
        )
    };
    let team = "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: tills}\n\
                spec: {type: team, children: []}\n";
    let person = "apiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: {name: ada}\n\
                  spec: {memberOf: [tills], profile: {email: ada@example.com}}\n";
    let documents = [
        team.to_owned(),
        person.to_owned(),
        component(
            "till",
            "  lifecycle: production\n  owner: tills\n  dependsOn: [component:lost]",
        ),
        component("scale", "  lifecycle: production\n  owner: tills"),
        component("drawer", "  lifecycle: experimental\n  owner: tills"),
        component("lost", "  lifecycle: production"),
        component("orphan", "  lifecycle: production\n  owner: nobody-there"),
    ];
    sandbox.write("shop/catalog-info.yaml", &documents.join("---\n"));
    sandbox.repository("shop");
    sandbox
}

fn report(sandbox: &Sandbox, name: &str) -> Value {
    let run = sandbox.devportal("", &["report", name, "--at", "2026-02-01", "--json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.json()
}

#[test]
fn ownership_names_what_nobody_owns_and_owners_and_people_who_are_gone() {
    let answer = report(&shop(), "ownership");
    assert_eq!(answer["schema"], "devportal.report-ownership/v1");
    assert_eq!(answer["unowned"][0]["ref"], "component:default/lost");
    assert_eq!(answer["unowned"].as_array().unwrap().len(), 1);
    let missing = json!([{
        "owner": "group:default/nobody-there",
        "entities": ["component:default/orphan"],
    }]);
    assert_eq!(answer["missingOwners"], missing);
    let load = &answer["teams"][0];
    assert_eq!(load["components"], 3);
    assert_eq!(load["people"], 1);
    assert_eq!(load["busFactorOne"].as_array().unwrap().len(), 3);
    // Only Mira commits, and she is not in the team.
    let silent = json!([{
        "owner": "group:default/tills",
        "people": ["user:default/ada"],
        "components": 3,
        "lastCommit": "2026-01-15",
    }]);
    assert_eq!(answer["silentTeams"], silent);
}

#[test]
fn support_shows_every_addend_and_leaves_small_teams_out() {
    let answer = report(&shop(), "support");
    assert_eq!(answer["leftOut"], json!(["group:default/nobody-there"]));
    let team = &answer["teams"][0];
    let addends = team["addends"].as_array().unwrap();
    let points = |addend: &Value| addend["points"].as_u64().unwrap();
    assert_eq!(team["points"], addends.iter().map(points).sum::<u64>());
    let weight = |name: &str| {
        let is_it = |addend: &&Value| addend["ref"] == name && addend["of"] == "security";
        addends.iter().find(is_it).unwrap()["weight"].clone()
    };
    assert_eq!(weight("component:default/till"), 3);
    assert_eq!(weight("component:default/drawer"), 1);
    let unowned = json!({
        "ref": "component:default/lost",
        "reason": "unowned-in-use",
        "of": null,
        "since": null,
        "count": 1,
        "weight": 1,
        "points": 1,
    });
    assert_eq!(addends.last(), Some(&unowned));
}

#[test]
fn health_of_what_nobody_measures_is_not_known() {
    let answer = report(&shop(), "health");
    let team = &answer["teams"][0];
    assert_eq!(team["owner"], "group:default/nobody-there");
    assert_eq!(team["openIncidents"], Value::Null);
    assert_eq!(team["critical"], Value::Null);
    let last = answer["teams"].as_array().unwrap().last().unwrap();
    assert_eq!(last["owner"], Value::Null);
}

#[test]
fn health_of_the_sample_names_what_is_wrong_there() {
    let sandbox = demo();
    let answer = on_the_day(&sandbox, "health", "json", "2").json();
    let of = |list: &str| {
        let rows = answer[list].as_array().unwrap().iter();
        let names = rows.map(|row| row["ref"].as_str().unwrap().to_owned());
        names.collect::<Vec<String>>()
    };
    assert_eq!(of("incidents"), ["component:default/warehouse-sync"]);
    let old = ["warehouse-sync", "legacy-card-adapter"];
    assert_eq!(
        of("oldDeployments"),
        old.map(|name| format!("component:default/{name}"))
    );
    assert_eq!(of("belowObjective").len(), 3);
}

fn demo() -> Sandbox {
    let sandbox = Sandbox::new();
    let run = sandbox.devportal("", &["demo", "larkspur"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    sandbox
}

fn on_the_day(sandbox: &Sandbox, name: &str, format: &str, threads: &str) -> Run {
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_devportal"), "larkspur");
    command.env("RAYON_NUM_THREADS", threads);
    let run = Run::of(command.args(["report", name, "--at", DAY, "--format", format]));
    assert_eq!(run.code, 0, "{}", run.stderr);
    run
}

/// The day of which the same reports are written twice.
const EARLIER: &str = "2026-11-01";

fn earlier(sandbox: &Sandbox, name: &str, format: &str, threads: &str) -> Run {
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_devportal"), "larkspur");
    command.env("RAYON_NUM_THREADS", threads);
    Run::of(command.args(["report", name, "--at", EARLIER, "--format", format]))
}

#[test]
fn a_report_is_the_same_every_time() {
    let (first, second) = (demo(), demo());
    let names = REPORTS.iter().map(|report| report.name);
    for name in names.chain(["entity"]) {
        for format in ["markdown", "json"] {
            let one = earlier(&first, name, format, "1");
            let two = earlier(&second, name, format, "2");
            assert_eq!(one.code, 0, "{}", one.stderr);
            assert!(one.stdout.contains(EARLIER), "{}", one.stdout);
            assert_eq!(one.stdout, two.stdout, "{name} as {format}");
        }
    }
}

#[test]
fn a_file_has_the_page_and_is_never_written_through_a_link() {
    let sandbox = shop();
    let on_stdout = sandbox.devportal("", &["report", "ownership", "--format", "markdown"]);
    let run = sandbox.devportal("", &["report", "ownership", "--output", "page.md"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    let page = std::fs::read_to_string(sandbox.root().join("page.md")).unwrap();
    assert_eq!(page, on_stdout.stdout);
    #[cfg(unix)]
    {
        sandbox.write("secret", "mine");
        let link = sandbox.root().join("link.md");
        std::os::unix::fs::symlink("secret", link).unwrap();
        let run = sandbox.devportal("", &["report", "ownership", "--output", "link.md"]);
        assert_eq!(run.code, 2);
        assert!(
            run.stderr.contains("is not a regular file"),
            "{}",
            run.stderr
        );
        let left = std::fs::read_to_string(sandbox.root().join("secret")).unwrap();
        assert_eq!(left, "mine");
    }
}
