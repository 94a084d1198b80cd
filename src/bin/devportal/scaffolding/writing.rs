//! Writing the repositories of a plan, each with its first commit.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use devportal::repo::{self, CommittedContent, CommittedFile, FirstCommit, Identity};
use devportal::scaffold::apply::{Destination, Staged};
use devportal::scaffold::lock::LOCK_PATH;
use devportal::scaffold::{Entry, PlannedRepository, Publication, TargetPath};
use serde::Serialize;

use crate::environment;

/// How repositories are written.
#[derive(Clone, Copy)]
pub(crate) struct Writing {
    /// Whether what is at the destination is moved aside.
    pub(crate) force: bool,
    /// Whether they become Git repositories.
    pub(crate) git: bool,
    /// Whether what an earlier run made is taken as it is, so that pushing can go on.
    pub(crate) goes_on: bool,
}

/// A repository that was written.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WrittenRepository {
    /// Its folder.
    pub(crate) destination: PathBuf,
    /// Its first commit.
    pub(crate) commit: Option<String>,
    /// Whether an earlier run made it.
    pub(crate) made_before: bool,
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
const NOT_COMMITTED: &str = "an earlier run could not make one";

/// Writes all repositories, or none: only when the last of them is whole, the first gets its
/// name.
pub(crate) fn write(
    repositories: &[PlannedRepository],
    writing: Writing,
) -> Result<Vec<WrittenRepository>> {
    let mut staged = Vec::new();
    for repository in repositories {
        if writing.goes_on
            && let Some(written) = made_before(repository)
        {
            staged.push(Prepared::MadeBefore(written));
            continue;
        }
        let destination = Destination::open(&repository.destination, writing.force)?;
        let folder = Staged::write(destination, &repository.tree)?;
        let committed = if writing.git {
            let committed = commit(&folder.path(), repository)?;
            if !folder.contains(".git") {
                bail!("somebody moved \"{}\" meanwhile", folder.path().display());
            }
            committed
        } else {
            Committed::default()
        };
        staged.push(Prepared::Staged(folder, committed));
    }
    staged.into_iter().map(Prepared::finish).collect()
}

/// A repository that is ready to get its name.
enum Prepared {
    Staged(Staged, Committed),
    MadeBefore(WrittenRepository),
}

impl Prepared {
    fn finish(self) -> Result<WrittenRepository> {
        let (folder, committed) = match self {
            Self::MadeBefore(written) => return Ok(written),
            Self::Staged(folder, committed) => (folder, committed),
        };
        let (destination, moved_aside) = folder.finish()?;
        Ok(WrittenRepository {
            destination,
            commit: committed.commit,
            made_before: false,
            moved_aside,
            ignored: committed.ignored,
            without_commit: committed.without_commit,
        })
    }
}

/// Whether an earlier run made what lies at the destination of a repository.
pub(crate) fn is_made_before(repository: &PlannedRepository) -> bool {
    made_before(repository).is_some()
}

/// The repository that an earlier run made of the same template with the same answers.
fn made_before(repository: &PlannedRepository) -> Option<WrittenRepository> {
    let lock = TargetPath::new(LOCK_PATH).ok()?;
    let there = repo::read_file_below(&repository.destination, LOCK_PATH).ok()?;
    if there.content.bytes() != repository.tree.get(&lock)?.bytes() {
        return None;
    }
    let head = repo::head_of_files(&repository.destination, "", &[]);
    Some(WrittenRepository {
        destination: repository.destination.clone(),
        without_commit: head.is_none().then_some(NOT_COMMITTED),
        commit: head.map(|head| head.commit),
        made_before: true,
        moved_aside: None,
        ignored: Vec::new(),
    })
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
