//! Linked pages about everything that the catalog has: an index with a search, lists by kind, and
//! a page for each entity.
//!
//! A page is made when it is asked for, so that a portal of any size takes the memory of one page.

mod index;
mod list;
mod path;
mod subject;

use std::collections::HashMap;

use super::{Links, ReportInput, badge, known, page};
use crate::catalog::{EntityId, Taxonomy};
use crate::maturity::{EntityResult, Scorecard};
use crate::model::{EntityRef, RelationType};
use crate::view::{Badge, Block, Role, SearchEntry, Surroundings, Text, View};

use path::Paths;

pub use path::file_name;

/// Entities of a list on one page.
const MOST_ROWS: usize = 1_000;
/// The extension of pages that show nothing around themselves.
const MARKDOWN: &str = "md";
/// Kinds that say where others are, and that nobody looks up.
const NOT_SHOWN: [&str; 1] = ["location"];

/// All the pages, before they are written.
#[derive(Debug)]
pub struct Portal<'a> {
    input: &'a ReportInput<'a>,
    title: String,
    extension: &'static str,
    taxonomy: Taxonomy,
    paths: Paths,
    pages: Vec<PortalPage>,
    /// What each owner owns, in the order of the catalog.
    owned: HashMap<&'a EntityRef, Vec<EntityId>>,
    /// The kinds that have pages, with what there is of them.
    kinds: Vec<(String, Vec<EntityId>)>,
}

/// A page of a portal.
#[derive(Clone, Debug)]
pub struct PortalPage {
    /// Where it is, from the folder of the portal, with `/`.
    pub path: String,
    subject: Subject,
}

/// What a page is about.
#[derive(Clone, Copy, Debug)]
enum Subject {
    Index,
    /// A kind, by its place among the kinds, and which of its pages.
    Kind(usize, usize),
    Entity(EntityId),
}

impl<'a> Portal<'a> {
    /// Arranges the pages, which have this extension.
    #[must_use]
    pub fn new(input: &'a ReportInput<'a>, title: &str, extension: &'static str) -> Self {
        let catalog = input.catalog;
        let shown = |id: &EntityId| !NOT_SHOWN.contains(&catalog.entity(*id).reference().kind());
        let mut owned: HashMap<&EntityRef, Vec<EntityId>> = HashMap::new();
        for id in catalog.ids().filter(shown) {
            if let Some(owner) = catalog.owner(id) {
                owned.entry(owner.reference).or_default().push(id);
            }
        }
        let entities: Vec<EntityId> = catalog.ids().filter(shown).collect();
        let references = entities.iter().map(|id| catalog.entity(*id).reference());
        let mut portal = Self {
            input,
            title: title.to_owned(),
            extension,
            taxonomy: catalog.taxonomy(),
            paths: Paths::of(references, extension),
            pages: Vec::new(),
            owned,
            kinds: by_kind(input, &entities),
        };
        portal.pages = portal.arrange(&entities);
        portal
    }

    fn arrange(&self, entities: &[EntityId]) -> Vec<PortalPage> {
        let mut pages = vec![PortalPage {
            path: self.index_path(),
            subject: Subject::Index,
        }];
        for (number, (kind, of_kind)) in self.kinds.iter().enumerate() {
            for part in 0..of_kind.len().div_ceil(MOST_ROWS) {
                pages.push(PortalPage {
                    path: self.kind_path(kind, part),
                    subject: Subject::Kind(number, part),
                });
            }
        }
        let entities = entities.iter().filter_map(|id| {
            let reference = self.input.catalog.entity(*id).reference();
            Some(PortalPage {
                path: self.paths.get(reference)?.to_owned(),
                subject: Subject::Entity(*id),
            })
        });
        pages.extend(entities);
        pages
    }

    /// The pages, the index first.
    #[must_use]
    pub fn pages(&self) -> &[PortalPage] {
        &self.pages
    }

    /// What a page shows, and what stands around it.
    #[must_use]
    pub fn show(&self, page: &PortalPage) -> (View, Surroundings) {
        let depth = page.path.matches('/').count();
        let up = "../".repeat(depth);
        let input = self.input_below(&up);
        let around = Surroundings {
            site: self.title.clone(),
            home: format!("{up}{}", self.index_path()),
            way: self.way(page, &up),
            index: matches!(page.subject, Subject::Index).then(|| self.search_entries()),
        };
        let mut view = match page.subject {
            Subject::Index => index::view(self, &input),
            Subject::Kind(number, part) => list::view(self, number, part, &input),
            Subject::Entity(id) => subject::view(self, id, &input),
        };
        if self.extension == MARKDOWN && depth > 0 {
            view.blocks.insert(1, Block::Paragraph(way_back(&around)));
        }
        (view, around)
    }

