//! A [`Tree`] as the JSON that `jsonschema` validates, without a copy.

use std::borrow::Cow;
use std::ops::ControlFlow;

use jsonschema::JsonType;
use jsonschema::json::{Array, Json, JsonNumber, Node as JsonNode, NodeIdentity, Object, unique};

use crate::model::{Entries, Items, Node, NodeKind, Span, Tree, TreeBuilder};

/// The representation.
#[derive(Debug)]
pub(super) struct TreeJson;

impl Json for TreeJson {
    type Node<'a> = Node<'a>;
    type PreparedKey = Box<str>;
    type StringBuffer = Tree;

    const ACYCLIC: bool = true;

    fn prepare_key(key: &str) -> Box<str> {
        key.into()
    }

    fn with_string_node<T>(buffer: &mut Tree, string: &str, f: impl FnOnce(Node<'_>) -> T) -> T {
        let mut builder = TreeBuilder::default();
        builder.scalar(NodeKind::String, string, Span::default());
        *buffer = builder.finish();
        f(buffer.first())
    }
}

/// A number as it is written.
pub(super) struct Number<'a>(&'a str);

impl JsonNumber for Number<'_> {
    fn as_u64(&self) -> Option<u64> {
        self.0.parse().ok()
    }

    fn as_i64(&self) -> Option<i64> {
        self.0.parse().ok()
    }

    fn as_f64(&self) -> Option<f64> {
        self.0.parse().ok()
    }

    fn as_str(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.0)
    }

    fn to_number(&self) -> Cow<'_, serde_json::Number> {
        let integer = self.as_i64().map(serde_json::Number::from);
        let number = integer.or_else(|| serde_json::Number::from_f64(self.as_f64()?));
        Cow::Owned(number.unwrap_or_else(|| 0.into()))
    }
}

impl<'a> JsonNode<'a, TreeJson> for Node<'a> {
    type Object = Mapping<'a>;
    type Array = Sequence<'a>;
    type Number = Number<'a>;

    fn as_object(&self) -> Option<Mapping<'a>> {
        self.is_mapping().then_some(Mapping(*self))
    }

    fn as_array(&self) -> Option<Sequence<'a>> {
        (self.kind() == NodeKind::Sequence).then_some(Sequence(*self))
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        self.as_str().map(Cow::Borrowed)
    }

    fn as_number(&self) -> Option<Number<'a>> {
        (self.kind() == NodeKind::Number).then(|| Number(self.text()))
    }

    fn as_boolean(&self) -> Option<bool> {
        self.as_bool()
    }

    fn is_null(&self) -> bool {
        Node::is_null(*self)
    }

    fn json_type(&self) -> JsonType {
        match self.kind() {
            NodeKind::Null => JsonType::Null,
            NodeKind::Boolean => JsonType::Boolean,
            NodeKind::Number => JsonType::Number,
            NodeKind::String => JsonType::String,
            NodeKind::Sequence => JsonType::Array,
            NodeKind::Mapping => JsonType::Object,
        }
    }

    fn equals_value(&self, expected: &serde_json::Value) -> bool {
        match (self.as_str(), expected) {
            (Some(text), serde_json::Value::String(expected)) => text == expected,
            (Some(_), _) => false,
            (None, _) => self.to_json() == *expected,
        }
    }

    /// What an error has of the node that it is about; nobody reads more of it than a text. A copy
    /// of a mapping for each of its 60,000 wrong keys would be gigabytes.
    fn to_value(&self) -> Cow<'a, serde_json::Value> {
        if self.is_mapping() || self.kind() == NodeKind::Sequence {
            return Cow::Owned(serde_json::Value::Null);
        }
        Cow::Owned(self.to_json())
    }

    fn identity(&self) -> Option<NodeIdentity> {
        Some(NodeIdentity::tagged(self.tree_address(), self.index()))
    }
}

/// A mapping.
pub(super) struct Mapping<'a>(Node<'a>);

impl<'a> Object<'a, TreeJson> for Mapping<'a> {
    type Node = Node<'a>;
    type MemberName = &'a str;
    type MembersIter = Members<'a>;

    fn len(&self) -> usize {
        self.0.len()
    }

    fn get(&self, key: &Box<str>) -> Option<Node<'a>> {
        self.0.get(key)
    }

    fn members(&self) -> Members<'a> {
        Members(self.0.entries())
    }

    fn try_for_each_name_node<B>(
        &self,
        _buffer: &mut Tree,
        mut f: impl FnMut(Node<'_>) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        self.0.entries().try_for_each(|(key, _)| f(key))
    }
}

/// The pairs of a mapping.
pub(super) struct Members<'a>(Entries<'a>);

impl<'a> Iterator for Members<'a> {
    type Item = (&'a str, Node<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(key, value)| (key.text(), value))
    }
}

/// A sequence.
pub(super) struct Sequence<'a>(Node<'a>);

impl<'a> Array<'a, TreeJson> for Sequence<'a> {
    type Node = Node<'a>;
    type ElementsIter = Items<'a>;

    fn len(&self) -> usize {
        self.0.len()
    }

    fn elements(&self) -> Items<'a> {
        self.0.items()
    }

    fn is_unique(&self) -> bool {
        let values: Vec<serde_json::Value> = self.0.items().map(Node::to_json).collect();
        unique::is_unique(&values)
    }
}
