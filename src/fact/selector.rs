//! How a fact is named where it is asked for: `deployment.age{environment=production}`.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use super::{Dimensions, Register};
use crate::diagnostic::did_you_mean;

/// The name of a fact, and the dimensions that are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactSelector {
    /// The name.
    pub name: String,
    /// The dimensions; those that are not given have their defaults.
    pub dimensions: Dimensions,
}

/// Why a text names no fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectorError {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl FactSelector {
    /// Reads a selector, and looks it up.
    ///
    /// # Errors
    /// When it is not written as one, or the register has no such name or dimension.
    pub fn of_register(text: &str, register: &Register) -> Result<Self, SelectorError> {
        let selector: Self = text.parse()?;
        let Some(declaration) = register.declaration(&selector.name) else {
            let names = register.declarations().map(|known| &*known.name);
            let help = did_you_mean(&selector.name, names)
                .map(|meant| format!("did you mean \"{meant}\"?"));
            return Err(SelectorError {
                message: format!("there is no fact \"{}\"", selector.name),
                help: help.unwrap_or_else(|| "\"devportal facts list\" lists them".to_owned()),
            });
        };
        let has = |name: &str| declaration.dimensions.contains(&name);
        if let Some((unknown, _)) = selector.dimensions.iter().find(|(name, _)| !has(name)) {
            let known = declaration.dimensions.join(", ");
            return Err(SelectorError {
                message: format!("fact \"{}\" has no dimension \"{unknown}\"", selector.name),
                help: if known.is_empty() {
                    "it has none".to_owned()
                } else {
                    format!("it has {known}")
                },
            });
        }
        Ok(selector)
    }
}

impl FromStr for FactSelector {
    type Err = SelectorError;

    fn from_str(text: &str) -> Result<Self, SelectorError> {
        let read = || {
            let mut rest = text;
            let name = word(&mut rest, &['{'])?;
            let dimensions = dimensions(rest)?;
            (!name.is_empty()).then_some(Self { name, dimensions })
        };
        read().ok_or_else(|| SelectorError {
            message: format!("\"{text}\" names no fact"),
            help: "write NAME or NAME{environment=production}".to_owned(),
        })
    }
}

/// What stands in braces, or nothing at all.
fn dimensions(text: &str) -> Option<Dimensions> {
    if text.is_empty() {
        return Some(Dimensions::default());
    }
    let mut rest = text.strip_prefix('{')?.trim_start();
    let mut dimensions = Dimensions::default();
    while !rest.starts_with('}') {
        let name = word(&mut rest, &['=', ',', '}'])?;
        rest = rest.strip_prefix('=')?;
        let value = word(&mut rest, &[',', '}'])?;
        dimensions = dimensions.with(name, value);
        rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
    }
    (rest == "}").then_some(dimensions)
}

/// Takes a word up to one of `ends` from a text; in quotes everything means itself.
fn word(rest: &mut &str, ends: &[char]) -> Option<String> {
    let text = rest.trim_start();
    let Some(quoted) = text.strip_prefix('"') else {
        let (word, after) = text.split_at(text.find(ends).unwrap_or(text.len()));
        *rest = after;
        return Some(word.trim().to_owned());
    };
    let mut word = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '"' => {
                *rest = quoted[at + 1..].trim_start();
                return (rest.is_empty() || rest.starts_with(ends)).then_some(word);
            }
            '\\' => word.push(characters.next()?.1),
            c => word.push(c),
        }
    }
    None
}

/// A word of a selector, in quotes where it would else not be read as it is.
pub(super) fn written(word: &str) -> Cow<'_, str> {
    let is_sign = |c: char| c.is_whitespace() || "\"\\:,={}()".contains(c);
    if !word.is_empty() && !word.contains(is_sign) {
        return Cow::Borrowed(word);
    }
    let escaped = word.replace('\\', "\\\\").replace('"', "\\\"");
    Cow::Owned(format!("\"{escaped}\""))
}

impl fmt::Display for FactSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", written(&self.name), self.dimensions)
    }
}

#[cfg(test)]
mod tests {
    use super::FactSelector;

    #[test]
    fn a_name_and_dimensions_are_read_and_written() {
        for (text, written) in [
            ("readme.lines", "readme.lines"),
            (
                "availability{region=eu, environment=staging}",
                "availability{environment=staging,region=eu}",
            ),
            ("availability{}", "availability"),
            ("dependency.org:core", "\"dependency.org:core\""),
            ("\"dependency.org:core\"", "\"dependency.org:core\""),
            (
                "availability{region=\"eu, west\"}",
                "availability{region=\"eu, west\"}",
            ),
        ] {
            let selector: FactSelector = text.parse().expect(text);
            assert_eq!(selector.to_string(), written);
        }
        for text in ["", "{a=b}", "x{a=b", "x{a}", "x{a=b}y", "\"x", "\"x\"y"] {
            assert!(text.parse::<FactSelector>().is_err(), "{text}");
        }
    }
}
