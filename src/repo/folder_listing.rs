//! The files below a folder, listed first and read one by one, so that one that cannot be read
//! hides no other.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Mutex;

use cap_std::ambient_authority;
use cap_std::fs::Dir;
use git2::{ObjectType, Oid, Repository as Git, Tree};

use super::folder_of_commit::{LINK_MODE, open, tree_of};
use super::is_git_name;
use super::read::{self, ReadError};

/// What is listed.
pub struct ListingRequest<'a> {
    /// The folder of the repository.
    pub root: &'a Path,
    /// The folder in it.
    pub folder: &'a str,
    /// The commit whose files are listed; those of the disk where there is none.
    pub commit: Option<&'a str>,
    /// Which paths below the folder count, of files and of folders; a folder ends with `/`.
    pub wanted: &'a dyn Fn(&str) -> bool,
    /// The most files.
    pub most_files: usize,
}

/// The files below a folder. Links are not followed, and Git's own data is left out.
pub struct FolderListing {
    source: ListedFrom,
    files: Vec<ListedFile>,
    problems: Vec<ListingProblem>,
}

/// A file that was listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedFile {
    /// Its path below the folder, with `/`.
    pub path: String,
    /// How many bytes it has, where that is known before it is read.
    pub bytes: u64,
}

/// Something below the folder that is not listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListingProblem {
    /// Its path below the folder; empty for the folder itself.
    pub path: String,
    /// Why.
    pub reason: String,
}

enum ListedFrom {
    Nothing,
    Disk(Dir),
    Commit {
        git: Box<Mutex<Git>>,
        blobs: HashMap<String, Oid>,
    },
}

impl FolderListing {
    /// Lists the files below a folder. A folder that is not there has none.
    #[must_use]
    pub fn of(request: &ListingRequest<'_>) -> Self {
        let mut listing = Self {
            source: ListedFrom::Nothing,
            files: Vec::new(),
            problems: Vec::new(),
        };
        match request.commit {
            Some(commit) => listing.list_commit(request, commit),
            None => listing.list_disk(request),
        }
        listing.files.sort_by(|a, b| a.path.cmp(&b.path));
        if listing.files.len() > request.most_files {
            let first = listing.files[request.most_files].path.clone();
            listing.files.truncate(request.most_files);
            let most = request.most_files;
            listing.problem(
                &first,
                format!("is one more than the {most} files that are read"),
            );
        }
        listing.problems.sort_by(|a, b| a.path.cmp(&b.path));
        listing
    }

    /// The files, in byte order of their paths.
    #[must_use]
    pub fn files(&self) -> &[ListedFile] {
        &self.files
    }

    /// What is not listed although it was wanted.
    #[must_use]
    pub fn problems(&self) -> &[ListingProblem] {
        &self.problems
    }

