//! The files of one repository at one state.

use std::path::Path;
use std::sync::{Arc, Mutex};

use git2::{Index, Oid, Repository as Git};

use super::layout::GitFolders;
use super::read::{FILE_LIMIT, ReadError, Sandbox};
use super::revision::{self, State};
use super::tree::{self, MOST_LINKS, read_blob, read_from_tree, resolve};
use super::trust;
use super::walk::{self, to_bytes, to_path};
use super::{Layout, Repository, is_git_name};
use crate::diagnostic::{Diagnostic, register};
use crate::model::{Moment, Place};

/// A file of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEntry {
    /// Its path in the repository: bytes, with `/`.
    pub path: Box<[u8]>,
    /// What it is.
    pub kind: FileKind,
    /// Its content in Git, where that is known.
    pub blob: Option<Oid>,
    /// Whether the work tree is supposed to hold it; a sparse checkout leaves files out.
    pub in_work_tree: bool,
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A regular file.
    File,
    /// A symbolic link.
    Link,
}

/// What a snapshot is asked for.
pub struct SnapshotRequest<'a> {
    /// The moment.
    pub moment: &'a Moment,
    /// Whether an untracked file of that path counts, in the repository one stands in.
    pub untracked: &'a (dyn Fn(&[u8]) -> bool + Sync),
    /// The names that count untracked at the root of any repository.
    pub untracked_at_root: &'a [&'a str],
}

/// The files of one repository at one state: its work tree, or a commit.
pub struct Snapshot {
    files: Arc<Vec<FileEntry>>,
    content: Content,
    problems: Vec<Diagnostic>,
}

enum Content {
    /// Files on the disk; Git's objects for those that a sparse checkout leaves out.
    WorkTree {
        sandbox: Sandbox,
        git: Option<GitFolders>,
    },
    Commit {
        git: Mutex<Git>,
        tree: Oid,
    },
    Nothing,
}

impl Repository {
    /// The files of the state that is asked for. What cannot be read becomes a problem of the
    /// snapshot, and the rest is there.
    #[must_use]
    pub fn snapshot(&self, request: &SnapshotRequest<'_>) -> Snapshot {
        match self.state(request.moment) {
            State::WorkTree => self.work_tree(request),
            State::Commit(commit) => self
                .commit(commit)
                .unwrap_or_else(|reason| self.instead(request, &reason)),
            State::Empty => Snapshot::nothing(Vec::new()),
            State::Unknown(reason) => self.instead(request, &reason),
        }
    }

    /// The commit that a snapshot has the files of; `None` where they are those of the disk.
    #[must_use]
    pub fn commit_of(&self, moment: &Moment) -> Option<String> {
        match self.state(moment) {
            State::Commit(commit) => Some(commit.to_string()),
            State::WorkTree | State::Empty | State::Unknown(_) => None,
        }
    }

    /// What is read when Git cannot give the state that is asked for: the work tree for the
    /// present, nothing for the past.
    fn instead(&self, request: &SnapshotRequest<'_>, reason: &str) -> Snapshot {
        let is_present = *request.moment == Moment::Present;
        if is_present && !matches!(self.layout, Layout::Bare(_)) {
            let mut snapshot = self.work_tree(request);
            snapshot.problems.push(self.git_unavailable(
                reason,
                "its work tree is read instead of its default branch",
            ));
            return snapshot;
        }
        Snapshot::nothing(vec![
            self.git_unavailable(reason, "it is left out").hiding(),
        ])
    }

    fn work_tree(&self, request: &SnapshotRequest<'_>) -> Snapshot {
        let sandbox = match Sandbox::open(&self.root) {
            Ok(sandbox) => sandbox,
            Err(error) => {
                return Snapshot::nothing(vec![self.unreadable(b"", &format!("{error:#}"))]);
            }
        };
        let mut problems = Vec::new();
        let files = match &self.layout {
            Layout::WorkTree(git) => match self.work_tree.tracked(|| tracked(git)) {
                Ok(files) => self.with_untracked(files, &sandbox, request),
                Err(reason) => self.without_index(git, &reason, &mut problems).into(),
            },
            Layout::Unusable(reason) => {
                problems.push(self.git_unavailable(reason, "all files of its folder are read"));
                self.walked(&mut problems).into()
            }
            Layout::Bare(_) | Layout::Folder => self.walked(&mut problems).into(),
        };
        Snapshot {
            files,
            content: Content::WorkTree {
                sandbox,
                git: self.layout.git().cloned(),
            },
            problems,
        }
    }

