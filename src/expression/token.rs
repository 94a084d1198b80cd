//! Expressions → tokens, for those who look at what an expression is made of. Whether it is one,
//! minijinja decides.

use std::iter::Peekable;
use std::str::CharIndices;

/// A token, and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    Name(String),
    Text(String),
    Sign(char),
    Other,
}

/// The tokens of an expression. Reads any text.
pub(super) fn tokens(expression: &str) -> Vec<Token> {
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

impl TokenKind {
    /// Whether it is that sign.
    pub(super) fn is_sign(&self, sign: char) -> bool {
        *self == Self::Sign(sign)
    }

    /// Whether it is that word.
    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(self, Self::Name(name) if name == word)
    }
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
