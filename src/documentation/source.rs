//! Where the documentation of an entity is: its home, and where its annotations and links lead.

use std::sync::Arc;

use crate::catalog::{Catalog, Home};
use crate::diagnostic::{Diagnostic, register};
use crate::model::{Entity, EntityRef, RefParts};

use super::PageKind;

/// `TechDocs`: the folder of `mkdocs.yml`, as `dir:` relative to the source, or as `url:`.
const TECHDOCS_REF: &str = "backstage.io/techdocs-ref";
/// `TechDocs`: the entity whose documentation is also that of this one.
const TECHDOCS_ENTITY: &str = "backstage.io/techdocs-entity";
/// The ADR plug-in: the folder of decisions, relative to the descriptor or a URL.
const ADR_LOCATION: &str = "backstage.io/adr-location";
/// How often documentation may be that of another entity in turn.
const MOST_HOPS: usize = 8;

/// What kinds of entities have no code, and so nothing to read at the folder they are declared in.
const WITHOUT_CODE: [&str; 3] = ["user", "group", "location"];

/// Places that document an entity.
#[derive(Debug, Default)]
pub(super) struct Sources {
    /// Folders of repositories in sight, the most telling first.
    pub(super) folders: Vec<Folder>,
    /// Documentation that is not in sight.
    pub(super) outside: Vec<OutsideLink>,
    /// Annotations that lead nowhere.
    pub(super) problems: Vec<Diagnostic>,
}

/// A folder that documents an entity.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Folder {
    pub(super) home: Home,
    pub(super) role: FolderRole,
}

/// What counts in a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum FolderRole {
    /// The code: a README, the documentation site, decisions, runbooks.
    Home,
    /// The site, whose pages `mkdocs.yml` names.
    Site,
    /// All its pages are decisions.
    Decisions,
    /// It is no folder, but one page.
    File(PageKind),
}

/// Documentation that is not in sight: nothing is fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutsideLink {
    /// What it is called.
    pub title: String,
    /// What it is.
    pub kind: PageKind,
    /// Where it is.
    pub url: String,
}

impl Sources {
    /// Where the documentation of an entity is.
    pub(super) fn of(catalog: &Catalog, entity: &Entity) -> Self {
        let mut sources = Self::default();
        sources.add_home(catalog, entity);
        sources.add_site(catalog, entity);
        sources.add_decisions(catalog, entity);
        sources.add_links(catalog, entity);
        sources.add_other_entities(catalog, entity);
        // Few places document an entity.
        let all = std::mem::take(&mut sources.folders);
        for folder in all {
            if !sources.folders.contains(&folder) {
                sources.folders.push(folder);
            }
        }
        sources
    }

    fn add_home(&mut self, catalog: &Catalog, entity: &Entity) {
        if WITHOUT_CODE.contains(&entity.reference().kind()) {
            return;
        }
        let home = catalog.home(entity);
        self.folders.extend(home.map(|home| Folder {
            home,
            role: FolderRole::Home,
        }));
    }

    fn add_site(&mut self, catalog: &Catalog, entity: &Entity) {
        let Some(reference) = entity.annotation(TECHDOCS_REF).map(str::trim) else {
            return;
        };
        if let Some(folder) = reference.strip_prefix("dir:") {
            match inside(catalog, entity, folder) {
                Some(home) => self.folders.push(Folder {
                    home,
                    role: FolderRole::Site,
                }),
                None if base(catalog, entity).is_some() => {
                    self.problems
                        .push(leads_nowhere(entity, TECHDOCS_REF, reference));
                }
                // The source of the entity is not in sight, and so are its pages.
                None => {}
            }
        } else if let Some(home) = catalog.locate(reference) {
            self.folders.push(Folder {
                home,
                role: FolderRole::Site,
            });
        } else if let Some(url) = web_address(reference) {
            self.outside
                .push(OutsideLink::new("documentation", PageKind::Page, url));
        } else {
            self.problems
                .push(leads_nowhere(entity, TECHDOCS_REF, reference));
        }
    }

    fn add_decisions(&mut self, catalog: &Catalog, entity: &Entity) {
        let Some(location) = entity.annotation(ADR_LOCATION).map(str::trim) else {
            return;
        };
        let home = match web_address(location) {
            Some(url) => {
                let home = catalog.locate(url);
                if home.is_none() {
                    self.outside
                        .push(OutsideLink::new("decisions", PageKind::Decision, url));
                }
                home
            }
            None => inside(catalog, entity, location),
        };
        self.folders.extend(home.map(|home| Folder {
            home,
            role: FolderRole::Decisions,
        }));
    }

