//! Filters of arrays and objects.

use std::cmp::Ordering;
use std::sync::Arc;

use minijinja::{Error, State, Value};

use super::{Arguments, cannot_take};
use crate::template::functions::{TESTS, is, member};
use crate::template::javascript::{
    Type, add, compare, fields, integer, is_same, items, refuse, text, type_of,
};
use crate::template::methods;
use crate::template::value::{array, object};

type Result<T> = std::result::Result<T, Error>;

/// The most parts that a list is cut into.
const MOST_PARTS: i64 = 100_000;

fn needed<'value>(filter: &str, value: &'value Value) -> Result<&'value [Value]> {
    items(value).ok_or_else(|| cannot_take(filter, value))
}

/// The items of a list, or the characters of a text.
fn sequence(filter: &str, value: &Value) -> Result<Vec<Value>> {
    match value.as_str() {
        Some(text) => Ok(methods::characters(text).collect()),
        None => needed(filter, value).map(<[Value]>::to_vec),
    }
}

/// The items of a list, where what is nothing has none.
fn sequence_or_nothing(filter: &str, value: &Value) -> Result<Vec<Value>> {
    match type_of(value) {
        Type::Undefined | Type::Null => Ok(Vec::new()),
        _ => sequence(filter, value),
    }
}

/// A field of an item, by a path of names with dots between.
fn attribute(item: &Value, path: &Value) -> Result<Value> {
    let path = text(path)?;
    if let Some(fields) = fields(item)
        && let Some(value) = fields.get(&path)
    {
        return Ok(value.clone());
    }
    let mut value = item.clone();
    for name in path.split('.') {
        value = member(&value, &Value::from(name))?;
    }
    Ok(value)
}

pub(super) fn first(_: &State<'_, '_>, value: &Value, _: &Arguments<'_>) -> Result<Value> {
    if value.is_undefined() || value.is_none() {
        return Err(cannot_take("first", value));
    }
    member(value, &Value::from(0))
}

pub(super) fn last(_: &State<'_, '_>, value: &Value, _: &Arguments<'_>) -> Result<Value> {
    Ok(sequence("last", value)?.pop().unwrap_or_default())
}

pub(super) fn random(_: &State<'_, '_>, value: &Value, _: &Arguments<'_>) -> Result<Value> {
    // Two renderings of the same values must give the same bytes.
    Ok(sequence("random", value)?
        .into_iter()
        .next()
        .unwrap_or_default())
}

pub(super) fn join(_: &State<'_, '_>, value: &Value, arguments: &Arguments<'_>) -> Result<Value> {
    let separator = arguments.get(0, "d");
    let separator = if separator.is_true() {
        text(&separator)?
    } else {
        "".into()
    };
    let field = arguments.get(1, "attribute");
    let mut all = sequence_or_nothing("join", value)?;
    if field.is_true() {
        let fields: Result<Vec<Value>> = all.iter().map(|it| attribute(it, &field)).collect();
        all = fields?;
    }
    methods::join(&all, &separator)
}

pub(super) fn list(_: &State<'_, '_>, value: &Value, _: &Arguments<'_>) -> Result<Value> {
    if let Some(fields) = fields(value) {
        let entries = fields.entries().iter().map(|(name, value)| {
            object([
                ("key", Value::from(Arc::clone(name))),
                ("value", value.clone()),
            ])
        });
        return Ok(array(entries.collect()));
    }
    Ok(array(sequence("list", value)?))
}

pub(super) fn reverse(_: &State<'_, '_>, value: &Value, _: &Arguments<'_>) -> Result<Value> {
    if let Some(text) = value.as_str() {
        return Ok(Value::from(text.chars().rev().collect::<String>()));
    }
    let mut all = sequence_or_nothing("reverse", value)?;
    all.reverse();
    Ok(array(all))
}

pub(super) fn sum(_: &State<'_, '_>, value: &Value, arguments: &Arguments<'_>) -> Result<Value> {
    let field = arguments.get(0, "attribute");
    let mut total = Value::from(0);
    for item in needed("sum", value)? {
        let item = if field.is_true() {
            attribute(item, &field)?
        } else {
            item.clone()
        };
        total = add(&total, &item)?;
    }
    let start = arguments.get(1, "start");
    if start.is_undefined() {
        Ok(total)
    } else {
        add(&start, &total)
    }
}

