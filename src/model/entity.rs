//! Entities: the things in the catalog.

use std::sync::Arc;

use super::{EntityRef, Node, Place, SourceFile, Span, Tree};

/// A thing in the catalog, as one document of a descriptor declares it.
///
/// Its fields are read from its tree, which has Backstage's shape whatever format the descriptor
/// has, so that every answer about it can point at where it was written.
#[derive(Clone, Debug)]
pub struct Entity {
    reference: EntityRef,
    tree: Tree,
    /// Where in the tree everything is asked for.
    parts: Parts,
    source: Source,
    valid: bool,
}

/// The nodes under which an entity says what it is, by their indexes.
#[derive(Clone, Copy, Debug)]
struct Parts {
    metadata: Option<u32>,
    annotations: Option<u32>,
    spec: Option<u32>,
}

/// The document that declares an entity.
#[derive(Clone, Debug)]
pub struct Source {
    /// The file.
    pub file: Arc<SourceFile>,
    /// Which document of the file, from 0.
    pub document: u32,
    /// The line on which the document's content starts.
    pub line: u32,
}

impl Parts {
    fn of(tree: &Tree) -> Self {
        let root = tree.root();
        let metadata = root.and_then(|root| root.get("metadata"));
        let annotations = metadata.and_then(|metadata| metadata.get("annotations"));
        let spec = root.and_then(|root| root.get("spec"));
        Self {
            metadata: metadata.map(Node::index),
            annotations: annotations.map(Node::index),
            spec: spec.map(Node::index),
        }
    }
}

impl Entity {
    /// The entity of a document. An invalid one is one that Backstage refuses.
    #[must_use]
    pub fn new(reference: EntityRef, tree: Tree, source: Source, valid: bool) -> Self {
        let parts = Parts::of(&tree);
        Self {
            reference,
            tree,
            parts,
            source,
            valid,
        }
    }

    /// The same entity, with that verdict.
    #[must_use]
    pub fn with_validity(self, valid: bool) -> Self {
        Self { valid, ..self }
    }

    /// Its reference.
    #[must_use]
    pub const fn reference(&self) -> &EntityRef {
        &self.reference
    }

    /// Where it is declared.
    #[must_use]
    pub const fn source(&self) -> &Source {
        &self.source
    }

    /// Whether Backstage would take it.
    #[must_use]
    pub const fn is_valid(&self) -> bool {
        self.valid
    }

    /// The whole document.
    #[must_use]
    pub const fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The kind as it was written.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.root_str("kind")
            .unwrap_or_else(|| self.reference.kind())
    }

    /// The name as it was written.
    #[must_use]
    pub fn name(&self) -> &str {
        self.metadata_str("name")
            .unwrap_or_else(|| self.reference.name())
    }

    /// The namespace.
    #[must_use]
    pub fn namespace(&self) -> &str {
        self.reference.namespace()
    }

    /// The name for people, where there is one.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        self.metadata_str("title")
            .or_else(|| self.spec()?.get("profile")?.str_at("displayName"))
    }

    /// What it is, in words.
    #[must_use]
    pub fn description(&self) -> Option<&str> {
        self.metadata_str("description")
    }

    /// Its tags, in the order of the file.
    pub fn tags(&self) -> impl Iterator<Item = &str> {
        self.metadata_items("tags").filter_map(Node::as_str)
    }

    /// Its labels, in the order of the file.
    pub fn labels(&self) -> impl Iterator<Item = (&str, &str)> {
        self.metadata_entries("labels")
    }

    /// Its annotations that are texts, in the order of the file.
    pub fn annotations(&self) -> impl Iterator<Item = (&str, &str)> {
        self.metadata_entries("annotations")
    }

    /// The annotation of that name.
    #[must_use]
    pub fn annotation(&self, name: &str) -> Option<&str> {
        self.tree.node(self.parts.annotations?)?.str_at(name)
    }

    /// Its links, in the order of the file.
    pub fn links(&self) -> impl Iterator<Item = Node<'_>> {
        self.metadata_items("links")
    }

    /// `metadata`.
    #[must_use]
    pub fn metadata(&self) -> Option<Node<'_>> {
        self.tree.node(self.parts.metadata?)
    }

    /// `spec`.
    #[must_use]
    pub fn spec(&self) -> Option<Node<'_>> {
        self.tree.node(self.parts.spec?)
    }

    /// A text of `spec`.
    #[must_use]
    pub fn spec_str(&self, field: &str) -> Option<&str> {
        self.spec()?.str_at(field)
    }

    /// A field of `spec` by its path: `.` leads into mappings, unless the name of a field has it.
    #[must_use]
    pub fn spec_field(&self, path: &str) -> Option<Node<'_>> {
        let mut node = self.spec()?;
        let mut rest = path;
        loop {
            if let Some(found) = node.get(rest) {
                return Some(found);
            }
            let (first, after) = rest.split_once('.')?;
            node = node.get(first)?;
            rest = after;
        }
    }

    /// Where its name is written, or its kind, or its document starts.
    #[must_use]
    pub fn place(&self) -> Place {
        let name = self.metadata().and_then(|metadata| metadata.get("name"));
        let node = name.or_else(|| self.tree.root()?.get("kind"));
        let span = node.map_or_else(|| Span::on_line(self.source.line, 1, 0), Node::span);
        Place::span(Arc::clone(&self.source.file), span)
    }

    /// Where a node of its tree is written.
    #[must_use]
    pub fn place_of(&self, node: Node<'_>) -> Place {
        Place::span(Arc::clone(&self.source.file), node.span())
    }

    fn root_str(&self, field: &str) -> Option<&str> {
        self.tree.root()?.str_at(field)
    }

    fn metadata_str(&self, field: &str) -> Option<&str> {
        self.metadata()?.str_at(field)
    }

    fn metadata_items(&self, field: &str) -> impl Iterator<Item = Node<'_>> {
        self.metadata()
            .and_then(|metadata| metadata.get(field))
            .into_iter()
            .flat_map(Node::items)
    }

    fn metadata_entries(&self, field: &str) -> impl Iterator<Item = (&str, &str)> {
        let map = self.metadata().and_then(|metadata| metadata.get(field));
        map.into_iter()
            .flat_map(Node::entries)
            .filter_map(|(key, value)| Some((key.text(), value.as_str()?)))
    }
}
