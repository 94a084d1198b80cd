//! The folder of a cache, opened so that nothing outside of it can be reached.

use std::io::{Error, ErrorKind, Read, Result, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use cap_std::ambient_authority;
use cap_std::fs::{Dir, DirBuilder, Metadata, OpenOptions};

use super::entry::{LARGEST, Name};

/// What the name of an entry begins with that is not complete yet.
const UNFINISHED: char = '.';
/// Tells apart what the threads of a process write.
static WRITTEN: AtomicU64 = AtomicU64::new(0);

/// The folder of a cache.
pub(super) struct CacheFolder(Dir);

impl CacheFolder {
    /// Opens the folder. One in which others can write is not believed.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let metadata = path.symlink_metadata()?;
        if !metadata.is_dir() {
            return Err(Error::new(ErrorKind::NotADirectory, "it is not a folder"));
        }
        #[cfg(unix)]
        if std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o022 != 0 {
            let reason = "others may write in it";
            return Err(Error::new(ErrorKind::PermissionDenied, reason));
        }
        Dir::open_ambient_dir(path, ambient_authority()).map(Self)
    }

    /// Opens the folder, and makes it where there is none.
    pub(super) fn make(path: &Path) -> Result<Self> {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(path)?;
        Self::open(path)
    }

    pub(super) const fn dir(&self) -> &Dir {
        &self.0
    }

    /// The bytes of an entry, which was used just now.
    pub(super) fn read(&self, name: &Name) -> Option<Vec<u8>> {
        let folder = self.0.open_dir(&name.folder).ok()?;
        let is_file = folder.symlink_metadata(&name.file).ok()?.is_file();
        if !is_file {
            return None;
        }
        let mut options = OpenOptions::new();
        options.read(true);
        let file = folder.open_with(&name.file, &options).ok()?;
        let metadata = file.metadata().ok()?;
        if !metadata.is_file() || metadata.len() > LARGEST || !is_ours_alone(&metadata) {
            return None;
        }
        let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).ok()?);
        let file = file.into_std();
        (&file).take(LARGEST).read_to_end(&mut bytes).ok()?;
        // It only decides what goes first when there is too much.
        let _ = file.set_modified(SystemTime::now());
        Some(bytes)
    }

    /// Writes an entry: all of it, or nothing.
    pub(super) fn write(&self, name: &Name, bytes: &[u8]) -> Result<()> {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        cap_std::fs::DirBuilderExt::mode(&mut builder, 0o700);
        self.0.create_dir_with(&name.folder, &builder)?;
        let folder = self.0.open_dir(&name.folder)?;
        let count = WRITTEN.fetch_add(1, Ordering::Relaxed);
        let process = std::process::id();
        let unfinished = format!("{UNFINISHED}{}-{process}-{count}", name.file);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        cap_std::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let written = folder
            .open_with(&unfinished, &options)
            .and_then(|mut file| file.write_all(bytes))
            .and_then(|()| folder.rename(&unfinished, &folder, &name.file));
        if written.is_err() {
            // Best effort: the error says what is wrong.
            let _ = folder.remove_file(&unfinished);
        }
        written
    }
}

/// Whether the name of a file is that of an entry that somebody writes, or gave up writing.
pub(super) fn is_unfinished(name: &str) -> bool {
    name.starts_with(UNFINISHED)
}

/// Whether nobody else can read or write a file: so are entries made.
#[cfg(unix)]
fn is_ours_alone(metadata: &Metadata) -> bool {
    use cap_std::fs::PermissionsExt;
    let of_others = metadata.permissions().mode() & 0o077;
    of_others == 0
}

#[cfg(not(unix))]
fn is_ours_alone(_: &Metadata) -> bool {
    true
}
