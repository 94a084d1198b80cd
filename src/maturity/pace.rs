//! How fast a campaign goes, when it ends at that pace, and where it does not move.

use std::collections::BTreeMap;

use super::campaign::State;
use super::trend::CampaignPoint;
use crate::model::{EntityRef, date_on_clock, seconds_of_time};

/// Seconds of a day.
const DAY: i64 = 86_400;
/// How many days a pace is of.
const DAYS: i64 = 28;
/// Nobody plans further ahead than so many days; a date there would only look exact.
const FURTHEST: i64 = 36_525;

/// How fast a campaign goes.
///
/// It is what was done in the last 28 days: by how many there are fewer to do at the last moment
/// than at the newest one that is at least 28 days older, or than at the first where none is so
/// old. What is new and must be done counts against it. The end is where a straight line through
/// both reaches nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Pace {
    /// The day that it is measured from.
    pub since: String,
    /// How many fewer there are to do since then; negative where there are more.
    pub done: i64,
    /// How many fewer there are each week.
    pub per_week: f64,
    /// The day on which nothing is left at that pace; `None` where nothing moves or it goes
    /// backwards.
    pub ends_on: Option<String>,
    /// By how many days that is after the deadline; negative where it is before.
    pub days_late: Option<i64>,
}

/// An entity of a campaign at which nothing moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stuck<'a> {
    /// The entity.
    pub entity: &'a EntityRef,
    /// The first day since which it is to be done, without a break.
    pub since: &'a str,
}

impl Pace {
    /// The pace of a campaign at some days (`2026-01-31`), the earliest first; `None` with less
    /// than two of them, or where nothing is to be done any more.
    #[must_use]
    pub fn of(points: &[(&str, &CampaignPoint)], deadline: &str) -> Option<Self> {
        let (last, earlier) = points.split_last()?;
        let day = |point: &(&str, &CampaignPoint)| Some(seconds_of_time(point.0)?.div_euclid(DAY));
        let now = day(last)?;
        let is_old =
            |point: &&(&str, &CampaignPoint)| day(point).is_some_and(|it| it + DAYS <= now);
        let first = earlier.iter().rfind(is_old).or_else(|| earlier.first())?;
        let days = now - day(first)?;
        let open = |point: &(&str, &CampaignPoint)| i64::try_from(point.1.open()).ok();
        let (before, left) = (open(first)?, open(last)?);
        if days <= 0 || left == 0 {
            return None;
        }
        let done = before - left;
        // Rounded up: on the day before, something is left.
        let until_end = (done > 0).then(|| (left * days + done - 1) / done);
        let end = until_end.filter(|days| *days <= FURTHEST);
        let end = end.map(|days| now + days);
        let deadline = seconds_of_time(deadline).map(|it| it.div_euclid(DAY));
        Some(Self {
            since: first.0.to_owned(),
            done,
            per_week: per_week(done, days),
            ends_on: end.map(|end| date_on_clock(end * DAY, 0)),
            days_late: end.zip(deadline).map(|(end, deadline)| end - deadline),
        })
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "nobody has 2^52 entities or days"
)]
fn per_week(done: i64, days: i64) -> f64 {
    (done as f64 * 7.0 / days as f64 * 10.0).round() / 10.0
}

/// The entities that are left or overdue at the last of some days, and were one of both at every
/// day before for at least so many days; those that wait longest first, then by name.
#[must_use]
pub fn stuck<'a>(points: &[(&'a str, &'a CampaignPoint)], after_days: i64) -> Vec<Stuck<'a>> {
    let Some((last, earlier)) = points.split_last() else {
        return Vec::new();
    };
    let waits = |state: &State| matches!(state, State::Left | State::Overdue);
    let waiting = last.1.entities.iter().filter(|(_, state)| waits(state));
    let mut since: BTreeMap<&EntityRef, &'a str> =
        waiting.map(|(entity, _)| (entity, last.0)).collect();
    let mut unbroken: Vec<&EntityRef> = since.keys().copied().collect();
    for (day, point) in earlier.iter().rev() {
        unbroken.retain(|entity| point.entities.get(entity).is_some_and(waits));
        for entity in &unbroken {
            since.insert(entity, day);
        }
    }
    let now = seconds_of_time(last.0);
    let is_stuck = |day: &str| {
        let days = now.zip(seconds_of_time(day));
        days.is_some_and(|(now, day)| now - day >= after_days.saturating_mul(DAY))
    };
    let stuck = since.into_iter().filter(|(_, since)| is_stuck(since));
    let mut stuck: Vec<Stuck<'a>> = stuck
        .filter_map(|(entity, since)| {
            // The entity lives as long as the point, not only as long as this look at it.
            let (entity, _) = last.1.entities.get_key_value(entity)?;
            Some(Stuck { entity, since })
        })
        .collect();
    stuck.sort_by_key(|stuck| (stuck.since, stuck.entity));
    stuck
}

