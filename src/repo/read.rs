//! Reading files without ever leaving the folder they belong to.

use std::io::Read;
use std::path::Path;

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
    /// A pipe, a device, a socket, a folder.
    NotAFile,
    /// More bytes than [`FILE_LIMIT`]; how many.
    TooLarge(u64),
    /// It is in the repository but not on this machine: a partial clone left it out.
    NotInSight,
    /// Anything else, in the words of the system.
    Failed(String),
}

/// A folder of the disk, opened so that nothing outside of it can be reached.
#[derive(Debug)]
pub(super) struct Sandbox(Dir);

impl Sandbox {
    pub(super) fn open(folder: &Path) -> anyhow::Result<Self> {
        let dir = Dir::open_ambient_dir(folder, ambient_authority());
        dir.map(Self).with_context(|| format!("cannot open folder \"{}\"", folder.display()))
    }

    /// Reads a regular file. Links are followed only within the folder, which the kernel
    /// enforces on each step, so that a file swapped for a link meanwhile gains nothing.
    pub(super) fn read(&self, path: &Path) -> Result<Vec<u8>, ReadError> {
        let file = self.0.open_with(path, &options()).map_err(|error| self.explain(path, &error))?;
        let metadata = file.metadata().map_err(|error| ReadError::Failed(error.to_string()))?;
        if !metadata.is_file() {
            return Err(ReadError::NotAFile);
        }
        if metadata.len() > FILE_LIMIT {
            return Err(ReadError::TooLarge(metadata.len()));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0) + 1);
        match file.take(FILE_LIMIT + 1).read_to_end(&mut bytes) {
            Ok(_) if bytes.len() as u64 > FILE_LIMIT => Err(ReadError::TooLarge(bytes.len() as u64)),
            Ok(_) => Ok(bytes),
            Err(error) => Err(ReadError::Failed(error.to_string())),
        }
    }

    /// Whether something of that name is there, without following a link.
    pub(super) fn exists(&self, path: &Path) -> bool {
        self.0.symlink_metadata(path).is_ok()
    }

    /// Where a link points, when the path is one.
    pub(super) fn link_target(&self, path: &Path) -> Option<std::path::PathBuf> {
        self.0.read_link_contents(path).ok()
    }

    fn explain(&self, path: &Path, error: &std::io::Error) -> ReadError {
        use std::io::ErrorKind;
        let is_link = self.0.symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink());
        match error.kind() {
            ErrorKind::NotFound if !is_link => ReadError::Missing,
            // cap-std refuses to leave the folder with EPERM, EXDEV or a message of its own.
            ErrorKind::PermissionDenied | ErrorKind::CrossesDevices if is_link => ReadError::Outside,
            ErrorKind::NotFound => ReadError::Missing,
            ErrorKind::IsADirectory => ReadError::NotAFile,
            _ if error.to_string().contains("outside of the filesystem") => ReadError::Outside,
            // Opening a socket, or a device without a driver.
            _ if self.0.symlink_metadata(path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_symlink()) => {
                ReadError::NotAFile
            }
            _ => ReadError::Failed(error.to_string()),
        }
    }
}

/// Without blocking: opening a named pipe would wait for a writer for ever.
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use cap_std::fs::OpenOptionsExt;
        const O_NONBLOCK: i32 = if cfg!(target_os = "linux") { 0o4000 } else { 0x0004 };
        options.custom_flags(O_NONBLOCK);
    }
    options
}
