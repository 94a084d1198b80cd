//! Where in a section the words of a query occur.

use std::ops::Range;

use super::query::{Query, Term, Word, words_of};
use crate::documentation::text::Section;

/// How much a word counts in a heading and in the title of the page, beside one in the text.
const IN_HEADING: f64 = 4.0;
const IN_TITLE: f64 = 2.0;
/// How much a word counts that only begins like the one that is looked for.
const BEGINNING: f64 = 0.5;
/// How much a word counts whose capitals are others than those that were typed.
const OTHER_CAPITALS: f64 = 0.8;
/// Shorter words are not taken for the beginning of longer ones.
const SHORTEST_BEGINNING: usize = 3;
/// The most places of a section that are kept for its snippet.
const MOST_PLACES: usize = 256;

/// What a section has of a query.
#[derive(Clone, Debug, Default)]
pub(super) struct Occurrences {
    /// A count for each term.
    pub(super) terms: Vec<TermCount>,
    /// Where in the text they stand, in order, each with the number of its term.
    pub(super) places: Vec<(Range<usize>, usize)>,
    /// The words of the section.
    pub(super) length: usize,
}

/// How often a term occurs, with places that count more counted more.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct TermCount {
    pub(super) weight: f64,
}

impl Occurrences {
    pub(super) fn of(query: &Query, title: &str, section: &Section) -> Self {
        let mut occurrences = Self {
            terms: vec![TermCount::default(); query.terms().len()],
            ..Self::default()
        };
        occurrences.count(query, &section.text, 1.0, true);
        occurrences.count(query, &section.heading, IN_HEADING, false);
        // The title is that of all sections, and would make all of them answers.
        if occurrences.matched() > 0 {
            occurrences.count(query, title, IN_TITLE, false);
        }
        occurrences
    }

    /// How many terms occur.
    pub(super) fn matched(&self) -> usize {
        let matched = self.terms.iter().filter(|term| term.weight > 0.0);
        matched.count()
    }

    fn count(&mut self, query: &Query, text: &str, weight: f64, keep_places: bool) {
        let words: Vec<FoldedWord<'_>> = words_of(text).map(FoldedWord::of).collect();
        self.length += words.len();
        for at in 0..words.len() {
            for (number, term) in query.terms().iter().enumerate() {
                let Some(fit) = fit_of_term(term, &words[at..]) else {
                    continue;
                };
                self.terms[number].weight += weight * fit;
                if keep_places && self.places.len() < MOST_PLACES {
                    let last = &words[at + term.words.len() - 1];
                    let place = words[at].start..last.start + last.word.len();
                    self.places.push((place, number));
                }
            }
        }
    }
}

/// A word of a text.
struct FoldedWord<'text> {
    start: usize,
    word: &'text str,
    folded: std::borrow::Cow<'text, str>,
}

impl<'text> FoldedWord<'text> {
    fn of((start, word): (usize, &'text str)) -> Self {
        let is_folded = word
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        Self {
            start,
            word,
            folded: if is_folded {
                word.into()
            } else {
                word.to_lowercase().into()
            },
        }
    }
}

/// How well the words that a text goes on with are those of a term; `None` when they are not.
fn fit_of_term(term: &Term, words: &[FoldedWord<'_>]) -> Option<f64> {
    if words.len() < term.words.len() {
        return None;
    }
    let alone = term.words.len() == 1 && !term.required;
    let fits = term.words.iter().zip(words);
    fits.map(|(wanted, found)| fit(wanted, found, alone))
        .try_fold(1.0, |product, fit| fit.map(|fit| product * fit))
}

/// How well a word is the one that is looked for.
fn fit(wanted: &Word, found: &FoldedWord<'_>, alone: bool) -> Option<f64> {
    let same = stem(&wanted.folded) == stem(&found.folded);
    let begins = alone
        && wanted.folded.len() >= SHORTEST_BEGINNING
        && found.folded.starts_with(&wanted.folded);
    let capitals = match &wanted.exact {
        Some(exact) if exact != found.word => OTHER_CAPITALS,
        _ => 1.0,
    };
    match (same, begins) {
        (true, _) => Some(capitals),
        (false, true) => Some(capitals * BEGINNING),
        (false, false) => None,
    }
}

/// A word without the ending of an English plural; `policy` and `policies` both become `polic`
/// and a `y`.
fn stem(word: &str) -> (&str, bool) {
    if word.len() <= 3 {
        return (word, false);
    }
    if let Some(stem) = word.strip_suffix("ies").or_else(|| word.strip_suffix('y')) {
        return (stem, true);
    }
    let is_plural =
        word.ends_with('s') && !["ss", "us", "is"].iter().any(|end| word.ends_with(end));
    (
        if is_plural {
            &word[..word.len() - 1]
        } else {
            word
        },
        false,
    )
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn plurals_are_the_same_word() {
        for (one, many) in [
            ("order", "orders"),
            ("policy", "policies"),
            ("cache", "caches"),
        ] {
            assert_eq!(stem(one), stem(many));
        }
        for (one, other) in [
            ("bus", "bu"),
            ("status", "statu"),
            ("access", "acces"),
            ("key", "ke"),
        ] {
            assert_ne!(stem(one), stem(other));
        }
    }
}
