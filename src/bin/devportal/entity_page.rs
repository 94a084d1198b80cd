//! The page of an entity: what is known is gathered first, and shown after that.

use devportal::catalog::EntityId;
use devportal::check::{self, CheckInput};
use devportal::diagnostic::{Diagnostic, Severity};
use devportal::documentation::{Documentation, EntityDocumentation};
use devportal::fact::Facts;
use devportal::model::{Entity, EntityRef, Moment, RelationType, date_on_clock};
use devportal::repo::LastChange;
use devportal::report::EntityFacts;
use devportal::scan::Scan;
use devportal::view::{Block, Role, Text, View};
use serde::Serialize;

use crate::age::ago;

/// Names of a row that are written out.
const MOST_NAMES: usize = 12;

/// Everything known about an entity.
pub(crate) struct EntityPage<'a> {
    pub(crate) scan: &'a Scan,
    pub(crate) id: EntityId,
    /// The last change of its descriptor.
    pub(crate) changed: LastChange,
    /// What it has to read.
    pub(crate) documentation: EntityDocumentation,
    /// What is wrong with it, worst first.
    pub(crate) findings: Vec<Diagnostic>,
    pub(crate) dependencies: Counts,
    pub(crate) dependents: Counts,
    /// What was observed of it; nothing at a glance.
    pub(crate) facts: Option<EntityFacts<'a>>,
}

/// How many entities it needs, or need it.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Counts {
    direct: usize,
    all: usize,
}

impl<'a> EntityPage<'a> {
    /// Finds out everything about an entity.
    pub(crate) fn gather(scan: &'a Scan, id: EntityId, moment: &Moment, facts: &'a Facts) -> Self {
        let entity = scan.catalog.entity(id);
        Self {
            scan,
            id,
            changed: changed(scan, entity, moment),
            documentation: Documentation::new(&scan.catalog, &scan.repositories, moment).of(id),
            findings: findings(scan, entity),
            dependencies: counts(scan, id, RelationType::DEPENDENCIES),
            dependents: counts(
                scan,
                id,
                RelationType::DEPENDENCIES.map(RelationType::inverse),
            ),
            facts: Some(EntityFacts::new(&scan.catalog, id, facts, ago)),
        }
    }

    /// What is known at a glance: without what takes a look at every check or at history.
    pub(crate) fn glance(scan: &'a Scan, id: EntityId) -> Self {
        let inverse = RelationType::DEPENDENCIES.map(RelationType::inverse);
        Self {
            scan,
            id,
            changed: LastChange::Unknown(String::new()),
            documentation: EntityDocumentation::default(),
            findings: Vec::new(),
            dependencies: counts(scan, id, RelationType::DEPENDENCIES),
            dependents: counts(scan, id, inverse),
            facts: None,
        }
    }

