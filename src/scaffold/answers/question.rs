//! Questions: the parameters that are still open, as they can be asked.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::parameter::{self, Parameter};
use super::schema::{hint, text_hint, type_of};
use super::typed_text;
use super::validation;
use super::{AnswerProblem, EntityFilter, RepositoryUrlRule};
use crate::scaffold::Manifest;

/// A parameter, as it can be asked.
#[derive(Clone, Debug)]
pub struct Question {
    /// The parameter: names with `.` between them.
    pub name: String,
    /// The number of its page, from 0.
    pub page: usize,
    /// What the form calls it.
    pub title: Option<String>,
    /// What is said about it.
    pub description: Option<String>,
    /// What else is said about it: `ui:help`.
    pub help: Option<String>,
    /// An example: `ui:placeholder`.
    pub placeholder: Option<String>,
    /// What is asked.
    pub kind: QuestionKind,
    /// What is taken where nothing is said.
    pub default: Option<Value>,
    /// Whether it must be answered.
    pub is_required: bool,
    /// What texts must match.
    pub pattern: Option<String>,
    /// Its schema.
    pub schema: Value,
    path: Vec<String>,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum QuestionKind {
    /// A text.
    Text {
        /// Whether it may have several lines.
        multiline: bool,
        /// Whether it is not shown while it is typed.
        secret: bool,
    },
    /// A number.
    Number {
        /// Whether it has no fraction.
        integer: bool,
    },
    /// Yes or no.
    Boolean,
    /// One or more of some values.
    Choice {
        /// The values.
        options: Vec<ChoiceOption>,
        /// Whether several may be taken.
        several: bool,
    },
    /// Any number of values, one after the other.
    List {
        /// What each of them is.
        item: Box<QuestionKind>,
    },
    /// A reference to an entity.
    Entity {
        /// Which entities are offered.
        filter: EntityFilter,
        /// Whether it may name what the catalog does not have.
        allows_arbitrary: bool,
    },
    /// Where a repository is: `github.com?owner=o&repo=r`.
    RepositoryUrl(RepositoryUrlRule),
    /// A value of any form, in YAML or JSON.
    Json,
}

/// A value that can be chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct ChoiceOption {
    /// What is shown.
    pub label: String,
    /// What is taken.
    pub value: Value,
}

/// A parameter that a template may ask for.
#[derive(Clone, Debug)]
pub struct DeclaredParameter {
    /// The parameter, as it would be asked.
    pub question: Question,
    /// Whether it is only asked for some answers.
    pub is_conditional: bool,
}

/// All parameters that a template may ask for: first those that it asks whatever is answered,
/// page by page each, in the order of the form.
#[must_use]
pub fn declared(manifest: &Manifest) -> Vec<DeclaredParameter> {
    let nothing = Map::new();
    let mut declared: Vec<DeclaredParameter> = parameter::parameters(manifest, &nothing)
        .into_iter()
        .filter(|it| !it.is_group)
        .map(|parameter| DeclaredParameter {
            question: Question::new(parameter),
            is_conditional: false,
        })
        .collect();
    let known: HashSet<String> = declared.iter().map(|it| it.question.name.clone()).collect();
    let others = parameter::possible_parameters(manifest).into_iter();
    let others = others.filter(|it| !known.contains(&it.name()));
    declared.extend(others.map(|parameter| DeclaredParameter {
        question: Question::new(parameter),
        is_conditional: true,
    }));
    declared.sort_by_key(|it| it.question.page);
    declared
}

/// The parameters without a value, in the order in which the form shows them, with conditions
/// decided by the values so far.
#[must_use]
pub fn questions(manifest: &Manifest, values: &Map<String, Value>) -> Vec<Question> {
    let parameters = parameter::parameters(manifest, values).into_iter();
    parameters
        .filter(|it| parameter::value(values, &it.path).is_none() && is_shown(it))
        .map(Question::new)
        .collect()
}

/// Whether a form would show it; what it cannot be answered in has its default.
fn is_shown(parameter: &Parameter) -> bool {
    let is_on = |name| hint(&parameter.schema, name) == Some(&Value::Bool(true));
    let is_fixed = is_on("disabled") || is_on("readonly") || parameter.schema.contains_key("const");
    let is_hidden = text_hint(&parameter.schema, "widget") == Some("hidden");
    !(parameter.is_group || is_hidden || is_fixed && parameter.default.is_some())
}

impl Question {
    pub(super) fn new(parameter: Parameter) -> Self {
        let schema = &parameter.schema;
        let text = |name: &str| schema.get(name).and_then(Value::as_str).map(str::to_owned);
        Self {
            name: parameter.name(),
            page: parameter.page,
            title: text_hint(schema, "title")
                .map(str::to_owned)
                .or_else(|| text("title")),
            description: text_hint(schema, "description")
                .map(str::to_owned)
                .or_else(|| text("description")),
            help: text_hint(schema, "help").map(str::to_owned),
            placeholder: text_hint(schema, "placeholder").map(str::to_owned),
            kind: QuestionKind::of(schema),
            default: parameter.default.filter(|it| !it.is_null()),
            is_required: parameter.is_required,
            pattern: text("pattern"),
            path: parameter.path,
            schema: Value::Object(parameter.schema),
        }
    }

