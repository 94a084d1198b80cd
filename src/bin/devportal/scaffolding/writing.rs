//! Writing the repositories of a plan, each with its first commit.

use std::path::{Path, PathBuf};

use anyhow::Result;
use devportal::repo::{self, CommittedContent, CommittedFile, FirstCommit, Identity};
use devportal::scaffold::apply::{Destination, Staged};
use devportal::scaffold::{Entry, PlannedRepository, Publication};
use serde::Serialize;

use crate::environment;

/// How repositories are written.
#[derive(Clone, Copy)]
pub(crate) struct Writing {
    /// Whether what is at the destination is moved aside.
    pub(crate) force: bool,
    /// Whether they become Git repositories.
    pub(crate) git: bool,
}

/// A repository that was written.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WrittenRepository {
    /// Its folder.
    pub(crate) destination: PathBuf,
    /// Its first commit.
    pub(crate) commit: Option<String>,
    /// Where what was there before is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) moved_aside: Option<PathBuf>,
    /// Files that its own `.gitignore` leaves out, which are committed all the same.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) ignored: Vec<String>,
    /// Why there is no commit, where there should be one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) without_commit: Option<&'static str>,
}

const NO_IDENTITY: &str = "Git does not know who you are";

/// Writes all repositories, or none: only when the last of them is whole, the first gets its
/// name.
pub(crate) fn write(
    repositories: &[PlannedRepository],
    writing: Writing,
) -> Result<Vec<WrittenRepository>> {
    let mut staged = Vec::new();
    for repository in repositories {
        let destination = Destination::open(&repository.destination, writing.force)?;
        let folder = Staged::write(destination, &repository.tree)?;
        let committed = if writing.git {
            commit(&folder.path(), repository)?
        } else {
            Committed::default()
        };
        staged.push((folder, committed));
    }
    let mut written = Vec::new();
    for (folder, committed) in staged {
        let (destination, moved_aside) = folder.finish()?;
        written.push(WrittenRepository {
            destination,
            commit: committed.commit,
            moved_aside,
            ignored: committed.ignored,
            without_commit: committed.without_commit,
        });
    }
    Ok(written)
}

#[derive(Default)]
struct Committed {
    commit: Option<String>,
    ignored: Vec<String>,
    without_commit: Option<&'static str>,
}

fn commit(folder: &Path, repository: &PlannedRepository) -> Result<Committed> {
    let publication = repository.publication.as_ref();
    let remote = publication.map(|publication| publication.remote.clone_url());
    let Some(author) = author(publication) else {
        repo::create_empty_repository(folder, repository.branch(), remote.as_deref())?;
        return Ok(Committed {
            without_commit: Some(NO_IDENTITY),
            ..Committed::default()
        });
    };
    let message = publication.map_or("initial commit", |publication| &publication.message);
    let mut files = repository.tree.below(None).filter_map(|(path, entry)| {
        let content = content(entry)?;
        Some(CommittedFile {
            path: path.as_str(),
            content,
        })
    });
    let created = repo::create_repository(
        folder,
        &mut FirstCommit {
            branch: repository.branch(),
            message: &format!("{}\n", message.trim_end()),
            author: &author,
            time: environment::now(),
            offset_minutes: 0,
            remote: remote.as_deref(),
            files: &mut files,
        },
    )?;
    Ok(Committed {
        commit: Some(created.commit),
        ignored: created.ignored,
        without_commit: None,
    })
}

/// A file as it is committed; an empty folder is not.
pub(crate) fn content(entry: &Entry) -> Option<CommittedContent<'_>> {
    match entry {
        Entry::File { bytes, executable } => Some(CommittedContent::File {
            bytes,
            executable: *executable,
        }),
        Entry::Link { target } => Some(CommittedContent::Link { target }),
        Entry::EmptyFolder => None,
    }
}

/// Who commits: as the template says, as the environment says, as Git knows.
fn author(publication: Option<&Publication>) -> Option<Identity> {
    let (name, email) = publication.map_or((None, None), |it| it.author.clone());
    identity(name, email)
}

/// Who commits, where a template may say so.
pub(crate) fn identity(name: Option<String>, email: Option<String>) -> Option<Identity> {
    let (own_name, own_email) = environment::git_author();
    Identity::of_user_with(name.or(own_name), email.or(own_email))
}
