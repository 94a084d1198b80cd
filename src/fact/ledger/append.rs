//! Writing to a ledger: one process at a time, whole lines, and nothing of what was there is lost.
//!
//! A kernel lock on a file in Git's folder (without Git, on `facts/.lock`) keeps writers of one
//! work tree apart; it goes with the process that has it, however that ends. Lines of a run are
//! written with one call and brought to the disk before the run says that they are kept. Where that
//! fails, the file gets its old length back. A last line that a crash tore is closed first, so
//! that the next line stands alone.

use std::fs::File;
use std::io::{ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};

use anyhow::{Context, Result, anyhow, bail};
use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};

use super::location::LedgerFile;
use super::{FOLDER, LedgerLocation};

/// The file in Git's folder that is locked.
const LOCK_FILE: &str = "devportal-ledger.lock";
/// The file in the ledger's folder that is locked where there is no Git.
const LOCK_WITHOUT_GIT: &str = ".lock";

/// A ledger that nobody else writes to.
pub(super) struct LockedLedger {
    facts: Dir,
    _lock: File,
}

impl LockedLedger {
    /// Waits until nobody else writes, and makes the folder where there is none.
    pub(super) fn open(location: &LedgerLocation) -> Result<Self> {
        let shown = location.folder();
        let shown = shown.display();
        if !location.has_files() {
            bail!("\"{shown}\" cannot be written: the repository is bare; write in a clone of it");
        }
        let root = Dir::open_ambient_dir(location.root(), ambient_authority())
            .with_context(|| format!("cannot open \"{}\"", location.root().display()))?;
        let facts =
            folder(&root, FOLDER).with_context(|| format!("cannot write to \"{shown}\""))?;
        let lock = match location.git() {
            Some(git) => {
                let git = Dir::open_ambient_dir(&git.own, ambient_authority());
                git.context("cannot open Git's folder")
                    .and_then(|git| lock(&git, LOCK_FILE))
            }
            None => lock(&facts, LOCK_WITHOUT_GIT),
        };
        Ok(Self {
            facts,
            _lock: lock.with_context(|| format!("cannot lock \"{shown}\""))?,
        })
    }

    /// Adds lines to a file.
    pub(super) fn append(&self, file: &LedgerFile, lines: &str) -> Result<()> {
        self.try_append(file, lines)
            .with_context(|| format!("cannot write \"{FOLDER}/{}\"", file.path))
    }

    fn try_append(&self, file: &LedgerFile, lines: &str) -> Result<()> {
        let (folder, name) = self.folder_of(file)?;
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true);
        let mut written = match folder.symlink_metadata(name) {
            Ok(metadata) if !metadata.is_file() => bail!("it is not a regular file"),
            _ => folder.open_with(name, &options)?.into_std(),
        };
        let length = written.seek(SeekFrom::End(0))?;
        let is_torn = length > 0 && {
            let mut last = [0];
            written.seek(SeekFrom::End(-1))?;
            written.read_exact(&mut last)?;
            last != *b"\n"
        };
        let begin = if is_torn { "\n" } else { "" };
        let result = written
            .write_all(format!("{begin}{lines}").as_bytes())
            .and_then(|()| written.sync_data());
        if let Err(error) = result {
            // What was there stays as it was; half a run would be true, but looks like a mistake.
            let _ = written.set_len(length);
            if length == 0 {
                let _ = folder.remove_file(name);
            }
            return Err(error.into());
        }
        Ok(())
    }

    /// Puts other content in the place of a file: the old is there or the new.
    pub(super) fn replace(&self, file: &LedgerFile, content: &[u8]) -> Result<()> {
        let (folder, name) = self.folder_of(file)?;
        let new = format!(".{name}.devportal-tmp");
        // What a run that was ended left there.
        let _ = folder.remove_file(&new);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        let written = folder.open_with(&new, &options).and_then(|written| {
            let mut written = written.into_std();
            written.write_all(content)?;
            written.sync_data()?;
            folder.rename(&new, &folder, name)
        });
        written
            .inspect_err(|_| {
                let _ = folder.remove_file(&new);
            })
            .with_context(|| format!("cannot write \"{FOLDER}/{}\"", file.path))
    }

    /// The folder of a file, and its name there.
    fn folder_of<'file>(&self, file: &'file LedgerFile) -> Result<(Dir, &'file str)> {
        let mut parts = file.path.split('/');
        let (Some(source), Some(month), Some(name)) = (parts.next(), parts.next(), parts.next())
        else {
            bail!("it is no file of a ledger");
        };
        let of_source = folder(&self.facts, source)?;
        Ok((folder(&of_source, month)?, name))
    }
}

/// A folder in another, made where it is missing. A link is not followed.
fn folder(parent: &Dir, name: &str) -> Result<Dir> {
    match parent.symlink_metadata(name) {
        Ok(metadata) if metadata.is_dir() => {}
        Ok(metadata) if metadata.is_symlink() => {
            return Err(anyhow!("\"{name}\" is a link, which is not followed"));
        }
        Ok(_) => return Err(anyhow!("\"{name}\" is not a folder")),
        Err(error) if error.kind() == ErrorKind::NotFound => match parent.create_dir(name) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error.into()),
            _ => {}
        },
        Err(error) => return Err(error.into()),
    }
    Ok(parent.open_dir(name)?)
}

fn lock(folder: &Dir, name: &str) -> Result<File> {
    if let Ok(metadata) = folder.symlink_metadata(name)
        && !metadata.is_file()
    {
        bail!("\"{name}\" is not a regular file");
    }
    let mut options = OpenOptions::new();
    options.write(true).create(true);
    let file = folder.open_with(name, &options)?.into_std();
    loop {
        match file.lock() {
            Ok(()) => return Ok(file),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
}
