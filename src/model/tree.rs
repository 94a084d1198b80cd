//! A JSON-like value in which every key and every value knows its place.
//!
//! A tree is two allocations: the text of all its scalars, and a flat list of nodes in document
//! order. A catalog of 50,000 entities keeps the tree of each, so its size matters more than
//! the convenience of nested boxes; [`Node`] gives the convenience back.

use super::Span;

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NodeKind {
    /// No value.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number, as a 64-bit float like JavaScript's.
    Number,
    /// Text.
    String,
    /// Nodes in order.
    Sequence,
    /// Pairs of a key and a node, in the order of the file.
    Mapping,
}

impl NodeKind {
    /// The name that error messages use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Boolean => "a boolean",
            Self::Number => "a number",
            Self::String => "a text",
            Self::Sequence => "a list",
            Self::Mapping => "a mapping",
        }
    }
}

/// One node. Scalars own `text[start..start + length]`; collections own the `length` children
/// that follow, of which a mapping's are key, value, key, value, …
#[derive(Clone, Copy, Debug)]
struct Record {
    kind: NodeKind,
    /// Where a scalar's text starts; of a collection, the nodes of its subtree, itself included.
    start: u32,
    length: u32,
    line: u32,
    column: u32,
    /// Characters on the first line; 0 when the node goes on below it.
    width: u16,
}

impl Record {
    const fn is_collection(self) -> bool {
        matches!(self.kind, NodeKind::Sequence | NodeKind::Mapping)
    }

    /// Nodes of the subtree, this one included.
    const fn size(self) -> u32 {
        if self.is_collection() { self.start } else { 1 }
    }
}

/// A value with places. See the module's documentation.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    text: Box<str>,
    records: Box<[Record]>,
}

impl Tree {
    /// The outermost node; `None` only for the default, empty tree.
    #[must_use]
    pub fn root(&self) -> Option<Node<'_>> {
        (!self.records.is_empty()).then_some(Node {
            tree: self,
            index: 0,
        })
    }

    /// The outermost node of a tree that is known to have one.
    ///
    /// # Panics
    /// When the tree is the default, empty one.
    #[must_use]
    pub(crate) fn first(&self) -> Node<'_> {
        assert!(!self.records.is_empty(), "a tree that was built has a root");
        Node {
            tree: self,
            index: 0,
        }
    }

    /// The bytes that a copy takes, with the texts that aliases share counted as often as they
    /// are there.
    #[must_use]
    pub fn weight(&self) -> usize {
        let scalars = self.records.iter().filter(|record| !record.is_collection());
        let texts: usize = scalars.map(|record| record.length as usize).sum();
        size_of_val(&*self.records) + texts
    }

    /// The node with that index, as [`Node::index`] gave it.
    #[must_use]
    pub fn node(&self, index: u32) -> Option<Node<'_>> {
        ((index as usize) < self.records.len()).then_some(Node { tree: self, index })
    }
}

/// A node of a [`Tree`]; free to copy.
#[derive(Clone, Copy)]
pub struct Node<'tree> {
    tree: &'tree Tree,
    index: u32,
}