    /// Links of the entity that are named or typed as something to read.
    fn add_links(&mut self, catalog: &Catalog, entity: &Entity) {
        for link in entity.links() {
            let title = link.str_at("title");
            let kind = link
                .str_at("type")
                .and_then(kind_of_link)
                .or_else(|| title.and_then(kind_of_link));
            let (Some(kind), Some(url)) = (kind, link.str_at("url").and_then(web_address)) else {
                continue;
            };
            match catalog.locate(url) {
                Some(home) if super::folder::has_page_name(home.folder.as_bytes()) => {
                    self.folders.push(Folder {
                        home,
                        role: FolderRole::File(kind),
                    });
                }
                _ => self
                    .outside
                    .push(OutsideLink::new(title.unwrap_or(url), kind, url)),
            }
        }
    }

    /// The documentation of the entity whose documentation is also this one's, and so on.
    fn add_other_entities(&mut self, catalog: &Catalog, entity: &Entity) {
        let mut entity = entity;
        let mut seen = vec![entity.reference()];
        for _ in 0..MOST_HOPS {
            let Some(text) = entity.annotation(TECHDOCS_ENTITY) else {
                return;
            };
            let Some(other) = named(text, entity).and_then(|named| catalog.get(&named)) else {
                self.problems
                    .push(leads_nowhere(entity, TECHDOCS_ENTITY, text));
                return;
            };
            if seen.contains(&other.reference()) {
                return;
            }
            seen.push(other.reference());
            self.add_home(catalog, other);
            self.add_site(catalog, other);
            entity = other;
        }
    }
}

impl OutsideLink {
    pub(super) fn new(title: &str, kind: PageKind, url: &str) -> Self {
        Self {
            title: title.to_owned(),
            kind,
            url: url.to_owned(),
        }
    }
}

/// Whether a type or a title of a link speaks of something to read.
fn kind_of_link(text: &str) -> Option<PageKind> {
    let text = text.to_lowercase();
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    words.find_map(|word| match word {
        "runbook" | "runbooks" | "playbook" => Some(PageKind::Runbook),
        "adr" | "adrs" | "decisions" => Some(PageKind::Decision),
        "docs" | "documentation" | "techdocs" | "handbook" | "guide" => Some(PageKind::Page),
        _ => None,
    })
}

/// A URL that a reader can follow, with or without `url:` in front.
pub(super) fn web_address(text: &str) -> Option<&str> {
    let url = text.trim();
    let url = url.strip_prefix("url:").unwrap_or(url);
    let scheme = url.split_once("://")?.0;
    ["http", "https"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known))
        .then_some(url)
}

/// The folder to which annotations are relative: the source location, else the descriptor's.
fn base(catalog: &Catalog, entity: &Entity) -> Option<Home> {
    if let Some(location) = entity.annotation("backstage.io/source-location") {
        return catalog.locate(location);
    }
    let file = &entity.source().file;
    let known = catalog.repositories().get_key_value(file.repository());
    known.map(|(repository, _)| Home {
        repository: Arc::clone(repository),
        folder: file.folder_in_repository().to_owned(),
    })
}

/// A folder relative to the source of an entity, when it is inside of its repository.
fn inside(catalog: &Catalog, entity: &Entity, folder: &str) -> Option<Home> {
    let mut home = base(catalog, entity)?;
    home.folder = join(&home.folder, folder)?;
    Some(home)
}

/// A path relative to a folder; `None` when it leads out of the repository.
pub(super) fn join(folder: &str, path: &str) -> Option<String> {
    if path.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn named(text: &str, entity: &Entity) -> Option<EntityRef> {
    let parts = RefParts::parse(text.trim()).ok()?;
    Some(EntityRef::new(
        parts.kind.unwrap_or("component"),
        parts.namespace.unwrap_or(entity.namespace()),
        parts.name,
    ))
}

fn leads_nowhere(entity: &Entity, annotation: &str, value: &str) -> Diagnostic {
    let node = entity
        .metadata()
        .and_then(|metadata| metadata.get("annotations")?.get(annotation));
    let place = node.map_or_else(|| entity.place(), |node| entity.place_of(node));
    Diagnostic::new(
        &register::DOCUMENTATION_NOT_FOUND,
        format!("\"{annotation}\" leads nowhere: \"{value}\""),
    )
    .help("a folder of the repository as \"dir:./folder\", a URL, or an entity")
    .entity(entity.reference())
    .subject(annotation)
    .at(place)
}

#[cfg(test)]
mod tests {
    use super::{join, kind_of_link, web_address};
    use crate::documentation::PageKind;

    #[test]
    fn paths_never_leave_the_repository() {
        assert_eq!(join("a/b", "./../c").as_deref(), Some("a/c"));
        assert_eq!(join("", ".").as_deref(), Some(""));
        assert_eq!(join("a", "../.."), None);
        assert_eq!(join("a", "/etc"), None);
    }

    #[test]
    fn links_to_something_to_read_say_so() {
        assert_eq!(kind_of_link("Runbook (on call)"), Some(PageKind::Runbook));
        assert_eq!(kind_of_link("documentation"), Some(PageKind::Page));
        assert_eq!(kind_of_link("dashboard"), None);
        assert_eq!(web_address("url:HTTPS://a.b/c"), Some("HTTPS://a.b/c"));
        assert_eq!(web_address("javascript://a"), None);
    }
}
