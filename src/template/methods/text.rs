//! Methods of texts.

use minijinja::{Error, State, Value};

use crate::template::javascript::{
    byte_of_unit, check_size, concatenate, integer, length, part, refuse, relative, text,
};
use crate::template::regex::Regex;
use crate::template::value::{array, number};

/// The most parts that a text is cut into.
const MOST_PARTS: usize = 1_000_000;

/// Calls a method of a text; `None` when it has none of this name.
pub(super) fn call(
    state: &State<'_, '_>,
    of: &str,
    name: &str,
    arguments: &[Value],
) -> Result<Option<Value>, Error> {
    let argument = |at: usize| arguments.get(at).cloned().unwrap_or_default();
    let first = argument(0);
    let place = |at: usize, default: i64| integer(&argument(at), default);
    let end = i64::try_from(length(of)).unwrap_or(i64::MAX);
    Ok(Some(match name {
        "toLowerCase" | "toLocaleLowerCase" => Value::from(of.to_lowercase()),
        "toUpperCase" | "toLocaleUpperCase" => Value::from(of.to_uppercase()),
        "trim" => Value::from(of.trim()),
        "trimStart" | "trimLeft" => Value::from(of.trim_start()),
        "trimEnd" | "trimRight" => Value::from(of.trim_end()),
        "toString" | "valueOf" | "normalize" => Value::from(of),
        "includes" => Value::from(of.contains(text(&first)?.as_ref())),
        "startsWith" => {
            let from = byte_of_unit(of, relative(place(1, 0).max(0), length(of)));
            let rest = of.get(from..).unwrap_or_default();
            Value::from(rest.starts_with(text(&first)?.as_ref()))
        }
        "endsWith" => {
            let until = byte_of_unit(of, relative(place(1, end).max(0), length(of)));
            let head = of.get(..until).unwrap_or_default();
            Value::from(head.ends_with(text(&first)?.as_ref()))
        }
        "indexOf" => {
            let from = byte_of_unit(of, relative(place(1, 0).max(0), length(of)));
            let rest = of.get(from..).unwrap_or_default();
            let found = rest.find(text(&first)?.as_ref());
            index(of, found.map(|it| it + from))
        }
        "lastIndexOf" => index(of, of.rfind(text(&first)?.as_ref())),
        "search" => match first.downcast_object_ref::<Regex>() {
            Some(regex) => index(of, regex.find(of)),
            None => index(of, of.find(text(&first)?.as_ref())),
        },
        "slice" => {
            let (from, to) = (place(0, 0), place(1, end));
            Value::from(part(
                of,
                relative(from, length(of)),
                relative(to, length(of)),
            ))
        }
        "substring" => {
            let clamp = |it: i64| relative(it.max(0), length(of));
            let (from, to) = (clamp(place(0, 0)), clamp(place(1, end)));
            Value::from(part(of, from.min(to), from.max(to)))
        }
        "substr" => {
            let from = relative(place(0, 0), length(of));
            let count = usize::try_from(place(1, end)).unwrap_or(0);
            Value::from(part(of, from, from.saturating_add(count)))
        }
        "charAt" => Value::from(unit(of, place(0, 0)).unwrap_or_default()),
        "at" => {
            let at = place(0, 0);
            let at = if at < 0 { at + end } else { at };
            unit(of, at).map_or(Value::UNDEFINED, Value::from)
        }
        "charCodeAt" => {
            let code = usize::try_from(place(0, 0)).ok();
            let code = code.and_then(|at| of.encode_utf16().nth(at));
            number(code.map_or(f64::NAN, f64::from))
        }
        "concat" => {
            let mut parts = vec![std::borrow::Cow::Borrowed(of)];
            for argument in arguments {
                parts.push(text(argument)?);
            }
            concatenate(&parts)?
        }
        "repeat" => repeat(of, place(0, 0))?,
        "padStart" => pad(of, place(0, 0), &argument(1), true)?,
        "padEnd" => pad(of, place(0, 0), &argument(1), false)?,
        "split" => split(of, &first, &argument(1))?,
        "replace" => replace(state, of, &first, &argument(1), false)?,
        "replaceAll" => replace(state, of, &first, &argument(1), true)?,
        "match" => match first.downcast_object_ref::<Regex>() {
            Some(regex) => regex.matches(of),
            None => return Err(refuse("\"match\" takes a regular expression: r/…/")),
        },
        "localeCompare" => {
            let order = of.cmp(text(&first)?.as_ref());
            Value::from(order as i8)
        }
        _ => return Ok(None),
    }))
}

