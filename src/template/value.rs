//! Arrays and objects as JavaScript has them: true even when they are empty.

use std::collections::HashMap;
use std::sync::Arc;

use minijinja::Value;
use minijinja::value::{Enumerator, Object, ObjectRepr};
use serde_json::{Map, Number};

/// From how many fields on an index is worth it.
const INDEXED_FROM: usize = 12;
/// Whole numbers up to here are exact in JavaScript.
const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;

/// The values of a rendering, prepared once for thousands of files.
#[derive(Clone, Debug)]
pub struct Values {
    root: Value,
}

impl Values {
    /// Prepares values; the keys are the names that templates use.
    #[must_use]
    pub fn new(values: &Map<String, serde_json::Value>) -> Self {
        Self {
            root: Value::from_object(Fields::from_json(values)),
        }
    }

    pub(super) fn root(&self) -> Value {
        self.root.clone()
    }

    /// The names at the root, or below one of them.
    pub(super) fn names(&self, below: Option<&str>) -> Vec<String> {
        let value = match below {
            None => self.root.clone(),
            Some(name) => match self.root.downcast_object_ref::<Fields>() {
                Some(fields) => fields.get(name).cloned().unwrap_or_default(),
                None => return Vec::new(),
            },
        };
        let fields = value.downcast_object_ref::<Fields>();
        let entries = fields.map(|it| it.entries.as_slice()).unwrap_or_default();
        entries.iter().map(|(name, _)| name.to_string()).collect()
    }
}

/// An array.
#[derive(Debug)]
pub(super) struct Items(pub(super) Vec<Value>);

/// An object, whose fields keep their order.
#[derive(Debug, Default)]
pub(super) struct Fields {
    entries: Vec<(Arc<str>, Value)>,
    index: Option<HashMap<Arc<str>, usize>>,
}

impl Fields {
    /// Fields in their order; the last of a name wins, at the place of the first.
    pub(super) fn new(fields: impl IntoIterator<Item = (Arc<str>, Value)>) -> Self {
        let mut entries: Vec<(Arc<str>, Value)> = Vec::new();
        let mut index: HashMap<Arc<str>, usize> = HashMap::new();
        for (name, value) in fields {
            if let Some(entry) = index.get(&name).and_then(|it| entries.get_mut(*it)) {
                entry.1 = value;
            } else {
                index.insert(Arc::clone(&name), entries.len());
                entries.push((name, value));
            }
        }
        // JavaScript has the fields first whose names are indices.
        if entries.iter().any(|(name, _)| index_of(name).is_some()) {
            entries.sort_by_key(|(name, _)| index_of(name).unwrap_or(u32::MAX));
            let names = entries.iter().enumerate();
            index = names
                .map(|(at, (name, _))| (Arc::clone(name), at))
                .collect();
        }
        let is_indexed = entries.len() >= INDEXED_FROM;
        Self {
            entries,
            index: is_indexed.then_some(index),
        }
    }

    fn from_json(values: &Map<String, serde_json::Value>) -> Self {
        let fields = values.iter();
        Self::new(fields.map(|(name, value)| (Arc::from(name.as_str()), from_json(value))))
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        if let Some(index) = &self.index {
            return index
                .get(name)
                .and_then(|at| self.entries.get(*at))
                .map(|it| &it.1);
        }
        let entry = self.entries.iter().find(|(it, _)| it.as_ref() == name);
        entry.map(|(_, value)| value)
    }

    pub(super) fn entries(&self) -> &[(Arc<str>, Value)] {
        &self.entries
    }
}

/// The index that a name is, if it is one.
fn index_of(name: &str) -> Option<u32> {
    let is_index =
        name.bytes().all(|it| it.is_ascii_digit()) && (name == "0" || !name.starts_with('0'));
    is_index.then(|| name.parse().ok()).flatten()
}

impl Object for Items {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.0.get(key.as_usize()?).cloned()
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let index = index_of(key)?;
        self.0.get(usize::try_from(index).ok()?).cloned()
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.0.len())
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }
}

impl Object for Fields {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get(key.as_str()?).cloned()
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        self.get(key).cloned()
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let names: Vec<Value> = self
            .entries
            .iter()
            .map(|(it, _)| Value::from(Arc::clone(it)))
            .collect();
        Enumerator::Values(names)
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }
}

/// An array of values.
pub(super) fn array(items: Vec<Value>) -> Value {
    Value::from_object(Items(items))
}

/// An object of fields.
pub(super) fn object<N: Into<Arc<str>>>(fields: impl IntoIterator<Item = (N, Value)>) -> Value {
    Value::from_object(Fields::new(
        fields.into_iter().map(|(name, value)| (name.into(), value)),
    ))
}

/// A number: whole ones are whole to the engine, too.
#[expect(
    clippy::cast_possible_truncation,
    reason = "only exact whole numbers are cast"
)]
pub(super) fn number(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < LARGEST_EXACT {
        return Value::from(number as i64);
    }
    Value::from(number)
}

pub(super) fn from_json(value: &serde_json::Value) -> Value {
    match value {
        serde_json::Value::Null => Value::from(()),
        serde_json::Value::Bool(it) => Value::from(*it),
        serde_json::Value::Number(it) => number(it.as_f64().unwrap_or(f64::NAN)),
        serde_json::Value::String(it) => Value::from(it.as_str()),
        serde_json::Value::Array(items) => array(items.iter().map(from_json).collect()),
        serde_json::Value::Object(fields) => Value::from_object(Fields::from_json(fields)),
    }
}

/// What `JSON.stringify` makes of a value; `None` for what it leaves out.
pub(super) fn to_json(value: &Value) -> Option<serde_json::Value> {
    use minijinja::value::ValueKind;
    match value.kind() {
        ValueKind::Undefined => return None,
        ValueKind::Bool => return Some(serde_json::Value::Bool(value.is_true())),
        ValueKind::Number => {
            let number = f64::try_from(value.clone()).unwrap_or(f64::NAN);
            return Some(number_to_json(number));
        }
        ValueKind::String => {
            let text = value.as_str().unwrap_or_default();
            return Some(serde_json::Value::String(text.to_owned()));
        }
        ValueKind::None => return Some(serde_json::Value::Null),
        _ => {}
    }
    if let Some(items) = value.downcast_object_ref::<Items>() {
        let items = items.0.iter();
        return Some(items.map(|it| to_json(it).unwrap_or_default()).collect());
    }
    let fields = value.downcast_object_ref::<Fields>()?;
    let fields = fields.entries.iter();
    let fields = fields.filter_map(|(name, value)| Some((name.to_string(), to_json(value)?)));
    Some(serde_json::Value::Object(fields.collect()))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "only exact whole numbers are cast"
)]
fn number_to_json(number: f64) -> serde_json::Value {
    if number.fract() == 0.0 && number.abs() < LARGEST_EXACT {
        return serde_json::Value::from(number as i64);
    }
    Number::from_f64(number).map_or(serde_json::Value::Null, serde_json::Value::Number)
}
