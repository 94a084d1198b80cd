//! A folder of pages that are written again and again: only what changed is written, and only
//! what was written before is removed.
//!
//! A file in the folder keeps what was written. What is not in it belongs to somebody else and is
//! never touched; what was changed since belongs to who changed it. While pages are written the
//! file says so of each, so that a run that was ended leaves nothing that looks foreign.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Keeps what was written.
const MANIFEST: &str = ".devportal-portal.json";
/// The form of that file.
const SCHEMA: &str = "devportal.portal/v1";
/// What the name of a file ends with that is not complete.
const UNFINISHED: &str = ".devportal-tmp";
/// Names that a message shows.
const MOST_NAMES: usize = 5;

/// What was written: the hash of each file, none where it was being written.
#[derive(Serialize, Deserialize)]
struct Manifest {
    schema: String,
    files: BTreeMap<String, Option<String>>,
}

/// A folder, opened so that nothing outside of it can be reached.
pub(crate) struct PageFolder {
    dir: Dir,
    shown: PathBuf,
    before: BTreeMap<String, Option<String>>,
    now: BTreeMap<String, Option<String>>,
    done: Done,
}

/// What was done.
#[derive(Debug, Default)]
pub(crate) struct Done {
    pub(crate) written: usize,
    pub(crate) unchanged: usize,
    pub(crate) removed: usize,
    /// Files that somebody changed, which are left as they are.
    pub(crate) changed_by_others: Vec<String>,
}

impl PageFolder {
    /// Opens a folder for these files, and makes it where there is none.
    ///
    /// # Errors
    /// When one of the files is there and not from here, or the folder cannot be written to.
    /// Nothing is written then.
    pub(crate) fn open(path: &Path, files: &[String]) -> Result<Self> {
        std::fs::create_dir_all(path)
            .with_context(|| format!("cannot make the folder \"{}\"", path.display()))?;
        let dir = Dir::open_ambient_dir(path, ambient_authority())
            .with_context(|| format!("cannot open the folder \"{}\"", path.display()))?;
        let folder = Self {
            before: read_manifest(&dir, path)?,
            dir,
            shown: path.to_owned(),
            now: BTreeMap::new(),
            done: Done::default(),
        };
        folder.refuse_strangers(files)?;
        let mut begun = folder.before.clone();
        begun.extend(files.iter().map(|file| (file.clone(), None)));
        folder.write_manifest(&begun)?;
        Ok(folder)
    }

    /// Refuses to write where something lies that was not written here.
    fn refuse_strangers(&self, files: &[String]) -> Result<()> {
        let is_strange = |file: &&String| {
            !self.before.contains_key(*file) && self.dir.symlink_metadata(file).is_ok()
        };
        let strangers: Vec<&String> = files.iter().filter(is_strange).collect();
        if strangers.is_empty() {
            return Ok(());
        }
        bail!(
            "{} in \"{}\" and not written by devportal: move it away, or choose another folder",
            are(&strangers),
            self.shown.display()
        );
    }

    /// Writes a file, if it is not there as it should be.
    pub(crate) fn write(&mut self, file: &str, content: &[u8]) -> Result<()> {
        let hash = hash_of(content);
        let before = self.before.get(file).cloned();
        match self.read(file)? {
            Some(there) if there == content => self.done.unchanged += 1,
            Some(there) if is_changed(before.as_ref(), &there) => {
                self.done.changed_by_others.push(file.to_owned());
                self.now.insert(file.to_owned(), before.flatten());
                return Ok(());
            }
            _ => {
                self.replace(file, content)?;
                self.done.written += 1;
            }
        }
        self.now.insert(file.to_owned(), Some(hash));
        Ok(())
    }

