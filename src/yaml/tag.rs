//! Tags: `!!str`, `!!binary`, and those of other tools, which mean nothing here.

use std::borrow::Cow;

use granit_parser::Tag;

use super::schema::{self, Scalar, Type, Version};
use super::timestamp;

/// What a tag makes of a scalar.
#[derive(Debug)]
pub(super) enum Tagged<'text> {
    /// A value.
    Scalar(Scalar<'text>),
    /// Bytes, written in base 64.
    Bytes(Vec<u8>),
    /// The tag means nothing, or nothing for this text, which is kept as it is.
    Unknown(Scalar<'text>),
    /// The tag does not allow the text.
    Refused(&'static str),
}

/// The name of a tag of YAML itself (`str`, `binary`), or `!` for the tag that only says "text".
fn name(tag: &Tag) -> Option<Cow<'_, str>> {
    if tag.handle().is_empty() && tag.suffix() == "!" {
        return Some(Cow::Borrowed("!"));
    }
    tag.suffix_in_namespace("tag:yaml.org,2002:")
}

/// What a tag makes of a scalar.
pub(super) fn scalar<'text>(tag: &Tag, text: Cow<'text, str>, version: Version) -> Tagged<'text> {
    let name = name(tag).unwrap_or_default();
    let wanted: &[Type] = match name.as_ref() {
        "!" | "str" => return Tagged::Scalar((Type::Text, text)),
        "binary" => return Tagged::Bytes(bytes(&text)),
        "timestamp" => {
            return match timestamp::normalize(&text) {
                Some(date) => Tagged::Scalar((Type::Timestamp, Cow::Owned(date))),
                None => Tagged::Refused("a date such as 2026-11-23"),
            };
        }
        "null" => &[Type::Null],
        "bool" => &[Type::Boolean],
        "int" => &[Type::Integer],
        "float" => &[Type::Float],
        _ => &[],
    };
    let (found, value) = schema::resolve(text.clone(), version);
    if wanted.contains(&found) {
        return Tagged::Scalar((found, value));
    }
    Tagged::Unknown((Type::Text, text))
}

/// What a tag means for a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Collection {
    /// Nothing more than is written.
    Plain,
    /// A set, of which JSON shows nothing.
    Set,
    /// Nothing that is known.
    Unknown,
}

/// What a tag means for a collection.
pub(super) fn collection(tag: &Tag, is_mapping: bool) -> Collection {
    match (name(tag).unwrap_or_default().as_ref(), is_mapping) {
        ("!", _) | ("map", true) | ("seq" | "omap" | "pairs", false) => Collection::Plain,
        ("set", true) => Collection::Set,
        _ => Collection::Unknown,
    }
}

/// Base 64 as Node.js reads it: whatever is not of the alphabet is skipped, `=` ends it.
fn bytes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut buffer, mut bits) = (0_u32, 0);
    for byte in text.bytes().take_while(|byte| *byte != b'=') {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => continue,
        };
        buffer = (buffer << 6 | u32::from(value)) & 0xFF_FFFF;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            let [.., byte] = (buffer >> bits).to_be_bytes();
            bytes.push(byte);
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn base_64() {
        assert_eq!(bytes("aGVsbG8="), b"hello");
        assert_eq!(bytes("aGVs\nbG8h"), b"hello!");
        assert_eq!(bytes(""), b"");
    }
}
