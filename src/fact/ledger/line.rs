//! A line of the ledger.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// The most bytes of a line. Lines of runs that were limited to many entities are the longest.
pub(super) const LONGEST_LINE: usize = 1 << 20;

/// Dimensions as a line has them.
pub(super) type LineDimensions<'text> = BTreeMap<Cow<'text, str>, Cow<'text, str>>;

/// A line of the ledger.
#[derive(Debug)]
pub(super) enum Line<'text> {
    /// A value that changed.
    Value(ValueLine<'text>),
    /// The end of a run.
    Run(RunLine<'text>),
}

/// A value that changed. Entity and fact are written without escapes, so that a line can be told
/// from others before it is parsed.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct ValueLine<'text> {
    #[serde(borrow)]
    pub(super) entity: &'text str,
    #[serde(borrow)]
    pub(super) fact: &'text str,
    #[serde(
        borrow,
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "dimensions"
    )]
    pub(super) dimensions: Option<LineDimensions<'text>>,
    #[serde(deserialize_with = "Value::deserialize")]
    pub(super) value: Value,
    pub(super) at: Timestamp,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(super) evidence: Option<Cow<'text, str>>,
}

/// The end of a run.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct RunLine<'text> {
    /// What was asked for, as it was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) query: Option<String>,
    pub(super) at: Timestamp,
    pub(super) complete: bool,
    /// Until when what it covered holds at most.
    pub(super) until: Timestamp,
    /// How many values it saw.
    #[serde(default)]
    pub(super) values: u64,
    /// The newest line of other writers that it knew: it says nothing of later ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) after: Option<Timestamp>,
    /// The entities that it covered; all where neither this nor `except` is there.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(super) entities: Option<Vec<Cow<'text, str>>>,
    /// The entities that it did not cover.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(super) except: Option<Vec<Cow<'text, str>>>,
    /// The facts that it covered, where not all.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(super) facts: Option<Vec<Cow<'text, str>>>,
}

#[derive(Serialize, Deserialize)]
struct RunOnly<'text> {
    #[serde(borrow)]
    run: RunLine<'text>,
}

fn dimensions<'de: 'text, 'text, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<LineDimensions<'text>>, D::Error> {
    BTreeMap::deserialize(deserializer).map(Some)
}

impl<'text> Line<'text> {
    /// Reads a line.
    ///
    /// # Errors
    /// When it is no line of a ledger; why, for people.
    pub(super) fn parse(text: &'text str) -> Result<Self, String> {
        if text.len() > LONGEST_LINE {
            return Err("is longer than 1 MiB".to_owned());
        }
        let explain = |error: serde_json::Error| {
            let error = error.to_string();
            let reason = error.split(" at line ").next().unwrap_or_default();
            format!("is no line of a ledger: {reason}")
        };
        if text.starts_with("{\"run\"") {
            let only: RunOnly<'text> = serde_json::from_str(text).map_err(explain)?;
            if only.run.entities.is_some() && only.run.except.is_some() {
                return Err("is a run with both \"entities\" and \"except\"".to_owned());
            }
            return Ok(Self::Run(only.run));
        }
        serde_json::from_str(text).map(Self::Value).map_err(explain)
    }
}

/// Entity and fact of a line as devportal writes it, without parsing it.
pub(super) fn head(text: &str) -> Option<(&str, &str)> {
    let (entity, rest) = text.strip_prefix("{\"entity\":\"")?.split_once('"')?;
    let (fact, _) = rest.strip_prefix(",\"fact\":\"")?.split_once('"')?;
    let is_plain = !entity.contains('\\') && !fact.contains('\\');
    is_plain.then_some((entity, fact))
}

/// Adds a line to a text.
///
/// # Errors
/// When entity or fact cannot be written without escapes.
pub(super) fn push_value(text: &mut String, line: &ValueLine<'_>) -> Result<(), String> {
    let needs_escape = |name: &str| {
        let mut characters = name.chars();
        characters.any(|c| c.is_control() || matches!(c, '"' | '\\'))
    };
    if needs_escape(line.entity) || needs_escape(line.fact) {
        return Err(format!(
            "\"{}\" has characters that no line can have",
            line.entity
        ));
    }
    push(text, line)
}

/// Adds the line of a run to a text.
pub(super) fn push_run(text: &mut String, run: RunLine<'_>) -> Result<(), String> {
    push(text, &RunOnly { run })
}

fn push(text: &mut String, line: &impl Serialize) -> Result<(), String> {
    let line = serde_json::to_string(line).map_err(|error| error.to_string())?;
    if line.len() > LONGEST_LINE {
        return Err("a line would be longer than 1 MiB".to_owned());
    }
    text.push_str(&line);
    text.push('\n');
    Ok(())
}