fn count_of(arguments: &Arguments<'_>, name: &str) -> Result<usize> {
    let count = integer(&arguments.get(0, name), 0);
    let count = (1..=MOST_PARTS).contains(&count).then_some(count);
    let count = count.and_then(|it| usize::try_from(it).ok());
    count.ok_or_else(|| {
        refuse(format!(
            "the number of parts must be from 1 to {MOST_PARTS}"
        ))
    })
}

pub(super) fn batch(
    state: &State<'_, '_>,
    value: &Value,
    arguments: &Arguments<'_>,
) -> Result<Value> {
    let size = count_of(arguments, "linecount")?;
    let fill = arguments.get(1, "fill_with");
    let all = sequence("batch", value)?;
    let mut rows: Vec<Vec<Value>> = all.chunks(size).map(<[Value]>::to_vec).collect();
    if let Some(last) = rows.last_mut().filter(|_| fill.is_true()) {
        state.consume_fuel(size as u64 / 2)?;
        last.resize(size, fill);
    }
    Ok(array(rows.into_iter().map(array).collect()))
}

pub(super) fn slice(
    state: &State<'_, '_>,
    value: &Value,
    arguments: &Arguments<'_>,
) -> Result<Value> {
    let count = count_of(arguments, "slices")?;
    state.consume_fuel(count as u64)?;
    let fill = arguments.get(1, "fill_with");
    let all = needed("slice", value)?;
    let (size, longer) = (all.len() / count, all.len() % count);
    let mut rest = all;
    let mut rows = Vec::new();
    for position in 0..count {
        let (row, after) = rest.split_at(size + usize::from(position < longer));
        let mut row = row.to_vec();
        if fill.is_true() && position >= longer {
            row.push(fill.clone());
        }
        rows.push(array(row));
        rest = after;
    }
    Ok(array(rows))
}

/// How JavaScript's `<` and `>` sort, where what cannot be compared is equal.
fn order(left: &Value, right: &Value) -> Ordering {
    compare(left, right).unwrap_or(Ordering::Equal)
}

/// A value to sort by: texts without their case.
fn sort_key(value: Value, is_case_sensitive: bool) -> Value {
    match value.as_str() {
        Some(text) if !is_case_sensitive => Value::from(text.to_lowercase()),
        _ => value,
    }
}

/// Sorts pairs of key and item. A merge sort of ours: comparing unlike things is no order, which
/// the one of the standard library does not take.
fn sorted(mut pairs: Vec<(Value, Value)>) -> Vec<(Value, Value)> {
    if pairs.len() < 2 {
        return pairs;
    }
    let right = sorted(pairs.split_off(pairs.len() / 2));
    let left = sorted(pairs);
    let mut result = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    while let (Some((first, _)), Some((second, _))) = (left.peek(), right.peek()) {
        let takes_left = order(first, second) != Ordering::Greater;
        result.extend(if takes_left {
            left.next()
        } else {
            right.next()
        });
    }
    result.extend(left);
    result.extend(right);
    result
}

pub(super) fn sort(
    state: &State<'_, '_>,
    value: &Value,
    arguments: &Arguments<'_>,
) -> Result<Value> {
    let is_reversed = arguments.get(0, "reverse").is_true();
    let is_case_sensitive = arguments.get(1, "case_sensitive").is_true();
    let field = arguments.get(2, "attribute");
    let all = sequence_or_nothing("sort", value)?;
    state.consume_fuel(all.len() as u64 * 4)?;
    let mut pairs = Vec::with_capacity(all.len());
    for item in &all {
        let key = if field.is_true() {
            attribute(item, &field)?
        } else {
            item.clone()
        };
        pairs.push((sort_key(key, is_case_sensitive), item.clone()));
    }
    // What is equal keeps its order in both directions.
    if is_reversed {
        pairs.reverse();
    }
    let mut pairs = sorted(pairs);
    if is_reversed {
        pairs.reverse();
    }
    Ok(array(pairs.into_iter().map(|(_, item)| item).collect()))
}

