//! Finding the repositories of a workspace.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use rayon::prelude::*;
use walkdir::WalkDir;

use super::git_config;
use super::layout::{Layout, read_small};
use super::remote::{self, InsteadOf};
use super::trust;
use super::work_tree_memory::WorkTreeBudget;
use super::workspace::Workspace;
use super::{Repository, skips_folder};
use crate::diagnostic::{Diagnostic, register};
use crate::model::{Place, SourceFile};

/// What was found.
#[derive(Debug)]
pub struct Discovery {
    /// The repositories in the order of their folders, each identity once; last, where files lie
    /// outside of every repository, the workspace itself as a plain folder.
    pub repositories: Vec<Repository>,
    /// What could not be looked into, and what was found twice.
    pub problems: Vec<Diagnostic>,
}

/// Finds the repositories of a workspace.
///
/// # Errors
/// When the workspace is not a folder that can be read, or a pattern of its configuration is none.
pub fn discover(workspace: &Workspace, instead_of: &InsteadOf) -> Result<Discovery> {
    let mut found = Found::default();
    match &workspace.patterns {
        None => found.search(&workspace.root, &workspace.root),
        Some((folder, patterns)) => found.search_patterns(folder, patterns, &workspace.root)?,
    }
    if workspace.takes_standing()
        && let Some(layout) = Layout::of(&workspace.standing, &workspace.root)
    {
        found.insert(workspace.standing.clone(), layout, &workspace.root);
    }
    let mut problems = found.problems;
    let budget = WorkTreeBudget::default();
    let repositories: Vec<Repository> = found
        .folders
        .into_par_iter()
        .map(|(root, layout)| describe(root, layout, workspace, instead_of, &budget))
        .collect();
    let repositories = each_once(repositories, &mut problems);
    Ok(Discovery {
        repositories,
        problems,
    })
}

#[derive(Default)]
struct Found {
    folders: BTreeMap<PathBuf, Layout>,
    problems: Vec<Diagnostic>,
}

impl Found {
    fn insert(&mut self, folder: PathBuf, layout: Layout, root: &Path) {
        for submodule in submodules(&folder, &layout) {
            if let Some(layout) = Layout::of(&submodule, root) {
                self.insert(submodule, layout, root);
            }
        }
        self.folders.insert(folder, layout);
    }

    /// Looks at a folder and everything below it, but not into repositories.
    ///
    /// One level at a time: a walk over all levels would open each repository before it could be
    /// told to leave it alone.
    fn search(&mut self, folder: &Path, root: &Path) {
        if let Some(layout) = Layout::of(folder, root) {
            return self.insert(folder.to_path_buf(), layout, root);
        }
        let mut loose_files = false;
        let mut open = vec![folder.to_path_buf()];
        while let Some(level) = open.pop() {
            for entry in WalkDir::new(level)
                .follow_links(false)
                .min_depth(1)
                .max_depth(1)
            {
                let entry = match entry {
                    Ok(entry) => entry,
                    Err(error) => {
                        self.problems.push(unreadable(&error, root));
                        continue;
                    }
                };
                if !entry.file_type().is_dir() {
                    loose_files |= entry.file_type().is_file();
                    continue;
                }
                if skips_folder(entry.file_name()) {
                    continue;
                }
                if let Some(layout) = Layout::of(entry.path(), root) {
                    self.insert(entry.into_path(), layout, root);
                } else {
                    open.push(entry.into_path());
                }
            }
        }
        if loose_files {
            self.folders
                .entry(folder.to_path_buf())
                .or_insert(Layout::Folder);
        }
    }

