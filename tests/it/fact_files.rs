//! Facts that are read from the files of repositories.

mod documentation;
mod manifests;

use std::collections::BTreeMap;

use devportal::cache::Cache;
use devportal::fact::{AskedEntities, FactRequest, FactSelection, gather};
use devportal::model::Moment;
use devportal::repo::Workspace;
use devportal::scan::{PathSelection, Progress, ScanRequest, scan};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::sandbox::Sandbox;

/// A progress that nobody looks at.
struct Unseen;

impl Progress for Unseen {
    fn found(&self, _: usize) {}
    fn read(&self) {}
}

/// What is known of each entity, by the names of entity and fact: value and evidence.
#[derive(Debug)]
struct Known {
    facts: BTreeMap<(String, String), (Value, Option<String>)>,
    problems: Vec<String>,
}

impl Known {
    fn of(sandbox: &Sandbox) -> Self {
        Self::at(sandbox, "", &Moment::Present, FactSelection::All)
    }

    /// The facts that are seen by somebody who stands in a folder.
    fn at(sandbox: &Sandbox, standing: &str, moment: &Moment, selection: FactSelection) -> Self {
        let current = sandbox.root().join(standing);
        let workspace = Workspace {
            root: sandbox.root(),
            patterns: None,
            standing: current,
            configuration: None,
            memory: devportal::repo::HistoryMemory::default(),
        };
        let scan = scan(&ScanRequest {
            workspace: &workspace,
            moment,
            selection: &PathSelection::default(),
            all_code_owners: false,
            codes: &[],
            progress: &Unseen,
        })
        .unwrap();
        let gathered = gather(FactRequest {
            catalog: &scan.catalog,
            repositories: &scan.repositories,
            config: &scan.config,
            moment,
            now: "2026-06-01T00:00:00Z".parse::<Timestamp>().unwrap(),
            selection,
            entities: AskedEntities::All,
            cache: &Cache::disabled(),
        });
        let mut facts = BTreeMap::new();
        for entity in scan.catalog.entities() {
            for fact in gathered.facts.of(entity.reference()) {
                let key = (entity.name().to_owned(), fact.name.to_string());
                let evidence = fact.evidence.as_deref().map(str::to_owned);
                facts.insert(key, (fact.value.clone(), evidence));
            }
        }
        let problems = gathered.problems.iter();
        Self {
            facts,
            problems: problems
                .map(|problem| format!("{}: {}", problem.code.name, problem.message))
                .collect(),
        }
    }

    /// The value of a fact; `null` when it is not known.
    fn value(&self, entity: &str, fact: &str) -> Value {
        let key = (entity.to_owned(), fact.to_owned());
        self.facts
            .get(&key)
            .map_or(Value::Null, |(value, _)| value.clone())
    }

    fn evidence(&self, entity: &str, fact: &str) -> Option<&str> {
        let key = (entity.to_owned(), fact.to_owned());
        self.facts.get(&key)?.1.as_deref()
    }
}

fn component(name: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {name}\nspec:\n  \
         type: service\n  lifecycle: production\n  owner: group:default/payments\n"
    )
}

/// A repository with one component at its root, and these files.
fn repository(files: &[(&str, &str)]) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("app/catalog-info.yaml", &component("app"));
    for (path, text) in files {
        sandbox.write(&format!("app/{path}"), text);
    }
    sandbox.repository("app");
    sandbox
}

