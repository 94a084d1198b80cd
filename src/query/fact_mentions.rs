//! Which facts an expression mentions, and how it sees them.
//!
//! `facts` is an object. `facts["readme.lines"]` and `facts["availability{environment=staging}"]`
//! are what is known of a selector, and `facts.readme.lines` is the same where the parts of the name
//! are plain words. What is not known is undefined, as is a fact that has expired.

use serde_json::{Map, Value};

use crate::diagnostic::did_you_mean;
use crate::fact::{FactSelection, FactSelector, Facts, Knowledge, Register};
use crate::model::EntityRef;

/// The name of the object.
pub(super) const FACTS: &str = "facts";
/// What the object of a language can be asked beside its fields.
const METHODS: [&str; 4] = ["get", "items", "keys", "values"];

/// The facts that an expression mentions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mentions {
    /// Any, because the object is asked as a whole.
    All,
    /// These, of which there may be none.
    Some(Vec<FactSelector>),
}

/// A mention of a fact that there is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct UnknownMention {
    /// Where it begins, in bytes, and how long it is.
    pub(super) at: (usize, usize),
    pub(super) message: String,
    pub(super) help: String,
}

impl Mentions {
    /// Finds what a text mentions.
    pub(super) fn of(text: &str, register: &Register) -> Result<Self, UnknownMention> {
        let mut selectors = Vec::new();
        for start in starts(text) {
            let (path, length) = path(text.get(start + FACTS.len()..).unwrap_or_default());
            let at = (start, FACTS.len() + length);
            match named(&path, register) {
                Named::All => return Ok(Self::All),
                Named::Some(named) => selectors.extend(named),
                Named::None(message, help) => return Err(UnknownMention { at, message, help }),
            }
        }
        Ok(Self::Some(selectors))
    }

    /// Whether there is none.
    pub(super) fn is_none(&self) -> bool {
        matches!(self, Self::Some(selectors) if selectors.is_empty())
    }

    /// The facts that are needed.
    pub(super) fn selection(&self) -> FactSelection {
        match self {
            Self::All => FactSelection::All,
            Self::Some(selectors) => selectors.iter().map(|it| it.name.as_str()).collect(),
        }
    }

    /// What an expression sees of an entity.
    pub(super) fn object(&self, facts: &Facts, entity: &EntityRef) -> Value {
        let mut object = Map::new();
        let all;
        let selectors = match self {
            Self::Some(selectors) => selectors,
            Self::All => {
                all = selectors_of(facts, entity);
                &all
            }
        };
        for selector in selectors {
            let known = match facts.get(entity, selector) {
                Knowledge::Known(known) => Some(known.value),
                Knowledge::Expired(_) | Knowledge::Unknown => None,
            };
            if selector.dimensions.is_empty() {
                nest(
                    &mut object,
                    facts.register(),
                    &selector.name,
                    known.as_ref(),
                );
            }
            if let Some(value) = known {
                object.insert(key(selector), value);
            }
        }
        Value::Object(object)
    }
}

/// What a path of names means.
enum Named {
    All,
    Some(Vec<FactSelector>),
    None(String, String),
}

/// Where the object stands: as a name of its own, outside of quotes.
fn starts(text: &str) -> Vec<usize> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut starts = Vec::new();
    let mut quote = None;
    let mut before = ' ';
    let mut characters = text.char_indices();
    while let Some((at, c)) = characters.next() {
        match quote {
            Some(_) if c == '\\' => {
                characters.next();
            }
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None => {
                let rest = text.get(at..).unwrap_or_default();
                let after = rest.strip_prefix(FACTS);
                let ends = after.is_some_and(|after| !after.starts_with(is_word));
                if ends && !is_word(before) && before != '.' {
                    starts.push(at);
                }
            }
        }
        before = c;
    }
    starts
}

/// The parts of a path after the object, and how many bytes they take.
fn path(text: &str) -> (Vec<String>, usize) {
    let mut parts = Vec::new();
    let mut rest = text;
    loop {
        let begin = rest.trim_start();
        let part = match begin.chars().next() {
            Some('.') => word(&begin[1..]),
            Some('[') => quoted(&begin[1..]),
            _ => None,
        };
        let Some((part, after)) = part else {
            return (parts, text.len() - rest.len());
        };
        parts.push(part);
        rest = after;
    }
}

fn word(text: &str) -> Option<(String, &str)> {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
    let (word, after) = text.split_at(end.unwrap_or(text.len()));
    (!word.is_empty()).then(|| (word.to_owned(), after))
}

fn quoted(text: &str) -> Option<(String, &str)> {
    let text = text.trim_start();
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (key, after) = text[1..].split_once(quote)?;
    let after = after.trim_start().strip_prefix(']')?;
    Some((key.to_owned(), after))
}

