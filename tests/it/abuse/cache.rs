//! A cache that somebody damaged, or that cannot be written.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

use devportal::cache::Cache;

const KIND: &str = "activity";
const KEY: &str = "github.com/acme/pay\nabc";
const CONTENT: &[u8] = b"what was found out";
/// Says to the test that it is one of the processes.
const PROCESS: &str = "DEVPORTAL_TEST_CACHE";

struct Kept {
    folder: tempfile::TempDir,
    cache: Cache,
}

impl Kept {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::in_folder(folder.path().join("results"));
        cache.put(KIND, KEY, CONTENT);
        assert_eq!(cache.problem(), None);
        Self { folder, cache }
    }

    fn get(&self) -> Option<Vec<u8>> {
        self.cache.get(KIND, KEY)
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("results")
    }

    /// The only file.
    fn entry(&self) -> PathBuf {
        let files = files(&self.root());
        assert_eq!(files.len(), 1, "{files:?}");
        files[0].clone()
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            files.push(path);
        }
    }
    files
}

#[test]
fn g01_an_entry_that_is_cut_off_or_changed_is_none() {
    let kept = Kept::new();
    let entry = kept.entry();
    let bytes = fs::read(&entry).unwrap();
    let with = |bytes: &[u8]| {
        fs::write(&entry, bytes).unwrap();
        kept.get()
    };
    for length in 0..bytes.len() {
        assert_eq!(with(&bytes[..length]), None, "{length} bytes");
    }
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] = !changed[place];
        assert_eq!(with(&changed), None, "byte {place}");
    }
    let mut long = bytes.clone();
    long[16..32].fill(0xff);
    assert_eq!(with(&long), None);
    assert_eq!(with(&[]), None);
    assert_eq!(with(&bytes).as_deref(), Some(CONTENT));
}

#[test]
fn g01_an_entry_of_another_key_or_version_is_none() {
    let kept = Kept::new();
    kept.cache.put(KIND, "other", b"something else");
    let (own, other) = {
        let mut files = files(&kept.root());
        files.sort_by_key(|file| fs::metadata(file).unwrap().len());
        (files.pop().unwrap(), files.pop().unwrap())
    };
    fs::copy(&other, &own).unwrap();
    assert_eq!(kept.get(), None);
    let kept = Kept::new();
    fs::rename(kept.root().join("1"), kept.root().join("2")).unwrap();
    assert_eq!(kept.get(), None);
    kept.cache.put(KIND, KEY, CONTENT);
    assert_eq!(kept.get().as_deref(), Some(CONTENT));
    assert_eq!(
        files(&kept.root()).len(),
        2,
        "both versions work side by side"
    );
}

#[test]
fn g01_links_and_folders_in_place_of_an_entry_are_not_followed() {
    let kept = Kept::new();
    let (entry, outside) = (kept.entry(), kept.folder.path().join("outside"));
    fs::rename(&entry, &outside).unwrap();
    symlink(&outside, &entry).unwrap();
    assert_eq!(kept.get(), None);
    kept.cache.put(KIND, KEY, CONTENT);
    assert!(!entry.symlink_metadata().unwrap().is_symlink());
    assert_eq!(kept.get().as_deref(), Some(CONTENT));

    fs::remove_file(&entry).unwrap();
    fs::create_dir(&entry).unwrap();
    assert_eq!(kept.get(), None);
    kept.cache.put(KIND, KEY, CONTENT);
    assert!(kept.cache.problem().is_some());
    fs::remove_dir(&entry).unwrap();

    // A link in place of the folder of the kind leads out, too.
    let (kind, away) = (
        kept.root().join("1/activity"),
        kept.folder.path().join("away"),
    );
    fs::rename(&kind, &away).unwrap();
    symlink(&away, &kind).unwrap();
    kept.cache.put(KIND, KEY, CONTENT);
    assert_eq!(kept.get(), None);
    assert!(files(&away).is_empty());
    kept.cache.clean().unwrap();
    assert!(away.exists());
}

