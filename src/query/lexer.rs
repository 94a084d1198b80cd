//! Text → tokens.

use super::error::{Problem, QueryError};
use super::syntax::Position;
use super::value::{Comparison, Value};

/// A token, and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) at: Position,
}

#[derive(Clone, Debug)]
pub(super) enum TokenKind {
    Open,
    Close,
    And,
    Or,
    Not,
    Word(Value),
    /// A name before `:`, where it stands, and the values after it.
    Field(String, Position, Vec<Value>),
}

/// What begins the name of a fact.
const FACT: &str = "fact.";

/// The tokens of a query.
///
/// # Errors
/// When a quote is not closed, or a qualifier has no value.
pub(super) fn tokens(query: &str) -> Result<Vec<Token>, QueryError> {
    let mut lexer = Lexer {
        query,
        characters: query.chars().collect(),
        next: 0,
    };
    let mut tokens = Vec::new();
    while let Some(token) = lexer.token()? {
        tokens.push(token);
    }
    Ok(tokens)
}

struct Lexer<'query> {
    query: &'query str,
    characters: Vec<char>,
    next: usize,
}

impl Lexer<'_> {
    fn token(&mut self) -> Result<Option<Token>, QueryError> {
        while self.peek().is_some_and(char::is_whitespace) {
            self.next += 1;
        }
        let start = self.next;
        let kind = match self.peek() {
            None => return Ok(None),
            Some('(') => self.sign(TokenKind::Open),
            Some(')') => self.sign(TokenKind::Close),
            Some('-') if self.negates() => self.sign(TokenKind::Not),
            Some('"') => TokenKind::Word(self.value(&[])?),
            Some(_) => self.word_or_field()?,
        };
        let at = self.from(start);
        Ok(Some(Token { kind, at }))
    }

    fn sign(&mut self, kind: TokenKind) -> TokenKind {
        self.next += 1;
        kind
    }

    /// Whether a `-` here stands before something that it can negate.
    fn negates(&self) -> bool {
        let after = self.characters.get(self.next + 1);
        after.is_some_and(|c| !c.is_whitespace() && *c != ')')
    }

    fn word_or_field(&mut self) -> Result<TokenKind, QueryError> {
        let start = self.next;
        let word = match self.name_of_fact()? {
            Some(name) => name,
            None => self.value(&[':'])?,
        };
        if self.peek() != Some(':') {
            return Ok(match word.text.as_str() {
                "and" | "AND" => TokenKind::And,
                "or" | "OR" => TokenKind::Or,
                "not" | "NOT" => TokenKind::Not,
                _ => TokenKind::Word(word),
            });
        }
        let name_at = self.from(start);
        self.next += 1;
        let is_fact = is_fact(&word.text);
        let mut values = vec![self.compared(is_fact)?];
        while self.peek() == Some(',') {
            self.next += 1;
            values.push(self.compared(is_fact)?);
        }
        values.retain(|value| value.quoted || !value.text.is_empty());
        if values.is_empty() {
            let problem = Problem::new(format!("\"{}:\" has no value", word.text));
            return Err(QueryError::new(self.query, self.from(start), problem));
        }
        Ok(TokenKind::Field(word.text, name_at, values))
    }

    /// The name of a fact before a `:`. It may have dimensions in braces, and parts in quotes, in
    /// which `:`, `,` and spaces mean themselves. Nothing when what stands here is none.
    fn name_of_fact(&mut self) -> Result<Option<Value>, QueryError> {
        let start = self.next;
        if !self.is_at_fact() {
            return Ok(None);
        }
        let text = self.selector(&[':'])?;
        if self.peek() != Some(':') {
            self.next = start;
            return Ok(None);
        }
        Ok(Some(Value {
            text,
            quoted: false,
            comparison: None,
            at: self.from(start),
        }))
    }

    fn is_at_fact(&self) -> bool {
        let rest = self.characters.iter().skip(self.next);
        is_fact(&rest.take(FACT.len()).collect::<String>())
    }

    /// A text as it is written up to one of `ends` outside of braces and quotes.
    fn selector(&mut self, ends: &[char]) -> Result<String, QueryError> {
        let start = self.next;
        let mut opened = None;
        while let Some(c) = self.peek() {
            let is_end = c.is_whitespace() || matches!(c, '(' | ')') || ends.contains(&c);
            if opened.is_none() && is_end {
                break;
            }
            match c {
                '"' => {
                    self.quoted()?;
                    continue;
                }
                '{' => opened = opened.or(Some(self.next)),
                '}' => opened = None,
                _ => {}
            }
            self.next += 1;
        }
        if let Some(start) = opened {
            let at = Position { start, length: 1 };
            let problem = Problem::new("the brace is not closed").help("add a } at its end");
            return Err(QueryError::new(self.query, at, problem));
        }
        Ok(self.characters[start..self.next.min(self.characters.len())]
            .iter()
            .collect())
    }

    /// A value of a list, perhaps with a comparison before it. What facts are compared with
    /// depends on them.
    fn compared(&mut self, is_fact: bool) -> Result<Value, QueryError> {
        let start = self.next;
        let rest: String = self.characters.iter().skip(start).take(2).collect();
        let sign = Comparison::ALL
            .iter()
            .find(|(sign, _)| rest.starts_with(sign));
        self.next += sign.map_or(0, |(sign, _)| sign.len());
        let mut value = self.value(&[','])?;
        value.comparison = sign.map(|(_, comparison)| *comparison);
        value.at = self.from(start);
        if value.comparison.is_some() && !is_fact && !value.is_comparable() {
            let problem = Problem::new(format!("\"{}\" is no number and no date", value.text))
                .help("compare with 3, 99.5 or 2026-03-31; quote what means itself");
            return Err(QueryError::new(self.query, value.at, problem));
        }
        Ok(value)
    }

    /// A quoted text, or what stands before a space, a parenthesis or one of `ends`.
    fn value(&mut self, ends: &[char]) -> Result<Value, QueryError> {
        let start = self.next;
        let quoted = self.peek() == Some('"');
        let text = if quoted {
            self.quoted()?
        } else if self.is_at_fact() && ends == [','] {
            self.selector(ends)?
        } else {
            self.bare(ends)
        };
        Ok(Value {
            text,
            quoted,
            comparison: None,
            at: self.from(start),
        })
    }

    fn bare(&mut self, ends: &[char]) -> String {
        let mut text = String::new();
        while let Some(c) = self
            .peek()
            .filter(|c| !c.is_whitespace() && !matches!(c, '(' | ')') && !ends.contains(c))
        {
            text.push(c);
            self.next += 1;
        }
        text
    }

    fn quoted(&mut self) -> Result<String, QueryError> {
        let start = self.next;
        self.next += 1;
        let mut text = String::new();
        loop {
            let Some(c) = self.peek() else {
                let at = Position { start, length: 1 };
                let problem = Problem::new("the quote is not closed").help("add a \" at its end");
                return Err(QueryError::new(self.query, at, problem));
            };
            self.next += 1;
            match c {
                '"' => return Ok(text),
                '\\' => {
                    text.extend(self.peek());
                    self.next += 1;
                }
                c => text.push(c),
            }
        }
    }

    fn peek(&self) -> Option<char> {
        self.characters.get(self.next).copied()
    }

    fn from(&self, start: usize) -> Position {
        let end = self.next.min(self.characters.len());
        Position {
            start,
            length: end.saturating_sub(start),
        }
    }
}

/// Whether a name is that of a fact.
fn is_fact(name: &str) -> bool {
    let begin = name.get(..FACT.len());
    begin.is_some_and(|begin| begin.eq_ignore_ascii_case(FACT))
}
