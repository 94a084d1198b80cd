//! The files of a snapshot below a folder.

use super::snapshot::{FileEntry, Snapshot};

/// The files below a folder, in byte order of their paths: they lie side by side.
#[derive(Clone, Copy, Debug)]
pub struct FolderFiles<'s> {
    files: &'s [FileEntry],
    /// The bytes of their paths before the name in the folder.
    start: usize,
}

impl Snapshot {
    /// The files below a folder; empty for the root. Paths have `/`, and none at the end.
    #[must_use]
    pub fn folder(&self, folder: &str) -> FolderFiles<'_> {
        let root = FolderFiles {
            files: self.files(),
            start: 0,
        };
        if folder.is_empty() {
            root
        } else {
            root.folder(folder)
        }
    }
}

impl<'s> FolderFiles<'s> {
    /// All of them, at any depth.
    #[must_use]
    pub const fn files(self) -> &'s [FileEntry] {
        self.files
    }

    /// The path of one of them in the folder.
    #[must_use]
    pub fn path_of(self, file: &FileEntry) -> &[u8] {
        file.path.get(self.start..).unwrap_or_default()
    }

    /// The file of that path in the folder.
    #[must_use]
    pub fn file(self, path: &str) -> Option<&'s FileEntry> {
        let path = path.as_bytes();
        let index = self
            .files
            .binary_search_by(|file| self.path_of(file).cmp(path));
        self.files.get(index.ok()?)
    }

    /// Those below a folder in it.
    #[must_use]
    pub fn folder(self, name: &str) -> Self {
        let name = name.as_bytes();
        let first = self
            .files
            .partition_point(|file| is_before_folder(self.path_of(file), name));
        let rest = &self.files[first..];
        let is_below = |file: &FileEntry| {
            let below = self.path_of(file).strip_prefix(name);
            below.is_some_and(|below| below.first() == Some(&b'/'))
        };
        let count = rest.partition_point(is_below);
        Self {
            files: &rest[..count],
            start: self.start + name.len() + 1,
        }
    }

    /// Those whose path in the folder begins so.
    #[must_use]
    pub fn beginning_with(self, beginning: &[u8]) -> &'s [FileEntry] {
        let first = self
            .files
            .partition_point(|file| self.path_of(file) < beginning);
        let rest = &self.files[first..];
        let count = rest.partition_point(|file| self.path_of(file).starts_with(beginning));
        &rest[..count]
    }

    /// Those directly in it. Folders in it are stepped over, not through.
    pub fn direct(self) -> impl Iterator<Item = &'s FileEntry> + use<'s> {
        let mut next = 0;
        std::iter::from_fn(move || {
            loop {
                let file = self.files.get(next)?;
                let name = self.path_of(file);
                let Some(end) = name.iter().position(|byte| *byte == b'/') else {
                    next += 1;
                    return Some(file);
                };
                let inner = &file.path[..=self.start + end];
                next += self.files[next..].partition_point(|file| file.path.starts_with(inner));
            }
        })
    }
}

/// Whether a path comes before everything in a folder.
fn is_before_folder(path: &[u8], folder: &[u8]) -> bool {
    let shared = path.len().min(folder.len());
    match path[..shared].cmp(&folder[..shared]) {
        std::cmp::Ordering::Equal => path.get(folder.len()).is_none_or(|next| *next < b'/'),
        order => order.is_lt(),
    }
}

#[cfg(test)]
mod tests {
    use super::FolderFiles;
    use crate::repo::{FileEntry, FileKind};

    fn paths(files: &[FileEntry]) -> Vec<&str> {
        let paths = files.iter().map(|file| std::str::from_utf8(&file.path));
        paths.collect::<Result<_, _>>().expect("plain paths")
    }

    #[test]
    fn a_folder_has_what_lies_below_it() {
        let mut all = [
            "README.md",
            "docs",
            "docs-old/a.md",
            "docs.md",
            "docs/a.md",
            "docs/adr/1.md",
            "docs/z.md",
            "docs0",
            "do",
            "dot/docs/a.md",
        ];
        all.sort_unstable();
        let files: Vec<FileEntry> = all
            .iter()
            .map(|path| FileEntry {
                path: path.as_bytes().into(),
                kind: FileKind::File,
                blob: None,
                in_work_tree: true,
            })
            .collect();
        let root = FolderFiles {
            files: &files,
            start: 0,
        };
        let docs = root.folder("docs");
        assert_eq!(
            paths(docs.files()),
            ["docs/a.md", "docs/adr/1.md", "docs/z.md"]
        );
        assert_eq!(paths(docs.folder("adr").files()), ["docs/adr/1.md"]);
        assert_eq!(paths(root.folder("docs/adr").files()), ["docs/adr/1.md"]);
        assert_eq!(docs.path_of(&docs.files()[1]), b"adr/1.md");
        let direct: Vec<FileEntry> = docs.direct().cloned().collect();
        assert_eq!(paths(&direct), ["docs/a.md", "docs/z.md"]);
        assert_eq!(
            paths(docs.beginning_with(b"a")),
            ["docs/a.md", "docs/adr/1.md"]
        );
        let direct: Vec<FileEntry> = root.direct().cloned().collect();
        assert_eq!(
            paths(&direct),
            ["README.md", "do", "docs", "docs.md", "docs0"]
        );
        assert!(root.folder("nothing").files().is_empty());
    }
}
