//! Where templates take files from.

use super::StepError;

/// A file that a template brings.
#[derive(Clone, Debug)]
pub struct SourceEntry {
    /// Its path below what was asked for, with `/`; the name of the file where one file was.
    pub path: String,
    /// What it is.
    pub content: SourceContent,
}

/// What a file of a template is.
#[derive(Clone, Debug)]
pub enum SourceContent {
    /// A regular file.
    File {
        /// Its bytes.
        bytes: Vec<u8>,
        /// Whether it may be executed.
        executable: bool,
    },
    /// A symbolic link, which is never followed.
    Link {
        /// Where it points, as it was written.
        target: String,
    },
    /// A folder with nothing in it.
    EmptyFolder,
}

/// What `url` of a `fetch` action can name: a path beside the template, a repository of the
/// workspace, a Git URL.
pub trait Sources: Sync {
    /// Everything below a folder, in byte order of the paths.
    ///
    /// # Errors
    /// When it is not there, may not be read, or is too large.
    fn folder(&self, url: &str) -> Result<Vec<SourceEntry>, StepError>;

    /// One file.
    ///
    /// # Errors
    /// When it is not there, may not be read, or is too large.
    fn file(&self, url: &str) -> Result<SourceEntry, StepError>;
}
