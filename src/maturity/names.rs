//! The names that a requirement may mention.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use crate::catalog::Catalog;
use crate::diagnostic::{Severity, did_you_mean};
use crate::expression::{Guard, Language, Mention};
use crate::fact::{Dimensions, FactSelector, Register, SelectorError, ValueType};
use crate::model::{Entity, EntityRef, RelationType};

/// The fields of `entity`.
pub(super) const ENTITY_FIELDS: [&str; 19] = [
    "annotations",
    "description",
    "domain",
    "kind",
    "labels",
    "lifecycle",
    "links",
    "name",
    "namespace",
    "owner",
    "path",
    "ref",
    "repository",
    "runbook",
    "spec",
    "system",
    "tags",
    "title",
    "type",
];
/// The fields of `owner`.
pub(super) const OWNER_FIELDS: [&str; 7] = [
    "contact", "emails", "kind", "known", "members", "name", "ref",
];
/// Those of them that the entity of the owner says, not the name of the owner.
pub(super) const OWNER_FIELDS_OF_CATALOG: [&str; 4] = ["contact", "emails", "known", "members"];
/// The fields of `below`: what everything has that an entity depends on, each value once.
pub(super) const BELOW_FIELDS: [&str; 3] = ["kinds", "lifecycles", "types"];
/// What an expression can name beside functions.
pub(super) const VALUES: [&str; 7] = [
    "entity",
    "owner",
    "relations",
    "facts",
    "dependencies",
    "dependents",
    "below",
];

/// The fields of an entity in a list: of relations, members, dependencies.
pub(super) const SHORT_FIELDS: [&str; 6] = ["kind", "known", "lifecycle", "name", "ref", "type"];
/// Who can agree to an exemption.
const APPROVERS: [&str; 2] = ["user", "group"];
/// The fields of a link.
const LINK_FIELDS: [&str; 4] = ["icon", "title", "type", "url"];

/// The names that there are in a catalog.
#[derive(Clone, Debug)]
pub struct KnownNames<'a> {
    catalog: &'a Catalog,
    register: &'a Register,
    /// Whether most of the organisation is not in sight.
    is_single_repository: bool,
    /// The fields of `spec` that any entity has. They are looked for only when they are needed,
    /// because that takes a look at every entity.
    spec_fields: OnceLock<BTreeSet<&'a str>>,
}

/// A name that there is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct UnknownName {
    pub(super) message: String,
    pub(super) help: String,
}

impl<'a> KnownNames<'a> {
    /// The names of a catalog and of the facts that there can be.
    #[must_use]
    pub const fn new(catalog: &'a Catalog, register: &'a Register) -> Self {
        Self {
            catalog,
            register,
            is_single_repository: false,
            spec_fields: OnceLock::new(),
        }
    }

    /// The same names, where the workspace is a single repository: who is not in sight there may
    /// exist all the same.
    #[must_use]
    pub const fn of_single_repository(mut self, is_single_repository: bool) -> Self {
        self.is_single_repository = is_single_repository;
        self
    }

    /// How bad it is that who agreed to an exemption is not there. Most of an organisation is not
    /// in sight of a single repository, and many catalogs have no Users at all.
    pub(super) fn severity_of_approver(&self, text: &str) -> Severity {
        let is_in_sight = |kind: &str| {
            let mut entities = self.catalog.entities().iter();
            entities.any(|entity| entity.reference().kind() == kind)
        };
        let kind = text.split_once(':').map(|(kind, _)| kind.to_lowercase());
        let mut kinds = APPROVERS.into_iter();
        let is_known = match kind {
            Some(kind) => !kinds.any(|known| known == kind) || is_in_sight(&kind),
            None => kinds.all(is_in_sight),
        };
        match (self.is_single_repository, is_known) {
            (true, _) => Severity::Note,
            (false, false) => Severity::Warning,
            (false, true) => Severity::Error,
        }
    }

