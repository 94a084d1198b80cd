//! Which repository a path of the workspace lies in.

use std::collections::HashMap;

use super::Scan;
use crate::repo::Repository;

/// The repositories of a scan, by their folders.
#[derive(Debug)]
pub struct RepositoryFolders<'scan>(HashMap<&'scan str, &'scan Repository>);

impl Scan {
    /// The repositories, by their folders.
    #[must_use]
    pub fn folders(&self) -> RepositoryFolders<'_> {
        let repositories = self.repositories.iter();
        RepositoryFolders(repositories.map(|it| (it.folder.as_str(), it)).collect())
    }
}

impl<'scan> RepositoryFolders<'scan> {
    /// The innermost repository that holds a path of the workspace, and the path in it.
    #[must_use]
    pub fn of<'path>(&self, path: &'path str) -> Option<(&'scan Repository, &'path str)> {
        let mut folder = path;
        loop {
            if let Some(repository) = self.0.get(folder) {
                let inside = path[folder.len()..].trim_start_matches('/');
                return Some((repository, inside));
            }
            // What lies above the workspace does not lie in what is below.
            if folder.is_empty() || folder == ".." || folder.ends_with("/..") {
                return None;
            }
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
        }
    }
}
