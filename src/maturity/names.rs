//! The names that a requirement may mention.

use std::collections::BTreeSet;

use crate::catalog::Catalog;
use crate::diagnostic::did_you_mean;
use crate::expression::{Language, Mention};
use crate::fact::{FactSelector, Register, SelectorError, ValueType};
use crate::model::RelationType;

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
/// What an expression can name beside functions.
pub(super) const VALUES: [&str; 6] = [
    "entity",
    "owner",
    "relations",
    "facts",
    "dependencies",
    "dependents",
];

/// The names that there are in a catalog.
#[derive(Clone, Debug)]
pub struct KnownNames<'a> {
    register: &'a Register,
    /// The fields of `spec` that any entity has.
    spec_fields: BTreeSet<&'a str>,
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
    pub fn new(catalog: &'a Catalog, register: &'a Register) -> Self {
        let specs = catalog.entities().iter().filter_map(|entity| entity.spec());
        let fields = specs.flat_map(|spec| spec.entries().map(|(key, _)| key.text()));
        Self {
            register,
            spec_fields: fields.collect(),
        }
    }

    /// What is wrong with a mention, if anything.
    pub(super) fn check(&self, mention: &Mention) -> Result<Option<FactSelector>, UnknownName> {
        match (mention.name.as_str(), &mention.arguments) {
            ("facts", _) => self.fact(mention).map(Some),
            ("entity", None) => self.entity_field(mention).map(|()| None),
            ("owner", None) => one_of(&mention.fields, "owner", &OWNER_FIELDS).map(|()| None),
            ("relations", None) => {
                let names: Vec<&str> = RelationType::ALL
                    .into_iter()
                    .map(RelationType::name)
                    .collect();
                one_of(&mention.fields, "relations", &names).map(|()| None)
            }
            ("dependencies" | "dependents", None) => Ok(None),
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
        let mut dimensions = Vec::new();
        for option in options {
            let (Some(key), Some(value)) = (&option.name, &option.text) else {
                return Err(write());
            };
            dimensions.push(format!("{key}={value}"));
        }
        let text = format!("{name}{{{}}}", dimensions.join(","));
        let selector = FactSelector::of_register(&text, self.register)
            .map_err(|SelectorError { message, help }| UnknownName { message, help })?;
        let declaration = self.register.declaration(&selector.name);
        let is_version = declaration.is_some_and(|it| it.value_type == ValueType::Version);
        if is_version && mention.inside.as_deref() != Some("version") {
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

    fn entity_field(&self, mention: &Mention) -> Result<(), UnknownName> {
        one_of(&mention.fields, "entity", &ENTITY_FIELDS)?;
        let [first, field, ..] = mention.fields.as_slice() else {
            return Ok(());
        };
        if first != "spec" || self.spec_fields.contains(field.as_str()) {
            return Ok(());
        }
        let meant = did_you_mean(field, self.spec_fields.iter().copied());
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
    Err(UnknownName {
        message: format!("\"{of}\" has no field \"{field}\""),
        help,
    })
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
