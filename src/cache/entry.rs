//! One entry: its name, and its bytes.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// The largest entry that is read or written.
pub(super) const LARGEST: u64 = 64 << 20;

/// The folder of the entries of this version; another version has another one.
pub(super) const VERSION: &str = "1";

const MAGIC: &[u8; 16] = b"devportal cache\n";
const DIGEST: usize = 32;
/// The magic, the lengths of name and content, and the digest of everything else.
const HEADER: usize = MAGIC.len() + 8 + 8 + DIGEST;

/// What an entry is about, and where it lies.
pub(super) struct Name {
    /// The kind and the key, which is written into the entry.
    full: String,
    /// The folder below that of the version.
    pub(super) folder: String,
    /// The file in it.
    pub(super) file: String,
}

impl Name {
    /// The name of a key; `None` for a kind that is no name of a folder.
    pub(super) fn new(kind: &str, key: &str) -> Option<Self> {
        let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
        if kind.is_empty() || !kind.bytes().all(is_letter) {
            return None;
        }
        let full = format!("{VERSION}\n{kind}\n{key}");
        let file = hexadecimal(&full);
        let shard = file.get(..2)?;
        Some(Self {
            folder: format!("{VERSION}/{kind}/{shard}"),
            full,
            file,
        })
    }
}

/// The digest of a text.
pub(super) fn hexadecimal(text: &str) -> String {
    let mut digits = String::with_capacity(2 * DIGEST);
    for byte in Sha256::digest(text) {
        // Writing to a String cannot fail.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}

/// The bytes of an entry.
pub(super) fn encode(name: &Name, content: &[u8]) -> Vec<u8> {
    let name = name.full.as_bytes();
    let mut bytes = Vec::with_capacity(HEADER + name.len() + content.len());
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&(name.len() as u64).to_le_bytes());
    bytes.extend_from_slice(&(content.len() as u64).to_le_bytes());
    let mut digest = Sha256::new();
    digest.update(&bytes);
    digest.update(name);
    digest.update(content);
    bytes.extend_from_slice(&digest.finalize());
    bytes.extend_from_slice(name);
    bytes.extend_from_slice(content);
    bytes
}

/// The content of an entry; `None` unless every byte of it is as it was written, for that name.
pub(super) fn content(bytes: &[u8], name: &Name) -> Option<Vec<u8>> {
    let (header, rest) = bytes.split_at_checked(HEADER)?;
    let (lengths, digest) = header.split_at_checked(HEADER - DIGEST)?;
    let name_length = name.full.len();
    let (own_name, content) = rest.split_at_checked(name_length)?;
    let mut expected = Vec::with_capacity(lengths.len());
    expected.extend_from_slice(MAGIC);
    expected.extend_from_slice(&(name_length as u64).to_le_bytes());
    expected.extend_from_slice(&(content.len() as u64).to_le_bytes());
    if lengths != expected || own_name != name.full.as_bytes() {
        return None;
    }
    let mut found = Sha256::new();
    found.update(lengths);
    found.update(rest);
    (found.finalize().as_slice() == digest).then(|| content.to_vec())
}

#[cfg(test)]
mod tests {
    use super::{Name, content, encode};

    fn name(key: &str) -> Name {
        Name::new("activity", key).expect("a name")
    }

    #[test]
    fn an_entry_is_that_of_its_name() {
        let bytes = encode(&name("a"), b"content");
        assert_eq!(
            content(&bytes, &name("a")).as_deref(),
            Some(&b"content"[..])
        );
        assert_eq!(content(&bytes, &name("b")), None);
        assert_eq!(
            content(&encode(&name("a"), b""), &name("a")),
            Some(Vec::new())
        );
    }

    #[test]
    fn every_damage_is_seen() {
        let bytes = encode(&name("a"), b"content");
        for length in 0..bytes.len() {
            assert_eq!(content(&bytes[..length], &name("a")), None, "{length}");
        }
        for place in 0..bytes.len() {
            for bit in 0..8 {
                let mut damaged = bytes.clone();
                damaged[place] ^= 1 << bit;
                assert_eq!(content(&damaged, &name("a")), None, "{place} {bit}");
            }
        }
        let longer = [bytes.as_slice(), b"x"].concat();
        assert_eq!(content(&longer, &name("a")), None);
    }

    #[test]
    fn a_kind_is_the_name_of_a_folder() {
        for kind in ["", "..", "a/b", "A", "a\0"] {
            assert!(Name::new(kind, "x").is_none(), "{kind}");
        }
    }
}
