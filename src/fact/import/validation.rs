//! Whether a result is one of a declared fact.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use super::amount::number;
use super::document::counted;
use super::{Amount, ImportProblem, ImportedResult};
use crate::diagnostic::did_you_mean;
use crate::fact::{Declaration, Register, ValueType};

/// Characters of a text, and texts of a list.
const LONGEST: usize = 2_000;
/// Characters of a value in a message.
const SHOWN: usize = 60;
/// Different problems of a file that are told.
const MOST_PROBLEMS: usize = 100;

/// Compares results with the declarations of their facts.
pub(super) struct Validation<'a> {
    register: &'a Register,
}

impl<'a> Validation<'a> {
    pub(super) const fn new(register: &'a Register) -> Self {
        Self { register }
    }

    /// The result with a value of the declared type.
    pub(super) fn validate(
        &self,
        mut result: ImportedResult,
    ) -> Result<ImportedResult, ImportProblem> {
        let name = &*result.name;
        let Some(declaration) = self.register.declaration(name) else {
            return Err(self.unknown(name));
        };
        if let Some(of) = declaration.age_of {
            let problem = ImportProblem::new(format!("fact \"{name}\" is counted, not given"));
            return Err(problem.help(format!("give \"{of}\", the time")));
        }
        if !declaration.is_kept {
            let message = format!("fact \"{name}\" is never kept");
            return Err(ImportProblem::new(message).help("leave it out"));
        }
        let dimensions = result.dimensions.iter();
        for (dimension, _) in dimensions {
            if !declaration.dimensions.contains(&dimension) {
                let message = format!("fact \"{name}\" has no dimension \"{dimension}\"");
                let help = match declaration.dimensions {
                    [] => "it has none".to_owned(),
                    known => format!("it has {}", known.join(", ")),
                };
                return Err(ImportProblem::new(message).help(help));
            }
        }
        let value = match &result.amount {
            Amount::Value(value) => typed(value, declaration.value_type),
            Amount::Written(text) => written(text, declaration.value_type),
            _ => return Ok(result),
        };
        let Some(value) = value else {
            return Err(unfit(&result.amount, declaration));
        };
        result.amount = Amount::Value(value);
        Ok(result)
    }

    fn unknown(&self, name: &str) -> ImportProblem {
        let names = self.register.declarations().map(|known| &*known.name);
        let help = did_you_mean(name, names).map_or_else(
            || "declare it below \"facts\" of the organisation's devportal.yaml".to_owned(),
            |meant| format!("did you mean \"{meant}\"?"),
        );
        ImportProblem::new(format!("there is no fact \"{}\"", short(name))).help(help)
    }
}

/// A value of JSON, if it is of that type; `null` is of every type.
fn typed(value: &Value, value_type: ValueType) -> Option<Value> {
    let fits = match (value_type, value) {
        (_, Value::Null) | (ValueType::Boolean, Value::Bool(_)) => true,
        (ValueType::Number, Value::Number(number)) => number.as_f64().is_some_and(f64::is_finite),
        (ValueType::Text | ValueType::Version, Value::String(text)) => text.len() <= LONGEST,
        (ValueType::Time, Value::String(text)) => return Some(time(text)?.to_string().into()),
        (ValueType::List, Value::Array(items)) => {
            let is_short = |item: &Value| item.as_str().is_some_and(|text| text.len() <= LONGEST);
            items.len() <= LONGEST && items.iter().all(is_short)
        }
        _ => false,
    };
    fits.then(|| value.clone())
}

/// A value that was written as text, where a format has no types.
fn written(text: &str, value_type: ValueType) -> Option<Value> {
    match value_type {
        ValueType::Boolean => match text.to_ascii_lowercase().as_str() {
            "true" => Some(Value::from(true)),
            "false" => Some(Value::from(false)),
            _ => None,
        },
        ValueType::Number => number(text.parse().ok()?, 1e6),
        ValueType::List => {
            let items = text.split(';').map(str::trim);
            let items = items.filter(|item| !item.is_empty());
            typed(&items.collect::<Value>(), value_type)
        }
        ValueType::Text | ValueType::Version | ValueType::Time => {
            typed(&Value::from(text), value_type)
        }
    }
}

/// A time with a zone, or a day in UTC.
fn time(text: &str) -> Option<Timestamp> {
    super::document::time(text)
}

fn unfit(amount: &Amount, declaration: &Declaration) -> ImportProblem {
    let value = match amount {
        Amount::Written(text) | Amount::Value(Value::String(text)) => {
            format!("\"{}\"", short(text))
        }
        Amount::Value(Value::Array(_)) => "a list".to_owned(),
        Amount::Value(Value::Object(_)) => "a mapping".to_owned(),
        other => other
            .to_value()
            .map_or_else(|| "that".to_owned(), |value| short(&value.to_string())),
    };
    let name = &declaration.name;
    let message = format!("{value} cannot be the value of fact \"{name}\"");
    let help = match declaration.value_type {
        ValueType::Boolean => "write true or false".to_owned(),
        ValueType::Number => match &declaration.unit {
            Some(unit) => format!("write a number, in {unit}"),
            None => "write a number".to_owned(),
        },
        ValueType::Text | ValueType::Version => {
            format!("write a text of at most {LONGEST} characters")
        }
        ValueType::Time => "write a time as 2026-01-15T12:00:00Z".to_owned(),
        ValueType::List => "write a list of texts".to_owned(),
    };
    ImportProblem::new(message).help(help)
}

/// The begin of a text, for a message.
pub(super) fn short(text: &str) -> String {
    if text.chars().count() <= SHOWN {
        return text.to_owned();
    }
    let begin: String = text.chars().take(SHOWN).collect();
    format!("{begin}…")
}

/// The same problem once, with how often it is there, in the order in which they came up.
pub(super) fn bounded(problems: Vec<ImportProblem>) -> Vec<ImportProblem> {
    let mut places: BTreeMap<(String, Option<String>), usize> = BTreeMap::new();
    let mut told: Vec<(ImportProblem, usize)> = Vec::new();
    let mut untold = 0_u64;
    for problem in problems {
        let key = (problem.message.clone(), problem.help.clone());
        if let Some((_, count)) = places.get(&key).and_then(|at| told.get_mut(*at)) {
            *count += 1;
        } else if told.len() < MOST_PROBLEMS {
            places.insert(key, told.len());
            told.push((problem, 1));
        } else {
            untold += 1;
        }
    }
    let with_count = |(mut problem, count): (ImportProblem, usize)| {
        if count > 1 {
            problem.message = format!("{} ({count} times)", problem.message);
        }
        problem
    };
    let mut bounded: Vec<ImportProblem> = told.into_iter().map(with_count).collect();
    if untold > 0 {
        bounded.push(ImportProblem::new(format!(
            "{} not told",
            counted(untold, "further problem is", "further problems are")
        )));
    }
    bounded
}
