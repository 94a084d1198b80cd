//! Methods of arrays. None changes its array: values of a template are given, not made.

use minijinja::{Error, Value};

use crate::template::javascript::{
    Bounded, Type, integer, is_same, items, refuse, relative, text, text_or_empty, type_of,
};
use crate::template::value::{array, number};

/// Calls a method of an array; `None` when it has none of this name.
pub(super) fn call(of: &[Value], name: &str, arguments: &[Value]) -> Result<Option<Value>, Error> {
    let argument = |at: usize| arguments.get(at).cloned().unwrap_or_default();
    let first = argument(0);
    let end = i64::try_from(of.len()).unwrap_or(i64::MAX);
    let position = |found: Option<usize>| found.map_or(Value::from(-1), Value::from);
    Ok(Some(match name {
        "includes" => Value::from(of.iter().any(|it| is_same(it, &first))),
        "indexOf" => position(of.iter().position(|it| is_same(it, &first))),
        "lastIndexOf" => position(of.iter().rposition(|it| is_same(it, &first))),
        "join" => join(
            of,
            &if first.is_undefined() {
                ",".into()
            } else {
                text(&first)?
            },
        )?,
        "toString" => join(of, ",")?,
        "slice" => {
            let from = relative(integer(&first, 0), of.len());
            let to = relative(integer(&argument(1), end), of.len());
            array(of.get(from..to).unwrap_or_default().to_vec())
        }
        "concat" => {
            let mut all = of.to_vec();
            for argument in arguments {
                match items(argument) {
                    Some(more) => all.extend_from_slice(more),
                    None => all.push(argument.clone()),
                }
            }
            array(all)
        }
        "reverse" | "toReversed" => array(of.iter().rev().cloned().collect()),
        "sort" | "toSorted" => sorted(of)?,
        "at" => {
            let at = integer(&first, 0);
            let at = if at < 0 { at.saturating_add(end) } else { at };
            let found = usize::try_from(at).ok().and_then(|at| of.get(at));
            found.cloned().unwrap_or_default()
        }
        "flat" => flat(of),
        "keys" => array((0..of.len()).map(Value::from).collect()),
        "count" => {
            let count = of.iter().filter(|it| is_same(it, &first)).count();
            Value::from(count)
        }
        "push" | "pop" | "shift" | "unshift" | "splice" | "append" | "fill" => {
            return Err(refuse(format!(
                "\"{name}\" would change an array; make a new one: {{% set all = all.concat([…]) %}}"
            )));
        }
        _ => return Ok(None),
    }))
}

/// Items as one text; what is nothing is empty.
pub(in crate::template) fn join(of: &[Value], separator: &str) -> Result<Value, Error> {
    let mut out = Bounded(String::new());
    for (position, item) in of.iter().enumerate() {
        use std::fmt::Write as _;
        let separator = if position > 0 { separator } else { "" };
        let item = text_or_empty(item)?;
        let written = out.write_str(separator).and_then(|()| out.write_str(&item));
        written.map_err(|_| refuse("the joined text would be larger than 16 MiB"))?;
    }
    Ok(Value::from(out.0))
}

/// By what the items are as texts, as JavaScript sorts; what is undefined stands last.
fn sorted(of: &[Value]) -> Result<Value, Error> {
    let mut keyed = Vec::with_capacity(of.len());
    for item in of {
        let is_last = type_of(item) == Type::Undefined;
        let key: Vec<u16> = text(item)?.encode_utf16().collect();
        keyed.push((is_last, key, item.clone()));
    }
    keyed.sort_by(|(left_last, left, _), (right_last, right, _)| {
        (left_last, left).cmp(&(right_last, right))
    });
    Ok(array(keyed.into_iter().map(|(.., item)| item).collect()))
}

fn flat(of: &[Value]) -> Value {
    let mut all = Vec::new();
    for item in of {
        match items(item) {
            Some(more) => all.extend_from_slice(more),
            None => all.push(item.clone()),
        }
    }
    array(all)
}

/// The length of a thing that has one.
pub(in crate::template) fn length(value: &Value) -> Value {
    match type_of(value) {
        Type::Array => Value::from(items(value).unwrap_or_default().len()),
        Type::Text => number(
            #[expect(clippy::cast_precision_loss, reason = "no text is so long")]
            {
                crate::template::javascript::length(value.as_str().unwrap_or_default()) as f64
            },
        ),
        _ => Value::UNDEFINED,
    }
}
