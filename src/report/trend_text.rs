//! What was, in words and below charts.

use std::collections::BTreeSet;

use super::page;
use crate::maturity::{Origin, Trend, TrendRules};

/// Days that stand below a chart: more cannot be read there.
const MOST_DAYS: usize = 26;

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

/// As many points as there is room for below a chart, evenly apart, and always the last.
pub(super) fn thinned<T: Copy>(points: &[T]) -> Vec<T> {
    let apart = points.len().div_ceil(MOST_DAYS).max(1);
    let last = points.len().saturating_sub(1);
    let kept = points.iter().enumerate();
    kept.filter(|(place, _)| (last - place) % apart == 0)
        .map(|(_, point)| *point)
        .collect()
}

/// Days as they stand below a chart, as short as they can be told apart: `11-30`, else `2025-11`,
/// else as they are.
pub(super) fn short_days(days: &[&str]) -> Vec<String> {
    let cut = |from: usize, to: usize| -> Option<Vec<String>> {
        let cut = days.iter().map(|day| Some(day.get(from..to)?.to_owned()));
        let cut: Vec<String> = cut.collect::<Option<_>>()?;
        let different: BTreeSet<&String> = cut.iter().collect();
        (different.len() == days.len()).then_some(cut)
    };
    let whole = || days.iter().map(|day| (*day).to_owned()).collect();
    cut(5, 10).or_else(|| cut(0, 7)).unwrap_or_else(whole)
}

#[cfg(test)]
mod tests {
    use super::{short_days, thinned};

    #[test]
    fn days_below_a_chart_are_short_and_different() {
        assert_eq!(
            short_days(&["2025-11-30", "2026-01-31"]),
            ["11-30", "01-31"]
        );
        assert_eq!(
            short_days(&["2025-11-30", "2026-11-30"]),
            ["2025-11", "2026-11"]
        );
        let close = ["2025-11-30", "2026-11-29", "2026-11-30"];
        assert_eq!(short_days(&close), close);
    }

    #[test]
    fn a_chart_keeps_its_last_day_however_many_there_are() {
        let days: Vec<usize> = (0..53).collect();
        let shown = thinned(&days);
        assert_eq!((shown.len(), shown.last()), (18, Some(&52)));
        assert_eq!(thinned(&days[..26]), &days[..26]);
        assert!(thinned::<usize>(&[]).is_empty());
    }
}
