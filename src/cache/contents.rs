//! What a cache holds: to be counted, bounded and removed.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Result};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use cap_std::fs::{Dir, Metadata};

use super::Cache;
use super::entry::VERSION;
use super::folder::{CacheFolder, is_unfinished};

/// What somebody began to write so long before the newest entry will not be finished.
const ABANDONED: Duration = Duration::from_hours(1);

/// What a cache holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CacheContents {
    /// By kind, of all versions.
    pub kinds: BTreeMap<String, KindContents>,
}

/// The entries of a kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KindContents {
    /// How many there are.
    pub entries: usize,
    /// Their bytes.
    pub bytes: u64,
}

impl Cache {
    /// What is kept.
    ///
    /// # Errors
    /// When the folder cannot be read; that it is not there is fine.
    pub fn contents(&self) -> Result<CacheContents> {
        let files = self.files()?;
        Ok(counted(&files.map(|(_, files)| files).unwrap_or_default()))
    }

    /// Removes everything that is kept, of all versions. Says what that was.
    ///
    /// # Errors
    /// When something cannot be removed.
    pub fn clean(&self) -> Result<CacheContents> {
        let Some((folder, files)) = self.files()? else {
            return Ok(CacheContents::default());
        };
        for file in &files {
            match folder.dir().remove_file(&file.path) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        // Folders in which somebody writes meanwhile stay.
        let mut folders: Vec<PathBuf> = files
            .iter()
            .flat_map(|file| file.path.ancestors().skip(1).map(PathBuf::from))
            .filter(|folder| !folder.as_os_str().is_empty())
            .collect();
        folders.sort();
        folders.dedup();
        for path in folders.iter().rev() {
            let _ = folder.dir().remove_dir(path);
        }
        Ok(counted(&files))
    }

    fn files(&self) -> Result<Option<(CacheFolder, Vec<CachedFile>)>> {
        let Some(folder) = self.folder() else {
            return Ok(None);
        };
        let folder = match CacheFolder::open(folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            folder => folder?,
        };
        let files = files(folder.dir());
        Ok(Some((folder, files)))
    }
}

impl CacheFolder {
    /// Removes entries until there are fewer bytes, those that were used longest ago first, and
    /// what nobody will finish. Entries of other versions are left to them.
    pub(super) fn bound(&self, most_bytes: u64) {
        let mut files = files(self.dir());
        files.retain(|file| file.path.starts_with(VERSION));
        let newest = files.iter().map(|file| file.used).max();
        let is_abandoned = |file: &CachedFile| {
            let since = newest.and_then(|newest| newest.duration_since(file.used).ok());
            file.is_unfinished && since.is_some_and(|since| since > ABANDONED)
        };
        for file in files.iter().filter(|file| is_abandoned(file)) {
            let _ = self.dir().remove_file(&file.path);
        }
        files.retain(|file| !file.is_unfinished);
        let mut bytes: u64 = files.iter().map(|file| file.bytes).sum();
        if bytes <= most_bytes {
            return;
        }
        files.sort_by(|a, b| (a.used, &a.path).cmp(&(b.used, &b.path)));
        // Some room, so that not every run has to tidy up.
        let enough = most_bytes / 4 * 3;
        for file in files {
            if bytes <= enough {
                return;
            }
            if self.dir().remove_file(&file.path).is_ok() {
                bytes -= file.bytes;
            }
        }
    }
}

/// A file of a cache.
struct CachedFile {
    /// Relative to the folder of the cache: `VERSION/KIND/xx/HASH`.
    path: PathBuf,
    kind: String,
    bytes: u64,
    used: SystemTime,
    is_unfinished: bool,
}

/// All entries, and what is written of them. What has no place in a cache is none of ours.
fn files(dir: &Dir) -> Vec<CachedFile> {
    let is_number = |name: &str| name.bytes().all(|byte| byte.is_ascii_digit());
    let is_kind = |name: &str| {
        let mut bytes = name.bytes();
        bytes.all(|byte| byte.is_ascii_lowercase() || byte == b'-')
    };
    let is_shard = |name: &str| name.len() == 2;
    let mut files = Vec::new();
    for (version_name, version) in folders(dir, is_number) {
        for (kind_name, kind) in folders(&version, is_kind) {
            for (shard_name, shard) in folders(&kind, is_shard) {
                let folder: PathBuf = [&version_name, &kind_name, &shard_name].iter().collect();
                files.extend(files_of(&shard, &folder, &kind_name));
            }
        }
    }
    files
}

fn files_of(shard: &Dir, folder: &std::path::Path, kind: &str) -> Vec<CachedFile> {
    let entries = shard.entries().into_iter().flatten().flatten();
    let files = entries.filter_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        let metadata = entry.metadata().ok().filter(Metadata::is_file)?;
        Some(CachedFile {
            path: folder.join(&name),
            kind: kind.to_owned(),
            bytes: metadata.len(),
            used: metadata.modified().ok()?.into_std(),
            is_unfinished: is_unfinished(&name),
        })
    });
    files.collect()
}

/// The folders of a folder whose names are right. Links are none.
fn folders(dir: &Dir, is_right: impl Fn(&str) -> bool) -> Vec<(String, Dir)> {
    let entries = dir.entries().into_iter().flatten().flatten();
    let folders = entries.filter_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        let is_folder = entry.file_type().is_ok_and(|it| it.is_dir());
        (is_folder && is_right(&name)).then_some(())?;
        let folder = entry.open_dir().ok()?;
        Some((name, folder))
    });
    folders.collect()
}

fn counted(files: &[CachedFile]) -> CacheContents {
    let mut contents = CacheContents::default();
    for file in files.iter().filter(|file| !file.is_unfinished) {
        let kind = contents.kinds.entry(file.kind.clone()).or_default();
        kind.entries += 1;
        kind.bytes += file.bytes;
    }
    contents
}
