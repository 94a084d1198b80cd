//! Operators, in the order in which they bind, the weakest first.

use super::{DEEPEST, LONGEST_CHAIN, Parser};
use crate::template::syntax::{Comparison, Expression, Kind, Mistake, Operator};
use crate::template::token::TokenKind;

impl Parser<'_, '_> {
    pub(super) fn any(&mut self) -> Result<Expression, Mistake> {
        let at = self.at();
        let mut operands = vec![self.all()?];
        while self.take_word("or") || self.take_foreign("||", "or") {
            operands.push(self.all()?);
        }
        self.chained(at, operands, Kind::Any)
    }

    fn all(&mut self) -> Result<Expression, Mistake> {
        let at = self.at();
        let mut operands = vec![self.negation()?];
        while self.take_word("and") || self.take_foreign("&&", "and") {
            operands.push(self.negation()?);
        }
        self.chained(at, operands, Kind::All)
    }

    fn chained(
        &self,
        at: usize,
        mut operands: Vec<Expression>,
        kind: impl FnOnce(Vec<Expression>) -> Kind,
    ) -> Result<Expression, Mistake> {
        match operands.len() {
            1 => operands.pop().ok_or_else(|| self.unexpected("a value")),
            length if length > LONGEST_CHAIN => Err(self.too_long()),
            _ => Ok(Expression::new(at, kind(operands))),
        }
    }

    fn negation(&mut self) -> Result<Expression, Mistake> {
        let at = self.at();
        let mut count = 0_usize;
        while self.take_word("not") {
            count += 1;
        }
        let value = self.contains()?;
        // An even number of them is still a boolean.
        let wraps = if count == 0 { 0 } else { 2 - count % 2 };
        Ok((0..wraps).fold(value, |value, _| negated(at, value)))
    }

    fn contains(&mut self) -> Result<Expression, Mistake> {
        let at = self.at();
        let mut item = self.test()?;
        for _ in 0..DEEPEST {
            let before = self.next;
            let is_negated = self.take_word("not");
            if !self.take_word("in") {
                self.next = before;
                return Ok(item);
            }
            let kind = Kind::Contains {
                item: Box::new(item),
                container: Box::new(self.test()?),
                is_negated,
            };
            item = Expression::new(at, kind);
        }
        Err(self.too_long())
    }

    fn test(&mut self) -> Result<Expression, Mistake> {
        let at = self.at();
        let subject = self.comparison()?;
        if !self.take_word("is") {
            return Ok(subject);
        }
        let is_negated = self.take_word("not");
        let test = self.applied("the name of a test")?;
        let subject = Box::new(subject);
        let kind = Kind::Test {
            subject,
            test,
            is_negated,
        };
        Ok(Expression::new(at, kind))
    }

    fn comparison(&mut self) -> Result<Expression, Mistake> {
        let at = self.at();
        let first = self.sum()?;
        let mut others = Vec::new();
        while let Some(comparison) = self.take_comparison() {
            others.push((comparison, self.sum()?));
        }
        match others.len() {
            0 => Ok(first),
            length if length > DEEPEST => Err(self.too_long()),
            _ => Ok(Expression::new(
                at,
                Kind::Comparison(Box::new(first), others),
            )),
        }
    }

    fn take_comparison(&mut self) -> Option<Comparison> {
        let TokenKind::Sign(sign) = *self.peek() else {
            return None;
        };
        let comparison = match sign {
            "==" => Comparison::Equal,
            "!=" => Comparison::NotEqual,
            "===" => Comparison::Same,
            "!==" => Comparison::NotSame,
            "<" => Comparison::Less,
            "<=" => Comparison::LessOrEqual,
            ">" => Comparison::Greater,
            ">=" => Comparison::GreaterOrEqual,
            _ => return None,
        };
        self.advance();
        Some(comparison)
    }

