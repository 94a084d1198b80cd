//! A text → its documents: drives the parser, and goes on behind whatever is broken.

use granit_parser::{ErrorKind, Event, Parser, ScanError, Span as Place, StrInput, options};

use super::disguise::Disguise;
use super::document::{Composer, DEPTH_LIMIT};
use super::explain::explain;
use super::place::span_of;
use super::schema::Version;
use super::{Document, Problem, mistake};
use crate::model::Span;

/// More documents of one file are not read.
const DOCUMENT_LIMIT: usize = 20_000;

/// Reads all documents of a text.
pub(super) fn read(text: &str) -> Vec<Document> {
    match Disguise::put_on(text) {
        Some((disguise, text)) => read_all(&text, Some(disguise)),
        None => read_all(text, None),
    }
}

fn read_all(text: &str, disguise: Option<Disguise>) -> Vec<Document> {
    // Indentation is not left to granit: its strict rules refuse a closing bracket right below
    // the key, which people write and Backstage takes. `layout` draws the line.
    let options = options! {
        strict_indentation: false,
        bom_inside_document_as_content: true,
        emit_unresolved_aliases: true,
        emit_comments: false,
        flow_nesting_limit: DEPTH_LIMIT,
        block_nesting_limit: DEPTH_LIMIT,
    };
    let mut stream = Stream {
        text,
        parser: Parser::new_from_str_with_options(text, options),
        composer: Composer::new(text, disguise),
        has_carriage_returns: disguise
            .and_then(Disguise::carriage_return)
            .is_some_and(|character| text.contains(character)),
        disguise,
        version: Version::default(),
        open: None,
        end: 0,
        documents: Vec::new(),
    };
    while stream.step() {}
    stream.documents
}

struct Stream<'text> {
    text: &'text str,
    parser: Parser<'text, StrInput<'text>>,
    composer: Composer<'text>,
    /// The version of the document, which `%YAML 1.1` sets for those after it as well.
    version: Version,
    /// Where the document that is read begins.
    open: Option<Span>,
    /// The byte after the document that was read last.
    end: usize,
    disguise: Option<Disguise>,
    /// Whether carriage returns stand where lines should end.
    has_carriage_returns: bool,
    documents: Vec<Document>,
}

impl<'text> Stream<'text> {
    /// Takes the next event; false at the end.
    fn step(&mut self) -> bool {
        match &mut self.parser.next_event() {
            None => false,
            Some(Ok((event, place))) => self.event(event, place),
            Some(Err(error)) => {
                let problem = self.explain(error);
                if self.belongs_to_last(error) {
                    self.spoil_last(problem)
                } else {
                    self.skip_document(problem)
                }
            }
        }
    }

    fn event(&mut self, event: &mut Event<'text>, place: &Place) -> bool {
        match event {
            Event::StreamEnd => false,
            Event::DocumentStart(_, version) => {
                self.begin(version.map(|v| v.minor), span_of(place))
            }
            Event::DocumentEnd => {
                self.end = place.end.byte_offset().unwrap_or(self.end);
                self.finish();
                true
            }
            event => match self.composer.event(event, place) {
                Ok(()) => true,
                Err(problem) => self.skip_document(problem),
            },
        }
    }

    fn begin(&mut self, minor: Option<u32>, span: Span) -> bool {
        if self.documents.len() >= DOCUMENT_LIMIT {
            self.add(
                span.line,
                None,
                vec![mistake::too_many_documents(DOCUMENT_LIMIT, span)],
            );
            return false;
        }
        let mut problems = Vec::new();
        if let Some(minor) = minor {
            self.version = if minor == 1 {
                Version::V1_1
            } else {
                Version::V1_2
            };
            problems.extend(mistake::version(minor, span));
        }
        self.composer.begin(self.version, problems);
        self.open = Some(span);
        true
    }

    fn finish(&mut self) {
        let begin = self.open.take().map_or(1, |span| span.line);
        let (tree, line, problems) = self.composer.finish();
        self.add(line.unwrap_or(begin), Some(tree), problems);
    }

    /// Gives up the document that is read, and goes to the next one.
    fn skip_document(&mut self, problem: Problem) -> bool {
        let mut problems = self.composer.give_up();
        let begin = self.open.take().unwrap_or(problem.span);
        problems.push(problem);
        self.add(begin.line, None, problems);
        self.go_on()
    }

    /// Whether something stands behind a document that is finished: text that no `---` separates
    /// from it. Backstage refuses that document, and does not begin another one.
    fn belongs_to_last(&self, error: &ScanError) -> bool {
        let between = self
            .text
            .get(self.end..error.marker().byte_offset().unwrap_or(self.end));
        self.open.is_none()
            && !self.documents.is_empty()
            && *error.kind() == ErrorKind::ExpectedDocumentStart
            && between.is_some_and(|between| !between.lines().any(|line| line.starts_with('%')))
    }

    fn explain(&self, error: &ScanError) -> Problem {
        let mut problem = explain(error, self.text, self.composer.open_bracket());
        if self.has_carriage_returns {
            problem.help =
                Some("end lines with a line feed, not with a carriage return alone".to_owned());
        }
        problem
    }

    fn spoil_last(&mut self, problem: Problem) -> bool {
        let problem = self.undisguised(problem);
        if let Some(document) = self.documents.last_mut() {
            document.tree = None;
            document.problems.push(problem);
        }
        self.go_on()
    }

    /// Goes to the next document, if there is one and it is to be read.
    fn go_on(&mut self) -> bool {
        if !self.composer.is_exhausted() {
            return self.parser.proceed_next_document().unwrap_or(false);
        }
        if let Some(document) = self.documents.last_mut() {
            let span = document
                .problems
                .last()
                .map_or_else(Span::default, |problem| problem.span);
            document.problems.push(mistake::rest_not_read(span));
        }
        false
    }

    fn undisguised(&self, mut problem: Problem) -> Problem {
        if let Some(disguise) = self.disguise {
            problem.message = disguise.take_off(problem.message.into()).into_owned();
            problem.help = problem
                .help
                .map(|help| disguise.take_off(help.into()).into_owned());
        }
        problem
    }

    fn add(&mut self, line: u32, tree: Option<crate::model::Tree>, problems: Vec<Problem>) {
        let problems = problems
            .into_iter()
            .map(|problem| self.undisguised(problem))
            .collect();
        let index = u32::try_from(self.documents.len()).unwrap_or(u32::MAX);
        self.documents.push(Document {
            index,
            line,
            tree,
            problems,
        });
    }
}
