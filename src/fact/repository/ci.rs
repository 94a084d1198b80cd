//! CI: which systems have something to run, and whether that looks for vulnerabilities.
//!
//! Systems read their configuration at the root, and people put it into the home as well where a
//! server is told to look there; both count.

use std::collections::BTreeMap;

use super::file_names::ending;
use super::security_scan::{self, Scanned};
use super::{CodeHome, Look, RepositorySource, Seen};
use crate::fact::Observation;
use crate::repo::{FileEntry, FileKind, FolderFiles};

pub(super) const SOURCE: RepositorySource = RepositorySource {
    name: "ci",
    gives: &["ci.present", "ci.systems", "ci.security-scan"],
    look: Look::AtHome(look),
};

/// The most files of one folder that are read to see what they run.
const MOST_WORKFLOWS: usize = 100;

/// A CI system.
struct System {
    name: &'static str,
    /// The folder of its files; empty for the one that is looked at.
    folder: &'static str,
    is_workflow: fn(&str) -> bool,
}

const fn system(name: &'static str, folder: &'static str, is_workflow: fn(&str) -> bool) -> System {
    System {
        name,
        folder,
        is_workflow,
    }
}

/// All systems, in the order of their folders and names: those of a folder lie side by side.
const SYSTEMS: &[System] = &[
    system("appveyor", "", |name| {
        matches!(name, "appveyor.yml" | ".appveyor.yml")
    }),
    system("aws-codebuild", "", |name| {
        matches!(name, "buildspec.yml" | "buildspec.yaml")
    }),
    system("azure-pipelines", "", |name| {
        name.starts_with("azure-pipelines") && is_yaml(name)
    }),
    system("bitbucket-pipelines", "", |name| {
        name == "bitbucket-pipelines.yml"
    }),
    system("cirrus-ci", "", |name| {
        matches!(name, ".cirrus.yml" | ".cirrus.star")
    }),
    system("drone", "", |name| {
        matches!(name, ".drone.yml" | ".drone.star" | ".drone.jsonnet")
    }),
    system("gitlab-ci", "", |name| {
        matches!(name, ".gitlab-ci.yml" | ".gitlab-ci.yaml")
    }),
    system("google-cloud-build", "", |name| {
        matches!(
            name,
            "cloudbuild.yaml" | "cloudbuild.yml" | "cloudbuild.json"
        )
    }),
    system("jenkins", "", |name| {
        name == "Jenkinsfile" || name.starts_with("Jenkinsfile.")
    }),
    system("sourcehut", "", |name| matches!(name, ".build.yml")),
    system("travis-ci", "", |name| name == ".travis.yml"),
    system("woodpecker", "", |name| {
        matches!(name, ".woodpecker.yml" | ".woodpecker.yaml")
    }),
    system("azure-pipelines", ".azure-pipelines", is_yaml),
    system("azure-pipelines", ".azuredevops", is_yaml),
    system("buildkite", ".buildkite", is_yaml),
    system("sourcehut", ".builds", is_yaml),
    system("circleci", ".circleci", is_yaml),
    system("forgejo-actions", ".forgejo/workflows", is_yaml),
    system("gitea-actions", ".gitea/workflows", is_yaml),
    system("github-actions", ".github/workflows", is_yaml),
    system("semaphore", ".semaphore", is_yaml),
    system("teamcity", ".teamcity", |name| {
        matches!(name, "settings.kts" | "pom.xml")
    }),
    system("tekton", ".tekton", is_yaml),
    system("woodpecker", ".woodpecker", is_yaml),
];

fn is_yaml(name: &str) -> bool {
    matches!(ending(name), "yml" | "yaml")
}

/// What CI has to run in a folder.
#[derive(Debug, Default)]
pub(super) struct Workflows<'a> {
    /// The first file of each system.
    systems: BTreeMap<&'static str, &'a FileEntry>,
    files: Vec<&'a FileEntry>,
    scan: std::cell::OnceCell<Scanned>,
}

fn look(home: &CodeHome<'_>, seen: &mut Seen) {
    let all_files = home.code.snapshot.folder("");
    let root = home
        .code
        .workflows
        .get_or_init(|| Workflows::of(home, all_files));
    let own = if home.folder.is_empty() {
        Workflows::default()
    } else {
        Workflows::of(home, home.below())
    };
    let all = || [&own, root].into_iter();
    let first = all().find_map(|workflows| workflows.files.first().copied());
    home.say_presence(seen, "ci.present", first);
    let mut systems: Vec<&str> = all()
        .flat_map(|workflows| workflows.systems.keys().copied())
        .collect();
    systems.sort_unstable();
    systems.dedup();
    if home.is_in_sight() {
        let observation = Observation::new("ci.systems", systems);
        seen.add(match first {
            Some(file) => observation.evidence(home.evidence(&file.path, None)),
            None => observation,
        });
    }
    if home.wants("ci.security-scan") {
        let scans = all().map(|workflows| workflows.scan(home));
        let best = scans.fold(Scanned::No, Scanned::or);
        match best {
            Scanned::Yes { evidence } => {
                seen.add(Observation::new("ci.security-scan", true).evidence(evidence));
            }
            Scanned::No if home.is_in_sight() => {
                seen.add(Observation::new("ci.security-scan", false));
            }
            Scanned::No | Scanned::NotInSight => {}
        }
    }
}

impl<'a> Workflows<'a> {
    fn of(home: &CodeHome<'a>, base: FolderFiles<'a>) -> Self {
        let mut workflows = Self::default();
        let mut add = |systems: &[System], files: FolderFiles<'a>| {
            for file in files.direct() {
                let Ok(name) = std::str::from_utf8(file.name()) else {
                    continue;
                };
                for system in systems.iter().filter(|system| (system.is_workflow)(name)) {
                    if home.is_there(file) {
                        workflows.systems.entry(system.name).or_insert(file);
                        workflows.files.push(file);
                    }
                }
            }
        };
        for systems in SYSTEMS.chunk_by(|a, b| a.folder == b.folder) {
            match systems.first().map_or("", |system| system.folder) {
                "" => add(systems, base),
                folder => add(systems, base.folder(folder)),
            }
        }
        workflows.files.sort_by(|a, b| a.path.cmp(&b.path));
        workflows
    }

    /// Whether one of the files runs a scanner.
    fn scan(&self, home: &CodeHome<'_>) -> Scanned {
        let scan = || {
            let files = self.files.iter().filter(|file| file.kind == FileKind::File);
            let mut best = Scanned::No;
            for file in files.take(MOST_WORKFLOWS) {
                let scanned = match home.text(&file.path) {
                    Ok(text) => {
                        security_scan::scan(&text, |line| home.evidence(&file.path, Some(line)))
                    }
                    Err(_) => Scanned::NotInSight,
                };
                best = best.or(scanned);
                if matches!(best, Scanned::Yes { .. }) {
                    break;
                }
            }
            best
        };
        self.scan.get_or_init(scan).clone()
    }
}
