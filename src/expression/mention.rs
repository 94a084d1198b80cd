//! The names that an expression mentions, and where, so that a name that cannot be is told before
//! anything is evaluated.

use std::iter::Peekable;
use std::str::CharIndices;

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
    /// The function whose only argument it is.
    pub inside: Option<String>,
    /// Where it begins, in bytes.
    pub start: usize,
    /// How long it is with its fields and arguments, in bytes.
    pub length: usize,
}

/// An argument of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// Its name, where it has one.
    pub name: Option<String>,
    /// Its text, where it is a plain one.
    pub text: Option<String>,
}

/// A token, and where it stands.
#[derive(Clone, Debug)]
struct Token {
    kind: TokenKind,
    start: usize,
    end: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum TokenKind {
    Name(String),
    Text(String),
    Sign(char),
    Other,
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
    let inside = (sign(at.wrapping_sub(1)) == Some('(') && sign(next) == Some(')'))
        .then(
            || match tokens.get(at.wrapping_sub(2)).map(|token| &token.kind) {
                Some(TokenKind::Name(function)) => Some(function.clone()),
                _ => None,
            },
        )
        .flatten();
    let start = tokens.get(at).map_or(0, |token| token.start);
    let end = tokens.get(next - 1).map_or(start, |token| token.end);
    Mention {
        name: name.to_owned(),
        fields,
        arguments,
        inside,
        start,
        length: end - start,
    }
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

fn tokens(expression: &str) -> Vec<Token> {
    let mut characters = expression.char_indices().peekable();
    let mut tokens = Vec::new();
    while let Some((start, c)) = characters.next() {
        let kind = if c.is_whitespace() {
            continue;
        } else if c == '_' || c.is_alphabetic() {
            TokenKind::Name(take_name(&mut characters, c))
        } else if c == '"' || c == '\'' {
            TokenKind::Text(take_text(&mut characters, c))
        } else if c.is_ascii_digit() {
            while characters
                .next_if(|(_, c)| c.is_ascii_alphanumeric() || *c == '.')
                .is_some()
            {}
            TokenKind::Other
        } else {
            TokenKind::Sign(c)
        };
        let end = characters.peek().map_or(expression.len(), |(end, _)| *end);
        tokens.push(Token { kind, start, end });
    }
    tokens
}

fn take_name(characters: &mut Peekable<CharIndices<'_>>, first: char) -> String {
    let mut name = String::from(first);
    while let Some((_, c)) = characters.next_if(|(_, c)| *c == '_' || c.is_alphanumeric()) {
        name.push(c);
    }
    name
}

fn take_text(characters: &mut Peekable<CharIndices<'_>>, quote: char) -> String {
    let mut text = String::new();
    while let Some((_, c)) = characters.next() {
        match c {
            '\\' => text.extend(characters.next().map(|(_, c)| c)),
            c if c == quote => break,
            c => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Argument, mentions};

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
    fn any_text_is_read() {
        for text in ["(", "a.(", "'", "f(", "f(a,", "a[", "é.ü(", "))", "a.b['"] {
            let _ = mentions(text);
        }
    }
}
