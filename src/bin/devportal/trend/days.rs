//! The days that are looked at, until the moment of a run.

use anyhow::{Context, Result, bail};
use devportal::model::Moment;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

/// The most moments that are looked at: each may be a scan of its own.
const MOST_MOMENTS: usize = 400;

/// How far moments are apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Step {
    /// A week.
    Week,
    /// A month; from the last day of one to the last day of the next.
    Month,
}

/// A day of the past, all of which counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PastDay {
    /// As `2026-01-31`.
    pub(crate) day: String,
    /// Its end.
    pub(crate) time: Timestamp,
}

impl PastDay {
    pub(crate) fn of(date: Date) -> Result<Self> {
        let day = date.to_string();
        match Moment::parse(&day) {
            Moment::Time(time) => Ok(Self { day, time }),
            _ => bail!("\"{day}\" is no date; write it as 2026-01-31"),
        }
    }

    /// Reads a date.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let is_date = text.len() == "2026-01-31".len();
        let date = text.parse::<Date>().ok().filter(|_| is_date);
        let date = date.with_context(|| format!("\"{text}\" is no date; write it as 2026-01-31"));
        Self::of(date?)
    }

    fn date(&self) -> Date {
        date_of(self.time)
    }
}

/// The date of a moment, UTC.
pub(crate) fn date_of(time: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(time).date()
}

/// The first day of a year until now: the end of the week or the month in which the day a year ago
/// lies, so that a run on another day looks at the same ones.
pub(crate) fn a_year_ago(now: Timestamp, every: Step) -> Result<PastDay> {
    let then = date_of(now).checked_sub(Span::new().try_years(1)?)?;
    let end = match every {
        Step::Week => {
            let days = then.weekday().until(Weekday::Sunday);
            then.checked_add(Span::new().try_days(days)?)?
        }
        Step::Month => then.last_of_month(),
    };
    PastDay::of(end)
}

/// The days from one until now, without the day of now.
pub(crate) fn days_since(first: &PastDay, every: Step, now: Timestamp) -> Result<Vec<PastDay>> {
    let first = first.date();
    let mut days = Vec::new();
    for number in 0.. {
        let step = match every {
            Step::Week => Span::new().try_weeks(number),
            Step::Month => Span::new().try_months(number),
        };
        let mut date = first.checked_add(step?).context("that is too far away")?;
        if every == Step::Month && first == first.last_of_month() {
            date = date.last_of_month();
        }
        let day = PastDay::of(date)?;
        if day.time >= now {
            break;
        }
        if days.len() == MOST_MOMENTS {
            bail!("these are more than {MOST_MOMENTS} moments; begin later, or use --every month");
        }
        days.push(day);
    }
    Ok(days)
}

/// The days on which it is looked how far a campaign was: its first one and Sundays. Where it runs
/// longer than half a year, every fourth Sunday and those of the last eight weeks; each is the same
/// in a run of the next day.
pub(crate) fn days_of_campaign(start: &str, now: Timestamp) -> Result<Vec<PastDay>> {
    const HALF_A_YEAR: i32 = 182;
    const EIGHT_WEEKS: i32 = 56;
    let start = PastDay::parse(start)?;
    if start.time >= now {
        return Ok(Vec::new());
    }
    let (first, today) = (start.date(), date_of(now));
    let to_sunday = first.weekday().until(Weekday::Sunday);
    let sunday = first.checked_add(Span::new().try_days(to_sunday)?)?;
    let all = days_since(&PastDay::of(sunday)?, Step::Week, now);
    // Of one that runs for longer than that is possible, the beginning does not say much.
    let all = match all {
        Ok(all) => all,
        Err(_) => days_since(&a_year_ago(now, Step::Week)?, Step::Week, now)?,
    };
    let is_long = days_between(first, today) > HALF_A_YEAR;
    let days = all.into_iter().filter(|day| {
        let is_recent = days_between(day.date(), today) <= EIGHT_WEEKS;
        let week = day.time.as_second().div_euclid(7 * 86_400);
        !is_long || is_recent || week % 4 == 0
    });
    let mut days: Vec<PastDay> = days.filter(|day| day.date() != first).collect();
    days.insert(0, start);
    Ok(days)
}

fn days_between(first: Date, last: Date) -> i32 {
    first.until(last).map_or(0, |span| span.get_days())
}

#[cfg(test)]
mod tests {
    use super::{PastDay, Step, Timestamp, a_year_ago, days_of_campaign, days_since};

    fn now(text: &str) -> Timestamp {
        format!("{text}T12:00:00Z").parse().unwrap()
    }

    fn names(days: &[PastDay]) -> Vec<&str> {
        days.iter().map(|day| day.day.as_str()).collect()
    }

    #[test]
    fn months_go_from_their_last_days_to_their_last_days() {
        let first = a_year_ago(now("2026-03-17"), Step::Month).unwrap();
        let days = days_since(&first, Step::Month, now("2026-03-17")).unwrap();
        assert_eq!(days.len(), 12);
        assert_eq!(names(&days[..2]), ["2025-03-31", "2025-04-30"]);
        assert_eq!(names(&days[10..]), ["2026-01-31", "2026-02-28"]);
        let first = PastDay::parse("2026-01-30").unwrap();
        let days = days_since(&first, Step::Month, now("2026-04-01")).unwrap();
        assert_eq!(names(&days), ["2026-01-30", "2026-02-28", "2026-03-30"]);
    }

    #[test]
    fn a_day_that_is_not_over_is_not_past() {
        let first = PastDay::parse("2026-03-10").unwrap();
        let days = days_since(&first, Step::Week, now("2026-03-24")).unwrap();
        assert_eq!(names(&days), ["2026-03-10", "2026-03-17"]);
    }

    #[test]
    fn a_campaign_is_looked_at_on_its_first_day_and_on_sundays() {
        let days = days_of_campaign("2026-03-03", now("2026-03-17")).unwrap();
        assert_eq!(names(&days), ["2026-03-03", "2026-03-08", "2026-03-15"]);
        assert_eq!(
            days_of_campaign("2026-03-18", now("2026-03-17")).unwrap(),
            []
        );
        // The same day after day, but for those that are recent.
        let one = days_of_campaign("2025-01-01", now("2026-03-17")).unwrap();
        let next = days_of_campaign("2025-01-01", now("2026-03-18")).unwrap();
        assert_eq!(one, next);
        assert!(one.len() < 25, "{}", one.len());
    }
}
