//! What was given before anybody is asked, brought into the types of the parameters.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::parameter::{self, Parameter};
use super::question::QuestionKind;
use super::repository_url::repository_url;
use super::schema::{text_hint, type_of};
use super::{AnswerProblem, Given, typed_text};
use crate::diagnostic::did_you_mean;
use crate::scaffold::Manifest;

/// The values that were given, and what is wrong with them.
pub(super) fn values(
    manifest: &Manifest,
    given: &Given,
) -> (Map<String, Value>, Vec<AnswerProblem>) {
    let mut problems = Vec::new();
    let mut values = match &given.file {
        None => Map::new(),
        Some(Value::Object(file)) => known(manifest, file, &mut problems),
        Some(_) => {
            let problem = AnswerProblem::new("", "the answers are no mapping of names to values");
            problems.push(problem.help("write one \"name: value\" a line"));
            Map::new()
        }
    };
    set(manifest, &given.set, &mut values, &mut problems);
    normalise_urls(manifest, &mut values);
    (values, problems)
}

/// The answers of a file that name a parameter.
fn known(
    manifest: &Manifest,
    file: &Map<String, Value>,
    problems: &mut Vec<AnswerProblem>,
) -> Map<String, Value> {
    let names: BTreeSet<String> = parameter::possible_names(manifest).into_iter().collect();
    let groups = parameter::possible_groups(manifest);
    let mut values = Map::new();
    for (name, value) in file {
        if names.contains(name) || accepts_any_name(manifest) {
            values.insert(name.clone(), value.clone());
            unknown_in_group(&groups, name, value, problems);
        } else {
            problems.push(unknown(name, &names));
        }
    }
    values
}

/// Tells the names in a group of parameters that it does not have.
fn unknown_in_group(
    groups: &BTreeMap<String, BTreeSet<String>>,
    group: &str,
    value: &Value,
    problems: &mut Vec<AnswerProblem>,
) {
    let (Some(names), Some(fields)) = (groups.get(group), value.as_object()) else {
        return;
    };
    for (name, value) in fields {
        let name = format!("{group}.{name}");
        if names.contains(&name) {
            unknown_in_group(groups, &name, value, problems);
        } else {
            problems.push(unknown(&name, names));
        }
    }
}

/// Whether a page says that it takes whatever comes.
fn accepts_any_name(manifest: &Manifest) -> bool {
    let mut pages = manifest.pages.iter();
    pages.any(|page| match page.schema.get("additionalProperties") {
        Some(Value::Bool(any)) => *any,
        Some(Value::Object(_)) => true,
        _ => false,
    })
}

fn unknown(name: &str, names: &BTreeSet<String>) -> AnswerProblem {
    let problem = AnswerProblem::new(
        name,
        format!(
            "the template has no parameter \"{}\"",
            typed_text::cut(name)
        ),
    );
    match did_you_mean(name, names.iter().map(String::as_str)) {
        Some(meant) => problem.help(format!("did you mean \"{meant}\"?")),
        None if names.is_empty() => problem.help("it has no parameters at all"),
        None => problem.help("\"devportal template show\" lists its parameters"),
    }
}

/// Takes `--set` as far as it can be understood. What a condition brings along is only known
/// once the answers that decide it are, so it goes around until nothing is left to be learnt.
fn set(
    manifest: &Manifest,
    set: &[(String, String)],
    values: &mut Map<String, Value>,
    problems: &mut Vec<AnswerProblem>,
) {
    let mut told = BTreeSet::new();
    let mut open: Vec<&(String, String)> = set.iter().collect();
    let mut must_end = false;
    while !open.is_empty() {
        let parameters = parameter::parameters(manifest, values);
        let count = open.len();
        let mut left = Vec::new();
        for pair in open {
            let (name, text) = pair;
            let path: Vec<String> = name.split('.').map(str::to_owned).collect();
            let schema = schema_of(&parameters, &path)
                .or_else(|| must_end.then(|| parameter::possible_schema(manifest, &path))?);
            match schema {
                Some(schema) => {
                    let kind = QuestionKind::of(&schema);
                    let is_first = told.insert(name.as_str());
                    if let Err(reason) = take(values, &path, &kind, text, is_first) {
                        let message = format!("\"{name}\" {reason}");
                        problems.push(AnswerProblem::new(name, message));
                    }
                }
                None if must_end => problems.push(unknown_path(manifest, &parameters, name, &path)),
                None => left.push(pair),
            }
        }
        must_end = left.len() == count;
        open = left;
    }
}

fn schema_of(parameters: &[Parameter], path: &[String]) -> Option<Map<String, Value>> {
    let found = parameters.iter().find(|it| it.path == path);
    if let Some(parameter) = found {
        return Some(parameter.schema.clone());
    }
    // A field of a parameter that takes any.
    let (_, group) = path.split_last()?;
    let group = parameters.iter().find(|it| it.path == group)?;
    let is_open = type_of(&group.schema) == "object" && !group.is_group;
    is_open.then(Map::new)
}

fn unknown_path(
    manifest: &Manifest,
    parameters: &[Parameter],
    name: &str,
    path: &[String],
) -> AnswerProblem {
    let mut names: BTreeSet<String> = parameters
        .iter()
        .filter(|it| !it.is_group)
        .map(Parameter::name)
        .collect();
    if path.len() == 1 {
        names.extend(parameter::possible_names(manifest));
    }
    unknown(name, &names)
}

/// Puts a value in its place; a list grows with each time that it is given.
fn take(
    values: &mut Map<String, Value>,
    path: &[String],
    kind: &QuestionKind,
    text: &str,
    is_first: bool,
) -> Result<(), String> {
    let value = typed_text::read(kind, text)?;
    if let Value::Array(more) = &value
        && !is_first
        && !typed_text::is_list(text)
        && let Some(Value::Array(items)) = parameter::value_mut(values, path)
    {
        items.extend(more.iter().cloned());
        return Ok(());
    }
    if parameter::insert(values, path, value) {
        Ok(())
    } else {
        Err("lies in a parameter that has a value of its own".to_owned())
    }
}

/// Brings repositories into the form that templates expect.
fn normalise_urls(manifest: &Manifest, values: &mut Map<String, Value>) {
    for parameter in parameter::parameters(manifest, values) {
        if text_hint(&parameter.schema, "field") == Some("RepoUrlPicker")
            && let Some(Value::String(url)) = parameter::value_mut(values, &parameter.path)
        {
            *url = repository_url(url);
        }
    }
}
