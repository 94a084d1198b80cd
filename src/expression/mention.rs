//! The names that an expression mentions, and where, so that a name that cannot be is told before
//! anything is evaluated.

use super::token::{Token, TokenKind, tokens};

/// A name in an expression, with what is asked of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The name, as `entity`.
    pub name: String,
    /// The fields that follow it, as `spec`, `lifecycle`; those in brackets only when they are
    /// plain texts.
    pub fields: Vec<String>,
    /// The arguments, where it is called.
    pub arguments: Option<Vec<Argument>>,
    /// The function whose first argument it begins.
    pub inside: Option<String>,
    /// What is said of the case that it is not there.
    pub guard: Option<Guard>,
    /// The filters that it goes through.
    pub filters: Vec<Filter>,
    /// Where it begins, in bytes.
    pub start: usize,
    /// How long it is with its fields and arguments, in bytes.
    pub length: usize,
}

/// What an expression says of the case that a value is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// It asks whether it is there: `is defined`.
    Asked,
    /// It says what holds else: `|default(0)`.
    Replaced,
}

/// A filter that a value goes through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Its name.
    pub name: String,
    /// Its arguments.
    pub arguments: Vec<Argument>,
}

/// An argument of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// Its name, where it has one.
    pub name: Option<String>,
    /// Its text, where it is a plain one.
    pub text: Option<String>,
}

/// Words of the language that are no names of values.
const KEYWORDS: [&str; 12] = [
    "and", "or", "not", "in", "is", "if", "else", "true", "false", "none", "True", "False",
];

/// The names that an expression mentions, in their order. Filters and tests are none.
#[must_use]
pub fn mentions(expression: &str) -> Vec<Mention> {
    let tokens = tokens(expression);
    let mut mentions = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let TokenKind::Name(name) = &token.kind else {
            continue;
        };
        if KEYWORDS.contains(&name.as_str()) || is_part_of_another(&tokens, at) {
            continue;
        }
        mentions.push(mention(&tokens, at, name));
    }
    mentions
}

/// Whether a name is a field, a filter, a test, or the name of an argument.
fn is_part_of_another(tokens: &[Token], at: usize) -> bool {
    let before = |distance: usize| Some(&tokens.get(at.checked_sub(distance)?)?.kind);
    let is_sign = |kind: Option<&TokenKind>, sign| kind == Some(&TokenKind::Sign(sign));
    let is_word = |kind: Option<&TokenKind>, word: &str| matches!(kind, Some(TokenKind::Name(name)) if name == word);
    let is_test =
        is_word(before(1), "is") || (is_word(before(1), "not") && is_word(before(2), "is"));
    let is_argument = is_sign(tokens.get(at + 1).map(|next| &next.kind), '=')
        && !is_sign(tokens.get(at + 2).map(|next| &next.kind), '=')
        && (is_sign(before(1), '(') || is_sign(before(1), ','));
    is_sign(before(1), '.') || is_sign(before(1), '|') || is_test || is_argument
}

fn mention(tokens: &[Token], at: usize, name: &str) -> Mention {
    let sign = |index: usize| match tokens.get(index).map(|token| &token.kind) {
        Some(TokenKind::Sign(sign)) => Some(*sign),
        _ => None,
    };
    let (mut next, mut fields) = (at + 1, Vec::new());
    loop {
        match (sign(next), tokens.get(next + 1).map(|token| &token.kind)) {
            (Some('.'), Some(TokenKind::Name(field))) => {
                fields.push(field.clone());
                next += 2;
            }
            (Some('['), Some(TokenKind::Text(field))) if sign(next + 2) == Some(']') => {
                fields.push(field.clone());
                next += 3;
            }
            _ => break,
        }
    }
    let mut arguments = None;
    if sign(next) == Some('(') {
        let (found, end) = read_arguments(tokens, next + 1);
        arguments = Some(found);
        next = end;
    }
    let function = match tokens.get(at.wrapping_sub(2)).map(|token| &token.kind) {
        Some(TokenKind::Name(function)) => Some(function.clone()),
        _ => None,
    };
    let inside = function.filter(|_| sign(at.wrapping_sub(1)) == Some('('));
    let filters = filters(tokens, next);
    let start = tokens.get(at).map_or(0, |token| token.start);
    let end = tokens.get(next - 1).map_or(start, |token| token.end);
    Mention {
        name: name.to_owned(),
        fields,
        arguments,
        inside,
        guard: guard(tokens, next, &filters),
        filters,
        start,
        length: end - start,
    }
}

