//! The moment that a run looks at.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::fmt::temporal::{Pieces, PiecesOffset};
use jiff::tz::TimeZone;

/// Which state of the repositories a run looks at (`--at`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Moment {
    /// Work trees on their default branch, with uncommitted edits; tips of default branches.
    #[default]
    Present,
    /// The tip of the default branch, everywhere.
    DefaultBranch,
    /// The last first-parent commit of the default branch up to then.
    Time(Timestamp),
    /// The commit of that name.
    Revision(String),
}

impl Moment {
    /// Reads `default`, a date (`2026-03-31`: all of that day, UTC), a date and time with an
    /// offset (RFC 3339), or a revision.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        if text == "default" {
            return Self::DefaultBranch;
        }
        if let Ok(time) = text.parse::<Timestamp>() {
            return Self::Time(time);
        }
        match text.parse::<Date>().ok().and_then(end_of_day) {
            Some(time) if text.len() == "2026-03-31".len() => Self::Time(time),
            _ => Self::Revision(text.to_owned()),
        }
    }
}

/// Reads a date and time with an offset (RFC 3339): seconds since 1970, and the offset in minutes.
#[must_use]
pub fn parse_time_with_offset(text: &str) -> Option<(i64, i32)> {
    let pieces = Pieces::parse(text).ok()?;
    let PiecesOffset::Numeric(offset) = pieces.offset()? else {
        return None;
    };
    let time = text.parse::<Timestamp>().ok()?;
    Some((time.as_second(), offset.offset().seconds() / 60))
}

/// Reads a date (its first moment, UTC) or a date and time with an offset: seconds since 1970.
#[must_use]
pub fn seconds_of_time(text: &str) -> Option<i64> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time.as_second());
    }
    let midnight = text.parse::<Date>().ok()?.to_datetime(Time::midnight());
    let time = TimeZone::UTC.to_timestamp(midnight).ok()?;
    (text.len() == "2026-03-31".len()).then_some(time.as_second())
}

/// The date (`2026-03-31`) on a clock with an offset in minutes, of seconds since 1970.
#[must_use]
pub fn date_on_clock(seconds: i64, offset: i32) -> String {
    let shifted = seconds.saturating_add(i64::from(offset) * 60);
    let time = Timestamp::from_second(shifted).unwrap_or_default();
    TimeZone::UTC.to_datetime(time).date().to_string()
}

fn end_of_day(date: Date) -> Option<Timestamp> {
    let last = date.to_datetime(Time::constant(23, 59, 59, 999_999_999));
    TimeZone::UTC.to_timestamp(last).ok()
}

#[cfg(test)]
mod tests {
    use super::Moment;

    #[test]
    fn a_date_means_all_of_that_day() {
        let day = Moment::parse("2026-03-31");
        let last_second = Moment::parse("2026-03-31T23:59:59.999999999Z");
        assert_eq!(day, last_second);
    }

    #[test]
    fn what_is_no_date_is_a_revision() {
        assert_eq!(Moment::parse("v1.2"), Moment::Revision("v1.2".to_owned()));
        assert_eq!(Moment::parse("default"), Moment::DefaultBranch);
        assert_eq!(
            Moment::parse("2026-13-01"),
            Moment::Revision("2026-13-01".to_owned())
        );
    }
}
