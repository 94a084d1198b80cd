//! The folders of repositories that templates name by URL: of the workspace, or clones.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::{Result, anyhow};
use devportal::model::{Forges, RepositoryUrl};
use devportal::repo::{self, GitProgram, GitRevision, GitUrl, InsteadOf, Repository, Workspace};
use devportal::scaffold::StepError;

use crate::environment;
use crate::session::Session;

/// A place in a repository.
pub(crate) struct Located {
    /// The folder of the repository.
    pub(crate) root: PathBuf,
    /// The commit to read; the files as they lie there where none is named.
    pub(crate) commit: Option<String>,
    /// The path in it; empty for its root.
    pub(crate) path: String,
}

/// Finds the folders of repositories.
pub(crate) struct Locator {
    workspace: Workspace,
    may_fetch: bool,
    repositories: OnceLock<Vec<Repository>>,
}

impl Locator {
    pub(crate) fn new(session: &Session, may_fetch: bool) -> Result<Self> {
        Ok(Self {
            workspace: session.workspace()?.clone(),
            may_fetch,
            repositories: OnceLock::new(),
        })
    }

    /// The place that a URL names.
    ///
    /// # Errors
    /// When the URL names no repository, or one that is not here and may not be fetched.
    pub(crate) fn locate(&self, url: &str) -> Result<Located, StepError> {
        let parsed = page(url).map_err(|reason| {
            StepError::new(format!("nothing can be fetched from there: {reason}"))
        })?;
        if let Some(parsed) = &parsed
            && let Some(found) = self.find(&parsed.identity)
        {
            return Ok(Located {
                root: found.root.clone(),
                commit: None,
                path: parsed.path.clone(),
            });
        }
        let (identity, revision, path) = match parsed {
            Some(parsed) => (parsed.identity, parsed.revision, parsed.path),
            None => (url.to_owned(), None, String::new()),
        };
        let (root, commit) = self
            .clone_at(&identity, revision.as_deref())
            .map_err(|error| {
                let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
                StepError::new(causes.join(": "))
            })?;
        Ok(Located {
            root,
            commit: Some(commit),
            path,
        })
    }

    /// A clone of a repository as it is today, or at a revision: its folder, and the commit.
    pub(crate) fn clone_of(
        &self,
        identity: &str,
        revision: Option<&str>,
    ) -> Result<(PathBuf, String)> {
        self.clone_at(identity, revision)
    }

    /// The repository of the workspace that has an identity.
    pub(crate) fn find(&self, identity: &str) -> Option<&Repository> {
        let mut repositories = self.repositories().iter();
        repositories.find(|it| it.identity.eq_ignore_ascii_case(identity))
    }

    /// Whether a folder is a repository of the workspace as it lies there now.
    pub(crate) fn sees(&self, folder: &Path) -> bool {
        let Ok(found) = repo::discover(&self.workspace, &InsteadOf::of_user()) else {
            return false;
        };
        let whole = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
        let folder = whole(folder);
        let mut repositories = found.repositories.iter();
        repositories.any(|it| whole(&it.root) == folder)
    }

    /// The identity of the repository at a folder.
    pub(crate) fn identity_of(&self, root: &Path) -> Option<String> {
        let mut repositories = self.repositories().iter();
        let known = repositories.find(|it| it.root == root);
        let known = known.map(|it| it.identity.to_string());
        known.or_else(|| repo::remote_of(root))
    }

    fn repositories(&self) -> &[Repository] {
        self.repositories.get_or_init(|| {
            let found = repo::discover(&self.workspace, &InsteadOf::of_user());
            found.map_or_else(|_| Vec::new(), |found| found.repositories)
        })
    }

    fn clone_at(&self, identity: &str, revision: Option<&str>) -> Result<(PathBuf, String)> {
        let url = if identity.contains("://") || identity.contains('@') {
            identity.to_owned()
        } else {
            format!("https://{identity}.git")
        };
        let url = GitUrl::parse(&url, false).map_err(|reason| anyhow!("{reason}"))?;
        if !self.may_fetch {
            return Err(anyhow!(
                "\"{url}\" is not in the workspace; --fetch lets it be fetched by Git"
            ));
        }
        let revision = revision.map(GitRevision::parse).transpose();
        let revision = revision.map_err(|reason| anyhow!("{reason}"))?;
        let git = GitProgram::find(&environment::search_path())
            .ok_or_else(|| anyhow!("there is no program \"git\""))?;
        let folder = cache_folder(&url)?;
        let commit = git.clone_at(&url, revision.as_ref(), &folder)?;
        Ok((folder, commit))
    }
}

/// What a URL names on the pages of a forge; `None` where it is a repository as Git knows it.
///
/// # Errors
/// When it could mean something else than it seems to: a page is read part by part, so what Git
/// would not be given is refused before.
pub(crate) fn page(url: &str) -> Result<Option<RepositoryUrl>, String> {
    let address = url.split(['?', '#']).next().unwrap_or(url);
    // GitLab has a part "-" between the repository and the page, which is no option.
    let checked = GitUrl::parse(&address.replace("/-/", "/"), false)?;
    let identity = checked.identity();
    let host = identity.split('/').next().unwrap_or_default();
    // Another port is another server, whose pages nobody knows.
    let is_page_of_forge = !host.contains(':');
    Ok(Forges::default().parse(url).filter(|_| is_page_of_forge))
}

/// The folder of the clone of a repository.
pub(crate) fn cache_folder(url: &GitUrl) -> Result<PathBuf> {
    let cache = environment::template_cache()
        .ok_or_else(|| anyhow!("there is no folder to keep the clone in: HOME is not set"))?;
    // A hash: an identity may be longer than a name of a file, or differ in case alone.
    let name = devportal::scaffold::lock::hash_bytes(url.identity().as_bytes());
    Ok(cache.join(name.trim_start_matches("sha256:")))
}
