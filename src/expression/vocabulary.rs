//! The filters and tests that an expression names: a misspelled one is else found only when it is
//! reached.

use minijinja::{Environment, ErrorKind};

use super::token::{Token, TokenKind, tokens};
use crate::diagnostic::did_you_mean;

/// The usual filters, for suggestions.
const FILTERS: [&str; 29] = [
    "abs",
    "attr",
    "bool",
    "capitalize",
    "count",
    "default",
    "first",
    "float",
    "int",
    "items",
    "last",
    "length",
    "list",
    "lower",
    "map",
    "max",
    "min",
    "reject",
    "rejectattr",
    "reverse",
    "round",
    "select",
    "selectattr",
    "sort",
    "split",
    "string",
    "sum",
    "trim",
    "unique",
];
/// The usual tests, for suggestions.
const TESTS: [&str; 21] = [
    "boolean",
    "defined",
    "divisibleby",
    "endingwith",
    "eq",
    "even",
    "ge",
    "gt",
    "in",
    "integer",
    "iterable",
    "le",
    "lt",
    "mapping",
    "ne",
    "none",
    "number",
    "odd",
    "startingwith",
    "string",
    "undefined",
];

/// A filter or a test that there is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownWord {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
    /// Where it begins, in bytes.
    pub start: usize,
    /// How long it is, in bytes.
    pub length: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    Filter,
    Test,
}

/// The filters and tests of an expression that an environment does not have.
pub(super) fn unknown(environment: &Environment<'_>, expression: &str) -> Vec<UnknownWord> {
    let tokens = tokens(expression);
    let words = (0..tokens.len()).filter_map(|at| word(&tokens, at));
    let unknown = words.filter(|(word, name, _)| !word.is_known(environment, name));
    let unknown = unknown.map(|(word, name, token)| word.unknown(name, token));
    unknown.collect()
}

/// The filter or test that a token names.
fn word(tokens: &[Token], at: usize) -> Option<(Word, &str, &Token)> {
    let token = tokens.get(at)?;
    let before = |distance: usize| Some(&tokens.get(at.checked_sub(distance)?)?.kind);
    let is_sign = |distance, sign| before(distance).is_some_and(|it| it.is_sign(sign));
    let is_word = |distance, word: &str| before(distance).is_some_and(|it| it.is_word(word));
    match &token.kind {
        TokenKind::Name(name) if is_sign(1, '|') => Some((Word::Filter, name, token)),
        TokenKind::Name(name) if name == "not" => None,
        TokenKind::Name(name) if is_word(1, "is") || is_word(1, "not") && is_word(2, "is") => {
            Some((Word::Test, name, token))
        }
        // The first argument of these is the name of a test, or of a filter.
        TokenKind::Text(name) if is_sign(1, '(') && is_sign(3, '|') => {
            let of = |word| Some((word, name.as_str(), token));
            match before(2) {
                Some(TokenKind::Name(filter)) if filter == "select" || filter == "reject" => {
                    of(Word::Test)
                }
                Some(TokenKind::Name(filter)) if filter == "map" => of(Word::Filter),
                _ => None,
            }
        }
        // The second one of these.
        TokenKind::Text(name) if is_sign(1, ',') && is_sign(3, '(') && is_sign(5, '|') => {
            let is_selection = is_word(4, "selectattr") || is_word(4, "rejectattr");
            is_selection.then_some((Word::Test, name, token))
        }
        _ => None,
    }
}

impl Word {
    /// Whether there is one: what comes of it with nothing matters not.
    fn is_known(self, environment: &Environment<'_>, name: &str) -> bool {
        let is_plain = |c: char| c == '_' || c.is_ascii_alphanumeric();
        let (text, missing) = match self {
            Self::Filter => (format!("0|{name}"), ErrorKind::UnknownFilter),
            Self::Test if !name.chars().all(is_plain) => {
                return ["==", "!=", "<", "<=", ">", ">="].contains(&name);
            }
            Self::Test if name == "in" => return true,
            Self::Test => (format!("0 is {name}"), ErrorKind::UnknownTest),
        };
        let result = environment.compile_expression_owned(text);
        let result = result.and_then(|expression| expression.eval(()));
        result.err().is_none_or(|error| error.kind() != missing)
    }

    fn unknown(self, name: &str, token: &Token) -> UnknownWord {
        let (what, known) = match self {
            Self::Filter => ("filter", &FILTERS[..]),
            Self::Test => ("test", &TESTS[..]),
        };
        let meant = did_you_mean(name, known.iter().copied());
        UnknownWord {
            message: format!("there is no {what} \"{name}\""),
            help: match meant {
                Some(meant) => format!("did you mean \"{meant}\"?"),
                None => format!("there are {}", known.join(", ")),
            },
            start: token.start,
            length: token.end - token.start,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Language;

    #[test]
    fn misspelled_filters_and_tests_are_found() {
        let language = Language::default();
        let unknown = |text: &str| {
            let found = language.unknown_words(text).into_iter();
            found.map(|it| it.message).collect::<Vec<String>>()
        };
        for good in [
            "a|selectattr('b', 'in', c)|list|length >= 2 and d is not none",
            "a|select('in', b)|map('upper')|first is defined and 'is' == x",
            "a|rejectattr('b', '==', 1)|map(attribute='b')|unique is iterable",
        ] {
            assert_eq!(unknown(good), [""; 0], "{good}");
        }
        assert_eq!(unknown("a|lenght > 1"), ["there is no filter \"lenght\""]);
        assert_eq!(unknown("a is defind"), ["there is no test \"defind\""]);
        assert_eq!(
            unknown("a|select('inn', b)|selectattr('x', 'eqq', 1)"),
            ["there is no test \"inn\"", "there is no test \"eqq\""]
        );
    }
}