    /// Looks at the folders that `repositories:` names, relative to the folder of its file.
    fn search_patterns(&mut self, folder: &Path, patterns: &[String], root: &Path) -> Result<()> {
        for pattern in patterns {
            let (base, rest) = split_pattern(folder, pattern);
            let base = without_links(base, root);
            if rest.is_empty() {
                self.search(&base, root);
                continue;
            }
            let glob = folder_glob(&rest)
                .with_context(|| format!("\"repositories\" has the pattern \"{pattern}\""))?;
            for entry in WalkDir::new(&base)
                .follow_links(false)
                .min_depth(1)
                .max_depth(rest.split('/').count())
            {
                let entry = match entry {
                    Ok(entry) => entry,
                    Err(error) => {
                        self.problems.push(unreadable(&error, root));
                        continue;
                    }
                };
                let inside = entry.path().strip_prefix(&base).unwrap_or(entry.path());
                if entry.file_type().is_dir() && glob.is_match(inside) {
                    self.search(entry.path(), root);
                }
            }
        }
        // A folder that a pattern matched only on the way to its repositories holds no files of
        // interest: what counts there is what the patterns name. One inside of another is read
        // with that.
        let all: BTreeSet<PathBuf> = self.folders.keys().cloned().collect();
        let is_inside = |folder: &Path| folder.ancestors().skip(1).any(|it| all.contains(it));
        self.folders.retain(|folder, layout| {
            *layout != Layout::Folder
                || !(folder_is_above_workspace(folder, root) || is_inside(folder))
        });
        Ok(())
    }
}

/// The folder itself, when a link inside of the workspace leads to it: found by both names, it
/// would be read twice.
fn without_links(folder: PathBuf, root: &Path) -> PathBuf {
    match folder.canonicalize() {
        Ok(real) if real.starts_with(root) => real,
        _ => folder,
    }
}

fn folder_is_above_workspace(folder: &Path, root: &Path) -> bool {
    folder != root && root.starts_with(folder)
}

fn folder_glob(pattern: &str) -> Result<GlobSet> {
    let glob = GlobBuilder::new(pattern).literal_separator(true).build()?;
    Ok(GlobSetBuilder::new().add(glob).build()?)
}

/// The literal folders a pattern begins with, and the rest that has wildcards.
pub(super) fn split_pattern(folder: &Path, pattern: &str) -> (PathBuf, String) {
    let mut base = folder.to_path_buf();
    let mut parts = pattern
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".")
        .peekable();
    while let Some(part) = parts.next_if(|part| !part.contains(['*', '?', '[', '{'])) {
        if part == ".." {
            base.pop();
        } else {
            base.push(part);
        }
    }
    (base, parts.collect::<Vec<_>>().join("/"))
}

/// The checked-out submodules of a repository: folders below it that are repositories.
fn submodules(folder: &Path, layout: &Layout) -> BTreeSet<PathBuf> {
    const MOST: usize = 10_000;
    let modules = folder.join(".gitmodules");
    if layout.git().is_none()
        || !modules
            .symlink_metadata()
            .is_ok_and(|metadata| metadata.is_file())
    {
        return BTreeSet::new();
    }
    let text = read_small(&modules).unwrap_or_default();
    let paths = git_config::settings(&text)
        .filter(|setting| setting.has_key("path") && setting.subsection("submodule").is_some())
        .map(|setting| Path::new(setting.value))
        .take(MOST);
    let inside = paths.filter(|path| {
        let mut components = path.components();
        components.all(|component| matches!(component, Component::Normal(_)))
            && path.file_name().is_some()
            && !crosses_link(folder, path)
    });
    inside.map(|path| folder.join(path)).collect()
}

fn crosses_link(folder: &Path, path: &Path) -> bool {
    path.ancestors().any(|part| {
        folder
            .join(part)
            .symlink_metadata()
            .is_ok_and(|metadata| metadata.is_symlink())
    })
}

/// The identity of the repository at a folder, by its remote: `host/owner/name`.
#[must_use]
pub fn remote_of(root: &Path) -> Option<String> {
    let layout = Layout::of(root, root)?;
    let git = layout.git().filter(|git| trust::configuration(git))?;
    remote::identity(&git.common, &InsteadOf::of_user())
}

