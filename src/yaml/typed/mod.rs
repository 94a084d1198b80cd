//! Tree → typed structs, through serde, with the place of whatever does not fit.

mod access;
mod error;
mod spanned;

use serde::de::{DeserializeOwned, Visitor};

use crate::model::{Node, NodeKind};
use access::{Mapping, Sequence, Variant};

pub use error::TypedError;
pub use spanned::Spanned;

/// Reads a value out of a tree.
///
/// # Errors
/// When the node does not have the shape of `T`; the error has the place of what is at fault.
pub fn from_node<T: DeserializeOwned>(node: Node<'_>) -> Result<T, TypedError> {
    T::deserialize(Reader(node))
}

/// A node as serde sees it.
#[derive(Clone, Copy)]
struct Reader<'tree>(Node<'tree>);

impl<'tree> Reader<'tree> {
    /// An error that something else was wanted here.
    fn wanted(self, expected: &str) -> TypedError {
        TypedError::wanted(expected, self.0)
    }

    fn sequence<V: Visitor<'tree>>(self, visitor: V) -> Result<V::Value, TypedError> {
        visitor.visit_seq(Sequence::new(self.0.items()))
    }

    fn mapping<V: Visitor<'tree>>(self, visitor: V) -> Result<V::Value, TypedError> {
        visitor.visit_map(Mapping::new(self.0.entries()))
    }

    /// A number: an integer where it is one, since serde tells them apart.
    fn number<V: Visitor<'tree>>(self, visitor: V) -> Result<V::Value, TypedError> {
        let text = self.0.text();
        if let Ok(integer) = text.parse::<i64>() {
            visitor.visit_i64(integer)
        } else if let Ok(integer) = text.parse::<u64>() {
            visitor.visit_u64(integer)
        } else {
            visitor.visit_f64(self.0.as_number().unwrap_or(f64::NAN))
        }
    }

    /// Lets a visitor look at the node, if it is of the kind that is wanted.
    fn expect<V: Visitor<'tree>>(
        self,
        kind: NodeKind,
        expected: &str,
        visitor: V,
    ) -> Result<V::Value, TypedError> {
        if self.0.kind() != kind {
            return Err(self.wanted(expected));
        }
        let value = match kind {
            NodeKind::Null => visitor.visit_unit(),
            NodeKind::Boolean => visitor.visit_bool(self.0.text() == "true"),
            NodeKind::Number => self.number(visitor),
            NodeKind::String => visitor.visit_borrowed_str(self.0.text()),
            NodeKind::Sequence => self.sequence(visitor),
            NodeKind::Mapping => self.mapping(visitor),
        };
        value.map_err(|error| error.at(self.0.span()))
    }
}

/// Methods that want a node of one kind and then leave it to the visitor.
macro_rules! expecting {
    ($($method:ident($($argument:ident: $type:ty),*) $kind:ident $expected:literal;)*) => {$(
        fn $method<V: Visitor<'tree>>(
            self,
            $($argument: $type,)*
            visitor: V,
        ) -> Result<V::Value, TypedError> {
            $(let _ = $argument;)*
            self.expect(NodeKind::$kind, $expected, visitor)
        }
    )*};
}

impl<'tree> serde::Deserializer<'tree> for Reader<'tree> {
    type Error = TypedError;

    fn deserialize_any<V: Visitor<'tree>>(self, visitor: V) -> Result<V::Value, TypedError> {
        self.expect(self.0.kind(), "", visitor)
    }

    expecting! {
        deserialize_bool() Boolean "true or false";
        deserialize_i8() Number "a number";
        deserialize_i16() Number "a number";
        deserialize_i32() Number "a number";
        deserialize_i64() Number "a number";
        deserialize_i128() Number "a number";
        deserialize_u8() Number "a number";
        deserialize_u16() Number "a number";
        deserialize_u32() Number "a number";
        deserialize_u64() Number "a number";
        deserialize_u128() Number "a number";
        deserialize_f32() Number "a number";
        deserialize_f64() Number "a number";
        deserialize_char() String "a text";
        deserialize_str() String "a text";
        deserialize_string() String "a text";
        deserialize_bytes() Sequence "a list";
        deserialize_byte_buf() Sequence "a list";
        deserialize_unit() Null "nothing";
        deserialize_unit_struct(_name: &'static str) Null "nothing";
        deserialize_seq() Sequence "a list";
        deserialize_tuple(_length: usize) Sequence "a list";
        deserialize_map() Mapping "a mapping";
        deserialize_struct(_name: &'static str, _fields: &'static [&'static str]) Mapping "a mapping";
        deserialize_identifier() String "a text";
    }

    fn deserialize_option<V: Visitor<'tree>>(self, visitor: V) -> Result<V::Value, TypedError> {
        if self.0.is_null() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'tree>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, TypedError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_tuple_struct<V: Visitor<'tree>>(
        self,
        name: &'static str,
        _length: usize,
        visitor: V,
    ) -> Result<V::Value, TypedError> {
        if name == spanned::NAME {
            return visitor.visit_seq(spanned::Parts::new(self.0));
        }
        self.expect(NodeKind::Sequence, "a list", visitor)
    }

    fn deserialize_enum<V: Visitor<'tree>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, TypedError> {
        Variant::of(self.0, variants)
            .and_then(|variant| visitor.visit_enum(variant))
            .map_err(|error| error.at(self.0.span()))
    }

    fn deserialize_ignored_any<V: Visitor<'tree>>(
        self,
        visitor: V,
    ) -> Result<V::Value, TypedError> {
        visitor.visit_unit()
    }
}

#[cfg(test)]
mod tests;
