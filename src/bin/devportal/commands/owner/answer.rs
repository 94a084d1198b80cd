//! Who owns a subject, by the catalog and by `CODEOWNERS`.

use std::collections::HashMap;

use devportal::catalog::{Catalog, EntityId, Homes};
use devportal::codeowners::{CodeOwners, Rule};
use devportal::model::{EntityRef, RelationType};
use devportal::scan::{RepositoryFolders, Scan};
use serde::Serialize;

use super::Subject;

/// The answer about one subject, for machines and for people.
#[derive(Debug, Serialize)]
pub(super) struct Answer<'a> {
    /// The entity that was asked for; null for a path.
    #[serde(rename = "ref")]
    pub(super) reference: Option<&'a EntityRef>,
    /// The path in the workspace that was asked for; null for an entity.
    pub(super) path: Option<String>,
    /// The identity of the repository that holds it; null when none of the workspace does.
    pub(super) repository: Option<&'a str>,
    /// Who owns it: what the catalog says, else what `CODEOWNERS` says.
    pub(super) owner: Option<EntityRef>,
    /// The e-mail address of the owner.
    pub(super) contact: Option<&'a str>,
    /// Who says so.
    pub(super) source: Option<Source>,
    /// Whether `CODEOWNERS` names the owner of the catalog, or a person in it; null when one of
    /// the two says nothing.
    pub(super) agree: Option<bool>,
    /// The entities whose home holds the path, components first; or the entity itself.
    pub(super) entities: Vec<&'a EntityRef>,
    /// Where the owner is written.
    pub(super) declared: Option<DeclaredAt<'a>>,
    /// The rules of `CODEOWNERS` that decide.
    pub(super) rules: Vec<RuleRecord<'a>>,
}

/// Who names an owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Source {
    /// The descriptor of an entity.
    Descriptor,
    /// `CODEOWNERS`.
    Codeowners,
    /// A group or a person is its own owner.
    Itself,
}

/// A place in a file of the workspace.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct DeclaredAt<'a> {
    pub(super) path: &'a str,
    pub(super) line: u32,
}

/// A rule of `CODEOWNERS`.
#[derive(Debug, Serialize)]
pub(super) struct RuleRecord<'a> {
    pub(super) path: &'a str,
    pub(super) line: u32,
    pub(super) pattern: &'a str,
    pub(super) owners: &'a [String],
    /// The section of GitLab.
    pub(super) section: Option<&'a str>,
    /// Whether the section only wishes for an approval.
    pub(super) optional: bool,
    /// How many must approve, where the section says so.
    pub(super) approvals: Option<u32>,
}

/// What the catalog says of an entity.
#[derive(Clone, Debug)]
struct Declared<'a> {
    owner: EntityRef,
    source: Source,
    place: Option<DeclaredAt<'a>>,
}

/// Finds answers; what is the same for many paths is found once.
pub(super) struct Answers<'a> {
    catalog: &'a Catalog,
    folders: RepositoryFolders<'a>,
    homes: Homes,
    declared: HashMap<EntityId, Option<Declared<'a>>>,
}

impl Answer<'_> {
    pub(super) fn has_owner(&self) -> bool {
        self.owner.is_some()
    }

    pub(super) fn repository(&self) -> Option<&str> {
        self.repository
    }
}

impl<'a> Answers<'a> {
    pub(super) fn new(scan: &'a Scan) -> Self {
        Self {
            catalog: &scan.catalog,
            folders: scan.folders(),
            homes: scan.catalog.homes(),
            declared: HashMap::new(),
        }
    }

