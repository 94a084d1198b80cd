//! Levels by domain, system and team.

use std::collections::BTreeMap;

use serde::Serialize;

use super::levels::Levels;
use crate::catalog::EntityId;
use crate::model::EntityRef;
use crate::report::{ReportInput, page};
use crate::view::{Block, Column, Role, Text, View};

/// A group, and how mature what is in it is.
#[derive(Serialize)]
pub(super) struct Group<'a> {
    /// The domain, system or owner; `null` for what is in none.
    #[serde(rename = "ref")]
    reference: Option<&'a EntityRef>,
    /// How many entities of it any scorecard is about.
    entities: usize,
    scorecards: Vec<Levels<'a>>,
}

pub(super) fn by_domain<'a>(input: &ReportInput<'a>) -> Vec<Group<'a>> {
    by(input, |id| input.catalog.record(id).domain)
}

pub(super) fn by_system<'a>(input: &ReportInput<'a>) -> Vec<Group<'a>> {
    by(input, |id| input.catalog.record(id).system)
}

pub(super) fn by_team<'a>(input: &ReportInput<'a>) -> Vec<Group<'a>> {
    by(input, |id| {
        input.catalog.owner(id).map(|owner| owner.reference)
    })
}

/// The groups in the order of their references; last, what is in none.
fn by<'a>(
    input: &ReportInput<'a>,
    group: impl Fn(EntityId) -> Option<&'a EntityRef>,
) -> Vec<Group<'a>> {
    let mut groups: BTreeMap<Option<&EntityRef>, Vec<EntityId>> = BTreeMap::new();
    for id in input.catalog.ids() {
        let is_about = |card: &crate::maturity::ScorecardResult<'_>| {
            card.entities
                .binary_search_by_key(&id, |it| it.entity)
                .is_ok()
        };
        if input.results.iter().any(is_about) {
            groups.entry(group(id)).or_default().push(id);
        }
    }
    let without = groups.remove(&None);
    let groups = groups.into_iter().chain(without.map(|ids| (None, ids)));
    groups
        .map(|(reference, ids)| Group {
            reference,
            entities: ids.len(),
            scorecards: input
                .results
                .iter()
                .map(|card| {
                    let own = card.entities.iter();
                    let own = own.filter(|it| ids.binary_search(&it.entity).is_ok());
                    Levels::of(card.scorecard, &own)
                })
                .collect(),
        })
        .collect()
}

/// Shows groups, where there are any.
pub(super) fn show(heading: &str, groups: &[Group<'_>], input: &ReportInput<'_>, view: &mut View) {
    if groups.iter().all(|group| group.reference.is_none()) {
        return;
    }
    let titles = input
        .results
        .iter()
        .map(|card| card.scorecard.title.as_str());
    let kind = heading.trim_start_matches("By ");
    let mut columns = vec![Column::fixed(kind), Column::numeric("components")];
    columns.extend(titles.map(Column::fixed));
    let rows = groups.iter().map(|group| {
        let name = group.reference.map_or_else(
            || Text::new(format!("no {kind}"), Role::Faint),
            |reference| page::name(input, reference),
        );
        let mut cells = vec![name, page::number(group.entities)];
        cells.extend(group.scorecards.iter().map(Levels::cell));
        cells
    });
    view.push(Block::Heading(heading.into()));
    if kind == "domain" {
        let about = "The highest level that at least half of them have reached, and how much they \
                     pass on average.";
        view.push(Block::Paragraph(about.into()));
    }
    page::table(view, columns, rows.collect());
}
