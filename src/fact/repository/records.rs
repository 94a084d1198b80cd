//! What was found out about the histories of repositories, kept together: a file for each of a
//! thousand repositories would take longer to read than Git takes to answer.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

use crate::fact::{AskedEntities, FactRequest, FactSelection};

/// The kind of what is kept. It changes with what the bytes mean.
const CACHE_KIND: &str = "histories";
const VERSION: &str = "2";
const KEY: usize = 32;
/// The most bytes of a record; what has more is kept by itself, if at all.
const LARGEST: usize = 64 << 10;

/// Says everything that a record depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct RecordKey([u8; KEY]);

/// The records of a run.
#[derive(Debug)]
pub(super) struct Records {
    /// What they are kept under; nothing where they are not kept.
    name: Option<String>,
    known: HashMap<RecordKey, Vec<u8>>,
    new: Mutex<BTreeMap<RecordKey, Vec<u8>>>,
    used: Mutex<Vec<RecordKey>>,
}

impl RecordKey {
    /// The key of these parts.
    pub(super) fn of(parts: &[&[u8]]) -> Self {
        let mut digest = Sha256::new();
        for part in parts {
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part);
        }
        Self(digest.finalize().into())
    }

    /// Its bytes, as a part of another key.
    pub(super) const fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl Records {
    /// The records of runs that asked for the same of the same repositories.
    pub(super) fn open(request: &FactRequest<'_>) -> Self {
        let is_kept = request.cache.folder().is_some() && is_about_all_homes(request);
        let name = is_kept.then(|| name(request));
        let bytes = name.as_ref();
        let bytes = bytes.and_then(|name| request.cache.get(CACHE_KIND, name));
        Self {
            name,
            known: bytes.and_then(|bytes| read(&bytes)).unwrap_or_default(),
            new: Mutex::default(),
            used: Mutex::default(),
        }
    }

    /// Whether it makes sense to put something in.
    pub(super) const fn is_kept(&self) -> bool {
        self.name.is_some()
    }

    pub(super) fn get(&self, key: &RecordKey) -> Option<&[u8]> {
        let found = self.known.get(key)?;
        let used = self.used.lock();
        used.unwrap_or_else(PoisonError::into_inner).push(*key);
        Some(found)
    }

    pub(super) fn put(&self, key: RecordKey, bytes: Vec<u8>) {
        if bytes.len() <= LARGEST {
            let new = self.new.lock();
            let mut new = new.unwrap_or_else(PoisonError::into_inner);
            new.insert(key, bytes);
        }
    }

    /// Keeps what this run used, when that is not what was kept already.
    pub(super) fn close(self, request: &FactRequest<'_>) {
        let Some(name) = &self.name else { return };
        let mut records = self
            .new
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        if records.is_empty() {
            return;
        }
        let used = self.used.into_inner();
        for key in used.unwrap_or_else(PoisonError::into_inner) {
            if let Some(bytes) = self.known.get(&key) {
                records.insert(key, bytes.clone());
            }
        }
        request.cache.put(CACHE_KIND, name, &to_bytes(&records));
    }
}

/// Whether so much is asked for that reading everything that is kept is worth it.
const fn is_about_all_homes(request: &FactRequest<'_>) -> bool {
    !matches!(request.entities, AskedEntities::Only(_))
}

fn name(request: &FactRequest<'_>) -> String {
    let mut name = format!("{VERSION}\n{:?}\n", request.moment);
    if matches!(request.entities, AskedEntities::AndOtherHomes(_)) {
        name.push_str("some\n");
    }
    if let FactSelection::Names(names) = &request.selection {
        for fact in names {
            name.push_str(fact);
            name.push('\n');
        }
    }
    let identities = request.repositories.iter().map(|it| it.identity.as_bytes());
    let digest = RecordKey::of(&identities.collect::<Vec<&[u8]>>());
    for byte in digest.0 {
        // Writing to a String cannot fail.
        let _ = write!(name, "{byte:02x}");
    }
    name
}

fn to_bytes(records: &BTreeMap<RecordKey, Vec<u8>>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (key, record) in records {
        bytes.extend_from_slice(&key.0);
        bytes.extend_from_slice(&(record.len() as u64).to_le_bytes());
        bytes.extend_from_slice(record);
    }
    bytes
}

/// Reads what [`to_bytes`] wrote; `None` for anything else.
fn read(mut bytes: &[u8]) -> Option<HashMap<RecordKey, Vec<u8>>> {
    let mut records = HashMap::new();
    while !bytes.is_empty() {
        let (key, rest) = bytes.split_first_chunk::<KEY>()?;
        let (length, rest) = rest.split_first_chunk::<8>()?;
        let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
        let (record, rest) = rest.split_at_checked(length)?;
        records.insert(RecordKey(*key), record.to_vec());
        bytes = rest;
    }
    Some(records)
}

#[cfg(test)]
mod tests {
    use super::{RecordKey, read, to_bytes};

    #[test]
    fn records_are_read_as_they_were_written() {
        let record = |text: &str| (RecordKey::of(&[text.as_bytes()]), text.as_bytes().to_vec());
        let records = [record(""), record("a"), record("bc")]
            .into_iter()
            .collect();
        let bytes = to_bytes(&records);
        let found = read(&bytes).expect("records");
        assert_eq!(
            found
                .into_iter()
                .collect::<std::collections::BTreeMap<_, _>>(),
            records
        );
        assert!(read(&bytes[..bytes.len() - 1]).is_none());
    }

    #[test]
    fn parts_of_a_key_are_told_apart() {
        assert_ne!(RecordKey::of(&[b"ab", b""]), RecordKey::of(&[b"a", b"b"]));
    }
}