    pub(super) fn of(&mut self, subject: &Subject) -> Answer<'a> {
        match subject {
            Subject::Path { path, is_folder } => self.of_path(path, *is_folder),
            Subject::Entity(id) => self.of_entity(*id),
        }
    }

    fn of_path(&mut self, path: &str, is_folder: bool) -> Answer<'a> {
        let Some((repository, inside)) = self.folders.of(path) else {
            return self.answer(None, Some(path), None, &[], None);
        };
        let holding = self.homes.holding(&repository.identity, inside).to_vec();
        let code_owners = self.catalog.code_owners(&repository.identity);
        let rules = code_owners.map(|code_owners| {
            let rules = if is_folder {
                code_owners.rules_for_folder(inside)
            } else {
                code_owners.rules_for(inside)
            };
            (code_owners, rules)
        });
        self.answer(
            None,
            Some(path),
            Some(&repository.identity),
            &holding,
            rules,
        )
    }

    fn of_entity(&mut self, id: EntityId) -> Answer<'a> {
        let entity = self.catalog.entity(id);
        let home = self.catalog.home(entity);
        let repository = home.and_then(|home| {
            let repositories = self.catalog.repositories();
            let (identity, _) = repositories.get_key_value(&home.repository)?;
            Some(&**identity)
        });
        let rules = self.catalog.rules_of(entity);
        self.answer(Some(entity.reference()), None, repository, &[id], rules)
    }

    fn answer(
        &mut self,
        reference: Option<&'a EntityRef>,
        path: Option<&str>,
        repository: Option<&'a str>,
        entities: &[EntityId],
        rules: Option<(&'a CodeOwners, Vec<&'a Rule>)>,
    ) -> Answer<'a> {
        let catalog = self.catalog;
        let declared = entities.iter().find_map(|id| self.declared(*id));
        let by_rules = || {
            let (code_owners, rules) = rules.as_ref()?;
            Some(Declared {
                owner: catalog.first_owner(code_owners, rules)?,
                source: Source::Codeowners,
                place: None,
            })
        };
        let agree = declared
            .as_ref()
            .filter(|declared| declared.source == Source::Descriptor)
            .zip(rules.as_ref())
            .and_then(|(declared, (file, rules))| catalog.is_named(&declared.owner, file, rules));
        let owner = declared.or_else(by_rules);
        let references = entities.iter().map(|id| catalog.entity(*id).reference());
        Answer {
            reference,
            path: path.map(|path| if path.is_empty() { "." } else { path }.to_owned()),
            repository,
            contact: owner.as_ref().and_then(|it| contact(catalog, &it.owner)),
            source: owner.as_ref().map(|it| it.source),
            declared: owner.as_ref().and_then(|it| it.place),
            owner: owner.map(|it| it.owner),
            agree,
            entities: references.collect(),
            rules: rules.map_or_else(Vec::new, |(file, rules)| records(file, &rules)),
        }
    }

    /// The owner that the catalog has for an entity.
    fn declared(&mut self, id: EntityId) -> Option<Declared<'a>> {
        let catalog = self.catalog;
        let found = self.declared.entry(id);
        found.or_insert_with(|| declared(catalog, id)).clone()
    }
}

fn declared(catalog: &Catalog, id: EntityId) -> Option<Declared<'_>> {
    let entity = catalog.entity(id);
    if matches!(entity.reference().kind(), "group" | "user") {
        return Some(Declared {
            owner: entity.reference().clone(),
            source: Source::Itself,
            place: Some(DeclaredAt {
                path: entity.source().file.path(),
                line: entity.source().line,
            }),
        });
    }
    let owner = catalog.owner(id)?;
    let relations = catalog.relations_of(id).into_iter();
    let mut owned_by = relations.filter(|it| {
        it.relation == RelationType::OwnedBy && it.target == owner.reference && !owner.derived
    });
    let place = owned_by.find_map(|relation| {
        Some(DeclaredAt {
            path: relation.declared_by.source().file.path(),
            line: relation.place?.span?.line,
        })
    });
    Some(Declared {
        owner: owner.reference.clone(),
        source: if owner.derived {
            Source::Codeowners
        } else {
            Source::Descriptor
        },
        place,
    })
}

fn contact<'a>(catalog: &'a Catalog, owner: &EntityRef) -> Option<&'a str> {
    let profile = catalog.get(owner)?.spec()?.get("profile")?;
    profile.str_at("email")
}

fn records<'a>(file: &'a CodeOwners, rules: &[&'a Rule]) -> Vec<RuleRecord<'a>> {
    let records = rules.iter().map(|rule| {
        let section = file.section_of(rule);
        RuleRecord {
            path: file.file().path(),
            line: rule.span.line,
            pattern: &rule.text,
            owners: &rule.owners,
            section: section.map(|section| section.name.as_str()),
            optional: section.is_some_and(|section| section.is_optional),
            approvals: rule.approvals,
        }
    });
    records.collect()
}
