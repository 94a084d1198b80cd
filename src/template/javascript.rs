//! What JavaScript makes of values: texts, numbers, and comparisons of unlike things.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt::{self, Write};

use minijinja::value::ValueKind;
use minijinja::{Error, ErrorKind, Value};

use super::value::{Fields, Items};

/// The largest text that one operation makes.
pub(super) const LARGEST_TEXT: usize = 16 << 20;
/// How deep arrays are printed.
const DEEPEST: usize = 128;

/// What a value is to JavaScript.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Undefined,
    Null,
    Boolean,
    Number,
    Text,
    Array,
    Object,
    Function,
}

pub(super) fn type_of(value: &Value) -> Type {
    match value.kind() {
        ValueKind::Undefined => Type::Undefined,
        ValueKind::None => Type::Null,
        ValueKind::Bool => Type::Boolean,
        ValueKind::Number => Type::Number,
        ValueKind::String => Type::Text,
        _ if value.downcast_object_ref::<Items>().is_some() => Type::Array,
        ValueKind::Map => Type::Object,
        _ => Type::Function,
    }
}

/// An error of an operation, whose place is known to the engine.
pub(super) fn refuse(message: impl Into<Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}

/// Refuses a text that would be too large, before it is made.
pub(super) fn check_size(bytes: usize) -> Result<(), Error> {
    if bytes <= LARGEST_TEXT {
        return Ok(());
    }
    let limit = LARGEST_TEXT >> 20;
    Err(refuse(format!(
        "the text would be larger than the limit of {limit} MiB"
    )))
}

pub(super) fn items(value: &Value) -> Option<&[Value]> {
    value
        .downcast_object_ref::<Items>()
        .map(|it| it.0.as_slice())
}

pub(super) fn fields(value: &Value) -> Option<&Fields> {
    value.downcast_object_ref::<Fields>()
}

/// A value where a template prints it: what is nothing prints nothing.
pub(super) fn print(out: &mut dyn Write, value: &Value) -> Result<(), Error> {
    match type_of(value) {
        Type::Undefined | Type::Null => Ok(()),
        Type::Function => Err(refuse("a function cannot be printed")),
        _ => write_text(out, value, 0),
    }
}

/// A value as a text: what `String(value)` gives.
pub(super) fn text(value: &Value) -> Result<Cow<'_, str>, Error> {
    if let Some(text) = value.as_str() {
        return Ok(Cow::Borrowed(text));
    }
    let mut out = Bounded(String::new());
    match type_of(value) {
        Type::Undefined => out.0.push_str("undefined"),
        Type::Null => out.0.push_str("null"),
        _ => write_text(&mut out, value, 0)?,
    }
    Ok(Cow::Owned(out.0))
}

/// A value as a text, where what is nothing is empty: what filters make of their input.
pub(super) fn text_or_empty(value: &Value) -> Result<Cow<'_, str>, Error> {
    match type_of(value) {
        Type::Undefined | Type::Null => Ok(Cow::Borrowed("")),
        _ => text(value),
    }
}

fn write_text(out: &mut dyn Write, value: &Value, depth: usize) -> Result<(), Error> {
    if depth > DEEPEST {
        return Err(refuse(format!("arrays nest deeper than {DEEPEST} levels")));
    }
    match type_of(value) {
        Type::Undefined | Type::Null => {}
        Type::Boolean => out.write_str(if value.is_true() { "true" } else { "false" })?,
        Type::Number => write_number(out, as_f64(value))?,
        Type::Text => out.write_str(value.as_str().unwrap_or_default())?,
        Type::Array => {
            for (position, item) in items(value).unwrap_or_default().iter().enumerate() {
                if position > 0 {
                    out.write_str(",")?;
                }
                write_text(out, item, depth + 1)?;
            }
        }
        Type::Object => out.write_str("[object Object]")?,
        Type::Function => return Err(refuse("a function is no text")),
    }
    Ok(())
}

/// A text that cannot grow beyond the limit.
pub(super) struct Bounded(pub(super) String);

impl Write for Bounded {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.0.len() + text.len() > LARGEST_TEXT {
            return Err(fmt::Error);
        }
        self.0.push_str(text);
        Ok(())
    }
}

pub(super) fn as_f64(value: &Value) -> f64 {
    f64::try_from(value.clone()).unwrap_or(f64::NAN)
}

/// A number as JavaScript prints it.
fn write_number(out: &mut dyn Write, number: f64) -> fmt::Result {
    if number.is_nan() {
        return out.write_str("NaN");
    }
    if number.is_infinite() {
        return out.write_str(if number > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        });
    }
    let size = number.abs();
    if size == 0.0 {
        return out.write_str("0");
    }
    if (1e-6..1e21).contains(&size) {
        return write!(out, "{number}");
    }
    let shown = format!("{number:e}");
    match shown.split_once('e') {
        Some((digits, power)) if !power.starts_with('-') => write!(out, "{digits}e+{power}"),
        _ => out.write_str(&shown),
    }
}

/// What `Number(value)` gives.
pub(super) fn to_number(value: &Value) -> f64 {
    match type_of(value) {
        Type::Null => 0.0,
        Type::Boolean => f64::from(u8::from(value.is_true())),
        Type::Number => as_f64(value),
        Type::Text => number_of_text(value.as_str().unwrap_or_default()),
        Type::Array => text(value).map_or(f64::NAN, |it| number_of_text(&it)),
        Type::Undefined | Type::Object | Type::Function => f64::NAN,
    }
}