    /// Sums: `+`, `-` and `~` bind alike, from the left, as in the JavaScript that Nunjucks writes.
    fn sum(&mut self) -> Result<Expression, Mistake> {
        self.chain(
            Self::product,
            &[
                ("~", Operator::Concatenate),
                ("+", Operator::Add),
                ("-", Operator::Subtract),
            ],
        )
    }

    fn product(&mut self) -> Result<Expression, Mistake> {
        self.chain(
            Self::floor_division,
            &[("*", Operator::Multiply), ("/", Operator::Divide)],
        )
    }

    fn floor_division(&mut self) -> Result<Expression, Mistake> {
        let at = self.at();
        let signs = [("//", Operator::DivideToFloor)];
        let value = self.chain(Self::remainder, &signs)?;
        Ok(match value.kind {
            // It is a call in JavaScript, which nothing reaches into.
            Kind::Chain(_, ref rest)
                if matches!(rest.first(), Some((Operator::DivideToFloor, _))) =>
            {
                Expression::new(at, Kind::Group(Box::new(value)))
            }
            _ => value,
        })
    }

    fn remainder(&mut self) -> Result<Expression, Mistake> {
        self.chain(Self::power, &[("%", Operator::Remainder)])
    }

    fn power(&mut self) -> Result<Expression, Mistake> {
        let at = self.at();
        let value = self.chain(Self::unary, &[("**", Operator::Power)])?;
        Ok(match value.kind {
            Kind::Chain(..) => Expression::new(at, Kind::Group(Box::new(value))),
            _ => value,
        })
    }

    /// Operands of operators that bind alike.
    fn chain(
        &mut self,
        operand: fn(&mut Self) -> Result<Expression, Mistake>,
        operators: &[(&str, Operator)],
    ) -> Result<Expression, Mistake> {
        let at = self.at();
        let first = operand(self)?;
        let mut rest = Vec::new();
        while let TokenKind::Sign(sign) = *self.peek() {
            let Some((_, operator)) = operators.iter().find(|(it, _)| *it == sign) else {
                break;
            };
            self.advance();
            let value = operand(self)?;
            match value.kind {
                // A remainder binds like a product, so that `a * b % c` begins with `a * b`.
                Kind::Chain(value, more)
                    if matches!(operator, Operator::Multiply | Operator::Divide) =>
                {
                    rest.push((*operator, *value));
                    rest.extend(more);
                }
                _ => rest.push((*operator, value)),
            }
        }
        match rest.len() {
            0 => Ok(first),
            length if length > LONGEST_CHAIN => Err(self.too_long()),
            _ => Ok(Expression::new(at, Kind::Chain(Box::new(first), rest))),
        }
    }

    fn unary(&mut self) -> Result<Expression, Mistake> {
        let at = self.at();
        let mut prefixes = Vec::new();
        while let TokenKind::Sign(sign @ ("-" | "+" | "!")) = *self.peek() {
            if !self.take_foreign("!", "not") {
                self.advance();
            }
            prefixes.push(sign);
        }
        if prefixes.len() > DEEPEST {
            return Err(self.too_long());
        }
        let value = self.primary()?;
        let value = self.postfix(value)?;
        let value = prefixes.into_iter().rev().fold(value, |value, sign| {
            let value = Box::new(value);
            let kind = match sign {
                "-" => Kind::Negated(value),
                "+" => Kind::AsNumber(value),
                _ => Kind::Not(value),
            };
            Expression::new(at, kind)
        });
        self.filters(value)
    }
}

/// `not` before an expression: in the JavaScript that Nunjucks writes it is `!`, which binds to
/// the first operand only, so that `not a == b` asks whether `!a` is `b`.
fn negated(at: usize, expression: Expression) -> Expression {
    let kind = match expression.kind {
        Kind::Comparison(first, others) => Kind::Comparison(Box::new(negated(at, *first)), others),
        Kind::Chain(first, rest) => Kind::Chain(Box::new(negated(at, *first)), rest),
        kind => Kind::Not(Box::new(Expression::new(expression.at, kind))),
    };
    Expression::new(at, kind)
}