/// The filters that stand behind a value.
fn filters(tokens: &[Token], mut next: usize) -> Vec<Filter> {
    let kind = |index: usize| tokens.get(index).map(|token| &token.kind);
    let mut filters = Vec::new();
    while kind(next).is_some_and(|it| it.is_sign('|'))
        && let Some(TokenKind::Name(name)) = kind(next + 1)
    {
        next += 2;
        let mut arguments = Vec::new();
        if kind(next).is_some_and(|it| it.is_sign('(')) {
            (arguments, next) = read_arguments(tokens, next + 1);
        }
        filters.push(Filter {
            name: name.clone(),
            arguments,
        });
    }
    filters
}

/// What is said behind a value of the case that it is not there.
fn guard(tokens: &[Token], next: usize, filters: &[Filter]) -> Option<Guard> {
    let first = filters.first().map(|filter| filter.name.as_str());
    if matches!(first, Some("default" | "d")) {
        return Some(Guard::Replaced);
    }
    let is_word = |index: usize, word| {
        let token: Option<&Token> = tokens.get(index);
        token.is_some_and(|token| token.kind.is_word(word))
    };
    let test = next + 1 + usize::from(is_word(next + 1, "not"));
    let asks = is_word(next, "is") && (is_word(test, "defined") || is_word(test, "undefined"));
    asks.then_some(Guard::Asked)
}

/// The arguments of a call, and the token behind its `)`.
fn read_arguments(tokens: &[Token], first: usize) -> (Vec<Argument>, usize) {
    let mut arguments = Vec::new();
    let (mut depth, mut begin, mut at) = (0_usize, first, first);
    while let Some(token) = tokens.get(at) {
        match token.kind {
            TokenKind::Sign('(' | '[' | '{') => depth += 1,
            TokenKind::Sign(')') if depth == 0 => break,
            TokenKind::Sign(')' | ']' | '}') => depth = depth.saturating_sub(1),
            TokenKind::Sign(',') if depth == 0 => {
                arguments.extend(argument(&tokens[begin..at]));
                begin = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    let last = tokens.get(begin..at).unwrap_or_default();
    arguments.extend(argument(last));
    (arguments, (at + 1).min(tokens.len()))
}

fn argument(tokens: &[Token]) -> Option<Argument> {
    let kinds: Vec<&TokenKind> = tokens.iter().map(|token| &token.kind).collect();
    let (name, value) = match kinds.as_slice() {
        [] => return None,
        [TokenKind::Name(name), TokenKind::Sign('='), value @ ..] => (Some(name.clone()), value),
        value => (None, value),
    };
    let text = match value {
        [TokenKind::Text(text)] => Some(text.clone()),
        _ => None,
    };
    Some(Argument { name, text })
}

#[cfg(test)]
mod tests {
    use super::{Argument, Guard, mentions};

    #[test]
    fn names_are_found_with_their_fields_and_arguments() {
        let text = "entity.spec['type'] == 'x.y' and facts('a.b', environment = \"s\")|default(no) is not defined";
        let found = mentions(text);
        let names: Vec<&str> = found.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["entity", "facts", "no"]);
        assert_eq!(found[0].fields, ["spec", "type"]);
        let argument = |name: Option<&str>, text: &str| Argument {
            name: name.map(str::to_owned),
            text: Some(text.to_owned()),
        };
        let arguments = vec![argument(None, "a.b"), argument(Some("environment"), "s")];
        assert_eq!(found[1].arguments, Some(arguments));
        let end = found[1].start + found[1].length;
        assert_eq!(
            &text[found[1].start..end],
            "facts('a.b', environment = \"s\")"
        );
    }

    #[test]
    fn a_name_knows_the_function_around_it() {
        let found = mentions("version(facts('x')) >= version('2.17')");
        let facts = found.iter().find(|it| it.name == "facts").expect("facts");
        assert_eq!(facts.inside.as_deref(), Some("version"));
    }

    #[test]
    fn a_name_knows_what_is_said_of_the_case_that_it_is_missing() {
        let text = "facts('a') is not defined or facts('b')|default(0) > facts('c')|length";
        let guards: Vec<Option<Guard>> = mentions(text).iter().map(|it| it.guard).collect();
        assert_eq!(guards, [Some(Guard::Asked), Some(Guard::Replaced), None]);
        let found = mentions("dependents|selectattr('type', 'eq', 'x')|list|length");
        let names: Vec<&str> = found[0].filters.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["selectattr", "list", "length"]);
        assert_eq!(
            found[0].filters[0].arguments[0].text.as_deref(),
            Some("type")
        );
    }

    #[test]
    fn any_text_is_read() {
        for text in ["(", "a.(", "'", "f(", "f(a,", "a[", "é.ü(", "))", "a.b['"] {
            let _ = mentions(text);
        }
    }
}
