//! A value that remembers where it stood.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::U32Deserializer;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, SeqAccess, Visitor};

use super::{Reader, TypedError};
use crate::model::{Node, Span};

/// The name by which a deserializer of this module knows that a place is asked for.
pub(super) const NAME: &str = "$devportal::yaml::Spanned";

/// A value with its place, for fields of structs that [`from_node`](super::from_node) reads.
///
/// It works with that function only, and not inside of `#[serde(flatten)]` or untagged enums,
/// which copy values before they look at them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stood.
    pub span: Span,
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Spanned<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_tuple_struct(NAME, 5, PartsVisitor(PhantomData))
    }
}

struct PartsVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for PartsVisitor<T> {
    type Value = Spanned<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value with a place")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Self::Value, A::Error> {
        let missing = || A::Error::custom("a value without a place");
        let mut place = [0; 4];
        for number in &mut place {
            *number = parts.next_element()?.ok_or_else(missing)?;
        }
        let [line, column, end_line, end_column] = place;
        let value = parts.next_element()?.ok_or_else(missing)?;
        Ok(Spanned {
            value,
            span: Span {
                line,
                column,
                end_line,
                end_column,
            },
        })
    }
}

/// The four numbers of a place, and then the value.
pub(super) struct Parts<'tree> {
    node: Node<'tree>,
    next: usize,
}

impl<'tree> Parts<'tree> {
    pub(super) fn new(node: Node<'tree>) -> Self {
        Self { node, next: 0 }
    }
}

impl<'tree> SeqAccess<'tree> for Parts<'tree> {
    type Error = TypedError;

    fn next_element_seed<S: DeserializeSeed<'tree>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, TypedError> {
        let span = self.node.span();
        let place = [span.line, span.column, span.end_line, span.end_column];
        let next = self.next;
        self.next += 1;
        match place.get(next) {
            Some(number) => seed.deserialize(U32Deserializer::new(*number)),
            None => seed.deserialize(Reader(self.node)),
        }
        .map(Some)
    }
}
