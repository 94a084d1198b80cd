//! Questions that are answered by choosing.

use std::collections::HashSet;

use anyhow::Result;
use devportal::scaffold::answers::{ChoiceOption, Question};
use inquire::list_option::ListOption;
use inquire::{MultiSelect, Select};
use serde_json::Value;

use super::text::validation;
use super::{Asking, ended, help, message, one_line};

/// Rows of a list that are shown at once.
const ROWS: usize = 10;

const HOW_TO_SELECT: &str = "arrows move, typing narrows, enter takes";
const HOW_TO_SELECT_SEVERAL: &str = "space marks, typing narrows, enter takes what is marked";

impl Asking<'_> {
    /// Lets one of some values be chosen.
    pub(super) fn choice(
        &self,
        question: &Question,
        options: &[ChoiceOption],
    ) -> Result<Option<Value>> {
        let labels = options.iter().map(|it| one_line(&it.label)).collect();
        let default = question.default.as_ref();
        let start = default.and_then(|default| options.iter().position(|it| it.value == *default));
        let chosen = self.select(question, labels, start)?;
        Ok(chosen
            .and_then(|index| options.get(index))
            .map(|option| option.value.clone()))
    }

    /// Lets one of some references be chosen.
    pub(super) fn reference(
        &self,
        question: &Question,
        references: &[String],
    ) -> Result<Option<Value>> {
        let labels = references.iter().map(|it| one_line(it)).collect();
        let default = question.default.as_ref().and_then(Value::as_str);
        let start = default.and_then(|default| references.iter().position(|it| it == default));
        let chosen = self.select(question, labels, start)?;
        Ok(chosen
            .and_then(|index| references.get(index))
            .map(|reference| Value::from(reference.as_str())))
    }

    /// The number of the label that is chosen; none where the question is passed over.
    fn select(
        &self,
        question: &Question,
        mut labels: Vec<String>,
        start: Option<usize>,
    ) -> Result<Option<usize>> {
        let can_pass = !question.is_required && question.default.is_none();
        if can_pass {
            labels.insert(0, "(nothing)".to_owned());
        }
        let (message, help) = (message(question), help(question, HOW_TO_SELECT));
        let mut prompt = Select::new(&message, labels)
            .with_render_config(self.look)
            .with_page_size(ROWS)
            .with_starting_cursor(start.unwrap_or(0));
        if let Some(help) = &help {
            prompt = prompt.with_help_message(help);
        }
        let chosen = prompt.raw_prompt().map_err(ended)?.index;
        Ok(if can_pass {
            chosen.checked_sub(1)
        } else {
            Some(chosen)
        })
    }

    /// Lets any number of some values be chosen.
    pub(super) fn several(&self, question: &Question, options: &[ChoiceOption]) -> Result<Value> {
        let labels: Vec<String> = options.iter().map(|it| one_line(&it.label)).collect();
        let default = question.default.as_ref().and_then(Value::as_array);
        let default: Vec<usize> = default
            .into_iter()
            .flatten()
            .filter_map(|value| options.iter().position(|it| it.value == *value))
            .collect();
        // What a validator looks at must live as long as the prompt.
        let (asked, all) = (question.clone(), options.to_vec());
        let accepts = move |chosen: &[ListOption<&String>]| {
            let chosen = values(&all, chosen.iter().map(|it| it.index));
            let problem = asked.check(&chosen).err();
            Ok(validation(problem.map(|problem| problem.message)))
        };
        let (message, help) = (message(question), help(question, HOW_TO_SELECT_SEVERAL));
        let mut prompt = MultiSelect::new(&message, labels)
            .with_render_config(self.look)
            .with_page_size(ROWS)
            .with_default(&default)
            .with_validator(accepts);
        if let Some(help) = &help {
            prompt = prompt.with_help_message(help);
        }
        let chosen = prompt.raw_prompt().map_err(ended)?;
        Ok(values(options, chosen.into_iter().map(|it| it.index)))
    }
}

/// The values of the options that are chosen, in the order of the options.
fn values(options: &[ChoiceOption], chosen: impl Iterator<Item = usize>) -> Value {
    let chosen: HashSet<usize> = chosen.collect();
    let options = options.iter().enumerate();
    let chosen = options.filter(|(index, _)| chosen.contains(index));
    Value::Array(chosen.map(|(_, option)| option.value.clone()).collect())
}
