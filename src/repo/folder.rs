//! The files of a folder with their content, for templates: all of them, as they are.

use std::fmt;
use std::path::{Component, Path};

use anyhow::{Context, Result, anyhow, bail};
use cap_std::ambient_authority;
use cap_std::fs::Dir;

use super::is_git_name;
use super::read::{self, ReadError};
use super::walk::{to_bytes, to_path};

/// How deep folders may be nested: a folder is open for each level while it is read.
pub(super) const MOST_LEVELS: usize = 256;

/// The most bytes of a file that is asked for by its own path.
const LARGEST_FILE: u64 = 256 << 20;

/// How much is read of a folder.
#[derive(Clone, Copy, Debug)]
pub struct FolderLimits {
    /// The most files, links and empty folders.
    pub most_files: usize,
    /// The most bytes of all files together.
    pub most_bytes: u64,
}

/// A file of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderFile {
    /// Its path below the folder, with `/`; the name of the file where one file was asked for.
    pub path: String,
    /// What it is.
    pub content: FolderContent,
}

/// What a file of a folder is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FolderContent {
    /// A regular file.
    File {
        /// Its bytes.
        bytes: Vec<u8>,
        /// Whether its owner may execute it.
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

impl FolderContent {
    /// Its bytes, where it is a file.
    #[must_use]
    pub fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::File { bytes, .. } => Some(bytes),
            Self::Link { .. } | Self::EmptyFolder => None,
        }
    }
}

/// Everything below a folder of `root`, in byte order of the paths. Links are named and not
/// followed, Git's own data is left out, and nothing outside of `root` is opened.
///
/// # Errors
/// When the folder is not there, leads out of `root`, has something in it that no template can
/// have (a pipe, a device, a name that is not UTF-8), or is larger than the limits.
pub fn read_folder(root: &Path, folder: &str, limits: &FolderLimits) -> Result<Vec<FolderFile>> {
    let folder = open_folder(root, folder)?;
    let mut reading = FolderReading::new(limits);
    reading.add(&folder, &mut String::new(), 0)?;
    Ok(reading.gathered.into_files())
}

/// One file of `root`. A link at the end of the path is named and not followed.
///
/// # Errors
/// When it is not there, leads out of `root`, or is no file that a template can have.
pub fn read_file_below(root: &Path, path: &str) -> Result<FolderFile> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    if matches!(name, "" | "." | "..") || is_git_name(name.as_ref()) {
        bail!("\"{path}\" is not a file");
    }
    let folder = open_folder(root, folder)?;
    let metadata = folder
        .symlink_metadata(name)
        .map_err(|error| explain(&error, path))?;
    let content = if metadata.is_symlink() {
        read_link(&folder, name, path)?
    } else {
        read_file(&folder, name, path, LARGEST_FILE)?
    };
    Ok(FolderFile {
        path: name.to_owned(),
        content,
    })
}

/// Opens a folder below `root`. Links on the way are followed inside of `root`, as those who
/// wrote the path see it, but not into Git's data.
fn open_folder(root: &Path, folder: &str) -> Result<Dir> {
    let dir = Dir::open_ambient_dir(root, ambient_authority())
        .with_context(|| format!("cannot open folder \"{}\"", root.display()))?;
    let path = Path::new(folder);
    if path.components().all(|part| part == Component::CurDir) {
        return Ok(dir);
    }
    let real = if is_free_of_links(&dir, path) {
        path.to_owned()
    } else {
        dir.canonicalize(path)
            .map_err(|error| explain(&error, folder))?
    };
    if real.components().any(|part| is_git_name(part.as_os_str())) {
        bail!("\"{folder}\" {}", ReadError::GitData);
    }
    dir.open_dir(&real).map_err(|error| explain(&error, folder))
}

/// Whether a path goes down through folders only, so that it is its own canonical form. To have
/// the system say it takes longer than to read a small template: all of `/proc` is looked through.
fn is_free_of_links(dir: &Dir, path: &Path) -> bool {
    let goes_down = path
        .components()
        .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    goes_down
        && path.ancestors().all(|part| {
            part.as_os_str().is_empty()
                || dir
                    .symlink_metadata(part)
                    .is_ok_and(|metadata| metadata.is_dir())
        })
}

fn explain(error: &std::io::Error, path: &str) -> anyhow::Error {
    use std::io::ErrorKind;
    let reason = match error.kind() {
        ErrorKind::NotFound => ReadError::Missing,
        ErrorKind::NotADirectory => return anyhow!("\"{path}\" is not a folder"),
        ErrorKind::CrossesDevices => ReadError::Outside,
        _ if error.to_string().contains("outside of the filesystem") => ReadError::Outside,
        _ => ReadError::Failed(error.to_string()),
    };
    anyhow!("\"{path}\" {reason}")
}

fn read_link(folder: &Dir, name: &str, path: &str) -> Result<FolderContent> {
    let target = folder
        .read_link_contents(name)
        .with_context(|| format!("link \"{path}\" cannot be read"))?;
    let target = String::from_utf8(to_bytes(&target).into_vec())
        .map_err(|_| anyhow!("link \"{path}\" has a target that is not UTF-8"))?;
    Ok(FolderContent::Link { target })
}