#[cfg(test)]
mod tests {
    use super::{CampaignPoint, EntityRef, Pace, State, stuck};
    use crate::maturity::Origin;

    /// A campaign of entities that are called by their numbers.
    fn point(states: &[State]) -> CampaignPoint {
        let entities = states.iter().enumerate().map(|(number, state)| {
            let name = format!("e{number}");
            (EntityRef::new("component", "default", &name), *state)
        });
        CampaignPoint {
            campaign: EntityRef::new("campaign", "default", "c"),
            origin: Origin::Replayed,
            entities: entities.collect(),
        }
    }

    fn left(count: usize) -> CampaignPoint {
        point(&vec![State::Left; count])
    }

    #[test]
    fn the_end_is_where_a_line_through_28_days_reaches_nothing() {
        let (old, before, now) = (left(100), left(30), left(16));
        let points = [
            ("2026-01-01", &old),
            ("2026-03-01", &before),
            ("2026-03-29", &now),
        ];
        let pace = Pace::of(&points, "2026-04-20").unwrap();
        assert_eq!((pace.since.as_str(), pace.done), ("2026-03-01", 14));
        assert!((pace.per_week - 3.5).abs() < 1e-9, "{pace:?}");
        assert_eq!(pace.ends_on.as_deref(), Some("2026-04-30"));
        assert_eq!(pace.days_late, Some(10));
    }

    #[test]
    fn a_young_campaign_is_measured_from_its_first_day() {
        let (first, now) = (left(10), left(8));
        let points = [("2026-03-20", &first), ("2026-03-27", &now)];
        let pace = Pace::of(&points, "2026-05-31").unwrap();
        assert_eq!(pace.since, "2026-03-20");
        assert_eq!(pace.ends_on.as_deref(), Some("2026-04-24"));
        assert_eq!(pace.days_late, Some(-37));
    }

    #[test]
    fn there_is_no_end_where_nothing_moves_or_more_is_to_do() {
        for now in [10, 12] {
            let (first, now) = (left(10), left(now));
            let points = [("2026-03-01", &first), ("2026-03-29", &now)];
            let pace = Pace::of(&points, "2026-05-31").unwrap();
            assert_eq!((pace.ends_on, pace.days_late), (None, None));
        }
    }

    #[test]
    fn what_is_done_or_seen_once_has_no_pace() {
        let (first, now) = (left(10), point(&[State::Done, State::Exempt]));
        let points = [("2026-03-01", &first), ("2026-03-29", &now)];
        assert_eq!(Pace::of(&points, "2026-05-31"), None);
        assert_eq!(Pace::of(&points[..1], "2026-05-31"), None);
        assert_eq!(Pace::of(&[], "2026-05-31"), None);
    }

    #[test]
    fn stuck_is_what_waits_without_a_break() {
        let first = point(&[State::Left, State::Done, State::Left, State::Left]);
        let then = point(&[State::Left, State::Left, State::Unknown, State::Left]);
        let now = point(&[State::Overdue, State::Left, State::Left, State::Done]);
        let points = [
            ("2026-01-01", &first),
            ("2026-02-01", &then),
            ("2026-03-03", &now),
        ];
        let names = |days| -> Vec<(&str, &str)> {
            let stuck = stuck(&points, days).into_iter();
            stuck.map(|it| (it.entity.name(), it.since)).collect()
        };
        assert_eq!(names(31), [("e0", "2026-01-01")]);
        assert_eq!(names(30), [("e0", "2026-01-01"), ("e1", "2026-02-01")]);
    }
}
