//! Scalars with a tag.

use std::borrow::Cow;

use granit_parser::Tag;

use crate::model::{NodeKind, Span};
use crate::yaml::schema::{Scalar, Type};
use crate::yaml::tag::{self, Tagged};
use crate::yaml::{Problem, mistake};

use super::{Composer, Properties, tag_span};

impl<'text> Composer<'text> {
    /// A scalar with a tag; `None` when it is in the tree already.
    pub(super) fn tagged(
        &mut self,
        tag: &Tag,
        text: Cow<'text, str>,
        node: Properties<'_>,
    ) -> Result<Option<Scalar<'text>>, Problem> {
        let Properties { place, span, .. } = node;
        match tag::scalar(tag, text, self.version) {
            Tagged::Scalar(scalar) => Ok(Some(scalar)),
            Tagged::Unknown(scalar) => {
                self.report(mistake::unknown_tag(tag, tag_span(place, span)));
                Ok(Some(scalar))
            }
            Tagged::Refused(expected) => {
                Err(mistake::wrong_tag(tag, expected, tag_span(place, span)))
            }
            Tagged::Bytes(bytes) if self.is_key() => Ok(Some((
                Type::Text,
                Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
            ))),
            Tagged::Bytes(bytes) => self.bytes(&bytes, span).map(|()| None),
        }
    }

    /// Adds bytes as Node.js shows them in JSON: `{type: Buffer, data: [104, …]}`.
    fn bytes(&mut self, bytes: &[u8], span: Span) -> Result<(), Problem> {
        self.spend(bytes.len() + 4, span)?;
        self.line.get_or_insert(span.line);
        self.count_child(2);
        let buffer = self.builder.open(NodeKind::Mapping, span);
        for text in ["type", "Buffer", "data"] {
            self.builder.scalar(NodeKind::String, text, span);
        }
        let data = self.builder.open(NodeKind::Sequence, span);
        for byte in bytes {
            self.builder
                .scalar(NodeKind::Number, &byte.to_string(), span);
        }
        self.builder.close(&data, bytes.len());
        self.builder.close(&buffer, 4);
        Ok(())
    }
}
