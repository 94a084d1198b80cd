//! What a result adds to a fact, so that several results can become one.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::{Number, Value};

/// What a result adds to a fact. Results of one name, entity and dimensions are one fact, however
/// many files, modules and targets they come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Amount {
    /// A value that stands for itself; of several the one that was observed last.
    Value(Value),
    /// A value as text, whose type the declaration of the fact says; of several the one that was
    /// observed last.
    Written(String),
    /// A value that held from some time on; of several the one of the latest time.
    Since {
        /// The time.
        at: Timestamp,
        /// The value.
        value: Value,
    },
    /// A number of things; they are added.
    Count(f64),
    /// A part of a whole; they are added, and the value is the percentage.
    Share {
        /// The part.
        part: f64,
        /// The whole.
        whole: f64,
    },
    /// The mean of samples; the value is the mean of all.
    Mean {
        /// Their sum.
        total: f64,
        /// How many there are.
        count: f64,
    },
    /// Samples; the value is the median of all.
    Median(Vec<f64>),
    /// The lowest of those with the lowest rank.
    Lowest {
        /// What counts before the value.
        rank: u8,
        /// The value.
        value: f64,
    },
    /// The earliest time.
    Earliest(Timestamp),
    /// The latest time.
    Latest(Timestamp),
    /// A set of texts; the value has those of all, in order.
    Texts(BTreeSet<String>),
    /// It is not known, whatever other results add: a scan of the same thing failed.
    Unknown,
}

impl Amount {
    /// A number of things.
    #[expect(
        clippy::cast_precision_loss,
        reason = "no file has 2^53 things to count"
    )]
    pub(super) const fn count(things: u64) -> Self {
        Self::Count(things as f64)
    }

    /// A value that stands for itself.
    pub(super) fn value(value: impl Into<Value>) -> Self {
        Self::Value(value.into())
    }

    /// This and another, of which `is_newer` says whether it was observed later.
    pub(super) fn and(self, other: Self, is_newer: bool) -> Self {
        match (self, other) {
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Since { at, value }, Self::Since { at: b, value: v }) => {
                let (at, value) = if b >= at { (b, v) } else { (at, value) };
                Self::Since { at, value }
            }
            (Self::Count(a), Self::Count(b)) => Self::Count(a + b),
            (Self::Share { part, whole }, Self::Share { part: p, whole: w }) => Self::Share {
                part: part + p,
                whole: whole + w,
            },
            (Self::Mean { total, count }, Self::Mean { total: t, count: c }) => Self::Mean {
                total: total + t,
                count: count + c,
            },
            (Self::Median(mut samples), Self::Median(others)) => {
                samples.extend(others);
                Self::Median(samples)
            }
            (
                Self::Lowest { rank, value },
                Self::Lowest {
                    rank: other,
                    value: low,
                },
            ) => {
                if (other, low) < (rank, value) {
                    Self::Lowest {
                        rank: other,
                        value: low,
                    }
                } else {
                    Self::Lowest { rank, value }
                }
            }
            (Self::Earliest(a), Self::Earliest(b)) => Self::Earliest(a.min(b)),
            (Self::Latest(a), Self::Latest(b)) => Self::Latest(a.max(b)),
            (Self::Texts(mut texts), Self::Texts(others)) => {
                texts.extend(others);
                Self::Texts(texts)
            }
            (older, newer) => {
                if is_newer {
                    newer
                } else {
                    older
                }
            }
        }
    }

    /// Whether of several only the one that was observed last counts.
    pub(super) const fn stands_alone(&self) -> bool {
        matches!(self, Self::Value(_) | Self::Written(_))
    }

    /// Whether it adds nothing to what others say.
    pub(super) fn is_nothing(&self) -> bool {
        matches!(self, Self::Unknown)
            || matches!(self, Self::Count(count) if *count <= 0.0)
            || matches!(self, Self::Share { whole, .. } if *whole <= 0.0)
    }

    /// The value; nothing when there is none, as of the mean of no samples.
    #[must_use]
    pub fn to_value(&self) -> Option<Value> {
        match self {
            Self::Value(value) | Self::Since { value, .. } => Some(value.clone()),
            Self::Written(text) => Some(Value::from(text.as_str())),
            Self::Count(count) => number(*count, 1000.0),
            Self::Share { part, whole } => (*whole > 0.0)
                .then(|| number(part * 100.0 / whole, 100.0))
                .flatten(),
            Self::Mean { total, count } => (*count > 0.0)
                .then(|| number(total / count, 100.0))
                .flatten(),
            Self::Median(samples) => number(median(samples)?, 100.0),
            Self::Lowest { value, .. } => number(*value, 10_000.0),
            Self::Earliest(time) | Self::Latest(time) => Some(Value::from(time.to_string())),
            Self::Texts(texts) => Some(texts.iter().map(String::as_str).collect()),
            Self::Unknown => None,
        }
    }
}

/// A number rounded to a part of one, whole where it can be.
pub(super) fn number(value: f64, parts: f64) -> Option<Value> {
    const WHOLE: f64 = 9_007_199_254_740_992.0;
    if !value.is_finite() {
        return None;
    }
    let scaled = value * parts;
    let rounded = if scaled.is_finite() {
        scaled.round() / parts
    } else {
        value
    };
    if rounded.fract() == 0.0 && rounded.abs() < WHOLE {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "it is whole, and smaller than 2^53"
        )]
        return Some(Value::from(rounded as i64));
    }
    Number::from_f64(rounded).map(Value::Number)
}

fn median(samples: &[f64]) -> Option<f64> {
    let mut samples = samples.to_vec();
    samples.sort_by(f64::total_cmp);
    let middle = samples.len() / 2;
    let upper = *samples.get(middle)?;
    if samples.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *samples.get(middle.checked_sub(1)?)?;
    Some(f64::midpoint(lower, upper))
}
