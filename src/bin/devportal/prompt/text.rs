//! Questions that are answered by typing.

use anyhow::Result;
use devportal::scaffold::answers::{EntityFilter, Question};
use inquire::validator::{ErrorMessage, Validation};
use inquire::{Password, PasswordDisplayMode, Text};
use serde_json::Value;

use super::{Asking, ended, help, message, one_line};

/// Suggestions that are shown for what is typed.
const MOST_SUGGESTIONS: usize = 50;

impl Asking<'_> {
    /// Asks for a text, a number, a reference, or a value in YAML.
    pub(super) fn text(
        &self,
        question: &Question,
        suggestions: &[String],
    ) -> Result<Option<Value>> {
        let how = if question.is_required || question.default.is_some() {
            ""
        } else {
            "may be left empty"
        };
        let (message, help) = (message(question), help(question, how));
        let default = question.default.as_ref().map(shown);
        let accepts = |text: &str| {
            // Enter alone takes the default.
            let is_default = default.as_deref() == Some(text);
            let problem = match text {
                _ if is_default => None,
                "" if question.is_required => Some("an answer is needed".to_owned()),
                "" => None,
                text => question.read(text).err().map(|problem| problem.message),
            };
            Ok(validation(problem))
        };
        let mut prompt = Text::new(&message)
            .with_render_config(self.look)
            .with_validator(accepts);
        if !suggestions.is_empty() {
            prompt = prompt.with_autocomplete(|typed: &str| Ok(fitting(suggestions, typed)));
        }
        if let Some(default) = &default {
            prompt = prompt.with_default(default);
        }
        if let Some(help) = &help {
            prompt = prompt.with_help_message(help);
        }
        let typed = prompt.prompt().map_err(ended)?;
        if default.as_deref() == Some(typed.as_str()) {
            return Ok(question.default.clone());
        }
        let answer = only_fitting(suggestions, &typed).unwrap_or(typed);
        // The validator read it already.
        Ok((!answer.is_empty())
            .then(|| question.read(&answer).ok())
            .flatten())
    }

    /// Asks for a reference to an entity of the catalog.
    pub(super) fn entity(
        &self,
        question: &Question,
        filter: &EntityFilter,
        allows_arbitrary: bool,
    ) -> Result<Option<Value>> {
        let references = (self.candidates)(filter);
        if !allows_arbitrary && !references.is_empty() {
            return self.reference(question, &references);
        }
        self.text(question, &references)
    }

    /// Asks for a text that is not shown.
    pub(super) fn secret(&self, question: &Question) -> Result<Option<Value>> {
        let how = if question.is_required {
            "it is not shown"
        } else {
            "it is not shown, and may be left empty"
        };
        let (message, help) = (message(question), help(question, how));
        let is_required = question.is_required;
        let schema = question.clone();
        let accepts = move |text: &str| {
            let problem = match text {
                "" if is_required => Some("an answer is needed".to_owned()),
                "" => None,
                text => schema.read(text).err().map(|problem| problem.message),
            };
            Ok(validation(problem))
        };
        let mut prompt = Password::new(&message)
            .with_render_config(self.look)
            .with_display_mode(PasswordDisplayMode::Hidden)
            .without_confirmation()
            .with_validator(accepts);
        if let Some(help) = &help {
            prompt = prompt.with_help_message(help);
        }
        let answer = prompt.prompt().map_err(ended)?;
        Ok((!answer.is_empty()).then_some(answer.into()))
    }

    /// Asks for a text of several lines.
    pub(super) fn lines(&self, question: &Question) -> Result<Option<Value>> {
        let default = question.default.as_ref().map(shown);
        let mut how = "an empty line ends it".to_owned();
        if let Some(default) = &default {
            how = format!("{how}; at once, it takes \"{default}\"");
        }
        loop {
            let mut lines = Vec::new();
            let (title, help) = (message(question), help(question, &how));
            loop {
                let label = if lines.is_empty() {
                    title.as_str()
                } else {
                    "…"
                };
                let line = self.line(label, help.as_deref().filter(|_| lines.is_empty()))?;
                if line.is_empty() || line == "." {
                    break;
                }
                lines.push(line);
            }
            if lines.is_empty() && (question.default.is_some() || !question.is_required) {
                return Ok(question.default.clone());
            }
            match question.read(&lines.join("\n")) {
                Ok(_) if lines.is_empty() => Self::complain("an answer is needed"),
                Ok(value) => return Ok(Some(value)),
                Err(problem) => Self::complain(&problem.message),
            }
        }
    }

    /// Asks for one line, which may be empty.
    pub(super) fn line(&self, label: &str, help: Option<&str>) -> Result<String> {
        let mut prompt = Text::new(label).with_render_config(self.look);
        if let Some(help) = help {
            prompt = prompt.with_help_message(help);
        }
        prompt.prompt().map_err(ended)
    }

    /// Says what is wrong with an answer that is asked for again.
    pub(super) fn complain(problem: &str) {
        use std::io::Write;
        // The question comes again, whether or not this can be read.
        let _ = writeln!(std::io::stderr(), "# {}", one_line(problem));
    }
}

/// A value as it is typed.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => one_line(text),
        value => one_line(&value.to_string()),
    }
}

pub(super) fn validation(problem: Option<String>) -> Validation {
    problem.map_or(Validation::Valid, |problem| {
        Validation::Invalid(ErrorMessage::Custom(one_line(&problem)))
    })
}

/// The suggestions that have what is typed in them; those that begin with it come first.
pub(super) fn fitting(suggestions: &[String], typed: &str) -> Vec<String> {
    let typed = typed.to_lowercase();
    let name = |it: &str| it.rsplit('/').next().unwrap_or(it).to_lowercase();
    let mut found: Vec<&String> = suggestions
        .iter()
        .filter(|it| it.to_lowercase().contains(&typed))
        .collect();
    found.sort_by_key(|it| !name(it).starts_with(&typed));
    found.truncate(MOST_SUGGESTIONS);
    found.into_iter().cloned().collect()
}

/// What is meant by the beginning or a part of one suggestion, which is the only one shown then.
fn only_fitting(suggestions: &[String], typed: &str) -> Option<String> {
    if typed.is_empty() || suggestions.iter().any(|it| it == typed) {
        return None;
    }
    match fitting(suggestions, typed).as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::fitting;

    #[test]
    fn suggestions_that_begin_with_what_is_typed_come_first() {
        let all = ["group:default/web-payments", "group:default/payments"].map(str::to_owned);
        assert_eq!(fitting(&all, "Pay"), [all[1].clone(), all[0].clone()]);
        assert_eq!(fitting(&all, "x"), Vec::<String>::new());
    }
}