pub(super) fn dictsort(
    _: &State<'_, '_>,
    value: &Value,
    arguments: &Arguments<'_>,
) -> Result<Value> {
    let fields = fields(value).ok_or_else(|| cannot_take("dictsort", value))?;
    let is_case_sensitive = arguments.get(0, "case_sensitive").is_true();
    let by = arguments.get(1, "by");
    let is_by_value = match by.as_str() {
        None | Some("key") => false,
        Some("value") => true,
        Some(_) => return Err(refuse("\"dictsort\" sorts by \"key\" or by \"value\"")),
    };
    let pairs = fields.entries().iter().map(|(name, value)| {
        let name = Value::from(Arc::clone(name));
        let key = if is_by_value {
            value.clone()
        } else {
            name.clone()
        };
        (
            sort_key(key, is_case_sensitive),
            array(vec![name, value.clone()]),
        )
    });
    let pairs = sorted(pairs.collect());
    Ok(array(pairs.into_iter().map(|(_, pair)| pair).collect()))
}

pub(super) fn groupby(
    _: &State<'_, '_>,
    value: &Value,
    arguments: &Arguments<'_>,
) -> Result<Value> {
    let field = arguments.get(0, "attribute");
    let mut groups: Vec<(String, Vec<Value>)> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for item in needed("groupby", value)? {
        let name = text(&attribute(item, &field)?)?.into_owned();
        let place = *places.entry(name.clone()).or_insert_with(|| {
            groups.push((name, Vec::new()));
            groups.len() - 1
        });
        if let Some((_, members)) = groups.get_mut(place) {
            members.push(item.clone());
        }
    }
    Ok(object(
        groups
            .into_iter()
            .map(|(name, members)| (name, array(members))),
    ))
}

fn filtered(
    filter: &str,
    value: &Value,
    mut keeps: impl FnMut(&Value) -> Result<bool>,
) -> Result<Value> {
    let mut kept = Vec::new();
    for item in sequence(filter, value)? {
        if keeps(&item)? {
            kept.push(item);
        }
    }
    Ok(array(kept))
}

/// Whether an item passes the test that `select` and `reject` name.
fn passes(item: &Value, arguments: &Arguments<'_>) -> Result<bool> {
    let test = arguments.get(0, "test");
    let name = test.as_str().unwrap_or("truthy");
    if !TESTS.contains(&name) {
        return Err(refuse(format!("there is no test \"{name}\"")));
    }
    is(name, item, &[arguments.get(1, "value")])
}

pub(super) fn select(_: &State<'_, '_>, value: &Value, arguments: &Arguments<'_>) -> Result<Value> {
    filtered("select", value, |it| passes(it, arguments))
}

pub(super) fn reject(_: &State<'_, '_>, value: &Value, arguments: &Arguments<'_>) -> Result<Value> {
    filtered("reject", value, |it| passes(it, arguments).map(|it| !it))
}

/// Whether an item has a field that is true; with a value, whether it is that.
fn has_attribute(item: &Value, arguments: &Arguments<'_>) -> Result<bool> {
    let value = attribute(item, &arguments.get(0, "attribute"))?;
    let test = arguments.get(1, "test");
    match test.as_str() {
        Some(name) if TESTS.contains(&name) => is(name, &value, &[arguments.get(2, "value")]),
        Some("==") => Ok(is_same(&value, &arguments.get(2, "value"))),
        _ => Ok(value.is_true()),
    }
}

pub(super) fn selectattr(
    _: &State<'_, '_>,
    value: &Value,
    arguments: &Arguments<'_>,
) -> Result<Value> {
    filtered("selectattr", value, |it| has_attribute(it, arguments))
}

pub(super) fn rejectattr(
    _: &State<'_, '_>,
    value: &Value,
    arguments: &Arguments<'_>,
) -> Result<Value> {
    filtered("rejectattr", value, |it| {
        has_attribute(it, arguments).map(|it| !it)
    })
}
