//! What operators, members and loops become: functions whose meaning is JavaScript's.

use std::sync::Arc;
use std::sync::Mutex;

use minijinja::value::{Enumerator, Object, Rest};
use minijinja::{Environment, Error, ErrorKind, State, Value};

use super::javascript::{
    self, Type, add, as_f64, compare, concatenate, fields, integer, is_equal, is_same, items,
    length, part, refuse, text, to_number, type_of,
};
use super::kept_names;
use super::methods;
use super::regex;
use super::value::{array, number, object};

/// The tests that `is` knows.
pub(super) const TESTS: [&str; 31] = [
    "callable",
    "defined",
    "divisibleby",
    "empty",
    "eq",
    "equalto",
    "escaped",
    "even",
    "falsy",
    "ge",
    "greaterthan",
    "gt",
    "iterable",
    "le",
    "lessthan",
    "lower",
    "lt",
    "mapping",
    "ne",
    "none",
    "null",
    "number",
    "odd",
    "sameas",
    "sequence",
    "string",
    "truthy",
    "undefined",
    "upper",
    "boolean",
    "object",
];

/// The most items that `range` makes.
const LONGEST_RANGE: usize = 100_000;

/// That a printed name is not known; the number is that of the translation.
#[derive(Debug)]
pub(super) struct UnknownName(pub(super) usize);

impl std::fmt::Display for UnknownName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("unknown name")
    }
}

impl std::error::Error for UnknownName {}

type Arguments = Rest<Value>;

/// Adds all of them.
pub(super) fn add_to(environment: &mut Environment<'_>) {
    arithmetic(environment);
    comparisons(environment);
    kept_names::add_to(environment);
    environment.add_function("__array", |items: Arguments| array(items.0));
    environment.add_function("__object", |parts: Arguments| new_object(&parts));
    environment.add_function("__regex", |state: &State, pattern: &str, flags: &str| {
        regex::value(state, pattern, flags)
    });
    environment.add_function("__member", |of: Value, key: Value| member(&of, &key));
    environment.add_function(
        "__slice",
        |of: Value, from: Value, to: Value, step: Value| slice(&of, &from, &to, &step),
    );
    environment.add_function("__items", |of: Value, _: usize| loop_items(&of));
    environment.add_function("__pairs", |of: Value, names: usize| pairs(&of, names));
    environment.add_function("__is", |name: &str, value: Value, arguments: Arguments| {
        is(name, &value, &arguments)
    });
    environment.add_function("__lookup", |state: &State, name: &str| {
        state.lookup(name).unwrap_or_default()
    });
    environment.add_function("__known", known);
    environment.add_function("range", |state: &State, bounds: Arguments| {
        range(state, &bounds)
    });
    environment.add_function("cycler", |items: Arguments| {
        Value::from_object(Cycler {
            items: items.0,
            next: Mutex::new(None),
        })
    });
    environment.add_function("joiner", |separator: Option<Value>| {
        let separator = separator.unwrap_or_else(|| Value::from(","));
        Value::from_object(Joiner {
            separator,
            has_begun: Mutex::new(false),
        })
    });
}