fn read_file(folder: &Dir, name: &str, path: &str, limit: u64) -> Result<FolderContent> {
    let file = folder
        .open_with(name, &read::options())
        .map_err(|error| explain(&error, path))?;
    let (bytes, metadata) = read::read_with_metadata(file.into_std(), limit)
        .map_err(|reason| anyhow!("\"{path}\" {reason}"))?;
    Ok(FolderContent::File {
        bytes,
        executable: is_executable(&metadata),
    })
}

#[cfg(unix)]
fn is_executable(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o100 != 0
}

#[cfg(not(unix))]
fn is_executable(_: &std::fs::Metadata) -> bool {
    false
}

/// A folder of the disk while it is read.
struct FolderReading {
    gathered: Gathered,
}

/// What was read so far, within the limits.
pub(super) struct Gathered {
    limits: FolderLimits,
    files: Vec<FolderFile>,
    bytes: u64,
}

impl Gathered {
    pub(super) const fn new(limits: FolderLimits) -> Self {
        Self {
            limits,
            files: Vec::new(),
            bytes: 0,
        }
    }

    /// How many bytes the next file may have.
    pub(super) const fn room(&self) -> u64 {
        self.limits.most_bytes - self.bytes
    }

    pub(super) fn add(&mut self, path: &str, content: FolderContent) -> Result<()> {
        if let FolderContent::File { bytes, .. } = &content {
            let length = bytes.len() as u64;
            if length > self.room() {
                return Err(self.too_many_bytes(path));
            }
            self.bytes += length;
        }
        if self.files.len() >= self.limits.most_files {
            bail!(
                "there are more than {} files, the first too many is \"{path}\"",
                self.limits.most_files
            );
        }
        self.files.push(FolderFile {
            path: path.to_owned(),
            content,
        });
        Ok(())
    }

    pub(super) fn too_many_bytes(&self, path: &str) -> anyhow::Error {
        anyhow!(
            "the files have more than {} together, the first too many is \"{path}\"",
            ShownSize(self.limits.most_bytes)
        )
    }

    /// The files in byte order of their paths.
    pub(super) fn into_files(mut self) -> Vec<FolderFile> {
        self.files.sort_by(|a, b| a.path.cmp(&b.path));
        self.files
    }
}

struct ShownSize(u64);

impl fmt::Display for ShownSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            bytes if bytes >= 1 << 20 => write!(f, "{} MiB", bytes >> 20),
            bytes => write!(f, "{bytes} bytes"),
        }
    }
}

impl FolderReading {
    const fn new(limits: &FolderLimits) -> Self {
        Self {
            gathered: Gathered::new(*limits),
        }
    }

    /// Adds what a folder has: each file is opened relative to its folder, so that a path is
    /// walked once and cannot be swapped for another meanwhile.
    fn add(&mut self, folder: &Dir, path: &mut String, level: usize) -> Result<()> {
        if level > MOST_LEVELS {
            bail!("\"{path}\" is more than {MOST_LEVELS} folders deep");
        }
        let entries = folder.entries();
        let entries = entries.with_context(|| format!("folder \"{path}\" cannot be read"))?;
        let mut folders = Vec::new();
        let mut is_empty = true;
        let length = path.len();
        for entry in entries {
            let entry = entry.with_context(|| format!("folder \"{path}\" cannot be read"))?;
            let name = entry.file_name();
            if is_git_name(&name) {
                continue;
            }
            is_empty = false;
            let name = name.into_string().map_err(|name| {
                anyhow!("\"{path}{}\" has a name that is not UTF-8", name.display())
            })?;
            path.push_str(&name);
            let kind = entry.file_type();
            let kind = kind.with_context(|| format!("\"{path}\" cannot be read"))?;
            if kind.is_dir() {
                folders.push(name);
            } else {
                let content = if kind.is_symlink() {
                    read_link(folder, &name, path)?
                } else {
                    self.read_file(folder, &name, path)?
                };
                self.gathered.add(path, content)?;
            }
            path.truncate(length);
        }
        for name in folders {
            path.push_str(&name);
            let below = folder
                .open_dir(&name)
                .map_err(|error| explain(&error, path))?;
            path.push('/');
            self.add(&below, path, level + 1)?;
            path.truncate(length);
        }
        if is_empty && level > 0 {
            let folder = path.trim_end_matches('/').to_owned();
            self.gathered.add(&folder, FolderContent::EmptyFolder)?;
        }
        Ok(())
    }

    fn read_file(&self, folder: &Dir, name: &str, path: &str) -> Result<FolderContent> {
        let file = folder.open_with(to_path(name.as_bytes()), &read::options());
        let file = file.map_err(|error| explain(&error, path))?;
        match read::read_with_metadata(file.into_std(), self.gathered.room()) {
            Ok((bytes, metadata)) => Ok(FolderContent::File {
                bytes,
                executable: is_executable(&metadata),
            }),
            Err(ReadError::TooLarge { .. }) => Err(self.gathered.too_many_bytes(path)),
            Err(reason) => Err(anyhow!("\"{path}\" {reason}")),
        }
    }
}
