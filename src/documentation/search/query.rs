//! What is looked for: words, and phrases between quotes.

use super::occurrence::Occurrences;

/// The most words and phrases of a search; more are left out.
const MOST_TERMS: usize = 32;

/// Words that say nothing of what is looked for. They count when there is nothing else.
const EMPTY_WORDS: [&str; 29] = [
    "a", "an", "and", "are", "at", "be", "by", "can", "do", "does", "for", "from", "how", "i",
    "in", "is", "it", "my", "of", "on", "or", "the", "to", "we", "what", "when", "where", "who",
    "with",
];

/// Words and phrases to look for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    terms: Vec<Term>,
}

/// A word, or words that follow each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Term {
    pub(super) words: Vec<Word>,
    /// Whether it was quoted, so that what does not have it is no answer.
    pub(super) required: bool,
}

/// A word of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) folded: String,
    /// As it was written, when it has capitals: the same spelling counts more.
    pub(super) exact: Option<String>,
}

impl Query {
    /// Reads words separated by spaces; what stands between `"` must occur as it is, and so do
    /// the parts of `orders-db` follow each other. `None` when there is no word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut terms: Vec<Term> = Vec::new();
        for (number, part) in text.split('"').enumerate() {
            let quoted = number % 2 == 1;
            if quoted {
                terms.extend(Term::of(part, true));
            } else {
                let words = part.split_whitespace();
                terms.extend(words.filter_map(|word| Term::of(word, false)));
            }
        }
        if !terms.iter().all(Term::is_empty_word) {
            terms.retain(|term| !term.is_empty_word());
        }
        terms.dedup();
        terms.truncate(MOST_TERMS);
        (!terms.is_empty()).then_some(Self { terms })
    }

    pub(super) fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// Whether a section with these occurrences is an answer.
    pub(super) fn accepts(&self, occurrences: &Occurrences) -> bool {
        let mut terms = self.terms.iter().zip(&occurrences.terms);
        occurrences.matched() > 0 && terms.all(|(term, found)| !term.required || found.weight > 0.0)
    }
}

impl Term {
    fn of(text: &str, required: bool) -> Option<Self> {
        let words: Vec<Word> = words_of(text).map(|(_, word)| Word::of(word)).collect();
        (!words.is_empty()).then_some(Self { words, required })
    }

    fn is_empty_word(&self) -> bool {
        let [word] = self.words.as_slice() else {
            return false;
        };
        !self.required && EMPTY_WORDS.contains(&word.folded.as_str())
    }
}

impl Word {
    fn of(word: &str) -> Self {
        let folded = word.to_lowercase();
        Self {
            exact: (folded != word).then(|| word.to_owned()),
            folded,
        }
    }
}

/// The words of a text, with where they begin: letters and digits that follow each other.
pub(super) fn words_of(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let parts = text.split(|c: char| !c.is_alphanumeric());
    let mut next = 0;
    parts.filter_map(move |part| {
        let start = next;
        // The character between two words may have several bytes.
        let after = start + part.len();
        next = after + text[after..].chars().next().map_or(0, char::len_utf8);
        (!part.is_empty()).then_some((start, part))
    })
}

#[cfg(test)]
mod tests {
    use super::{Query, words_of};

    #[test]
    fn words_are_found_where_they_stand() {
        let words: Vec<(usize, &str)> = words_of("ein – Büro, orders-db").collect();
        assert_eq!(words, [(0, "ein"), (8, "Büro"), (15, "orders"), (22, "db")]);
    }

    #[test]
    fn quotes_and_hyphens_make_phrases() {
        let query = Query::parse("restore \"point in time\" orders-db").unwrap();
        let lengths = query
            .terms()
            .iter()
            .map(|term| (term.words.len(), term.required));
        let lengths: Vec<(usize, bool)> = lengths.collect();
        assert_eq!(lengths, [(1, false), (3, true), (2, false)]);
        assert_eq!(Query::parse(" \"\" - "), None);
        assert_eq!(Query::parse("how do I restore it"), Query::parse("restore"));
        assert_eq!(Query::parse("on the").unwrap().terms().len(), 2);
    }
}
