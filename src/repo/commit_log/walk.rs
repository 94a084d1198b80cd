//! Walking through commits.
//!
//! Not with libgit2's own walk: it believes the file `commit-graph`, which anybody may have
//! written, and it passes over parents that are not there.

use std::collections::{BTreeMap, HashMap};

use git2::{Commit, Oid, Repository as Git, Tree};

use super::{CommitAuthor, CommitId, CommitLog, LoggedCommit, MOST_COMMITS};
use crate::repo::revision;

/// The log of what led to a state and to tags. What led to a tag alone and is not all there is
/// left out.
pub(super) fn log(
    git: &Git,
    tip: Option<Oid>,
    tagged: impl Iterator<Item = CommitId>,
    folders: Vec<&str>,
) -> Result<CommitLog, String> {
    let mut walk = Walk {
        git,
        folders: FolderTree::of(&folders),
        log: CommitLog {
            folders: folders.into_iter().map(str::to_owned).collect(),
            ..CommitLog::default()
        },
        places: HashMap::new(),
        authors: HashMap::new(),
    };
    if let Some(tip) = tip {
        walk.from(tip)?;
    }
    walk.log.of_state = walk.log.commits.len();
    for commit in tagged {
        let known = walk.log.commits.len();
        if let Ok(tag) = Oid::from_bytes(&commit.0)
            && walk.from(tag).is_err()
        {
            walk.log.commits.truncate(known);
            walk.places.retain(|_, place| (*place as usize) < known);
        }
    }
    Ok(walk.log)
}

struct Walk<'git> {
    git: &'git Git,
    folders: FolderTree,
    log: CommitLog,
    /// The places of commits in the log, and those that their parents will have.
    places: HashMap<Oid, u32>,
    authors: HashMap<CommitAuthor, usize>,
}

impl Walk<'_> {
    /// Adds a commit and everything that led to it.
    fn from(&mut self, tip: Oid) -> Result<(), String> {
        if self.places.contains_key(&tip) {
            return Ok(());
        }
        let mut open = Vec::new();
        self.place(tip, &mut open)?;
        // A commit has its place when it is first seen, and is read in the order of the places.
        let mut next = 0;
        while let Some(id) = open.get(next) {
            next += 1;
            let commit = self.git.find_commit(*id);
            let commit = commit.map_err(|error| revision::explain(&error))?;
            let logged = self.logged(&commit, &mut open)?;
            self.log.commits.push(logged);
        }
        Ok(())
    }

    /// The place of a commit, which is still to be read when nobody saw it before.
    fn place(&mut self, id: Oid, open: &mut Vec<Oid>) -> Result<u32, String> {
        let next = self.places.len();
        if let Some(place) = self.places.get(&id) {
            return Ok(*place);
        }
        if next >= MOST_COMMITS {
            return Err(format!("it has more than {MOST_COMMITS} commits"));
        }
        let place = u32::try_from(next).map_err(|error| error.to_string())?;
        self.places.insert(id, place);
        open.push(id);
        Ok(place)
    }

    fn logged(&mut self, commit: &Commit<'_>, open: &mut Vec<Oid>) -> Result<LoggedCommit, String> {
        let parents = commit.parent_ids();
        let parents: Result<Box<[u32]>, String> =
            parents.map(|parent| self.place(parent, open)).collect();
        let author = commit.author();
        let id = CommitId::of(commit.id()).ok_or("its ids are of another kind")?;
        Ok(LoggedCommit {
            id,
            author: self.author(CommitAuthor {
                name: String::from_utf8_lossy(author.name_bytes()).into_owned(),
                address: String::from_utf8_lossy(author.email_bytes()).into_owned(),
            }),
            written: author.when().seconds(),
            committed: commit.time().seconds(),
            parents: parents?,
            changed: self
                .changed(commit)
                .map_err(|error| revision::explain(&error))?,
        })
    }

    fn author(&mut self, author: CommitAuthor) -> usize {
        if let Some(known) = self.authors.get(&author) {
            return *known;
        }
        let place = self.log.authors.len();
        self.log.authors.push(author.clone());
        self.authors.insert(author, place);
        place
    }

    /// The folders in which a commit differs from its parent. A merge brings changes together
    /// and makes none.
    fn changed(&self, commit: &Commit<'_>) -> Result<Box<[u32]>, git2::Error> {
        if self.folders.children.is_empty() || commit.parent_count() > 1 {
            return Ok(Box::default());
        }
        let before = match commit.parent_count() {
            0 => None,
            _ => Some(commit.parent(0)?.tree_id()),
        };
        let mut changed = Vec::new();
        let mut open = vec![(&self.folders, before, Some(commit.tree_id()))];
        while let Some((folder, before, after)) = open.pop() {
            if before == after {
                continue;
            }
            changed.extend(folder.asked);
            if folder.children.is_empty() {
                continue;
            }
            let (before, after) = (self.tree(before)?, self.tree(after)?);
            for (name, child) in &folder.children {
                let of = |tree: &Option<Tree<'_>>| Some(tree.as_ref()?.get_name(name)?.id());
                open.push((child, of(&before), of(&after)));
            }
        }
        changed.sort_unstable();
        Ok(changed.into_boxed_slice())
    }

    /// The tree of an id; what is no tree holds no folder.
    fn tree(&self, id: Option<Oid>) -> Result<Option<Tree<'_>>, git2::Error> {
        let Some(id) = id else { return Ok(None) };
        let object = self.git.find_object(id, None)?;
        Ok(object.into_tree().ok())
    }
}

/// Folders by the parts of their paths, so that what is the same in two trees is passed over
/// at once.
#[derive(Default)]
struct FolderTree {
    asked: Option<u32>,
    children: BTreeMap<String, FolderTree>,
}

impl FolderTree {
    fn of(folders: &[&str]) -> Self {
        let mut root = Self::default();
        for (place, folder) in (0..).zip(folders) {
            let mut node = &mut root;
            for part in folder.split('/').filter(|part| !part.is_empty()) {
                node = node.children.entry(part.to_owned()).or_default();
            }
            node.asked = Some(place);
        }
        root
    }
}