#[test]
fn what_is_there_is_told_with_where_and_what_is_not_is_false() {
    let sandbox = repository(&[
        ("README.md", "# App\n\nText.\n"),
        ("LICENSE-MIT", "MIT\n"),
        (".github/SECURITY.md", "Mail us.\n"),
        ("docs/CODEOWNERS", "* @payments\n"),
        (
            ".github/workflows/ci.yml",
            "jobs:\n  a:\n    steps:\n      - run: cargo audit\n",
        ),
        (".gitlab-ci.yml", "test: {script: make}\n"),
        ("renovate.json", "{}\n"),
        ("docker/app.Dockerfile", "FROM scratch\n"),
        ("src/lib.rs", "#[cfg(test)]\nmod tests {}\n"),
        ("api/orders.yaml", "openapi: 3.1.0\n"),
    ]);
    let known = Known::of(&sandbox);
    for (fact, value, evidence) in [
        ("readme.present", json!(true), Some("app/README.md")),
        ("readme.lines", json!(2), Some("app/README.md")),
        ("license.present", json!(true), Some("app/LICENSE-MIT")),
        (
            "security-policy.present",
            json!(true),
            Some("app/.github/SECURITY.md"),
        ),
        ("contributing.present", json!(false), None),
        ("changelog.present", json!(false), None),
        (
            "codeowners.present",
            json!(true),
            Some("app/docs/CODEOWNERS"),
        ),
        (
            "ci.present",
            json!(true),
            Some("app/.github/workflows/ci.yml"),
        ),
        (
            "ci.systems",
            json!(["github-actions", "gitlab-ci"]),
            Some("app/.github/workflows/ci.yml"),
        ),
        (
            "ci.security-scan",
            json!(true),
            Some("app/.github/workflows/ci.yml:4"),
        ),
        ("update-bot.present", json!(true), Some("app/renovate.json")),
        (
            "dockerfile.present",
            json!(true),
            Some("app/docker/app.Dockerfile"),
        ),
        ("lock-file.present", json!(false), None),
        ("tests.present", json!(true), Some("app/src/lib.rs")),
        (
            "api-definition.present",
            json!(true),
            Some("app/api/orders.yaml"),
        ),
        ("language", Value::Null, None),
        ("dependency.count", Value::Null, None),
    ] {
        assert_eq!(known.value("app", fact), value, "{fact}");
        assert_eq!(known.evidence("app", fact), evidence, "{fact}");
    }
    assert!(known.problems.is_empty(), "{known:?}");
}

#[test]
fn what_a_component_of_a_monorepo_has_is_its_own() {
    let sandbox = Sandbox::new();
    sandbox.write("mono/catalog-info.yaml", &component("root"));
    sandbox.write("mono/services/pay/catalog-info.yaml", &component("pay"));
    sandbox.write(
        "mono/services/pay-legacy/catalog-info.yaml",
        &component("pay-legacy"),
    );
    // What lies beside the descriptor of an API is part of the component around it.
    sandbox.write(
        "mono/services/pay/api/catalog-info.yaml",
        "apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata:\n  name: pay-api\nspec:\n  type: \
         openapi\n  lifecycle: production\n  owner: group:default/payments\n  definition: x\n",
    );
    sandbox.write("mono/services/pay/api/openapi.yaml", "openapi: 3.1.0\n");
    sandbox.write(
        "mono/services/pay/go.mod",
        "module pay\nrequire example.com/x v1.0.0\n",
    );
    sandbox.write("mono/services/pay/Dockerfile", "FROM scratch\n");
    sandbox.write("mono/services/pay-legacy/pay_test.go", "package pay\n");
    sandbox.write("mono/LICENSE", "Apache\n");
    sandbox.write("mono/README.md", "# Mono\n");
    sandbox.write("mono/.github/workflows/ci.yaml", "on: push\n");
    sandbox.repository("mono");
    let known = Known::of(&sandbox);
    for (fact, of_root, of_pay, of_legacy) in [
        ("license.present", true, true, true),
        ("ci.present", true, true, true),
        ("readme.present", true, false, false),
        ("dockerfile.present", false, true, false),
        ("tests.present", false, false, true),
        ("api-definition.present", false, true, false),
    ] {
        assert_eq!(known.value("root", fact), json!(of_root), "{fact}");
        assert_eq!(known.value("pay", fact), json!(of_pay), "{fact}");
        assert_eq!(known.value("pay-legacy", fact), json!(of_legacy), "{fact}");
    }
    assert_eq!(known.value("pay", "language"), json!("go"));
    assert_eq!(known.value("root", "language"), Value::Null);
    assert_eq!(
        known.value("pay-api", "api-definition.present"),
        json!(true)
    );
}

