//! The tags of a repository.

use git2::{ObjectType, Reference, ReferenceType, Repository as Git};
use walkdir::WalkDir;

use super::CommitId;
use crate::repo::layout::GitFolders;
use crate::repo::revision;

/// Tags that are looked at; of more none is known.
pub(super) const MOST_TAGS: usize = 100_000;
const PREFIX: &[u8] = b"refs/tags/";

/// A tag of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Its name, without `refs/tags/`.
    pub name: String,
    /// The commit.
    pub commit: CommitId,
    /// When it was made: as an annotated tag says, else when its commit was made; seconds since
    /// 1970.
    pub seconds: i64,
}

/// The tags of commits, in the order of their names.
pub(in crate::repo) fn tags(git: &Git, folders: &GitFolders) -> Result<Vec<Tag>, String> {
    look_at_files(folders)?;
    let explain = |error: git2::Error| revision::explain(&error);
    let mut tags = Vec::new();
    for reference in git.references_glob("refs/tags/*").map_err(explain)? {
        if tags.len() == MOST_TAGS {
            return Err(format!("there are more than {MOST_TAGS} tags"));
        }
        // A reference that is damaged names no release.
        tags.extend(reference.ok().as_ref().and_then(tag));
    }
    tags.sort_by(|a: &Tag, b: &Tag| a.name.cmp(&b.name));
    Ok(tags)
}

/// The tag of a reference, if it is one of a commit. A symbolic one may lead to a reference of
/// which nobody knows whether it can be opened.
fn tag(reference: &Reference<'_>) -> Option<Tag> {
    if reference.kind() != Some(ReferenceType::Direct) {
        return None;
    }
    let name = reference.name_bytes().strip_prefix(PREFIX)?;
    let commit = reference.peel_to_commit().ok()?;
    let annotated = reference.peel(ObjectType::Tag).ok();
    let annotated = annotated.as_ref().and_then(|object| object.as_tag());
    let tagger = annotated.and_then(|tag| tag.tagger().map(|tagger| tagger.when().seconds()));
    Some(Tag {
        name: String::from_utf8_lossy(name).into_owned(),
        commit: CommitId::of(commit.id())?,
        seconds: tagger.unwrap_or_else(|| commit.time().seconds()),
    })
}

/// Refuses what is no file and no folder among the references: libgit2 would open it, and wait
/// at a named pipe.
fn look_at_files(folders: &GitFolders) -> Result<(), String> {
    let walk = WalkDir::new(folders.common.join("refs/tags")).follow_root_links(false);
    for (count, entry) in walk.into_iter().flatten().enumerate() {
        if count > 2 * MOST_TAGS {
            return Err(format!("there are more than {MOST_TAGS} tags"));
        }
        if !entry.file_type().is_file() && !entry.file_type().is_dir() {
            return Err("\"refs/tags\" has something that is not a regular file".to_owned());
        }
    }
    Ok(())
}