    fn entity(&self) -> &'a Entity {
        self.scan.catalog.entity(self.id)
    }

    /// The members of the group that owns it, or of the group that it is.
    pub(crate) fn people(&self) -> Vec<&'a EntityRef> {
        let catalog = &self.scan.catalog;
        let group = match catalog.owner(self.id) {
            Some(owner) => catalog.id(owner.reference),
            None => (self.entity().reference().kind() == "group").then_some(self.id),
        };
        group
            .map(|group| catalog.related(group, RelationType::HasMember))
            .unwrap_or_default()
    }

    /// The page; what is empty is not there.
    pub(crate) fn view(&self) -> View {
        let entity = self.entity();
        let mut view = View::new();
        let name = entity.title().unwrap_or_else(|| entity.name());
        let reference = format!("  {}", entity.reference().short());
        view.push(Block::Heading(
            Text::new(name, Role::Name).then(reference, Role::Faint),
        ));
        if let Some(description) = entity.description() {
            view.push(Block::Paragraph(Text::plain(description.trim())));
        }
        view.push(Block::KeyValues(self.declared()));
        view.push(Block::KeyValues(self.related()));
        let observed = self.facts.as_ref().map(EntityFacts::rows);
        let observed = observed.unwrap_or_default();
        if !observed.is_empty() {
            view.push(Block::Heading(Text::plain("Facts")));
            view.push(Block::KeyValues(observed));
        }
        let links = links(entity);
        if !links.is_empty() {
            view.push(Block::Heading(Text::plain("Links")));
            view.push(Block::List(links));
        }
        if !self.findings.is_empty() {
            view.push(Block::Heading(Text::plain("Findings")));
            view.push(Block::List(self.findings.iter().map(finding).collect()));
        }
        view
    }

    fn declared(&self) -> Vec<(String, Text)> {
        let entity = self.entity();
        let catalog = &self.scan.catalog;
        let record = catalog.record(self.id);
        let kind = match record.spec_type {
            Some(spec_type) => format!("{}, {spec_type}", entity.kind()),
            None => entity.kind().to_owned(),
        };
        let mut labels = Vec::new();
        labels.extend(entity.labels().map(|(key, value)| format!("{key}={value}")));
        let email = |entity: &Entity| {
            let profile = entity.spec().and_then(|spec| spec.get("profile"));
            profile.and_then(|profile| profile.str_at("email").map(str::to_owned))
        };
        let home = catalog.home(entity).map(|home| {
            let folder = if home.folder.is_empty() {
                String::new()
            } else {
                format!(" {}", home.folder)
            };
            format!("{}{folder}", home.repository)
        });
        let place = format!("{}:{}", record.path, record.line);
        let mut rows = vec![
            ("kind", Text::plain(kind)),
            (
                "lifecycle",
                Text::plain(record.lifecycle.unwrap_or_default()),
            ),
            ("owner", Text::plain(self.owner().unwrap_or_default())),
            ("people", Text::plain(self.names_of_people())),
            ("system", Text::plain(short(record.system))),
            ("domain", Text::plain(short(record.domain))),
            ("tags", Text::plain(record.tags.join(", "))),
            ("labels", Text::plain(labels.join(", "))),
            ("e-mail", Text::plain(email(entity).unwrap_or_default())),
            ("declared", Text::new(place, Role::File)),
            (
                "changed",
                Text::plain(self.changed_by().unwrap_or_default()),
            ),
            ("repository", Text::plain(record.repository)),
            ("home", Text::plain(home.unwrap_or_default())),
            ("docs", Text::plain(self.titles_of_documentation())),
        ];
        if !entity.is_valid() {
            let invalid = "invalid: Backstage refuses it";
            rows.push(("status", Text::new(invalid, Role::Bad(Severity::Error))));
        }
        let known = rows
            .into_iter()
            .filter(|(_, value)| !value.to_plain().is_empty());
        known
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }

    /// The owner with the way to reach it.
    fn owner(&self) -> Option<String> {
        let catalog = &self.scan.catalog;
        let owner = catalog.owner(self.id)?;
        let group = catalog.get(owner.reference);
        let contact = group.and_then(|group| group.spec()?.get("profile")?.str_at("email"));
        let contact = contact
            .map(|contact| format!(" <{contact}>"))
            .unwrap_or_default();
        let derived = if owner.derived {
            " (from CODEOWNERS)"
        } else {
            ""
        };
        let missing = if group.is_none() {
            " (not in the catalog)"
        } else {
            ""
        };
        let name = owner.reference.short();
        Some(format!("{name}{contact}{derived}{missing}"))
    }

    fn names_of_people(&self) -> String {
        let name = |person: &EntityRef| {
            let entity = self.scan.catalog.get(person);
            let displayed =
                entity.and_then(|entity| entity.spec()?.get("profile")?.str_at("displayName"));
            let title = entity.and_then(Entity::title);
            displayed.or(title).unwrap_or(person.name()).to_owned()
        };
        summary(&self.people().into_iter().map(name).collect::<Vec<String>>())
    }

    fn titles_of_documentation(&self) -> String {
        let pages = self.documentation.pages.iter().map(|page| &page.title);
        let outside = self.documentation.outside.iter().map(|link| &link.title);
        let titles: Vec<String> = pages.chain(outside).cloned().collect();
        summary(&titles)
    }

    fn changed_by(&self) -> Option<String> {
        match &self.changed {
            LastChange::Committed(change) => {
                let date = date_on_clock(change.seconds, change.offset);
                let commit = change.commit.get(..10).unwrap_or(&change.commit);
                Some(format!("{date} by {}, {commit}", change.author))
            }
            LastChange::Uncommitted => Some("not committed yet".to_owned()),
            LastChange::Unknown(_) => None,
        }
    }

    /// The relations, but those that are told above.
    fn related(&self) -> Vec<(String, Text)> {
        let relations = self.scan.catalog.relations_of(self.id);
        let told = |relation: &RelationType| {
            matches!(relation, RelationType::OwnedBy)
                || (*relation == RelationType::HasMember && !self.people().is_empty())
        };
        let shown = RelationType::ALL
            .into_iter()
            .filter(|relation| !told(relation));
        let mut rows: Vec<(String, Text)> = shown
            .filter_map(|relation| {
                let targets = relations.iter().filter(|found| {
                    found.relation == relation && !is_told_above(relation, found.target.kind())
                });
                let names: Vec<String> = targets
                    .map(|found| {
                        let missing = if found.dangling {
                            " (not in the catalog)"
                        } else {
                            ""
                        };
                        format!("{}{missing}", found.target.short())
                    })
                    .collect();
                let row = || (relation.words().to_owned(), Text::plain(summary(&names)));
                (!names.is_empty()).then(row)
            })
            .collect();
        let totals = [
            ("needs in all", self.dependencies),
            ("felt by in all", self.dependents),
        ];
        let indirect = totals
            .into_iter()
            .filter(|(_, counts)| counts.all > counts.direct);
        rows.extend(indirect.map(|(name, counts)| {
            let text = format!("{} entities, {} directly", counts.all, counts.direct);
            (name.to_owned(), Text::plain(text))
        }));
        rows
    }
}