    /// The files of a work tree whose index cannot be read (split, sparse, or damaged): those of
    /// its folder, and those of its last commit that a sparse checkout leaves out.
    fn without_index(
        &self,
        git: &GitFolders,
        reason: &str,
        problems: &mut Vec<Diagnostic>,
    ) -> Vec<FileEntry> {
        let mut files = self.walked(problems);
        let is_sparse = git
            .own
            .join("info/sparse-checkout")
            .symlink_metadata()
            .is_ok();
        let unavailable = match files_of_head(git) {
            Ok(committed) if is_sparse => {
                let is_left_out = |file: &FileEntry| {
                    files
                        .binary_search_by(|known| known.path.cmp(&file.path))
                        .is_err()
                };
                let left_out: Vec<FileEntry> = committed.into_iter().filter(is_left_out).collect();
                files.extend(left_out);
                files.sort_by(|a, b| a.path.cmp(&b.path));
                self.git_unavailable(reason, "its folder and its last commit are read")
            }
            Err(_) if is_sparse => self
                .git_unavailable(reason, "what its sparse checkout leaves out is not read")
                .hiding(),
            _ => self.git_unavailable(reason, "all files of its folder are read"),
        };
        problems.push(unavailable);
        files
    }

    fn walked(&self, problems: &mut Vec<Diagnostic>) -> Vec<FileEntry> {
        let (files, errors) = walk::files(&self.root);
        for error in errors {
            let path = error
                .path()
                .and_then(|path| path.strip_prefix(&self.root).ok())
                .unwrap_or(Path::new(""));
            let reason = error
                .io_error()
                .map_or_else(|| "a loop of links".to_owned(), ToString::to_string);
            problems.push(self.unreadable(&to_bytes(path), &reason));
        }
        files
    }

    /// Adds the files that count although Git does not track them yet.
    fn with_untracked(
        &self,
        tracked: Arc<Vec<FileEntry>>,
        sandbox: &Sandbox,
        request: &SnapshotRequest<'_>,
    ) -> Arc<Vec<FileEntry>> {
        let mut new: Vec<FileEntry> = if self.standing_in {
            let all = walk::files(&self.root).0;
            all.into_iter()
                .filter(|file| (request.untracked)(&file.path))
                .collect()
        } else {
            let names = request.untracked_at_root.iter().map(|name| name.as_bytes());
            names.map(FileEntry::untracked).collect()
        };
        new.retain(|file| {
            tracked
                .binary_search_by(|known| known.path.cmp(&file.path))
                .is_err()
        });
        new.retain(|file| sandbox.exists(&to_path(&file.path)));
        if new.is_empty() {
            return tracked;
        }
        // Not the work tree of the configuration, whose ignore files are anywhere.
        if let Some(git) = self.layout.git().and_then(|git| revision::open(git).ok())
            && git.set_workdir(&self.root, false).is_ok()
        {
            new.retain(|file| {
                let path = to_path(&file.path);
                !has_plain_ignore_files(sandbox, &path)
                    || !git.is_path_ignored(&path).unwrap_or(false)
            });
        }
        let mut files = Arc::unwrap_or_clone(tracked);
        files.extend(new);
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files.into()
    }

    fn commit(&self, commit: Oid) -> Result<Snapshot, String> {
        let git = self.layout.git().ok_or("it has no Git data")?;
        let git = revision::open(git)?;
        let list = || -> Result<(Option<Vec<FileEntry>>, Oid), git2::Error> {
            let tree = git.find_commit(commit)?.tree()?;
            let memory = self.memory.as_ref();
            if let Some(known) = memory.and_then(|memory| memory.files_of(tree.id())) {
                return Ok((Some(known), tree.id()));
            }
            let files = tree::files(&git, &tree)?;
            if let (Some(memory), Some(files)) = (memory, &files) {
                memory.keep_files(tree.id(), files);
            }
            Ok((files, tree.id()))
        };
        let (files, tree) = list().map_err(|error| revision::explain(&error))?;
        let files = files.ok_or("the commit has millions of files")?;
        Ok(Snapshot {
            files: files.into(),
            content: Content::Commit {
                git: Mutex::new(git),
                tree,
            },
            problems: Vec::new(),
        })
    }

