//! What scaffolding asks forges to do, through their REST APIs.
//!
//! One file a forge. Everything is written so that it can be run again: what is there already is
//! taken as it is, as long as nobody could read more than was asked for.

mod connection;
mod github;
mod gitlab;

use std::collections::BTreeMap;
use std::fmt;

use crate::model::ForgeKind;

pub use connection::Connection;

/// A repository of a forge, as it is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteRepository {
    /// The host of the forge, with its port where that is not the usual one.
    pub host: String,
    /// The user or organisation; on GitLab the path of the group.
    pub owner: String,
    /// The name.
    pub name: String,
    /// What it is, in a sentence.
    pub description: Option<String>,
    /// Who may read it.
    pub visibility: Visibility,
    /// The branch that is shown first.
    pub default_branch: String,
    /// Its topics.
    pub topics: Vec<String>,
    /// The address of its home page, where the forge has such a thing.
    pub homepage: Option<String>,
}

/// Who may read a repository, the fewest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Visibility {
    /// Those who are let in.
    Private,
    /// Everybody who is signed in, or belongs to the enterprise.
    Internal,
    /// Everybody.
    Public,
}

impl Visibility {
    const NAMES: [(&'static str, Self); 3] = [
        ("private", Self::Private),
        ("internal", Self::Internal),
        ("public", Self::Public),
    ];

    /// The visibility of that name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let found = Self::NAMES.iter().find(|(known, _)| *known == name);
        found.map(|(_, visibility)| *visibility)
    }

    /// The name, which is the same on all forges.
    #[must_use]
    pub fn name(self) -> &'static str {
        let found = Self::NAMES.iter().find(|(_, known)| *known == self);
        found.map_or("", |(name, _)| name)
    }
}

/// A repository that is there now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ensured {
    /// It was made now.
    Created(Addresses),
    /// It was there already.
    Existed(Addresses),
}

/// Where a repository is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addresses {
    /// The URL for Git.
    pub clone_url: String,
    /// The URL for people.
    pub web_url: String,
}

/// Work that a forge does with the credentials of its own CI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dispatch {
    /// A workflow of GitHub Actions.
    Workflow {
        /// The owner of the repository.
        owner: String,
        /// Its name.
        name: String,
        /// The workflow: its number or the name of its file.
        workflow: String,
        /// The branch or tag that it runs on.
        reference: String,
        /// Its inputs.
        inputs: BTreeMap<String, String>,
    },
    /// A pipeline of GitLab.
    Pipeline {
        /// The project: its number or its path.
        project: String,
        /// The branch or tag that it runs on.
        reference: String,
        /// Its variables.
        variables: BTreeMap<String, String>,
    },
}

/// What scaffolding asks of a forge.
pub trait ForgeApi {
    /// Makes a repository where it is missing.
    ///
    /// # Errors
    /// When the forge refuses, or what is there could be read by more people than is asked for.
    fn ensure_repository(&self, repository: &RemoteRepository) -> Result<Ensured, ForgeError>;

    /// Has the forge show the wanted branch first, once it was pushed.
    ///
    /// # Errors
    /// When the forge refuses.
    fn set_default_branch(&self, repository: &RemoteRepository) -> Result<(), ForgeError>;

    /// Starts work of its CI.
    ///
    /// # Errors
    /// When the forge refuses, or has no such work.
    fn dispatch(&self, work: &Dispatch) -> Result<(), ForgeError>;
}

/// Why a forge did not do it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForgeError {
    /// What happened, without a token. Part of it is what the forge said.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Whether a token is missing, is refused, or may not do it.
    pub needs_credential: bool,
}

impl ForgeError {
    fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: None,
            needs_credential: false,
        }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for ForgeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ForgeError {}

/// How a forge is connected to.
type Connect = for<'a> fn(Connection<'a>) -> Box<dyn ForgeApi + 'a>;

/// The forges that can be asked.
pub static FORGES: &[(ForgeKind, Connect)] = &[
    (ForgeKind::GitHub, |connection| {
        Box::new(github::GitHub::new(connection))
    }),
    (ForgeKind::GitLab, |connection| {
        Box::new(gitlab::GitLab::new(connection))
    }),
];

/// The API of a forge; `None` for those that cannot be asked.
#[must_use]
pub fn api(kind: ForgeKind, connection: Connection<'_>) -> Option<Box<dyn ForgeApi + '_>> {
    let (_, connect) = FORGES.iter().find(|(known, _)| *known == kind)?;
    Some(connect(connection))
}

/// Where the API of a forge is when nobody says otherwise; `None` for those that cannot be asked.
#[must_use]
pub fn default_api_url(kind: ForgeKind, host: &str) -> Option<String> {
    match kind {
        ForgeKind::GitHub if host.eq_ignore_ascii_case("github.com") => {
            Some("https://api.github.com".to_owned())
        }
        ForgeKind::GitHub => Some(format!("https://{host}/api/v3")),
        ForgeKind::GitLab => Some(format!("https://{host}/api/v4")),
        _ => None,
    }
}

/// Refuses a repository that is there already and can be read by more people than is asked for.
fn check_visibility(
    repository: &RemoteRepository,
    is: Option<Visibility>,
) -> Result<(), ForgeError> {
    match is {
        Some(is) if is > repository.visibility => Err(ForgeError::new(format!(
            "repository \"{}/{}\" is there already and is {}, not {}",
            repository.owner,
            repository.name,
            is.name(),
            repository.visibility.name()
        ))
        .help(
            "change who may read it on the forge, choose another name, or ask for that visibility",
        )),
        _ => Ok(()),
    }
}

/// The addresses of a repository: those that the forge names, as long as they are of its own host.
fn addresses(
    repository: &RemoteRepository,
    clone_url: Option<&str>,
    web_url: Option<&str>,
) -> Addresses {
    let plain = format!(
        "https://{}/{}/{}",
        repository.host, repository.owner, repository.name
    );
    let of_host = |url: &&str| {
        let rest = url.strip_prefix("https://");
        let host = rest.and_then(|rest| rest.split('/').next());
        host.is_some_and(|host| host.eq_ignore_ascii_case(&repository.host))
    };
    let clone_url = clone_url.filter(of_host).map(str::to_owned);
    let web_url = web_url.filter(of_host).map(str::to_owned);
    Addresses {
        clone_url: clone_url.unwrap_or_else(|| format!("{plain}.git")),
        web_url: web_url.unwrap_or(plain),
    }
}
