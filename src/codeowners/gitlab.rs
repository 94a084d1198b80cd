//! GitLab: sections, each of which gives its own last match.
//!
//! `[Name] @default-owner`, `^[Optional]`, `[Name][2]` for two approvals. Rules before the first
//! heading are a section without a name. What `!pattern` matches is not owned in its section,
//! whatever stands behind it. There are no comments at the end of a line.

use super::glob::Glob;
use super::line::{Line, Quotes, Word};
use super::pattern::Pattern;
use super::reading::{LONGEST_PATTERN, Owners, Reading, is_owner};

pub(super) fn read(line: Line<'_>, reading: &mut Reading) {
    match Heading::parse(line.text) {
        Some(heading) => open_section(&heading, line, reading),
        None => rule(line, reading),
    }
}

/// The heading of a section.
struct Heading<'line> {
    is_optional: bool,
    name: &'line str,
    approvals: Option<&'line str>,
    owners: &'line str,
}

impl<'line> Heading<'line> {
    /// GitLab takes every line for one that begins with a bracket that closes.
    fn parse(text: &'line str) -> Option<Self> {
        let is_optional = text.starts_with('^');
        let rest = text.strip_prefix('^').unwrap_or(text).strip_prefix('[')?;
        let (name, rest) = rest.split_once(']')?;
        let approvals = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
        Some(Self {
            is_optional,
            name: name.trim(),
            approvals: approvals.map(|(number, _)| number),
            owners: approvals.map_or(rest, |(_, rest)| rest),
        })
    }
}

fn open_section(heading: &Heading<'_>, line: Line<'_>, reading: &mut Reading) {
    if heading.name.is_empty() {
        reading.mistake(line, "the section has no name");
    }
    let approvals = heading.approvals.map(str::parse::<u32>);
    if approvals.as_ref().is_some_and(|it| !matches!(it, Ok(1..))) {
        let message = "a section takes one approval or more; this one takes one";
        reading.mistake(line, message);
    }
    let owners = heading.owners.split_whitespace();
    let (owners, others): (Vec<&str>, Vec<&str>) = owners.partition(|word| is_owner(word));
    if let Some(other) = others.first() {
        reading.mistake(line, format!("\"{other}\" is no owner, and ignored"));
    }
    reading.section(
        heading.name,
        heading.is_optional,
        approvals.map(|number| number.unwrap_or(1).max(1)),
        owners.into_iter().map(str::to_owned).collect(),
    );
}

fn rule(line: Line<'_>, reading: &mut Reading) {
    let is_broken_heading = line.text.starts_with('[') || line.text.starts_with("^[");
    if is_broken_heading {
        let message = "the heading of a section has no \"]\"; GitLab takes it for a path";
        reading.mistake(line, message);
    }
    let words = line.words(Quotes::Literal);
    let Some((written, owners)) = words.split_first() else {
        return;
    };
    if written.text.len() > LONGEST_PATTERN {
        return reading.mistake_in(
            line,
            written,
            "the pattern is too long; the line is ignored",
        );
    }
    if let Some(excluded) = written.text.strip_prefix('!') {
        let pattern = Pattern::Glob(Glob::of_fnmatch(excluded));
        return reading.rule(pattern, written, line, Owners::Excluded);
    }
    let text = match written.text.strip_prefix("\\#") {
        Some(rest) => format!("#{rest}"),
        None => written.text.clone(),
    };
    let pattern = Pattern::Glob(Glob::of_fnmatch(&text));
    let owners = known_owners(owners, line, reading);
    reading.rule(pattern, written, line, Owners::Named(owners));
    let is_empty = reading
        .rules
        .last()
        .is_some_and(|rule| rule.owners.is_empty());
    if is_empty && !is_broken_heading {
        let message = "nobody is named; GitLab asks for no approval";
        reading.mistake_in(line, written, message);
    }
}

/// The owners; what is none is ignored.
fn known_owners(words: &[Word], line: Line<'_>, reading: &mut Reading) -> Vec<String> {
    let (owners, others): (Vec<&Word>, Vec<&Word>) =
        words.iter().partition(|word| is_owner(&word.text));
    if let Some(other) = others.first() {
        let message = if other.text.starts_with('#') {
            "GitLab has no comments at the end of a line; owners in it count".to_owned()
        } else {
            format!("\"{}\" is no owner, and ignored", other.text)
        };
        reading.mistake_in(line, other, message);
    }
    owners.into_iter().map(|owner| owner.text.clone()).collect()
}
