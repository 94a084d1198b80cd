//! What a template asks for outside of its files. Nothing of it happens before the plan is applied.

use serde_json::{Map, Value};

use super::{RemoteRepository, WorkTree};

/// What is to happen outside of the tree when a plan is applied.
#[derive(Clone, Debug)]
pub enum Effect {
    /// `publish:HOST`: a repository of these files.
    Publish(Box<Publication>),
    /// `publish:*:pull-request`: a branch with one commit in a repository that exists.
    Propose(Box<Proposal>),
    /// `catalog:register`: the catalog learns of a descriptor.
    Register(Registration),
    /// `github:actions:dispatch`, `gitlab:pipeline:trigger`: a run of CI.
    Dispatch(CiRun),
}

/// A repository to be made.
#[derive(Clone, Debug)]
pub struct Publication {
    /// Where it is pushed.
    pub remote: RemoteRepository,
    /// Its files.
    pub files: WorkTree,
    /// What it is, in a line.
    pub description: Option<String>,
    /// Its web site.
    pub homepage: Option<String>,
    /// `private`, `internal` or `public`.
    pub visibility: String,
    /// Its topics.
    pub topics: Vec<String>,
    /// Its branch.
    pub branch: String,
    /// What its commit says.
    pub message: String,
    /// Who makes the commit, where the template says it: name and e-mail.
    pub author: (Option<String>, Option<String>),
    /// Fields of the input that only a forge's own tools can carry out.
    pub left_out: Vec<String>,
}

/// A change of a repository that exists.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The repository.
    pub remote: RemoteRepository,
    /// The new branch.
    pub branch: String,
    /// The branch that it is for; the default branch where none is named.
    pub base: Option<String>,
    /// Its title.
    pub title: String,
    /// What it is, in words.
    pub description: String,
    /// What the commit says.
    pub message: String,
    /// The files that are written, below the root of the repository.
    pub files: WorkTree,
    /// The files that are removed.
    pub removed: Vec<String>,
    /// Who makes the commit, where the template says it: name and e-mail.
    pub author: (Option<String>, Option<String>),
}

/// A descriptor that the catalog is to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// The URL of the descriptor.
    pub url: String,
}

/// A run of CI.
#[derive(Clone, Debug, PartialEq)]
pub struct CiRun {
    /// The repository.
    pub remote: RemoteRepository,
    /// The workflow, on GitHub.
    pub workflow: Option<String>,
    /// The branch or tag.
    pub branch: String,
    /// What the run is given.
    pub inputs: Map<String, Value>,
    /// The number of the project, on GitLab, where the template names it.
    pub project: Option<u64>,
}

impl Effect {
    /// What it is, in one word.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Publish(_) => "publish",
            Self::Propose(_) => "propose",
            Self::Register(_) => "register",
            Self::Dispatch(_) => "dispatch",
        }
    }

    /// What it does, in a few words, for people.
    #[must_use]
    pub fn summary(&self) -> String {
        match self {
            Self::Publish(publication) => {
                format!("publish to {}", publication.remote.identity())
            }
            Self::Propose(proposal) => format!(
                "branch \"{}\" in {}",
                proposal.branch,
                proposal.remote.identity()
            ),
            Self::Register(registration) => format!("register {}", registration.url),
            Self::Dispatch(run) => format!("start {} in {}", run.what(), run.place()),
        }
    }

    /// Whether all or part of it is only done with `--push`.
    #[must_use]
    pub const fn needs_push(&self) -> bool {
        !matches!(self, Self::Register(_))
    }

    /// What it is about: the repository, or the URL.
    #[must_use]
    pub fn subject(&self) -> String {
        match self {
            Self::Publish(publication) => publication.remote.identity(),
            Self::Propose(proposal) => proposal.remote.identity(),
            Self::Register(registration) => registration.url.clone(),
            Self::Dispatch(run) => run.place(),
        }
    }
}

impl CiRun {
    /// What is started, in a few words.
    #[must_use]
    pub fn what(&self) -> String {
        match &self.workflow {
            Some(workflow) => format!("workflow \"{workflow}\" on \"{}\"", self.branch),
            None => format!("a pipeline on \"{}\"", self.branch),
        }
    }

    /// Where it runs: the number of the project goes before the repository.
    #[must_use]
    pub fn place(&self) -> String {
        match self.project {
            Some(project) => format!("{}, project {project}", self.remote.host),
            None => self.remote.identity(),
        }
    }
}
