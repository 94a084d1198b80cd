//! Facts of anything, as JSON or CSV.
//!
//! JSON is an array, or one object a line:
//!
//! ```json
//! {"entity": "payments-api", "fact": "cost.month", "value": 120.5, "environment": "production"}
//! ```
//!
//! CSV has the columns `entity`, `fact` and `value`, and perhaps `at`, `environment`, `region` and
//! `url`; items of a list have `;` between them. A value of `null` says that it is not there any
//! more. Without an entity it is about what the file is about.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::document::{begins_with, json_values, looks_like, text, time};
use super::result::is_past;
use super::table::{has_columns, read_rows};
use super::validation::short;
use super::{
    Amount, ImportError, ImportFile, ImportFormat, ImportProblem, Imported, ImportedResult, Subject,
};
use crate::fact::Dimensions;

/// The format.
pub(super) const FORMAT: ImportFormat = ImportFormat {
    name: "facts",
    source: "facts",
    about: "any facts: JSON or JSON lines {\"entity\", \"fact\", \"value\", \"at\", \
            \"environment\", \"region\", \"url\"}, or CSV with these columns, devportal's own",
    gives: &["*"],
    recognises: |file| {
        looks_like(file, &["{", "\"fact\"", "\"value\""]) || has_columns(file, &["fact", "value"])
    },
    read,
};

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow)]
    entity: Option<Cow<'a, str>>,
    #[serde(borrow)]
    fact: Cow<'a, str>,
    /// Whatever it is: which type it must have, its declaration says. `null` is a value, too.
    #[serde(default, deserialize_with = "given")]
    value: Option<Value>,
    #[serde(borrow)]
    at: Option<Cow<'a, str>>,
    #[serde(borrow)]
    environment: Option<Cow<'a, str>>,
    #[serde(borrow)]
    region: Option<Cow<'a, str>>,
    #[serde(borrow)]
    url: Option<Cow<'a, str>>,
}

/// A fact as a row or an object has it.
struct Given<'a> {
    entity: Option<&'a str>,
    fact: &'a str,
    amount: Amount,
    at: Option<&'a str>,
    environment: Option<&'a str>,
    region: Option<&'a str>,
    url: Option<&'a str>,
}

fn read(file: &ImportFile<'_>) -> Result<Imported, ImportError> {
    let text = text(file)?;
    let mut imported = Imported::default();
    if begins_with(file, &['{', '[']) {
        for (number, entry) in json_values::<Entry<'_>>(&text)? {
            let entry = entry.map_err(|error| ImportProblem::new(error.message).on_line(number));
            let result = entry.and_then(|entry| entry.given().result(file, number));
            imported.take(result);
        }
        return Ok(imported);
    }
    read_rows(&text, &[&["fact", "name"], &["value"]], |row| {
        let given = Given {
            entity: row.get(&["entity"]),
            fact: row.get(&["fact", "name"]).unwrap_or_default(),
            amount: row
                .get(&["value"])
                .map_or(Amount::Unknown, |value| Amount::Written(value.to_owned())),
            at: row.get(&["at"]),
            environment: row.get(&["environment"]),
            region: row.get(&["region"]),
            url: row.get(&["url"]),
        };
        imported.take(given.result(file, row.line));
    })?;
    Ok(imported)
}

/// A value that is there, also when it is `null`.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

impl Imported {
    fn take(&mut self, result: Result<ImportedResult, ImportProblem>) {
        match result {
            Ok(result) => self.results.push(result),
            Err(problem) => self.problems.push(problem),
        }
    }
}

impl Entry<'_> {
    fn given(&self) -> Given<'_> {
        Given {
            entity: self.entity.as_deref(),
            fact: &self.fact,
            amount: self.value.clone().map_or(Amount::Unknown, Amount::Value),
            at: self.at.as_deref(),
            environment: self.environment.as_deref(),
            region: self.region.as_deref(),
            url: self.url.as_deref(),
        }
    }
}

impl Given<'_> {
    fn result(self, file: &ImportFile<'_>, line: usize) -> Result<ImportedResult, ImportProblem> {
        if self.amount == Amount::Unknown {
            let message = format!("fact \"{}\" has no value", short(self.fact));
            return Err(ImportProblem::new(message).on_line(line));
        }
        let observed_at = match self.at {
            None => None,
            Some(text) => {
                let at = time(text);
                let at = at.ok_or_else(|| {
                    let shown = short(text);
                    ImportProblem::new(format!("\"{shown}\" is no date and time"))
                        .help("write it as 2026-01-15T12:00:00Z")
                        .on_line(line)
                })?;
                if !is_past(at, file.now) {
                    let message = format!("\"{text}\" is in the future");
                    return Err(ImportProblem::new(message).on_line(line));
                }
                Some(at)
            }
        };
        let dimensions = [("environment", self.environment), ("region", self.region)];
        let dimensions = dimensions
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.filter(|value| !value.is_empty())?)));
        let subject = self
            .entity
            .map_or(Subject::File, |it| Subject::Entity(it.to_owned()));
        let url = self.url.filter(|url| url.starts_with("https://"));
        Ok(ImportedResult {
            dimensions: dimensions.collect::<Dimensions>(),
            observed_at,
            evidence: url.map(str::to_owned),
            ..ImportedResult::new(subject, self.fact.to_owned(), self.amount)
        })
    }
}
