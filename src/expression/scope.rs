//! What an expression can see beside plain values: answers that may be missing.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use minijinja::value::{Enumerator, Kwargs, Object, ObjectRepr, Serde, from_args};
use minijinja::{Error, ErrorKind, State, Value};
use serde::Serialize;

/// The values of an expression, by name. They are found out when they are first needed.
#[derive(Clone, Debug)]
pub struct Scope {
    names: Arc<Names>,
    answers: Arc<Answers>,
    context: Value,
}

/// A value as expressions see it, which can be given to many scopes.
#[derive(Clone, Debug)]
pub struct ScopeValue(Value);

/// Values by name.
#[derive(Debug)]
struct Names {
    values: Vec<(&'static str, OnceLock<Value>)>,
    answers: (&'static str, Value),
}

/// Answers by name, as `facts('readme.lines')` or `facts('availability', environment='staging')`.
/// What has no answer is undefined, and remembered.
#[derive(Debug, Default)]
struct Answers {
    known: Mutex<BTreeMap<String, Value>>,
    missed: Mutex<Vec<String>>,
}

impl Scope {
    /// A scope with values of these names, and with answers that are asked for by calling another
    /// name with a text, and further texts by name.
    #[must_use]
    pub fn new(values: &[&'static str], answers: &'static str) -> Self {
        let known = Arc::new(Answers::default());
        let names = Arc::new(Names {
            values: values.iter().map(|name| (*name, OnceLock::new())).collect(),
            answers: (answers, Value::from_dyn_object(Arc::clone(&known))),
        });
        Self {
            context: Value::from_dyn_object(Arc::clone(&names)),
            names,
            answers: known,
        }
    }

    /// Gives a name its value, unless it has one.
    pub fn give(&self, name: &str, value: impl FnOnce() -> ScopeValue) {
        let mut slots = self.names.values.iter();
        if let Some((_, slot)) = slots.find(|(known, _)| *known == name) {
            slot.get_or_init(|| value().0);
        }
    }

    /// Gives an answer: `NAME{environment=staging}` is the answer to
    /// `facts('NAME', environment='staging')`.
    pub fn answer<T: Serialize>(&self, name: String, value: &T) {
        let known = self.answers.known.lock();
        let mut known = known.unwrap_or_else(PoisonError::into_inner);
        known.insert(name, Value::from(Serde(value)));
    }

    /// What a call with these texts asks for: the name of its answer. The texts stand in the order
    /// of their names.
    #[must_use]
    pub fn answer_name<'a>(
        name: &str,
        options: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> String {
        let pairs = options.into_iter();
        let pairs: Vec<String> = pairs
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if pairs.is_empty() {
            return name.to_owned();
        }
        format!("{name}{{{}}}", pairs.join(","))
    }

    /// What was asked for since the last time and had no answer.
    #[must_use]
    pub fn take_missed(&self) -> Vec<String> {
        let missed = self.answers.missed.lock();
        let mut missed = missed.unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *missed)
    }

    pub(super) const fn context(&self) -> &Value {
        &self.context
    }
}

impl ScopeValue {
    /// The value of something plain.
    pub fn of<T: Serialize>(value: &T) -> Self {
        Self(Value::from(Serde(value)))
    }

    /// A list of values, which are shared and not copied.
    #[must_use]
    pub fn list(values: impl IntoIterator<Item = Self>) -> Self {
        let values = values.into_iter().map(|value| value.0);
        Self(values.collect())
    }
}

impl Object for Names {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let name = key.as_str()?;
        if name == self.answers.0 {
            return Some(self.answers.1.clone());
        }
        let (_, slot) = self.values.iter().find(|(known, _)| *known == name)?;
        slot.get().cloned()
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let names = self.values.iter().map(|(name, _)| Value::from(*name));
        Enumerator::Values(names.collect())
    }
}

impl Object for Answers {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn call(self: &Arc<Self>, _: &mut State<'_, '_>, args: &[Value]) -> Result<Value, Error> {
        let asked = match args {
            [name] if name.as_str().is_some() => name.as_str().map(str::to_owned),
            _ => None,
        };
        let asked = match asked {
            Some(name) => name,
            None => asked_with_options(args)?,
        };
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = known.get(&asked) {
            return Ok(value.clone());
        }
        let mut missed = self.missed.lock().unwrap_or_else(PoisonError::into_inner);
        missed.push(asked);
        Ok(Value::UNDEFINED)
    }
}

fn asked_with_options(args: &[Value]) -> Result<String, Error> {
    let (name, options): (String, Kwargs) = from_args(args)?;
    let mut dimensions = BTreeMap::new();
    for option in options.args() {
        dimensions.insert(option.to_owned(), options.get::<String>(option)?);
    }
    options.assert_all_used()?;
    let dimensions = dimensions.iter();
    let dimensions = dimensions.map(|(name, value)| (name.as_str(), value.as_str()));
    Ok(Scope::answer_name(&name, dimensions))
}

/// A function that has the wrong argument.
pub(super) fn refuse(message: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}
