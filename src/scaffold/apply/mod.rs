//! Applying a plan: the only place of golden paths that writes.
//!
//! Everything is written into a folder beside the destination that nobody knows, below an open
//! handle of the folder that both are in, and gets its name at the end. So the destination is
//! absent or complete, whatever happens meanwhile, and a link that somebody puts in the way leads
//! nowhere.

mod entry;
mod staging;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use cap_std::ambient_authority;
use cap_std::fs::Dir;

pub(super) use entry::{make_link, new_file};
pub use staging::Staged;

/// What folders begin with that are not finished.
const UNFINISHED: &str = ".devportal-tmp-";

/// A folder that does not exist yet, and the open folder that it will be in.
#[derive(Debug)]
pub struct Destination {
    path: PathBuf,
    parent: Dir,
    name: String,
    replaces: Option<Replaced>,
}

/// What is there already and gives way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Replaced {
    /// A folder with nothing in it.
    Empty,
    /// Something that is moved aside, because that was asked for.
    Aside,
}

impl Destination {
    /// Looks at a destination. Nothing that is there is touched before the end.
    ///
    /// # Errors
    /// When something is there that may not give way, or the folder that it is in cannot be
    /// written to.
    pub fn open(path: &Path, force: bool) -> Result<Self> {
        let path = absolute(path)?;
        let (Some(above), Some(name)) = (path.parent(), path.file_name()) else {
            bail!("\"{}\" is no folder that can be made", path.display());
        };
        let Some(name) = name.to_str().filter(|name| *name != "..") else {
            bail!("\"{}\" is no name of a folder", path.display());
        };
        std::fs::create_dir_all(above)
            .with_context(|| format!("cannot make the folder \"{}\"", above.display()))?;
        let parent = Dir::open_ambient_dir(above, ambient_authority())
            .with_context(|| format!("cannot open the folder \"{}\"", above.display()))?;
        let replaces = occupant(&parent, name, &path, force)?;
        Ok(Self {
            name: name.to_owned(),
            path,
            parent,
            replaces,
        })
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

fn absolute(path: &Path) -> Result<PathBuf> {
    std::path::absolute(path)
        .with_context(|| format!("cannot find out where \"{}\" is", path.display()))
}

/// Says early whether a destination would be refused. Nothing is made.
///
/// # Errors
/// When something is there that may not give way.
pub fn refuse_occupied(path: &Path, force: bool) -> Result<()> {
    let path = &absolute(path)?;
    let Some((above, name)) = path.parent().zip(path.file_name().and_then(OsStr::to_str)) else {
        bail!("\"{}\" is no folder that can be made", path.display());
    };
    // A folder that is not there yet has nothing in it.
    let Ok(parent) = Dir::open_ambient_dir(above, ambient_authority()) else {
        return Ok(());
    };
    occupant(&parent, name, path, force).map(|_| ())
}

/// What lies at the destination and may give way.
fn occupant(parent: &Dir, name: &str, path: &Path, force: bool) -> Result<Option<Replaced>> {
    let shown = path.display();
    let metadata = match parent.symlink_metadata(name) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("cannot look at \"{shown}\"")),
    };
    if metadata.is_symlink() {
        bail!("\"{shown}\" is a link: name the folder that it leads to, or another one");
    }
    if metadata.is_dir() {
        let mut entries = parent
            .read_dir(name)
            .with_context(|| format!("cannot look into \"{shown}\""))?;
        if entries.next().is_none() {
            return Ok(Some(Replaced::Empty));
        }
    }
    if force {
        return Ok(Some(Replaced::Aside));
    }
    let what = if metadata.is_dir() {
        "is there already, with something in it"
    } else {
        "is there already"
    };
    bail!("\"{shown}\" {what}: name another folder, or move it aside with --force");
}
