//! Making one file or link that is not there yet.

use anyhow::Result;
use cap_std::fs::{Dir, OpenOptions};

/// A file that is not there yet. What others may do with it is up to the user's umask.
pub(in crate::scaffold) fn new_file(executable: bool) -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use cap_std::fs::OpenOptionsExt;
        options.mode(if executable { 0o777 } else { 0o666 });
    }
    #[cfg(not(unix))]
    let _ = executable;
    options
}

#[cfg(unix)]
pub(in crate::scaffold) fn make_link(parent: &Dir, target: &str, name: &str) -> Result<()> {
    Ok(parent.symlink(std::path::Path::new(target), name)?)
}

#[cfg(not(unix))]
pub(in crate::scaffold) fn make_link(_: &Dir, target: &str, _: &str) -> Result<()> {
    anyhow::bail!("links to \"{target}\" cannot be made on this system");
}
