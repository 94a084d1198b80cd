//! Files that the program writes beside its output.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// Either the old content is there or the new, whatever happens meanwhile. Never writes through
/// a link.
pub(crate) fn write_atomically(path: &Path, content: &[u8]) -> Result<()> {
    if path
        .symlink_metadata()
        .is_ok_and(|metadata| !metadata.is_file())
    {
        bail!("\"{}\" is not a regular file", path.display());
    }
    let mut name = path
        .file_name()
        .with_context(|| format!("\"{}\" is no name of a file", path.display()))?
        .to_os_string();
    name.push(".devportal-tmp");
    let new = path.with_file_name(name);
    // What a run that was ended left there; a link that somebody put there goes, not its target.
    let _ = std::fs::remove_file(&new);
    let written = File::create_new(&new)
        .and_then(|mut file| file.write_all(content))
        .and_then(|()| std::fs::rename(&new, path));
    written.with_context(|| {
        let _ = std::fs::remove_file(&new);
        format!("cannot write \"{}\"", path.display())
    })
}