    /// Removes what was written before and is written no more, and keeps what was written.
    pub(crate) fn finish(mut self) -> Result<Done> {
        let gone: Vec<(String, Option<String>)> = self
            .before
            .iter()
            .filter(|(file, _)| !self.now.contains_key(*file) && is_of_pages(file))
            .map(|(file, hash)| (file.clone(), hash.clone()))
            .collect();
        for (file, hash) in gone {
            // What is not a file any more, or not reached any more, is not what was written.
            let Ok(Some(there)) = self.read(&file) else {
                continue;
            };
            if is_changed(Some(&hash), &there) {
                self.done.changed_by_others.push(file);
                continue;
            }
            self.dir
                .remove_file(&file)
                .with_context(|| format!("cannot remove \"{}\"", self.shown(&file)))?;
            self.done.removed += 1;
            self.remove_empty_folders(&file);
        }
        let now = std::mem::take(&mut self.now);
        self.write_manifest(&now)?;
        Ok(self.done)
    }

    /// The folders that a file was in, as far as nothing else is there.
    fn remove_empty_folders(&self, file: &str) {
        let mut path = file;
        while let Some((folder, _)) = path.rsplit_once('/') {
            if self.dir.remove_dir(folder).is_err() {
                return;
            }
            path = folder;
        }
    }

    fn write_manifest(&self, files: &BTreeMap<String, Option<String>>) -> Result<()> {
        let manifest = Manifest {
            schema: SCHEMA.to_owned(),
            files: files.clone(),
        };
        let mut text = serde_json::to_vec_pretty(&manifest)?;
        text.push(b'\n');
        match self.read(MANIFEST)? {
            Some(there) if there == text => Ok(()),
            _ => self.replace(MANIFEST, &text),
        }
    }

    /// What is there; nothing where there is nothing.
    fn read(&self, file: &str) -> Result<Option<Vec<u8>>> {
        read_file(&self.dir, file).with_context(|| format!("cannot read \"{}\"", self.shown(file)))
    }

    /// Either the old content is there or the new, whatever happens meanwhile.
    fn replace(&self, file: &str, content: &[u8]) -> Result<()> {
        let write = || -> std::io::Result<()> {
            if let Some((folder, _)) = file.rsplit_once('/') {
                self.dir.create_dir_all(folder)?;
            }
            let new = format!("{file}{UNFINISHED}");
            // What a run that was ended left there; a link that somebody put there goes, not its
            // target.
            let _ = self.dir.remove_file(&new);
            let mut options = OpenOptions::new();
            options.write(true).create_new(true);
            let mut opened = self.dir.open_with(&new, &options)?;
            opened.write_all(content)?;
            drop(opened);
            self.dir.rename(&new, &self.dir, file)
        };
        write().with_context(|| format!("cannot write \"{}\"", self.shown(file)))
    }

    fn shown(&self, file: &str) -> String {
        self.shown.join(file).display().to_string()
    }
}

impl Done {
    /// What was done, in a line.
    pub(crate) fn summary(&self) -> String {
        let Self {
            written,
            unchanged,
            removed,
            ..
        } = self;
        format!("{written} written, {unchanged} unchanged, {removed} removed")
    }

    /// What was left as it is, in a line.
    pub(crate) fn left(&self) -> Option<String> {
        let names: Vec<&String> = self.changed_by_others.iter().collect();
        let are = (!names.is_empty()).then(|| are(&names))?;
        Some(format!(
            "{are} not as devportal wrote it, and left so: remove it to have it written again"
        ))
    }
}

fn read_manifest(dir: &Dir, shown: &Path) -> Result<BTreeMap<String, Option<String>>> {
    let shown = shown.join(MANIFEST);
    let read = read_file(dir, MANIFEST);
    let Some(text) = read.with_context(|| format!("cannot read \"{}\"", shown.display()))? else {
        return Ok(BTreeMap::new());
    };
    let manifest: Option<Manifest> = serde_json::from_slice(&text).ok();
    match manifest.filter(|manifest| manifest.schema == SCHEMA) {
        Some(manifest) => Ok(manifest.files),
        None => bail!(
            "\"{}\" does not say what was written before: choose another folder, or empty this one",
            shown.display()
        ),
    }
}

