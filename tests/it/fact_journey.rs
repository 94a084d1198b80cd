//! From a fresh sample to a page that says everything: with all servers of the organisation, and
//! with servers that die halfway.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::fact_doubles::larkspur::{Larkspur, ON_CALL};
use crate::sandbox::{Run, Sandbox};

/// What is asked through an API here.
const SOURCES: [&str; 4] = ["github", "pagerduty", "prometheus", "snyk"];

fn demo() -> Sandbox {
    let sandbox = Sandbox::new();
    let run = sandbox.devportal("", &["demo", "larkspur"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    sandbox
}

/// A run that knows where the servers are.
fn run(sandbox: &Sandbox, servers: &Larkspur, arguments: &[&str]) -> Run {
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_devportal"), "larkspur");
    servers.known_to(&mut command);
    Run::of(command.args(arguments))
}

/// Every file below a folder, with what is in it.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                files.insert(path.display().to_string(), fs::read(&path).unwrap());
            }
        }
    }
    files
}

/// Of an entity: source, fact, dimensions and value, of what the sources said in a run.
fn collected(page: &Value, entity: &str) -> BTreeSet<String> {
    let sources = page["sources"].as_array().unwrap().iter();
    let facts = sources.flat_map(|it| {
        let facts = it["facts"].as_array().unwrap().iter();
        facts.map(|fact| (it["source"].as_str().unwrap(), fact))
    });
    let of_entity = facts.filter(|(_, fact)| fact["ref"] == entity && !fact["value"].is_null());
    of_entity
        .map(|(source, fact)| {
            let (name, dimensions) = (fact["fact"].as_str().unwrap(), &fact["dimensions"]);
            format!("{source} {name}{dimensions} {}", fact["value"])
        })
        .collect()
}

/// The same of what is known of it, by the sources that were asked.
fn known(sandbox: &Sandbox, entity: &str) -> BTreeSet<String> {
    let run = sandbox.devportal("larkspur", &["facts", "show", entity, "--json"]);
    assert_eq!(run.code, 0, "{run:?}");
    let page = run.json();
    let facts = page["facts"].as_array().unwrap().iter();
    let asked = facts.filter(|fact| SOURCES.iter().any(|source| fact["source"] == *source));
    let holding = asked.filter(|fact| fact["holds"] == true && !fact["value"].is_null());
    holding
        .map(|fact| {
            let (source, name) = (fact["source"].as_str().unwrap(), fact["fact"].as_str());
            let dimensions = &fact["dimensions"];
            format!("{source} {}{dimensions} {}", name.unwrap(), fact["value"])
        })
        .collect()
}

/// A line of a page: what follows its label.
fn line<'a>(page: &'a str, label: &str) -> &'a str {
    let found = page.lines().find_map(|line| {
        let rest = line.strip_prefix(label)?;
        rest.starts_with("  ").then(|| rest.trim())
    });
    found.unwrap_or_else(|| panic!("no \"{label}\" in {page}"))
}

#[test]
fn one_run_makes_the_page_of_an_api_say_everything() {
    let (sandbox, servers) = (demo(), Larkspur::new());
    let before = sandbox.devportal("larkspur", &["show", "payments-api"]);
    assert!(!before.stdout.contains("on call"), "{before:?}");
    let run = run(&sandbox, &servers, &["facts", "collect"]);
    // What is off at GitHub is said, and is no failure.
    assert_eq!(run.code, 0, "{run:?}");
    let off = "does not offer it: Dependabot alerts are disabled for this repository.";
    let words: Vec<&str> = run.stdout.split_whitespace().collect();
    assert_eq!(words.join(" ").matches(off).count(), 1, "{run:?}");
    for source in SOURCES {
        let file = format!("catalog/facts/{source}/2026-11/17-");
        assert!(run.stdout.contains(&file), "{source}: {run:?}");
    }
    let page = sandbox
        .devportal("larkspur", &["show", "payments-api"])
        .stdout;
    for (label, said) in [
        ("owner", "group:payments <payments@larkspur.example>"),
        ("people", "Priya Raman"),
        ("on call", "schedule Payments primary"),
        ("documentation", "(repository)"),
        (
            "availability",
            "99.93 %, 31 % of the error budget left (prometheus, just now)",
        ),
        ("deployments", "14 hours ago"),
        ("vulnerabilities", "1 critical, 2 high"),
        ("incidents", "1 open incident, 2 incidents in 30 days"),
    ] {
        assert!(line(&page, label).contains(said), "{label}: {page}");
    }
    for source in SOURCES {
        assert!(page.contains(&format!("{source}, just now)")), "{page}");
    }
    // The ledger is a change of the catalog repository, and who is on call is in no file.
    let changes = sandbox.git("larkspur/catalog", &["status", "--porcelain"]);
    assert!(changes.lines().all(|it| it.contains("facts/")), "{changes}");
    for (path, bytes) in files(&sandbox.root().join("larkspur/catalog/facts")) {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains(ON_CALL), "{path} has \"{ON_CALL}\"");
    }
}

