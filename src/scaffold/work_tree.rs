//! The files of a run, in memory: what Backstage calls the workspace of a task.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

use super::{StepError, TargetPath};

/// The most files that a template may make.
pub const MOST_FILES: usize = 20_000;
/// The most bytes that the files of a template may have together.
pub const MOST_BYTES: u64 = 256 << 20;

/// What lies at a path.
pub use crate::repo::FolderContent as Entry;

/// Files below a root, in byte order of their paths.
#[derive(Clone, Debug, Default)]
pub struct WorkTree {
    entries: BTreeMap<TargetPath, Entry>,
    bytes: u64,
}

fn size(entry: &Entry) -> u64 {
    entry.bytes().map_or(0, |bytes| bytes.len() as u64)
}

impl WorkTree {
    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The bytes of all files.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// What lies at a path.
    #[must_use]
    pub fn get(&self, path: &TargetPath) -> Option<&Entry> {
        self.entries.get(path)
    }

    /// The text of a file.
    ///
    /// # Errors
    /// When there is no such file, or it is no text.
    pub fn text(&self, path: &TargetPath) -> Result<&str, StepError> {
        let bytes = self.get(path).and_then(Entry::bytes);
        let bytes = bytes.ok_or_else(|| StepError::new(format!("there is no file \"{path}\"")))?;
        std::str::from_utf8(bytes)
            .map_err(|_| StepError::new(format!("\"{path}\" is no text in UTF-8")))
    }

    /// Whether something lies at a path or below it.
    #[must_use]
    pub fn contains(&self, path: &TargetPath) -> bool {
        self.get(path).is_some() || self.is_folder(path)
    }

    /// Whether something lies below a path.
    #[must_use]
    pub fn is_folder(&self, path: &TargetPath) -> bool {
        self.below(Some(path)).next().is_some()
    }

    /// Everything, or everything below a folder, in byte order of the paths.
    pub fn below(
        &self,
        folder: Option<&TargetPath>,
    ) -> impl Iterator<Item = (&TargetPath, &Entry)> {
        let prefix = folder
            .map(|folder| format!("{folder}/"))
            .unwrap_or_default();
        let start = folder.map_or(Bound::Unbounded, Bound::Excluded);
        self.entries
            .range((start, Bound::Unbounded))
            // What sorts between `a` and `a/` (`a-b`) is passed over.
            .skip_while({
                let prefix = prefix.clone();
                move |(path, _)| path.as_str() < prefix.as_str()
            })
            .take_while(move |(path, _)| path.as_str().starts_with(&prefix))
    }

    /// Puts something at a path, in place of the file that was there.
    ///
    /// # Errors
    /// When a file is where a folder must be or the reverse, or there is too much.
    pub fn put(&mut self, path: TargetPath, entry: Entry) -> Result<(), StepError> {
        for folder in path.folders() {
            let folder =
                TargetPath::new(folder).map_err(|refusal| StepError::new(refusal.to_string()))?;
            match self.entries.get(&folder) {
                Some(Entry::EmptyFolder) => {
                    self.entries.remove(&folder);
                }
                Some(_) => {
                    return Err(StepError::new(format!(
                        "\"{path}\" cannot be written: \"{folder}\" is a file"
                    )));
                }
                None => {}
            }
        }
        if let Some((inside, _)) = self.below(Some(&path)).next() {
            if entry == Entry::EmptyFolder {
                return Ok(());
            }
            return Err(StepError::new(format!(
                "\"{path}\" cannot be written: it is a folder with \"{inside}\" in it"
            )));
        }
        let old = self.entries.get(&path).map_or(0, size);
        let bytes = self.bytes - old + size(&entry);
        if bytes > MOST_BYTES {
            return Err(StepError::new(format!(
                "the files have more than {} MiB together",
                MOST_BYTES >> 20
            )));
        }
        self.bytes = bytes;
        self.entries.insert(path, entry);
        if self.entries.len() > MOST_FILES {
            return Err(StepError::new(format!(
                "there are more than {MOST_FILES} files"
            )));
        }
        Ok(())
    }

    /// Writes a file; one that was there may still be executed if it could be.
    ///
    /// # Errors
    /// When a folder is there, a file is where a folder must be, or there is too much.
    pub fn write(&mut self, path: TargetPath, bytes: Vec<u8>) -> Result<(), StepError> {
        let executable = matches!(
            self.get(&path),
            Some(Entry::File {
                executable: true,
                ..
            })
        );
        self.put(path, Entry::File { bytes, executable })
    }

    /// Takes away a file, or a folder with all that is in it. Returns how many entries that were.
    pub fn remove(&mut self, path: &TargetPath) -> usize {
        let inside: Vec<TargetPath> = self
            .below(Some(path))
            .map(|(path, _)| path.clone())
            .collect();
        let gone = std::iter::once(path).chain(&inside);
        let gone: Vec<Entry> = gone.filter_map(|path| self.entries.remove(path)).collect();
        self.bytes -= gone.iter().map(size).sum::<u64>();
        gone.len()
    }

    /// Two paths that some file systems take for one, where there are two.
    #[must_use]
    pub fn clash(&self) -> Option<(String, String)> {
        let mut spelled: HashMap<String, &str> = HashMap::new();
        for path in self.entries.keys() {
            for part in path.folders().chain([path.as_str()]) {
                let first = spelled.entry(part.to_lowercase()).or_insert(part);
                if *first != part {
                    return Some(((*first).to_owned(), part.to_owned()));
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{Entry, TargetPath, WorkTree};

    fn tree(paths: &[&str]) -> WorkTree {
        let mut tree = WorkTree::default();
        for path in paths {
            let entry = Entry::File {
                bytes: b"x".to_vec(),
                executable: false,
            };
            tree.put(TargetPath::new(path).expect("a path"), entry)
                .expect("room");
        }
        tree
    }

    fn path(path: &str) -> TargetPath {
        TargetPath::new(path).expect("a path")
    }

    #[test]
    fn folders_are_what_lies_below_them() {
        let mut tree = tree(&["a-b", "a/x", "a/y/z", "ab"]);
        let below: Vec<&str> = tree
            .below(Some(&path("a")))
            .map(|(path, _)| path.as_str())
            .collect();
        assert_eq!(below, ["a/x", "a/y/z"]);
        assert_eq!(tree.below(None).count(), 4);
        assert_eq!(tree.remove(&path("a")), 2);
        assert_eq!((tree.len(), tree.bytes()), (2, 2));
    }

    #[test]
    fn a_file_is_no_folder() {
        let mut tree = tree(&["a/x"]);
        let entry = || Entry::Link {
            target: "x".to_owned(),
        };
        assert!(tree.put(path("a"), entry()).is_err());
        assert!(tree.put(path("a/x/y"), entry()).is_err());
        assert_eq!(tree.clash(), None);
        tree.put(path("A/y"), entry()).expect("room");
        assert_eq!(tree.clash(), Some(("A".to_owned(), "a".to_owned())));
    }
}
