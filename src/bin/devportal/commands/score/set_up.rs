//! What is not measured here, and how to measure it.

use devportal::fact::set_up_commands;
use devportal::view::{Block, Column, Role, Table, Text, View};
use serde::Serialize;

use super::{Scored, level_text};

/// A rule that is measured for nobody.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NotMeasured<'a> {
    /// The name of the scorecard.
    pub(super) scorecard: &'a str,
    /// The id of the rule.
    pub(super) rule: &'a str,
    /// The facts that no entity has.
    pub(super) facts: Vec<String>,
    /// Commands, each of which sets a source up that gives them.
    pub(super) set_up: Vec<String>,
    #[serde(skip)]
    title: &'a str,
}

/// The rules of some results that are measured for nobody.
pub(super) fn not_measured<'a>(scored: &'a Scored<'_>) -> Vec<NotMeasured<'a>> {
    let register = scored.facts.register();
    let cards = scored.results.iter();
    let rules = cards.flat_map(|card| card.not_measured.iter().map(move |it| (card, it)));
    let rules = rules.map(|(card, (rule, facts))| NotMeasured {
        scorecard: card.scorecard.reference.name(),
        rule: &rule.id,
        set_up: set_up_commands(facts, register),
        facts: facts.clone(),
        title: &rule.title,
    });
    rules.collect()
}

/// The same below an answer; nothing where everything is measured.
pub(super) fn push(rules: &[NotMeasured<'_>], view: &mut View) {
    if rules.is_empty() {
        return;
    }
    view.push(Block::Heading(Text::plain("Not measured here")));
    let rows = rules.iter().map(|rule| {
        let set_up = level_text::set_up(rule.set_up.first().map(String::as_str), &rule.facts);
        vec![
            Text::plain(format!("{}: {}", rule.scorecard, rule.title)),
            Text::new(rule.facts.join(", "), Role::Faint),
            set_up,
        ]
    });
    view.push(Block::Table(Table {
        columns: vec![
            Column::flexible("rule"),
            Column::flexible("fact"),
            Column::fixed("set up with"),
        ],
        rows: rows.collect(),
    }));
}
