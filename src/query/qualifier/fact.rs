//! What was observed of an entity.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value as Json;

use super::{Operand, Qualifier};
use crate::fact::{Declaration, FactSelector, Facts, Knowledge, ValueType, Version};
use crate::query::error::Problem;
use crate::query::matcher::{Answer, Matcher, QueryContext, certain};
use crate::query::value::{Comparison, Value, number, time};

pub(super) const FACT: Qualifier = Qualifier {
    name: "fact",
    key: Some("NAME"),
    value: "VALUE",
    about: "with a fact that compares so: see below",
    example: "fact.readme.present:true",
    compile: |context, Operand { key, value }| {
        let Some((facts, selector, declaration)) = look_up(context, key)? else {
            return Ok(Box::new(|_| Answer::Unknown));
        };
        if let Some(wanted) = wanted_state(value) {
            return Ok(certain_state(context, facts, selector, wanted));
        }
        let test = test(declaration, value)?;
        let catalog = context.catalog;
        Ok(Box::new(move |id| {
            match facts.get(catalog.entity(id).reference(), &selector) {
                Knowledge::Known(known) => test(&known.value).map_or(Answer::Unknown, Answer::from),
                Knowledge::Expired(_) | Knowledge::Unknown => Answer::Unknown,
            }
        }))
    },
};

/// Entities of which a fact is known (`has:fact.NAME`).
pub(super) fn is_known<'a>(context: &QueryContext<'a>, key: &str) -> Result<Matcher<'a>, Problem> {
    match look_up(context, key) {
        Ok(Some((facts, selector, _))) => Ok(certain_state(context, facts, selector, true)),
        Ok(None) => Ok(Box::new(|_| Answer::Unknown)),
        Err(problem) => Err(Problem {
            is_about_name: false,
            ..problem
        }),
    }
}

/// What a test says of a value; nothing when the value cannot be compared so.
type Test<'a> = Box<dyn Fn(&Json) -> Option<bool> + 'a>;

/// The fact of that name, where it is known which facts there are.
fn look_up<'a>(
    context: &QueryContext<'a>,
    key: &str,
) -> Result<Option<(&'a Facts, FactSelector, &'a Declaration)>, Problem> {
    let Some(facts) = context.facts else {
        return Ok(None);
    };
    let register = facts.register();
    let selector = FactSelector::of_register(key, register);
    let selector = selector.map_err(|error| Problem::new(error.message).help(error.help));
    let selector = selector.map_err(Problem::about_name)?;
    let declaration = register.declaration(&selector.name);
    Ok(declaration.map(|declaration| (facts, selector, declaration)))
}

/// Whether the value is `known` or `unknown`, which is asked for as it is.
fn wanted_state(value: &Value) -> Option<bool> {
    if value.quoted || value.comparison.is_some() {
        return None;
    }
    match value.text.as_str() {
        "known" => Some(true),
        "unknown" => Some(false),
        _ => None,
    }
}

fn certain_state<'a>(
    context: &QueryContext<'a>,
    facts: &'a Facts,
    selector: FactSelector,
    wanted: bool,
) -> Matcher<'a> {
    let catalog = context.catalog;
    certain(move |id| {
        let knowledge = facts.get(catalog.entity(id).reference(), &selector);
        matches!(knowledge, Knowledge::Known(_)) == wanted
    })
}

/// How a value of the query is compared with values of a fact.
fn test<'a>(declaration: &'a Declaration, value: &'a Value) -> Result<Test<'a>, Problem> {
    match declaration.value_type {
        ValueType::Boolean => boolean(declaration, value),
        ValueType::Number => of_number(declaration, value),
        ValueType::Text => {
            without_order(declaration, value)?;
            Ok(Box::new(|fact| Some(value.fits(fact.as_str()?))))
        }
        ValueType::List => {
            without_order(declaration, value)?;
            Ok(Box::new(|fact| {
                let mut items = fact.as_array()?.iter().filter_map(Json::as_str);
                Some(items.any(|item| value.fits(item)))
            }))
        }
        ValueType::Version => version(declaration, value),
        ValueType::Time => of_time(declaration, value),
    }
}

fn boolean<'a>(declaration: &Declaration, value: &Value) -> Result<Test<'a>, Problem> {
    without_order(declaration, value)?;
    let wanted = match value.text.to_lowercase().as_str() {
        "true" => true,
        "false" => false,
        _ => return Err(wrong_value(declaration, value, "true, false")),
    };
    Ok(Box::new(move |fact| Some(fact.as_bool()? == wanted)))
}