fn describe(
    root: PathBuf,
    layout: Layout,
    workspace: &Workspace,
    instead_of: &InsteadOf,
    budget: &WorkTreeBudget,
) -> Repository {
    let folder = workspace.relative(&root);
    let remote = layout
        .git()
        .filter(|git| trust::configuration(git))
        .and_then(|git| remote::identity(&git.common, instead_of));
    let identity = remote.clone().unwrap_or_else(|| {
        if folder.is_empty() {
            ".".to_owned()
        } else {
            told_apart(&root, &folder)
        }
    });
    let standing_in = layout != Layout::Folder && workspace.standing.starts_with(&root);
    let memory = workspace.memory.of(&layout);
    Repository {
        root,
        folder,
        identity: identity.into(),
        remote,
        layout,
        standing_in,
        work_tree: budget.memory(),
        memory,
    }
}

/// A name for a folder whose own name may not be UTF-8: what is shown of two such folders can be
/// the same, but an identity must not be.
fn told_apart(root: &Path, folder: &str) -> String {
    if root.to_str().is_some() {
        return folder.to_owned();
    }
    let name = root.as_os_str().as_encoded_bytes();
    let mut escaped = String::new();
    for chunk in name.utf8_chunks() {
        escaped.push_str(chunk.valid());
        for byte in chunk.invalid() {
            // Writing to a String cannot fail.
            let _ = write!(escaped, "\\x{byte:02x}");
        }
    }
    let parts = folder.split('/').count();
    let parts: Vec<&str> = escaped.rsplit('/').take(parts).collect();
    parts.into_iter().rev().collect::<Vec<_>>().join("/")
}

/// Leaves each repository out that another folder already stands for.
fn each_once(repositories: Vec<Repository>, problems: &mut Vec<Diagnostic>) -> Vec<Repository> {
    let mut order: Vec<usize> = (0..repositories.len()).collect();
    order.sort_by_key(|index| {
        let repository = &repositories[*index];
        let linked = repository
            .layout
            .git()
            .is_some_and(|git| git.own != git.common);
        (!repository.standing_in, linked, *index)
    });
    let mut first: HashMap<&str, usize> = HashMap::new();
    let mut first_data: HashMap<&Path, usize> = HashMap::new();
    let mut twice = BTreeSet::new();
    for index in order {
        let repository = &repositories[index];
        let same_data = repository.layout.git().map(|git| git.common.as_path());
        let known = first
            .get(&*repository.identity)
            .or_else(|| first_data.get(same_data?))
            .copied();
        if let Some(known) = known {
            problems.push(found_twice(repository, &repositories[known]));
            twice.insert(index);
            continue;
        }
        first.insert(&repository.identity, index);
        if let Some(data) = same_data {
            first_data.insert(data, index);
        }
    }
    let mut kept = repositories;
    let mut index = 0;
    kept.retain(|_| {
        index += 1;
        !twice.contains(&(index - 1))
    });
    kept
}

fn found_twice(second: &Repository, first: &Repository) -> Diagnostic {
    Diagnostic::new(
        &register::REPOSITORY_TWICE,
        format!(
            "repository \"{}\" was already found in \"{}\"",
            second.identity,
            first.shown_folder()
        ),
    )
    .help("it is read once, from the first folder")
    .subject(second.shown_folder())
    .at(Place::file(second.file(b"")))
}

fn unreadable(error: &walkdir::Error, root: &Path) -> Diagnostic {
    let path = error.path().unwrap_or(root);
    let shown = path
        .strip_prefix(root)
        .unwrap_or(path)
        .to_string_lossy()
        .into_owned();
    let reason = error
        .io_error()
        .map_or_else(|| "a loop of links".to_owned(), ToString::to_string);
    let file = SourceFile::new(Arc::from("."), "", shown.as_bytes());
    Diagnostic::new(
        &register::UNREADABLE,
        format!("\"{shown}\" cannot be read: {reason}"),
    )
    .subject(shown)
    .at(Place::file(Arc::new(file)))
    .hiding()
}
