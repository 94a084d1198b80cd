//! `mkdocs.yml`: the folder of the pages and their navigation (`MkDocs` 1.6, "Configuration").
//!
//! Plug-ins, themes and extensions are not looked at; their tags (`!ENV`, `!!python/name:…`) are
//! read as the text behind them.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, register};
use crate::model::{Node, Place, SourceFile};
use crate::repo::{ReadError, Repository, Snapshot};
use crate::yaml;

use super::folder::NavigationEntry;
use super::source::join;

/// The names of the file, the first before the second.
pub(super) const FILE_NAMES: &[&str] = &["mkdocs.yml", "mkdocs.yaml"];

/// The most entries of a navigation that are read.
const MOST_ENTRIES: usize = 2_000;

/// A documentation site.
#[derive(Debug)]
pub(super) struct Site {
    /// The folder of the pages, in the repository.
    pub(super) folder: String,
    /// The entries with a target, in their order.
    pub(super) navigation: Vec<NavigationEntry>,
    pub(super) problems: Vec<Diagnostic>,
}

impl Site {
    /// The site of a folder. Without `mkdocs.yml` it is what `TechDocs` would make of it: the
    /// pages of `docs`.
    pub(super) fn read(repository: &Repository, snapshot: &Snapshot, folder: &str) -> Self {
        let docs = join(folder, "docs").unwrap_or_default();
        let mut paths = FILE_NAMES.iter().filter_map(|name| join(folder, name));
        let Some(path) = paths.find(|path| snapshot.file(path.as_bytes()).is_some()) else {
            return Self::of_pages_in(docs);
        };
        let file = repository.file(path.as_bytes());
        match snapshot.read(path.as_bytes()) {
            Ok(bytes) => Self::parse(&yaml::decode(&bytes).0, &file, folder),
            Err(error) => Self {
                problems: vec![unreadable(&error, file)],
                ..Self::of_pages_in(docs)
            },
        }
    }