    /// What a typed text means as its answer.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(&self, text: &str) -> Result<Value, AnswerProblem> {
        let value = typed_text::read(&self.kind, text).map_err(|reason| {
            AnswerProblem::new(&self.name, format!("\"{}\" {reason}", self.name))
        })?;
        self.check(&value)?;
        Ok(value)
    }

    /// What a typed text means as one item of its answer, where that is a list.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read_item(&self, text: &str) -> Result<Value, AnswerProblem> {
        let QuestionKind::List { item } = &self.kind else {
            return self.read(text);
        };
        let value = typed_text::read(item, text)
            .map_err(|reason| AnswerProblem::new(&self.name, format!("an item {reason}")))?;
        let schema = self.schema.get("items").unwrap_or(&Value::Null);
        match validation::problem_of("an item", schema, &value) {
            Some(problem) => Err(problem),
            None => Ok(value),
        }
    }

    /// Whether a value is an answer to it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self, value: &Value) -> Result<(), AnswerProblem> {
        validation::problem_of(&self.name, &self.schema, value).map_or(Ok(()), Err)
    }

    /// Puts its answer among the others.
    pub fn answer(&self, values: &mut Map<String, Value>, value: Value) {
        parameter::insert(values, &self.path, value);
    }
}

impl QuestionKind {
    /// What a schema asks for.
    pub(super) fn of(schema: &Map<String, Value>) -> Self {
        Self::of_field(schema).unwrap_or_else(|| Self::of_type(schema))
    }

    /// What a field of the form asks for. One that nobody knows is asked as its type.
    fn of_field(schema: &Map<String, Value>) -> Option<Self> {
        let entity = |kinds: &[&str]| Self::Entity {
            filter: EntityFilter::of(schema, kinds),
            allows_arbitrary: hint(schema, "allowArbitraryValues") != Some(&Value::Bool(false)),
        };
        Some(match text_hint(schema, "field")? {
            "Secret" => Self::Text {
                multiline: false,
                secret: true,
            },
            "OwnerPicker" => entity(&["group", "user"]),
            "MyGroupsPicker" => entity(&["group"]),
            "EntityPicker" | "OwnedEntityPicker" if type_of(schema) != "array" => entity(&[]),
            "MultiEntityPicker" | "EntityPicker" | "OwnedEntityPicker" => Self::List {
                item: Box::new(entity(&[])),
            },
            "EntityTagsPicker" => Self::List {
                item: Box::new(Self::plain_text()),
            },
            "RepoUrlPicker" => Self::RepositoryUrl(RepositoryUrlRule::of(schema)),
            _ => return None,
        })
    }

    fn of_type(schema: &Map<String, Value>) -> Self {
        if let Some(options) = options(schema) {
            return Self::Choice {
                options,
                several: false,
            };
        }
        match type_of(schema) {
            "boolean" => Self::Boolean,
            "integer" => Self::Number { integer: true },
            "number" => Self::Number { integer: false },
            "array" => match schema.get("items") {
                Some(Value::Object(items)) => Self::list_of(items),
                _ => Self::Json,
            },
            "string" => Self::Text {
                multiline: text_hint(schema, "widget") == Some("textarea"),
                secret: text_hint(schema, "widget") == Some("password"),
            },
            _ => Self::Json,
        }
    }

    fn list_of(items: &Map<String, Value>) -> Self {
        if let Some(options) = options(items) {
            return Self::Choice {
                options,
                several: true,
            };
        }
        let item = match type_of(items) {
            "array" | "object" => Self::Json,
            _ => Self::of(items),
        };
        Self::List {
            item: Box::new(item),
        }
    }

    const fn plain_text() -> Self {
        Self::Text {
            multiline: false,
            secret: false,
        }
    }

    /// The word for it in tables.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Text { secret: true, .. } => "secret".to_owned(),
            Self::Text { .. } => "text".to_owned(),
            Self::Number { integer: true } => "integer".to_owned(),
            Self::Number { integer: false } => "number".to_owned(),
            Self::Boolean => "boolean".to_owned(),
            Self::Choice { several: false, .. } => "choice".to_owned(),
            Self::Choice { several: true, .. } => "choices".to_owned(),
            Self::List { item } => format!("list of {}", item.name()),
            Self::Entity { filter, .. } => match filter.kinds().as_slice() {
                [] => "entity".to_owned(),
                kinds => kinds.join(" or "),
            },
            Self::RepositoryUrl(_) => "repository".to_owned(),
            Self::Json => "YAML".to_owned(),
        }
    }
}

/// The values that a schema lets choose from, with what the form calls them.
fn options(schema: &Map<String, Value>) -> Option<Vec<ChoiceOption>> {
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        let names = ["enumNames", "ui:enumNames"];
        let names = names.iter().find_map(|name| schema.get(*name));
        let label = |index: usize| names.and_then(|names| names.get(index)?.as_str());
        let values = values.iter().enumerate();
        let options = values.map(|(index, value)| ChoiceOption {
            label: label(index).map_or_else(|| shown(value), str::to_owned),
            value: value.clone(),
        });
        return Some(options.collect());
    }
    let options = schema.get("oneOf").or_else(|| schema.get("anyOf"))?;
    let options = options.as_array()?.iter().map(|option| {
        let only = option.get("enum").and_then(Value::as_array);
        let only = only.filter(|values| values.len() == 1);
        let value = option
            .get("const")
            .or_else(|| only.and_then(|values| values.first()))?;
        let title = option.get("title").and_then(Value::as_str);
        Some(ChoiceOption {
            label: title.map_or_else(|| shown(value), str::to_owned),
            value: value.clone(),
        })
    });
    options.collect()
}

/// A value as people read it.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        _ => value.to_string(),
    }
}

#[cfg(test)]
mod tests;
