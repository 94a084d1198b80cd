//! Methods of values, as JavaScript has them.

mod list;
mod text;

pub(super) use list::{join, length};
pub(super) use text::characters;

use minijinja::{Error, ErrorKind, State, Value};

use super::javascript::{Type, as_f64, fields, items, refuse, type_of};
use super::value::{array, number};

/// Calls a method of a value.
pub(super) fn call(
    state: &State<'_, '_>,
    value: &Value,
    name: &str,
    arguments: &[Value],
    is_cookiecutter: bool,
) -> Result<Value, Error> {
    let result = match type_of(value) {
        Type::Text => {
            let text = value.as_str().unwrap_or_default();
            state.consume_fuel(text.len() as u64 / 64)?;
            text::call(state, text, name, arguments)?
        }
        Type::Array => {
            let items = items(value).unwrap_or_default();
            state.consume_fuel(items.len() as u64 / 4)?;
            list::call(items, name, arguments)?
        }
        Type::Number => of_number(as_f64(value), name, arguments)?,
        Type::Object => of_object(value, name, arguments, is_cookiecutter)?,
        Type::Boolean if name == "toString" => {
            Some(Value::from(if value.is_true() { "true" } else { "false" }))
        }
        Type::Undefined => {
            return Err(refuse(format!("\"{name}\" is called on what is undefined")));
        }
        Type::Null => return Err(refuse(format!("\"{name}\" is called on null"))),
        _ => None,
    };
    match result {
        Some(result) => Ok(result),
        // A field that can be called may still be there.
        None if fields(value).is_some() => Err(Error::from(ErrorKind::UnknownMethod)),
        None => Err(Error::new(
            ErrorKind::UnknownMethod,
            format!("there is no method \"{name}\" of {}", described(value)),
        )),
    }
}

/// Whether a method is one that Backstage does not let templates call.
pub(super) fn is_only_here(name: &str) -> bool {
    matches!(
        name,
        "replaceAll"
            | "padStart"
            | "padEnd"
            | "repeat"
            | "substr"
            | "trimLeft"
            | "trimRight"
            | "toLocaleLowerCase"
            | "toLocaleUpperCase"
            | "valueOf"
            | "normalize"
            | "search"
            | "match"
            | "localeCompare"
            | "toReversed"
            | "toSorted"
            | "hasOwnProperty"
            | "exec"
    )
}

pub(super) fn described(value: &Value) -> &'static str {
    match type_of(value) {
        Type::Undefined => "what is undefined",
        Type::Null => "null",
        Type::Boolean => "a boolean",
        Type::Number => "a number",
        Type::Text => "a text",
        Type::Array => "an array",
        Type::Object => "an object",
        Type::Function => "a function",
    }
}

fn of_number(value: f64, name: &str, arguments: &[Value]) -> Result<Option<Value>, Error> {
    let first = arguments.first().cloned().unwrap_or_default();
    Ok(match name {
        "toString" => Some(Value::from(
            super::javascript::text(&number(value))?.into_owned(),
        )),
        "toFixed" => {
            let digits = super::javascript::integer(&first, 0);
            let digits = usize::try_from(digits).ok().filter(|it| *it <= 100);
            let digits = digits.ok_or_else(|| refuse("toFixed takes from 0 to 100 digits"))?;
            Some(Value::from(format!("{value:.digits$}")))
        }
        _ => None,
    })
}

fn of_object(
    value: &Value,
    name: &str,
    arguments: &[Value],
    is_cookiecutter: bool,
) -> Result<Option<Value>, Error> {
    let Some(fields) = fields(value) else {
        return Ok(None);
    };
    let first = arguments.first().cloned().unwrap_or_default();
    let key = super::javascript::text(&first)?;
    let entries = fields.entries().iter();
    Ok(match (name, is_cookiecutter) {
        ("hasOwnProperty", _) | ("has_key", true) => Some(Value::from(fields.get(&key).is_some())),
        ("toString", _) => Some(Value::from("[object Object]")),
        ("get", true) => {
            let default = arguments.get(1).cloned().unwrap_or_default();
            Some(fields.get(&key).cloned().unwrap_or(default))
        }
        ("keys" | "iterkeys", true) => {
            let names = entries.map(|(name, _)| Value::from(name));
            Some(array(names.collect()))
        }
        ("values" | "itervalues", true) => {
            Some(array(entries.map(|(_, value)| value.clone()).collect()))
        }
        ("items" | "iteritems", true) => {
            let pairs = entries.map(|(name, value)| array(vec![Value::from(name), value.clone()]));
            Some(array(pairs.collect()))
        }
        _ => None,
    })
}
