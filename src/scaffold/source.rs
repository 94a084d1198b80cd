//! Where templates take files from.

use super::StepError;

/// A file that a template brings: its path below what was asked for, and its content.
pub use crate::repo::FolderFile as SourceEntry;

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
