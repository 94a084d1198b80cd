//! How many entities of a campaign are how far.

use serde::Serialize;

use super::campaign::State;

/// How many entities are how far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct StateCounts {
    /// All that the campaign is about.
    pub entities: usize,
    /// Done.
    pub done: usize,
    /// To be done until the deadline.
    pub left: usize,
    /// Not done at the deadline.
    pub overdue: usize,
    /// Not known to be done.
    pub unknown: usize,
    /// Those that need not be done.
    pub exempt: usize,
    /// How much is done of what must be, of 100 and with one decimal; `None` where nothing must be.
    pub percent: Option<f64>,
}

impl StateCounts {
    /// Counts states.
    #[must_use]
    pub fn of(states: impl Iterator<Item = State>) -> Self {
        let mut counts = Self::default();
        for state in states {
            counts.entities += 1;
            *match state {
                State::Done => &mut counts.done,
                State::Left => &mut counts.left,
                State::Overdue => &mut counts.overdue,
                State::Unknown => &mut counts.unknown,
                State::Exempt => &mut counts.exempt,
            } += 1;
        }
        counts.percent = counts.share_that_is_done();
        counts
    }

    /// How many must be done.
    #[must_use]
    pub const fn must(&self) -> usize {
        self.entities - self.exempt
    }

    /// How many must be done, and are not known to be.
    #[must_use]
    pub const fn open(&self) -> usize {
        self.left + self.overdue + self.unknown
    }

    /// Rounded down: 100 means that nothing is left.
    #[expect(clippy::cast_precision_loss, reason = "it is 1,000 at most")]
    fn share_that_is_done(&self) -> Option<f64> {
        let thousandths = (self.done * 1000).checked_div(self.must())?;
        Some(thousandths as f64 / 10.0)
    }
}
