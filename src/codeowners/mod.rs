//! `CODEOWNERS`: who must approve a change of which path.
//!
//! GitHub, GitLab and Bitbucket agree on lines of a pattern and its owners, of which the last
//! that matches counts. GitLab adds sections (`[Name] @default-owner`, `^[Optional]`,
//! `[Name][2]`), of which each counts for itself.
//!
//! Sources: "About code owners" (GitHub Docs, 2026), "Syntax of CODEOWNERS" (GitLab 18),
//! "Set up and use code owners" (Bitbucket Cloud, 2026).

mod pattern;

use std::sync::Arc;

use crate::model::{Place, SourceFile, Span};

use pattern::Pattern;

/// The paths at which a repository may have the file, in the order in which forges look.
pub const PATHS: &[&str] = &[
    ".github/CODEOWNERS",
    "CODEOWNERS",
    "docs/CODEOWNERS",
    ".gitlab/CODEOWNERS",
    ".bitbucket/CODEOWNERS",
];

/// The most rules of a file that are read; GitHub ignores files over 3 MB, about as many.
const MOST_RULES: usize = 100_000;

/// The rules of a `CODEOWNERS` file.
#[derive(Clone, Debug)]
pub struct CodeOwners {
    file: Arc<SourceFile>,
    rules: Vec<Rule>,
}

/// A line with a pattern and the owners of what it matches.
#[derive(Clone, Debug)]
pub struct Rule {
    pattern: Pattern,
    /// The owners as they were written: `@org/team`, `@user`, `a@b.c`.
    pub owners: Arc<[String]>,
    /// The GitLab section the rule is in.
    pub section: Option<Arc<str>>,
    /// Its line.
    pub line: u32,
}

/// Who a written owner is, as Backstage's CODEOWNERS processor understands it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnerName<'text> {
    /// A team of an organisation.
    Team(&'text str),
    /// A person, by the name on the forge or the part of an address before the `@`.
    Person(&'text str),
}

impl CodeOwners {
    /// Reads a file. Lines that are no rules are left out.
    #[must_use]
    pub fn parse(text: &str, file: Arc<SourceFile>) -> Self {
        let mut rules = Vec::new();
        // Shared: a section may have long defaults and many rules.
        let mut section: Option<(Arc<str>, Arc<[String]>)> = None;
        for (index, line) in text.lines().enumerate().take(MOST_RULES) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(header) = section_header(line) {
                section = Some((header.0.into(), header.1.into()));
                continue;
            }
            let mut words = words(line);
            let Some(pattern) = words.next().and_then(|pattern| Pattern::parse(&pattern)) else {
                continue;
            };
            let mut owners: Arc<[String]> =
                words.take_while(|word| !word.starts_with('#')).collect();
            if owners.is_empty() {
                owners = section
                    .as_ref()
                    .map(|(_, defaults)| Arc::clone(defaults))
                    .unwrap_or_default();
            }
            let line = u32::try_from(index + 1).unwrap_or(u32::MAX);
            rules.push(Rule {
                pattern,
                owners,
                section: section.as_ref().map(|(name, _)| Arc::clone(name)),
                line,
            });
        }
        Self { file, rules }
    }

    /// The rule that decides about a path (relative to the repository): the last that matches.
    #[must_use]
    pub fn rule_for(&self, path: &str) -> Option<&Rule> {
        self.rules
            .iter()
            .rev()
            .find(|rule| rule.pattern.matches(path))
    }

    /// Where a rule is written.
    #[must_use]
    pub fn place_of(&self, rule: &Rule) -> Place {
        Place::span(Arc::clone(&self.file), Span::on_line(rule.line, 1, 0))
    }
}

impl<'text> OwnerName<'text> {
    /// Understands an owner as written.
    #[must_use]
    pub fn parse(owner: &'text str) -> Option<Self> {
        let name = match owner.strip_prefix('@') {
            Some(handle) => match handle.rsplit_once('/') {
                Some((_, team)) => Self::Team(team),
                None => Self::Person(handle),
            },
            None => Self::Person(owner.split_once('@')?.0),
        };
        let (Self::Team(text) | Self::Person(text)) = &name;
        (!text.is_empty()).then_some(name)
    }
}

/// `[Name]`, `^[Name]`, `[Name][2] @owner`: the name and the default owners.
fn section_header(line: &str) -> Option<(String, Vec<String>)> {
    let rest = line.strip_prefix('^').unwrap_or(line).strip_prefix('[')?;
    let (name, rest) = rest.split_once(']')?;
    let rest = match rest.strip_prefix('[') {
        Some(approvals) => approvals.split_once(']')?.1,
        None => rest,
    };
    // A pattern such as `[a-z]*.rs @team` is no section: something is glued to the bracket.
    (rest.is_empty() || rest.starts_with(' '))
        .then(|| (name.to_owned(), words(rest.trim()).collect()))
}

/// Words between spaces; a backslash keeps a space in a word.
fn words(line: &str) -> impl Iterator<Item = String> + '_ {
    let mut rest = line.chars().peekable();
    std::iter::from_fn(move || {
        while rest.next_if(|c| c.is_whitespace()).is_some() {}
        let mut word = String::new();
        while let Some(c) = rest.next_if(|c| !c.is_whitespace()) {
            match (c, rest.peek()) {
                ('\\', Some(' ')) => word.extend(rest.next()),
                _ => word.push(c),
            }
        }
        (!word.is_empty()).then_some(word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owners(text: &str, path: &str) -> Vec<String> {
        let file = Arc::new(SourceFile::new(Arc::from("shop"), "", b"CODEOWNERS"));
        let owners = CodeOwners::parse(text, file);
        owners
            .rule_for(path)
            .map(|rule| rule.owners.to_vec())
            .unwrap_or_default()
    }

    #[test]
    fn the_last_rule_that_matches_counts() {
        let text = "* @acme/everyone\n/services/ @acme/backend # comment\n*.md docs@acme.io\n";
        assert_eq!(owners(text, "web/index.ts"), ["@acme/everyone"]);
        assert_eq!(owners(text, "services/pay/main.rs"), ["@acme/backend"]);
        assert_eq!(owners(text, "services/pay/README.md"), ["docs@acme.io"]);
    }

    #[test]
    fn sections_give_default_owners() {
        let text = "[Docs][2] @acme/writers\n*.md\n^[Optional]\nsrc/ @acme/dev\n";
        assert_eq!(owners(text, "a/b.md"), ["@acme/writers"]);
        assert_eq!(owners(text, "src/x"), ["@acme/dev"]);
    }

    #[test]
    fn owners_are_teams_people_and_addresses() {
        assert_eq!(OwnerName::parse("@acme/pay"), Some(OwnerName::Team("pay")));
        assert_eq!(OwnerName::parse("@mira"), Some(OwnerName::Person("mira")));
        assert_eq!(
            OwnerName::parse("mira@acme.io"),
            Some(OwnerName::Person("mira"))
        );
        assert_eq!(OwnerName::parse("nobody"), None);
    }
}