impl<'tree> Node<'tree> {
    fn record(self) -> &'tree Record {
        &self.tree.records[self.index as usize]
    }

    /// The index in its tree: a place that is kept in four bytes.
    #[must_use]
    pub const fn index(self) -> u32 {
        self.index
    }

    /// The address of its tree, which with its index tells it from all other nodes alive.
    #[must_use]
    pub(crate) fn tree_address(self) -> usize {
        std::ptr::from_ref(self.tree).addr()
    }

    /// What it is.
    #[must_use]
    pub fn kind(self) -> NodeKind {
        self.record().kind
    }

    /// Where it stands.
    #[must_use]
    pub fn span(self) -> Span {
        let record = self.record();
        Span::on_line(record.line, record.column, u32::from(record.width))
    }

    /// The text of a scalar: what was written for numbers and booleans, empty for null and for
    /// collections.
    #[must_use]
    pub fn text(self) -> &'tree str {
        let record = self.record();
        if record.is_collection() {
            return "";
        }
        &self.tree.text[record.start as usize..(record.start + record.length) as usize]
    }

    /// Whether it is a scalar with that text.
    fn is(self, text: &str) -> bool {
        let record = self.record();
        let start = record.start as usize;
        record.length as usize == text.len()
            && !record.is_collection()
            && self.tree.text.as_bytes().get(start..start + text.len()) == Some(text.as_bytes())
    }

    /// The text, when it is one.
    #[must_use]
    pub fn as_str(self) -> Option<&'tree str> {
        (self.kind() == NodeKind::String).then(|| self.text())
    }

    /// The boolean, when it is one.
    #[must_use]
    pub fn as_bool(self) -> Option<bool> {
        (self.kind() == NodeKind::Boolean).then(|| self.text() == "true")
    }

    /// The number, when it is one. The text of a number is always what Rust parses.
    #[must_use]
    pub fn as_number(self) -> Option<f64> {
        (self.kind() == NodeKind::Number).then(|| self.text().parse().unwrap_or(f64::NAN))
    }

    /// Whether it is null.
    #[must_use]
    pub fn is_null(self) -> bool {
        self.kind() == NodeKind::Null
    }

    /// Whether it is a mapping.
    #[must_use]
    pub fn is_mapping(self) -> bool {
        self.kind() == NodeKind::Mapping
    }

    /// The number of items of a sequence or of pairs of a mapping.
    #[must_use]
    pub fn len(self) -> usize {
        let record = self.record();
        match record.kind {
            NodeKind::Sequence => record.length as usize,
            NodeKind::Mapping => record.length as usize / 2,
            _ => 0,
        }
    }

    /// Whether it has no items and no pairs.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The items of a sequence; none for anything else.
    #[must_use]
    pub fn items(self) -> Items<'tree> {
        let is_sequence = self.kind() == NodeKind::Sequence;
        Items {
            tree: self.tree,
            next: self.index + 1,
            left: if is_sequence { self.len() } else { 0 },
        }
    }

    /// The pairs of a mapping; none for anything else.
    #[must_use]
    pub fn entries(self) -> Entries<'tree> {
        let pairs = if self.is_mapping() { self.len() } else { 0 };
        Entries(Items {
            tree: self.tree,
            next: self.index + 1,
            left: pairs * 2,
        })
    }

    /// The value of a key of a mapping.
    #[must_use]
    pub fn get(self, key: &str) -> Option<Node<'tree>> {
        self.entry(key).map(|(_, value)| value)
    }

    /// The key and the value of a key of a mapping.
    #[must_use]
    pub fn entry(self, key: &str) -> Option<(Node<'tree>, Node<'tree>)> {
        self.entries().find(|(name, _)| name.is(key))
    }

    /// The text at a key of a mapping, when it is one.
    #[must_use]
    pub fn str_at(self, key: &str) -> Option<&'tree str> {
        self.get(key)?.as_str()
    }

    /// A plain copy, for formats and languages that do not know places.
    #[must_use]
    pub fn to_json(self) -> serde_json::Value {
        use serde_json::Value;
        match self.kind() {
            NodeKind::Null => Value::Null,
            NodeKind::Boolean => Value::Bool(self.text() == "true"),
            NodeKind::Number => number_to_json(self.text()),
            NodeKind::String => Value::String(self.text().to_owned()),
            NodeKind::Sequence => self.items().map(Node::to_json).collect(),
            NodeKind::Mapping => self
                .entries()
                .map(|(key, value)| (key.text().to_owned(), value.to_json()))
                .collect(),
        }
    }
}

/// A number of a tree as JSON: an integer where it is one, text where JSON has no such number.
fn number_to_json(text: &str) -> serde_json::Value {
    if let Ok(integer) = text.parse::<i64>() {
        return integer.into();
    }
    match text
        .parse::<f64>()
        .ok()
        .and_then(serde_json::Number::from_f64)
    {
        Some(number) => serde_json::Value::Number(number),
        None => text.into(),
    }
}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.to_json())
    }
}

/// The items of a sequence, in order.
#[derive(Clone)]
pub struct Items<'tree> {
    tree: &'tree Tree,
    next: u32,
    left: usize,
}

impl<'tree> Iterator for Items<'tree> {
    type Item = Node<'tree>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let node = Node {
            tree: self.tree,
            index: self.next,
        };
        self.next += node.record().size();
        Some(node)
    }
}

/// The pairs of a mapping, in the order of the file.
#[derive(Clone)]
pub struct Entries<'tree>(Items<'tree>);

