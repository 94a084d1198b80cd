//! A hostile template in a workspace, and what the program makes of it.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::workspace::{Answer, Workspace};

/// Renders the skeleton with the answers.
pub(super) const RENDER: &str = "    - id: render
      action: fetch:template
      input: {url: ./skeleton, values: '${{ parameters }}'}
";

/// A template in `template`, whose repository is to be made in `made`.
pub(super) struct GoldenPath {
    pub(super) workspace: Workspace,
}

impl GoldenPath {
    /// One that renders its skeleton, which has nothing in it yet.
    pub(super) fn new() -> Self {
        Self::with_steps(RENDER)
    }

    /// One with these steps, and two questions that have an empty text for an answer.
    pub(super) fn with_steps(steps: &str) -> Self {
        let path = Self {
            workspace: Workspace::new(),
        };
        path.steps(steps);
        fs::create_dir(path.workspace.path("template/skeleton")).unwrap();
        path
    }

    /// Writes the template with these steps.
    pub(super) fn steps(&self, steps: &str) -> &Self {
        self.template(&format!(
            "  parameters:
    - title: What
      properties:
        name: {{type: string, default: ''}}
        value: {{type: string, default: ''}}
  steps:
{steps}"
        ))
    }

    /// Writes the template with this `spec`.
    pub(super) fn template(&self, spec: &str) -> &Self {
        let template = format!(
            "apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: {{name: hostile}}
spec:
  type: service
{spec}"
        );
        self.workspace.write("template/template.yaml", template);
        self
    }

    /// Writes a file of the skeleton.
    pub(super) fn file(&self, path: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = Path::new("template/skeleton").join(path);
        self.workspace.write(path, content);
        self
    }

    /// Makes a link of the skeleton.
    pub(super) fn link(&self, target: impl AsRef<Path>, path: &str) -> &Self {
        let path = Path::new("template/skeleton").join(path);
        self.workspace.link(target, path);
        self
    }

    /// What the program is asked for.
    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let new = ["new", "./template", "made", "--defaults"];
        self.workspace.command(&[&new, arguments].concat())
    }

    /// Makes the repository, with further arguments.
    pub(super) fn make(&self, arguments: &[&str]) -> Answer {
        self.workspace.finish(&mut self.command(arguments))
    }

    /// Makes the repository with an answer to the question `value`, which may be any text.
    pub(super) fn make_with(&self, value: &str) -> Answer {
        let answers = serde_json::json!({ "value": value });
        self.workspace.write("answers.json", answers.to_string());
        self.make(&["--answers", "answers.json"])
    }

    /// A file of the repository that was made.
    pub(super) fn made(&self, path: &str) -> PathBuf {
        self.workspace.path("made").join(path)
    }

    /// The text of a file that was made.
    pub(super) fn text(&self, path: &str) -> String {
        fs::read_to_string(self.made(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Asserts that the program refused, said all of that, and left nothing.
    pub(super) fn assert_refused(&self, answer: &Answer, messages: &[&str]) {
        for message in messages {
            answer.assert_refused(message);
        }
        self.assert_nothing_made();
    }

    /// Asserts that nothing was made, and nothing is left over.
    pub(super) fn assert_nothing_made(&self) {
        assert!(
            self.made("").symlink_metadata().is_err(),
            "something was made"
        );
        assert_eq!(self.left_over(), Vec::<String>::new());
    }

    /// What runs that did not end left in the workspace.
    pub(super) fn left_over(&self) -> Vec<String> {
        let names = names(&self.workspace.root());
        let is_left_over = |name: &String| name.starts_with(".devportal-tmp");
        names.into_iter().filter(is_left_over).collect()
    }

    /// The repository that was made, without Git's data.
    pub(super) fn files_made(&self) -> BTreeMap<String, String> {
        files(&self.made(""))
    }
}

/// The names in a folder, in order.
pub(super) fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> = names
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// Everything in a folder but Git's data: path → mode and content.
pub(super) fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(inner) = open.pop() {
        for entry in fs::read_dir(&inner).unwrap() {
            let path = entry.unwrap().path();
            let metadata = path.symlink_metadata().unwrap();
            let name = path.strip_prefix(folder).unwrap().to_string_lossy();
            let content = if metadata.is_symlink() {
                format!("link {}", fs::read_link(&path).unwrap().display())
            } else if metadata.is_dir() {
                if path.file_name() != Some(OsStr::new(".git")) {
                    open.push(path.clone());
                }
                format!("folder {:o}", metadata.permissions().mode())
            } else if !metadata.is_file() {
                "special".to_owned()
            } else {
                let bytes = fs::read(&path).unwrap();
                let text = String::from_utf8_lossy(&bytes).into_owned();
                format!("{:o} {text}", metadata.permissions().mode())
            };
            found.insert(name.into_owned(), content);
        }
    }
    found
}

/// Makes a link anywhere.
pub(super) fn link(target: impl AsRef<Path>, path: impl AsRef<Path>) {
    symlink(target, path).unwrap();
}

/// Writes a program that leaves a mark.
pub(super) fn trap(path: &Path, mark: &Path) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, format!("#!/bin/sh\ntouch '{}'\n", mark.display())).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}
