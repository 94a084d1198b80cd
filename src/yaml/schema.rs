//! What a plain scalar means: the core schema of YAML 1.2, and the words that `%YAML 1.1` adds.

use std::borrow::Cow;

use super::{number, timestamp};
use crate::model::NodeKind;

/// Which rules hold in a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Version {
    /// YAML 1.1, when a directive says so.
    V1_1,
    /// YAML 1.2, the default.
    #[default]
    V1_2,
}

/// The type of a scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Null,
    Boolean,
    Integer,
    Float,
    Timestamp,
    Text,
}

impl Type {
    /// How it is kept in a tree. JSON has no dates, so these are text.
    pub(super) const fn kind(self) -> NodeKind {
        match self {
            Self::Null => NodeKind::Null,
            Self::Boolean => NodeKind::Boolean,
            Self::Integer | Self::Float => NodeKind::Number,
            Self::Timestamp | Self::Text => NodeKind::String,
        }
    }
}

/// A scalar with its type; the text is canonical: `true` for `TRUE`, `12` for `0o14`.
pub(super) type Scalar<'text> = (Type, Cow<'text, str>);

/// What an unquoted, untagged text means.
pub(super) fn resolve(text: Cow<'_, str>, version: Version) -> Scalar<'_> {
    // Nearly every scalar of a descriptor is a word, so the first byte decides at once.
    match text.as_bytes().first() {
        None | Some(b'~' | b'n' | b'N' | b't' | b'T' | b'f' | b'F') => {}
        Some(b'0'..=b'9' | b'-' | b'+' | b'.') => return numeric(text, version),
        Some(b'y' | b'Y' | b'o' | b'O') if version == Version::V1_1 => {}
        Some(_) => return (Type::Text, text),
    }
    if let Some(scalar) = word(&text) {
        return scalar;
    }
    if version == Version::V1_1
        && let Some(value) = old_boolean(&text)
    {
        return boolean(value);
    }
    (Type::Text, text)
}

fn word(text: &str) -> Option<Scalar<'static>> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Some((Type::Null, Cow::Borrowed(""))),
        "true" | "True" | "TRUE" => Some(boolean(true)),
        "false" | "False" | "FALSE" => Some(boolean(false)),
        _ => None,
    }
}

fn boolean(value: bool) -> Scalar<'static> {
    (
        Type::Boolean,
        Cow::Borrowed(if value { "true" } else { "false" }),
    )
}

fn old_boolean(text: &str) -> Option<bool> {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Some(true),
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Some(false),
        _ => None,
    }
}

fn numeric(text: Cow<'_, str>, version: Version) -> Scalar<'_> {
    let number = match version {
        Version::V1_1 => old_number(&text),
        Version::V1_2 if is_integer(&text) => return (Type::Integer, number::decimal(text)),
        Version::V1_2 => new_number(&text),
    };
    if let Some((kind, value)) = number {
        return (kind, Cow::Owned(number::print(value)));
    }
    if version == Version::V1_1
        && let Some(date) = timestamp::normalize(&text)
    {
        return (Type::Timestamp, Cow::Owned(date));
    }
    (Type::Text, text)
}

/// A number of YAML 1.2 that is not a decimal integer.
fn new_number(text: &str) -> Option<(Type, f64)> {
    if let Some(digits) = text.strip_prefix("0o") {
        return all(digits, |b| matches!(b, b'0'..=b'7'))
            .then(|| (Type::Integer, number::in_base(digits, 8)));
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return all(digits, |b| b.is_ascii_hexdigit())
            .then(|| (Type::Integer, number::in_base(digits, 16)));
    }
    if let Some(value) = not_finite(text) {
        return Some((Type::Float, value));
    }
    is_float(text).then(|| (Type::Float, text.parse().unwrap_or(f64::NAN)))
}

/// A number of YAML 1.1: underscores, binary, a leading zero for octal, base 60.
fn old_number(text: &str) -> Option<(Type, f64)> {
    let (sign, rest) = split_sign(text);
    let in_base = |digits: &str, base: u32| {
        let allowed = |b: u8| b == b'_' || char::from(b).is_digit(base);
        all(digits, allowed).then(|| (Type::Integer, sign * number::in_base(digits, base)))
    };
    if let Some(digits) = rest.strip_prefix("0b") {
        return in_base(digits, 2);
    }
    if let Some(digits) = rest.strip_prefix("0x") {
        return in_base(digits, 16);
    }
    if let Some(number) = rest.strip_prefix('0').and_then(|digits| in_base(digits, 8)) {
        return Some(number);
    }
    if let Some(value) = not_finite(text) {
        return Some((Type::Float, value));
    }
    if rest.contains(':') {
        return sexagesimal(rest).map(|(kind, value)| (kind, sign * value));
    }
    if !rest.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        return None;
    }
    let digits = rest.replace('_', "");
    if is_integer(&digits) {
        return Some((Type::Integer, sign * digits.parse().unwrap_or(f64::NAN)));
    }
    is_float(&digits).then(|| (Type::Float, sign * digits.parse().unwrap_or(f64::NAN)))
}

