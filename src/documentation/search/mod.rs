//! Search in all documentation: which passages speak of some words, the best first.
//!
//! A passage is a section under a heading. Those with more of the words come first; among equals
//! decides BM25 (Robertson and Zaragoza, 2009) with its usual constants, where words of headings
//! and titles count several times. The index is made for one question and only counts its words,
//! so that a workspace takes little more time than reading its pages.

mod query;
mod occurrence;
mod snippet;

use std::sync::Arc;

use crate::catalog::EntityId;
use crate::diagnostic::Diagnostic;
use crate::model::SourceFile;
use crate::repo::{Repository, Snapshot};

use super::folder::Found;
use super::mkdocs::unreadable;
use super::page::{self, Page};
use super::text;
use super::{Documentation, PageKind};

pub use query::Query;

use occurrence::Occurrences;

/// A passage that speaks of what was looked for.
#[derive(Clone, Debug)]
pub struct Passage {
    /// The entities that it documents, in the order of the catalog.
    pub entities: Vec<EntityId>,
    /// The file.
    pub file: Arc<SourceFile>,
    /// What the page is.
    pub kind: PageKind,
    /// What the page is called.
    pub title: String,
    /// The heading it stands under; empty above the first one.
    pub heading: String,
    /// The line of the best part of it.
    pub line: u32,
    /// That part in pieces, and whether each is what was looked for.
    pub snippet: Vec<(String, bool)>,
    /// How many of the words occur.
    pub words: usize,
    /// How well it fits among those with as many words.
    pub score: f64,
}

/// What a search found.
#[derive(Debug, Default)]
pub struct Search {
    /// The best passages, the best first.
    pub passages: Vec<Passage>,
    /// How many there are in all.
    pub total: usize,
    /// Pages that could not be read.
    pub problems: Vec<Diagnostic>,
}

/// A passage, before it is known how rare the words are.
struct Candidate {
    passage: Passage,
    occurrences: Occurrences,
}

/// What one page has.
#[derive(Default)]
struct PageHits {
    candidates: Vec<Candidate>,
    /// Sections, words in them, and in how many of them each term of the query occurs.
    sections: usize,
    words: usize,
    containing: Vec<usize>,
    problem: Option<Diagnostic>,
}

impl Documentation<'_> {
    /// Looks for words in the documentation of an entity, or in all of the workspace, and returns
    /// at most so many passages.
    #[must_use]
    pub fn search(&self, query: &Query, only: Option<EntityId>, limit: usize) -> Search {
        let pages = self.visit_pages(only, |repository, snapshot, found, entities| {
            PageHits::of(query, repository, snapshot, found, entities)
        });
        rank(query, pages, limit)
    }
}

/// The passages of all pages, the best first.
fn rank(query: &Query, pages: Vec<PageHits>, limit: usize) -> Search {
    let corpus = Corpus::of(query, &pages);
    let mut search = Search::default();
    for page in pages {
        search.problems.extend(page.problem);
        for candidate in page.candidates {
            let score = corpus.score(&candidate.occurrences);
            search.passages.push(Passage {
                score,
                ..candidate.passage
            });
        }
    }
    search.total = search.passages.len();
    search.passages.sort_by(best_first);
    search.passages.truncate(limit);
    search
}

fn best_first(a: &Passage, b: &Passage) -> std::cmp::Ordering {
    let by_fit = b.words.cmp(&a.words).then(b.score.total_cmp(&a.score));
    by_fit.then_with(|| (a.file.path(), a.line).cmp(&(b.file.path(), b.line)))
}

impl PageHits {
    fn of(
        query: &Query,
        repository: &Repository,
        snapshot: &Snapshot,
        found: Found,
        entities: &[EntityId],
    ) -> Self {
        match page::read(snapshot, &found.path) {
            Ok(text) => Self::of_text(query, &Page::new(repository, found, &text), &text, entities),
            Err(error) => Self {
                problem: Some(unreadable(&error, repository.file(&found.path))),
                ..Self::default()
            },
        }
    }

