//! Walking through commits.
//!
//! Not with libgit2's own walk: it believes the file `commit-graph`, which anybody may have
//! written, and it passes over parents that are not there.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::rc::Rc;

use git2::{Commit, Oid, Repository as Git, Tree};

use super::{CommitAuthor, CommitId, CommitLog, LoggedCommit, MOST_CHANGES, MOST_COMMITS};
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
        trees: RecentTrees {
            git,
            trees: VecDeque::new(),
        },
        folders: FolderTree::of(&folders),
        log: CommitLog {
            folders: folders.into_iter().map(str::to_owned).collect(),
            ..CommitLog::default()
        },
        places: HashMap::new(),
        authors: HashMap::new(),
        changes: 0,
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
    trees: RecentTrees<'git>,
    folders: FolderTree,
    log: CommitLog,
    /// The places of commits in the log, and those that their parents will have.
    places: HashMap<Oid, u32>,
    authors: HashMap<CommitAuthor, usize>,
    /// Folders that were changed by all of them together.
    changes: usize,
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
            self.changes += logged.changed.len();
            if self.changes > MOST_CHANGES {
                return Err("its commits change too many folders".to_owned());
            }
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
    fn changed(&mut self, commit: &Commit<'_>) -> Result<Box<[u32]>, git2::Error> {
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
            if !folder.children.is_empty() {
                let (before, after) = (self.trees.get(before)?, self.trees.get(after)?);
                folder.compare(before.as_deref(), after.as_deref(), &mut open);
            }
        }
        changed.sort_unstable();
        Ok(changed.into_boxed_slice())
    }
}

/// Trees that were looked at just now. A commit is followed by its parent, with whose trees it
/// was compared, and libgit2 keeps no large ones.
struct RecentTrees<'git> {
    git: &'git Git,
    trees: VecDeque<(Oid, Option<Rc<Tree<'git>>>)>,
}

impl<'git> RecentTrees<'git> {
    /// The tree of an id; what is no tree holds no folder.
    fn get(&mut self, id: Option<Oid>) -> Result<Option<Rc<Tree<'git>>>, git2::Error> {
        const MOST: usize = 64;
        let Some(id) = id else { return Ok(None) };
        if let Some((_, tree)) = self.trees.iter().find(|(known, _)| *known == id) {
            return Ok(tree.clone());
        }
        let tree = self
            .git
            .find_object(id, None)?
            .into_tree()
            .ok()
            .map(Rc::new);
        if self.trees.len() == MOST {
            self.trees.pop_back();
        }
        self.trees.push_front((id, tree.clone()));
        Ok(tree)
    }
}

/// Folders by the parts of their paths, so that what is the same in two trees is passed over
/// at once.
#[derive(Default)]
struct FolderTree {
    asked: Option<u32>,
    children: BTreeMap<String, FolderTree>,
}

/// A folder whose content may differ, with the trees before and after.
type Pair<'a> = (&'a FolderTree, Option<Oid>, Option<Oid>);

impl FolderTree {
    /// Adds what lies below and differs between two trees.
    fn compare<'a>(
        &'a self,
        before: Option<&Tree<'_>>,
        after: Option<&Tree<'_>>,
        open: &mut Vec<Pair<'a>>,
    ) {
        // Most trees have the same names, and one or two of them changed.
        if let (Some(before), Some(after)) = (before, after)
            && let Some(changed) = changed_entries(before, after)
        {
            for (name, before, after) in changed {
                let child = std::str::from_utf8(&name).ok();
                if let Some(child) = child.and_then(|name| self.children.get(name)) {
                    open.push((child, Some(before), Some(after)));
                }
            }
            return;
        }
        for (name, child) in &self.children {
            let of = |tree: Option<&Tree<'_>>| Some(tree?.get_name(name)?.id());
            open.push((child, of(before), of(after)));
        }
    }

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

/// The names whose entries differ between two trees, with the ids; `None` where the names
/// themselves differ.
fn changed_entries(before: &Tree<'_>, after: &Tree<'_>) -> Option<Vec<(Vec<u8>, Oid, Oid)>> {
    if before.len() != after.len() {
        return None;
    }
    let mut changed = Vec::new();
    for (before, after) in before.iter().zip(after.iter()) {
        if before.name_bytes() != after.name_bytes() {
            return None;
        }
        if before.id() != after.id() {
            changed.push((after.name_bytes().to_vec(), before.id(), after.id()));
        }
    }
    Some(changed)
}
