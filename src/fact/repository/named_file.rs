//! Files that somebody asks for by their path, and lines by a pattern: what no other source knows.
//!
//! `file.docs/runbook.md` says whether there is such a file, and `content.Cargo.toml:^edition` whether
//! a line of one fits. Paths may be patterns (`**/*.tf`); they are relative to the home, else to the
//! root of the repository. Only what is asked for by its name is looked for.

use globset::{GlobBuilder, GlobMatcher};
use regex::{Regex, RegexBuilder};

use super::{CodeHome, Look, RepositorySource, Seen};
use crate::fact::{FactSelection, Observation};
use crate::repo::FileEntry;

const FILE: &str = "file.";
const CONTENT: &str = "content.";
/// Names of one family that are looked for.
const MOST_NAMES: usize = 100;
/// Files that are read for one name.
const MOST_FILES: usize = 500;
/// Bytes that a pattern may take when it is compiled.
const LARGEST_PATTERN: usize = 1 << 20;

pub(super) const SOURCE: RepositorySource = RepositorySource {
    name: "named files",
    gives: &["file.*", "content.*"],
    look: Look::AtHome(look),
};

/// What was found out about the lines of files.
enum Found {
    /// A line fits.
    At(String),
    /// No line does.
    Nowhere,
    /// Not every file could be read.
    Unknown,
}

fn look(home: &CodeHome<'_>, seen: &mut Seen) {
    let FactSelection::Names(names) = home.code.selection else {
        return;
    };
    let of_family = |family| {
        let names = names.iter();
        names
            .filter_map(move |name| Some((name, name.strip_prefix(family)?)))
            .take(MOST_NAMES)
    };
    for (name, path) in of_family(FILE) {
        if let Some(pattern) = pattern(path) {
            home.say_presence(seen, name.clone(), files(home, &pattern).next());
        }
    }
    for (name, asked) in of_family(CONTENT) {
        let Some((path, text)) = asked.split_once(':') else {
            continue;
        };
        if let (Some(pattern), Some(text)) = (pattern(path), expression(text)) {
            match line(home, &pattern, &text) {
                Found::At(place) => seen.add(Observation::new(name.clone(), true).evidence(place)),
                Found::Nowhere if home.is_in_sight() => {
                    seen.add(Observation::new(name.clone(), false));
                }
                Found::Nowhere | Found::Unknown => {}
            }
        }
    }
}

fn pattern(path: &str) -> Option<GlobMatcher> {
    let mut builder = GlobBuilder::new(path.trim_start_matches("./"));
    let glob = builder.literal_separator(true).build().ok()?;
    Some(glob.compile_matcher())
}

fn expression(text: &str) -> Option<Regex> {
    let mut builder = RegexBuilder::new(text);
    builder.size_limit(LARGEST_PATTERN).build().ok()
}

/// The files that fit in the home; those that fit at the root, where there are none.
fn files<'a>(
    home: &'a CodeHome<'_>,
    pattern: &'a GlobMatcher,
) -> impl Iterator<Item = &'a FileEntry> {
    let below = |folder: &'a str, files: &'a [FileEntry]| {
        let prefix = super::home::prefix(folder);
        files.iter().filter(move |file| {
            let path = file.path.strip_prefix(prefix.as_bytes());
            let path = path.and_then(|path| std::str::from_utf8(path).ok());
            path.is_some_and(|path| pattern.is_match(path)) && home.is_there(file)
        })
    };
    let own = below(home.folder, home.files());
    let mut own = own.peekable();
    let is_elsewhere = own.peek().is_none() && !home.folder.is_empty();
    let root = is_elsewhere.then(|| below("", home.code.snapshot.files()));
    own.chain(root.into_iter().flatten())
}

fn line(home: &CodeHome<'_>, pattern: &GlobMatcher, text: &Regex) -> Found {
    let mut found = Found::Nowhere;
    for (number, file) in files(home, pattern).enumerate() {
        if number == MOST_FILES {
            return Found::Unknown;
        }
        let Ok(content) = home.text(&file.path) else {
            found = Found::Unknown;
            continue;
        };
        let mut lines = content.lines();
        if let Some(at) = lines.position(|line| text.is_match(line)) {
            let at = u32::try_from(at + 1).ok();
            return Found::At(home.evidence(&file.path, at));
        }
    }
    found
}
