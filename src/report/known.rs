//! What is known of an entity, as reports ask for it.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::ReportInput;
use crate::catalog::EntityId;
use crate::fact::{Dimensions, FactSelector, Knowledge};
use crate::maturity::{EntityResult, Scorecard};

/// Seconds of a day.
const DAY: i64 = 86_400;

/// The value of a fact in the usual environment, where it is known and holds.
pub(super) fn value(input: &ReportInput<'_>, id: EntityId, name: &str) -> Option<Value> {
    let selector = FactSelector {
        name: name.to_owned(),
        dimensions: Dimensions::default(),
    };
    match input
        .facts
        .get(input.catalog.entity(id).reference(), &selector)
    {
        Knowledge::Known(known) => Some(known.value),
        Knowledge::Expired(_) | Knowledge::Unknown => None,
    }
}

/// The number that a fact is.
pub(super) fn number(input: &ReportInput<'_>, id: EntityId, name: &str) -> Option<f64> {
    value(input, id, name)?.as_f64()
}

/// The count that a fact is.
pub(super) fn count(input: &ReportInput<'_>, id: EntityId, name: &str) -> Option<u64> {
    value(input, id, name)?.as_u64()
}

/// The time that a fact is.
pub(super) fn time(input: &ReportInput<'_>, id: EntityId, name: &str) -> Option<Timestamp> {
    value(input, id, name)?.as_str()?.parse().ok()
}

/// Whole days from a time to the moment of the report.
pub(super) fn days_since(input: &ReportInput<'_>, time: Timestamp) -> i64 {
    let seconds = input.facts.now().as_second() - time.as_second();
    seconds.max(0) / DAY
}

/// The day of a time, as `2026-03-31` (UTC).
pub(super) fn date(time: Timestamp) -> String {
    TimeZone::UTC.to_datetime(time).date().to_string()
}

/// The day of a report.
pub(super) fn today(input: &ReportInput<'_>) -> String {
    date(input.facts.now())
}

/// What became of an entity in each scorecard that is about it.
pub(super) fn standings<'a>(
    input: &ReportInput<'a>,
    id: EntityId,
) -> impl Iterator<Item = (&'a Scorecard, &'a EntityResult)> + use<'a> {
    input.results.iter().filter_map(move |card| {
        let place = card.entities.binary_search_by_key(&id, |it| it.entity);
        Some((card.scorecard, card.entities.get(place.ok()?)?))
    })
}

/// The components, in the order of the catalog.
pub(super) fn components<'a>(input: &ReportInput<'a>) -> impl Iterator<Item = EntityId> + use<'a> {
    let catalog = input.catalog;
    let ids = catalog.ids();
    ids.filter(|id| catalog.entity(*id).reference().kind() == "component")
}
