//! References to entities: `kind:namespace/name`.

use std::fmt;
use std::sync::Arc;

/// The namespace of an entity that names none.
pub const DEFAULT_NAMESPACE: &str = "default";

/// A complete reference in its one spelling, `kind:namespace/name` in lower case.
///
/// Two references are equal when Backstage takes them for the same entity
/// (`stringifyEntityRef` of `@backstage/catalog-model` 1.10).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntityRef {
    text: Arc<str>,
    kind_end: u32,
    namespace_end: u32,
}

/// Why a text is no reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefError {
    /// The text, or one of the parts that a `:` or `/` promises, is empty.
    EmptyPart,
    /// There is no kind, and the place where it stands has no kind of its own.
    MissingKind,
}

impl fmt::Display for RefError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EmptyPart => "a part of the reference is empty",
            Self::MissingKind => "the reference does not say which kind it means",
        })
    }
}

impl std::error::Error for RefError {}

impl EntityRef {
    /// The reference of these three parts.
    #[must_use]
    pub fn new(kind: &str, namespace: &str, name: &str) -> Self {
        let mut text = String::with_capacity(kind.len() + namespace.len() + name.len() + 2);
        push_lower(&mut text, kind);
        let kind_end = offset(&text);
        text.push(':');
        push_lower(&mut text, namespace);
        let namespace_end = offset(&text);
        text.push('/');
        push_lower(&mut text, name);
        Self {
            text: Arc::from(text),
            kind_end,
            namespace_end,
        }
    }

    /// Reads `[kind:][namespace/]name`, taking what is missing from the place where it stands.
    ///
    /// # Errors
    /// When a part is empty, or the kind is missing and has no default.
    pub fn parse(
        text: &str,
        default_kind: Option<&str>,
        default_namespace: &str,
    ) -> Result<Self, RefError> {
        let parts = RefParts::parse(text)?;
        let kind = parts.kind.or(default_kind).ok_or(RefError::MissingKind)?;
        Ok(Self::new(
            kind,
            parts.namespace.unwrap_or(default_namespace),
            parts.name,
        ))
    }

    /// The kind, in lower case.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.text[..self.kind_end as usize]
    }

    /// The namespace, in lower case.
    #[must_use]
    pub fn namespace(&self) -> &str {
        &self.text[self.kind_end as usize + 1..self.namespace_end as usize]
    }

    /// The name, in lower case.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.text[self.namespace_end as usize + 1..]
    }

    /// The whole reference.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The reference as people write it: without the default namespace.
    #[must_use]
    pub fn short(&self) -> String {
        if self.namespace() == DEFAULT_NAMESPACE {
            format!("{}:{}", self.kind(), self.name())
        } else {
            self.text.to_string()
        }
    }
}

/// The parts that a text gives, before anything is added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefParts<'text> {
    /// What stands before `:`.
    pub kind: Option<&'text str>,
    /// What stands before `/`.
    pub namespace: Option<&'text str>,
    /// The rest.
    pub name: &'text str,
}

impl<'text> RefParts<'text> {
    /// Splits `[kind:][namespace/]name`. A `:` after the first `/` is part of the name.
    ///
    /// # Errors
    /// When a part is empty.
    pub fn parse(text: &'text str) -> Result<Self, RefError> {
        let slash = text.find('/');
        let colon = text
            .find(':')
            .filter(|colon| slash.is_none_or(|slash| *colon < slash));
        let (kind, rest) = match colon {
            Some(colon) => (Some(&text[..colon]), &text[colon + 1..]),
            None => (None, text),
        };
        let (namespace, name) = match rest.split_once('/') {
            Some((namespace, name)) => (Some(namespace), name),
            None => (None, rest),
        };
        if name.is_empty()
            || kind.is_some_and(str::is_empty)
            || namespace.is_some_and(str::is_empty)
        {
            return Err(RefError::EmptyPart);
        }
        Ok(Self {
            kind,
            namespace,
            name,
        })
    }
}

impl fmt::Display for EntityRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for EntityRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl serde::Serialize for EntityRef {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> serde::Deserialize<'de> for EntityRef {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text, None, DEFAULT_NAMESPACE).map_err(serde::de::Error::custom)
    }
}

fn push_lower(text: &mut String, part: &str) {
    if part.is_ascii() {
        let start = text.len();
        text.push_str(part);
        text[start..].make_ascii_lowercase();
    } else {
        text.push_str(&part.to_lowercase());
    }
}

fn offset(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}