/// `190:20:30`, as YAML 1.1 counts hours, minutes and seconds.
fn sexagesimal(text: &str) -> Option<(Type, f64)> {
    let mut parts = text.split(':');
    let first = parts.next()?;
    if !first.starts_with(|digit: char| digit.is_ascii_digit())
        || !all(first, |b| b == b'_' || b.is_ascii_digit())
    {
        return None;
    }
    let mut value = number::in_base(first, 10);
    let mut kind = Type::Integer;
    for part in parts {
        if kind == Type::Float {
            return None;
        }
        let (whole, fraction) = part.split_once('.').unwrap_or((part, ""));
        if part.contains('.') {
            kind = Type::Float;
        }
        let fits = matches!(whole.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9']);
        if !fits || !fraction.bytes().all(|b| b == b'_' || b.is_ascii_digit()) {
            return None;
        }
        value = value * 60.0 + part.replace('_', "").parse().unwrap_or(0.0);
    }
    Some((kind, value))
}

fn not_finite(text: &str) -> Option<f64> {
    match text {
        ".nan" | ".NaN" | ".NAN" => Some(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Some(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

fn split_sign(text: &str) -> (f64, &str) {
    match text.as_bytes().first() {
        Some(b'-') => (-1.0, &text[1..]),
        Some(b'+') => (1.0, &text[1..]),
        _ => (1.0, text),
    }
}

fn all(text: &str, allowed: impl Fn(u8) -> bool) -> bool {
    !text.is_empty() && text.bytes().all(allowed)
}

fn is_integer(text: &str) -> bool {
    all(split_sign(text).1, |b| b.is_ascii_digit())
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, without the plain integers.
fn is_float(text: &str) -> bool {
    let unsigned = split_sign(text).1;
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
        None => (unsigned, None),
    };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let mantissa_fits = match mantissa.split_once('.') {
        Some((whole, fraction)) => {
            digits(whole) && digits(fraction) && !(whole.is_empty() && fraction.is_empty())
        }
        None => exponent.is_some() && !mantissa.is_empty() && digits(mantissa),
    };
    mantissa_fits && exponent.is_none_or(is_integer)
}

#[cfg(test)]
mod tests {
    use super::{Type, Version, resolve};

    fn shown(text: &str, version: Version) -> (Type, String) {
        let (kind, text) = resolve(text.into(), version);
        (kind, text.into_owned())
    }

    #[test]
    fn version_1_2() {
        for (text, kind, value) in [
            ("no", Type::Text, "no"),
            ("TRUE", Type::Boolean, "true"),
            ("nULL", Type::Text, "nULL"),
            ("0o14", Type::Integer, "12"),
            ("014", Type::Integer, "14"),
            ("0o8", Type::Text, "0o8"),
            ("1.", Type::Float, "1"),
            (".", Type::Text, "."),
            ("1e3", Type::Float, "1000"),
            ("e3", Type::Text, "e3"),
            (".e3", Type::Text, ".e3"),
            ("-", Type::Text, "-"),
            ("1.2.3", Type::Text, "1.2.3"),
            ("12:30:45", Type::Text, "12:30:45"),
            ("2026-11-23", Type::Text, "2026-11-23"),
        ] {
            assert_eq!(
                shown(text, Version::V1_2),
                (kind, value.to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn version_1_1() {
        for (text, kind, value) in [
            ("no", Type::Boolean, "false"),
            ("on", Type::Boolean, "true"),
            ("014", Type::Integer, "12"),
            ("0b11", Type::Integer, "3"),
            ("1_000", Type::Integer, "1000"),
            ("190:20:30", Type::Integer, "685230"),
            ("2001-12-14", Type::Timestamp, "2001-12-14T00:00:00.000Z"),
            ("1_0.5", Type::Float, "10.5"),
        ] {
            assert_eq!(
                shown(text, Version::V1_1),
                (kind, value.to_owned()),
                "{text}"
            );
        }
    }
}