    /// The content of a file of no more than so many bytes.
    ///
    /// # Errors
    /// When it is gone, is no regular file any more, or is larger.
    pub fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
        match &self.source {
            ListedFrom::Nothing => Err(ReadError::Missing),
            ListedFrom::Disk(folder) => {
                let file = folder.open_with(path, &read::options());
                let file = file.map_err(|error| ReadError::Failed(error.to_string()))?;
                read::read_regular(file.into_std(), limit)
            }
            ListedFrom::Commit { git, blobs } => {
                let blob = *blobs.get(path).ok_or(ReadError::Missing)?;
                let failed = |_| ReadError::Failed("another thread failed".to_owned());
                let git = git.lock().map_err(failed)?;
                read_blob(&git, blob, limit)
            }
        }
    }

    fn problem(&mut self, path: &str, reason: impl Into<String>) {
        self.problems.push(ListingProblem {
            path: path.to_owned(),
            reason: reason.into(),
        });
    }

    fn list_disk(&mut self, request: &ListingRequest<'_>) {
        let Ok(root) = Dir::open_ambient_dir(request.root, ambient_authority()) else {
            return self.problem("", "cannot be opened");
        };
        let Ok(metadata) = root.symlink_metadata(request.folder) else {
            return;
        };
        if !metadata.is_dir() {
            let is_link = metadata.is_symlink();
            return self.problem("", what_it_is(is_link));
        }
        match root.open_dir(request.folder) {
            Ok(folder) => {
                self.add_folder(request, &folder, &mut String::new());
                self.source = ListedFrom::Disk(folder);
            }
            Err(error) => self.problem("", format!("cannot be read: {error}")),
        }
    }

    fn add_folder(&mut self, request: &ListingRequest<'_>, folder: &Dir, path: &mut String) {
        let entries = match folder.entries() {
            Ok(entries) => entries,
            Err(error) => return self.problem(path, format!("cannot be read: {error}")),
        };
        let length = path.len();
        for entry in entries {
            if self.files.len() > request.most_files {
                return;
            }
            let Ok(entry) = entry else { continue };
            let name = entry.file_name();
            let Some(text) = name.to_str().filter(|_| !is_git_name(&name)) else {
                continue;
            };
            let Ok(metadata) = folder.symlink_metadata(&name) else {
                continue;
            };
            path.push_str(text);
            if metadata.is_dir() {
                path.push('/');
                if (request.wanted)(path) {
                    match folder.open_dir(&name) {
                        Ok(below) => self.add_folder(request, &below, path),
                        Err(error) => self.problem(path, format!("cannot be read: {error}")),
                    }
                }
            } else if metadata.is_file() {
                if (request.wanted)(path) {
                    self.files.push(ListedFile {
                        path: path.clone(),
                        bytes: metadata.len(),
                    });
                }
            } else if (request.wanted)(path) || (request.wanted)(&format!("{path}/")) {
                self.problem(path, what_it_is(metadata.is_symlink()));
            }
            path.truncate(length);
        }
    }

    fn list_commit(&mut self, request: &ListingRequest<'_>, commit: &str) {
        let git = match open(request.root) {
            Ok(git) => git,
            Err(error) => return self.problem("", format!("{error:#}")),
        };
        let mut blobs = HashMap::new();
        match tree_of(&git, commit) {
            Ok(tree) => {
                let entry = tree.get_path(Path::new(request.folder)).ok();
                let folder = entry.and_then(|entry| git.find_tree(entry.id()).ok());
                if let Some(folder) = folder {
                    self.add_tree(request, &git, &folder, &mut String::new(), &mut blobs);
                }
            }
            Err(error) => self.problem("", format!("{error:#}")),
        }
        self.source = ListedFrom::Commit {
            git: Box::new(Mutex::new(git)),
            blobs,
        };
    }

    fn add_tree(
        &mut self,
        request: &ListingRequest<'_>,
        git: &Git,
        tree: &Tree<'_>,
        path: &mut String,
        blobs: &mut HashMap<String, Oid>,
    ) {
        let length = path.len();
        for entry in tree {
            if self.files.len() > request.most_files {
                return;
            }
            let name = std::str::from_utf8(entry.name_bytes()).ok();
            let is_name = |name: &&str| !is_git_name(name.as_ref()) && !name.contains('/');
            let Some(name) = name.filter(is_name) else {
                continue;
            };
            path.push_str(name);
            if entry.kind() == Some(ObjectType::Tree) {
                path.push('/');
                if (request.wanted)(path)
                    && let Ok(below) = git.find_tree(entry.id())
                {
                    self.add_tree(request, git, &below, path, blobs);
                }
            } else if (request.wanted)(path) {
                if entry.filemode() == LINK_MODE || entry.kind() != Some(ObjectType::Blob) {
                    self.problem(path, what_it_is(entry.filemode() == LINK_MODE));
                } else {
                    blobs.insert(path.clone(), entry.id());
                    self.files.push(ListedFile {
                        path: path.clone(),
                        bytes: 0,
                    });
                }
            }
            path.truncate(length);
        }
    }
}

const fn what_it_is(is_link: bool) -> &'static str {
    if is_link {
        "is a link, which is not followed"
    } else {
        "is not a regular file"
    }
}

fn read_blob(git: &Git, blob: Oid, limit: u64) -> Result<Vec<u8>, ReadError> {
    let database = git.odb().map_err(|_| ReadError::NotInSight)?;
    let (size, _) = database
        .read_header(blob)
        .map_err(|_| ReadError::NotInSight)?;
    let bytes = size as u64;
    if bytes > limit {
        return Err(ReadError::TooLarge { bytes, limit });
    }
    let object = database.read(blob).map_err(|_| ReadError::NotInSight)?;
    Ok(object.data().to_vec())
}
