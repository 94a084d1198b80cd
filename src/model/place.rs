//! Where something was written: repository, file, span.

use std::sync::Arc;

use super::Span;

/// A file of a repository, as people and machines are told about it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceFile {
    path: Box<str>,
    repository: Arc<str>,
    inside: usize,
    bytes: Option<Box<[u8]>>,
}

impl SourceFile {
    /// A file at `path` inside a repository that lies at `folder` of the workspace (empty for the
    /// workspace itself).
    #[must_use]
    pub fn new(repository: Arc<str>, folder: &str, path: &[u8]) -> Self {
        let text = String::from_utf8_lossy(path);
        let bytes = matches!(text, std::borrow::Cow::Owned(_)).then(|| path.into());
        let (path, inside) = if folder.is_empty() || folder == "." {
            (text.into_owned(), 0)
        } else {
            (format!("{folder}/{text}"), folder.len() + 1)
        };
        Self {
            path: path.into_boxed_str(),
            repository,
            inside,
            bytes,
        }
    }

    /// Another file of the same repository, by its path there.
    #[must_use]
    pub fn beside(&self, path_in_repository: &str) -> Self {
        let folder = self.path[..self.inside].trim_end_matches('/');
        let repository = Arc::clone(&self.repository);
        Self::new(repository, folder, path_in_repository.as_bytes())
    }

    /// The path relative to the workspace, with `/` between its parts.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The path relative to the repository.
    #[must_use]
    pub fn path_in_repository(&self) -> &str {
        &self.path[self.inside..]
    }

    /// The identity of the repository.
    #[must_use]
    pub fn repository(&self) -> &str {
        &self.repository
    }

    /// The identity of the repository, shared.
    #[must_use]
    pub fn repository_name(&self) -> &Arc<str> {
        &self.repository
    }

    /// The bytes of the path in the repository, when they are not UTF-8 and [`Self::path`] is
    /// only a likeness.
    #[must_use]
    pub fn bytes(&self) -> Option<&[u8]> {
        self.bytes.as_deref()
    }

    /// The path in the repository of a file that this one names: relative to its folder, or to
    /// the repository when it begins with `/`. `None` when it leads out or is a URL.
    #[must_use]
    pub fn sibling(&self, path: &str) -> Option<String> {
        if path.contains("://") {
            return None;
        }
        let folder = if path.starts_with('/') {
            ""
        } else {
            self.folder_in_repository()
        };
        let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                }
                _ => parts.push(part),
            }
        }
        Some(parts.join("/"))
    }

    /// The folder that holds the file, relative to the repository; empty for its root.
    #[must_use]
    pub fn folder_in_repository(&self) -> &str {
        self.path_in_repository()
            .rsplit_once('/')
            .map_or("", |(folder, _)| folder)
    }
}

/// A file, and where in it when that is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file.
    pub file: Arc<SourceFile>,
    /// The stretch of it that is meant.
    pub span: Option<Span>,
}

impl Place {
    /// The file as a whole.
    #[must_use]
    pub const fn file(file: Arc<SourceFile>) -> Self {
        Self { file, span: None }
    }

    /// A stretch of the file.
    #[must_use]
    pub const fn span(file: Arc<SourceFile>, span: Span) -> Self {
        Self {
            file,
            span: Some(span),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::SourceFile;

    #[test]
    fn siblings_stay_inside_the_repository() {
        let sibling = |file: &[u8], path| SourceFile::new("r".into(), "w", file).sibling(path);
        assert_eq!(sibling(b"a/b/x", "../c.yaml").as_deref(), Some("a/c.yaml"));
        assert_eq!(sibling(b"a/x", "./y/*.yaml").as_deref(), Some("a/y/*.yaml"));
        assert_eq!(sibling(b"a/x", "/c.yaml").as_deref(), Some("c.yaml"));
        assert_eq!(sibling(b"a/x", "../../c.yaml"), None);
        assert_eq!(sibling(b"a/x", "https://x.y/z"), None);
    }
}
