//! What takes long to find out, kept on disk and verified on use.
//!
//! `FOLDER/VERSION/KIND/xx/HASH`: an entry is a file, named by everything that it depends on. A
//! cache never changes an answer: an entry that is damaged, of another version or not ours alone
//! is as good as none, and what cannot be kept is found out anew. There is no lock: an entry is
//! written under another name and renamed, so that a reader sees all of it or nothing.

mod contents;
mod entry;
mod folder;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use self::entry::Name;
use self::folder::CacheFolder;

pub use contents::{CacheContents, KindContents};

/// A short name of a text that a result depends on: no two texts have the same.
#[must_use]
pub fn digest(text: &str) -> String {
    entry::hexadecimal(text)
}

/// The most bytes of all entries together; what was used longest ago goes first.
const MOST_BYTES: u64 = 256 << 20;

/// A folder of results. Without a folder nothing is kept.
#[derive(Clone, Debug, Default)]
pub struct Cache {
    folder: Option<PathBuf>,
    most_bytes: u64,
    run: Arc<Run>,
}

/// What came up in this run.
#[derive(Debug, Default)]
struct Run {
    /// Whether the size of the folder was looked at.
    is_bounded: AtomicBool,
    /// Why something could not be kept.
    problem: OnceLock<String>,
}

impl Cache {
    /// A cache that keeps nothing.
    #[must_use]
    pub fn disabled() -> Self {
        Self::default()
    }

    /// A cache in a folder, which is made when something is kept.
    #[must_use]
    pub fn in_folder(folder: PathBuf) -> Self {
        Self {
            folder: Some(folder),
            most_bytes: MOST_BYTES,
            run: Arc::default(),
        }
    }

    /// The same with another bound on the bytes of all entries.
    #[must_use]
    pub fn with_most_bytes(mut self, most_bytes: u64) -> Self {
        self.most_bytes = most_bytes;
        self
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// A short name of a text that a result depends on: no two texts have the same.
    #[must_use]
    pub fn digest(text: &str) -> String {
        entry::hexadecimal(text)
    }

    /// The most bytes of all entries together.
    #[must_use]
    pub const fn most_bytes(&self) -> u64 {
        self.most_bytes
    }

    /// What is kept of a kind (`activity`) under a key, which says everything that it depends on.
    #[must_use]
    pub fn get(&self, kind: &str, key: &str) -> Option<Vec<u8>> {
        let name = Name::new(kind, key)?;
        let folder = CacheFolder::open(self.folder.as_deref()?).ok()?;
        entry::content(&folder.read(&name)?, &name)
    }

    /// Keeps something. When that fails, it is not kept.
    pub fn put(&self, kind: &str, key: &str, content: &[u8]) {
        let (Some(folder), Some(name)) = (&self.folder, Name::new(kind, key)) else {
            return;
        };
        let bytes = entry::encode(&name, content);
        if bytes.len() as u64 > entry::LARGEST.min(self.most_bytes) {
            return;
        }
        let write = || CacheFolder::make(folder)?.write(&name, &bytes);
        // Somebody may have emptied the cache between two steps.
        if let Err(error) = write().or_else(|_| write()) {
            let problem = format!("nothing is kept in \"{}\": {error}", folder.display());
            let _ = self.run.problem.set(problem);
            return;
        }
        if !self.run.is_bounded.swap(true, Ordering::Relaxed)
            && let Ok(folder) = CacheFolder::open(folder)
        {
            folder.bound(self.most_bytes);
        }
    }

    /// Why something could not be kept in this run, for people.
    #[must_use]
    pub fn problem(&self) -> Option<&str> {
        self.run.problem.get().map(String::as_str)
    }
}