impl<'tree> Iterator for Entries<'tree> {
    type Item = (Node<'tree>, Node<'tree>);

    fn next(&mut self) -> Option<Self::Item> {
        Some((self.0.next()?, self.0.next()?))
    }
}

/// Builds a [`Tree`] from the events of a parser, in document order.
#[derive(Debug, Default)]
pub struct TreeBuilder {
    text: String,
    records: Vec<Record>,
}

/// A collection that [`TreeBuilder::open`] began and [`TreeBuilder::close`] ends.
#[derive(Debug)]
pub struct OpenCollection(usize);

impl TreeBuilder {
    /// A builder with room for the trees of a text of so many bytes.
    #[must_use]
    pub fn for_text(bytes: usize) -> Self {
        const MOST: usize = 1 << 16;
        const BYTES_A_NODE: usize = 12;
        let bytes = bytes.min(MOST);
        Self {
            text: String::with_capacity(bytes),
            records: Vec::with_capacity(bytes / BYTES_A_NODE),
        }
    }

    /// The nodes so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether nothing was added yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Adds a scalar (or the key of a mapping, which is a string).
    pub fn scalar(&mut self, kind: NodeKind, text: &str, span: Span) {
        let start = self.text.len();
        self.text.push_str(text);
        self.push(kind, start, text.len(), span);
    }

    /// Begins a collection whose children are added next.
    pub fn open(&mut self, kind: NodeKind, span: Span) -> OpenCollection {
        self.push(kind, 1, 0, span);
        OpenCollection(self.records.len() - 1)
    }

    /// Ends a collection of so many children; for a mapping, keys and values both count.
    pub fn close(&mut self, collection: &OpenCollection, children: usize) {
        let size = self.records.len() - collection.0;
        let record = &mut self.records[collection.0];
        record.length = saturate(children);
        record.start = saturate(size);
    }

    /// Adds what was already added from node `first` on once more: what an alias means. The text
    /// is shared, so this costs nodes only.
    pub fn repeat(&mut self, first: u32) {
        let first = first as usize;
        let size = self.records[first].size() as usize;
        self.records.extend_from_within(first..first + size);
    }

    /// Nodes of the finished subtree that begins at `first`.
    #[must_use]
    pub fn size_of(&self, first: u32) -> usize {
        self.records[first as usize].size() as usize
    }

    /// Bytes of the texts of the finished subtree that begins at `first`.
    #[must_use]
    pub fn text_of(&self, first: u32) -> usize {
        let first = first as usize;
        let records = &self.records[first..first + self.records[first].size() as usize];
        let scalars = records.iter().filter(|record| !record.is_collection());
        scalars.map(|record| record.length as usize).sum()
    }

    /// Adds a copy of a node and everything below it, all at `span` when one is given: what
    /// another file brought in stands where it was asked for.
    pub fn copy(&mut self, node: Node<'_>, span: Option<Span>) {
        let first = node.index as usize;
        for index in first..first + node.record().size() as usize {
            let original = Node {
                tree: node.tree,
                index: saturate(index),
            };
            let record = *original.record();
            let start = if record.is_collection() {
                record.start as usize
            } else {
                self.text.push_str(original.text());
                self.text.len() - original.text().len()
            };
            let place = span.unwrap_or_else(|| original.span());
            self.push(record.kind, start, record.length as usize, place);
        }
    }

    /// Gives up what was added so far.
    pub fn clear(&mut self) {
        self.text.clear();
        self.records.clear();
    }

    /// The finished tree. The builder is empty again and keeps its room for the next one: a tree
    /// takes exactly what it needs, and nothing grows step by step.
    #[must_use]
    pub fn finish(&mut self) -> Tree {
        let tree = Tree {
            text: self.text.as_str().into(),
            records: self.records.as_slice().into(),
        };
        self.clear();
        tree
    }

    fn push(&mut self, kind: NodeKind, start: usize, length: usize, span: Span) {
        let width = if span.end_line == span.line {
            span.end_column.saturating_sub(span.column)
        } else {
            0
        };
        self.records.push(Record {
            kind,
            start: saturate(start),
            length: saturate(length),
            line: span.line,
            column: span.column,
            width: u16::try_from(width).unwrap_or(u16::MAX),
        });
    }
}

/// Files are limited to 4 MiB and 250,000 nodes, so nothing here ever reaches the limit.
fn saturate(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
