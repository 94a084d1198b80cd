//! How it is known what was, in words.

use super::page;
use crate::maturity::{Origin, Trend, TrendRules};

/// Says which moments were recorded and which are replayed, and of what.
pub(super) fn told_origins(trend: &Trend) -> String {
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
            "{} replayed by {rules}, of the {repositories} here today.",
            stretch(&replayed)
        ));
    }
    let recorded = days(Origin::Recorded);
    if !recorded.is_empty() {
        told.push(format!("{} recorded then.", stretch(&recorded)));
    }
    told.join(" ")
}

/// The first and the last of some days, as the beginning of a sentence about them.
fn stretch(days: &[&str]) -> String {
    match days {
        [] => String::new(),
        [day] => format!("{day} is"),
        [first, .., last] => format!("{first} to {last} ({} days) are", days.len()),
    }
}