fn named(path: &[String], register: &Register) -> Named {
    let Some(first) = path.first() else {
        return Named::All;
    };
    if METHODS.contains(&first.as_str()) {
        return Named::All;
    }
    let selector = FactSelector::of_register(first, register);
    if let Ok(selector) = selector {
        return Named::Some(vec![selector]);
    }
    let is_family = |text: &str| {
        let mut names = register.declarations().map(|it| it.name.as_ref());
        names.any(|name| name.strip_suffix('*') == Some(text))
    };
    // Of a longer path the first part that is a name counts: what follows is a field of its value.
    for end in 1..=path.len() {
        let text = path.get(..end).unwrap_or_default().join(".");
        if let Ok(selector) = FactSelector::of_register(&text, register) {
            return Named::Some(vec![selector]);
        }
    }
    let whole = path.join(".");
    let below = format!("{whole}.");
    if is_family(&below) {
        return Named::All;
    }
    let names = register.declarations().map(|it| it.name.as_ref());
    let names: Vec<FactSelector> = names
        .filter(|name| name.starts_with(&below))
        .filter_map(|name| name.parse().ok())
        .collect();
    if !names.is_empty() {
        return Named::Some(names);
    }
    match FactSelector::of_register(&whole, register) {
        Ok(selector) => Named::Some(vec![selector]),
        Err(error) => {
            let names = register.declarations().map(|it| it.name.as_ref());
            let meant = did_you_mean(&whole, names);
            let meant = meant.map(|meant| format!("did you mean {FACTS}[\"{meant}\"]?"));
            Named::None(error.message, meant.unwrap_or(error.help))
        }
    }
}

/// All that can be known of an entity.
fn selectors_of(facts: &Facts, entity: &EntityRef) -> Vec<FactSelector> {
    let declared = facts.register().declarations();
    let declared = declared.filter(|it| !it.name.ends_with('*'));
    let plain = declared.filter_map(|it| it.name.parse().ok());
    let mut selectors: Vec<FactSelector> = plain.collect();
    for fact in facts.of(entity) {
        let selector = FactSelector {
            name: fact.name.to_string(),
            dimensions: fact.dimensions.clone(),
        };
        if selectors.last() != Some(&selector) {
            selectors.push(selector);
        }
    }
    selectors
}

/// The key of a selector, as it is written between brackets.
fn key(selector: &FactSelector) -> String {
    format!("{}{}", selector.name, selector.dimensions)
}

/// Puts a value where its name leads to, part by part. Without a value the way there is made all
/// the same, so that `facts.readme.lines` is undefined and no error of another kind. A fact that is
/// above another in names keeps its place.
fn nest(object: &mut Map<String, Value>, register: &Register, name: &str, value: Option<&Value>) {
    let ends = name.match_indices('.').map(|(at, _)| at);
    let mut parts = name.split('.');
    let last = parts.next_back().unwrap_or(name);
    let mut place = object;
    for (part, end) in parts.zip(ends) {
        if register.declaration(&name[..end]).is_some() {
            return;
        }
        let below = place
            .entry(part)
            .or_insert_with(|| Value::Object(Map::new()));
        let Value::Object(below) = below else {
            return;
        };
        place = below;
    }
    if let Some(value) = value {
        place.insert(last.to_owned(), value.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::{Mentions, Register};

    fn mentioned(text: &str) -> String {
        match Mentions::of(text, &Register::default()) {
            Ok(Mentions::All) => "all".to_owned(),
            Ok(Mentions::Some(selectors)) => {
                let names: Vec<String> = selectors.iter().map(super::key).collect();
                names.join(" ")
            }
            Err(error) => format!("{:?} {}", error.at, error.help),
        }
    }

    #[test]
    fn only_what_is_mentioned_is_needed() {
        for (text, expected) in [
            ("lifecycle == 'production' and my_facts and x.facts", ""),
            ("name == 'facts' and \"facts\\\" facts\"", ""),
            ("facts[\"readme.lines\"] > 20", "readme.lines"),
            (
                "facts.readme.lines|default(0) > facts [ 'commits.30d' ]",
                "readme.lines commits.30d",
            ),
            (
                "facts['availability{environment=staging}']",
                "availability{environment=staging}",
            ),
            (
                "facts['dependency.org:core'] is defined",
                "dependency.org:core",
            ),
            ("facts.readme", "readme.lines readme.present"),
            ("facts.language.upper()", "language"),
            ("facts.dependency", "all"),
            ("facts.get('readme.lines')", "all"),
            ("facts|length > 3", "all"),
            ("facts[name]", "all"),
            (
                "not facts.readme.lnes",
                "(4, 17) did you mean facts[\"readme.lines\"]?",
            ),
        ] {
            assert_eq!(mentioned(text), expected, "{text}");
        }
    }
}