fn number_of_text(text: &str) -> f64 {
    let text = text.trim();
    let radix = |prefix: [&str; 2], radix| {
        let digits = prefix.iter().find_map(|it| text.strip_prefix(it))?;
        u32::from_str_radix(digits, radix).ok().map(f64::from)
    };
    let prefixed = radix(["0x", "0X"], 16)
        .or_else(|| radix(["0o", "0O"], 8))
        .or_else(|| radix(["0b", "0B"], 2));
    match (text, prefixed) {
        ("", _) => 0.0,
        (_, Some(number)) => number,
        ("Infinity" | "+Infinity", _) => f64::INFINITY,
        ("-Infinity", _) => f64::NEG_INFINITY,
        _ if text
            .bytes()
            .any(|it| it.is_ascii_alphabetic() && !matches!(it, b'e' | b'E')) =>
        {
            f64::NAN
        }
        _ => text.parse().unwrap_or(f64::NAN),
    }
}

/// `===`
pub(super) fn is_same(left: &Value, right: &Value) -> bool {
    let (kind, other) = (type_of(left), type_of(right));
    if kind != other {
        return false;
    }
    match kind {
        Type::Undefined | Type::Null => true,
        Type::Boolean => left.is_true() == right.is_true(),
        #[expect(clippy::float_cmp, reason = "it is what JavaScript does")]
        Type::Number => as_f64(left) == as_f64(right),
        Type::Text => left.as_str() == right.as_str(),
        Type::Array => is_one(
            left.downcast_object::<Items>(),
            right.downcast_object::<Items>(),
        ),
        Type::Object => is_one(
            left.downcast_object::<Fields>(),
            right.downcast_object::<Fields>(),
        ),
        Type::Function => false,
    }
}

fn is_one<T>(left: Option<std::sync::Arc<T>>, right: Option<std::sync::Arc<T>>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => std::sync::Arc::ptr_eq(&left, &right),
        _ => false,
    }
}

/// `==`
pub(super) fn is_equal(left: &Value, right: &Value) -> bool {
    use Type::{Array, Boolean, Null, Number, Object, Text, Undefined};
    match (type_of(left), type_of(right)) {
        (Undefined | Null, Undefined | Null) => true,
        (Undefined | Null, _) | (_, Undefined | Null) => false,
        (kind, other) if kind == other => is_same(left, right),
        (Boolean | Number | Text, Boolean | Number | Text) => {
            #[expect(clippy::float_cmp, reason = "it is what JavaScript does")]
            let is_equal = to_number(left) == to_number(right);
            is_equal
        }
        (Array | Object, _) => text(left).is_ok_and(|it| is_equal(&Value::from(it), right)),
        (_, Array | Object) => text(right).is_ok_and(|it| is_equal(left, &Value::from(it))),
        _ => false,
    }
}

/// How `<` and its likes order two values; `None` when nothing holds.
pub(super) fn compare(left: &Value, right: &Value) -> Option<Ordering> {
    let is_text = |it: &Value| matches!(type_of(it), Type::Text | Type::Array | Type::Object);
    if is_text(left) && is_text(right) {
        let (left, right) = (text(left).ok()?, text(right).ok()?);
        return Some(left.encode_utf16().cmp(right.encode_utf16()));
    }
    to_number(left).partial_cmp(&to_number(right))
}

/// `+`
pub(super) fn add(left: &Value, right: &Value) -> Result<Value, Error> {
    let is_text = |it: &Value| {
        matches!(
            type_of(it),
            Type::Text | Type::Array | Type::Object | Type::Function
        )
    };
    if is_text(left) || is_text(right) {
        return concatenate(&[text(left)?, text(right)?]);
    }
    Ok(super::value::number(to_number(left) + to_number(right)))
}

pub(super) fn concatenate(parts: &[Cow<'_, str>]) -> Result<Value, Error> {
    let size = parts.iter().map(|it| it.len()).sum();
    check_size(size)?;
    Ok(Value::from(parts.concat()))
}

/// Where a place of UTF-16, in which JavaScript counts, is in a text, in bytes.
pub(super) fn byte_of_unit(text: &str, unit: usize) -> usize {
    if text.is_ascii() {
        return unit.min(text.len());
    }
    let mut units = 0;
    for (at, character) in text.char_indices() {
        if units >= unit {
            return at;
        }
        units += character.len_utf16();
    }
    text.len()
}

/// How long a text is to JavaScript.
pub(super) fn length(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.chars().map(char::len_utf16).sum()
}

/// A part of a text, by places of UTF-16.
pub(super) fn part(text: &str, start: usize, end: usize) -> &str {
    let start_byte = byte_of_unit(text, start);
    let end_byte = byte_of_unit(text, end).max(start_byte);
    text.get(start_byte..end_byte).unwrap_or_default()
}

/// A number as a place: what is no number is 0, what is too large is the end.
#[expect(
    clippy::cast_possible_truncation,
    reason = "casting a float saturates, which is what is wanted"
)]
pub(super) fn integer(value: &Value, default: i64) -> i64 {
    if value.is_undefined() {
        return default;
    }
    let number = to_number(value);
    if number.is_nan() {
        0
    } else {
        number.trunc() as i64
    }
}

/// A place counted from the end when it is negative.
pub(super) fn relative(place: i64, length: usize) -> usize {
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    let place = if place < 0 {
        place.saturating_add(length).max(0)
    } else {
        place.min(length)
    };
    usize::try_from(place).unwrap_or(0)
}
