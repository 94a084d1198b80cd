//! `.git-blame-ignore-revs`: commits that changed everything and nothing, as a formatter does.
//!
//! Only the file of that name at the root is read, which forges read, too. The configuration of a
//! repository can name another one, and is not asked.

use std::collections::HashSet;

use crate::repo::{CommitId, Snapshot};

const FILE: &[u8] = b".git-blame-ignore-revs";

/// The commits that the file lists: whole ids, one a line, after which a comment may stand.
pub(super) fn ignored_commits(snapshot: &Snapshot) -> HashSet<CommitId> {
    if snapshot.file(FILE).is_none() {
        return HashSet::new();
    }
    let bytes = snapshot.read(FILE).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let lines = text
        .lines()
        .map(|line| line.split('#').next().unwrap_or(line));
    lines
        .filter_map(|line| CommitId::parse(line.trim()))
        .collect()
}
