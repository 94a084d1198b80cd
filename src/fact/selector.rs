//! How a fact is named where it is asked for: `deployment.age{environment=production}`.

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
        let wrong = || SelectorError {
            message: format!("\"{text}\" names no fact"),
            help: "write NAME or NAME{environment=production}".to_owned(),
        };
        let (name, dimensions) = match text.split_once('{') {
            Some((name, rest)) => (name, rest.strip_suffix('}').ok_or_else(wrong)?),
            None => (text, ""),
        };
        if name.is_empty() {
            return Err(wrong());
        }
        let pairs = dimensions.split(',').map(str::trim);
        let pairs = pairs.filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').ok_or_else(wrong)?;
            Ok((name.trim(), value.trim()))
        });
        Ok(Self {
            name: name.to_owned(),
            dimensions: pairs.collect::<Result<Dimensions, SelectorError>>()?,
        })
    }
}

impl fmt::Display for FactSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.name, self.dimensions)
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
        ] {
            let selector: FactSelector = text.parse().expect(text);
            assert_eq!(selector.to_string(), written);
        }
        for text in ["", "{a=b}", "x{a=b", "x{a}"] {
            assert!(text.parse::<FactSelector>().is_err(), "{text}");
        }
    }
}
