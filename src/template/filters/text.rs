//! Filters of texts and numbers.

use minijinja::{Error, State, Value};
use serde::Serialize;

use super::{Arguments, cannot_take};
use crate::template::javascript::{
    Bounded, Type, byte_of_unit, check_size, integer, length, part, refuse, text, text_or_empty,
    to_number, type_of,
};
use crate::template::regex::Regex;
use crate::template::value::{number, to_json};

type Result<T> = std::result::Result<T, Error>;

/// The text that a filter works on; false is nothing to it.
fn input(value: &Value) -> Result<std::borrow::Cow<'_, str>> {
    match type_of(value) {
        Type::Boolean if !value.is_true() => Ok("".into()),
        _ => text_or_empty(value),
    }
}

/// Whether an argument is there and is not null.
fn given(value: &Value) -> bool {
    !value.is_undefined() && !value.is_none()
}

#[expect(clippy::unnecessary_wraps, reason = "it has the type of a filter")]
pub(super) fn abs(_: &State<'_, '_>, value: &Value, _: &Arguments<'_>) -> Result<Value> {
    Ok(number(to_number(value).abs()))
}

pub(super) fn lower(_: &State<'_, '_>, value: &Value, _: &Arguments<'_>) -> Result<Value> {
    Ok(Value::from(input(value)?.to_lowercase()))
}

pub(super) fn upper(_: &State<'_, '_>, value: &Value, _: &Arguments<'_>) -> Result<Value> {
    Ok(Value::from(input(value)?.to_uppercase()))
}

pub(super) fn trim(_: &State<'_, '_>, value: &Value, _: &Arguments<'_>) -> Result<Value> {
    Ok(Value::from(input(value)?.trim()))
}

pub(super) fn string(_: &State<'_, '_>, value: &Value, _: &Arguments<'_>) -> Result<Value> {
    Ok(Value::from(text_or_empty(value)?.into_owned()))
}

pub(super) fn capitalize(_: &State<'_, '_>, value: &Value, _: &Arguments<'_>) -> Result<Value> {
    Ok(Value::from(capitalized(&input(value)?)))
}

fn capitalized(text: &str) -> String {
    let lower = text.to_lowercase();
    let mut characters = lower.chars();
    let first = characters.next();
    let first = first.map(|it| it.to_uppercase().to_string());
    first.unwrap_or_default() + characters.as_str()
}

pub(super) fn title(_: &State<'_, '_>, value: &Value, _: &Arguments<'_>) -> Result<Value> {
    let text = input(value)?;
    let words: Vec<String> = text.split(' ').map(capitalized).collect();
    Ok(Value::from(words.join(" ")))
}

pub(super) fn center(_: &State<'_, '_>, value: &Value, arguments: &Arguments<'_>) -> Result<Value> {
    let text = input(value)?;
    let width = integer(&arguments.get(0, "width"), 80);
    let width = usize::try_from(width).unwrap_or(0);
    let width = if width == 0 { 80 } else { width };
    let missing = width.saturating_sub(length(&text));
    check_size(missing.saturating_add(text.len()))?;
    // As many before as `repeat(' ', n / 2 - n % 2)` gives, which rounds up.
    let before = if missing % 2 == 0 {
        missing / 2
    } else {
        (missing / 2).saturating_sub(1) + usize::from(missing > 1)
    };
    let after = missing.div_ceil(2);
    Ok(Value::from(format!(
        "{}{text}{}",
        " ".repeat(before),
        " ".repeat(after)
    )))
}

pub(super) fn indent(_: &State<'_, '_>, value: &Value, arguments: &Arguments<'_>) -> Result<Value> {
    let text = input(value)?;
    let width = match integer(&arguments.get(0, "width"), 4) {
        0 => 4,
        width => usize::try_from(width).unwrap_or(0),
    };
    let indents_first = arguments.get(1, "indentfirst").is_true();
    let lines = text.split('\n').count();
    check_size(width.saturating_mul(lines).saturating_add(text.len()))?;
    let space = " ".repeat(width);
    let mut result = String::with_capacity(text.len() + width * lines);
    for (position, line) in text.split('\n').enumerate() {
        if position > 0 {
            result.push('\n');
        }
        if position > 0 || (indents_first && !text.is_empty()) {
            result.push_str(&space);
        }
        result.push_str(line);
    }
    Ok(Value::from(result))
}

pub(super) fn truncate(
    _: &State<'_, '_>,
    value: &Value,
    arguments: &Arguments<'_>,
) -> Result<Value> {
    let whole = input(value)?;
    let most = match integer(&arguments.get(0, "length"), 255) {
        0 => 255,
        most => usize::try_from(most).unwrap_or(0),
    };
    if length(&whole) <= most {
        return Ok(Value::from(whole.into_owned()));
    }
    let mut end = byte_of_unit(&whole, most);
    if !arguments.get(1, "killwords").is_true() {
        // The space itself may be just behind the end.
        let head = whole.get(..byte_of_unit(&whole, most + 1));
        end = head.and_then(|it| it.rfind(' ')).unwrap_or(end);
    }
    let mark = arguments.get(2, "end");
    let mark = if given(&mark) {
        text(&mark)?.into_owned()
    } else {
        "...".to_owned()
    };
    Ok(Value::from(format!(
        "{}{mark}",
        whole.get(..end).unwrap_or_default()
    )))
}

