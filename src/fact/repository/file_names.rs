//! What the names of files say, found out in one pass over the files of a home.

use super::CodeHome;
use super::manifest::Ecosystem;
use super::{api_definition, lock_file, test_suite};
use crate::repo::{FileEntry, FileKind};

/// The most manifests of a home that are read.
const MOST_MANIFESTS: usize = 200;
/// The most files of a kind that are kept to look for one that is there.
const MOST_KEPT: usize = 50;

/// Folders with what others wrote, what is generated, and what is only an example: nothing in
/// them says anything about the code of a home.
const FOLDERS_OF_OTHERS: [&str; 21] = [
    "node_modules",
    "vendor",
    "vendored",
    "third_party",
    "third-party",
    "thirdparty",
    "bower_components",
    "site-packages",
    "testdata",
    "test-data",
    "test_data",
    "fixtures",
    "__fixtures__",
    "skeleton",
    "skeletons",
    "examples",
    "samples",
    "target",
    "dist",
    ".venv",
    "venv",
];

/// A manifest of a home.
#[derive(Clone, Copy, Debug)]
pub(super) struct ManifestFile<'a> {
    pub(super) file: &'a FileEntry,
    /// How many folders lie between the home and it.
    pub(super) depth: usize,
    pub(super) ecosystem: &'static Ecosystem,
}

/// What the names of the own files of a home say.
#[derive(Debug, Default)]
pub(super) struct FileNames<'a> {
    /// The nearest first, then in the order of the ecosystems and paths.
    pub(super) manifests: Vec<ManifestFile<'a>>,
    pub(super) lock_files: Vec<&'a FileEntry>,
    pub(super) containers: Vec<&'a FileEntry>,
    /// Files that are tests by their names.
    pub(super) tests: Vec<&'a FileEntry>,
    /// Files that may have tests among the code they test, as Rust has them.
    pub(super) code_with_tests: Vec<&'a FileEntry>,
    /// Files that are definitions of APIs by their names.
    pub(super) definitions: Vec<&'a FileEntry>,
    /// Files that may be definitions of APIs.
    pub(super) documents: Vec<&'a FileEntry>,
}

impl<'a> FileNames<'a> {
    pub(super) fn of(home: &CodeHome<'a>) -> Self {
        let mut names = Self::default();
        let start = super::home::prefix(home.folder).len();
        for file in home.own_files() {
            if let Ok(path) = std::str::from_utf8(&file.path[start..]) {
                names.add(path, file);
            }
        }
        names.manifests.sort_by(|a, b| {
            let rank = |it: &ManifestFile<'_>| (it.depth, it.ecosystem.rank);
            rank(a).cmp(&rank(b)).then(a.file.path.cmp(&b.file.path))
        });
        names.manifests.truncate(MOST_MANIFESTS);
        names
    }

    /// Looks at a file by its path in the home.
    fn add(&mut self, path: &str, file: &'a FileEntry) {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let keep = |kept: &mut Vec<&'a FileEntry>| {
            if kept.len() < MOST_KEPT && !is_of_others(folder) {
                kept.push(file);
            }
        };
        if let Some(ecosystem) = Ecosystem::of(folder, name) {
            if !is_of_others(folder) {
                self.manifests.push(ManifestFile {
                    file,
                    depth: path.matches('/').count(),
                    ecosystem,
                });
            }
        } else if lock_file::is_lock_file(name) {
            keep(&mut self.lock_files);
        } else if is_container(folder, name) {
            keep(&mut self.containers);
        } else if let Some(is_definition) = api_definition::by_name(folder, name) {
            keep(if is_definition {
                &mut self.definitions
            } else {
                &mut self.documents
            });
        }
        if test_suite::is_test(folder, name) {
            keep(&mut self.tests);
        } else if file.kind == FileKind::File && ending(name) == "rs" {
            keep(&mut self.code_with_tests);
        }
    }
}

/// Whether a folder of a home holds what others wrote.
fn is_of_others(folder: &str) -> bool {
    folder
        .split('/')
        .any(|part| FOLDERS_OF_OTHERS.contains(&part) || part.contains("{{"))
}

/// Whether a file that Git does not track yet counts in the repository one stands in.
pub(super) fn counts_untracked(path: &[u8]) -> bool {
    let Ok(path) = std::str::from_utf8(path) else {
        return false;
    };
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let is_hidden = folder.starts_with('.');
    let depth = path.matches('/').count();
    (depth <= 1 || is_hidden || is_page(name) || test_suite::is_test(folder, name))
        || Ecosystem::of(folder, name).is_some()
        || lock_file::is_lock_file(name)
        || is_container(folder, name)
        || api_definition::by_name(folder, name).is_some()
}

fn is_page(name: &str) -> bool {
    ending(name).eq_ignore_ascii_case("md")
}

/// What stands behind the last dot of a name.
pub(super) fn ending(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, ending)| ending)
}

/// The image of a development environment is not that of what is developed.
fn is_container(folder: &str, name: &str) -> bool {
    let is_name = |name: &str| matches!(name, "Dockerfile" | "dockerfile" | "Containerfile");
    let is_variant = match name.split_once('.') {
        Some((first, rest)) if is_name(first) => !matches!(rest, "dockerignore"),
        Some(_) => matches!(ending(name), "Dockerfile" | "dockerfile"),
        None => is_name(name),
    };
    is_variant && !folder.split('/').any(|part| part == ".devcontainer")
}
