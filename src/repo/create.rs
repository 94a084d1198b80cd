//! Making a repository of files that were just written.

use std::fs::Metadata;
use std::path::Path;

use anyhow::{Context, Result, bail};
use git2::{
    Config, ConfigLevel, IndexEntry, IndexTime, Oid, Reference, Repository as Git,
    RepositoryInitOptions,
};

use super::Identity;
use super::commit::{self, CommitWords, CommittedContent, CommittedFile};

/// The first commit of a repository.
pub struct FirstCommit<'a> {
    /// The branch that it is on.
    pub branch: &'a str,
    /// What it says.
    pub message: &'a str,
    /// Who makes it.
    pub author: &'a Identity,
    /// When: seconds since 1970.
    pub time: i64,
    /// The offset of that time from UTC.
    pub offset_minutes: i32,
    /// The URL of `origin`.
    pub remote: Option<&'a str>,
    /// What it has: the files that lie in the folder.
    pub files: &'a mut dyn Iterator<Item = CommittedFile<'a>>,
}

/// A repository that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatedRepository {
    /// The id of its commit.
    pub commit: String,
    /// The files that its own `.gitignore` leaves out, which are committed all the same.
    pub ignored: Vec<String>,
}

/// Makes a folder a repository with one commit of exactly these files, which lie in it already.
/// No template, hook, filter or signature of the user's Git configuration has a part in it; line
/// ends are converted where the repository's own `.gitattributes` say so, as Git does. The index
/// knows the files as they lie there, so that `git status` has nothing to say.
///
/// # Errors
/// When the folder is a repository already, the branch or a path cannot be one, or the disk
/// refuses.
pub fn create_repository(folder: &Path, commit: &mut FirstCommit<'_>) -> Result<CreatedRepository> {
    let reference = format!("refs/heads/{}", commit.branch);
    if commit.branch.starts_with('-') || !Reference::is_valid_name(&reference) {
        bail!("\"{}\" cannot be the name of a branch", commit.branch);
    }
    let mut create = || -> Result<CreatedRepository, git2::Error> {
        let git = init(folder, commit.branch)?;
        if let Some(remote) = commit.remote {
            git.remote("origin", remote)?;
        }
        let files: Vec<CommittedFile<'_>> = (&mut *commit.files).collect();
        let paths = || files.iter().map(|file| file.path);
        let has_attributes = has_file(paths(), ".gitattributes");
        let mut entries = Vec::with_capacity(files.len());
        for file in &files {
            let blob = if has_attributes && may_be_converted(&file.content) {
                git.blob_path(&folder.join(file.path))?
            } else {
                git.blob(file.content.bytes())?
            };
            entries.push((file.path, blob, file.content.mode()));
        }
        let tree = commit::write_tree(&git, entries.iter().copied())?;
        let words = CommitWords {
            author: commit.author,
            time: commit.time,
            offset_minutes: commit.offset_minutes,
            message: commit.message,
        };
        let id = commit::write_commit(&git, "HEAD", words, tree, None)?;
        write_index(&git, folder, &entries)?;
        Ok(CreatedRepository {
            commit: id.to_string(),
            ignored: ignored(&git, paths())?,
        })
    };
    create().with_context(|| format!("cannot make \"{}\" a repository", folder.display()))
}

/// Makes a folder a repository without a commit, for whoever will make it.
///
/// # Errors
/// When the folder is a repository already, the branch cannot be one, or the disk refuses.
pub fn create_empty_repository(folder: &Path, branch: &str, remote: Option<&str>) -> Result<()> {
    let create = || -> Result<(), git2::Error> {
        let git = init(folder, branch)?;
        if let Some(remote) = remote {
            git.remote("origin", remote)?;
        }
        Ok(())
    };
    create().with_context(|| format!("cannot make \"{}\" a repository", folder.display()))
}

fn init(folder: &Path, branch: &str) -> Result<Git, git2::Error> {
    let mut options = RepositoryInitOptions::new();
    options
        .external_template(false)
        .initial_head(branch)
        .no_reinit(true)
        .mkdir(false);
    let git = Git::init_opts(folder, &options)?;
    // From here on, only what the new repository says itself.
    let mut own = Config::new()?;
    own.add_file(&git.path().join("config"), ConfigLevel::Local, false)?;
    git.set_config(&own)?;
    Ok(git)
}

fn write_index(git: &Git, folder: &Path, entries: &[(&str, Oid, u32)]) -> Result<(), git2::Error> {
    let mut index = git.index()?;
    for (path, blob, mode) in entries {
        let entry = commit::entry(path, *blob, *mode);
        index.add(&match folder.join(path).symlink_metadata() {
            Ok(metadata) => as_on_disk(entry, &metadata),
            Err(_) => entry,
        })?;
    }
    index.write()
}

/// The entry with what the system says about the file, by which Git sees that it is unchanged.
#[cfg(unix)]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an index keeps the lower 32 bits of these numbers, and Git compares those"
)]
fn as_on_disk(entry: IndexEntry, metadata: &Metadata) -> IndexEntry {
    use std::os::unix::fs::MetadataExt;
    IndexEntry {
        ctime: IndexTime::new(metadata.ctime() as i32, metadata.ctime_nsec() as u32),
        mtime: IndexTime::new(metadata.mtime() as i32, metadata.mtime_nsec() as u32),
        dev: metadata.dev() as u32,
        ino: metadata.ino() as u32,
        uid: metadata.uid(),
        gid: metadata.gid(),
        file_size: metadata.len() as u32,
        ..entry
    }
}

#[cfg(not(unix))]
#[expect(
    clippy::cast_possible_truncation,
    reason = "an index keeps the lower 32 bits of the size"
)]
fn as_on_disk(entry: IndexEntry, metadata: &Metadata) -> IndexEntry {
    IndexEntry {
        file_size: metadata.len() as u32,
        ..entry
    }
}

/// Whether there is a file of that name, in any folder.
fn has_file<'a>(mut paths: impl Iterator<Item = &'a str>, name: &str) -> bool {
    paths.any(|path| path.rsplit('/').next() == Some(name))
}

/// Whether the attributes of a repository may have its objects differ from its files: Git itself
/// converts line ends and its own keywords, and would call other objects modified at once.
fn may_be_converted(content: &CommittedContent<'_>) -> bool {
    let CommittedContent::File { bytes, .. } = content else {
        return false;
    };
    let mut pairs = bytes.windows(2);
    pairs.any(|pair| pair == b"\r\n" || pair == b"$I")
}

fn ignored<'a>(
    git: &Git,
    paths: impl Iterator<Item = &'a str> + Clone,
) -> Result<Vec<String>, git2::Error> {
    if !has_file(paths.clone(), ".gitignore") {
        return Ok(Vec::new());
    }
    let mut ignored = Vec::new();
    for path in paths {
        if git.is_path_ignored(path)? {
            ignored.push(path.to_owned());
        }
    }
    Ok(ignored)
}
