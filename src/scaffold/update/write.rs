//! Writing an update into the work tree of its repository.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};
use cap_std::ambient_authority;
use cap_std::fs::Dir;

use super::Update;
use crate::scaffold::apply::{make_link, new_file};
use crate::scaffold::{Entry, TargetPath};

/// What a file is called while it is written.
const UNFINISHED: &str = ".devportal-tmp";

impl Update {
    /// Writes and removes files below the folder of a repository. Each file is there whole, old
    /// or new; links on the way are not followed out of the repository.
    ///
    /// # Errors
    /// When a file cannot be written: it is named, and those before it are written.
    pub fn write(&self, root: &Path) -> Result<()> {
        let folder = Dir::open_ambient_dir(root, ambient_authority())
            .with_context(|| format!("cannot open the folder \"{}\"", root.display()))?;
        for file in self.written() {
            match &file.new {
                Some(entry) => write_entry(&folder, &file.path, entry),
                None => remove(&folder, &file.path),
            }
            .with_context(|| format!("cannot write \"{}\"", file.path))?;
        }
        Ok(())
    }
}

/// Puts one file into its place.
fn write_entry(root: &Dir, path: &TargetPath, entry: &Entry) -> Result<()> {
    for folder in path.folders() {
        match root.symlink_metadata(folder) {
            Ok(metadata) if metadata.is_dir() => {}
            Ok(_) => bail!("\"{folder}\" is no folder"),
            Err(_) => root.create_dir(folder)?,
        }
    }
    let unfinished = format!("{path}{UNFINISHED}");
    let _ = root.remove_file(&unfinished);
    match entry {
        Entry::File { bytes, executable } => {
            let mut file = root.open_with(&unfinished, &new_file(*executable))?;
            file.write_all(bytes)?;
        }
        Entry::Link { target } => make_link(root, target, &unfinished)?,
        Entry::EmptyFolder => return Ok(root.create_dir(path.as_str())?),
    }
    let renamed = root.rename(&unfinished, root, path.as_str());
    if renamed.is_err() {
        let _ = root.remove_file(&unfinished);
    }
    Ok(renamed?)
}

/// Takes a file away, and the folders that are empty after that.
fn remove(root: &Dir, path: &TargetPath) -> Result<()> {
    root.remove_file(path.as_str())?;
    let mut folders: Vec<&str> = path.folders().collect();
    while let Some(folder) = folders.pop() {
        // A folder with something in it stays.
        if root.remove_dir(folder).is_err() {
            break;
        }
    }
    Ok(())
}
