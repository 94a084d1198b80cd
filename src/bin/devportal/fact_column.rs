//! Facts in columns, and their order.

use devportal::fact::{FactSelector, Facts, Knowledge, Register, ValueType, day, shown};
use devportal::model::EntityRef;
use devportal::model::Version;
use devportal::view::{Column, Role, Text};
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::columns::Order;

/// A column that shows a fact.
#[derive(Clone, Debug)]
pub(crate) struct FactColumn {
    selector: FactSelector,
}

impl FactColumn {
    /// Reads what follows `fact.`.
    pub(crate) fn parse(written: &str) -> Result<Self, String> {
        let selector = written.parse::<FactSelector>();
        let selector = selector.map_err(|error| format!("{}: {}", error.message, error.help))?;
        Ok(Self { selector })
    }

    /// The name of the fact.
    pub(crate) fn name(&self) -> &str {
        &self.selector.name
    }

    /// What is wrong with it in a workspace that has these facts.
    pub(crate) fn check(&self, register: &Register) -> Result<(), String> {
        let found = FactSelector::of_register(&self.selector.to_string(), register);
        let error = found.err();
        error.map_or(Ok(()), |error| {
            Err(format!("{}: {}", error.message, error.help))
        })
    }

    /// The key in the object `facts` of JSON.
    fn key(&self) -> String {
        format!("{}{}", self.selector.name, self.selector.dimensions)
    }

    pub(crate) fn column(&self, facts: Option<&Facts>) -> Column {
        let declaration = facts.and_then(|it| it.register().declaration(self.name()));
        let is_number = declaration.is_some_and(|it| it.value_type == ValueType::Number);
        let name = format!("fact.{}", self.selector);
        Column {
            numeric: is_number,
            flexible: !is_number,
            ..Column::fixed(name)
        }
    }

    /// What a column shows to people: the value, and what it was where it does not hold any more.
    pub(crate) fn cell(&self, facts: &Facts, entity: &EntityRef) -> Text {
        match facts.get(entity, &self.selector) {
            Knowledge::Known(known) => Text::plain(shown(&known.value)),
            Knowledge::Expired(known) => {
                let day = day(known.fact.observed_at);
                let last = shown(&known.value);
                Text::new(format!("unknown ({last}, {day})"), Role::Faint)
            }
            Knowledge::Unknown => Text::new("unknown", Role::Faint),
        }
    }

    /// What a column has for machines: the value, and nothing where it is not known.
    pub(crate) fn plain(&self, facts: &Facts, entity: &EntityRef) -> String {
        match facts.get(entity, &self.selector) {
            Knowledge::Known(known) => exact(&known.value),
            Knowledge::Expired(_) | Knowledge::Unknown => String::new(),
        }
    }

    /// What entities are sorted by.
    pub(crate) fn order(&self, facts: &Facts, entity: &EntityRef) -> Order {
        let Knowledge::Known(known) = facts.get(entity, &self.selector) else {
            return Order::Missing;
        };
        if let Some(number) = known.value.as_f64() {
            return Order::Number(number);
        }
        let text = exact(&known.value);
        let declaration = facts.register().declaration(self.name());
        match declaration.map(|it| it.value_type) {
            Some(ValueType::Time) => match text.parse::<Timestamp>() {
                #[expect(clippy::cast_precision_loss, reason = "an order to the millisecond")]
                Ok(time) => Order::Number(time.as_millisecond() as f64),
                Err(_) => Order::of_text(&text),
            },
            Some(ValueType::Version) => match Version::parse(&text) {
                Some(version) => Order::Version(version),
                None => Order::of_text(&text),
            },
            _ => Order::of_text(&text),
        }
    }
}

/// The object `facts` of a row in JSON: the values of the columns that show facts; `null` is what
/// is not known. Nothing when no column shows one.
pub(crate) fn facts_of_row<'a>(
    columns: impl Iterator<Item = &'a FactColumn>,
    facts: &Facts,
    entity: &EntityRef,
) -> Map<String, Value> {
    columns
        .map(|column| {
            let value = match facts.get(entity, &column.selector) {
                Knowledge::Known(known) => known.value,
                Knowledge::Expired(_) | Knowledge::Unknown => Value::Null,
            };
            (column.key(), value)
        })
        .collect()
}

/// A value as it is.
fn exact(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(exact).collect::<Vec<String>>().join(", "),
        other => other.to_string(),
    }
}
