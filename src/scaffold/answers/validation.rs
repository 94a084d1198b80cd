//! Whether answers fit the schema of their parameters, and what is said where they do not.

use std::collections::{BTreeSet, HashMap};

use jsonschema::error::ValidationErrorKind;
use jsonschema::{JsonType, ValidationError, Validator};
use serde_json::{Map, Value};

use super::parameter::{self, Parameter};
use super::question::shown;
use super::schema::{compile, text_hint};
use super::typed_text::{cut, not_among};
use super::{AnswerProblem, RepositoryUrlRule};
use crate::scaffold::Manifest;

/// The most bytes of a name of the catalog.
const LONGEST_NAME: usize = 63;

/// What is missing or wrong in some answers. `defaulted` are the parameters whose value is the
/// template's own.
pub(super) fn problems(
    manifest: &Manifest,
    values: &Map<String, Value>,
    defaulted: &BTreeSet<String>,
) -> Vec<AnswerProblem> {
    let parameters = parameter::parameters(manifest, values);
    let mut problems = Vec::new();
    for parameter in &parameters {
        let name = parameter.name();
        match parameter::value(values, &parameter.path) {
            Some(_) if parameter.is_group => problems.extend(group_problem(parameter, values)),
            Some(value) => {
                let problem = value_problem(&name, &parameter.schema, value);
                problems.extend(problem.map(|problem| {
                    if defaulted.contains(&name) {
                        of_default(problem)
                    } else {
                        problem
                    }
                }));
            }
            None if parameter.is_required && !parameter.is_group => {
                problems.push(missing(parameter, &name));
            }
            None => {}
        }
    }
    if problems.is_empty() {
        problems.extend(page_problems(manifest, values, &parameters));
    }
    problems
}

/// What is wrong with a value as the answer to a parameter.
pub(super) fn problem_of(name: &str, schema: &Value, value: &Value) -> Option<AnswerProblem> {
    value_problem(name, schema.as_object()?, value)
}

fn missing(parameter: &Parameter, name: &str) -> AnswerProblem {
    let mut problem = AnswerProblem::new(name, format!("\"{name}\" is missing"));
    problem.is_missing = true;
    let about = ["title", "description"]
        .iter()
        .find_map(|field| parameter.schema.get(*field)?.as_str());
    match (&parameter.default, about) {
        (Some(default), _) if !parameter.is_hidden() => {
            let default = cut(&shown(default));
            problem.help(format!("--defaults takes its default, \"{default}\""))
        }
        (_, Some(about)) => problem.help(format!("--set {name}=VALUE: {about}")),
        _ => problem.help(format!("--set {name}=VALUE")),
    }
}

fn of_default(problem: AnswerProblem) -> AnswerProblem {
    let parameter = problem.parameter;
    let message = format!("the default of {}", problem.message);
    let help = format!("the template should be mended; --set {parameter}=VALUE goes around it");
    AnswerProblem::new(parameter, message).help(help)
}

/// A group that is no mapping; what is in it is looked at one by one.
fn group_problem(parameter: &Parameter, values: &Map<String, Value>) -> Option<AnswerProblem> {
    let name = parameter.name();
    let value = parameter::value(values, &parameter.path)?;
    if value.is_object() {
        return None;
    }
    let message = format!("\"{name}\" must be a mapping");
    Some(AnswerProblem::new(name, message))
}

fn value_problem(name: &str, schema: &Map<String, Value>, value: &Value) -> Option<AnswerProblem> {
    let is_hidden = text_hint(schema, "field") == Some("Secret")
        || text_hint(schema, "widget") == Some("password");
    if takes_any_text(schema) && value.is_string() {
        return field_problem(name, schema, value).map(|problem| with_help(problem, schema));
    }
    let validator = match compile(&Value::Object(schema.clone())) {
        Ok(validator) => validator,
        Err(reason) => {
            let message = format!("the schema of \"{name}\" cannot be used: {}", cut(&reason));
            let problem = AnswerProblem::new(name, message);
            return Some(problem.help("the template should be mended"));
        }
    };
    let problem = first_error(&validator, value)
        .map(|error| describe(name, schema, &error, is_hidden))
        .or_else(|| field_problem(name, schema, value))?;
    Some(with_help(problem, schema))
}

/// The problem with the help of the parameter, where it has none of its own.
fn with_help(problem: AnswerProblem, schema: &Map<String, Value>) -> AnswerProblem {
    let help = problem
        .help
        .clone()
        .or_else(|| text_hint(schema, "help").map(str::to_owned));
    AnswerProblem { help, ..problem }
}

/// Whether a schema asks for a text and nothing more, as that of most parameters does. Making a
/// validator of it would take longer than the rest of a small template.
fn takes_any_text(schema: &Map<String, Value>) -> bool {
    const WITHOUT_MEANING: [&str; 4] = ["title", "description", "default", "examples"];
    schema.get("type").and_then(Value::as_str) == Some("string")
        && schema.keys().all(|key| {
            key == "type" || key.starts_with("ui:") || WITHOUT_MEANING.contains(&key.as_str())
        })
}