    /// The same input, where names lead to pages of the portal.
    fn input_below(&self, up: &str) -> ReportInput<'_> {
        let up = up.to_owned();
        let input = self.input;
        ReportInput {
            catalog: input.catalog,
            facts: input.facts,
            results: input.results,
            campaigns: input.campaigns,
            trend: input.trend,
            documentation: input.documentation,
            links: Links {
                entity: Box::new(move |reference| {
                    self.paths.get(reference).map(|path| format!("{up}{path}"))
                }),
                place: Box::new(|place| (input.links.place)(place)),
            },
        }
    }

    /// What a page stands below.
    fn way(&self, page: &PortalPage, up: &str) -> Vec<(String, Option<String>)> {
        match page.subject {
            Subject::Index => Vec::new(),
            Subject::Kind(number, _) => {
                let kind = self.kinds.get(number).map_or("", |(kind, _)| kind);
                vec![(kind.to_owned(), None)]
            }
            Subject::Entity(id) => {
                let record = self.input.catalog.record(id);
                let above = [record.domain, record.system].into_iter().flatten();
                let above = above.filter_map(|above| {
                    let path = self.paths.get(above)?;
                    Some((page::short(above), Some(format!("{up}{path}"))))
                });
                let mut way: Vec<(String, Option<String>)> = above.collect();
                if way.is_empty() {
                    let kind = record.reference.kind();
                    let path = format!("{up}{}", self.kind_path(kind, 0));
                    way.push((kind.to_owned(), Some(path)));
                }
                way.push((page::short(record.reference), None));
                way
            }
        }
    }

    fn search_entries(&self) -> Vec<SearchEntry> {
        let entries = self.kinds.iter().flat_map(|(_, entities)| entities);
        let entries = entries.filter_map(|id| {
            let record = self.input.catalog.record(*id);
            let owned = |text: Option<&str>| text.unwrap_or_default().trim().to_owned();
            Some(SearchEntry {
                target: self.paths.get(record.reference)?.to_owned(),
                kind: record.reference.kind().to_owned(),
                name: page::short(record.reference),
                title: owned(record.title),
                description: beginning(record.description.unwrap_or_default()),
                owner: record.owner.map(page::short).unwrap_or_default(),
                tags: record.tags.join(" "),
            })
        });
        entries.collect()
    }

    /// A badge for each component in each scorecard, for their READMEs: paths, and what is told.
    #[must_use]
    pub fn badges(&self) -> Vec<(String, Badge)> {
        let catalog = self.input.catalog;
        let mut badges = Vec::new();
        for result in self.input.results {
            let card = path::folder_name(result.scorecard.reference.name());
            for entity in &result.entities {
                let reference = catalog.entity(entity.entity).reference();
                if reference.kind() == "component" {
                    let path = format!("badges/{}/{card}.svg", file_name(reference));
                    badges.push((path, badge::of_level(result.scorecard, entity.standing)));
                }
            }
        }
        badges
    }

    fn index_path(&self) -> String {
        format!("index.{}", self.extension)
    }

    fn kind_path(&self, kind: &str, part: usize) -> String {
        let folder = path::folder_name(kind);
        match part {
            0 => format!("{folder}/index.{}", self.extension),
            part => format!("{folder}/index-{}.{}", part + 1, self.extension),
        }
    }

    /// Where an entity stands in each scorecard that is about it.
    fn standing(&self, id: EntityId, scorecard: usize) -> Option<&'a EntityResult> {
        let results = &self.input.results.get(scorecard)?.entities;
        let place = results.binary_search_by_key(&id, |it| it.entity);
        results.get(place.ok()?)
    }

    /// The scorecards, in their order.
    fn scorecards(&self) -> impl Iterator<Item = (usize, &'a Scorecard)> {
        let results = self.input.results.iter().enumerate();
        results.map(|(number, result)| (number, result.scorecard))
    }

    /// What an entity is about: the relations that a change travels along.
    const fn dependencies() -> [RelationType; 3] {
        RelationType::DEPENDENCIES
    }
}

/// The entities of each kind; those that people look up most come first.
fn by_kind(input: &ReportInput<'_>, entities: &[EntityId]) -> Vec<(String, Vec<EntityId>)> {
    const FIRST: [&str; 7] = [
        "component",
        "api",
        "resource",
        "system",
        "domain",
        "group",
        "user",
    ];
    let mut kinds: Vec<(String, Vec<EntityId>)> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for id in entities {
        let kind = input.catalog.entity(*id).reference().kind();
        let place = *places.entry(kind).or_insert_with(|| {
            kinds.push((kind.to_owned(), Vec::new()));
            kinds.len() - 1
        });
        if let Some((_, of_kind)) = kinds.get_mut(place) {
            of_kind.push(*id);
        }
    }
    let rank = |kind: &str| FIRST.iter().position(|first| *first == kind);
    kinds.sort_by_key(|(kind, _)| (rank(kind).unwrap_or(FIRST.len()), kind.clone()));
    kinds
}

/// As much of a description as a search needs.
fn beginning(text: &str) -> String {
    const LONGEST: usize = 240;
    let words = text.split_whitespace().collect::<Vec<&str>>().join(" ");
    match words.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words,
    }
}

/// The way back to the index, for formats that show nothing around a page.
fn way_back(around: &Surroundings) -> Text {
    let home = Text::plain(around.site.as_str()).leading_to(Some(&around.home));
    around.way.iter().fold(home, |text, (name, target)| {
        let step = Text::plain(name.as_str()).leading_to(target.as_deref());
        text.then(" / ", Role::Faint).joined(step)
    })
}

/// The day that a portal speaks of.
fn today(input: &ReportInput<'_>) -> String {
    known::today(input)
}
