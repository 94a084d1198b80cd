//! Words → expressions, with the precedence of Nunjucks.

mod operators;

use super::syntax::{Applied, Arguments, Expression, Kind, Mistake, Parameter};
use super::token::{Token, TokenKind};

/// How deep brackets and operators may nest. The engine takes 150 levels, and one of ours can be
/// three of its.
const DEEPEST: usize = 40;
/// How many members, calls and filters may follow one value, and how many operands one operator.
const LONGEST_CHAIN: usize = 256;

/// An operator that Backstage does not read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Foreign {
    pub(super) at: usize,
    pub(super) sign: &'static str,
    pub(super) word: &'static str,
}

/// A reader of the words of one tag.
#[derive(Debug)]
pub(super) struct Parser<'tokens, 'text> {
    tokens: &'tokens [Token<'text>],
    next: usize,
    depth: usize,
    /// What Backstage does not read, and what it reads instead.
    foreign: Vec<Foreign>,
}

impl<'tokens, 'text> Parser<'tokens, 'text> {
    pub(super) fn new(tokens: &'tokens [Token<'text>]) -> Self {
        Self {
            tokens,
            next: 0,
            depth: 0,
            foreign: Vec::new(),
        }
    }

    /// What Backstage does not read of what was read.
    pub(super) fn into_foreign(self) -> Vec<Foreign> {
        self.foreign
    }

    /// Takes an operator of JavaScript that Nunjucks writes as a word.
    fn take_foreign(&mut self, sign: &'static str, word: &'static str) -> bool {
        let at = self.at();
        let is_it = self.take_sign(sign);
        if is_it {
            self.foreign.push(Foreign { at, sign, word });
        }
        is_it
    }

    pub(super) fn peek(&self) -> &TokenKind<'text> {
        self.tokens
            .get(self.next)
            .map_or(&TokenKind::End, |it| &it.kind)
    }

    /// Where the next word begins.
    pub(super) fn at(&self) -> usize {
        let token = self.tokens.get(self.next).or_else(|| self.tokens.last());
        token.map_or(0, |it| it.at)
    }

    fn advance(&mut self) {
        self.next += 1;
    }

    pub(super) fn take_sign(&mut self, sign: &str) -> bool {
        let is_it = matches!(self.peek(), TokenKind::Sign(it) if *it == sign);
        self.next += usize::from(is_it);
        is_it
    }

    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let is_it = matches!(self.peek(), TokenKind::Name(it) if *it == word);
        self.next += usize::from(is_it);
        is_it
    }

    pub(super) fn expect_sign(&mut self, sign: &str) -> Result<(), Mistake> {
        if self.take_sign(sign) {
            return Ok(());
        }
        Err(self.unexpected(&format!("\"{sign}\"")))
    }

    pub(super) fn expect_end(&self) -> Result<(), Mistake> {
        match self.peek() {
            TokenKind::End => Ok(()),
            _ => Err(self.unexpected("the end of the tag")),
        }
    }

    pub(super) fn name(&mut self, expected: &str) -> Result<&'text str, Mistake> {
        let TokenKind::Name(name) = *self.peek() else {
            return Err(self.unexpected(expected));
        };
        self.advance();
        Ok(name)
    }

    pub(super) fn unexpected(&self, expected: &str) -> Mistake {
        let seen = match self.peek() {
            TokenKind::End => "the end of the tag".to_owned(),
            TokenKind::Name(name) => format!("\"{name}\""),
            TokenKind::Sign(sign) => format!("\"{sign}\""),
            TokenKind::Text(_) => "a text".to_owned(),
            TokenKind::Number(_) => "a number".to_owned(),
            TokenKind::Regex { .. } => "a regular expression".to_owned(),
        };
        Mistake::new(self.at(), format!("expected {expected}, got {seen}"))
    }

    fn too_long(&self) -> Mistake {
        let message = format!("the expression chains more than {LONGEST_CHAIN} parts");
        Mistake::new(self.at(), message).with_help("name parts of it with {% set %}")
    }

    /// `a if condition else b`, the weakest of all.
    pub(super) fn expression(&mut self) -> Result<Expression, Mistake> {
        self.depth += 1;
        if self.depth > DEEPEST {
            let message = format!("the expression nests deeper than {DEEPEST} levels");
            let mistake = Mistake::new(self.at(), message);
            return Err(mistake.with_help("name parts of it with {% set %}"));
        }
        let at = self.at();
        let value = self.any()?;
        let expression = if self.take_word("if") {
            let condition = Box::new(self.any()?);
            let otherwise = if self.take_word("else") {
                Some(Box::new(self.any()?))
            } else {
                None
            };
            let then = Box::new(value);
            let kind = Kind::Choice {
                condition,
                then,
                otherwise,
            };
            Expression::new(at, kind)
        } else {
            value
        };
        self.depth -= 1;
        Ok(expression)
    }

    fn primary(&mut self) -> Result<Expression, Mistake> {
        let at = self.at();
        let kind = match self.peek().clone() {
            TokenKind::Text(text) => Kind::Text(text),
            TokenKind::Number(number) => Kind::Number(number),
            TokenKind::Regex { pattern, flags } => Kind::Regex { pattern, flags },
            TokenKind::Name("true") => Kind::Boolean(true),
            TokenKind::Name("false") => Kind::Boolean(false),
            TokenKind::Name("none" | "null") => Kind::Null,
            TokenKind::Name(name) => Kind::Name(name.to_owned()),
            TokenKind::Sign("(") => return self.group(),
            TokenKind::Sign("[") => {
                self.advance();
                return Ok(Expression::new(at, Kind::Array(self.list("]")?)));
            }
            TokenKind::Sign("{") => return self.object(),
            _ => return Err(self.unexpected("a value")),
        };
        self.advance();
        Ok(Expression::new(at, kind))
    }

    /// `(a)`, and `(a, b)`, which is `b`, as in JavaScript.
    fn group(&mut self) -> Result<Expression, Mistake> {
        let at = self.at();
        self.advance();
        let mut values = self.list(")")?;
        let Some(last) = values.pop() else {
            return Err(Mistake::new(at, "the brackets are empty"));
        };
        Ok(match last.kind {
            Kind::Chain(..) | Kind::Comparison(..) => {
                Expression::new(at, Kind::Group(Box::new(last)))
            }
            _ => last,
        })
    }

    /// Values up to a closing bracket.
    fn list(&mut self, closing: &str) -> Result<Vec<Expression>, Mistake> {
        let mut values = Vec::new();
        while !self.take_sign(closing) {
            if !values.is_empty() {
                self.expect_sign(",")?;
                if self.take_sign(closing) {
                    break;
                }
            }
            values.push(self.expression()?);
        }
        Ok(values)
    }

    fn object(&mut self) -> Result<Expression, Mistake> {
        let at = self.at();
        self.advance();
        let mut fields = Vec::new();
        while !self.take_sign("}") {
            if !fields.is_empty() {
                self.expect_sign(",")?;
                if self.take_sign("}") {
                    break;
                }
            }
            let mut key = self.primary()?;
            // A bare key is a text, not what the name means.
            if let Kind::Name(name) = key.kind {
                key = Expression::new(key.at, Kind::Text(name));
            }
            self.expect_sign(":")?;
            fields.push((key, self.expression()?));
        }
        Ok(Expression::new(at, Kind::Object(fields)))
    }

    /// Members, indices and calls after a value.
    fn postfix(&mut self, mut value: Expression) -> Result<Expression, Mistake> {
        for _ in 0..LONGEST_CHAIN {
            let at = value.at;
            let kind = if self.take_sign(".") {
                let name_at = self.at();
                let name = match *self.peek() {
                    TokenKind::Number(number) => {
                        self.advance();
                        Kind::Number(number)
                    }
                    _ => Kind::Text(self.name("the name of a field")?.to_owned()),
                };
                Kind::Member(Box::new(value), Box::new(Expression::new(name_at, name)))
            } else if self.take_sign("[") {
                self.index(value)?
            } else if matches!(self.peek(), TokenKind::Sign("(")) {
                Kind::Call(Box::new(value), self.arguments()?)
            } else {
                return Ok(value);
            };
            value = Expression::new(at, kind);
        }
        Err(self.too_long())
    }

    /// `[index]` and `[start:stop:step]`
    fn index(&mut self, of: Expression) -> Result<Kind, Mistake> {
        let mut parts: [Option<Box<Expression>>; 3] = [None, None, None];
        let mut colons = 0;
        loop {
            if self.take_sign("]") {
                break;
            }
            if self.take_sign(":") && colons < 2 {
                colons += 1;
                continue;
            }
            match parts.get_mut(colons) {
                Some(part @ None) => *part = Some(Box::new(self.expression()?)),
                _ => return Err(self.unexpected("\"]\"")),
            }
        }
        match (colons, parts) {
            (0, [Some(index), ..]) => Ok(Kind::Member(Box::new(of), index)),
            (0, _) => Err(Mistake::new(self.at(), "the index is empty")),
            (_, parts) => Ok(Kind::Slice(Box::new(of), parts)),
        }
    }

    fn filters(&mut self, mut value: Expression) -> Result<Expression, Mistake> {
        for _ in 0..LONGEST_CHAIN {
            if !self.take_sign("|") {
                return Ok(value);
            }
            let filter = self.applied("the name of a filter")?;
            let at = value.at;
            value = Expression::new(at, Kind::Filter(Box::new(value), filter));
        }
        Err(self.too_long())
    }

    /// The name of a filter or a test, and its arguments.
    pub(super) fn applied(&mut self, expected: &str) -> Result<Applied, Mistake> {
        let at = self.at();
        let name = self.name(expected)?.to_owned();
        let arguments = match self.peek() {
            TokenKind::Sign("(") => self.arguments()?,
            _ => Arguments::default(),
        };
        Ok(Applied {
            at,
            name,
            arguments,
        })
    }

    fn arguments(&mut self) -> Result<Arguments, Mistake> {
        self.expect_sign("(")?;
        let mut arguments = Arguments::default();
        let mut is_first = true;
        while !self.take_sign(")") {
            if !is_first {
                self.expect_sign(",")?;
                if self.take_sign(")") {
                    break;
                }
            }
            is_first = false;
            let value = self.expression()?;
            if !self.take_sign("=") {
                arguments.positional.push(value);
                continue;
            }
            let Kind::Name(name) = value.kind else {
                return Err(Mistake::new(value.at, "expected the name of an argument"));
            };
            if arguments.named.iter().any(|(it, _)| *it == name) {
                let message = format!("the argument \"{name}\" is given twice");
                return Err(Mistake::new(value.at, message));
            }
            arguments.named.push((name, self.expression()?));
        }
        Ok(arguments)
    }

    /// The parameters of a macro.
    pub(super) fn parameters(&mut self) -> Result<Vec<Parameter>, Mistake> {
        self.expect_sign("(")?;
        let mut parameters = Vec::new();
        while !self.take_sign(")") {
            if !parameters.is_empty() {
                self.expect_sign(",")?;
            }
            let name = self.name("the name of a parameter")?.to_owned();
            let default = if self.take_sign("=") {
                Some(self.expression()?)
            } else {
                None
            };
            parameters.push(Parameter { name, default });
        }
        Ok(parameters)
    }
}
