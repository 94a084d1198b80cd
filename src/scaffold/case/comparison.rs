//! What came out, beside what must come out.

use std::collections::BTreeSet;

use anyhow::Result;
use serde::Serialize;

use crate::repo;
use crate::scaffold::{Entry, TargetPath, WorkTree};

/// A file that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CaseDifference {
    /// Its path.
    pub path: String,
    /// What differs: `missing`, `unexpected` or `changed`.
    pub change: &'static str,
    /// From what must come out to what came out, as a unified diff; a sentence where the files
    /// are none of text.
    pub patch: String,
}

/// The files that differ, in the order of their paths. Empty folders count for nothing: Git does
/// not keep them.
///
/// # Errors
/// When a file is too large to be compared.
pub fn compare(expected: &WorkTree, made: &WorkTree) -> Result<Vec<CaseDifference>> {
    let paths = expected.below(None).chain(made.below(None));
    let paths: BTreeSet<&TargetPath> = paths.map(|(path, _)| path).collect();
    let mut differences = Vec::new();
    for path in paths {
        let of = |tree: &'_ WorkTree| tree.get(path).filter(|it| !is_folder(it)).cloned();
        let (before, after) = (of(expected), of(made));
        if before == after {
            continue;
        }
        let change = match (&before, &after) {
            (_, None) => "missing",
            (None, _) => "unexpected",
            _ => "changed",
        };
        differences.push(CaseDifference {
            path: path.to_string(),
            change,
            patch: patch(path.as_str(), before.as_ref(), after.as_ref())?,
        });
    }
    Ok(differences)
}

fn is_folder(entry: &Entry) -> bool {
    matches!(entry, Entry::EmptyFolder)
}

fn patch(path: &str, before: Option<&Entry>, after: Option<&Entry>) -> Result<String> {
    let is_file = |entry: Option<&Entry>| entry.is_none_or(|it| it.bytes().is_some());
    if !is_file(before) || !is_file(after) {
        let (before, after) = (kind(before), kind(after));
        return Ok(format!("{path}: expected {before}, but found {after}\n"));
    }
    let bytes = |entry: Option<&'_ Entry>| entry.and_then(|it| it.bytes().map(<[u8]>::to_vec));
    let (old, new) = (bytes(before), bytes(after));
    if old == new {
        let (before, after) = (mode(before), mode(after));
        return Ok(format!("{path}: expected {before}, but found {after}\n"));
    }
    let difference = repo::patch(path, old.as_deref(), new.as_deref())?;
    Ok(String::from_utf8_lossy(&difference).into_owned())
}

fn kind(entry: Option<&Entry>) -> String {
    match entry {
        None => "nothing".to_owned(),
        Some(Entry::File { .. }) => "a file".to_owned(),
        Some(Entry::Link { target }) => format!("a link to \"{target}\""),
        Some(Entry::EmptyFolder) => "a folder".to_owned(),
    }
}

const fn mode(entry: Option<&Entry>) -> &'static str {
    match entry {
        Some(Entry::File {
            executable: true, ..
        }) => "a program",
        _ => "a file that is no program",
    }
}
