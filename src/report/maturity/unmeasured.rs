//! What is not measured, once, with what sets it up.

use serde::Serialize;

use crate::fact::set_up_commands;
use crate::report::{ReportInput, level_text, page};
use crate::view::{Column, Text, View};

/// A source that is not set up, and the rules that wait for it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Unmeasured<'a> {
    /// The command that sets it up; `null` where only repositories say it, and none does.
    set_up: Option<String>,
    /// Other commands that would do as well.
    or: Vec<String>,
    rules: Vec<WaitingRule<'a>>,
    /// The facts that the first of them waits for.
    #[serde(skip)]
    facts: &'a [String],
}

/// A rule that is measured for nobody.
#[derive(Serialize)]
struct WaitingRule<'a> {
    scorecard: &'a str,
    rule: &'a str,
    title: &'a str,
}

/// What is not measured, in the order of the rules.
pub(super) fn unmeasured<'a>(input: &ReportInput<'a>) -> Vec<Unmeasured<'a>> {
    let mut sources: Vec<Unmeasured<'a>> = Vec::new();
    let cards = input.results.iter();
    let rules = cards.flat_map(|card| card.not_measured.iter().map(move |it| (card, it)));
    for (card, (rule, facts)) in rules {
        let mut commands = set_up_commands(facts, input.facts.register()).into_iter();
        let set_up = commands.next();
        let waiting = WaitingRule {
            scorecard: card.scorecard.reference.name(),
            rule: &rule.id,
            title: &rule.title,
        };
        let waits_for_owners = level_text::waits_for_owners(facts);
        let is_the_same = |source: &&mut Unmeasured<'_>| {
            let others = level_text::waits_for_owners(source.facts);
            source.set_up == set_up && others == waits_for_owners
        };
        match sources.iter_mut().find(is_the_same) {
            Some(source) => {
                source.rules.push(waiting);
                let others = commands.filter(|it| !source.or.contains(it));
                let others: Vec<String> = others.collect();
                source.or.extend(others);
            }
            None => sources.push(Unmeasured {
                set_up,
                or: commands.collect(),
                rules: vec![waiting],
                facts,
            }),
        }
    }
    sources
}

/// Shows it, where there is anything.
pub(super) fn show(sources: &[Unmeasured<'_>], view: &mut View) {
    if sources.is_empty() {
        return;
    }
    let about = "No component has what these rules ask for, so that they count for nobody.";
    let columns = vec![Column::flexible("rules"), Column::fixed("set up with")];
    let rows = sources.iter().map(|source| {
        let rules = source.rules.iter();
        let rules = rules.map(|rule| format!("{} ({})", rule.title, rule.scorecard));
        let set_up = level_text::set_up(source.set_up.as_deref(), source.facts);
        vec![
            Text::plain(rules.collect::<Vec<String>>().join("; ")),
            set_up,
        ]
    });
    page::part(view, "Not measured", about, columns, rows.collect());
}
