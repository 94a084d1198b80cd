//! `devportal facts show`: every fact of an entity, or how they came to be what they are.

use anyhow::{Result, anyhow};
use clap_complete::engine::ArgValueCompleter;
use devportal::catalog::EntityId;
use devportal::diagnostic::{Diagnostic, Severity};
use devportal::fact::ledger::HistoryEntry;
use devportal::fact::{
    AskedEntities, Dimensions, Fact, FactSelection, FactSelector, Facts, Register,
};
use devportal::scan::Scan;
use devportal::view::{Block, Column, Role, Table, Text, View};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::outcome;
use crate::Outcome;
use crate::age::ago;
use crate::completion;
use crate::session::Session;

/// Seconds of a day.
const DAY: i64 = 86_400;
const FORMATS: &[&str] = &["human", "json", "yaml", "markdown", "csv"];

/// Options of `facts show`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The entity: its name, or kind:namespace/name
    #[arg(value_name = "REF", add = ArgValueCompleter::new(completion::entity))]
    reference: String,
    /// Only this fact: deployment.at, availability{environment=staging}
    #[arg(long, value_name = "NAME")]
    fact: Option<String>,
    /// Every value that the ledger knows, and since when it was so
    #[arg(long)]
    history: bool,
}

/// The answer in one object.
#[derive(Serialize)]
struct Shown<'a, Row> {
    schema: &'static str,
    complete: bool,
    #[serde(rename = "ref")]
    reference: &'a str,
    facts: Vec<Row>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FactRow<'a> {
    fact: &'a str,
    dimensions: &'a Dimensions,
    value: Value,
    unit: Option<&'a str>,
    observed_at: String,
    valid_until: Option<String>,
    /// Whether it holds now.
    holds: bool,
    source: &'a str,
    evidence: Option<&'a str>,
    /// Whether other entities with the same home have it, too.
    shared: bool,
    #[serde(skip)]
    age: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct HistoryRow<'a> {
    fact: &'a str,
    dimensions: &'a Dimensions,
    value: &'a Value,
    since: String,
    source: &'a str,
    evidence: Option<&'a str>,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let format = session.format(FORMATS)?;
    let scan = session.scan()?;
    let register = Session::register(&scan);
    let selector = args.fact.as_deref();
    let selector = selector.map(|text| FactSelector::of_register(text, &register));
    let selector = selector
        .transpose()
        .map_err(|error| anyhow!("{}; {}", error.message, error.help))?;
    let Some(id) = session.entity(&scan, &args.reference, &[])? else {
        return Ok(session.outcome_of_nothing(&scan));
    };
    if args.history {
        return history(session, &scan, id, selector.as_ref(), format);
    }
    let selection = selector.as_ref().map_or(FactSelection::All, |selector| {
        [selector.name.as_str()].into_iter().collect()
    });
    let gathered = session.facts(&scan, selection, AskedEntities::Only(&[id]));
    let rows = rows(&gathered.facts, &scan, id, selector.as_ref());
    let is_empty = rows.is_empty();
    let shown = Shown {
        schema: "devportal.facts-show/v1",
        complete: is_complete(&scan.diagnostics) && is_complete(&gathered.problems),
        reference: scan.catalog.entity(id).reference().as_str(),
        facts: rows,
    };
    let environment = gathered.facts.default_environment();
    write(session, format, &shown, || {
        facts_view(&shown.facts, environment)
    })?;
    let outcome = outcome(session, &scan, &gathered.problems);
    Ok(if is_empty {
        nothing(session, outcome, selector.as_ref())
    } else {
        outcome
    })
}

fn history(
    session: &mut Session,
    scan: &Scan,
    id: EntityId,
    selector: Option<&FactSelector>,
    format: &str,
) -> Result<Outcome> {
    let entries = session.fact_history(scan, id, selector);
    let shown = Shown {
        schema: "devportal.facts-history/v1",
        complete: is_complete(&scan.diagnostics),
        reference: scan.catalog.entity(id).reference().as_str(),
        facts: entries.iter().map(HistoryRow::of).collect(),
    };
    let register = Session::register(scan);
    let environment = scan.config.organisation().facts.default_environment();
    write(session, format, &shown, || {
        history_view(&shown.facts, &register, environment)
    })?;
    let outcome = session.outcome_of_answer(scan);
    Ok(if entries.is_empty() {
        nothing(session, outcome, selector)
    } else {
        outcome
    })
}

fn write<Row: Serialize>(
    session: &mut Session,
    format: &str,
    shown: &Shown<'_, Row>,
    view: impl FnOnce() -> View,
) -> Result<()> {
    match format {
        "json" => session.write_json(shown),
        "yaml" => session.write_yaml(&serde_json::to_value(shown)?),
        _ if shown.facts.is_empty() => Ok(()),
        format => session.write_view(&view(), format),
    }
}

/// Whether nothing is out of sight. A reference that leads out changes no fact.
fn is_complete(problems: &[Diagnostic]) -> bool {
    problems.iter().all(|problem| !problem.hides_something)
}

/// The outcome where nothing is known.
fn nothing(session: &Session, outcome: Outcome, selector: Option<&FactSelector>) -> Outcome {
    match selector {
        Some(selector) => session.hint(&format!("\"{selector}\" is not known")),
        None => session.hint("nothing is known"),
    }
    match outcome {
        Outcome::Fine => Outcome::Findings,
        outcome => outcome,
    }
}

