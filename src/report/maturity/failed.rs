//! The rules that fail most.

use std::cmp::Reverse;

use serde::Serialize;

use crate::maturity::{Outcome, Rule, Scorecard};
use crate::report::entity::more;
use crate::report::{ReportInput, level_text, page};
use crate::view::{Column, Text, View};

/// Rules that are written out.
const MOST_RULES: usize = 10;

/// A rule, and for how many entities it fails.
#[derive(Serialize)]
pub(super) struct FailedRule<'a> {
    scorecard: &'a str,
    rule: &'a str,
    title: &'a str,
    level: Option<&'a str>,
    failed: usize,
    unknown: usize,
    /// For how many it passed or failed, or is not known.
    of: usize,
    fix: Option<&'a str>,
    link: Option<&'a str>,
    #[serde(skip)]
    source: (&'a Scorecard, &'a Rule),
}

/// All rules that fail for any, the most first; equal ones in the order of the scorecards.
pub(super) fn failed_rules<'a>(input: &ReportInput<'a>) -> Vec<FailedRule<'a>> {
    let rules = input.results.iter().flat_map(|card| {
        card.scorecard
            .rules
            .iter()
            .enumerate()
            .map(move |(at, rule)| {
                let count = |outcome: Outcome| {
                    let results = card.entities.iter().filter_map(|it| it.rules.get(at));
                    results.filter(|result| result.outcome == outcome).count()
                };
                let (failed, unknown) = (count(Outcome::Failed), count(Outcome::Unknown));
                FailedRule {
                    scorecard: card.scorecard.reference.name(),
                    rule: &rule.id,
                    title: &rule.title,
                    level: card
                        .scorecard
                        .levels
                        .get(rule.level)
                        .map(|it| it.name.as_str()),
                    failed,
                    unknown,
                    of: failed + unknown + count(Outcome::Passed),
                    fix: rule.fix.as_deref(),
                    link: rule.link.as_deref(),
                    source: (card.scorecard, rule),
                }
            })
    });
    let mut failed: Vec<FailedRule<'_>> = rules.filter(|rule| rule.failed > 0).collect();
    failed.sort_by_key(|rule| Reverse(rule.failed));
    failed
}

/// Shows those that fail most.
pub(super) fn show(rules: &[FailedRule<'_>], input: &ReportInput<'_>, view: &mut View) {
    if rules.is_empty() {
        return;
    }
    let about = match rules.len() {
        ..=MOST_RULES => "Every rule that fails for any component, and how to fix it.".to_owned(),
        all => format!("The {MOST_RULES} of {all} rules that fail for most, and how to fix them."),
    };
    let columns = vec![
        Column::flexible("rule"),
        Column::fixed("scorecard"),
        Column::numeric("failed"),
        Column::numeric("of"),
        Column::flexible("how to fix"),
    ];
    let rows = rules.iter().take(MOST_RULES).map(|it| {
        let (card, rule) = it.source;
        let target = (input.links.place)(&rule.place);
        let level = level_text::level(card.levels.get(rule.level));
        vec![
            Text::plain(it.title).leading_to(target.as_deref()),
            Text::plain(format!("{} ", card.title)).joined(level),
            page::number(it.failed),
            page::number(it.of),
            Text::plain(it.fix.unwrap_or_default().trim()).joined(more(it.link)),
        ]
    });
    page::part(view, "Rules that fail most", about, columns, rows.collect());
}