#[test]
fn g01_what_others_can_read_or_write_is_not_believed() {
    let kept = Kept::new();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let entry = kept.entry();
    assert_eq!(mode(&entry), 0o600);
    assert_eq!(mode(&kept.root()), 0o700);
    assert_eq!(mode(entry.parent().unwrap()), 0o700);
    fs::set_permissions(&entry, Permissions::from_mode(0o444)).unwrap();
    assert_eq!(kept.get(), None);
    kept.cache.put(KIND, KEY, CONTENT);
    assert_eq!(kept.get().as_deref(), Some(CONTENT));
    fs::set_permissions(kept.root(), Permissions::from_mode(0o777)).unwrap();
    assert_eq!(kept.get(), None);
}

#[test]
fn g02_what_somebody_began_to_write_is_nothing() {
    let kept = Kept::new();
    let entry = kept.entry();
    let name = entry.file_name().unwrap().to_str().unwrap();
    let unfinished = entry.with_file_name(format!(".{name}-1-1"));
    fs::rename(&entry, &unfinished).unwrap();
    assert_eq!(kept.get(), None);
    assert!(kept.cache.contents().unwrap().kinds.is_empty());
    kept.cache.clean().unwrap();
    assert!(!unfinished.exists());
}

#[test]
fn g03_what_cannot_be_kept_is_said_once_and_does_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "x").unwrap();
    for place in [
        file.clone(),
        file.join("below"),
        PathBuf::from("/proc/none"),
    ] {
        let cache = Cache::in_folder(place.clone());
        cache.put(KIND, KEY, CONTENT);
        assert_eq!(cache.get(KIND, KEY), None);
        let problem = cache.problem().unwrap().to_owned();
        assert!(problem.contains(place.to_str().unwrap()), "{problem}");
    }
    assert_eq!(fs::read(&file).unwrap(), b"x");
}

#[test]
fn what_was_used_longest_ago_goes_first() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("results");
    let content = vec![7; 1000];
    let keys = ["a", "b", "c", "d"];
    for key in keys {
        // Each is a run of its own.
        Cache::in_folder(root.clone()).put(KIND, key, &content);
    }
    let mut entries = files(&root);
    entries.sort();
    let start = std::time::SystemTime::UNIX_EPOCH;
    for (day, entry) in (1..).zip(&entries) {
        let time = start + std::time::Duration::from_hours(24 * day);
        let file = fs::File::options().write(true).open(entry).unwrap();
        file.set_modified(time).unwrap();
    }
    let bounded = Cache::in_folder(root.clone()).with_most_bytes(5000);
    bounded.put(KIND, "e", &content);
    let left: Vec<bool> = entries.iter().map(|entry| entry.exists()).collect();
    assert_eq!(left, [false, false, true, true]);
    assert_eq!(bounded.get(KIND, "e"), Some(content.clone()));
    let tiny = Cache::in_folder(root).with_most_bytes(100);
    tiny.put(KIND, "f", &content);
    assert_eq!(
        tiny.get(KIND, "f"),
        None,
        "what is larger than everything is not kept"
    );
}

/// Twenty processes read and write while the cache is emptied. The test runs itself.
#[test]
fn g04_many_processes_agree() {
    let key = |number: usize| format!("key {number}");
    let content = |number: usize| vec![u8::try_from(number).unwrap(); 10_000 + number];
    if let Some(folder) = std::env::var_os(PROCESS) {
        let cache = Cache::in_folder(folder.into());
        for round in 0..100 {
            let number = round % 7;
            if let Some(found) = cache.get(KIND, &key(number)) {
                assert_eq!(found, content(number));
            }
            cache.put(KIND, &key(number), &content(number));
        }
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("results");
    let program = std::env::current_exe().unwrap();
    let start = || {
        let mut command = Command::new(&program);
        command
            .args(["--exact", "abuse::cache::g04_many_processes_agree"])
            .env(PROCESS, &root)
            .stdout(std::process::Stdio::null());
        command.spawn().unwrap()
    };
    let mut processes: Vec<Child> = (0..20).map(|_| start()).collect();
    let cache = Cache::in_folder(root.clone());
    for process in &mut processes {
        cache.clean().unwrap();
        assert!(process.wait().unwrap().success());
    }
    cache.put(KIND, &key(3), &content(3));
    assert_eq!(cache.get(KIND, &key(3)), Some(content(3)));
    cache.clean().unwrap();
    assert!(files(&root).is_empty());
}
