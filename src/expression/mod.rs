//! The one language of conditions: expressions of Jinja over plain values, as `minijinja` reads
//! them.
//!
//! A name or a field that is not there is an error and never quietly false, because a condition
//! with a typing mistake would else hold for nothing; `x is defined` and `x|default(0)` ask for
//! it. An expression can only look at the values that it is given, and takes bounded time.

mod functions;
mod token;
mod mention;
mod joined;
mod vocabulary;
mod scope;

use std::fmt;
use std::ops::Range;

use minijinja::{Environment, Error, UndefinedBehavior};
use serde::Serialize;

pub use joined::Joined;
pub use mention::{Argument, Filter, Guard, Mention, mentions};
pub use scope::{Scope, ScopeValue};
pub use vocabulary::UnknownWord;

/// Longer expressions are refused.
const LONGEST: usize = 4096;
/// Instructions that one evaluation may take.
const FUEL: u64 = 100_000;

const HELP_ON_UNDEFINED: &str =
    "ask with \"is defined\", or give what holds else: field|default(0)";

/// The language. It holds what expressions are made with.
#[derive(Debug)]
pub struct Language {
    environment: Environment<'static>,
}

/// An expression, ready to be evaluated.
#[derive(Debug)]
pub struct Expression<'language> {
    text: String,
    compiled: minijinja::Expression<'language, 'static>,
}

/// Why an expression has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpressionError {
    /// The expression.
    pub expression: String,
    /// Where in it, in characters from 0, and how many, where that is known.
    pub at: Option<(usize, usize)>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl Default for Language {
    fn default() -> Self {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_fuel(Some(FUEL));
        environment.set_debug(true);
        // Nothing that makes a large text out of a small expression.
        for filter in ["indent", "format", "replace", "join", "pprint", "tojson"] {
            environment.remove_filter(filter);
        }
        functions::add(&mut environment, None);
        Self { environment }
    }
}

impl Language {
    /// The language at a moment (seconds since 1970), which has `days_since`, too.
    #[must_use]
    pub fn at(now: i64) -> Self {
        let mut language = Self::default();
        functions::add(&mut language.environment, Some(now));
        language
    }

    /// The names of all functions.
    #[must_use]
    pub const fn functions() -> &'static [&'static str] {
        &functions::FUNCTIONS
    }

    /// The filters and tests that an expression names and that there are not.
    #[must_use]
    pub fn unknown_words(&self, expression: &str) -> Vec<UnknownWord> {
        vocabulary::unknown(&self.environment, expression)
    }

    /// Reads an expression.
    ///
    /// # Errors
    /// When it is none.
    pub fn compile(&self, text: &str) -> Result<Expression<'_>, ExpressionError> {
        if text.len() > LONGEST {
            return Err(ExpressionError {
                expression: text.chars().take(64).collect(),
                at: None,
                message: format!("the expression is longer than {LONGEST} bytes"),
                help: None,
            });
        }
        let compiled = self.environment.compile_expression_owned(text.to_owned());
        Ok(Expression {
            text: text.to_owned(),
            compiled: compiled.map_err(|error| ExpressionError::new(text, &error))?,
        })
    }
}

impl Expression<'_> {
    /// Whether it holds for a value, whose fields are the names of the expression.
    ///
    /// # Errors
    /// When it asks for what is not there, or for something that cannot be done with what is.
    pub fn is_true<T: Serialize>(&self, value: &T) -> Result<bool, ExpressionError> {
        self.holds(minijinja::value::Serde(value).into())
    }

    /// Whether it holds in a scope.
    ///
    /// # Errors
    /// When it asks for what is not there, or for something that cannot be done with what is.
    pub fn is_true_in(&self, scope: &Scope) -> Result<bool, ExpressionError> {
        self.holds(scope.context().clone())
    }

    fn holds(&self, context: minijinja::Value) -> Result<bool, ExpressionError> {
        let result = self.compiled.eval(context);
        let result = result.map_err(|error| ExpressionError::new(&self.text, &error))?;
        if result.is_undefined() {
            return Err(ExpressionError {
                expression: self.text.clone(),
                at: None,
                message: "the expression is undefined".to_owned(),
                help: Some(HELP_ON_UNDEFINED.to_owned()),
            });
        }
        Ok(result.is_true())
    }
}

impl ExpressionError {
    fn new(text: &str, error: &Error) -> Self {
        let message = match error.detail() {
            Some(detail) => detail.to_owned(),
            None => error.kind().to_string(),
        };
        let range = error.range().or_else(|| place_of_name(text, &message));
        let at = range.map(|range| {
            let characters = |to: usize| text.get(..to).map_or(0, |text| text.chars().count());
            let start = characters(range.start);
            (start, characters(range.end).saturating_sub(start))
        });
        let is_undefined = error.kind() == minijinja::ErrorKind::UndefinedError;
        let help = is_undefined.then(|| HELP_ON_UNDEFINED.to_owned());
        Self {
            expression: text.to_owned(),
            at,
            message,
            help,
        }
    }
}

/// Where the name stands that a message has between backticks: what is undefined has no range.
fn place_of_name(text: &str, message: &str) -> Option<Range<usize>> {
    let name = message.split('`').nth(1).filter(|name| !name.is_empty())?;
    let start = text.find(name)?;
    Some(start..start + name.len())
}

impl fmt::Display for ExpressionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line: String = self
            .expression
            .chars()
            .map(|c| if c.is_whitespace() { ' ' } else { c })
            .collect();
        write!(f, "{}\n  {line}", self.message)?;
        if let Some((start, length)) = self.at {
            let (indent, carets) = (" ".repeat(start), "^".repeat(length.max(1)));
            write!(f, "\n  {indent}{carets}")?;
        }
        match &self.help {
            Some(help) => write!(f, "\n  {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ExpressionError {}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Language;

    fn is_true(expression: &str) -> Result<bool, String> {
        let value = json!({"lifecycle": "production", "tags": ["rust"], "spec": {"replicas": 3}, "owner": null});
        let language = Language::default();
        let compiled = language
            .compile(expression)
            .map_err(|error| error.to_string())?;
        compiled.is_true(&value).map_err(|error| error.to_string())
    }

    #[test]
    fn conditions_hold_or_do_not() {
        assert_eq!(
            is_true("lifecycle == 'production' and 'rust' in tags"),
            Ok(true)
        );
        assert_eq!(is_true("spec.replicas > 3"), Ok(false));
        assert_eq!(is_true("not owner"), Ok(true));
        assert_eq!(is_true("spec.zones|default(1) < 2"), Ok(true));
    }

    #[test]
    fn what_is_not_there_is_an_error_at_its_place() {
        let error = is_true("lifecycel == 'production'").expect_err("undefined");
        assert!(error.contains('^'), "{error}");
        assert!(is_true("spec.zones > 1").is_err());
        assert!(is_true("spec.zones").is_err());
        assert!(is_true("a b").is_err());
    }

    #[test]
    fn nothing_large_or_endless_is_made() {
        assert!(is_true("range(100000000)|list|length > 1").is_err());
        assert!(is_true("('x' * 2000000000)|length > 1").is_err());
        assert!(is_true("[1] * 2000000000").is_err());
        assert!(is_true(&"(".repeat(100_000)).is_err());
        assert!(is_true(&"(".repeat(4_000)).is_err());
        assert!(is_true(&"not ".repeat(1_000)).is_err());
    }
}
