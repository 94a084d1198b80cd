//! Reading files without ever leaving the folder they belong to.

use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::Context;
use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};

/// The largest file that is read: a descriptor, a configuration, a `CODEOWNERS`.
pub const FILE_LIMIT: u64 = 4 << 20;

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// It is not there.
    Missing,
    /// A symbolic link on the way leads out of the repository.
    Outside,
    /// It is part of Git's own data, which is no file of the repository.
    GitData,
    /// A pipe, a device, a socket, a folder.
    NotAFile,
    /// More bytes than are read.
    TooLarge {
        /// How many it has.
        bytes: u64,
        /// How many are read.
        limit: u64,
    },
    /// It is in the repository but not on this machine: a partial clone left it out.
    NotInSight,
    /// Anything else, in the words of the system.
    Failed(String),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("is not there"),
            Self::Outside => f.write_str("is a link that leads out of the repository"),
            Self::GitData => f.write_str("is part of Git's own data"),
            Self::NotAFile => f.write_str("is not a regular file"),
            Self::TooLarge { bytes, limit } => {
                let limit = limit >> 20;
                write!(
                    f,
                    "has {bytes} bytes, more than the {limit} MiB that are read"
                )
            }
            Self::NotInSight => f.write_str("is not on this machine: the clone is partial"),
            Self::Failed(reason) => write!(f, "cannot be read: {reason}"),
        }
    }
}

impl std::error::Error for ReadError {}

/// Reads a file that the user named, wherever it is: a regular one of no more than so many bytes,
/// and nothing that would have to be waited for.
///
/// # Errors
/// When it is not there, is no regular file, or is larger.
pub fn read_plain(path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
    let file = open_file(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => ReadError::Missing,
        _ => ReadError::Failed(error.to_string()),
    })?;
    read_regular(file, limit)
}

/// A folder of the disk, opened so that nothing outside of it can be reached.
#[derive(Debug)]
pub(super) struct Sandbox(Dir);

impl Sandbox {
    pub(super) fn open(folder: &Path) -> anyhow::Result<Self> {
        let dir = Dir::open_ambient_dir(folder, ambient_authority());
        dir.map(Self)
            .with_context(|| format!("cannot open folder \"{}\"", folder.display()))
    }

    /// Reads a regular file. Links are followed only within the folder, which the kernel
    /// enforces on each step, so that a file swapped for a link meanwhile gains nothing.
    pub(super) fn read(&self, path: &Path) -> Result<Vec<u8>, ReadError> {
        self.read_up_to(path, FILE_LIMIT)
    }

    /// Reads a regular file of no more than so many bytes.
    pub(super) fn read_up_to(&self, path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
        let file = self
            .0
            .open_with(path, &options())
            .map_err(|error| self.explain(path, &error))?;
        read_regular(file.into_std(), limit)
    }

    /// Where a link points, as it was written.
    pub(super) fn link_target(&self, path: &Path) -> Option<PathBuf> {
        self.0.read_link_contents(path).ok()
    }

    /// What the system knows about a file, without following a link at its end.
    pub(super) fn metadata(&self, path: &Path) -> Option<cap_std::fs::Metadata> {
        self.0.symlink_metadata(path).ok()
    }

    /// Whether something of that name is there, without following a link.
    pub(super) fn exists(&self, path: &Path) -> bool {
        self.0.symlink_metadata(path).is_ok()
    }

    /// Whether a regular file of that name is there, without following a link at its end.
    pub(super) fn is_file(&self, path: &Path) -> bool {
        let metadata = self.0.symlink_metadata(path);
        metadata.is_ok_and(|metadata| metadata.is_file())
    }

    /// Where a path leads when all links on it are followed; `None` when that is nowhere or
    /// outside.
    pub(super) fn real_path(&self, path: &Path) -> Option<PathBuf> {
        self.0.canonicalize(path).ok()
    }

    fn explain(&self, path: &Path, error: &std::io::Error) -> ReadError {
        use std::io::ErrorKind;
        let is_link = self
            .0
            .symlink_metadata(path)
            .is_ok_and(|metadata| metadata.is_symlink());
        match error.kind() {
            ErrorKind::NotFound if !is_link => ReadError::Missing,
            // cap-std refuses to leave the folder with EPERM, EXDEV or a message of its own.
            ErrorKind::PermissionDenied | ErrorKind::CrossesDevices if is_link => {
                ReadError::Outside
            }
            ErrorKind::NotFound => ReadError::Missing,
            ErrorKind::IsADirectory => ReadError::NotAFile,
            _ if error.to_string().contains("outside of the filesystem") => ReadError::Outside,
            // Opening a socket, or a device without a driver.
            _ if self
                .0
                .symlink_metadata(path)
                .is_ok_and(|metadata| !metadata.is_file() && !metadata.is_symlink()) =>
            {
                ReadError::NotAFile
            }
            _ => ReadError::Failed(error.to_string()),
        }
    }
}

/// Opening a named pipe would wait for a writer for ever.
#[cfg(unix)]
const WITHOUT_WAITING: i32 = if cfg!(target_os = "linux") {
    0o4000
} else {
    0x0004
};

/// How files of a repository are opened.
pub(super) fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    cap_std::fs::OpenOptionsExt::custom_flags(&mut options, WITHOUT_WAITING);
    options
}

/// Opens a file of Git's own data, which lies where Git's folders do and not in a work tree.
pub(super) fn open_file(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, WITHOUT_WAITING);
    options.open(path)
}

/// Reads a file that is open, if it is a regular one of no more than so many bytes.
pub(super) fn read_regular(file: std::fs::File, limit: u64) -> Result<Vec<u8>, ReadError> {
    read_with_metadata(file, limit).map(|(bytes, _)| bytes)
}

/// Reads a file that is open, like [`read_regular`], and says what the system knows about it.
pub(super) fn read_with_metadata(
    mut file: std::fs::File,
    limit: u64,
) -> Result<(Vec<u8>, std::fs::Metadata), ReadError> {
    let failed = |error: std::io::Error| ReadError::Failed(error.to_string());
    let metadata = file.metadata().map_err(failed)?;
    if !metadata.is_file() {
        return Err(ReadError::NotAFile);
    }
    let length = metadata.len();
    if length > limit {
        return Err(ReadError::TooLarge {
            bytes: length,
            limit,
        });
    }
    // One call for what the file has now; what is written meanwhile belongs to the next run.
    let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
    let mut filled = 0;
    while filled < bytes.len() {
        match file.read(&mut bytes[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(failed(error)),
        }
    }
    bytes.truncate(filled);
    Ok((bytes, metadata))
}
