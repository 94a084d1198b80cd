//! Events of one document → its tree.

mod alias;
mod indentation;
mod tagged;

use std::borrow::Cow;

use granit_parser::{Event, Marker, ScalarStyle, Span as Place, StructureStyle, Tag};

use super::disguise::Disguise;
use super::key::{KeyText, Keys, MappingKeys};
use super::place::{number, span_of};
use super::schema::{self, Type, Version};
use super::tag::{self, Collection};
use super::{Problem, mistake};
use crate::model::{NodeKind, OpenCollection, Span, Tree, TreeBuilder};
use alias::{Anchor, AnchorState};

/// How deep collections may nest, aliases expanded.
pub(super) const DEPTH_LIMIT: usize = 128;
/// How many nodes the trees of a file may have, aliases expanded.
pub(super) const NODE_LIMIT: usize = 250_000;
/// How many bytes of text aliases may repeat in a file. The trees share them, but what is made of
/// the trees does not.
pub(super) const REPEATED_TEXT_LIMIT: usize = 16 << 20;
/// How many nodes may be built for a file, with those of the documents that were given up.
const WORK_LIMIT: usize = 4 * NODE_LIMIT;
/// So many problems of one document are told; a file with more is hardly YAML.
const PROBLEM_LIMIT: usize = 100;

/// Builds the trees of the documents of a file, one after the other.
pub(super) struct Composer<'text> {
    text: &'text str,
    disguise: Option<Disguise>,
    builder: TreeBuilder,
    frames: Vec<Frame<'text>>,
    keys: Keys<'text>,
    /// In the order of their numbers, which granit gives in the order of the text.
    anchors: Vec<Anchor>,
    /// A collection that is a key, while it is read.
    key_text: Option<(KeyText, Span)>,
    problems: Vec<Problem>,
    line: Option<u32>,
    version: Version,
    /// Bytes of text that aliases repeated.
    repeated: usize,
    /// Nodes of the trees that were finished.
    kept: usize,
    /// Nodes that were built for trees that were given up.
    wasted: usize,
}

/// An open collection.
struct Frame<'text> {
    collection: OpenCollection,
    /// Keys of a mapping; `None` for a sequence.
    keys: Option<MappingKeys<'text>>,
    children: usize,
    /// How many collections the deepest child has below each other.
    height: usize,
    /// The position of its anchor in `anchors`.
    anchor: Option<usize>,
    /// Where its opening bracket is; `None` for a block.
    bracket: Option<Marker>,
    /// The column of the innermost block from here on out, from 0.
    block_column: Option<usize>,
    /// Whether JSON shows nothing of its content: a set.
    hidden: bool,
}

/// A bracket that is still open.
#[derive(Clone, Copy)]
pub(super) struct OpenBracket {
    pub(super) character: char,
    pub(super) span: Span,
    /// The column of the block around it, from 0; the root has none.
    pub(super) block_column: Option<usize>,
}

/// What stands before a node or says where it is.
#[derive(Clone, Copy)]
struct Properties<'event> {
    /// The number of its anchor; 0 without one.
    anchor: usize,
    tag: Option<&'event Tag>,
    place: &'event Place,
    span: Span,
}

impl<'text> Composer<'text> {
    pub(super) fn new(text: &'text str, disguise: Option<Disguise>) -> Self {
        Self {
            text,
            disguise,
            builder: TreeBuilder::for_text(text.len()),
            frames: Vec::new(),
            keys: Keys::default(),
            anchors: Vec::new(),
            key_text: None,
            problems: Vec::new(),
            line: None,
            version: Version::default(),
            repeated: 0,
            kept: 0,
            wasted: 0,
        }
    }

    /// Begins a document under the rules of a version.
    pub(super) fn begin(&mut self, version: Version, problems: Vec<Problem>) {
        self.give_up();
        self.version = version;
        self.problems = problems;
    }

    /// The finished tree of the document, with the line of its root and its problems.
    pub(super) fn finish(&mut self) -> (Tree, Option<u32>, Vec<Problem>) {
        self.kept += self.builder.len();
        self.anchors.clear();
        (
            self.builder.finish(),
            self.line.take(),
            std::mem::take(&mut self.problems),
        )
    }

    /// Drops what was read of the document, and gives its problems so far.
    pub(super) fn give_up(&mut self) -> Vec<Problem> {
        self.wasted += self.builder.len();
        self.builder.clear();
        self.frames.clear();
        self.keys.clear();
        self.anchors.clear();
        self.key_text = None;
        self.line = None;
        std::mem::take(&mut self.problems)
    }

