//! What an expression can see beside plain values: answers that may be missing.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use minijinja::value::{Enumerator, Kwargs, Object, ObjectRepr, Serde, from_args};
use minijinja::{Error, ErrorKind, State, Value};
use serde::Serialize;

/// The values of an expression, by name.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    values: BTreeMap<&'static str, Value>,
    asked: Option<Arc<Asked>>,
}

/// Answers by name, as `facts('readme.lines')` or `facts('availability', environment='staging')`.
/// What has no answer is undefined, and remembered.
#[derive(Debug)]
struct Asked {
    answers: BTreeMap<String, Value>,
    missed: Mutex<Vec<String>>,
}

impl Scope {
    /// The scope with one more value.
    #[must_use]
    pub fn with<T: Serialize + ?Sized>(mut self, name: &'static str, value: &T) -> Self {
        self.values.insert(name, Value::from(Serde(value)));
        self
    }

    /// The scope with answers that are asked for by calling a name with a text, and further texts
    /// by name: `NAME{environment=staging}` is the answer to `facts('NAME', environment='staging')`.
    #[must_use]
    pub fn with_answers(
        mut self,
        name: &'static str,
        answers: impl IntoIterator<Item = (String, serde_json::Value)>,
    ) -> Self {
        let answers = answers.into_iter();
        let asked = Arc::new(Asked {
            answers: answers
                .map(|(name, value)| (name, Value::from(Serde(&value))))
                .collect(),
            missed: Mutex::default(),
        });
        self.values
            .insert(name, Value::from_dyn_object(Arc::clone(&asked)));
        self.asked = Some(asked);
        self
    }

    /// What was asked for since the last time and had no answer.
    #[must_use]
    pub fn take_missed(&self) -> Vec<String> {
        let Some(asked) = &self.asked else {
            return Vec::new();
        };
        let mut missed = asked.missed.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *missed)
    }

    pub(super) fn context(&self) -> Value {
        Value::from_object(self.clone())
    }
}

impl Object for Scope {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.values.get(key.as_str()?).cloned()
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.values.keys().map(|name| Value::from(*name)).collect())
    }
}

impl Object for Asked {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn call(self: &Arc<Self>, _: &mut State<'_, '_>, args: &[Value]) -> Result<Value, Error> {
        let (name, options): (String, Kwargs) = from_args(args)?;
        let mut dimensions = BTreeMap::new();
        for option in options.args() {
            dimensions.insert(option.to_owned(), options.get::<String>(option)?);
        }
        options.assert_all_used()?;
        let pairs: Vec<String> = dimensions
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let asked = if pairs.is_empty() {
            name
        } else {
            format!("{name}{{{}}}", pairs.join(","))
        };
        if let Some(value) = self.answers.get(&asked) {
            return Ok(value.clone());
        }
        let mut missed = self.missed.lock().unwrap_or_else(PoisonError::into_inner);
        missed.push(asked);
        Ok(Value::UNDEFINED)
    }
}

/// A function that has the wrong argument.
pub(super) fn refuse(message: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}
