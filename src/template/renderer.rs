//! Rendering many texts with the same values.
//!
//! The files of a template print the same few values again and again. A tag that depends on
//! nothing but the values gives the same text wherever it stands, and so does a whole `if`. Such
//! pieces are rendered once and remembered, and a text of known pieces is not even read.

use std::collections::HashMap;

use super::engine::{Engine, FUEL, LARGEST_TEMPLATE, too_large, too_many_steps};
use super::error::TemplateError;
use super::javascript::LARGEST_TEXT;
use super::syntax::Part;
use super::value::Values;

/// How many pieces are remembered.
const MOST_PIECES: usize = 1024;
/// The largest piece that is remembered, and the largest text of one, in bytes.
const LARGEST_PIECE: usize = 4 << 10;

/// Renders texts with the same options and the same values.
#[derive(Debug)]
pub struct Renderer<'run> {
    engine: &'run Engine,
    values: &'run Values,
    pieces: Pieces,
}

impl<'run> Renderer<'run> {
    /// Prepares to render texts.
    #[must_use]
    pub fn new(engine: &'run Engine, values: &'run Values) -> Self {
        Self {
            engine,
            values,
            pieces: Pieces::default(),
        }
    }

    /// Renders a text, to what [`Engine::render`] gives; its name is that of errors.
    ///
    /// # Errors
    /// When it is no template, or asks for what cannot be done or is too much.
    pub fn render(&mut self, name: &str, text: &str) -> Result<String, TemplateError> {
        if let Some(rendered) = self.render_known(text) {
            return Ok(rendered);
        }
        let parts = self.engine.parts(name, text)?;
        if let Some(pieces) = self.cut(&parts) {
            return self.render_pieces(name, text, &pieces);
        }
        let rendered = self.engine.render_parts(name, text, &parts, self.values)?;
        Ok(rendered.text)
    }

    /// Renders a text that consists of what is copied and of known pieces.
    fn render_known(&self, text: &str) -> Option<String> {
        let delimiters = self.engine.options().dialect.delimiters();
        let mut output = String::with_capacity(text.len());
        let mut at = 0;
        while let Some((tag, _)) = delimiters.next_in(text, at) {
            output.push_str(text.get(at..tag)?);
            let piece = self.pieces.at_start_of(text.get(tag..)?)?;
            output.push_str(&piece.rendered);
            at = tag + piece.source.len();
            if output.len() > LARGEST_TEXT {
                return None;
            }
        }
        // Without tags it may be of any size.
        if at > 0 && text.len() > LARGEST_TEMPLATE {
            return None;
        }
        output.push_str(text.get(at..)?);
        Some(output)
    }

    /// Cuts a template into what is copied, single prints and whole blocks. `None` where one of
    /// them may depend on another.
    fn cut<'parts, 'text>(
        &self,
        parts: &'parts [Part<'text>],
    ) -> Option<Vec<&'parts [Part<'text>]>> {
        let options = self.engine.options();
        if options.trim_blocks || options.lstrip_blocks {
            return None;
        }
        let mut pieces = Vec::with_capacity(parts.len());
        let mut start = 0;
        let mut depth = 0;
        for (number, part) in parts.iter().enumerate() {
            if let Part::Statement { statement, .. } = part {
                if !statement.is_self_contained() {
                    return None;
                }
                depth += statement.opens();
            }
            if depth == 0 {
                pieces.push(parts.get(start..=number)?);
                start = number + 1;
            }
        }
        (depth == 0).then_some(pieces)
    }

    fn render_pieces(
        &mut self,
        name: &str,
        text: &str,
        pieces: &[&[Part<'_>]],
    ) -> Result<String, TemplateError> {
        let refuse = |mistake| Err(TemplateError::new(name, text, mistake));
        let mut output = String::with_capacity(text.len());
        let mut steps = 0;
        for piece in pieces {
            if let [Part::Text(copied)] = piece {
                output.push_str(copied);
                continue;
            }
            let (at, source) = source_of(text, piece);
            if let Some(known) = self.pieces.get(source) {
                output.push_str(&known.rendered);
            } else {
                let rendered = self.engine.render_parts(name, text, piece, self.values)?;
                output.push_str(&rendered.text);
                steps += rendered.steps;
                self.pieces.remember(source, rendered.text);
            }
            if steps > FUEL {
                return refuse(too_many_steps(at));
            }
            if output.len() > LARGEST_TEXT {
                return refuse(too_large(at));
            }
        }
        Ok(output)
    }
}

/// Where a piece begins, and what is written there from its first delimiter to its last.
fn source_of<'text>(text: &'text str, piece: &[Part<'_>]) -> (usize, &'text str) {
    let range = |part: &Part<'_>| match part {
        Part::Text(_) => (0, 0),
        Part::Print { at, end, .. } | Part::Statement { at, end, .. } => (*at, *end),
    };
    let start = piece.first().map_or(0, |part| range(part).0);
    let end = piece.last().map_or(0, |part| range(part).1);
    (start, text.get(start..end).unwrap_or_default())
}

/// A print or a block, and what it gives.
#[derive(Debug)]
struct Piece {
    source: String,
    rendered: String,
}

/// Pieces that were rendered, by the tag that they begin with.
#[derive(Debug, Default)]
struct Pieces {
    by_tag: HashMap<String, Vec<Piece>>,
    count: usize,
}

impl Pieces {
    /// The piece that a text begins with. How a piece is read depends on nothing after it, so what
    /// looks like one is one.
    fn at_start_of(&self, text: &str) -> Option<&Piece> {
        let pieces = self.by_tag.get(first_tag(text)?)?;
        pieces.iter().find(|it| text.starts_with(&it.source))
    }

    fn get(&self, source: &str) -> Option<&Piece> {
        let pieces = self.by_tag.get(first_tag(source)?)?;
        pieces.iter().find(|it| it.source == source)
    }

    fn remember(&mut self, source: &str, rendered: String) {
        let is_large = source.len() > LARGEST_PIECE || rendered.len() > LARGEST_PIECE;
        if is_large || self.count == MOST_PIECES || changes_text_beside(source) {
            return;
        }
        if let Some(tag) = first_tag(source) {
            self.count += 1;
            self.by_tag.entry(tag.to_owned()).or_default().push(Piece {
                source: source.to_owned(),
                rendered,
            });
        }
    }
}

/// A text up to what may be the end of the tag that it begins with.
fn first_tag(text: &str) -> Option<&str> {
    let closing = if text.starts_with("{%") { "%}" } else { "}}" };
    let end = text.find(closing)? + closing.len();
    text.get(..end)
}

/// Whether a piece takes the white space before or after it away.
fn changes_text_beside(source: &str) -> bool {
    let inside = source.trim_start_matches(['$', '{', '%']);
    let before_closing = source.trim_end_matches(['}', '%']);
    inside.starts_with('-') || before_closing.ends_with('-')
}
