//! Sequences, mappings and enums as serde walks them.

use serde::de::{DeserializeSeed, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor};

use super::{Reader, TypedError};
use crate::model::{Entries, Items, Node, NodeKind};

/// The items of a sequence.
pub(super) struct Sequence<'tree>(Items<'tree>);

impl<'tree> Sequence<'tree> {
    pub(super) fn new(items: Items<'tree>) -> Self {
        Self(items)
    }
}

impl<'tree> SeqAccess<'tree> for Sequence<'tree> {
    type Error = TypedError;

    fn next_element_seed<T: DeserializeSeed<'tree>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, TypedError> {
        let Some(node) = self.0.next() else {
            return Ok(None);
        };
        seed.deserialize(Reader(node))
            .map(Some)
            .map_err(|error| error.at(node.span()))
    }
}

/// The pairs of a mapping.
pub(super) struct Mapping<'tree> {
    entries: Entries<'tree>,
    value: Option<Node<'tree>>,
}

impl<'tree> Mapping<'tree> {
    pub(super) fn new(entries: Entries<'tree>) -> Self {
        Self {
            entries,
            value: None,
        }
    }
}

impl<'tree> MapAccess<'tree> for Mapping<'tree> {
    type Error = TypedError;

    fn next_key_seed<K: DeserializeSeed<'tree>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, TypedError> {
        let Some((key, value)) = self.entries.next() else {
            return Ok(None);
        };
        self.value = Some(value);
        seed.deserialize(Reader(key))
            .map(Some)
            .map_err(|error| error.at(key.span()))
    }

    fn next_value_seed<V: DeserializeSeed<'tree>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, TypedError> {
        let value = self
            .value
            .take()
            .ok_or_else(|| TypedError::custom("a value was read before its key"))?;
        seed.deserialize(Reader(value))
            .map_err(|error| error.at(value.span()))
    }
}

/// A variant of an enum: its name alone, or a mapping from its name to its content.
pub(super) struct Variant<'tree> {
    name: Node<'tree>,
    content: Option<Node<'tree>>,
}

impl<'tree> Variant<'tree> {
    /// The variant that a node names.
    pub(super) fn of(node: Node<'tree>, variants: &[&str]) -> Result<Self, TypedError> {
        match node.kind() {
            NodeKind::String => Ok(Self {
                name: node,
                content: None,
            }),
            NodeKind::Mapping if node.len() == 1 => {
                let entry = node.entries().next();
                let (name, content) = entry.ok_or_else(|| TypedError::wanted("a text", node))?;
                Ok(Self {
                    name,
                    content: Some(content),
                })
            }
            _ => Err(TypedError::wanted(
                &format!("one of {}", variants.join(", ")),
                node,
            )),
        }
    }
}

impl<'tree> EnumAccess<'tree> for Variant<'tree> {
    type Error = TypedError;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'tree>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Self), TypedError> {
        let name = self.name;
        let value = seed
            .deserialize(Reader(name))
            .map_err(|error| error.at(name.span()))?;
        Ok((value, self))
    }
}

impl<'tree> VariantAccess<'tree> for Variant<'tree> {
    type Error = TypedError;

    fn unit_variant(self) -> Result<(), TypedError> {
        match self.content {
            Some(node) if !node.is_null() => Err(TypedError::wanted(
                &format!("nothing after \"{}\"", self.name.text()),
                node,
            )),
            _ => Ok(()),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'tree>>(
        self,
        seed: T,
    ) -> Result<T::Value, TypedError> {
        let node = self.content("a value")?;
        seed.deserialize(Reader(node))
            .map_err(|error| error.at(node.span()))
    }

    fn tuple_variant<V: Visitor<'tree>>(
        self,
        _length: usize,
        visitor: V,
    ) -> Result<V::Value, TypedError> {
        Reader(self.content("a list")?).expect(NodeKind::Sequence, "a list", visitor)
    }

    fn struct_variant<V: Visitor<'tree>>(
        self,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, TypedError> {
        Reader(self.content("a mapping")?).expect(NodeKind::Mapping, "a mapping", visitor)
    }
}

impl<'tree> Variant<'tree> {
    fn content(&self, expected: &str) -> Result<Node<'tree>, TypedError> {
        let name = self.name;
        self.content.ok_or_else(|| {
            let message = format!("\"{}\" needs {expected} after a \":\"", name.text());
            TypedError::custom(message).at(name.span())
        })
    }
}
