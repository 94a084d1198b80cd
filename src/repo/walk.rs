//! The files of a folder, where Git's index cannot say which they are.

use std::path::Path;

use walkdir::WalkDir;

use super::layout::Layout;
use super::skips_folder;
use super::snapshot::{FileEntry, FileKind};

/// All files below a folder that is no repository or whose Git data cannot be used, in byte
/// order; and the folders that could not be read.
pub(super) fn files(root: &Path) -> (Vec<FileEntry>, Vec<walkdir::Error>) {
    let mut files = Vec::new();
    let mut errors = Vec::new();
    let mut walk = WalkDir::new(root).follow_links(false).into_iter();
    while let Some(entry) = walk.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                errors.push(error);
                continue;
            }
        };
        let file_type = entry.file_type();
        if file_type.is_dir() {
            let inner = entry.depth() > 0;
            if inner
                && (skips_folder(entry.file_name()) || Layout::of(entry.path(), root).is_some())
            {
                walk.skip_current_dir();
            }
            continue;
        }
        let Ok(inside) = entry.path().strip_prefix(root) else {
            continue;
        };
        if skips_folder(entry.file_name()) {
            continue;
        }
        let kind = if file_type.is_symlink() {
            FileKind::Link
        } else {
            FileKind::File
        };
        files.push(FileEntry {
            path: to_bytes(inside),
            kind,
            blob: None,
            in_work_tree: true,
        });
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    (files, errors)
}

/// A path as bytes with `/`, as Git has it.
pub(super) fn to_bytes(path: &Path) -> Box<[u8]> {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        path.as_os_str().as_bytes().into()
    }
    #[cfg(not(unix))]
    {
        path.to_string_lossy()
            .replace('\\', "/")
            .into_bytes()
            .into_boxed_slice()
    }
}

/// The path of such bytes.
pub(super) fn to_path(bytes: &[u8]) -> std::borrow::Cow<'_, Path> {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        Path::new(std::ffi::OsStr::from_bytes(bytes)).into()
    }
    #[cfg(not(unix))]
    {
        std::path::PathBuf::from(String::from_utf8_lossy(bytes).into_owned()).into()
    }
}