pub(super) fn wordcount(_: &State<'_, '_>, value: &Value, _: &Arguments<'_>) -> Result<Value> {
    let text = input(value)?;
    let is_word = |it: char| it.is_ascii_alphanumeric() || it == '_';
    let count = text
        .split(|it| !is_word(it))
        .filter(|it| !it.is_empty())
        .count();
    Ok(if count == 0 {
        Value::from(())
    } else {
        Value::from(count)
    })
}

pub(super) fn replace(
    state: &State<'_, '_>,
    value: &Value,
    arguments: &Arguments<'_>,
) -> Result<Value> {
    let (old, new) = (arguments.get(0, "old"), arguments.get(1, "new"));
    let new = text(&new)?;
    if let Some(regex) = old.downcast_object_ref::<Regex>() {
        let whole = text_or_empty(value)?;
        state.consume_fuel(whole.len() as u64 / 16)?;
        return regex.replace(&whole, &new);
    }
    let is_known = matches!(type_of(&old), Type::Number | Type::Text);
    if !is_known || !matches!(type_of(value), Type::Number | Type::Text) {
        return Ok(value.clone());
    }
    let (whole, old) = (text(value)?, text(&old)?);
    let most = integer(&arguments.get(2, "maxcount"), -1);
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    if old.is_empty() {
        let count = length(&whole) + 1;
        check_size(new.len().saturating_mul(count).saturating_add(whole.len()))?;
        let mut result = new.to_string();
        for character in whole.chars() {
            result.push(character);
            result.push_str(&new);
        }
        return Ok(Value::from(result));
    }
    let count = whole.matches(old.as_ref()).take(most).count();
    if count == 0 {
        return Ok(value.clone());
    }
    check_size(new.len().saturating_mul(count).saturating_add(whole.len()))?;
    Ok(Value::from(whole.replacen(old.as_ref(), &new, count)))
}

pub(super) fn int(_: &State<'_, '_>, value: &Value, arguments: &Arguments<'_>) -> Result<Value> {
    let base = u32::try_from(integer(&arguments.get(1, "base"), 10)).unwrap_or(10);
    let base = if (2..=36).contains(&base) { base } else { 10 };
    let text = text(value)?;
    let text = text.trim();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut result = None;
    for digit in digits.chars().map_while(|it| it.to_digit(base)) {
        result = Some(result.unwrap_or(0.0) * f64::from(base) + f64::from(digit));
    }
    Ok(result.map_or_else(|| arguments.get(0, "default"), |it| number(sign * it)))
}

pub(super) fn float(_: &State<'_, '_>, value: &Value, arguments: &Arguments<'_>) -> Result<Value> {
    let text = text(value)?;
    let text = text.trim();
    let is_part = |it: &char| it.is_ascii_digit() || matches!(it, '.' | '-' | '+' | 'e' | 'E');
    let length = text.chars().take_while(is_part).count();
    let parsed = (1..=length)
        .rev()
        .find_map(|end| text.get(..end).and_then(|it| it.parse::<f64>().ok()));
    Ok(parsed.map_or_else(|| arguments.get(0, "default"), number))
}

#[expect(clippy::unnecessary_wraps, reason = "it has the type of a filter")]
pub(super) fn round(_: &State<'_, '_>, value: &Value, arguments: &Arguments<'_>) -> Result<Value> {
    let precision = integer(&arguments.get(0, "precision"), 0);
    let factor = 10_f64.powi(i32::try_from(precision).unwrap_or(0));
    let scaled = to_number(value) * factor;
    let method = arguments.get(1, "method");
    let rounded = match method.as_str() {
        Some("ceil") => scaled.ceil(),
        Some("floor") => scaled.floor(),
        // JavaScript rounds a half upwards.
        _ => (scaled + 0.5).floor(),
    };
    Ok(number(rounded / factor))
}

pub(super) fn dump(_: &State<'_, '_>, value: &Value, arguments: &Arguments<'_>) -> Result<Value> {
    let Some(json) = to_json(value) else {
        return Ok(Value::UNDEFINED);
    };
    let spaces = arguments.get(0, "spaces");
    let indentation = match type_of(&spaces) {
        Type::Number => " ".repeat(usize::try_from(integer(&spaces, 0)).unwrap_or(0).min(10)),
        Type::Text => part(&text(&spaces)?, 0, 10).to_owned(),
        _ => String::new(),
    };
    let mut out = Sink(Bounded(String::new()));
    let written = if indentation.is_empty() {
        serde_json::to_writer(&mut out, &json)
    } else {
        let formatter = serde_json::ser::PrettyFormatter::with_indent(indentation.as_bytes());
        json.serialize(&mut serde_json::Serializer::with_formatter(
            &mut out, formatter,
        ))
    };
    written.map_err(|_| refuse("the JSON would be larger than 16 MiB"))?;
    Ok(Value::from(out.0.0))
}

/// Bytes of JSON, as a text that is bounded.
struct Sink(Bounded);

impl std::io::Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let text = std::str::from_utf8(bytes).map_err(std::io::Error::other)?;
        let written = std::fmt::Write::write_str(&mut self.0, text);
        written.map_err(std::io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The text of a filter that takes nothing else.
pub(super) fn only_text<'value>(filter: &str, value: &'value Value) -> Result<&'value str> {
    value.as_str().ok_or_else(|| cannot_take(filter, value))
}
