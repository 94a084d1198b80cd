//! What a template asks, and what it is answered.
//!
//! Parameters are a JSON Schema with conditions, page by page. [`questions`] says what is still
//! open, [`answer`] takes what was given without asking anybody, and both agree with the form
//! that Backstage would show for the same answers.

mod condition;
mod default_value;
mod entity_filter;
mod given;
mod parameter;
mod question;
mod repository_url;
mod schema;
mod typed_text;
mod validation;

use std::collections::BTreeSet;
use std::fmt;

use serde_json::{Map, Value};

use super::Manifest;
use default_value::Defaults;
use parameter::Parameter;

pub use entity_filter::EntityFilter;
pub use question::{ChoiceOption, DeclaredParameter, Question, QuestionKind, declared, questions};
pub use repository_url::{RepositoryParts, RepositoryUrlRule, repository_url};

/// What stands in the answers in place of a secret, as in Backstage.
const MASK: &str = "********";

/// What was given before anybody is asked.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Names and texts: `--set name=value`.
    pub set: Vec<(String, String)>,
    /// A whole document of answers: `--answers FILE`.
    pub file: Option<Value>,
    /// Whether required parameters take their default, too: `--defaults`.
    pub use_defaults: bool,
}

/// Values of parameters, by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers(pub Map<String, Value>);

/// Values that are never shown and never kept.
#[derive(Clone, Default, PartialEq)]
pub struct Secrets(pub Map<String, Value>);

/// A template's parameters, answered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answered {
    /// `parameters` of the template's expressions; a mask where a secret was given.
    pub answers: Answers,
    /// `secrets` of the template's expressions.
    pub secrets: Secrets,
    /// The parameters that took their default.
    pub defaulted: Vec<String>,
    /// The parameters whose values must not be shown or kept.
    pub hidden: Vec<String>,
}

/// What is wrong with the answer to a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerProblem {
    /// The parameter: names with `.` between them.
    pub parameter: String,
    /// What is wrong: lower case, no full stop, the parameter in quotes.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Whether the answer is only not there yet.
    pub is_missing: bool,
}

/// Answers a template's parameters with what was given and with defaults, asking nobody.
///
/// A parameter that need not be answered takes its default, as the form of Backstage does. One
/// that must be takes it only with [`Given::use_defaults`].
///
/// # Errors
/// All that is missing or wrong, in the order of the parameters.
pub fn answer(manifest: &Manifest, given: &Given) -> Result<Answered, Vec<AnswerProblem>> {
    let (values, mut problems) = given::values(manifest, given);
    let rule = if given.use_defaults {
        Defaults::All
    } else {
        Defaults::WhereOptional
    };
    match finish_with(manifest, values, rule) {
        Ok(answered) if problems.is_empty() => return Ok(answered),
        Ok(_) => {}
        Err(more) => problems.extend(more),
    }
    Err(in_order(manifest, problems))
}

/// What was given, as values, for whoever asks for the rest.
///
/// # Errors
/// All that is wrong with what was given; what is missing is no problem yet.
pub fn start(manifest: &Manifest, given: &Given) -> Result<Map<String, Value>, Vec<AnswerProblem>> {
    let (values, mut problems) = given::values(manifest, given);
    let wrong = validation::problems(manifest, &values, &BTreeSet::new());
    problems.extend(wrong.into_iter().filter(|problem| !problem.is_missing));
    if problems.is_empty() {
        Ok(values)
    } else {
        Err(in_order(manifest, problems))
    }
}

/// The names at the top of all that a template may ask, whatever is answered.
#[must_use]
pub fn names(manifest: &Manifest) -> BTreeSet<String> {
    let names = parameter::possible_names(manifest).into_iter();
    names
        .map(|name| name.split('.').next().unwrap_or_default().to_owned())
        .collect()
}

/// Ends answering: parameters without a value take their default.
///
/// # Errors
/// All that is missing or wrong, in the order of the parameters.
pub fn finish(
    manifest: &Manifest,
    values: Map<String, Value>,
) -> Result<Answered, Vec<AnswerProblem>> {
    finish_with(manifest, values, Defaults::All)
}

fn finish_with(
    manifest: &Manifest,
    mut values: Map<String, Value>,
    rule: Defaults,
) -> Result<Answered, Vec<AnswerProblem>> {
    let defaulted = default_value::fill(manifest, &mut values, rule);
    let problems = validation::problems(manifest, &values, &defaulted);
    if !problems.is_empty() {
        return Err(in_order(manifest, problems));
    }
    let mut secrets = Map::new();
    let mut hidden = Vec::new();
    for parameter in parameter::parameters(manifest, &values) {
        if !parameter.is_hidden() {
            continue;
        }
        if parameter.is_secret()
            && let Some(value) = parameter::value_mut(&mut values, &parameter.path)
        {
            let secret = std::mem::replace(value, Value::from(MASK));
            secrets.insert(parameter.last_name().to_owned(), secret);
        }
        hidden.push(parameter.name());
    }
    Ok(Answered {
        answers: Answers(values),
        secrets: Secrets(secrets),
        defaulted: defaulted.into_iter().collect(),
        hidden,
    })
}

/// Problems in the order of the parameters, each once.
fn in_order(manifest: &Manifest, mut problems: Vec<AnswerProblem>) -> Vec<AnswerProblem> {
    let names: Vec<String> = parameter::parameters(manifest, &Map::new())
        .iter()
        .map(Parameter::name)
        .collect();
    let positions: std::collections::HashMap<&str, usize> = names
        .iter()
        .enumerate()
        .map(|(position, name)| (name.as_str(), position))
        .collect();
    let position = |problem: &AnswerProblem| {
        if problem.parameter.is_empty() {
            return 0;
        }
        let known = positions.get(problem.parameter.as_str());
        known.copied().unwrap_or(usize::MAX)
    };
    problems.sort_by_key(position);
    // What has a wrong answer is not missing, too.
    let wrong: BTreeSet<String> = problems
        .iter()
        .filter(|problem| !problem.is_missing)
        .map(|problem| problem.parameter.clone())
        .collect();
    problems.retain(|problem| !problem.is_missing || !wrong.contains(&problem.parameter));
    let mut told = BTreeSet::new();
    problems.retain(|problem| told.insert((problem.parameter.clone(), problem.message.clone())));
    problems
}

impl Answered {
    /// The answers that may be kept and shown: without secrets and passwords.
    #[must_use]
    pub fn without_secrets(&self) -> Map<String, Value> {
        let mut values = self.answers.0.clone();
        for name in &self.hidden {
            let path: Vec<String> = name.split('.').map(str::to_owned).collect();
            parameter::remove(&mut values, &path);
        }
        values
    }

    /// All values that may not be shown: secrets and passwords.
    #[must_use]
    pub fn hidden_values(&self) -> Map<String, Value> {
        let mut values = self.secrets.0.clone();
        for name in &self.hidden {
            let path: Vec<String> = name.split('.').map(str::to_owned).collect();
            let value = parameter::value(&self.answers.0, &path);
            if let Some(value) = value.filter(|value| **value != MASK) {
                values.insert(name.clone(), value.clone());
            }
        }
        values
    }
}

impl AnswerProblem {
    fn new(parameter: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            parameter: parameter.into(),
            message: message.into(),
            help: None,
            is_missing: false,
        }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for AnswerProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests;
