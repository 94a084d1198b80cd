//! Questions that are answered by any number of values, one after the other.

use anyhow::Result;
use devportal::scaffold::answers::{Question, QuestionKind};
use inquire::Text;
use serde_json::Value;

use super::text::{shown, validation};
use super::{Asking, ended, help, message};

impl Asking<'_> {
    /// Asks for items until a line is empty.
    pub(super) fn list(&self, question: &Question, item: &QuestionKind) -> Result<Option<Value>> {
        let suggestions = match item {
            QuestionKind::Entity { filter, .. } => (self.candidates)(filter),
            _ => Vec::new(),
        };
        loop {
            let mut items = Vec::new();
            while let Some(item) = self.item(question, &suggestions, items.len())? {
                items.push(item);
            }
            if items.is_empty() && (question.default.is_some() || !question.is_required) {
                return Ok(question.default.clone());
            }
            let value = Value::Array(items);
            match question.check(&value) {
                Ok(()) => return Ok(Some(value)),
                Err(problem) => Self::complain(&problem.message),
            }
        }
    }

    /// Asks for an item; nothing where the line is empty.
    fn item(
        &self,
        question: &Question,
        suggestions: &[String],
        count: usize,
    ) -> Result<Option<Value>> {
        let label = match count {
            0 => message(question),
            count => format!("{}, item {}", message(question), count + 1),
        };
        let default = question.default.as_ref().map(shown);
        let how = match (&default, count) {
            (Some(default), 0) => format!("one a line; an empty line takes {default}"),
            _ => "one a line; an empty line ends the list".to_owned(),
        };
        let help = help(question, &how).filter(|_| count == 0);
        let accepts = |text: &str| {
            let problem = match text {
                "" => None,
                text => question.read_item(text).err(),
            };
            Ok(validation(problem.map(|problem| problem.message)))
        };
        let mut prompt = Text::new(&label)
            .with_render_config(self.look)
            .with_validator(accepts);
        if !suggestions.is_empty() {
            prompt = prompt
                .with_autocomplete(|typed: &str| Ok(super::text::fitting(suggestions, typed)));
        }
        if let Some(help) = &help {
            prompt = prompt.with_help_message(help);
        }
        let answer = prompt.prompt().map_err(ended)?;
        // The validator read it already.
        Ok((!answer.is_empty())
            .then(|| question.read_item(&answer).ok())
            .flatten())
    }
}
