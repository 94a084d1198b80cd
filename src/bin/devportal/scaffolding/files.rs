//! Where the files of a template come from: the binary, or a folder that it may read.

use devportal::repo::{self, FolderFile, FolderLimits};
use devportal::scaffold::{Entry, MOST_BYTES, MOST_FILES, SourceEntry, Sources, StepError};
use include_dir::{Dir, File};

use super::locating::Located;
use crate::template_source::Origin;

const LIMITS: FolderLimits = FolderLimits {
    most_files: MOST_FILES,
    most_bytes: MOST_BYTES,
};

/// What finds the place in a repository that a URL names.
pub(crate) type Locate<'a> = &'a (dyn Fn(&str) -> Result<Located, StepError> + Sync);

/// What steps can fetch.
pub(crate) struct TemplateFiles<'a> {
    pub(crate) origin: &'a Origin,
    pub(crate) locate: Locate<'a>,
}

impl Sources for TemplateFiles<'_> {
    fn folder(&self, url: &str) -> Result<Vec<SourceEntry>, StepError> {
        if is_url(url) {
            let Located { root, commit, path } = (self.locate)(url)?;
            return match commit {
                Some(commit) => read(repo::read_folder_at(&root, &commit, &path, &LIMITS), url),
                None => read(repo::read_folder(&root, &path, &LIMITS), url),
            };
        }
        let path = self.beside_template(url)?;
        match self.origin {
            Origin::Shipped(folder) => shipped_folder(folder, &path),
            Origin::Folder {
                root,
                commit: Some(commit),
                ..
            } => read(repo::read_folder_at(root, commit, &path, &LIMITS), url),
            Origin::Folder { root, .. } => read(repo::read_folder(root, &path, &LIMITS), url),
        }
    }

    fn file(&self, url: &str) -> Result<SourceEntry, StepError> {
        if is_url(url) {
            let Located { root, commit, path } = (self.locate)(url)?;
            return match commit {
                Some(commit) => read(repo::read_file_at(&root, &commit, &path), url),
                None => read(repo::read_file_below(&root, &path), url),
            };
        }
        let path = self.beside_template(url)?;
        match self.origin {
            Origin::Shipped(folder) => shipped_file(folder, &path),
            Origin::Folder {
                root,
                commit: Some(commit),
                ..
            } => read(repo::read_file_at(root, commit, &path), url),
            Origin::Folder { root, .. } => read(repo::read_file_below(root, &path), url),
        }
    }
}

impl TemplateFiles<'_> {
    /// The path below the root of the origin that a template means by a path beside it. `..` may
    /// lead up, as far as the root.
    fn beside_template(&self, url: &str) -> Result<String, StepError> {
        let outside = || {
            StepError::new(format!("\"{url}\" leads out of the template's repository"))
                .help("a template reads only from its own repository")
        };
        if url.starts_with(['/', '\\']) || url.contains(['\\', '\0']) {
            return Err(outside());
        }
        let mut parts: Vec<&str> = self
            .origin
            .folder()
            .split('/')
            .filter(|part| !part.is_empty())
            .collect();
        for part in url.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop().ok_or_else(outside)?;
                }
                part => parts.push(part),
            }
        }
        Ok(parts.join("/"))
    }
}

fn is_url(url: &str) -> bool {
    url.contains("://") || url.starts_with("git@")
}

fn read<T>(read: anyhow::Result<T>, url: &str) -> Result<T, StepError> {
    read.map_err(|error| {
        let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
        StepError::new(format!("cannot read \"{url}\": {}", causes.join(": ")))
    })
}

/// The files of a folder of a template of the binary.
fn shipped_folder(template: &Dir<'_>, path: &str) -> Result<Vec<SourceEntry>, StepError> {
    let folder = if path.is_empty() {
        Some(template)
    } else {
        template.get_dir(template.path().join(path))
    };
    let folder = folder.ok_or_else(|| StepError::new(format!("there is no folder \"{path}\"")))?;
    let mut entries = Vec::new();
    let mut open = vec![folder];
    while let Some(inner) = open.pop() {
        open.extend(inner.dirs());
        for file in inner.files() {
            let below = file
                .path()
                .strip_prefix(folder.path())
                .unwrap_or(file.path());
            entries.push(shipped(file, below.to_string_lossy().replace('\\', "/")));
        }
    }
    entries.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(entries)
}

fn shipped_file(template: &Dir<'_>, path: &str) -> Result<SourceEntry, StepError> {
    let file = template
        .get_file(template.path().join(path))
        .ok_or_else(|| StepError::new(format!("there is no file \"{path}\"")))?;
    let name = path.rsplit('/').next().unwrap_or(path);
    Ok(shipped(file, name.to_owned()))
}

/// The binary keeps no modes: programs of templates say by their first line that they are some.
fn shipped(file: &File<'_>, path: String) -> SourceEntry {
    let bytes = file.contents().to_vec();
    FolderFile {
        path,
        content: Entry::File {
            executable: bytes.starts_with(b"#!"),
            bytes,
        },
    }
}