fn changed(scan: &Scan, entity: &Entity, moment: &Moment) -> LastChange {
    let file = &entity.source().file;
    let repository = scan
        .repositories
        .iter()
        .find(|repository| &*repository.identity == file.repository());
    repository.map_or_else(
        || LastChange::Unknown("the repository is not here".to_owned()),
        |repository| repository.last_change(file.path_in_repository(), moment),
    )
}

fn findings(scan: &Scan, entity: &Entity) -> Vec<Diagnostic> {
    let input = CheckInput {
        catalog: &scan.catalog,
        is_single_repository: scan.is_single_repository,
    };
    let all = scan.diagnostics.iter().cloned().chain(check::run(&input));
    let mut findings: Vec<Diagnostic> = all
        .filter(|finding| {
            finding.entity.as_ref() == Some(entity.reference())
                && !scan.suppressions.covers(finding)
        })
        .map(|finding| crate::commands::check::with_severity(finding, scan))
        .filter(|finding| finding.severity != Severity::Off)
        .collect();
    findings.sort_by_key(|finding| finding.severity);
    findings
}

fn counts(scan: &Scan, id: EntityId, relations: [RelationType; 3]) -> Counts {
    let mut direct: Vec<&EntityRef> = relations
        .iter()
        .flat_map(|relation| scan.catalog.related(id, *relation))
        .filter(|target| scan.catalog.get(target).is_some())
        .collect();
    direct.sort_unstable();
    direct.dedup();
    Counts {
        direct: direct.len(),
        all: scan
            .catalog
            .closure(&[id], relations.into_iter().collect())
            .len()
            - 1,
    }
}

/// The system and the domain of an entity stand among its facts.
fn is_told_above(relation: RelationType, kind: &str) -> bool {
    relation == RelationType::PartOf && matches!(kind, "system" | "domain")
}

fn summary(names: &[String]) -> String {
    let more = names.len().saturating_sub(MOST_NAMES);
    let shown = names.iter().take(MOST_NAMES).cloned();
    let shown = shown.collect::<Vec<String>>().join(", ");
    if more == 0 {
        shown
    } else {
        format!("{shown} and {more} more")
    }
}

fn short(reference: Option<&EntityRef>) -> String {
    reference.map(EntityRef::short).unwrap_or_default()
}

fn links(entity: &Entity) -> Vec<Text> {
    let links = entity
        .links()
        .filter_map(|link| Some((link.str_at("title"), link.str_at("url")?)));
    links
        .map(|(title, url)| match title {
            Some(title) => Text::plain(format!("{title}: ")).then(url, Role::Url),
            None => Text::new(url, Role::Url),
        })
        .collect()
}

fn finding(finding: &Diagnostic) -> Text {
    let code = format!("{}[{}]", finding.severity, finding.code.name);
    let text = Text::new(code, Role::Bad(finding.severity));
    let text = text.then(format!(" {}", finding.message), Role::Plain);
    let line = finding
        .place
        .as_ref()
        .and_then(|place| Some((place.file.path(), place.span?.line)));
    match line {
        Some((path, line)) => text
            .then(" (", Role::Faint)
            .then(format!("{path}:{line}"), Role::File)
            .then(")", Role::Faint),
        None => text,
    }
}
