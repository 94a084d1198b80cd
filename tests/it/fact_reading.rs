//! Reading the facts of a workspace as a command would, at a moment that the test chooses.

use std::process::Command;

use devportal::cache::Cache;
use devportal::check::all_codes;
use devportal::fact::{AskedEntities, FactRequest, FactSelection, Gathered, Knowledge, gather};
use devportal::model::{EntityRef, Moment};
use devportal::repo::{Workspace, WorkspaceFile, WorkspaceRequest};
use devportal::scan::{PathSelection, Progress, Scan, ScanRequest, scan};
use serde_json::Value;

use crate::sandbox::{Run, Sandbox};

/// Facts that are read from the workspace of a sandbox.
pub(crate) struct Reading<'a> {
    pub(crate) sandbox: &'a Sandbox,
    pub(crate) moment: Moment,
    /// RFC 3339.
    pub(crate) now: &'a str,
    pub(crate) cache: Cache,
}

/// What was read.
pub(crate) struct ReadFacts(pub(crate) Gathered);

struct Silent;

impl Progress for Silent {
    fn found(&self, _: usize) {}
    fn read(&self) {}
}

impl<'a> Reading<'a> {
    pub(crate) fn new(sandbox: &'a Sandbox, now: &'a str) -> Self {
        Self {
            sandbox,
            moment: Moment::Present,
            now,
            cache: Cache::disabled(),
        }
    }

    pub(crate) fn at(self, moment: &str) -> Self {
        Self {
            moment: Moment::parse(moment),
            ..self
        }
    }

    pub(crate) fn with_cache(self, cache: &Cache) -> Self {
        Self {
            cache: cache.clone(),
            ..self
        }
    }

    fn scan(&self) -> Scan {
        let root = self.sandbox.root();
        let request = WorkspaceRequest {
            flag: Some(root.clone()),
            current: root,
            ..WorkspaceRequest::default()
        };
        let read = |text: &str| WorkspaceFile {
            repositories: None,
            organisation: text.contains("organisation:"),
        };
        let codes: Vec<&str> = all_codes().iter().map(|code| code.name).collect();
        let found = scan(&ScanRequest {
            workspace: &Workspace::choose(&request, &read).unwrap(),
            moment: &self.moment,
            selection: &PathSelection::default(),
            all_code_owners: false,
            codes: &codes,
            progress: &Silent,
        });
        found.unwrap()
    }

    /// The facts of these names.
    pub(crate) fn read(&self, names: &[&str]) -> ReadFacts {
        let scan = self.scan();
        let selection: FactSelection = names.iter().copied().collect();
        ReadFacts(gather(FactRequest {
            catalog: &scan.catalog,
            repositories: &scan.repositories,
            config: &scan.config,
            moment: &self.moment,
            now: self.now.parse().unwrap(),
            selection,
            entities: AskedEntities::All,
            cache: &self.cache,
        }))
    }
}

impl ReadFacts {
    /// The value of a fact of a component; null where it is not known.
    pub(crate) fn value(&self, component: &str, selector: &str) -> Value {
        let entity = EntityRef::new("component", "default", component);
        match self.0.facts.get(&entity, &selector.parse().unwrap()) {
            Knowledge::Known(known) => known.value,
            Knowledge::Expired(_) => panic!("{selector} does not hold any more"),
            Knowledge::Unknown => Value::Null,
        }
    }

    /// Where to look for a fact of a component.
    pub(crate) fn evidence(&self, component: &str, selector: &str) -> String {
        let entity = EntityRef::new("component", "default", component);
        match self.0.facts.get(&entity, &selector.parse().unwrap()) {
            Knowledge::Known(known) => known.fact.evidence.as_deref().unwrap().to_owned(),
            other => panic!("{selector}: {other:?}"),
        }
    }

    /// The messages of what could not be read, each with its code.
    pub(crate) fn problems(&self) -> Vec<String> {
        let problems = self.0.problems.iter();
        problems
            .map(|problem| format!("{}: {}", problem.code.name, problem.message))
            .collect()
    }
}

/// A descriptor of one component, perhaps with lines of annotations.
pub(crate) fn component(name: &str, annotations: &str) -> String {
    let annotations = if annotations.is_empty() {
        String::new()
    } else {
        format!("  annotations:\n    {annotations}\n")
    };
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {name}\n{annotations}\
         spec:\n  type: service\n  lifecycle: production\n  owner: payments\n"
    )
}

/// A person who commits.
#[derive(Clone, Copy)]
pub(crate) struct Author(pub(crate) &'static str, pub(crate) &'static str);

pub(crate) const MIRA: Author = Author("Mira Sand", "mira@example.com");
pub(crate) const BO: Author = Author("Bo Lind", "bo@example.com");

/// Commits everything in a folder in the name of somebody, at noon of a day.
pub(crate) fn commit(sandbox: &Sandbox, folder: &str, day: &str, author: Author) -> String {
    let run = |arguments: &[&str]| {
        let mut command: Command = sandbox.command("git", folder);
        command
            .env("GIT_AUTHOR_NAME", author.0)
            .env("GIT_AUTHOR_EMAIL", author.1);
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_DATE"), format!("{day}T12:00:00+00:00"));
        }
        let run = Run::of(command.args(arguments));
        assert!(run.code == 0, "git {arguments:?}: {}", run.stderr);
        run.stdout
    };
    run(&["add", "--all"]);
    run(&["commit", "--quiet", "--allow-empty", "--message=change"]);
    run(&["rev-parse", "HEAD"]).trim().to_owned()
}

/// A repository with a component of its name at its root, and no commit yet.
pub(crate) fn empty_repository(sandbox: &Sandbox, name: &str, annotations: &str) {
    let path = format!("{name}/catalog-info.yaml");
    sandbox.write(&path, &component(name, annotations));
    sandbox.git(name, &["init", "--quiet", "--initial-branch=main"]);
}

/// Writes a file with a content that it did not have before.
pub(crate) fn change(sandbox: &Sandbox, path: &str) {
    let before = std::fs::read_to_string(sandbox.root().join(path)).unwrap_or_default();
    sandbox.write(path, &format!("{before}x\n"));
}