    /// Whether so much was done for the file that the rest of it is left alone.
    pub(super) fn is_exhausted(&self) -> bool {
        self.kept >= NODE_LIMIT || self.kept + self.wasted + NODE_LIMIT >= WORK_LIMIT
    }

    /// The outermost bracket that is open.
    pub(super) fn open_bracket(&self) -> Option<OpenBracket> {
        let outermost = |frame: &&Frame<'_>| frame.bracket.is_some();
        let frame = self.frames.iter().find(outermost)?;
        let mark = frame.bracket?;
        Some(OpenBracket {
            character: if frame.keys.is_some() { '{' } else { '[' },
            span: Span::on_line(number(mark.line()), number(mark.col() + 1), 1),
            block_column: frame.block_column,
        })
    }

    /// Takes the next event of the document; an error means that there will be no tree.
    ///
    /// Events are large, so they are not moved: their text is taken out of them.
    pub(super) fn event(&mut self, event: &mut Event<'text>, place: &Place) -> Result<(), Problem> {
        let span = span_of(place);
        let node = |anchor: usize| Properties {
            anchor,
            tag: None,
            place,
            span,
        };
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let node = Properties {
                    tag: tag.as_deref(),
                    ..node(*anchor)
                };
                self.scalar(std::mem::take(text), *style, node)
            }
            Event::SequenceStart(style, anchor, tag) => self.open(
                false,
                *style,
                Properties {
                    tag: tag.as_deref(),
                    ..node(*anchor)
                },
            ),
            Event::MappingStart(style, anchor, tag) => self.open(
                true,
                *style,
                Properties {
                    tag: tag.as_deref(),
                    ..node(*anchor)
                },
            ),
            Event::SequenceEnd | Event::MappingEnd => self.close(place),
            Event::Alias(id) => self.alias(*id, place, span),
            Event::UnresolvedAlias(name) => self.unresolved(name, span),
            _ => Ok(()),
        }
    }

    fn scalar(
        &mut self,
        text: Cow<'text, str>,
        style: ScalarStyle,
        node: Properties<'_>,
    ) -> Result<(), Problem> {
        let Properties {
            anchor,
            place,
            span,
            ..
        } = node;
        self.spend(1, span)?;
        if let Some((key, _)) = &mut self.key_text {
            key.leaf(place.slice(self.text).unwrap_or(&text));
            self.remember(anchor, AnchorState::InKey);
            return Ok(());
        }
        let is_quoted = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
        if is_quoted && place.start.line() < place.end.line() {
            self.check_quotes(place)?;
        }
        let text = self.undisguised(text);
        let (kind, text) = match node.tag {
            None if style == ScalarStyle::Plain => schema::resolve(text, self.version),
            None => (Type::Text, text),
            Some(tag) => match self.tagged(tag, text, node)? {
                Some(scalar) => scalar,
                None => return Ok(()),
            },
        };
        if anchor != 0 {
            let state = match kind {
                Type::Text | Type::Timestamp => AnchorState::Subtree(0),
                _ => AnchorState::Scalar(kind, text.as_ref().into()),
            };
            self.remember(anchor, state);
        }
        self.leaf(kind, text, span);
        Ok(())
    }

    /// Adds a scalar as the key, value or item that comes next.
    fn leaf(&mut self, kind: Type, text: Cow<'text, str>, span: Span) {
        self.line.get_or_insert(span.line);
        let Some(frame) = self.frames.last_mut() else {
            self.builder.scalar(kind.kind(), &text, span);
            return;
        };
        let is_item_or_value = frame.children % 2 == 1 || frame.keys.is_none();
        frame.children += 1;
        match &mut frame.keys {
            Some(keys) if !is_item_or_value => {
                self.builder.scalar(NodeKind::String, &text, span);
                if let Err(name) = self.keys.add(keys, kind.kind(), text) {
                    self.report(mistake::duplicate_key(&name, span));
                }
            }
            _ => self.builder.scalar(kind.kind(), &text, span),
        }
    }

    fn open(
        &mut self,
        is_mapping: bool,
        style: StructureStyle,
        node: Properties<'_>,
    ) -> Result<(), Problem> {
        let Properties {
            anchor,
            tag,
            place,
            span,
        } = node;
        let is_block = style == StructureStyle::Block;
        let (span, column) = match self.dash_column(is_mapping, is_block, place) {
            Some(column) => (
                Span::on_line(span.line, number(column + 1), 0),
                Some(column),
            ),
            None if is_block => (span, Some(self.indented_column(place)?)),
            None => (span, self.block_column()),
        };
        self.spend(1, span)?;
        self.check_depth(1, span)?;
        self.line.get_or_insert(span.line);
        let meaning = tag.map_or(Collection::Plain, |tag| tag::collection(tag, is_mapping));
        if let Some(tag) = tag.filter(|_| meaning == Collection::Unknown) {
            self.report(mistake::unknown_tag(tag, tag_span(place, span)));
        }
        if self.key_text.is_some() || self.is_key() {
            self.remember(anchor, AnchorState::InKey);
            let (key, _) = self
                .key_text
                .get_or_insert_with(|| (KeyText::default(), span));
            key.open(is_mapping);
            return Ok(());
        }
        let anchor = self.remember(anchor, AnchorState::Open);
        self.count_child(0);
        let kind = if is_mapping {
            NodeKind::Mapping
        } else {
            NodeKind::Sequence
        };
        self.frames.push(Frame {
            collection: self.builder.open(kind, span),
            keys: is_mapping.then(|| self.keys.open()),
            children: 0,
            height: 0,
            anchor,
            bracket: (!is_block).then_some(place.start),
            block_column: column,
            hidden: meaning == Collection::Set,
        });
        Ok(())
    }

    fn close(&mut self, place: &Place) -> Result<(), Problem> {
        if let Some((key, span)) = &mut self.key_text {
            if let Some(text) = key.close() {
                let span = *span;
                self.key_text = None;
                self.count_child(0);
                let text = self.undisguised(Cow::Owned(text));
                self.builder.scalar(NodeKind::String, &text, span);
            }
            return Ok(());
        }
        let Some(frame) = self.frames.pop() else {
            return Ok(());
        };
        let children = if frame.hidden { 0 } else { frame.children };
        self.builder.close(&frame.collection, children);
        if let Some(keys) = &frame.keys {
            self.keys.close(keys);
        }
        let height = frame.height + 1;
        if let Some(anchor) = frame.anchor {
            self.anchors[anchor].state = AnchorState::Subtree(height);
        }
        let Some(parent) = self.frames.last_mut() else {
            return self.check_brackets(&frame, place);
        };
        parent.height = parent.height.max(height);
        if parent.bracket.is_none() {
            self.check_brackets(&frame, place)
        } else {
            Ok(())
        }
    }

    fn undisguised<'any>(&self, text: Cow<'any, str>) -> Cow<'any, str> {
        match self.disguise {
            Some(disguise) => disguise.take_off(text),
            None => text,
        }
    }

    /// Whether the next node is a key.
    fn is_key(&self) -> bool {
        self.frames
            .last()
            .is_some_and(|frame| frame.keys.is_some() && frame.children % 2 == 0)
    }

    fn count_child(&mut self, height: usize) {
        if let Some(frame) = self.frames.last_mut() {
            frame.children += 1;
            frame.height = frame.height.max(height);
        }
    }

    fn report(&mut self, problem: Problem) {
        if self.problems.len() < PROBLEM_LIMIT {
            self.problems.push(problem);
        }
    }

    fn spend(&self, nodes: usize, span: Span) -> Result<(), Problem> {
        let built = self.kept + self.builder.len() + nodes;
        if built > NODE_LIMIT {
            return Err(mistake::too_many_nodes(NODE_LIMIT, span));
        }
        Ok(())
    }

    fn spend_text(&mut self, bytes: usize, span: Span) -> Result<(), Problem> {
        self.repeated += bytes;
        if self.repeated > REPEATED_TEXT_LIMIT {
            return Err(mistake::too_much_text(REPEATED_TEXT_LIMIT, span));
        }
        Ok(())
    }

    fn check_depth(&self, more: usize, span: Span) -> Result<(), Problem> {
        let in_key = self.key_text.as_ref().map_or(0, |(key, _)| key.depth());
        if self.frames.len() + in_key + more > DEPTH_LIMIT {
            return Err(mistake::too_deep(DEPTH_LIMIT, span));
        }
        Ok(())
    }
}

fn tag_span(place: &Place, node: Span) -> Span {
    place.tag_span().map_or(node, |tag| span_of(&tag))
}
