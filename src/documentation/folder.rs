//! The pages of a folder: those that its navigation names, and those that are pages by name.

use std::collections::HashSet;

use crate::diagnostic::Diagnostic;
use crate::model::Place;
use crate::repo::{FileEntry, FileKind, FolderFiles, Repository, Snapshot};

use super::PageKind;
use super::mkdocs::{self, Site};
use super::source::{Folder, FolderRole, OutsideLink};

/// The most pages of a folder that count; more are generated, and nobody reads them.
const MOST_PAGES: usize = 2_000;
/// Folders of a home that hold pages and nothing else.
const PAGE_FOLDERS: [&str; 7] = [
    "docs",
    "doc",
    "adr",
    "adrs",
    "decisions",
    "runbooks",
    "runbook",
];
/// The names that count although Git does not track them, at the root of any repository.
pub(super) const ROOT_NAMES: &[&str] = &["README.md", "mkdocs.yml", "mkdocs.yaml"];

/// A page, before it is read.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) path: Box<[u8]>,
    pub(super) kind: PageKind,
    /// What the navigation calls it.
    pub(super) title: Option<String>,
    /// The headings of the navigation above it.
    pub(super) section: Vec<String>,
}

/// What a folder has to read.
#[derive(Debug, Default)]
pub(super) struct Pages {
    pub(super) found: Vec<Found>,
    pub(super) outside: Vec<OutsideLink>,
    pub(super) problems: Vec<Diagnostic>,
}

/// The pages of a folder, in the order in which they are to be read.
pub(super) fn pages(repository: &Repository, snapshot: &Snapshot, folder: &Folder) -> Pages {
    let path = &folder.home.folder;
    let mut pages = Pages::default();
    match folder.role {
        FolderRole::File(kind) => {
            let file = snapshot.file(path.as_bytes());
            pages.found.extend(file.map(|file| Found::new(file, kind)));
        }
        FolderRole::Decisions => {
            let files = snapshot.folder(path).files().iter();
            let files = files.filter(|file| is_page(file));
            let found = files.map(|file| Found::new(file, PageKind::Decision));
            pages.found.extend(found.take(MOST_PAGES));
        }
        FolderRole::Site => {
            pages.add_site(repository, snapshot, path);
            if pages.found.is_empty() {
                pages.found.extend(readme(snapshot.folder(path)));
            }
        }
        FolderRole::Home => {
            let home = snapshot.folder(path);
            pages.found.extend(readme(home));
            pages.add_site(repository, snapshot, path);
            for name in PAGE_FOLDERS {
                pages.add_below(home.folder(name));
            }
            for (name, kind) in [
                ("runbook", PageKind::Runbook),
                ("contributing", PageKind::Contributing),
                ("changelog", PageKind::Changelog),
            ] {
                let files = named(home, name).filter(|file| is_page(file));
                pages.found.extend(files.map(|file| Found::new(file, kind)));
            }
        }
    }
    let mut seen = HashSet::new();
    pages.found.retain(|page| seen.insert(page.path.clone()));
    pages.found.truncate(MOST_PAGES);
    pages
}

/// Whether a folder has anything that documents an entity, which is seldom a matter of reading.
pub(super) fn has_pages(repository: &Repository, snapshot: &Snapshot, folder: &Folder) -> bool {
    let home = snapshot.folder(&folder.home.folder);
    let is_there =
        |file: &FileEntry| file.kind == FileKind::File || snapshot.real_path(&file.path).is_some();
    let has_readme = || named(home, "readme").any(|file| is_readme(file) && is_there(file));
    let has_page = |name: &str| {
        let files = home.folder(name).files();
        files.iter().any(|file| is_page(file) && is_there(file))
    };
    if folder.role == FolderRole::Home && (has_readme() || PAGE_FOLDERS.into_iter().any(has_page)) {
        return true;
    }
    let counts = |found: &Found| {
        !matches!(found.kind, PageKind::Changelog | PageKind::Contributing)
            && snapshot.file(&found.path).is_some_and(is_there)
    };
    pages(repository, snapshot, folder).found.iter().any(counts)
}

/// Whether a file that Git does not track yet would count here.
pub(super) fn is_documentation(path: &[u8]) -> bool {
    let name = path.rsplit(|byte| *byte == b'/').next().unwrap_or(path);
    has_page_name(name)
        || mkdocs::FILE_NAMES
            .iter()
            .any(|known| known.as_bytes() == name)
}

/// Whether a file is Markdown by its name.
pub(super) fn has_page_name(path: &[u8]) -> bool {
    [&b".md"[..], b".markdown"].iter().any(|extension| {
        path.len() > extension.len()
            && path[path.len() - extension.len()..].eq_ignore_ascii_case(extension)
    })
}

