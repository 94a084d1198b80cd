//! The functions of expressions.

use std::cmp::Ordering;
use std::sync::Arc;

use minijinja::value::{DynObject, Object, ObjectRepr};
use minijinja::{Environment, Error, Value};

use super::scope::refuse;
use crate::model::{compare_versions, seconds_of_time};

/// Seconds of a day.
const DAY: i64 = 86_400;

/// A version, which is compared with versions as versions are.
#[derive(Debug)]
struct Version(String);

impl Object for Version {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn custom_cmp(self: &Arc<Self>, other: &DynObject) -> Option<Ordering> {
        compare_versions(&self.0, &other.downcast_ref::<Self>()?.0)
    }

    fn render(self: &Arc<Self>, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The names of all functions, for suggestions.
pub(super) const FUNCTIONS: [&str; 2] = ["version", "days_since"];

/// Adds the functions. Ages are counted from `now`, in seconds since 1970.
pub(super) fn add(environment: &mut Environment<'_>, now: Option<i64>) {
    environment.add_function("version", |value: &Value| -> Result<Value, Error> {
        let text = value.to_string();
        if compare_versions(&text, &text).is_none() {
            return Err(refuse(format!("\"{text}\" is no version")));
        }
        Ok(Value::from_object(Version(text)))
    });
    if let Some(now) = now {
        environment.add_function("days_since", move |time: &str| -> Result<i64, Error> {
            let then = seconds_of_time(time)
                .ok_or_else(|| refuse(format!("\"{time}\" is no date and no time")))?;
            Ok(now.saturating_sub(then).div_euclid(DAY))
        });
    }
}