    fn git_unavailable(&self, reason: &str, consequence: &str) -> Diagnostic {
        let message = format!(
            "Git's data of repository \"{}\" cannot be used: {reason}; {consequence}",
            self.identity
        );
        Diagnostic::new(&register::GIT_UNAVAILABLE, message)
            .subject(&*self.identity)
            .at(Place::file(self.file(if self.layout == Layout::Folder {
                b""
            } else {
                b".git"
            })))
    }

    fn unreadable(&self, path: &[u8], reason: &str) -> Diagnostic {
        let file = self.file(path);
        let shown = if file.path().is_empty() {
            "."
        } else {
            file.path()
        };
        Diagnostic::new(
            &register::UNREADABLE,
            format!("\"{shown}\" cannot be read: {reason}"),
        )
        .subject(file.path_in_repository())
        .at(Place::file(file))
        .hiding()
    }
}

impl FileEntry {
    fn untracked(path: &[u8]) -> Self {
        Self {
            path: path.into(),
            kind: FileKind::File,
            blob: None,
            in_work_tree: true,
        }
    }

    /// The name without the folder.
    #[must_use]
    pub fn name(&self) -> &[u8] {
        self.path
            .rsplit(|byte| *byte == b'/')
            .next()
            .unwrap_or(&self.path)
    }
}

impl Snapshot {
    fn nothing(problems: Vec<Diagnostic>) -> Self {
        Self {
            files: Arc::default(),
            content: Content::Nothing,
            problems,
        }
    }

    /// The files, in byte order of their paths.
    #[must_use]
    pub fn files(&self) -> &[FileEntry] {
        &self.files
    }

    /// Takes the problems that came up so far.
    pub fn take_problems(&mut self) -> Vec<Diagnostic> {
        std::mem::take(&mut self.problems)
    }

    /// The file of that path.
    #[must_use]
    pub fn file(&self, path: &[u8]) -> Option<&FileEntry> {
        let index = self
            .files
            .binary_search_by(|file| (*file.path).cmp(path))
            .ok()?;
        self.files.get(index)
    }

    /// Whether a file of the list is there: not deleted from the work tree since it was added to
    /// Git, and no link that leads nowhere.
    #[must_use]
    pub fn is_there(&self, file: &FileEntry) -> bool {
        let is_plain = match &self.content {
            Content::WorkTree { .. } if !file.in_work_tree => true,
            Content::WorkTree { sandbox, .. } => sandbox.is_file(&to_path(&file.path)),
            Content::Commit { .. } => file.kind == FileKind::File,
            Content::Nothing => false,
        };
        is_plain || (self.real_path(&file.path).is_some() && !self.leads_to_git_data(&file.path))
    }

    /// The content of a file. Links are followed inside the repository.
    ///
    /// # Errors
    /// When it is not there, leads out of the repository, is no regular file, or is larger than
    /// [`FILE_LIMIT`].
    pub fn read(&self, path: &[u8]) -> Result<Vec<u8>, ReadError> {
        self.read_up_to(path, FILE_LIMIT)
    }

    /// The content of a file of no more than so many bytes.
    ///
    /// # Errors
    /// As for [`Self::read`].
    pub fn read_up_to(&self, path: &[u8], limit: u64) -> Result<Vec<u8>, ReadError> {
        match &self.content {
            Content::Nothing => Err(ReadError::Missing),
            Content::Commit { git, tree } => {
                let git = git
                    .lock()
                    .map_err(|_| ReadError::Failed("another thread failed".to_owned()))?;
                read_from_tree(&git, *tree, path, limit)
            }
            Content::WorkTree { .. } if self.leads_to_git_data(path) => Err(ReadError::GitData),
            Content::WorkTree { sandbox, git } => match sandbox.read_up_to(&to_path(path), limit) {
                Err(ReadError::Missing) => self.read_left_out(path, git.as_ref(), limit),
                result => result,
            },
        }
    }