#[test]
fn servers_that_die_halfway_leave_what_arrived_and_the_rest_unknown() {
    const API: &str = "api:default/payments-api";
    let (whole, servers) = (demo(), Larkspur::new());
    let all = run(&whole, &servers, &["facts", "collect", "--json"]).json();
    let dying = Larkspur::that_dies_after(servers.requests().map(|requests| requests / 2));
    let sandbox = demo();
    let halfway = run(&sandbox, &dying, &["facts", "collect", "--json"]);
    assert_eq!(halfway.code, 3, "{halfway:?}");
    let page = halfway.json();
    assert_eq!(page["complete"], false);
    for source in page["sources"].as_array().unwrap() {
        let is_asked = SOURCES.iter().any(|name| source["source"] == *name);
        assert!(!is_asked || source["complete"] == false, "{source}");
    }
    // Of the API nothing was known before: what is known now is what arrived, and no more.
    let arrived = collected(&page, API);
    assert_eq!(known(&sandbox, API), arrived);
    assert_eq!(known(&whole, API), collected(&all, API));
    assert!(arrived.len() < collected(&all, API).len(), "{arrived:?}");
    let shown = sandbox.devportal("larkspur", &["show", "payments-api", "--json"]);
    let shown = shown.json();
    let names = shown["facts"].as_array().unwrap().iter();
    let names: BTreeSet<&str> = names.map(|it| it["name"].as_str().unwrap()).collect();
    for fact in collected(&all, API).difference(&arrived) {
        let name = fact.split([' ', '{']).nth(1).unwrap();
        let is_of_another = arrived.iter().any(|it| it.contains(&format!(" {name}{{")));
        assert!(is_of_another || !names.contains(name), "{name}");
    }
    // What the ledger said before still stands where nobody answered, and nothing is zero.
    let entities = page["sources"].as_array().unwrap().iter();
    let entities = entities.flat_map(|it| it["facts"].as_array().unwrap());
    let entities: BTreeSet<&str> = entities.map(|it| it["ref"].as_str().unwrap()).collect();
    assert!(!entities.is_empty());
    for entity in entities {
        let (arrived, known) = (collected(&page, entity), known(&sandbox, entity));
        let lost: Vec<&String> = arrived.difference(&known).collect();
        assert!(lost.is_empty(), "{entity}: {lost:?}");
    }
}

#[test]
fn a_refresh_shows_what_sources_say_now_and_writes_nothing() {
    let (sandbox, servers) = (demo(), Larkspur::new());
    let folder = sandbox.root().join("..");
    // What is cached of the repositories is there before.
    sandbox.devportal("larkspur", &["show", "payments-api"]);
    let before = files(&folder);
    let page = run(&sandbox, &servers, &["show", "payments-api", "--refresh"]);
    assert_eq!(page.code, 0, "{page:?}");
    assert!(line(&page.stdout, "on call").contains(ON_CALL), "{page:?}");
    assert!(page.stdout.contains("(prometheus, just now)"), "{page:?}");
    let arguments = ["show", "payments-api", "--refresh", "--json"];
    let answer = run(&sandbox, &servers, &arguments).json();
    let facts = answer["facts"].as_array().unwrap();
    let people = facts.iter().find(|it| it["name"] == "on-call.people");
    assert_eq!(people.unwrap()["value"][0], ON_CALL);
    assert_eq!(answer["complete"], true);
    let dead = Larkspur::that_dies_after([0; 4]);
    let page = run(&sandbox, &dead, &["show", "payments-api", "--refresh"]);
    assert_eq!(page.code, 3, "{page:?}");
    assert!(
        page.stderr.contains("pagerduty: service PGATE01: "),
        "{page:?}"
    );
    assert!(page.stdout.contains("group:payments"), "{page:?}");
    let page = sandbox.devportal("larkspur", &["show", "payments-api", "--refresh"]);
    assert_eq!(page.code, 4, "{page:?}");
    assert!(page.stderr.contains("set PAGERDUTY_TOKEN"), "{page:?}");
    let then = ["show", "payments-api", "--refresh", "--at", "2026-03-31"];
    let page = run(&sandbox, &servers, &then);
    assert_eq!(page.code, 2, "{page:?}");
    assert!(page.stderr.contains("leave out \"--at\""), "{page:?}");
    let after = files(&folder);
    let changed = after
        .iter()
        .filter(|(path, bytes)| before.get(*path) != Some(*bytes));
    let changed: Vec<&String> = changed.map(|(path, _)| path).collect();
    assert!(changed.is_empty(), "{changed:?}");
}

#[test]
fn a_run_about_one_entity_leaves_the_others_as_they_are() {
    let (sandbox, servers) = (demo(), Larkspur::new());
    let before = known(&sandbox, "component:default/refunds");
    let run = run(
        &sandbox,
        &servers,
        &["facts", "collect", "payments-api", "--json"],
    );
    assert_eq!(run.code, 0, "{run:?}");
    assert!(collected(&run.json(), "component:default/refunds").is_empty());
    assert_eq!(known(&sandbox, "component:default/refunds"), before);
    let file = run.json()["sources"][1]["kept"]["file"].clone();
    let file = sandbox.root().join("larkspur").join(file.as_str().unwrap());
    let last = fs::read_to_string(file).unwrap();
    let last: Value = serde_json::from_str(last.lines().last().unwrap()).unwrap();
    assert_eq!(last["run"]["query"], "payments-api");
    assert_eq!(last["run"]["entities"][0], "api:default/payments-api");
}

#[test]
fn what_is_written_outside_of_git_is_said() {
    let servers = Larkspur::new();
    let sandbox = Sandbox::new();
    let text = crate::fact_doubles::component("payments", &[("pagerduty.com/service-id", "P1")]);
    sandbox.write("larkspur/payments/catalog-info.yaml", &text);
    let run = run(&sandbox, &servers, &["facts", "collect"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stderr.contains("is not in Git"), "{run:?}");
    assert!(run.stdout.contains("facts/pagerduty/"), "{run:?}");
}
