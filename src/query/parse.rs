//! Text → query.

use super::{Qualifier, Query, QueryError, Term};
use crate::catalog::Catalog;
use crate::diagnostic::did_you_mean;
use crate::model::KINDS;

impl Query {
    /// Reads a query.
    ///
    /// # Errors
    /// When a quote is not closed, a qualifier is unknown, or a qualifier has no value.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        let mut reader = QueryReader {
            text,
            characters: text.chars().collect(),
            next: 0,
        };
        let mut terms = Vec::new();
        while let Some(term) = reader.term()? {
            terms.push(term);
        }
        Ok(Self { terms })
    }

    /// Refuses values that no entity of a catalog can have: a kind that is not known there.
    ///
    /// # Errors
    /// When a kind is neither one of Backstage's nor in the catalog.
    pub fn check(&self, text: &str, catalog: &Catalog) -> Result<(), QueryError> {
        let kinds = self.terms.iter().filter_map(|term| match term {
            Term::Qualified(Qualifier::Kind, values) => Some(values),
            _ => None,
        });
        for kind in kinds.flatten() {
            let known = KINDS
                .iter()
                .any(|known| known.name.eq_ignore_ascii_case(kind));
            if known || catalog.has_kind(&kind.to_lowercase()) {
                continue;
            }
            let start = text
                .find(kind.as_str())
                .map_or(0, |at| text[..at].chars().count());
            let help = did_you_mean(kind, KINDS.iter().map(|kind| kind.name));
            return Err(QueryError {
                query: text.to_owned(),
                at: (start, kind.chars().count()),
                message: format!("there is no kind \"{kind}\""),
                help: help.map(|meant| format!("did you mean \"{}\"?", meant.to_lowercase())),
            });
        }
        Ok(())
    }
}

struct QueryReader<'text> {
    text: &'text str,
    characters: Vec<char>,
    next: usize,
}

impl QueryReader<'_> {
    fn term(&mut self) -> Result<Option<Term>, QueryError> {
        while self.peek().is_some_and(char::is_whitespace) {
            self.next += 1;
        }
        let start = self.next;
        if self.peek().is_none() {
            return Ok(None);
        }
        let was_quoted = self.peek() == Some('"');
        let word = self.value(&[':'])?;
        if was_quoted || self.peek() != Some(':') {
            return Ok(Some(Term::Word(word)));
        }
        let name_length = self.next - start;
        self.next += 1;
        let lower = word.to_lowercase();
        let Some((_, qualifier)) = Qualifier::ALL.iter().find(|(name, _)| *name == lower) else {
            let meant = did_you_mean(&word, Qualifier::ALL.iter().map(|(name, _)| *name));
            let names: Vec<&str> = Qualifier::ALL.iter().map(|(name, _)| *name).collect();
            let help = meant.map_or_else(
                || format!("known: {}", names.join(", ")),
                |meant| format!("did you mean \"{meant}\"?"),
            );
            return Err(self.error(
                start,
                name_length,
                format!("there is no qualifier \"{word}\""),
                Some(help),
            ));
        };
        let mut values = vec![self.value(&[','])?];
        while self.peek() == Some(',') {
            self.next += 1;
            values.push(self.value(&[','])?);
        }
        values.retain(|value| !value.is_empty());
        if values.is_empty() {
            return Err(self.error(
                start,
                name_length + 1,
                format!("\"{word}:\" has no value"),
                None,
            ));
        }
        Ok(Some(Term::Qualified(*qualifier, values)))
    }

    /// A word or a quoted text; a word ends before a space or one of `ends`.
    fn value(&mut self, ends: &[char]) -> Result<String, QueryError> {
        if self.peek() == Some('"') {
            return self.quoted();
        }
        let mut word = String::new();
        while let Some(c) = self
            .peek()
            .filter(|c| !c.is_whitespace() && !ends.contains(c))
        {
            word.push(c);
            self.next += 1;
        }
        Ok(word)
    }

    fn quoted(&mut self) -> Result<String, QueryError> {
        let start = self.next;
        self.next += 1;
        let mut text = String::new();
        loop {
            let Some(c) = self.peek() else {
                return Err(self.error(
                    start,
                    1,
                    "the quote is not closed".to_owned(),
                    Some("add a \" at its end".to_owned()),
                ));
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

    fn error(
        &self,
        start: usize,
        length: usize,
        message: String,
        help: Option<String>,
    ) -> QueryError {
        QueryError {
            query: self.text.to_owned(),
            at: (start, length),
            message,
            help,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_words_qualifiers_lists_and_quotes() {
        let query = Query::parse("pay \"credit card\" kind:component,api owner:group:default/pay")
            .expect("a query");
        assert_eq!(
            query.to_string(),
            "pay \"credit card\" kind:component,api owner:\"group:default/pay\""
        );
    }

    #[test]
    fn errors_point_into_the_query() {
        let error = Query::parse("pay ownr:x").expect_err("no query");
        assert_eq!(error.at, (4, 4));
        assert_eq!(error.help.as_deref(), Some("did you mean \"owner\"?"));
        assert!(Query::parse("name:\"x").is_err());
        assert!(Query::parse("kind:").is_err());
    }

    proptest::proptest! {
        #[test]
        fn what_is_printed_reads_as_the_same_query(words in proptest::collection::vec("[a-zA-Z:\", \\\\é]{1,8}", 0..5)) {
            let text: Vec<String> = words.iter().map(|word| super::super::quoted(word)).collect();
            let query = Query::parse(&text.join(" ")).expect("quoted words are a query");
            proptest::prop_assert_eq!(Query::parse(&query.to_string()).expect("printed"), query);
        }
    }
}
