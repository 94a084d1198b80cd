//! The only reader of repositories: which workspace, which repositories in it, which state of
//! each, and the files of that state. It also makes the commits and repositories that users ask
//! for.
//!
//! Repositories are untrusted. Nothing of them is executed: libgit2 runs no hooks, filters or
//! monitors in what is used here. Git's own program is only started to fetch and to push, when a
//! command says so, and never with the configuration of a repository. `core.worktree` is ignored,
//! because files are read below the folder that discovery found. No symbolic link is followed out
//! of it.

mod branch;
mod branch_commit;
mod clean;
mod commit;
mod commit_log;
mod create;
mod discover;
mod folder;
mod folder_files;
mod folder_listing;
mod folder_of_commit;
mod git_config;
mod git_program;
mod git_url;
mod history;
mod identity;
mod layout;
mod memory;
mod push;
mod read;
mod references;
mod remote;
mod replay;
mod revision;
mod snapshot;
mod search_path;
mod template_clone;
mod text_merge;
mod tree;
mod trust;
mod unignored;
mod walk;
mod work_tree_memory;
mod workspace;

use std::ffi::OsStr;
use std::path::PathBuf;
use std::sync::Arc;

// Not called here: libgit2's zlib, linked into the binary.
use libz_sys as _;

use crate::model::SourceFile;

pub use branch::checked_out_branch;
pub use branch_commit::{BranchCommit, BranchCommitted, commit_on_branch};
pub use clean::{is_clean, untracked};
pub use commit::{CommittedContent, CommittedFile};
pub use commit_log::{CommitAuthor, CommitId, CommitLog, History, LoggedCommit, Tag};
pub use create::{CreatedRepository, FirstCommit, create_empty_repository, create_repository};
pub use discover::{Discovery, discover, remote_of};
pub use folder::{FolderContent, FolderFile, FolderLimits, read_file_below, read_folder};
pub use folder_files::FolderFiles;
pub use folder_listing::{FolderListing, ListedFile, ListingProblem, ListingRequest};
pub use folder_of_commit::{HeadState, head_of, head_of_files, read_file_at, read_folder_at};
pub use git_program::{GitProgram, GitProgramError};
pub use git_url::{GitRevision, GitUrl};
pub use history::{Change, LastChange, commits_since, known_changes};
pub use identity::Identity;
pub use layout::{GitFolders, Layout};
pub use memory::{HistoryMemory, RememberedHistory, past_keys};
pub use push::Pushed;
pub use read::{FILE_LIMIT, ReadError, read_plain};
pub use remote::{InsteadOf, normalize_remote, user_email};
pub use replay::{ReplayedCommit, replay};
pub use search_path::{absolute_folders, find_program};
pub use snapshot::{FileEntry, FileKind, Snapshot, SnapshotRequest};
pub use text_merge::{MergedText, TextMerge, patch};
pub use unignored::read_unignored;
pub use work_tree_memory::WorkTreeMemory;
pub use workspace::{
    CONFIGURATION_FILE, Workspace, WorkspaceFile, WorkspaceRequest, enclosing_root,
};

/// A Git repository (work tree or bare), or a plain folder without one.
#[derive(Clone, Debug)]
pub struct Repository {
    /// Its folder.
    pub root: PathBuf,
    /// Its folder relative to the workspace; empty for the workspace itself.
    pub folder: String,
    /// What it is called: its remote as `host/owner/name`, else its folder.
    pub identity: Arc<str>,
    /// Its remote as `host/owner/name`.
    pub remote: Option<String>,
    /// How it lies on the disk.
    pub layout: Layout,
    /// Whether it is the repository one stands in.
    pub standing_in: bool,
    /// What this run remembers of its work tree.
    pub work_tree: WorkTreeMemory,
    /// What this run remembers of its past.
    pub memory: Option<Arc<RememberedHistory>>,
}

impl Repository {
    /// A file in it.
    #[must_use]
    pub fn file(&self, path: &[u8]) -> Arc<SourceFile> {
        Arc::new(SourceFile::new(
            Arc::clone(&self.identity),
            &self.folder,
            path,
        ))
    }

    /// Its folder, as people are told.
    #[must_use]
    pub fn shown_folder(&self) -> &str {
        if self.folder.is_empty() {
            "."
        } else {
            &self.folder
        }
    }
}

/// Folders that are never looked into: Git's own, and what package managers put there.
fn skips_folder(name: &OsStr) -> bool {
    name == "node_modules" || is_git_name(name)
}

/// Whether a file system may take a name for `.git`.
fn is_git_name(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    let plain: String = name.chars().filter(char::is_ascii_graphic).collect();
    plain.eq_ignore_ascii_case(".git") || plain.eq_ignore_ascii_case("git~1")
}
