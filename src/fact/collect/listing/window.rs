//! The times that facts are about.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::fact::collect::AskContext;

/// The time that facts of "the last 30 days" are about, and how far back is asked.
#[derive(Clone, Copy, Debug)]
pub(in crate::fact::collect) struct Window {
    /// 30 days before now.
    pub(in crate::fact::collect) month_begins: Timestamp,
    /// From when on is asked.
    pub(in crate::fact::collect) since: Timestamp,
}

impl Window {
    /// That of a run.
    pub(in crate::fact::collect) fn of(context: &AskContext<'_>) -> Self {
        let month = SignedDuration::from_hours(30 * 24);
        let month_begins = context.now.checked_sub(month).unwrap_or(Timestamp::MIN);
        Self {
            month_begins,
            since: context.since,
        }
    }

    /// Whether all of the last 30 days is asked for. If not, nothing is said about them.
    pub(in crate::fact::collect) fn has_month(self) -> bool {
        self.since <= self.month_begins
    }

    /// Whether something of that time is before everything that is asked for.
    pub(in crate::fact::collect) fn is_before(self, time: &Value) -> bool {
        let begins = if self.has_month() {
            self.month_begins
        } else {
            self.since
        };
        moment(time).is_some_and(|time| time < begins)
    }

    /// Whether something of that time is of the last 30 days.
    pub(in crate::fact::collect) fn is_of_month(self, time: Timestamp) -> bool {
        time >= self.month_begins
    }
}

/// A time as APIs write it.
pub(in crate::fact::collect) fn moment(value: &Value) -> Option<Timestamp> {
    value.as_str()?.parse().ok()
}
