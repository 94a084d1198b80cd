//! Who need not follow a rule, and until when.

use serde::Deserialize;

use crate::model::{Place, seconds_of_time};
use crate::query::Query;
use crate::yaml::Spanned;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// An exemption.
#[derive(Clone, Debug)]
pub struct Exemption {
    /// Which entities.
    pub entities: Query,
    /// Which rules, by their ids; `None` for all.
    pub rules: Option<Vec<String>>,
    /// Why.
    pub reason: String,
    /// Who agreed.
    pub approver: String,
    /// The last day on which it counts, as it is written.
    pub until: String,
    /// Where it is written.
    pub place: Place,
    /// The first second at which it does not count any more.
    end: i64,
}

/// An exemption as it is written.
#[derive(Deserialize)]
pub(super) struct WrittenExemption {
    pub(super) entities: Spanned<String>,
    pub(super) rules: Option<Vec<Spanned<String>>>,
    pub(super) reason: String,
    pub(super) approver: Spanned<String>,
    pub(super) until: Spanned<String>,
}

/// What an exemption is made of.
pub(super) struct Written {
    pub(super) entities: Query,
    pub(super) rules: Option<Vec<String>>,
    pub(super) reason: String,
    pub(super) approver: String,
    pub(super) until: String,
    pub(super) place: Place,
}

impl Exemption {
    /// The exemption; `None` when its date is none.
    pub(super) fn new(written: Written) -> Option<Self> {
        let end = seconds_of_time(&written.until)? + DAY;
        let Written {
            entities,
            rules,
            reason,
            approver,
            until,
            place,
        } = written;
        Some(Self {
            entities,
            rules,
            reason,
            approver,
            until,
            place,
            end,
        })
    }

    /// Whether it counts at a moment (seconds since 1970).
    #[must_use]
    pub const fn counts(&self, now: i64) -> bool {
        now < self.end
    }

    /// Whether it is about a rule.
    #[must_use]
    pub fn covers(&self, rule: &str) -> bool {
        self.rules
            .as_ref()
            .is_none_or(|rules| rules.iter().any(|known| known == rule))
    }
}
