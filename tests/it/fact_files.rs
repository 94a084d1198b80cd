//! Facts that are read from the files of repositories.

use std::collections::BTreeMap;

use devportal::cache::Cache;
use devportal::fact::{FactRequest, FactSelection, gather};
use devportal::model::Moment;
use devportal::repo::{Workspace, WorkspaceFile};
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
            entities: None,
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