/// The error that says most: the type says more than that something also has no pattern's form.
fn first_error<'v>(validator: &'v Validator, value: &'v Value) -> Option<ValidationError<'v>> {
    const MOST: usize = 100;
    let errors = validator.iter_errors(value).take(MOST);
    errors.min_by_key(|error| !matches!(error.kind(), ValidationErrorKind::Type { .. }))
}

fn describe(
    name: &str,
    schema: &Map<String, Value>,
    error: &ValidationError<'_>,
    is_hidden: bool,
) -> AnswerProblem {
    let name_of_part = part_name(name, error.instance_path().as_str());
    let own = own_message(schema, error.kind().keyword());
    let found = if is_hidden {
        String::new()
    } else {
        format!(" \"{}\"", cut(&shown(error.instance())))
    };
    let what = what_is_wrong(error, &found);
    let message = match own {
        Some(own) if found.is_empty() => format!("\"{name_of_part}\": {own}"),
        Some(own) => format!("\"{name_of_part}\" is{found}: {own}"),
        None => format!("\"{name_of_part}\" {what}"),
    };
    AnswerProblem::new(name, message)
}

/// What is wrong, as the end of a sentence about the parameter.
fn what_is_wrong(error: &ValidationError<'_>, found: &str) -> String {
    use ValidationErrorKind as Kind;
    let is = if found.is_empty() {
        "has a value that".to_owned()
    } else {
        format!("is{found}, which")
    };
    match error.kind() {
        Kind::Type { kind } => format!("must be {}", type_name(kind)),
        Kind::Enum { options } => {
            let options = options.as_array().map(Vec::as_slice).unwrap_or_default();
            let options: Vec<String> = options.iter().map(shown).collect();
            not_among(&shown(error.instance()), &options)
        }
        Kind::Constant { expected_value } => format!("must be {expected_value}"),
        Kind::Pattern { pattern } => format!("{is} does not match {}", cut(pattern)),
        Kind::BacktrackLimitExceeded { .. } | Kind::RegexEngineFailure { .. } => {
            format!("{is} takes too long to be matched with its pattern")
        }
        Kind::MinLength { limit: 1 } => "is empty, and must not be".to_owned(),
        Kind::MinLength { limit } => format!("{is} is shorter than {limit} characters"),
        Kind::MaxLength { limit } => format!("{is} is longer than {limit} characters"),
        Kind::Minimum { limit } => format!("{is} is less than {limit}"),
        Kind::Maximum { limit } => format!("{is} is more than {limit}"),
        Kind::ExclusiveMinimum { limit } => format!("{is} is not more than {limit}"),
        Kind::ExclusiveMaximum { limit } => format!("{is} is not less than {limit}"),
        Kind::MultipleOf { multiple_of } => format!("{is} is no multiple of {multiple_of}"),
        Kind::MinItems { limit } => format!("has fewer than {limit} items"),
        Kind::MaxItems { limit } => format!("has more than {limit} items"),
        Kind::UniqueItems => "has an item twice".to_owned(),
        Kind::Required { property } => format!("lacks {property}"),
        Kind::AdditionalProperties { unexpected } => {
            format!("has \"{}\", which is unknown", unexpected.join("\", \""))
        }
        Kind::Not { .. } if !found.is_empty() => format!("is{found}, which is not allowed"),
        kind => format!("{is} does not fit its schema ({})", kind.keyword()),
    }
}

fn type_name(kind: &jsonschema::error::TypeKind) -> &'static str {
    let jsonschema::error::TypeKind::Single(wanted) = kind else {
        return "of another type";
    };
    match wanted {
        JsonType::Array => "a list",
        JsonType::Object => "a mapping",
        JsonType::Boolean => "true or false",
        JsonType::Integer => "a whole number",
        JsonType::Number => "a number",
        JsonType::Null => "empty",
        JsonType::String => "a text",
    }
}

/// What the template itself says about a wrong value: `errorMessage`, for all or by keyword.
fn own_message<'a>(schema: &'a Map<String, Value>, keyword: &str) -> Option<&'a str> {
    let message = schema.get("errorMessage")?;
    message
        .as_str()
        .or_else(|| message.get(keyword).and_then(Value::as_str))
}

/// The name of a part of a value: `list[2].field`.
fn part_name(name: &str, pointer: &str) -> String {
    let mut whole = name.to_owned();
    for part in pointer.split('/').skip(1) {
        let part = part.replace("~1", "/").replace("~0", "~");
        if part.bytes().all(|byte| byte.is_ascii_digit()) {
            whole.extend(["[", &part, "]"]);
        } else {
            whole.extend([".", &part]);
        }
    }
    whole
}