impl Pages {
    /// The pages that `mkdocs.yml` names, in its order, and after them the others of its folder.
    fn add_site(&mut self, repository: &Repository, snapshot: &Snapshot, folder: &str) {
        let site = Site::read(repository, snapshot, folder);
        self.problems.extend(site.problems);
        for entry in site.navigation {
            if let Some(url) = super::source::web_address(&entry.target) {
                let title = entry.title.as_deref().unwrap_or(url);
                let link = OutsideLink::new(title, PageKind::Page, url);
                self.outside.push(link);
                continue;
            }
            let target = entry.target.split(['#', '?']).next().unwrap_or_default();
            let path = super::source::join(&site.folder, target);
            let file = path
                .as_deref()
                .and_then(|path| snapshot.file(path.as_bytes()));
            match file {
                Some(file) => self.found.push(Found {
                    title: entry.title,
                    section: entry.section,
                    ..Found::new(file, kind_of(&file.path))
                }),
                // Plug-ins name folders and patterns; only what is clearly meant as a page is missed.
                None if has_page_name(target.as_bytes()) => {
                    self.problems.push(mkdocs::names_nothing(
                        &entry.target,
                        &site.folder,
                        entry.place,
                    ));
                }
                None => {}
            }
        }
        self.add_below(snapshot.folder(&site.folder));
    }

    /// All pages below a folder: the index first, then by path.
    fn add_below(&mut self, folder: FolderFiles<'_>) {
        let files = folder.files();
        let is_index = |file: &&FileEntry| {
            let inside = folder.path_of(file);
            inside.eq_ignore_ascii_case(b"index.md") || inside.eq_ignore_ascii_case(b"readme.md")
        };
        let index = files.iter().filter(is_index);
        let others = files.iter().filter(|file| is_page(file) && !is_index(file));
        let found = index
            .chain(others)
            .take(MOST_PAGES)
            .map(|file| Found::new(file, kind_of(&file.path)));
        self.found.extend(found);
    }
}

impl Found {
    fn new(file: &FileEntry, kind: PageKind) -> Self {
        Self {
            path: file.path.clone(),
            kind,
            title: None,
            section: Vec::new(),
        }
    }
}

/// An entry of a navigation.
#[derive(Debug)]
pub(super) struct NavigationEntry {
    pub(super) title: Option<String>,
    pub(super) section: Vec<String>,
    /// A path relative to the folder of the pages, or a URL.
    pub(super) target: String,
    pub(super) place: Place,
}

fn readme(folder: FolderFiles<'_>) -> Option<Found> {
    let mut files = named(folder, "readme").filter(|file| is_readme(file));
    let first = files.next()?;
    // Markdown, where the same is there in several formats.
    let best = std::iter::once(first)
        .chain(files)
        .find(|file| has_page_name(&file.path))
        .unwrap_or(first);
    Some(Found::new(best, PageKind::Readme))
}

fn is_readme(file: &FileEntry) -> bool {
    let name = file.name().to_ascii_lowercase();
    matches!(
        &*name,
        b"readme.md"
            | b"readme.markdown"
            | b"readme"
            | b"readme.txt"
            | b"readme.rst"
            | b"readme.adoc"
    )
}

fn is_page(file: &FileEntry) -> bool {
    has_page_name(&file.path)
}

/// What a page is, by the names of its file and folders.
fn kind_of(path: &[u8]) -> PageKind {
    let path = String::from_utf8_lossy(path).to_lowercase();
    let mut folders: Vec<&str> = path.split('/').collect();
    let name = folders.pop().unwrap_or_default();
    let has_folder = |names: &[&str]| folders.iter().any(|folder| names.contains(folder));
    if name.starts_with("runbook") || has_folder(&["runbooks", "runbook"]) {
        PageKind::Runbook
    } else if name.starts_with("adr-")
        || name.starts_with("decision-")
        || has_folder(&["adr", "adrs", "decisions"])
    {
        PageKind::Decision
    } else {
        PageKind::Page
    }
}

/// The files directly in a folder whose name begins with a word, in any of the usual spellings.
fn named<'s>(folder: FolderFiles<'s>, word: &str) -> impl Iterator<Item = &'s FileEntry> + use<'s> {
    let (first, rest) = word.split_at(1);
    let capital = format!("{}{rest}", first.to_uppercase());
    [word.to_uppercase(), capital, word.to_owned()]
        .into_iter()
        .flat_map(move |name| {
            let files = folder.beginning_with(name.as_bytes()).iter();
            files.filter(move |file| !folder.path_of(file).contains(&b'/'))
        })
}

#[cfg(test)]
mod tests {
    use super::{PageKind, is_documentation, kind_of};

    #[test]
    fn names_say_what_a_page_is() {
        for (path, kind) in [
            ("docs/adr/0001-use-kafka.md", PageKind::Decision),
            ("docs/decision-event-bus.md", PageKind::Decision),
            ("docs/runbooks/failover.md", PageKind::Runbook),
            ("RUNBOOK.md", PageKind::Runbook),
            ("docs/index.md", PageKind::Page),
            ("docs/adrenaline.md", PageKind::Page),
        ] {
            assert_eq!(kind_of(path.as_bytes()), kind, "{path}");
        }
        assert!(is_documentation(b"a/b.MD"));
        assert!(is_documentation(b"mkdocs.yaml"));
        assert!(!is_documentation(b"a/md"));
    }
}