    fn of_pages_in(folder: String) -> Self {
        Self {
            folder,
            navigation: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// The site that a `mkdocs.yml` in that folder describes.
    fn parse(text: &str, file: &Arc<SourceFile>, folder: &str) -> Self {
        let documents = yaml::parse(text);
        let root = documents
            .first()
            .and_then(|document| document.tree.as_ref()?.root());
        let pages = root
            .and_then(|root| root.str_at("docs_dir"))
            .unwrap_or("docs");
        let (pages, problem) = match join(folder, pages) {
            Some(pages) => (pages, None),
            None => (
                join(folder, "docs").unwrap_or_default(),
                Some(leads_out(pages, file)),
            ),
        };
        let navigation = root.and_then(|root| root.get("nav").or_else(|| root.get("pages")));
        Self {
            folder: pages,
            navigation: navigation
                .map(|navigation| entries(navigation, file))
                .unwrap_or_default(),
            problems: problem.into_iter().collect(),
        }
    }
}

/// A node of the navigation that is not looked at yet.
struct Open<'tree> {
    node: Node<'tree>,
    title: Option<&'tree str>,
    section: Arc<[String]>,
}

/// The entries of a navigation: texts, titles with a text, and titles with entries below them.
fn entries(navigation: Node<'_>, file: &Arc<SourceFile>) -> Vec<NavigationEntry> {
    let mut entries = Vec::new();
    let mut open = vec![Open {
        node: navigation,
        title: None,
        section: Arc::from([]),
    }];
    while let Some(Open {
        node,
        title,
        section,
    }) = open.pop()
    {
        if entries.len() == MOST_ENTRIES {
            break;
        }
        if let Some(target) = node.as_str() {
            entries.push(NavigationEntry {
                title: title.map(str::to_owned),
                section: section.to_vec(),
                target: target.to_owned(),
                place: Place::span(Arc::clone(file), node.span()),
            });
            continue;
        }
        let section = match title {
            Some(title) => section.iter().cloned().chain([title.to_owned()]).collect(),
            None => section,
        };
        let below = |(title, node)| Open {
            node,
            title,
            section: Arc::clone(&section),
        };
        let items = node.items().map(|item| (None, item));
        let pairs = node.entries().map(|(key, value)| (Some(key.text()), value));
        let mut children: Vec<Open<'_>> = items.chain(pairs).map(below).collect();
        children.reverse();
        open.extend(children);
    }
    entries
}

/// The problem of an entry whose page is not there.
pub(super) fn names_nothing(target: &str, folder: &str, place: Place) -> Diagnostic {
    Diagnostic::new(
        &register::DOCUMENTATION_NOT_FOUND,
        format!("the navigation names \"{target}\", which is not in \"{folder}\""),
    )
    .help("correct the path, or take it out of \"nav\"")
    .subject(target)
    .at(place)
}

fn leads_out(folder: &str, file: &Arc<SourceFile>) -> Diagnostic {
    Diagnostic::new(
        &register::DOCUMENTATION_NOT_FOUND,
        format!("\"docs_dir\" leads out of the repository: \"{folder}\""),
    )
    .help("pages are read from \"docs\" instead")
    .subject("docs_dir")
    .at(Place::file(Arc::clone(file)))
}

/// The problem of a page or navigation that cannot be read.
pub(super) fn unreadable(error: &ReadError, file: Arc<SourceFile>) -> Diagnostic {
    let code = match error {
        ReadError::Outside | ReadError::GitData => &register::OUTSIDE_REPOSITORY,
        ReadError::NotAFile => &register::NOT_A_REGULAR_FILE,
        ReadError::TooLarge { .. } => &register::FILE_TOO_LARGE,
        _ => &register::UNREADABLE,
    };
    let problem = Diagnostic::new(code, format!("\"{}\" {error}", file.path()))
        .subject(file.path_in_repository())
        .at(Place::file(file));
    // What cannot be read for good has no answer to hide.
    match error {
        ReadError::NotInSight | ReadError::Failed(_) => problem.hiding(),
        _ => problem,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::Site;
    use crate::model::SourceFile;

    fn site(text: &str, folder: &str) -> Site {
        let file = Arc::new(SourceFile::new(Arc::from("."), "", b"mkdocs.yml"));
        Site::parse(text, &file, folder)
    }

    #[test]
    fn a_navigation_has_titles_sections_and_an_order() {
        let site = site(
            "site_name: !ENV [NAME, Shop]
docs_dir: pages
markdown_extensions:
  - pymdownx.emoji: {emoji_index: !!python/name:material.extensions.emoji.twemoji}
nav:
  - index.md
  - Guides:
      - First steps: guides/first.md
      - Deeper:
          - guides/deep.md
  - Chat: https://chat.example.com
",
            "app",
        );
        assert_eq!(site.folder, "app/pages");
        let entries: Vec<(Option<&str>, String, &str)> = site
            .navigation
            .iter()
            .map(|entry| {
                let section = entry.section.join(" / ");
                (entry.title.as_deref(), section, entry.target.as_str())
            })
            .collect();
        assert_eq!(
            entries,
            [
                (None, String::new(), "index.md"),
                (Some("First steps"), "Guides".to_owned(), "guides/first.md"),
                (None, "Guides / Deeper".to_owned(), "guides/deep.md"),
                (Some("Chat"), String::new(), "https://chat.example.com"),
            ]
        );
        assert_eq!(site.navigation[1].place.span.map(|span| span.line), Some(8));
    }

    #[test]
    fn a_folder_of_pages_outside_of_the_repository_is_refused() {
        let site = site("docs_dir: ../../../etc\n", "app");
        assert_eq!(site.folder, "app/docs");
        assert_eq!(site.problems.len(), 1);
    }

    #[test]
    fn what_is_no_configuration_is_a_site_without_navigation() {
        for text in ["", "[", "- a", "nav: 3", "nav: {a: {b: [[c, 1, ~]]}}"] {
            let site = site(text, "");
            assert_eq!(site.folder, "docs", "{text}");
            assert!(site.navigation.len() <= 1, "{text}");
        }
    }
}
