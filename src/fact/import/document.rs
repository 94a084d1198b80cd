//! Bytes of a file to text, JSON and lines of JSON; times as tools write them.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer};

use super::{IMPORT_LIMIT, ImportError, ImportFile};
use crate::yaml;

/// Bytes at the begin and the end of a file that tell its format.
const TELLING: usize = 64 << 10;

/// The text of a file. A byte-order mark is left out, UTF-16 is read, what is no text is replaced.
pub(super) fn text<'a>(file: &ImportFile<'a>) -> Result<Cow<'a, str>, ImportError> {
    if file.bytes.len() as u64 > IMPORT_LIMIT {
        let limit = IMPORT_LIMIT >> 20;
        let message = format!(
            "the file has {} bytes, more than the {limit} MiB that are read",
            file.bytes.len()
        );
        return Err(ImportError::new(message));
    }
    Ok(yaml::decode(file.bytes).0)
}

/// A file as JSON.
pub(super) fn json<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, ImportError> {
    if text.trim().is_empty() {
        return Err(ImportError::new("the file is empty"));
    }
    serde_json::from_str(text).map_err(|error| {
        let message = error.to_string();
        let (message, _) = message.rsplit_once(" at line ").unwrap_or((&message, ""));
        let message = if error.is_data() {
            message.to_owned()
        } else {
            format!("it is not JSON: {message}")
        };
        ImportError::on_line(error.line(), message)
    })
}

/// What a line of a file has.
pub(super) type Line<T> = Result<T, ImportError>;

/// Values of JSON of a file: those of an array, or one a line. A line that cannot be read is an
/// error in its place.
pub(super) fn json_values<'de, T: Deserialize<'de>>(
    text: &'de str,
) -> Result<Vec<(usize, Line<T>)>, ImportError> {
    if text.trim_start().starts_with('[') {
        let values: Vec<T> = json(text)?;
        return Ok(values.into_iter().map(|value| (0, Ok(value))).collect());
    }
    let lines = text.lines().zip(1..);
    let lines = lines.filter(|(line, _)| !line.trim().is_empty());
    Ok(lines
        .map(|(line, number)| {
            let value = json(line).map_err(|error| ImportError::on_line(number, error.message));
            (number, value)
        })
        .collect())
}

/// A list or number that tools also write as `null`.
pub(super) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// Whether the begin or the end of a file has all of these.
pub(super) fn looks_like(file: &ImportFile<'_>, all: &[&str]) -> bool {
    let bytes = file.bytes;
    let head = bytes.get(..TELLING).unwrap_or(bytes);
    let tail = bytes.get(bytes.len().saturating_sub(TELLING)..);
    let head = yaml::decode(head).0;
    let tail = String::from_utf8_lossy(tail.unwrap_or_default());
    all.iter()
        .all(|needle| head.contains(needle) || tail.contains(needle))
}

/// Whether the first character of a file that is no space is one of these.
pub(super) fn begins_with(file: &ImportFile<'_>, any: &[char]) -> bool {
    let bytes = file.bytes;
    let head = yaml::decode(bytes.get(..TELLING).unwrap_or(bytes)).0;
    head.trim_start().starts_with(any)
}

/// Whether the name of a file ends so, in whatever case.
pub(super) fn is_named(file: &ImportFile<'_>, ends: &[&str]) -> bool {
    let path = file.path.to_lowercase();
    ends.iter().any(|end| path.ends_with(end))
}

/// A time: RFC 3339, or without a zone, which then is UTC, or a day.
pub(super) fn time(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(time) = text.parse() {
        return Some(time);
    }
    // "2026-01-15 12:00:00 UTC" and "2026-01-15 12:00:00 +0000" are how exports write it.
    let text = text.strip_suffix(" UTC").unwrap_or(text);
    if let Ok(time) = text.parse::<DateTime>() {
        return TimeZone::UTC.to_timestamp(time).ok();
    }
    let (day, offset) = text.rsplit_once(' ')?;
    format!("{day}{offset}").parse().ok()
}

/// How many things there are, for a message.
pub(super) fn counted(count: impl TryInto<u64>, one: &str, many: &str) -> String {
    match count.try_into().unwrap_or(u64::MAX) {
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    }
}

/// A text with the escapes of a URI undone: `a%20b` is `a b`.
pub(super) fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let digits = tail
            .get(..2)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        let escaped = digits
            .filter(|digits| *first == b'%' && digits.bytes().all(|it| it.is_ascii_hexdigit()));
        if let Some(byte) = escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            bytes.push(byte);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
