//! What a typed text means where a value of some kind is asked for.

use serde_json::Value;

use super::question::{QuestionKind, shown};
use super::repository_url::repository_url;
use crate::diagnostic::did_you_mean;
use crate::yaml;

/// The value that a text means.
///
/// # Errors
/// What is wrong with it, as the end of a sentence about the parameter.
pub(super) fn read(kind: &QuestionKind, text: &str) -> Result<Value, String> {
    match kind {
        QuestionKind::Text { .. } | QuestionKind::Entity { .. } => Ok(text.into()),
        QuestionKind::RepositoryUrl(_) => Ok(repository_url(text).into()),
        QuestionKind::Boolean => boolean(text),
        QuestionKind::Number { integer } => number(text, *integer),
        QuestionKind::Choice {
            options,
            several: false,
        } => {
            let fitting = options
                .iter()
                .find(|option| shown(&option.value) == text)
                .or_else(|| options.iter().find(|option| option.label == text));
            fitting.map(|option| option.value.clone()).ok_or_else(|| {
                let values: Vec<String> = options.iter().map(|it| shown(&it.value)).collect();
                not_among(text, &values)
            })
        }
        QuestionKind::Choice { options, .. } => {
            let item = QuestionKind::Choice {
                options: options.clone(),
                several: false,
            };
            list(&item, text)
        }
        QuestionKind::List { item } => list(item, text),
        QuestionKind::Json => document(text),
    }
}

/// Whether a text is written as a list, and not as one item of it.
pub(super) fn is_list(text: &str) -> bool {
    text.trim_start().starts_with('[')
}

/// What is said of a value that is none of those that are allowed.
pub(super) fn not_among(found: &str, values: &[String]) -> String {
    const MOST: usize = 12;
    let meant = did_you_mean(found, values.iter().map(String::as_str));
    let allowed = match meant {
        Some(meant) => format!("did you mean \"{meant}\"?"),
        None if values.len() <= MOST => format!("allowed: {}", values.join(", ")),
        None => format!(
            "allowed: {}, and {} more",
            values[..MOST].join(", "),
            values.len() - MOST
        ),
    };
    format!("is \"{}\", {allowed}", cut(found))
}

/// A value that is shown, with an end.
pub(super) fn cut(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut short: String = text.chars().take(LONGEST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

fn boolean(text: &str) -> Result<Value, String> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "y" => Ok(true.into()),
        "false" | "no" | "n" => Ok(false.into()),
        _ => Err(format!("must be true or false, but is \"{}\"", cut(text))),
    }
}

fn number(text: &str, integer: bool) -> Result<Value, String> {
    let wanted = if integer {
        "a whole number"
    } else {
        "a number"
    };
    let wrong = || format!("must be {wanted}, but is \"{}\"", cut(text));
    let number: serde_json::Number = text.trim().parse().map_err(|_| wrong())?;
    if integer && !(number.is_i64() || number.is_u64()) {
        return Err(wrong());
    }
    Ok(Value::Number(number))
}

/// One item, or a list of them in YAML or JSON.
fn list(item: &QuestionKind, text: &str) -> Result<Value, String> {
    if !is_list(text) {
        return read(item, text).map(|value| Value::Array(vec![value]));
    }
    match document(text)? {
        Value::Array(items) => {
            let items = items.into_iter().map(|value| match value {
                Value::String(text) if *item != QuestionKind::Json => read(item, &text),
                value => Ok(value),
            });
            items
                .collect::<Result<Vec<Value>, String>>()
                .map(Value::Array)
        }
        _ => Err("must be a list".to_owned()),
    }
}

/// A document in YAML, of which JSON is a part.
fn document(text: &str) -> Result<Value, String> {
    let mut documents = yaml::parse(text);
    let document = documents.pop().filter(|_| documents.is_empty());
    let document = document.filter(yaml::Document::is_valid);
    let tree = document.and_then(|document| document.tree);
    let root = tree.as_ref().and_then(crate::model::Tree::root);
    root.map(crate::model::Node::to_json)
        .ok_or_else(|| "is no YAML and no JSON".to_owned())
}