fn unit(of: &str, at: i64) -> Option<&str> {
    let at = usize::try_from(at).ok()?;
    Some(part(of, at, at.saturating_add(1))).filter(|it| !it.is_empty())
}

/// A place in bytes, as JavaScript counts it; -1 for none.
fn index(of: &str, found: Option<usize>) -> Value {
    let before = found.and_then(|at| of.get(..at));
    before.map_or(Value::from(-1), |it| Value::from(length(it)))
}

fn repeat(of: &str, count: i64) -> Result<Value, Error> {
    let count = usize::try_from(count);
    let count = count.map_err(|_| refuse("a text cannot be repeated less than never"))?;
    check_size(of.len().saturating_mul(count))?;
    Ok(Value::from(of.repeat(count)))
}

fn pad(of: &str, width: i64, fill: &Value, is_start: bool) -> Result<Value, Error> {
    let fill = if fill.is_undefined() {
        " ".into()
    } else {
        text(fill)?
    };
    let missing = usize::try_from(width)
        .unwrap_or(0)
        .saturating_sub(length(of));
    if missing == 0 || fill.is_empty() {
        return Ok(Value::from(of));
    }
    check_size(missing.saturating_mul(3).saturating_add(of.len()))?;
    let filling = fill.repeat(missing / length(&fill) + 1);
    let filling = part(&filling, 0, missing);
    Ok(Value::from(if is_start {
        format!("{filling}{of}")
    } else {
        format!("{of}{filling}")
    }))
}

fn split(of: &str, separator: &Value, limit: &Value) -> Result<Value, Error> {
    let limit = match integer(limit, i64::MAX) {
        limit if limit < 0 => MOST_PARTS,
        limit => usize::try_from(limit).unwrap_or(MOST_PARTS).min(MOST_PARTS),
    };
    if let Some(regex) = separator.downcast_object_ref::<Regex>() {
        let parts = regex.split(of).map(Value::from);
        return Ok(array(parts.take(limit).collect()));
    }
    if separator.is_undefined() {
        return Ok(array(vec![Value::from(of)]));
    }
    let separator = text(separator)?;
    let parts: Vec<Value> = if separator.is_empty() {
        characters(of).take(limit).collect()
    } else {
        of.split(separator.as_ref())
            .take(limit)
            .map(Value::from)
            .collect()
    };
    Ok(array(parts))
}

/// The characters of a text, each a text.
pub(in crate::template) fn characters(of: &str) -> impl Iterator<Item = Value> + '_ {
    of.chars().map(Value::from)
}

fn replace(
    state: &State<'_, '_>,
    of: &str,
    old: &Value,
    new: &Value,
    all: bool,
) -> Result<Value, Error> {
    let new = text(new)?;
    if let Some(regex) = old.downcast_object_ref::<Regex>() {
        state.consume_fuel(of.len() as u64 / 16)?;
        return regex.replace(of, &new);
    }
    let old = text(old)?;
    let count = if all {
        of.matches(old.as_ref()).count()
    } else {
        1
    };
    check_size(new.len().saturating_mul(count).saturating_add(of.len()))?;
    // `$&` and `$$` mean what they mean to a regular expression.
    let new = new
        .replace("$$", "\0")
        .replace("$&", &old)
        .replace('\0', "$");
    Ok(Value::from(if all {
        of.replace(old.as_ref(), &new)
    } else {
        of.replacen(old.as_ref(), &new, 1)
    }))
}
