//! Writing a folder beside its destination, and giving it its name.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use cap_std::fs::{Dir, DirBuilder};

use super::entry::{make_link, new_file};
use super::{Destination, Replaced, UNFINISHED};
use crate::scaffold::{Entry, WorkTree};

/// A folder that is written and has not got its name yet. It is removed when it is dropped.
#[derive(Debug)]
pub struct Staged {
    destination: Destination,
    name: String,
    /// Holds a lock for as long as somebody works on the folder.
    handle: Option<File>,
}

impl Staged {
    /// Writes a tree beside its destination.
    ///
    /// # Errors
    /// When something cannot be written; nothing is left then.
    pub fn write(destination: Destination, tree: &WorkTree) -> Result<Self> {
        remove_abandoned(&destination.parent);
        let name = format!("{UNFINISHED}{}-{}", destination.name, std::process::id());
        let shown = destination.path.with_file_name(&name);
        destination
            .parent
            .create_dir(&name)
            .with_context(|| format!("cannot make the folder \"{}\"", shown.display()))?;
        let mut staged = Self {
            destination,
            name,
            handle: None,
        };
        let folder = staged.destination.parent.open_dir(&staged.name)?;
        let handle = lockable(&folder)?;
        handle.try_lock().context("the folder is in use")?;
        staged.handle = Some(handle);
        write_tree(folder, tree)
            .with_context(|| format!("cannot write \"{}\"", staged.destination.path.display()))?;
        Ok(staged)
    }

    /// Where it lies for now.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.destination.path.with_file_name(&self.name)
    }

    /// Whether something of that name lies in the folder itself, and not in what somebody put in
    /// its place.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        let folder = self
            .handle
            .as_ref()
            .and_then(|handle| handle.try_clone().ok());
        folder.is_some_and(|folder| Dir::from_std_file(folder).symlink_metadata(name).is_ok())
    }

    /// Gives the folder its name. Returns where to, and where what was there is now.
    ///
    /// # Errors
    /// When that cannot be done; what was there is there again then.
    pub fn finish(self) -> Result<(PathBuf, Option<PathBuf>)> {
        let Destination {
            path,
            parent,
            name,
            replaces,
        } = &self.destination;
        let aside = match replaces {
            Some(Replaced::Aside) => Some(move_aside(parent, name)?),
            Some(Replaced::Empty) | None => None,
        };
        let renamed = parent.rename(&self.name, parent, name);
        if let Err(error) = renamed {
            if let Some(aside) = &aside {
                // Best effort: the error below says what is wrong.
                let _ = parent.rename(aside, parent, name);
            }
            return Err(error).with_context(|| format!("cannot write \"{}\"", path.display()));
        }
        let aside = aside.map(|aside| path.with_file_name(aside));
        Ok((path.clone(), aside))
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        // After `finish` nothing of that name is there any more.
        let _ = self.destination.parent.remove_dir_all(&self.name);
    }
}

/// Gives what lies at the destination another name.
fn move_aside(parent: &Dir, name: &str) -> Result<String> {
    for number in 1..1000 {
        let aside = format!("{name}.old-{number}");
        if parent.symlink_metadata(&aside).is_err() {
            parent
                .rename(name, parent, &aside)
                .with_context(|| format!("cannot move \"{name}\" aside"))?;
            return Ok(aside);
        }
    }
    bail!("there are too many old folders beside \"{name}\"");
}

/// A handle of a folder that can be locked. The one by which files are reached is only a path.
fn lockable(folder: &Dir) -> Result<File> {
    Ok(folder.open(".")?.into_std())
}

/// Removes folders of runs that were ended: nobody holds the lock of those.
fn remove_abandoned(parent: &Dir) {
    let Ok(entries) = parent.entries() else {
        return;
    };
    for entry in entries.filter_map(std::result::Result::ok) {
        let name = entry.file_name();
        let is_unfinished = name.to_string_lossy().starts_with(UNFINISHED)
            && entry.file_type().is_ok_and(|kind| kind.is_dir());
        if !is_unfinished {
            continue;
        }
        let Ok(folder) = parent.open_dir(&name) else {
            continue;
        };
        if lockable(&folder).is_ok_and(|handle| handle.try_lock().is_ok()) {
            let _ = parent.remove_dir_all(&name);
        }
    }
}

/// Writes a tree below a folder. Each folder of it is opened once and written to by its handle.
fn write_tree(root: Dir, tree: &WorkTree) -> Result<()> {
    let mut open: Vec<(String, Dir)> = vec![(String::new(), root)];
    for (path, entry) in tree.below(None) {
        let path = path.as_str();
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        enter(&mut open, folder).with_context(|| format!("folder \"{folder}\""))?;
        let Some((_, parent)) = open.last() else {
            bail!("no folder is open");
        };
        write_entry(parent, name, entry).with_context(|| format!("\"{path}\""))?;
    }
    Ok(())
}

/// Opens a folder and all that it is in, as far as they are not open yet.
fn enter(open: &mut Vec<(String, Dir)>, folder: &str) -> Result<()> {
    while let Some((last, _)) = open.last() {
        let contains = last.is_empty()
            || folder == last
            || folder
                .strip_prefix(last.as_str())
                .is_some_and(|rest| rest.starts_with('/'));
        if contains {
            break;
        }
        open.pop();
    }
    loop {
        let Some((last, parent)) = open.last() else {
            bail!("no folder is open");
        };
        let rest = folder[last.len()..].trim_start_matches('/');
        if rest.is_empty() {
            return Ok(());
        }
        let name = rest.split('/').next().unwrap_or(rest);
        parent.create_dir_with(name, &DirBuilder::new())?;
        let child = parent.open_dir(name)?;
        let path = if last.is_empty() {
            name.to_owned()
        } else {
            format!("{last}/{name}")
        };
        open.push((path, child));
    }
}

fn write_entry(parent: &Dir, name: &str, entry: &Entry) -> Result<()> {
    match entry {
        Entry::File { bytes, executable } => {
            let mut file = parent.open_with(name, &new_file(*executable))?;
            file.write_all(bytes)?;
        }
        Entry::Link { target } => make_link(parent, target, name)?,
        Entry::EmptyFolder => parent.create_dir(name)?,
    }
    Ok(())
}
