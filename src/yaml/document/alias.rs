//! Anchors, and the aliases that repeat them.

use granit_parser::Span as Place;

use crate::model::{NodeKind, Span};
use crate::yaml::schema::Type;
use crate::yaml::{Problem, mistake};

use super::Composer;

/// A node that can be repeated.
pub(super) struct Anchor {
    pub(super) id: usize,
    first: u32,
    pub(super) state: AnchorState,
}

pub(super) enum AnchorState {
    /// Its collection is still open, so an alias would repeat itself.
    Open,
    /// A collection of so many levels, or a text.
    Subtree(usize),
    /// A number, boolean or null, which as a key is a text.
    Scalar(Type, Box<str>),
    /// It is inside a collection that is a key, of which no tree is kept.
    InKey,
}

impl Composer<'_> {
    pub(super) fn alias(&mut self, id: usize, place: &Place, span: Span) -> Result<(), Problem> {
        let written = place.slice(self.text).unwrap_or("*");
        let found = self.anchors.binary_search_by_key(&id, |anchor| anchor.id);
        let Some(anchor) = found.ok().map(|at| &self.anchors[at]) else {
            return self.unresolved(written.trim_start_matches('*'), span);
        };
        if let Some((key, _)) = &mut self.key_text {
            key.leaf(written);
            return self.spend(1, span);
        }
        match &anchor.state {
            AnchorState::Open => Err(mistake::endless_alias(written, span)),
            AnchorState::InKey => self.unresolved(written.trim_start_matches('*'), span),
            AnchorState::Scalar(kind, text) => {
                let kind = if self.is_key() {
                    NodeKind::String
                } else {
                    kind.kind()
                };
                let text = text.clone();
                self.spend(1, span)?;
                self.spend_text(text.len(), span)?;
                self.count_child(0);
                self.builder.scalar(kind, &text, span);
                Ok(())
            }
            AnchorState::Subtree(height) if *height > 0 && self.is_key() => {
                self.count_child(0);
                self.builder.scalar(NodeKind::String, written, span);
                self.spend(1, span)
            }
            AnchorState::Subtree(height) => {
                let (first, height) = (anchor.first, *height);
                self.spend(self.builder.size_of(first), span)?;
                self.spend_text(self.builder.text_of(first), span)?;
                self.check_depth(height, span)?;
                self.count_child(height);
                self.builder.repeat(first);
                Ok(())
            }
        }
    }

    /// An alias of nothing: an error, but the structure of the document is whole.
    pub(super) fn unresolved(&mut self, name: &str, span: Span) -> Result<(), Problem> {
        self.spend(1, span)?;
        self.report(mistake::unresolved_alias(name, span));
        if let Some((key, _)) = &mut self.key_text {
            key.leaf("");
            return Ok(());
        }
        let kind = if self.is_key() {
            NodeKind::String
        } else {
            NodeKind::Null
        };
        self.line.get_or_insert(span.line);
        self.count_child(0);
        self.builder.scalar(kind, "", span);
        Ok(())
    }

    /// Keeps a node that is about to be added for the aliases that follow.
    pub(super) fn remember(&mut self, id: usize, state: AnchorState) -> Option<usize> {
        if id == 0 {
            return None;
        }
        let first = u32::try_from(self.builder.len()).unwrap_or(u32::MAX);
        self.anchors.push(Anchor { id, first, state });
        Some(self.anchors.len() - 1)
    }
}