fn of_number<'a>(declaration: &Declaration, value: &Value) -> Result<Test<'a>, Problem> {
    let unit = declaration.unit.as_deref().unwrap_or_default();
    let Some(wanted) = number(&value.text).or_else(|| duration(&value.text, unit)) else {
        return Err(wrong_value(declaration, value, "3, >3, <=99.5"));
    };
    let comparison = value.comparison;
    Ok(Box::new(move |fact| {
        let order = fact.as_f64()?.partial_cmp(&wanted)?;
        Some(comparison.map_or(order.is_eq(), |comparison| comparison.holds(order)))
    }))
}

fn version<'a>(declaration: &Declaration, value: &'a Value) -> Result<Test<'a>, Problem> {
    if !value.quoted && value.text.contains(':') {
        let problem = Problem::new(format!("\"{}\" is no version", value.text));
        return Err(
            problem.help("quote a name with a colon: fact.\"dependency.group:artifact\":<2")
        );
    }
    let wanted = Version::parse(&value.text);
    let Some(comparison) = value.comparison else {
        return Ok(Box::new(move |fact| {
            let text = fact.as_str()?;
            let same = wanted.is_some() && Version::parse(text) == wanted;
            Some(value.fits(text) || same)
        }));
    };
    let Some(wanted) = wanted else {
        return Err(wrong_value(declaration, value, "<2.17, >=1.0-rc.1"));
    };
    Ok(Box::new(move |fact| {
        let order = Version::parse(fact.as_str()?)?.cmp(&wanted);
        Some(comparison.holds(order))
    }))
}

/// A date without a comparison is all of that day, UTC.
fn of_time<'a>(declaration: &Declaration, value: &'a Value) -> Result<Test<'a>, Problem> {
    let read = |fact: &Json| fact.as_str()?.parse::<Timestamp>().ok();
    if value.is_pattern() {
        return Ok(Box::new(|fact| Some(value.fits(fact.as_str()?))));
    }
    let Some(wanted) = time(&value.text) else {
        return Err(wrong_value(declaration, value, "<2026-03-31, 2026-03-*"));
    };
    let is_day = value.text.len() == "2026-03-31".len();
    let comparison = value.comparison;
    Ok(Box::new(move |fact| {
        let time = read(fact)?;
        Some(match comparison {
            Some(comparison) => comparison.holds(time.cmp(&wanted)),
            None if is_day => day(time) == day(wanted),
            None => time == wanted,
        })
    }))
}

fn day(time: Timestamp) -> jiff::civil::Date {
    TimeZone::UTC.to_datetime(time).date()
}

/// A number with a unit of time (`90d`, `36h`), in the unit of a fact.
fn duration(text: &str, unit: &str) -> Option<f64> {
    let seconds_of = |unit: &str| match unit {
        "w" => Some(604_800.0),
        "d" | "days" => Some(86_400.0),
        "h" | "hours" => Some(3_600.0),
        "m" | "minutes" => Some(60.0),
        "s" | "seconds" => Some(1.0),
        _ => None,
    };
    let last = text.char_indices().last()?.0;
    let (count, own_unit) = text.split_at(last);
    Some(number(count)? * seconds_of(own_unit)? / seconds_of(unit)?)
}

fn without_order(declaration: &Declaration, value: &Value) -> Result<(), Problem> {
    let Some(Comparison::Less | Comparison::AtMost | Comparison::Greater | Comparison::AtLeast) =
        value.comparison
    else {
        return Ok(());
    };
    let (name, kind) = (&declaration.name, declaration.value_type.name());
    let problem = Problem::new(format!("fact \"{name}\" is a {kind}, which has no order"));
    Err(problem.help("write the value itself; quote what means itself"))
}

fn wrong_value(declaration: &Declaration, value: &Value, examples: &str) -> Problem {
    let (name, kind) = (&declaration.name, declaration.value_type.name());
    let unit = declaration.unit.as_deref();
    let unit = unit.map(|unit| format!(" of {unit}")).unwrap_or_default();
    let problem = Problem::new(format!(
        "fact \"{name}\" is a {kind}{unit}, and \"{}\" is none",
        value.text
    ));
    problem.help(format!("write {examples}, known or unknown"))
}