#[test]
fn uncommitted_edits_count_and_the_past_stays_as_it_was() {
    let sandbox = repository(&[("LICENSE", "MIT\n"), ("Dockerfile", "FROM scratch\n")]);
    std::fs::remove_file(sandbox.root().join("app/LICENSE")).unwrap();
    sandbox.write("app/go.mod", "module app\nrequire example.com/x v1.0.0\n");
    sandbox.git("app", &["add", "go.mod"]);
    sandbox.write("app/README.md", "# New\n");
    let all = FactSelection::All;
    let now = Known::at(&sandbox, "", &Moment::Present, all.clone());
    assert_eq!(now.value("app", "license.present"), json!(false));
    assert_eq!(now.value("app", "dockerfile.present"), json!(true));
    assert_eq!(now.value("app", "dependency.example.com/x"), json!("1.0.0"));
    // What Git does not know yet counts in the repository one stands in.
    assert_eq!(now.value("app", "readme.present"), json!(false));
    let here = Known::at(&sandbox, "app", &Moment::Present, all.clone());
    assert_eq!(here.value("app", "readme.present"), json!(true));
    let committed = Known::at(&sandbox, "app", &Moment::DefaultBranch, all);
    assert_eq!(committed.value("app", "license.present"), json!(true));
    assert_eq!(committed.value("app", "readme.present"), json!(false));
    assert_eq!(committed.value("app", "language"), Value::Null);
}

#[cfg(unix)]
#[test]
fn links_out_of_the_repository_are_as_good_as_nothing() {
    let sandbox = Sandbox::new();
    sandbox.write("outside/LICENSE", "secret\n");
    sandbox.write(
        "outside/go.mod",
        "module secret\nrequire example.com/x v1.0.0\n",
    );
    sandbox.write("app/catalog-info.yaml", &component("app"));
    sandbox.write("app/docs/guide.md", "# Guide\n");
    let link = |target: &str, path: &str| {
        std::os::unix::fs::symlink(target, sandbox.root().join("app").join(path)).unwrap();
    };
    link("../outside/LICENSE", "LICENSE");
    link("../outside/go.mod", "go.mod");
    link(".git/config", "SECURITY.md");
    link("docs/guide.md", "README.md");
    sandbox.repository("app");
    for moment in [Moment::Present, Moment::DefaultBranch] {
        let known = Known::at(&sandbox, "", &moment, FactSelection::All);
        assert_eq!(known.value("app", "license.present"), json!(false));
        assert_eq!(known.value("app", "security-policy.present"), json!(false));
        assert_eq!(known.value("app", "readme.present"), json!(true));
        assert_eq!(known.value("app", "language"), Value::Null);
        let told: Vec<&String> = known
            .problems
            .iter()
            .filter(|problem| problem.contains("go.mod"))
            .collect();
        assert_eq!(told.len(), 1, "{known:?}");
        assert!(told[0].contains("out of the repository"), "{told:?}");
    }
}

#[test]
fn what_is_not_in_sight_is_not_absent() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "app/catalog-info.yaml",
        &component("app").replace(
            "  name: app\n",
            "  name: app\n  annotations:\n    backstage.io/source-location: \
             url:https://github.com/larkspur/app/tree/main/submodule/\n",
        ),
    );
    sandbox.write("app/LICENSE", "MIT\n");
    sandbox.repository("app");
    let address = "https://github.com/larkspur/app.git";
    sandbox.git("app", &["remote", "add", "origin", address]);
    let known = Known::of(&sandbox);
    assert_eq!(known.value("app", "license.present"), json!(true));
    for fact in [
        "readme.present",
        "tests.present",
        "documentation.pages",
        "changelog.present",
    ] {
        assert_eq!(known.value("app", fact), Value::Null, "{fact}");
    }
}

#[test]
fn only_what_is_needed_is_looked_at() {
    let sandbox = repository(&[("go.mod", "module app\n"), ("pom.xml", "<")]);
    let selection: FactSelection = ["license.present"].into_iter().collect();
    let known = Known::at(&sandbox, "", &Moment::Present, selection);
    assert!(known.problems.is_empty(), "{known:?}");
    assert_eq!(known.value("app", "language"), Value::Null);
    assert_eq!(known.value("app", "license.present"), json!(false));
}
