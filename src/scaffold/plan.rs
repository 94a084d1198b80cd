//! What applying a run will do, before it is done.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{Effect, Entry, Output, Publication, Ran, StepError, StepReport, WorkTree, link};

/// What applying a run will do.
#[derive(Debug)]
pub struct Plan {
    /// The repositories that are made.
    pub repositories: Vec<PlannedRepository>,
    /// What happens outside of them, in order. The publications among them are those of the
    /// repositories, without the files.
    pub effects: Vec<Effect>,
    /// What became of the steps.
    pub steps: Vec<StepReport>,
    /// What the template tells at the end.
    pub output: Output,
}

/// A repository to be made.
#[derive(Debug)]
pub struct PlannedRepository {
    /// Its folder.
    pub destination: PathBuf,
    /// Its files.
    pub tree: WorkTree,
    /// Where it is published, when it is.
    pub publication: Option<Publication>,
}

/// A file of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlannedFile<'a> {
    /// Its path in the repository.
    pub path: &'a str,
    /// `file`, `link` or `folder`.
    pub kind: &'static str,
    /// Its size in bytes.
    pub size: usize,
    /// Whether it may be executed.
    pub executable: bool,
}

/// What somebody should look at before a plan is applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlanWarning {
    /// What it is about.
    pub subject: String,
    /// Why it is worth a look.
    pub message: String,
}

/// Files that machines of a forge run, by how their paths begin.
const PIPELINES: [&str; 9] = [
    ".github/workflows/",
    ".github/actions/",
    ".gitlab-ci.yml",
    ".circleci/",
    ".buildkite/",
    ".gitea/workflows/",
    "azure-pipelines.yml",
    "bitbucket-pipelines.yml",
    "Jenkinsfile",
];

impl Plan {
    /// The plan of a run.
    ///
    /// `destination` is the folder that was asked for; `beside` the folder that repositories
    /// lie in where none was, and `name` what the new one is called there.
    ///
    /// # Errors
    /// When the run made no files, two of its files are one on some systems, or a link leads out.
    pub fn new(
        ran: Ran,
        destination: Option<&Path>,
        beside: &Path,
        name: &str,
    ) -> Result<Self, StepError> {
        let mut repositories: Vec<PlannedRepository> = Vec::new();
        let mut effects = Vec::new();
        for effect in ran.effects {
            match effect {
                Effect::Publish(mut publication) => {
                    let files = std::mem::take(&mut publication.files);
                    let folder = match (destination, repositories.first()) {
                        (Some(asked), None) => asked.to_path_buf(),
                        // A second repository lies beside the first.
                        (_, Some(first)) => {
                            first.destination.with_file_name(&publication.remote.name)
                        }
                        (None, None) => beside.join(&publication.remote.name),
                    };
                    repositories.push(PlannedRepository {
                        destination: folder,
                        tree: files,
                        publication: Some((*publication).clone()),
                    });
                    effects.push(Effect::Publish(publication));
                }
                other => effects.push(other),
            }
        }
        let proposes = effects
            .iter()
            .any(|effect| matches!(effect, Effect::Propose(_)));
        if repositories.is_empty() && !proposes {
            let tells = ran.steps.iter().any(|step| !step.log.notices.is_empty());
            let is_all = effects.is_empty() && ran.output.is_empty() && !tells;
            if ran.tree.is_empty() && is_all {
                return Err(StepError::new(
                    "the template makes no files, and nothing else",
                ));
            }
            // Templates may be there to start something elsewhere, or to tell something.
            if !ran.tree.is_empty() {
                repositories.push(PlannedRepository {
                    destination: destination.map_or_else(|| beside.join(name), Path::to_path_buf),
                    tree: ran.tree,
                    publication: None,
                });
            }
        }
        for repository in &repositories {
            refuse_unsafe(&repository.tree)?;
        }
        Ok(Self {
            repositories,
            effects,
            steps: ran.steps,
            output: ran.output,
        })
    }

    /// What somebody should look at first.
    #[must_use]
    pub fn warnings(&self) -> Vec<PlanWarning> {
        let mut warnings = Vec::new();
        for repository in &self.repositories {
            warnings.extend(repository.warnings());
        }
        warnings
    }
}

/// Refuses files that are one on some systems, and links that lead out of what is written: a step
/// may have moved a link to where it means something else.
fn refuse_unsafe(tree: &WorkTree) -> Result<(), StepError> {
    if let Some((one, other)) = tree.clash() {
        return Err(StepError::new(format!(
            "\"{one}\" and \"{other}\" are one file on systems that ignore case"
        )));
    }
    for (path, entry) in tree.below(None) {
        if let Entry::Link { target } = entry {
            link::refuse_outside(path, target)?;
        }
    }
    Ok(())
}

impl PlannedRepository {
    /// Its files, in byte order of their paths.
    pub fn files(&self) -> impl Iterator<Item = PlannedFile<'_>> {
        self.tree.below(None).map(|(path, entry)| PlannedFile {
            path: path.as_str(),
            kind: match entry {
                Entry::File { .. } => "file",
                Entry::Link { .. } => "link",
                Entry::EmptyFolder => "folder",
            },
            size: entry.bytes().map_or(0, <[u8]>::len),
            executable: is_executable(entry),
        })
    }

    /// The name of its branch.
    #[must_use]
    pub fn branch(&self) -> &str {
        self.publication
            .as_ref()
            .map_or("main", |publication| &publication.branch)
    }

    fn warnings(&self) -> Vec<PlanWarning> {
        let mut warnings = Vec::new();
        let mut warn = |subject: &str, message: String| {
            warnings.push(PlanWarning {
                subject: subject.to_owned(),
                message,
            });
        };
        for (path, entry) in self.tree.below(None) {
            let path = path.as_str();
            if PIPELINES.iter().any(|start| path.starts_with(start)) {
                warn(path, "will be run by the forge".to_owned());
            }
            if is_executable(entry) {
                warn(path, "may be executed".to_owned());
            }
            if let Entry::Link { target } = entry {
                warn(path, format!("is a link to \"{target}\""));
            }
        }
        if let Some(publication) = &self.publication {
            let identity = publication.remote.identity();
            if publication.visibility == "public" {
                warn(&identity, "will be public".to_owned());
            }
            if !publication.left_out.is_empty() {
                let fields = publication.left_out.join(", ");
                warn(&identity, format!("these settings are not made: {fields}"));
            }
        }
        warnings
    }
}

fn is_executable(entry: &Entry) -> bool {
    matches!(
        entry,
        Entry::File {
            executable: true,
            ..
        }
    )
}