/// A regular file, never what a link leads to; nothing where nothing is.
fn read_file(dir: &Dir, file: &str) -> std::io::Result<Option<Vec<u8>>> {
    match dir.symlink_metadata(file) {
        Ok(metadata) if metadata.is_file() => dir.read(file).map(Some),
        Ok(_) => Err(std::io::Error::other("it is not a regular file")),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether a file is not what was written. Of one that was being written nothing is known.
fn is_changed(written: Option<&Option<String>>, there: &[u8]) -> bool {
    matches!(written, Some(Some(hash)) if *hash != hash_of(there))
}

/// Whether a path is one that pages have. The file that says so may be anybody's.
fn is_of_pages(file: &str) -> bool {
    let mut parts = file.split('/');
    let is_name = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.contains('\\');
    let extension = file.rsplit_once('.').map_or("", |(_, extension)| extension);
    parts.all(is_name) && ["html", "md", "svg", "json"].contains(&extension)
}

fn hash_of(content: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(content) {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// `"a", "b" and 3 more are`.
fn are(names: &[&String]) -> String {
    let shown: Vec<String> = names
        .iter()
        .take(MOST_NAMES)
        .map(|it| format!("\"{it}\""))
        .collect();
    let shown = shown.join(", ");
    match names.len() {
        1 => format!("{shown} is"),
        count if count <= MOST_NAMES => format!("{shown} are"),
        count => format!("{shown} and {} more are", count - MOST_NAMES),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use anyhow::Result;
    use tempfile::TempDir;

    use super::{Done, MANIFEST, PageFolder};

    fn write(folder: &Path, pages: &[(&str, &str)]) -> Result<Done> {
        let files: Vec<String> = pages.iter().map(|(file, _)| (*file).to_owned()).collect();
        let mut opened = PageFolder::open(folder, &files)?;
        for (file, content) in pages {
            opened.write(file, content.as_bytes())?;
        }
        opened.finish()
    }

    #[test]
    fn only_what_changed_is_written_and_only_what_was_written_is_removed() {
        let folder = TempDir::new().unwrap();
        let folder = folder.path().join("new/portal");
        let pages = [
            ("index.html", "a"),
            ("component/a.html", "b"),
            ("old/x/b.html", "c"),
        ];
        assert_eq!(write(&folder, &pages).unwrap().written, 3);
        fs::write(folder.join("notes.html"), "mine").unwrap();
        let written = fs::metadata(folder.join("index.html"))
            .unwrap()
            .modified()
            .unwrap();
        let done = write(&folder, &[("index.html", "a"), ("component/a.html", "B")]).unwrap();
        assert_eq!((done.written, done.unchanged, done.removed), (1, 1, 1));
        let same = fs::metadata(folder.join("index.html"))
            .unwrap()
            .modified()
            .unwrap();
        assert_eq!(written, same);
        assert_eq!(
            fs::read_to_string(folder.join("component/a.html")).unwrap(),
            "B"
        );
        assert!(!folder.join("old").exists(), "an empty folder goes, too");
        assert_eq!(
            fs::read_to_string(folder.join("notes.html")).unwrap(),
            "mine"
        );
    }

    #[test]
    fn a_foreign_file_is_never_written_over() {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("index.html"), "mine").unwrap();
        let pages = [("a.html", "a"), ("index.html", "b")];
        let error = write(folder.path(), &pages).unwrap_err().to_string();
        assert!(error.starts_with("\"index.html\" is in "), "{error}");
        assert!(!folder.path().join("a.html").exists(), "nothing is written");
        assert!(!folder.path().join(MANIFEST).exists());
    }

    #[test]
    fn what_somebody_changed_is_left_and_told() {
        let folder = TempDir::new().unwrap();
        write(folder.path(), &[("a.html", "a"), ("b.html", "b")]).unwrap();
        for file in ["a.html", "b.html"] {
            fs::write(folder.path().join(file), "changed").unwrap();
        }
        let done = write(folder.path(), &[("a.html", "new")]).unwrap();
        assert_eq!(done.changed_by_others, ["a.html", "b.html"]);
        let left = done.left().unwrap();
        assert!(
            left.starts_with("\"a.html\", \"b.html\" are not as"),
            "{left}"
        );
        for file in ["a.html", "b.html"] {
            assert_eq!(
                fs::read_to_string(folder.path().join(file)).unwrap(),
                "changed"
            );
        }
        // It is told every time, until it is removed; what is no page any more is theirs.
        let again = write(folder.path(), &[("a.html", "new")]).unwrap();
        assert_eq!(again.changed_by_others, ["a.html"]);
        fs::remove_file(folder.path().join("a.html")).unwrap();
        assert_eq!(
            write(folder.path(), &[("a.html", "new")]).unwrap().written,
            1
        );
    }

    #[test]
    fn a_run_that_was_ended_leaves_nothing_that_looks_foreign() {
        let folder = TempDir::new().unwrap();
        write(folder.path(), &[("a.html", "a"), ("gone.html", "g")]).unwrap();
        let files = [
            "a.html".to_owned(),
            "b.html".to_owned(),
            "c.html".to_owned(),
        ];
        let mut ended = PageFolder::open(folder.path(), &files).unwrap();
        ended.write("a.html", b"later").unwrap();
        ended.write("b.html", b"later").unwrap();
        drop(ended);
        let done = write(folder.path(), &[("a.html", "A"), ("b.html", "B")]).unwrap();
        assert_eq!((done.written, done.removed), (2, 1));
        assert!(done.changed_by_others.is_empty());
    }

    #[test]
    fn a_list_of_somebody_else_removes_nothing_of_others() {
        let folder = TempDir::new().unwrap();
        let portal = folder.path().join("portal");
        fs::create_dir_all(portal.join(".git")).unwrap();
        fs::write(folder.path().join("x.html"), "a").unwrap();
        fs::write(portal.join(".git/x.html"), "a").unwrap();
        fs::write(portal.join("main.rs"), "a").unwrap();
        let list = r#"{"schema": "devportal.portal/v1", "files":
            {"../x.html": null, ".git/x.html": null, "main.rs": null, "/etc/x.html": null}}"#;
        fs::write(portal.join(MANIFEST), list).unwrap();
        assert_eq!(write(&portal, &[("a.html", "a")]).unwrap().removed, 0);
        assert!(folder.path().join("x.html").exists());
        assert!(portal.join(".git/x.html").exists() && portal.join("main.rs").exists());
        fs::write(portal.join(MANIFEST), "{}").unwrap();
        let error = write(&portal, &[("a.html", "a")]).unwrap_err().to_string();
        assert!(
            error.contains("does not say what was written before"),
            "{error}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn links_lead_nowhere() {
        use std::os::unix::fs::symlink;
        let folder = TempDir::new().unwrap();
        let (portal, outside) = (folder.path().join("portal"), folder.path().join("outside"));
        fs::create_dir(&outside).unwrap();
        fs::write(outside.join("a.html"), "theirs").unwrap();
        write(&portal, &[("x/a.html", "a"), ("b.html", "b")]).unwrap();
        fs::remove_dir_all(portal.join("x")).unwrap();
        symlink(&outside, portal.join("x")).unwrap();
        assert!(write(&portal, &[("x/a.html", "new"), ("b.html", "b")]).is_err());
        let done = write(&portal, &[("b.html", "b")]).unwrap();
        assert_eq!(done.removed, 0);
        assert_eq!(
            fs::read_to_string(outside.join("a.html")).unwrap(),
            "theirs"
        );
        fs::remove_file(portal.join("b.html")).unwrap();
        symlink(outside.join("a.html"), portal.join("b.html")).unwrap();
        assert!(write(&portal, &[("b.html", "new")]).is_err());
        assert_eq!(
            fs::read_to_string(outside.join("a.html")).unwrap(),
            "theirs"
        );
    }
}