    /// The path of the file that a path leads to when links are followed, when that is inside.
    #[must_use]
    pub fn real_path(&self, path: &[u8]) -> Option<Box<[u8]>> {
        match &self.content {
            Content::WorkTree { sandbox, .. } => sandbox
                .real_path(&to_path(path))
                .map(|path| to_bytes(&path)),
            Content::Commit { git, .. } => {
                let git = git.lock().ok()?;
                let mut path: Box<[u8]> = path.into();
                for _ in 0..MOST_LINKS {
                    let file = self.file(&path)?;
                    if file.kind == FileKind::File {
                        return Some(path);
                    }
                    let blob = git.find_blob(file.blob?).ok()?;
                    path = to_bytes(&resolve(&path, &to_path(blob.content()))?);
                }
                None
            }
            Content::Nothing => None,
        }
    }

    /// Whether a path leads to Git's data of this or another repository: its configuration may
    /// have credentials, and whoever can commit a link must not be able to publish them.
    fn leads_to_git_data(&self, path: &[u8]) -> bool {
        let is_plain = self
            .file(path)
            .is_some_and(|file| file.kind == FileKind::File);
        let is_git_data = |path: &[u8]| {
            to_path(path)
                .components()
                .any(|component| is_git_name(component.as_os_str()))
        };
        !is_plain
            && (is_git_data(path) || self.real_path(path).is_some_and(|path| is_git_data(&path)))
    }

    /// A file that a sparse checkout leaves out of the work tree.
    fn read_left_out(
        &self,
        path: &[u8],
        git: Option<&GitFolders>,
        limit: u64,
    ) -> Result<Vec<u8>, ReadError> {
        let file = self
            .file(path)
            .filter(|file| !file.in_work_tree)
            .ok_or(ReadError::Missing)?;
        let (Some(blob), Some(git)) = (file.blob, git) else {
            return Err(ReadError::Missing);
        };
        let git = revision::open(git).map_err(|_| ReadError::NotInSight)?;
        read_blob(&git, blob, limit)
    }
}

/// Whether libgit2 can be asked whether a path is ignored: it would wait at a named pipe and
/// follow a link, which Git itself does not.
fn has_plain_ignore_files(sandbox: &Sandbox, path: &Path) -> bool {
    path.ancestors().skip(1).all(|folder| {
        let file = folder.join(".gitignore");
        !sandbox.exists(&file) || sandbox.is_file(&file)
    })
}

/// The files of the commit that is checked out.
fn files_of_head(git: &GitFolders) -> Result<Vec<FileEntry>, String> {
    let git = revision::open(git)?;
    let list = || tree::files(&git, &git.head()?.peel_to_tree()?);
    let files = list().map_err(|error| revision::explain(&error))?;
    files.ok_or_else(|| "the commit has millions of files".to_owned())
}

/// The files that the index names.
fn tracked(git: &GitFolders) -> Result<Vec<FileEntry>, String> {
    const SKIP_WORK_TREE: u16 = 1 << 14;
    const LINK: u32 = 0o120_000;
    const FILE: u32 = 0o100_000;
    const TYPE: u32 = 0o170_000;
    let path = git.own.join("index");
    if !trust::has_index(git)? {
        return Ok(Vec::new());
    }
    let index = Index::open(&path).map_err(|error| revision::explain(&error))?;
    let mut files: Vec<FileEntry> = Vec::with_capacity(index.len());
    for entry in index.iter() {
        let kind = match entry.mode & TYPE {
            LINK => FileKind::Link,
            FILE => FileKind::File,
            _ => continue,
        };
        // A file in conflict has up to three entries.
        if files.last().is_some_and(|last| *last.path == *entry.path) {
            continue;
        }
        files.push(FileEntry {
            path: entry.path.into_boxed_slice(),
            kind,
            blob: Some(entry.id),
            in_work_tree: entry.flags_extended & SKIP_WORK_TREE == 0,
        });
    }
    Ok(files)
}
