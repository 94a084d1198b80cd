//! Tokens → tree.

use super::error::{Problem, QueryError};
use super::lexer::{Token, TokenKind, tokens};
use super::qualifier::Subject;
use super::syntax::{Expression, Field, Position};
use super::value::Value;

/// How deep parentheses may stand in each other.
const DEEPEST: usize = 64;

/// Reads a query: `any := all ("or" all)*`, `all := part+`, `part := "not" part | "(" any ")" |
/// word | name ":" values`.
///
/// # Errors
/// When the text is not of that form.
pub(super) fn parse(query: &str) -> Result<Expression, QueryError> {
    let mut parser = Parser {
        query,
        tokens: tokens(query)?,
        next: 0,
        depth: 0,
    };
    if parser.tokens.is_empty() {
        return Ok(Expression::All(Vec::new()));
    }
    let root = parser.any()?;
    match parser.peek() {
        None => Ok(root),
        Some(token) => {
            let at = token.at;
            Err(parser.error(at, Problem::new("this parenthesis closes nothing")))
        }
    }
}

struct Parser<'query> {
    query: &'query str,
    tokens: Vec<Token>,
    next: usize,
    depth: usize,
}

impl Parser<'_> {
    fn any(&mut self) -> Result<Expression, QueryError> {
        let mut parts = vec![self.all()?];
        while self.take(|kind| matches!(kind, TokenKind::Or)).is_some() {
            parts.push(self.all()?);
        }
        Ok(Expression::any(parts))
    }

    fn all(&mut self) -> Result<Expression, QueryError> {
        let mut parts = vec![self.part()?];
        loop {
            let joined = self.take(|kind| matches!(kind, TokenKind::And)).is_some();
            let ends = matches!(
                self.peek().map(|token| &token.kind),
                None | Some(TokenKind::Or | TokenKind::Close)
            );
            if ends && !joined {
                return Ok(Expression::all(parts));
            }
            parts.push(self.part()?);
        }
    }

    fn part(&mut self) -> Result<Expression, QueryError> {
        let mut negations = 0;
        while self.take(|kind| matches!(kind, TokenKind::Not)).is_some() {
            negations += 1;
        }
        let part = self.plain_part()?;
        Ok(if negations % 2 == 1 {
            part.negated()
        } else {
            part
        })
    }

    fn plain_part(&mut self) -> Result<Expression, QueryError> {
        let Some(token) = self.tokens.get(self.next).cloned() else {
            let at = self.end();
            let problem = Problem::new("something must follow here");
            return Err(self.error(at, problem.help("add a word or a qualifier")));
        };
        self.next += 1;
        match token.kind {
            TokenKind::Word(word) => Ok(Expression::Word(word)),
            TokenKind::Field(name, at, values) => self.field(&name, at, values),
            TokenKind::Open => self.group(token.at),
            TokenKind::Close | TokenKind::And | TokenKind::Or | TokenKind::Not => {
                let problem = Problem::new("a word or a qualifier is missing before this");
                Err(self.error(
                    token.at,
                    problem.help("quote \"or\", \"and\" and \"not\" to search for them"),
                ))
            }
        }
    }

    fn group(&mut self, opened: Position) -> Result<Expression, QueryError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            let problem = Problem::new(format!("more than {DEEPEST} parentheses in each other"));
            return Err(self.error(opened, problem));
        }
        let inner = self.any()?;
        self.depth -= 1;
        if self.take(|kind| matches!(kind, TokenKind::Close)).is_some() {
            return Ok(inner);
        }
        let problem = Problem::new("the parenthesis is not closed").help("add a ) at its end");
        Err(self.error(opened, problem))
    }

    fn field(
        &self,
        name: &str,
        at: Position,
        values: Vec<Value>,
    ) -> Result<Expression, QueryError> {
        let (subject, key) = Subject::named(name, &values).map_err(|it| self.error(at, it))?;
        Ok(Expression::Field(Field {
            subject,
            at,
            key,
            values,
        }))
    }

    fn take(&mut self, wanted: fn(&TokenKind) -> bool) -> Option<Position> {
        let token = self.peek().filter(|token| wanted(&token.kind))?;
        let at = token.at;
        self.next += 1;
        Some(at)
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next)
    }

    fn end(&self) -> Position {
        Position {
            start: self.query.chars().count(),
            length: 1,
        }
    }

    fn error(&self, at: Position, problem: Problem) -> QueryError {
        QueryError::new(self.query, at, problem)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Query;
    use super::parse;

    fn error(query: &str) -> (usize, usize, String) {
        let error = Query::parse(query).expect_err("no query");
        (error.start, error.length, error.help.unwrap_or_default())
    }

    #[test]
    fn errors_point_into_the_query() {
        assert_eq!(
            error("pay ownr:x"),
            (4, 4, "did you mean \"owner\"?".to_owned())
        );
        assert_eq!(
            error("é name:\"x"),
            (7, 1, "add a \" at its end".to_owned())
        );
        assert_eq!(error("kind:").0, 0);
        assert_eq!(error("(a or b").0, 0);
        assert_eq!(error("a)").0, 1);
        assert_eq!(error("a or").0, 4);
        assert_eq!(error("a not").0, 5);
        assert_eq!(
            error("spec.replicas:>many"),
            (
                14,
                5,
                "compare with 3, 99.5 or 2026-03-31; quote what means itself".to_owned()
            )
        );
        assert_eq!(error(&"(".repeat(100_000)).0, 64);
    }

    #[test]
    fn and_binds_more_tightly_than_or() {
        for (written, printed) in [
            ("a b or c", "a b or c"),
            ("a (b or c)", "a (b or c)"),
            ("a and b OR (c d)", "a b or c d"),
            ("-a -kind:api", "not a not kind:api"),
            ("not not a", "a"),
            ("-(a b)", "not (a b)"),
            ("((a))", "a"),
            (
                "pay \"credit card\" kind:component,api",
                "pay \"credit card\" kind:component,api",
            ),
            ("label.tier:<=2,\"<2\"", "label.tier:<=2,\"<2\""),
            ("DEPENDSON:x", "dependsOn:x"),
        ] {
            let query = Query::parse(written).expect(written);
            assert_eq!(query.to_string(), printed, "{written}");
        }
    }

    /// Queries as people might write them, of every part of the language.
    fn written() -> impl Strategy<Value = String> {
        let bare = "[a-z*é.-]{1,4}".prop_map(|word| format!("x{word}"));
        let quoted = "[a-c \\(:,*<-]{0,4}"
            .prop_map(|text| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")));
        let value = prop_oneof![bare.clone(), quoted.clone(), "[<>]=?[0-9]{1,3}"];
        let name = prop::sample::select(vec![
            "kind",
            "owner",
            "label.a/b",
            "spec.x.y",
            "dependsOn",
            "NAME",
        ]);
        let field = (name, prop::collection::vec(value, 1..3))
            .prop_map(|(name, values)| format!("{name}:{}", values.join(",")));
        let term = prop_oneof![bare, quoted, field];
        term.prop_recursive(5, 32, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 1..4)
                    .prop_map(|parts| format!("({})", parts.join(" "))),
                prop::collection::vec(inner.clone(), 1..4)
                    .prop_map(|parts| format!("({})", parts.join(" or "))),
                inner.clone().prop_map(|part| format!("-{part}")),
                inner.prop_map(|part| format!("not {part}")),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_as_the_same_tree(query in written()) {
            let tree = parse(&query).expect("a query");
            let printed = tree.to_string();
            prop_assert_eq!(parse(&printed).expect("printed"), tree, "{} printed as {}", query, printed);
        }

        #[test]
        fn no_text_is_too_much(query in "[a-z:,()\"\\\\<>=* -]{0,40}") {
            let _ = parse(&query);
        }
    }
}
