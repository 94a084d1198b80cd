//! What is collected while a file is read.

use std::collections::HashMap;
use std::sync::Arc;

use super::glob::Glob;
use super::line::{Line, Word};
use super::pattern::Pattern;
use super::{Mistake, Rule, Section};
use crate::model::Span;

/// The longest pattern that is read.
pub(super) const LONGEST_PATTERN: usize = 1024;

/// How many sections are told apart; what is in others counts for the last.
const MOST_SECTIONS: usize = 1000;

/// How many mistakes of a file are told.
const MOST_MISTAKES: usize = 1000;

/// The rules so far, and what the next one depends on.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) rules: Vec<Rule>,
    pub(super) sections: Vec<Section>,
    pub(super) mistakes: Vec<Mistake>,
    /// The section that following rules are in.
    open: Option<OpenSection>,
    by_name: HashMap<String, usize>,
}

/// A section, as the heading says that following rules are under.
#[derive(Debug)]
struct OpenSection {
    number: usize,
    approvals: Option<u32>,
    /// Shared: a section may have long defaults and many rules.
    owners: Arc<[String]>,
}

impl Reading {
    /// Adds a rule of the open section, with its default owners when it has none of its own.
    pub(super) fn rule(
        &mut self,
        pattern: Pattern,
        written: &Word,
        line: Line<'_>,
        owners: Owners,
    ) {
        let (excludes, mut owners): (bool, Arc<[String]>) = match owners {
            Owners::Excluded => (true, Arc::default()),
            Owners::Named(owners) => (false, owners.into()),
        };
        if let Some(section) = self
            .open
            .as_ref()
            .filter(|_| owners.is_empty() && !excludes)
        {
            owners = Arc::clone(&section.owners);
        }
        self.rules.push(Rule {
            pattern,
            text: written.text.as_str().into(),
            owners,
            approvals: self.open.as_ref().and_then(|section| section.approvals),
            span: Span::on_line(line.number, line.indent + 1, line.width()),
            section: self.open.as_ref().map(|section| section.number),
            excludes,
        });
    }

    /// Opens a section. Those of one name, whatever its case, are one, which is optional when
    /// each of its headings says so.
    pub(super) fn section(
        &mut self,
        name: &str,
        is_optional: bool,
        approvals: Option<u32>,
        owners: Vec<String>,
    ) {
        let next = self.sections.len().min(MOST_SECTIONS - 1);
        let number = *self.by_name.entry(name.to_lowercase()).or_insert(next);
        match self.sections.get_mut(number) {
            Some(section) => section.is_optional &= is_optional,
            None => self.sections.push(Section {
                name: name.to_owned(),
                is_optional,
            }),
        }
        self.open = Some(OpenSection {
            number,
            approvals,
            owners: owners.into(),
        });
    }

    /// Says what is wrong with a line.
    pub(super) fn mistake(&mut self, line: Line<'_>, message: impl Into<String>) {
        let span = Span::on_line(line.number, line.indent + 1, line.width());
        self.mistake_at(span, message.into());
    }

    /// Says what is wrong with a word.
    pub(super) fn mistake_in(&mut self, line: Line<'_>, word: &Word, message: impl Into<String>) {
        let width = u32::try_from(word.text.chars().count()).unwrap_or(u32::MAX);
        let span = Span::on_line(line.number, word.column, width);
        self.mistake_at(span, message.into());
    }

    fn mistake_at(&mut self, span: Span, message: String) {
        if self.mistakes.len() < MOST_MISTAKES {
            self.mistakes.push(Mistake { span, message });
        }
    }
}

/// Who owns what a rule is about.
#[derive(Debug)]
pub(super) enum Owners {
    /// These; nobody when there are none, and no section has defaults.
    Named(Vec<String>),
    /// Nobody, whatever other rules of the section say.
    Excluded,
}

/// A rule as GitHub and Bitbucket read it: patterns of `.gitignore` without three things that
/// those can do.
pub(super) fn gitignore_rule(forge: &str, words: &[Word], line: Line<'_>, reading: &mut Reading) {
    let Some((first, owners)) = words.split_first() else {
        return;
    };
    let refused = match first.text.as_str() {
        text if text.starts_with('!') => Some("exceptions with \"!\""),
        text if text.starts_with("\\#") => Some("patterns that begin with \"\\#\""),
        text if text.contains('[') => Some("ranges with \"[ ]\""),
        text if text.len() > LONGEST_PATTERN => Some("patterns that long"),
        _ => None,
    };
    if let Some(refused) = refused {
        let message = format!("{forge} reads no {refused}; the line is ignored");
        return reading.mistake_in(line, first, message);
    }
    let Some(glob) = Glob::of_gitignore(&first.text) else {
        let message = format!("\"{}\" matches nothing; \"*\" is everything", first.text);
        return reading.mistake_in(line, first, message);
    };
    if let Some(wrong) = owners.iter().find(|owner| !is_owner(&owner.text)) {
        let message = format!(
            "\"{}\" is no owner: it has no \"@\"; the line is ignored",
            wrong.text
        );
        return reading.mistake_in(line, wrong, message);
    }
    let owners = owners.iter().map(|owner| owner.text.clone()).collect();
    reading.rule(Pattern::Glob(glob), first, line, Owners::Named(owners));
}

/// Whether a word can be an owner: `@name`, `@team/name`, or an address.
pub(super) fn is_owner(word: &str) -> bool {
    match word.split_once('@') {
        Some(("", name)) => !name.is_empty(),
        Some((_, host)) => !host.is_empty(),
        None => false,
    }
}