/// The facts of an entity, those that are counted from others among them.
fn rows<'a>(
    facts: &'a Facts,
    scan: &'a Scan,
    id: EntityId,
    selector: Option<&'a FactSelector>,
) -> Vec<FactRow<'a>> {
    let register = facts.register();
    let of_entity = facts.of(scan.catalog.entity(id).reference());
    let Some(selector) = selector else {
        let rows = of_entity.iter();
        return rows
            .map(|fact| FactRow::of(fact, &fact.name, facts, register))
            .collect();
    };
    let declaration = register.declaration(&selector.name);
    let name = declaration
        .and_then(|it| it.age_of)
        .unwrap_or(&selector.name);
    let has_dimensions = |fact: &Fact| {
        let mut asked = selector.dimensions.iter();
        asked.all(|(name, value)| fact.dimensions.get(name) == Some(value))
    };
    let named = of_entity
        .iter()
        .filter(|fact| &*fact.name == name && has_dimensions(fact));
    named
        .map(|fact| FactRow::of(fact, &selector.name, facts, register))
        .collect()
}

impl<'a> FactRow<'a> {
    /// A fact under its name, or as the age that is counted from it.
    fn of(fact: &'a Fact, name: &'a str, facts: &Facts, register: &'a Register) -> Self {
        let is_age = name != &*fact.name;
        let value = match fact.value.as_str().and_then(|text| text.parse().ok()) {
            Some(time) if is_age => Value::from(seconds_since(time, facts.now()) / DAY),
            _ => fact.value.clone(),
        };
        let declaration = register.declaration(name);
        Self {
            fact: name,
            dimensions: &fact.dimensions,
            value,
            unit: declaration.and_then(|it| it.unit.as_deref()),
            observed_at: fact.observed_at.to_string(),
            valid_until: fact.valid_until.map(|time| time.to_string()),
            holds: facts.holds(fact),
            source: &fact.source,
            evidence: fact.evidence.as_deref(),
            shared: fact.is_shared,
            age: match fact.valid_until {
                // What a repository says is as old as its state.
                None => String::new(),
                Some(_) => ago(fact.observed_at, facts.now()),
            },
        }
    }
}

impl<'a> HistoryRow<'a> {
    fn of(entry: &'a HistoryEntry) -> Self {
        Self {
            fact: &entry.name,
            dimensions: &entry.dimensions,
            value: &entry.value,
            since: entry.at.to_string(),
            source: &entry.source,
            evidence: entry.evidence.as_deref(),
        }
    }
}

fn seconds_since(time: Timestamp, now: Timestamp) -> i64 {
    now.as_second().saturating_sub(time.as_second()).max(0)
}

fn facts_view(rows: &[FactRow<'_>], environment: &str) -> View {
    let known = rows.iter().filter(|row| !row.value.is_null());
    let cells = known.map(|row| {
        let age = if row.holds {
            Text::plain(&row.age)
        } else {
            let expired = Text::new("expired", Role::Bad(Severity::Warning));
            expired.then(format!(", {}", row.age), Role::Plain)
        };
        let source = if row.shared {
            Text::plain(row.source).then(" (shared)", Role::Faint)
        } else {
            Text::plain(row.source)
        };
        vec![
            name(row.fact, row.dimensions, environment),
            value(&row.value, row.unit, row.holds),
            age,
            source,
            evidence(row.evidence),
        ]
    });
    table("observed", cells.collect())
}

fn history_view(rows: &[HistoryRow<'_>], register: &Register, environment: &str) -> View {
    let cells = rows.iter().map(|row| {
        let declaration = register.declaration(row.fact);
        let unit = declaration.and_then(|it| it.unit.as_deref());
        vec![
            name(row.fact, row.dimensions, environment),
            value(row.value, unit, true),
            Text::plain(row.since.as_str()),
            Text::plain(row.source),
            evidence(row.evidence),
        ]
    });
    table("since", cells.collect())
}

fn table(time: &str, rows: Vec<Vec<Text>>) -> View {
    View {
        blocks: vec![Block::Table(Table {
            columns: vec![
                Column::fixed("fact"),
                Column::flexible("value"),
                Column::fixed(time),
                Column::fixed("source"),
                Column::flexible("evidence"),
            ],
            rows,
        })],
    }
}

/// A name with its dimensions. The environment that is meant without one needs no word.
fn name(name: &str, dimensions: &Dimensions, environment: &str) -> Text {
    let pairs = dimensions.iter();
    let pairs = pairs.filter(|pair| *pair != ("environment", environment));
    let told: Dimensions = pairs.collect();
    Text::new(name, Role::Name).then(told.to_string(), Role::Faint)
}

fn evidence(evidence: Option<&str>) -> Text {
    match evidence {
        Some(url) if url.starts_with("https://") => Text::new(url, Role::Url),
        Some(place) => Text::plain(place),
        None => Text::default(),
    }
}

/// A value with its unit, for people.
fn value(value: &Value, unit: Option<&str>, holds: bool) -> Text {
    let role = if holds { Role::Plain } else { Role::Faint };
    let text = match value {
        Value::Null => return Text::new("gone", Role::Faint),
        Value::String(text) => match text.parse::<Timestamp>() {
            Ok(time) => time.strftime("%Y-%m-%d %H:%M").to_string(),
            Err(_) => text.clone(),
        },
        Value::Array(items) => {
            let items = items.iter().filter_map(Value::as_str);
            items.collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    };
    let text = Text::new(text, role);
    match unit {
        // "1 vulnerabilities" would read badly.
        Some(_)
            if value
                .as_f64()
                .is_some_and(|number| (number - 1.0).abs() < f64::EPSILON) =>
        {
            text
        }
        Some(unit) => text.then(format!(" {unit}"), Role::Faint),
        None => text,
    }
}
