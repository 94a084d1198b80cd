//! Which folder and which repositories a run looks at.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::discover::split_pattern;
use super::layout::{Layout, read_small};
use super::memory::HistoryMemory;

/// What may say which workspace is meant, first that exists.
#[derive(Clone, Debug, Default)]
pub struct WorkspaceRequest {
    /// `-C, --workspace DIR`: taken literally.
    pub flag: Option<PathBuf>,
    /// `DEVPORTAL_WORKSPACE`.
    pub environment: Option<PathBuf>,
    /// `workspace:` of the user's configuration.
    pub user: Option<PathBuf>,
    /// The folder one stands in.
    pub current: PathBuf,
}

/// What a `devportal.yaml` says about the workspace it describes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkspaceFile {
    /// `repositories:`, when it is there.
    pub repositories: Option<Vec<String>>,
    /// Whether it has `organisation:`.
    pub organisation: bool,
}

/// The name of the configuration file of a workspace or repository.
pub const CONFIGURATION_FILE: &str = "devportal.yaml";

/// What a run looks at.
#[derive(Clone, Debug)]
pub struct Workspace {
    /// The folder that all paths are relative to.
    pub root: PathBuf,
    /// The folder of the configuration and its `repositories:`; without them, the whole root.
    pub patterns: Option<(PathBuf, Vec<String>)>,
    /// The folder one stands in, for the repository that counts with its uncommitted edits.
    pub standing: PathBuf,
    /// The file that made this the workspace, where one did.
    pub configuration: Option<PathBuf>,
    /// What is remembered of the past of its repositories.
    pub memory: HistoryMemory,
}

impl Workspace {
    /// Chooses the workspace. `read` understands a `devportal.yaml`.
    ///
    /// # Errors
    /// When the folder that was asked for is not there or is not a folder.
    pub fn choose(
        request: &WorkspaceRequest,
        read: &dyn Fn(&str) -> WorkspaceFile,
    ) -> Result<Self> {
        if let Some(folder) = &request.flag {
            return Self::literal(folder, &request.current, read).context("--workspace");
        }
        if let Some(folder) = &request.environment {
            return Self::literal(folder, &request.current, read).context("DEVPORTAL_WORKSPACE");
        }
        let current = absolute(&request.current, &request.current)?;
        for folder in current.ancestors() {
            if let Some(workspace) = Self::configured(folder, &current, read) {
                return Ok(workspace);
            }
        }
        if let Some(folder) = &request.user {
            return Self::literal(folder, &request.current, read)
                .context("\"workspace\" of your configuration");
        }
        let enclosing = current
            .ancestors()
            .find(|folder| Layout::of(folder, folder).is_some());
        let root = enclosing.unwrap_or(&current).to_path_buf();
        Ok(Self {
            standing: enclosing_repository(&current),
            root,
            patterns: None,
            configuration: None,
            memory: HistoryMemory::default(),
        })
    }

    /// Whether the repository one stands in takes part: always, unless a folder was named that
    /// it lies outside of, or it is around a workspace that names its repositories.
    #[must_use]
    pub fn takes_standing(&self) -> bool {
        let is_around = |folder: &Path| {
            let mut above = folder.ancestors().skip(1);
            above.any(|above| above == self.standing)
        };
        match &self.patterns {
            Some((folder, _)) => !is_around(folder),
            None => self.configuration.is_some() || self.standing.starts_with(&self.root),
        }
    }

    /// The text of the file that made this the workspace.
    #[must_use]
    pub fn configuration_text(&self) -> Option<String> {
        read_configuration(self.configuration.as_ref()?)
    }

    /// The path of a folder or file relative to the workspace, with `/`; empty for the root.
    #[must_use]
    pub fn relative(&self, path: &Path) -> String {
        let mut up = String::new();
        for root in self.root.ancestors() {
            if let Ok(inside) = path.strip_prefix(root) {
                let inside: Vec<_> = inside
                    .components()
                    .map(|part| part.as_os_str().to_string_lossy())
                    .collect();
                return format!("{up}{}", inside.join("/"))
                    .trim_end_matches('/')
                    .to_owned();
            }
            up.push_str("../");
        }
        path.to_string_lossy().into_owned()
    }

    fn literal(
        folder: &Path,
        current: &Path,
        read: &dyn Fn(&str) -> WorkspaceFile,
    ) -> Result<Self> {
        let root = absolute(folder, current)?;
        let current = absolute(current, current).unwrap_or_else(|_| root.clone());
        if let Some(workspace) = Self::configured(&root, &current, read) {
            return Ok(Self { root, ..workspace });
        }
        Ok(Self {
            standing: enclosing_repository(&current),
            root,
            patterns: None,
            configuration: None,
            memory: HistoryMemory::default(),
        })
    }

    /// The workspace of a folder whose `devportal.yaml` has `organisation:` or `repositories:`.
    fn configured(
        folder: &Path,
        current: &Path,
        read: &dyn Fn(&str) -> WorkspaceFile,
    ) -> Option<Self> {
        let configuration = folder.join(CONFIGURATION_FILE);
        let file = read(&read_configuration(&configuration)?);
        if !file.organisation && file.repositories.is_none() {
            return None;
        }
        let root = file
            .repositories
            .iter()
            .flatten()
            .fold(folder.to_path_buf(), |root, pattern| {
                common_folder(&root, &split_pattern(folder, pattern).0)
            });
        Some(Self {
            root,
            patterns: file
                .repositories
                .map(|patterns| (folder.to_path_buf(), patterns)),
            standing: enclosing_repository(current),
            configuration: Some(configuration),
            memory: HistoryMemory::default(),
        })
    }
}

/// The text of a `devportal.yaml`. In a repository it may be a link, but not to outside: what is
/// wrong in it is shown.
fn read_configuration(file: &Path) -> Option<String> {
    let is_link = file.symlink_metadata().ok()?.is_symlink();
    let repository = || {
        let mut folders = file.ancestors().skip(1);
        folders.find(|folder| Layout::of(folder, folder).is_some())
    };
    if is_link
        && let Some(repository) = repository()
        && !file.canonicalize().ok()?.starts_with(repository)
    {
        return None;
    }
    read_small(file)
}

fn absolute(folder: &Path, current: &Path) -> Result<PathBuf> {
    let path = current.join(folder);
    let found = path
        .canonicalize()
        .with_context(|| format!("cannot open folder \"{}\"", folder.display()))?;
    if !found.is_dir() {
        bail!("\"{}\" is not a folder", folder.display());
    }
    Ok(found)
}

fn enclosing_repository(current: &Path) -> PathBuf {
    enclosing_root(current).unwrap_or_else(|| current.to_path_buf())
}

/// The folder of the repository that a folder lies in, where it lies in one.
#[must_use]
pub fn enclosing_root(folder: &Path) -> Option<PathBuf> {
    let mut folders = folder.ancestors();
    let root = folders.find(|folder| Layout::of(folder, folder).is_some());
    root.map(Path::to_path_buf)
}

fn common_folder(a: &Path, b: &Path) -> PathBuf {
    let same = a
        .components()
        .zip(b.components())
        .take_while(|(a, b)| a == b);
    let common: PathBuf = same.map(|(part, _)| part).collect();
    if common.as_os_str().is_empty() {
        a.to_path_buf()
    } else {
        common
    }
}
