//! What a query compares with: texts, patterns, numbers and dates.

use std::cmp::Ordering;
use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::syntax::Position;
use crate::model::{EntityRef, RefParts};

/// A word, or a value of a qualifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) text: String,
    /// Whether it stands in quotes, so that `*` and the comparisons mean themselves.
    pub(super) quoted: bool,
    pub(super) comparison: Option<Comparison>,
    pub(super) at: Position,
}

/// How a value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Less,
    AtMost,
    Greater,
    AtLeast,
}

impl Comparison {
    /// The longer signs first, because the shorter ones begin them.
    pub(super) const ALL: [(&'static str, Self); 4] = [
        ("<=", Self::AtMost),
        (">=", Self::AtLeast),
        ("<", Self::Less),
        (">", Self::Greater),
    ];

    fn sign(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, comparison)| *comparison == self)
            .map_or("", |(sign, _)| sign)
    }

    pub(super) fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::AtLeast => order.is_ge(),
        }
    }
}

impl Value {
    /// Whether `*` in it stands for any text.
    pub(super) fn is_pattern(&self) -> bool {
        !self.quoted && self.comparison.is_none() && self.text.contains('*')
    }

    /// Whether the text of a field fits. Capital letters make no difference.
    pub(super) fn fits(&self, field: &str) -> bool {
        match self.comparison {
            Some(comparison) => {
                compare(field, &self.text).is_some_and(|order| comparison.holds(order))
            }
            None if self.is_pattern() => matches_pattern(&self.text, field),
            None => equal_ignoring_case(field, &self.text),
        }
    }

    /// Whether it names a reference: all parts that it has must be the same. A pattern may stand
    /// for the name, or for the reference with its kind.
    pub(super) fn names(&self, reference: &EntityRef) -> bool {
        if self.is_pattern() {
            return matches_pattern(&self.text, reference.name())
                || matches_pattern(&self.text, &reference.short())
                || matches_pattern(&self.text, reference.as_str());
        }
        let Ok(parts) = RefParts::parse(&self.text) else {
            return false;
        };
        let same = |part: Option<&str>, field| part.is_none_or(|it| equal_ignoring_case(it, field));
        equal_ignoring_case(parts.name, reference.name())
            && same(parts.kind, reference.kind())
            && same(parts.namespace, reference.namespace())
    }

    /// Whether it can be compared with `<` and `>`.
    pub(super) fn is_comparable(&self) -> bool {
        number(&self.text).is_some() || time(&self.text).is_some()
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.comparison.map_or("", Comparison::sign))?;
        if self.quoted {
            let text = self.text.replace('\\', "\\\\").replace('"', "\\\"");
            write!(f, "\"{text}\"")
        } else {
            f.write_str(&self.text)
        }
    }
}

/// Text without regard to case; most text is ASCII, which needs no copy.
fn equal_ignoring_case(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b) || (!a.is_ascii() && a.to_lowercase() == b.to_lowercase())
}

/// The order of two numbers or of two times; `None` when they are neither.
fn compare(field: &str, value: &str) -> Option<Ordering> {
    match (number(field), number(value)) {
        (Some(field), Some(value)) => field.partial_cmp(&value),
        _ => Some(time(field)?.cmp(&time(value)?)),
    }
}

pub(super) fn number(text: &str) -> Option<f64> {
    let is_number = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
    text.parse()
        .ok()
        .filter(|number: &f64| is_number && number.is_finite())
}

/// A date means its first moment, UTC.
pub(super) fn time(text: &str) -> Option<Timestamp> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time);
    }
    let date = text.parse::<Date>().ok()?;
    TimeZone::UTC
        .to_timestamp(date.to_datetime(jiff::civil::Time::midnight()))
        .ok()
}

/// Whether a whole text is as a pattern says, in which `*` stands for any text.
///
/// Only the last `*` is ever tried again, so that it takes at most the product of both lengths.
fn matches_pattern(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.to_lowercase().chars().collect();
    let text: Vec<char> = text.to_lowercase().chars().collect();
    let (mut at, mut next) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while at < text.len() {
        match pattern.get(next) {
            Some('*') => {
                next += 1;
                retry = Some((next, at));
            }
            Some(c) if *c == text[at] => {
                next += 1;
                at += 1;
            }
            _ => {
                let Some((after_star, began)) = retry else {
                    return false;
                };
                (next, at) = (after_star, began + 1);
                retry = Some((after_star, at));
            }
        }
    }
    pattern[next..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::{compare, matches_pattern};
    use std::cmp::Ordering;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, text, expected) in [
            ("pay*", "payments", true),
            ("*gate*", "payment-gateway", true),
            ("*a*b", "aXbYb", true),
            ("*a*b", "aXbY", false),
            ("pay", "payments", false),
            ("*", "", true),
            ("Pay*", "payments", true),
        ] {
            assert_eq!(matches_pattern(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn numbers_and_dates_have_an_order_and_words_have_none() {
        assert_eq!(compare("10", "9"), Some(Ordering::Greater));
        assert_eq!(
            compare("2026-01-02", "2026-01-01T12:00:00Z"),
            Some(Ordering::Greater)
        );
        assert_eq!(compare("ten", "9"), None);
        assert_eq!(compare("nan", "9"), None);
    }
}