/// What the fields of Backstage's form check themselves.
fn field_problem(name: &str, schema: &Map<String, Value>, value: &Value) -> Option<AnswerProblem> {
    let text = || value.as_str().unwrap_or_default();
    let what = match text_hint(schema, "field")? {
        "RepoUrlPicker" => RepositoryUrlRule::of(schema)
            .check(text())
            .err()
            .map(|reason| format!("is \"{}\": it {reason}", cut(text()))),
        "EntityNamePicker" => (!is_entity_name(text())).then(|| {
            format!(
                "is \"{}\", but needs 1 to 63 letters and digits, separated by any of \"-\", \"_\" and \".\"",
                cut(text())
            )
        }),
        "EntityTagsPicker" => {
            let tags = value.as_array().into_iter().flatten().filter_map(Value::as_str);
            let wrong = tags.into_iter().find(|tag| !is_tag(tag));
            wrong.map(|tag| {
                format!(
                    "has the tag \"{}\", but tags are lower case letters, digits, \"+\", \"#\" and \":\", separated by \"-\"",
                    cut(tag)
                )
            })
        }
        _ => None,
    };
    what.map(|what| AnswerProblem::new(name, format!("\"{name}\" {what}")))
}

fn is_entity_name(text: &str) -> bool {
    let is_part = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let ends_well = |text: &str| {
        let ends = text.bytes().next().zip(text.bytes().last());
        ends.is_some_and(|(first, last)| {
            first.is_ascii_alphanumeric() && last.is_ascii_alphanumeric()
        })
    };
    text.len() <= LONGEST_NAME && ends_well(text) && text.split(['-', '_', '.']).all(is_part)
}

fn is_tag(text: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| {
                byte.is_ascii_lowercase()
                    || byte.is_ascii_digit()
                    || matches!(byte, b':' | b'+' | b'#')
            })
    };
    text.len() <= LONGEST_NAME && text.split('-').all(is_part)
}

/// Whether a page asks for nothing that its parameters do not ask one by one, as most pages do.
/// Making a validator of it would take longer than the rest of a small template.
fn asks_one_by_one(page: &Value) -> bool {
    const ABOUT_ONE: [&str; 14] = [
        "const",
        "default",
        "description",
        "enum",
        "enumNames",
        "examples",
        "format",
        "maxLength",
        "maximum",
        "minLength",
        "minimum",
        "pattern",
        "title",
        "type",
    ];
    let is_about_one = |schema: &Value| {
        schema.as_object().is_some_and(|schema| {
            let mut keys = schema.keys();
            keys.all(|key| key.starts_with("ui:") || ABOUT_ONE.contains(&key.as_str()))
        })
    };
    let Some(properties) = page.get("properties").and_then(Value::as_object) else {
        return false;
    };
    let is_property = |name: &Value| {
        name.as_str()
            .is_some_and(|name| properties.contains_key(name))
    };
    let mut keywords = page.as_object().into_iter().flatten();
    properties.values().all(is_about_one)
        && keywords.all(|(keyword, value)| match keyword.as_str() {
            "title" | "description" | "properties" | "additionalProperties" => true,
            "type" => value == "object",
            "required" => value
                .as_array()
                .is_some_and(|names| names.iter().all(is_property)),
            keyword => keyword.starts_with("ui:"),
        })
}

/// What whole pages do not take although each of their parameters is right: rules about several
/// of them at once. Backstage looks at every page with all answers.
fn page_problems(
    manifest: &Manifest,
    values: &Map<String, Value>,
    parameters: &[Parameter],
) -> Vec<AnswerProblem> {
    let mut by_page: HashMap<usize, &Parameter> = HashMap::new();
    for parameter in parameters {
        by_page.entry(parameter.page).or_insert(parameter);
    }
    let values = Value::Object(values.clone());
    let pages = manifest.pages.iter().enumerate();
    let pages = pages.filter(|(_, page)| !asks_one_by_one(&page.schema));
    let problems = pages.filter_map(|(number, page)| {
        let first = by_page.get(&number)?.name();
        let mut schema = page.schema.clone();
        // Answers to other pages are there, too.
        schema.as_object_mut()?.shift_remove("additionalProperties");
        let title = page.title.as_deref().unwrap_or("the parameters");
        let message = match compile(&schema) {
            Err(reason) => format!("the schema of \"{title}\" cannot be used: {}", cut(&reason)),
            Ok(validator) => {
                let error = validator.iter_errors(&values).next()?;
                let place = part_name("", error.instance_path().as_str());
                let place = place.trim_start_matches('.');
                let keyword = error.kind().keyword();
                if place.is_empty() {
                    format!("the answers to \"{title}\" do not fit together ({keyword})")
                } else {
                    format!("\"{place}\" does not fit the other answers ({keyword})")
                }
            }
        };
        Some(AnswerProblem::new(first, message))
    });
    problems.collect()
}
