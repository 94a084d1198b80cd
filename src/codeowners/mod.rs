//! `CODEOWNERS`: who must approve a change of which path.
//!
//! The forges agree on lines of a pattern and its owners, and on little else: each dialect has a
//! file that says how it reads a line, and from which documentation that is.

mod bitbucket;
mod dialect;
mod gitea;
mod github;
mod gitlab;
mod glob;
mod index;
mod line;
mod owner_name;
mod pattern;
mod reading;

use std::sync::Arc;

use crate::model::{Place, SourceFile, Span};

pub use dialect::{Dialect, Location};
pub use owner_name::OwnerName;

use index::Index;
use line::Line;
use pattern::Pattern;
use reading::Reading;

/// The most lines of a file that are read.
const MOST_LINES: usize = 100_000;

/// The rules of a `CODEOWNERS` file.
#[derive(Clone, Debug)]
pub struct CodeOwners {
    file: Arc<SourceFile>,
    dialect: Dialect,
    rules: Vec<Rule>,
    sections: Vec<Section>,
    mistakes: Vec<Mistake>,
    /// The rules that compete: those of a section, or all.
    contests: Vec<Contest>,
}

/// A line with a pattern and the owners of what it matches.
#[derive(Clone, Debug)]
pub struct Rule {
    pattern: Pattern,
    section: Option<usize>,
    excludes: bool,
    /// The pattern as it was written.
    pub text: Box<str>,
    /// The owners as they were written: `@org/team`, `@user`, `a@b.c`. None where the line says
    /// that nobody owns it.
    pub owners: Arc<[String]>,
    /// How many of the owners must approve, where GitLab's file says so.
    pub approvals: Option<u32>,
    /// Where it stands.
    pub span: Span,
}

/// A section of GitLab's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its name, as first written.
    pub name: String,
    /// Whether its approvals are only wished for.
    pub is_optional: bool,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where.
    pub span: Span,
    /// What, and what follows from it.
    pub message: String,
}

/// Rules of which the last that matches counts, unless an exclusion matches.
#[derive(Clone, Debug, Default)]
struct Contest {
    rules: Index,
    exclusions: Index,
}

impl CodeOwners {
    /// Reads a file. Lines that are no rules are left out, and a mistake says why.
    #[must_use]
    pub fn parse(text: &str, file: Arc<SourceFile>, dialect: Dialect) -> Self {
        let reading = read(text, dialect);
        let contests = contests(&reading.rules);
        Self {
            file,
            dialect,
            rules: reading.rules,
            sections: reading.sections,
            mistakes: reading.mistakes,
            contests,
        }
    }

    /// The file.
    #[must_use]
    pub const fn file(&self) -> &Arc<SourceFile> {
        &self.file
    }

    /// The way in which it was read.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// What is wrong in it, in the order of the lines.
    #[must_use]
    pub fn mistakes(&self) -> &[Mistake] {
        &self.mistakes
    }

    /// The rules that decide about a path relative to the repository, in the order of the lines:
    /// the last that matches, which each section of GitLab has for itself; on Gitea all that
    /// match.
    #[must_use]
    pub fn rules_for(&self, path: &str) -> Vec<&Rule> {
        if self.dialect == Dialect::Gitea {
            let matching = self.rules.iter();
            return matching.filter(|rule| rule.pattern.matches(path)).collect();
        }
        let winners = self.contests.iter().filter_map(|contest| {
            let winner = contest.rules.last_match(path, &self.rules)?;
            let is_excluded = contest.exclusions.last_match(path, &self.rules).is_some();
            (!is_excluded).then_some(winner)
        });
        let mut winners: Vec<usize> = winners.collect();
        winners.sort_unstable();
        winners
            .into_iter()
            .map(|winner| &self.rules[winner])
            .collect()
    }

    /// The rules that decide about a folder: those of a file in it that no rule names.
    #[must_use]
    pub fn rules_for_folder(&self, folder: &str) -> Vec<&Rule> {
        if folder.is_empty() {
            self.rules_for(".")
        } else {
            self.rules_for(&format!("{folder}/."))
        }
    }

    /// The section of a rule, where it is in one.
    #[must_use]
    pub fn section_of(&self, rule: &Rule) -> Option<&Section> {
        self.sections.get(rule.section?)
    }

    /// The owners of a rule that are somebody, as they are written and who that is, in their
    /// order.
    pub fn owners_of<'a>(&self, rule: &'a Rule) -> impl Iterator<Item = (&'a str, OwnerName<'a>)> {
        let dialect = self.dialect;
        let owners = rule.owners.iter();
        owners.filter_map(move |owner| Some((owner.as_str(), OwnerName::parse(owner, dialect)?)))
    }

    /// Where a rule is written.
    #[must_use]
    pub fn place_of(&self, rule: &Rule) -> Place {
        Place::span(Arc::clone(&self.file), rule.span)
    }
}

/// Reads line by line.
fn read(text: &str, dialect: Dialect) -> Reading {
    let mut reading = Reading::default();
    let read_line = match dialect {
        Dialect::GitHub => github::read,
        Dialect::GitLab => gitlab::read,
        Dialect::Bitbucket => bitbucket::read,
        Dialect::Gitea => gitea::read,
    };
    let whole = Line {
        number: 1,
        text: "",
        indent: 0,
    };
    if dialect == Dialect::GitHub && text.len() > github::LARGEST_FILE {
        reading.mistake(
            whole,
            "GitHub reads no file over 3 MB, so nobody owns anything",
        );
        return reading;
    }
    for (number, text) in (1..).zip(text.lines()) {
        let indent = text.chars().take_while(|c| c.is_whitespace()).count();
        let line = Line {
            number,
            text: text.trim(),
            indent: u32::try_from(indent).unwrap_or(u32::MAX),
        };
        if number as usize > MOST_LINES {
            reading.mistake(line, format!("no more than {MOST_LINES} lines are read"));
            break;
        }
        if !line.text.is_empty() && !line.text.starts_with('#') {
            read_line(line, &mut reading);
        }
    }
    reading
}

/// Puts the rules of each section together; those in none are one more.
fn contests(rules: &[Rule]) -> Vec<Contest> {
    let mut contests: Vec<Contest> = Vec::new();
    for (number, rule) in rules.iter().enumerate() {
        let contest = rule.section.map_or(0, |section| section + 1);
        if contests.len() <= contest {
            contests.resize_with(contest + 1, Contest::default);
        }
        if rule.excludes {
            contests[contest].exclusions.add(number, rule);
        } else {
            contests[contest].rules.add(number, rule);
        }
    }
    contests
}

#[cfg(test)]
mod tests;
