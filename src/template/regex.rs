//! Regular expressions of templates: `r/pattern/flags`.

use std::fmt::Write as _;
use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr};
use minijinja::{Error, State, Value};
use regex::{Captures, RegexBuilder};

use super::javascript::{Bounded, refuse, text};
use super::value::array;

/// The largest compiled expression, in bytes.
const LARGEST: usize = 1 << 20;
/// What one expression costs to compile, in instructions.
const COST: u64 = 1000;

/// A regular expression.
#[derive(Debug)]
pub(super) struct Regex {
    compiled: regex::Regex,
    is_global: bool,
}

/// Compiles one.
pub(super) fn compile(pattern: &str, flags: &str) -> Result<Regex, String> {
    let compiled = RegexBuilder::new(pattern)
        .case_insensitive(flags.contains('i'))
        .multi_line(flags.contains('m'))
        .size_limit(LARGEST)
        .build();
    match compiled {
        Ok(compiled) => Ok(Regex {
            compiled,
            is_global: flags.contains('g'),
        }),
        Err(error) => {
            let text = error.to_string();
            let reason = text.lines().last().unwrap_or_default();
            let reason = reason.trim_start_matches("error: ");
            Err(format!("the regular expression cannot be read: {reason}"))
        }
    }
}

/// The value of `r/pattern/flags`.
pub(super) fn value(state: &State<'_, '_>, pattern: &str, flags: &str) -> Result<Value, Error> {
    state.consume_fuel(COST)?;
    compile(pattern, flags)
        .map(Value::from_object)
        .map_err(refuse)
}

impl Regex {
    /// Where it is first found, in bytes.
    pub(super) fn find(&self, of: &str) -> Option<usize> {
        self.compiled.find(of).map(|it| it.start())
    }

    pub(super) fn split<'text>(&self, of: &'text str) -> impl Iterator<Item = &'text str> {
        self.compiled.split(of)
    }

    /// What `match` gives: all matches, or the first one and its groups, or null.
    pub(super) fn matches(&self, of: &str) -> Value {
        let found: Vec<Value> = if self.is_global {
            self.compiled
                .find_iter(of)
                .map(|it| Value::from(it.as_str()))
                .collect()
        } else {
            let captures = self.compiled.captures(of);
            let groups = captures.iter().flat_map(Captures::iter);
            let groups =
                groups.map(|it| it.map_or(Value::UNDEFINED, |it| Value::from(it.as_str())));
            groups.collect()
        };
        if found.is_empty() {
            Value::from(())
        } else {
            array(found)
        }
    }

    /// Replaces the first match, or all of them.
    pub(super) fn replace(&self, of: &str, new: &str) -> Result<Value, Error> {
        let mut out = Bounded(String::new());
        let most = if self.is_global { usize::MAX } else { 1 };
        let mut end = 0;
        for captures in self.compiled.captures_iter(of).take(most) {
            let Some(found) = captures.get(0) else {
                continue;
            };
            out.write_str(of.get(end..found.start()).unwrap_or_default())?;
            expand(&mut out, &captures, new)?;
            end = found.end();
        }
        out.write_str(of.get(end..).unwrap_or_default())?;
        Ok(Value::from(out.0))
    }
}

/// Writes a replacement, with `$1`, `$&` and `$$`.
fn expand(out: &mut Bounded, captures: &Captures<'_>, new: &str) -> Result<(), Error> {
    let mut rest = new;
    while let Some(at) = rest.find('$') {
        let (plain, special) = rest.split_at(at);
        out.write_str(plain)?;
        let after = special.get(1..).unwrap_or_default();
        let digits = after.bytes().take(2).take_while(u8::is_ascii_digit).count();
        let group = after.get(..digits).and_then(|it| it.parse::<usize>().ok());
        let used = match (after.as_bytes().first(), group) {
            (Some(b'$'), _) => {
                out.write_str("$")?;
                1
            }
            (Some(b'&'), _) => {
                out.write_str(captures.get(0).map_or("", |it| it.as_str()))?;
                1
            }
            (_, Some(group)) if group > 0 && group < captures.len() => {
                out.write_str(captures.get(group).map_or("", |it| it.as_str()))?;
                digits
            }
            _ => {
                out.write_str("$")?;
                0
            }
        };
        rest = after.get(used..).unwrap_or_default();
    }
    out.write_str(rest)?;
    Ok(())
}

impl Object for Regex {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn call_method(
        self: &Arc<Self>,
        state: &mut State<'_, '_>,
        method: &str,
        arguments: &[Value],
    ) -> Result<Value, Error> {
        let first = arguments.first().cloned().unwrap_or_default();
        let text = text(&first)?;
        state.consume_fuel(text.len() as u64 / 16)?;
        match method {
            "test" => Ok(Value::from(self.compiled.is_match(&text))),
            "exec" => Ok(self.matches(&text)),
            _ => Err(refuse(format!(
                "there is no method \"{method}\" of a regular expression"
            ))),
        }
    }
}
