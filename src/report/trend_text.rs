//! How it is known what was, in words.

use super::page;
use crate::maturity::{Origin, Trend, TrendRules};

/// Says which days are replayed and which were recorded, and of what.
pub(super) fn told_origins(what: &str, trend: &Trend) -> String {
    let days = |origin: Origin| {
        let points = trend.points.iter().filter(move |point| {
            let scorecards = point.scorecards.iter().map(|it| it.origin);
            let campaigns = point.campaigns.iter().map(|it| it.origin);
            scorecards.chain(campaigns).any(|it| it == origin)
        });
        let days: Vec<&str> = points.map(|point| point.day.as_str()).collect();
        days
    };
    let mut told = Vec::new();
    let replayed = days(Origin::Replayed);
    if !replayed.is_empty() {
        let repositories = page::counted(trend.repositories, "repository", "repositories");
        let rules = match trend.rules {
            TrendRules::Now => "today's rules",
            TrendRules::Then => "the rules of then",
        };
        told.push(format!(
            "The {what} of {} are replayed by {rules}, of the {repositories} here today.",
            stretch(&replayed)
        ));
    }
    let recorded = days(Origin::Recorded);
    if !recorded.is_empty() {
        told.push(format!(
            "The {what} of {} were recorded then.",
            stretch(&recorded)
        ));
    }
    if trend.is_partial {
        let partial = "Something could not be read as it was on some of these days, so that their \
                       numbers may be too low.";
        told.push(partial.to_owned());
    }
    told.join(" ")
}

/// Some days: `12 days (2025-11-30 to 2026-10-31)`.
fn stretch(days: &[&str]) -> String {
    match days {
        [] => "no day".to_owned(),
        [day] => (*day).to_owned(),
        [first, .., last] => format!("{} days ({first} to {last})", days.len()),
    }
}
