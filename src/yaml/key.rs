//! The keys of mappings: which were there already, and what a collection is called as a key.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::model::NodeKind;

/// Keys of a mapping are compared one by one up to here; more are looked up.
const FEW: usize = 16;

/// A key as Backstage's parser tells keys apart: `1` and `"1"` are two.
type Key<'text> = (NodeKind, Cow<'text, str>);

/// The keys of all open mappings, the innermost last, in one list that is used again.
#[derive(Debug, Default)]
pub(super) struct Keys<'text>(Vec<Key<'text>>);

/// The keys of one open mapping.
#[derive(Debug)]
pub(super) struct MappingKeys<'text> {
    first: usize,
    many: Option<HashSet<Key<'text>>>,
}

impl<'text> Keys<'text> {
    /// Begins a mapping.
    pub(super) fn open(&self) -> MappingKeys<'text> {
        MappingKeys {
            first: self.0.len(),
            many: None,
        }
    }

    /// Ends a mapping, the innermost one.
    pub(super) fn close(&mut self, mapping: &MappingKeys<'text>) {
        self.0.truncate(mapping.first);
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Adds a key to the innermost mapping; gives it back when it is there already.
    pub(super) fn add(
        &mut self,
        mapping: &mut MappingKeys<'text>,
        kind: NodeKind,
        text: Cow<'text, str>,
    ) -> Result<(), Cow<'text, str>> {
        let key = (kind, text);
        if let Some(many) = &mut mapping.many {
            if many.contains(&key) {
                return Err(key.1);
            }
            many.insert(key);
            return Ok(());
        }
        if self.0[mapping.first..].contains(&key) {
            return Err(key.1);
        }
        self.0.push(key);
        if self.0.len() - mapping.first > FEW {
            mapping.many = Some(self.0.drain(mapping.first..).collect());
        }
        Ok(())
    }
}

/// Writes a collection that is a key as Backstage's parser does: `[ a, b ]`, `{ x: 1 }`.
#[derive(Debug, Default)]
pub(super) struct KeyText {
    text: String,
    /// Whether each open collection is a mapping, and how many nodes it has so far.
    open: Vec<(bool, usize)>,
}

impl KeyText {
    /// How many collections are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Begins a collection.
    pub(super) fn open(&mut self, is_mapping: bool) {
        self.separate(false);
        if self
            .open
            .last()
            .is_some_and(|(is_mapping, children)| *is_mapping && children % 2 == 1)
        {
            self.text.push_str("? ");
        }
        self.text.push(if is_mapping { '{' } else { '[' });
        self.open.push((is_mapping, 0));
    }

    /// Ends a collection; the text of the whole when it was the outermost one.
    pub(super) fn close(&mut self) -> Option<String> {
        let (is_mapping, children) = self.open.pop()?;
        self.text.push_str(match (is_mapping, children) {
            (true, 0) => "}",
            (true, _) => " }",
            (false, 0) => "]",
            (false, _) => " ]",
        });
        self.open.is_empty().then(|| std::mem::take(&mut self.text))
    }

    /// Adds a scalar or an alias as it is written.
    pub(super) fn leaf(&mut self, text: &str) {
        self.separate(text.is_empty());
        self.text.push_str(text);
    }

    fn separate(&mut self, nothing_follows: bool) {
        let Some((is_mapping, children)) = self.open.last_mut() else {
            return;
        };
        let is_value = *is_mapping && *children % 2 == 1;
        self.text.push_str(match (*children, is_value) {
            // A key without value is written alone.
            (_, true) if nothing_follows => "",
            (_, true) => ": ",
            (0, false) => " ",
            (_, false) => ", ",
        });
        *children += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::{KeyText, Keys};
    use crate::model::NodeKind::{Number, String};

    #[test]
    fn finds_keys_that_are_there_in_small_and_large_mappings() {
        let mut keys = Keys::default();
        let mut outer = keys.open();
        assert!(keys.add(&mut outer, String, "a".into()).is_ok());
        let mut inner = keys.open();
        for number in 0..100 {
            assert!(
                keys.add(&mut inner, String, number.to_string().into())
                    .is_ok()
            );
        }
        assert!(keys.add(&mut inner, Number, "5".into()).is_ok());
        assert!(keys.add(&mut inner, String, "99".into()).is_err());
        keys.close(&inner);
        assert!(keys.add(&mut outer, String, "a".into()).is_err());
    }

    #[test]
    fn writes_collections() {
        let mut key = KeyText::default();
        key.open(true);
        key.leaf("a");
        key.open(false);
        key.leaf("1");
        key.leaf("2");
        assert_eq!(key.close(), None);
        key.leaf("b");
        key.leaf("");
        assert_eq!(key.close().as_deref(), Some("{ a: [ 1, 2 ], b }"));
    }
}