    fn of_text(query: &Query, page: &Page, text: &str, entities: &[EntityId]) -> Self {
        let mut hits = Self {
            containing: vec![0; query.terms().len()],
            ..Self::default()
        };
        for section in text::sections(text, page.is_markdown) {
            let occurrences = Occurrences::of(query, &page.title, &section);
            hits.sections += 1;
            hits.words += occurrences.length;
            for (count, term) in hits.containing.iter_mut().zip(&occurrences.terms) {
                *count += usize::from(term.weight > 0.0);
            }
            if !query.accepts(&occurrences) {
                continue;
            }
            let (line, snippet) = snippet::best(&section, &occurrences);
            hits.candidates.push(Candidate {
                passage: Passage {
                    entities: entities.to_vec(),
                    file: Arc::clone(&page.file),
                    kind: page.kind,
                    title: page.title.clone(),
                    heading: section.heading,
                    line,
                    snippet,
                    words: occurrences.matched(),
                    score: 0.0,
                },
                occurrences,
            });
        }
        hits
    }
}

/// What BM25 needs to know of all sections.
struct Corpus {
    /// How telling each term is: the rarer, the more.
    rarity: Vec<f64>,
    mean_length: f64,
}

impl Corpus {
    fn of(query: &Query, pages: &[PageHits]) -> Self {
        let sections: usize = pages.iter().map(|page| page.sections).sum();
        let words: usize = pages.iter().map(|page| page.words).sum();
        let rarity = |term: usize| {
            let counts = pages.iter().filter_map(|page| page.containing.get(term));
            let containing = real(counts.sum());
            ((real(sections) - containing + 0.5) / (containing + 0.5)).ln_1p()
        };
        Self {
            rarity: (0..query.terms().len()).map(rarity).collect(),
            mean_length: real(words) / real(sections.max(1)),
        }
    }

    fn score(&self, occurrences: &Occurrences) -> f64 {
        const SATURATION: f64 = 1.2;
        const LENGTH: f64 = 0.75;
        let relative = real(occurrences.length) / self.mean_length.max(1.0);
        let norm = SATURATION * (1.0 - LENGTH + LENGTH * relative);
        let terms = occurrences.terms.iter().zip(&self.rarity);
        terms
            .map(|(term, rarity)| rarity * term.weight * (SATURATION + 1.0) / (term.weight + norm))
            .sum()
    }
}

/// A count as a real number; counts of words are far below 2^52.
fn real(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;

    /// What answers a query in a page of that text.
    fn search(query: &str, text: &str) -> Vec<Passage> {
        let page = Page {
            file: Arc::new(SourceFile::new(Arc::from("."), "", b"page.md")),
            path: Box::from(&b"page.md"[..]),
            kind: PageKind::Page,
            title: "Title".to_owned(),
            section: Vec::new(),
            status: None,
            date: None,
            is_markdown: true,
        };
        let query = Query::parse(query).unwrap();
        let hits = PageHits::of_text(&query, &page, text, &[]);
        rank(&query, vec![hits], usize::MAX).passages
    }

    #[test]
    fn headings_and_rare_words_count_more() {
        let text = "# Restore\n\nbackup\n\n# Other\n\nrestore restore backup\n\n# More\n\nbackup\n";
        let headings = |query| {
            let passages = search(query, text).into_iter();
            passages
                .map(|passage| passage.heading)
                .collect::<Vec<String>>()
        };
        assert_eq!(headings("restore"), ["Restore", "Other"]);
        assert_eq!(headings("\"restore backup\""), ["Other"]);
        assert!(headings("title").is_empty());
    }

    #[test]
    fn a_snippet_marks_what_was_looked_for() {
        let text = format!("# A\n\n{}the policies of retries\n", "word ".repeat(100));
        let passages = search("policy retry", &text);
        assert_eq!(passages.len(), 1);
        let marked = passages[0].snippet.iter().filter(|(_, is_match)| *is_match);
        let marked: Vec<&str> = marked.map(|(text, _)| text.as_str()).collect();
        assert_eq!(marked, ["policies", "retries"]);
        assert_eq!(passages[0].line, 3);
    }

    proptest! {
        #[test]
        fn a_passage_with_all_words_is_before_one_with_some(
            sections in prop::collection::vec("((alpha|beta|gamma|x|y) ){1,12}", 1..8),
        ) {
            let text = sections.iter().flat_map(|text| ["# H\n\n", text, "\n\n"]).collect::<String>();
            let found = search("alpha beta gamma", &text);
            let words: Vec<usize> = found.iter().map(|passage| passage.words).collect();
            prop_assert!(words.is_sorted_by(|a, b| a >= b), "{words:?}");
            prop_assert!(words.iter().all(|words| (1..=3).contains(words)), "{words:?}");
        }

        #[test]
        fn any_text_and_any_words_have_an_answer(text in "\\PC*", query in "\\PC+") {
            if Query::parse(&query).is_some() {
                prop_assert!(search(&query, &text).iter().all(|passage| passage.line >= 1));
            }
        }
    }
}