/// A comparison of values.
type Comparison = (&'static str, fn(&Value, &Value) -> bool);

fn arithmetic(environment: &mut Environment<'_>) {
    environment.add_function("__concatenate", |operands: Arguments| {
        let texts: Result<Vec<_>, Error> = operands.iter().map(text).collect();
        concatenate(&texts?)
    });
    environment.add_function("__calculate", |operators: &str, operands: Arguments| {
        let mut operands = operands.0.into_iter();
        let first = operands.next().unwrap_or_default();
        let mut steps = operators.chars().zip(operands);
        steps.try_fold(first, |left, (operator, right)| {
            calculate(operator, &left, &right)
        })
    });
    environment.add_function("__negate", |value: Value| number(-to_number(&value)));
    environment.add_function("__number", |value: Value| number(to_number(&value)));
}

fn calculate(operator: char, left: &Value, right: &Value) -> Result<Value, Error> {
    let (first, second) = match operator {
        '~' => return concatenate(&[text(left)?, text(right)?]),
        '+' => return add(left, right),
        _ => (to_number(left), to_number(right)),
    };
    Ok(number(match operator {
        '-' => first - second,
        '*' => first * second,
        '/' => first / second,
        'f' => (first / second).floor(),
        '%' => first % second,
        _ => first.powf(second),
    }))
}

fn comparisons(environment: &mut Environment<'_>) {
    let functions: [Comparison; 8] = [
        ("__equal", is_equal),
        ("__not_equal", |left, right| !is_equal(left, right)),
        ("__same", is_same),
        ("__not_same", |left, right| !is_same(left, right)),
        ("__less", |left, right| {
            compare(left, right).is_some_and(std::cmp::Ordering::is_lt)
        }),
        ("__less_or_equal", |left, right| {
            compare(left, right).is_some_and(std::cmp::Ordering::is_le)
        }),
        ("__greater", |left, right| {
            compare(left, right).is_some_and(std::cmp::Ordering::is_gt)
        }),
        ("__greater_or_equal", |left, right| {
            compare(left, right).is_some_and(std::cmp::Ordering::is_ge)
        }),
    ];
    for (name, function) in functions {
        environment.add_function(name, move |left: Value, right: Value| {
            function(&left, &right)
        });
    }
    environment.add_function("__in", |item: Value, container: Value| {
        contains(&item, &container)
    });
}

fn contains(item: &Value, container: &Value) -> Result<bool, Error> {
    if let Some(items) = items(container) {
        return Ok(items.iter().any(|it| is_same(it, item)));
    }
    if let Some(fields) = fields(container) {
        return Ok(fields.get(&text(item)?).is_some());
    }
    match container.as_str() {
        Some(whole) => Ok(whole.contains(text(item)?.as_ref())),
        None => Err(refuse(format!(
            "\"in\" cannot look into {}",
            methods::described(container)
        ))),
    }
}

fn new_object(parts: &[Value]) -> Result<Value, Error> {
    let mut fields = Vec::with_capacity(parts.len() / 2);
    for pair in parts.chunks(2) {
        if let [key, value] = pair {
            fields.push((text(key)?.into_owned(), value.clone()));
        }
    }
    Ok(object(fields))
}

/// `of[key]`
pub(super) fn member(of: &Value, key: &Value) -> Result<Value, Error> {
    if matches!(type_of(of), Type::Undefined | Type::Null) {
        return Ok(Value::UNDEFINED);
    }
    let is_length = key.as_str() == Some("length");
    if is_length && matches!(type_of(of), Type::Text | Type::Array) {
        return Ok(methods::length(of));
    }
    if let Some(whole) = of.as_str() {
        let at = to_number(key);
        let at = if at.fract() == 0.0 {
            usize::try_from(integer(key, -1)).ok()
        } else {
            None
        };
        let found = at.map(|at| part(whole, at, at.saturating_add(1)));
        return Ok(found
            .filter(|it| !it.is_empty())
            .map_or(Value::UNDEFINED, Value::from));
    }
    if let Some(items) = items(of) {
        let at = match type_of(key) {
            Type::Number => usize::try_from(integer(key, -1))
                .ok()
                .filter(|_| as_f64(key).fract() == 0.0),
            _ => text(key)?.parse().ok(),
        };
        return Ok(at.and_then(|at| items.get(at)).cloned().unwrap_or_default());
    }
    of.get_attr(&text(key)?)
}

/// `of[from:to:step]`, as Python means it.
fn slice(of: &Value, from: &Value, to: &Value, step: &Value) -> Result<Value, Error> {
    let items: Vec<Value> = match of.as_str() {
        Some(text) => methods::characters(text).collect(),
        None => items(of).unwrap_or_default().to_vec(),
    };
    let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let step = if step.is_none() { 1 } else { integer(step, 1) };
    if step == 0 {
        return Err(refuse("the step of a slice is 0"));
    }
    let place = |value: &Value, default: i64, lowest: i64, highest: i64| {
        if value.is_none() || value.is_undefined() {
            return default;
        }
        let place = integer(value, default);
        let place = if place < 0 {
            place.saturating_add(length)
        } else {
            place
        };
        place.clamp(lowest, highest)
    };
    let (mut at, end) = if step > 0 {
        (place(from, 0, 0, length), place(to, length, 0, length))
    } else {
        (
            place(from, length - 1, -1, length - 1),
            place(to, -1, -1, length - 1),
        )
    };
    let mut result = Vec::new();
    while (step > 0 && at < end) || (step < 0 && at > end) {
        let item = usize::try_from(at).ok().and_then(|at| items.get(at));
        result.extend(item.cloned());
        at = at.saturating_add(step);
    }
    Ok(array(result))
}

/// What a loop with one name goes through: what has a length.
fn loop_items(of: &Value) -> Value {
    match of.as_str() {
        Some(text) => array(methods::characters(text).collect()),
        None if items(of).is_some() => of.clone(),
        None => array(Vec::new()),
    }
}

/// What a loop with several names goes through: fields, or arrays that are taken apart.
fn pairs(of: &Value, names: usize) -> Result<Value, Error> {
    if let Some(fields) = fields(of) {
        let rows = fields.entries().iter().map(|(name, value)| {
            let mut row = vec![Value::from(Arc::clone(name)), value.clone()];
            row.resize(names, Value::UNDEFINED);
            array(row)
        });
        return Ok(array(rows.collect()));
    }
    let mut rows = Vec::new();
    for item in items(of).unwrap_or_default() {
        let mut row = Vec::with_capacity(names);
        for at in 0..names {
            row.push(member(item, &Value::from(at))?);
        }
        rows.push(array(row));
    }
    Ok(array(rows))
}

/// Whether a test holds.
pub(super) fn is(name: &str, value: &Value, arguments: &[Value]) -> Result<bool, Error> {
    let other = arguments.first().cloned().unwrap_or_default();
    let order = || compare(value, &other);
    Ok(match name {
        "defined" => !value.is_undefined(),
        "undefined" => value.is_undefined(),
        "none" | "null" => value.is_none(),
        "string" => type_of(value) == Type::Text,
        "number" => type_of(value) == Type::Number,
        "boolean" => type_of(value) == Type::Boolean,
        "callable" => type_of(value) == Type::Function,
        "mapping" | "object" => type_of(value) == Type::Object,
        "iterable" | "sequence" => matches!(type_of(value), Type::Array | Type::Text),
        "truthy" => value.is_true(),
        "falsy" => !value.is_true(),
        "empty" => javascript::text_or_empty(value)?.is_empty(),
        "escaped" => false,
        "even" => to_number(value) % 2.0 == 0.0,
        "odd" => (to_number(value) % 2.0).to_bits() == 1.0_f64.to_bits(),
        "divisibleby" => to_number(value) % to_number(&other) == 0.0,
        "eq" | "equalto" | "sameas" => is_same(value, &other),
        "ne" => !is_same(value, &other),
        "lt" | "lessthan" => order().is_some_and(std::cmp::Ordering::is_lt),
        "le" => order().is_some_and(std::cmp::Ordering::is_le),
        "gt" | "greaterthan" => order().is_some_and(std::cmp::Ordering::is_gt),
        "ge" => order().is_some_and(std::cmp::Ordering::is_ge),
        "lower" => {
            let text = text(value)?;
            text.to_lowercase() == text
        }
        "upper" => {
            let text = text(value)?;
            text.to_uppercase() == text
        }
        _ => return Err(refuse(format!("there is no test \"{name}\""))),
    })
}

/// Hands a value through; what is undefined must at least be a name of the values.
fn known(
    state: &State<'_, '_>,
    value: Value,
    printed: usize,
    root: &str,
    field: Option<&str>,
) -> Result<Value, Error> {
    if !value.is_undefined() {
        return Ok(value);
    }
    let Some(root_value) = state.lookup(root) else {
        return Err(unknown_name(printed));
    };
    let is_listed = matches!(root, "values" | "parameters" | "cookiecutter" | "steps");
    match (fields(&root_value), field) {
        (Some(fields), Some(field)) if is_listed && fields.get(field).is_none() => {
            Err(unknown_name(printed))
        }
        _ => Ok(value),
    }
}

fn unknown_name(printed: usize) -> Error {
    Error::from(ErrorKind::UndefinedError).with_source(UnknownName(printed))
}

/// `range(stop)` and `range(start, stop, step)`
fn range(state: &State<'_, '_>, bounds: &[Value]) -> Result<Value, Error> {
    let bound = |at: usize| {
        bounds
            .get(at)
            .filter(|it| !it.is_undefined())
            .map(to_number)
    };
    let (first, end) = match (bound(0), bound(1)) {
        (Some(first), Some(end)) => (first, end),
        (end, _) => (0.0, end.unwrap_or(0.0)),
    };
    let stride = bound(2)
        .filter(|it| *it != 0.0 && !it.is_nan())
        .unwrap_or(1.0);
    let mut result = Vec::new();
    let mut at = first;
    while (stride > 0.0 && at < end) || (stride < 0.0 && at > end) {
        if result.len() >= LONGEST_RANGE {
            let message = format!("the range has more than {LONGEST_RANGE} items");
            return Err(refuse(message));
        }
        result.push(number(at));
        at += stride;
    }
    state.consume_fuel(result.len() as u64)?;
    Ok(array(result))
}

/// Hands out its items in turns.
#[derive(Debug)]
struct Cycler {
    items: Vec<Value>,
    next: Mutex<Option<usize>>,
}

impl Object for Cycler {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        if key.as_str() != Some("current") {
            return None;
        }
        let at = self.next.lock().ok().and_then(|it| *it);
        let current = at.and_then(|at| self.items.get(at)).cloned();
        Some(current.unwrap_or(Value::from(())))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Str(&["current"])
    }

    fn call_method(
        self: &Arc<Self>,
        _: &mut State<'_, '_>,
        method: &str,
        _: &[Value],
    ) -> Result<Value, Error> {
        let mut next = self
            .next
            .lock()
            .map_err(|_| refuse("the cycler is broken"))?;
        match method {
            "next" => {
                let at = next.map_or(0, |at| at + 1) % self.items.len().max(1);
                *next = Some(at);
                Ok(self.items.get(at).cloned().unwrap_or_default())
            }
            "reset" => {
                *next = None;
                Ok(Value::UNDEFINED)
            }
            _ => Err(Error::from(ErrorKind::UnknownMethod)),
        }
    }
}

/// Gives its separator on every call but the first.
#[derive(Debug)]
struct Joiner {
    separator: Value,
    has_begun: Mutex<bool>,
}

impl Object for Joiner {
    fn repr(self: &Arc<Self>) -> minijinja::value::ObjectRepr {
        minijinja::value::ObjectRepr::Plain
    }

    fn call(self: &Arc<Self>, _: &mut State<'_, '_>, _: &[Value]) -> Result<Value, Error> {
        let mut has_begun = self
            .has_begun
            .lock()
            .map_err(|_| refuse("the joiner is broken"))?;
        let result = if *has_begun {
            self.separator.clone()
        } else {
            Value::from("")
        };
        *has_begun = true;
        Ok(result)
    }
}

/// The number of items, characters or fields; what is nothing has none.
pub(super) fn count(value: &Value) -> Value {
    if let Some(fields) = fields(value) {
        return Value::from(fields.entries().len());
    }
    match value.as_str() {
        Some(text) => Value::from(length(text)),
        None if items(value).is_some() => methods::length(value),
        None if value.is_true() => Value::UNDEFINED,
        None => Value::from(0),
    }
}