    /// What the facts are that there can be.
    pub(super) const fn register(&self) -> &'a Register {
        self.register
    }

    fn spec_fields(&self) -> &BTreeSet<&'a str> {
        self.spec_fields.get_or_init(|| {
            let specs = self.catalog.entities().iter().filter_map(Entity::spec);
            let fields = specs.flat_map(|spec| spec.entries().map(|(key, _)| key.text()));
            fields.collect()
        })
    }

    /// What is wrong with a mention, if anything.
    pub(super) fn check(&self, mention: &Mention) -> Result<Option<FactSelector>, UnknownName> {
        match (mention.name.as_str(), &mention.arguments) {
            ("facts", _) => self.fact(mention).map(Some),
            ("entity", None) => self.entity_field(mention).map(|()| None),
            ("owner", None) => {
                one_of(&mention.fields, "owner", &OWNER_FIELDS)?;
                elements(mention, "a member", &SHORT_FIELDS).map(|()| None)
            }
            ("relations", None) => {
                let names: Vec<&str> = RelationType::ALL
                    .into_iter()
                    .map(RelationType::name)
                    .collect();
                one_of(&mention.fields, "relations", &names)?;
                elements(mention, "an entity", &SHORT_FIELDS).map(|()| None)
            }
            ("dependencies" | "dependents", None) => {
                elements(mention, "an entity", &SHORT_FIELDS).map(|()| None)
            }
            ("below", None) => one_of(&mention.fields, "below", &BELOW_FIELDS).map(|()| None),
            (name, Some(_)) if Language::functions().contains(&name) || name == "range" => Ok(None),
            (name, arguments) => Err(unknown(name, arguments.is_some())),
        }
    }

    fn fact(&self, mention: &Mention) -> Result<FactSelector, UnknownName> {
        let write = || UnknownName {
            message: "facts are asked for by their names".to_owned(),
            help: "write facts('readme.lines') or facts('availability', environment='staging')"
                .to_owned(),
        };
        let arguments = mention.arguments.as_deref().unwrap_or_default();
        let [first, options @ ..] = arguments else {
            return Err(write());
        };
        let name = first.text.as_ref().filter(|_| first.name.is_none());
        let name = name.ok_or_else(write)?;
        let mut dimensions = Dimensions::default();
        for option in options {
            let (Some(key), Some(value)) = (&option.name, &option.text) else {
                return Err(write());
            };
            dimensions = dimensions.with(key, value);
        }
        let selector = FactSelector {
            name: name.clone(),
            dimensions,
        };
        let selector = FactSelector::of_register(&selector.to_string(), self.register)
            .map_err(|SelectorError { message, help }| UnknownName { message, help })?;
        let declaration = self.register.declaration(&selector.name);
        let is_version = declaration.is_some_and(|it| it.value_type == ValueType::Version);
        let is_compared = mention.guard != Some(Guard::Asked);
        if is_version && is_compared && mention.inside.as_deref() != Some("version") {
            return Err(UnknownName {
                message: format!(
                    "\"{}\" is a version, which is no number and no text",
                    selector.name
                ),
                help: format!(
                    "write version(facts('{}')) >= version('1.2')",
                    selector.name
                ),
            });
        }
        Ok(selector)
    }

    /// What is wrong with who agreed to an exemption, if anything: a User or a Group of the
    /// catalog, by its reference or its name.
    pub(super) fn approver(&self, text: &str) -> Result<(), UnknownName> {
        let found = self.catalog.resolve(text, &APPROVERS).ok().flatten();
        let is_approver = |entity: &Entity| APPROVERS.contains(&entity.reference().kind());
        if found.is_some_and(|found| is_approver(found.entity)) {
            return Ok(());
        }
        // A reference is compared with references, and a name with names.
        let written = |reference: &EntityRef| match (text.contains(':'), text.contains('/')) {
            (true, true) => reference.as_str().to_owned(),
            (true, false) => reference.short(),
            (false, _) => reference.name().to_owned(),
        };
        let approvers = self.catalog.entities().iter();
        let approvers = approvers.filter(|entity| is_approver(entity));
        let known: Vec<String> = approvers.map(|it| written(it.reference())).collect();
        let meant = did_you_mean(text, known.iter().map(String::as_str));
        Err(UnknownName {
            message: format!("there is no User or Group \"{text}\" that could have agreed"),
            help: match meant {
                Some(meant) => format!("did you mean \"{meant}\"?"),
                None => "name a User or a Group of the catalog".to_owned(),
            },
        })
    }

    fn entity_field(&self, mention: &Mention) -> Result<(), UnknownName> {
        one_of(&mention.fields, "entity", &ENTITY_FIELDS)?;
        if mention.fields.first().is_some_and(|field| field == "links") {
            elements(mention, "a link", &LINK_FIELDS)?;
        }
        let [first, field, ..] = mention.fields.as_slice() else {
            return Ok(());
        };
        if first != "spec" || self.spec_fields().contains(field.as_str()) {
            return Ok(());
        }
        let meant = did_you_mean(field, self.spec_fields().iter().copied());
        Err(UnknownName {
            message: format!("no entity has a field \"spec.{field}\""),
            help: match meant {
                Some(meant) => format!("did you mean \"{meant}\"?"),
                None => "look at what an entity has: devportal show REF --json".to_owned(),
            },
        })
    }
}

fn one_of(fields: &[String], of: &str, known: &[&str]) -> Result<(), UnknownName> {
    let Some(field) = fields.first() else {
        return Ok(());
    };
    if known.contains(&field.as_str()) {
        return Ok(());
    }
    let help = match did_you_mean(field, known.iter().copied()) {
        Some(meant) => format!("did you mean \"{meant}\"?"),
        None => format!("there are {}", known.join(", ")),
    };
    let of = if of.contains(' ') {
        of.to_owned()
    } else {
        format!("\"{of}\"")
    };
    Err(UnknownName {
        message: format!("{of} has no field \"{field}\""),
        help,
    })
}

/// Whether the filters that a list goes through ask its elements for what they have.
fn elements(mention: &Mention, of: &str, known: &[&str]) -> Result<(), UnknownName> {
    for filter in &mention.filters {
        let arguments = || filter.arguments.iter();
        let field = match filter.name.as_str() {
            "selectattr" | "rejectattr" => arguments().next(),
            _ => arguments().find(|it| it.name.as_deref() == Some("attribute")),
        };
        if let Some(field) = field.and_then(|argument| argument.text.clone()) {
            one_of(&[field], of, known)?;
        }
        // What comes out of these are no elements of the list any more.
        if matches!(filter.name.as_str(), "map" | "groupby" | "batch" | "slice") {
            break;
        }
    }
    Ok(())
}

fn unknown(name: &str, is_called: bool) -> UnknownName {
    let (what, known): (&str, Vec<&str>) = if is_called {
        let functions = Language::functions().iter().copied();
        ("function", functions.chain(["facts"]).collect())
    } else {
        ("value", VALUES.to_vec())
    };
    let help = match did_you_mean(name, known.iter().copied()) {
        Some(meant) => format!("did you mean \"{meant}\"?"),
        None => format!("there are {}; a text stands in quotes", known.join(", ")),
    };
    UnknownName {
        message: format!("there is no {what} \"{name}\""),
        help,
    }
}
