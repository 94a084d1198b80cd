//! The merge of three trees: what the template made then, what it makes now, and what is here.

use std::collections::BTreeSet;

use anyhow::Result;

use crate::repo::{TextMerge, patch};
use crate::scaffold::{Entry, TargetPath, WorkTree};

/// What is merged.
#[derive(Clone, Copy, Debug)]
pub struct MergeInput<'a> {
    /// What the template made then; nothing, where that cannot be known.
    pub base: Option<&'a WorkTree>,
    /// What is here, of all paths that the template made or makes.
    pub ours: &'a WorkTree,
    /// What the template makes now.
    pub theirs: &'a WorkTree,
    /// What conflict markers call the template.
    pub label: &'a str,
}

/// What a merge does.
#[derive(Clone, Debug, Default)]
pub struct Update {
    /// The files that change or need a look, in byte order of their paths.
    pub files: Vec<FileUpdate>,
}

/// What becomes of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileUpdate {
    /// Its path.
    pub path: TargetPath,
    /// What becomes of it.
    pub change: FileChange,
    /// What is there now.
    pub old: Option<Entry>,
    /// What will be there.
    pub new: Option<Entry>,
}

/// What becomes of a file, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileChange {
    /// The template brings it.
    Added,
    /// The template changed it, and nobody here did.
    Changed,
    /// Both changed it, and the changes go together.
    Merged,
    /// The template does not make it any more, and nobody here changed it.
    Removed,
    /// Both changed it in the same place: the file has markers.
    Conflict,
    /// Both changed it, and it has no lines that could be merged, or one of them removed it: it
    /// stays as it is here.
    Kept,
}

impl Update {
    /// Whether something is left for somebody to decide.
    #[must_use]
    pub fn has_conflicts(&self) -> bool {
        self.files
            .iter()
            .any(|file| matches!(file.change, FileChange::Conflict | FileChange::Kept))
    }

    /// The files that are written or removed.
    pub fn written(&self) -> impl Iterator<Item = &FileUpdate> {
        self.files
            .iter()
            .filter(|file| file.change != FileChange::Kept)
    }

    /// The update as a patch that Git can apply.
    ///
    /// # Errors
    /// When a file is too large to be compared.
    pub fn patch(&self) -> Result<Vec<u8>> {
        let mut text = Vec::new();
        for file in self.written() {
            let (old, new) = (content(file.old.as_ref()), content(file.new.as_ref()));
            text.extend(patch(file.path.as_str(), old, new)?);
        }
        Ok(text)
    }
}

/// Merges what the template changed into what is here.
///
/// # Errors
/// When a file is too large to be merged.
pub fn merge(input: &MergeInput<'_>) -> Result<Update> {
    let base = input.base.into_iter().flat_map(|tree| tree.below(None));
    let all = base.chain(input.theirs.below(None));
    let paths: BTreeSet<&TargetPath> = all.map(|(path, _)| path).collect();
    let mut update = Update::default();
    for path in paths {
        if let Some(file) = merge_file(input, path)? {
            update.files.push(file);
        }
    }
    Ok(update)
}

fn merge_file(input: &MergeInput<'_>, path: &TargetPath) -> Result<Option<FileUpdate>> {
    let base = input.base.and_then(|base| base.get(path));
    let (ours, theirs) = (input.ours.get(path), input.theirs.get(path));
    if theirs == ours || (input.base.is_some() && theirs == base) {
        return Ok(None);
    }
    let is_untouched = input.base.is_some() && ours == base;
    let (change, new) = match (ours, theirs) {
        // What was removed here stays removed; what is new arrives.
        (None, Some(_)) if base.is_some() => (FileChange::Kept, None),
        (None, Some(new)) => (FileChange::Added, Some(new.clone())),
        (Some(_), None) if is_untouched => (FileChange::Removed, None),
        (Some(ours), None) => (FileChange::Kept, Some(ours.clone())),
        (Some(_), Some(new)) if is_untouched => (FileChange::Changed, Some(new.clone())),
        (Some(ours), Some(theirs)) => merge_entries(input, base, ours, theirs)?,
        (None, None) => return Ok(None),
    };
    if new.as_ref() == ours && change == FileChange::Merged {
        // What the template changed is here already.
        return Ok(None);
    }
    Ok(Some(FileUpdate {
        path: path.clone(),
        change,
        old: ours.cloned(),
        new,
    }))
}

/// Merges a file that both sides changed.
fn merge_entries(
    input: &MergeInput<'_>,
    base: Option<&Entry>,
    ours: &Entry,
    theirs: &Entry,
) -> Result<(FileChange, Option<Entry>)> {
    let kept = || (FileChange::Kept, Some(ours.clone()));
    let (Some(our_text), Some(their_text)) = (text(ours), text(theirs)) else {
        return Ok(kept());
    };
    let merged = TextMerge {
        base: base.and_then(text).unwrap_or_default(),
        ours: our_text,
        theirs: their_text,
        our_label: "this repository",
        their_label: input.label,
    }
    .merge()?;
    let new = Entry::File {
        bytes: merged.text,
        executable: is_executable(ours) || is_executable(theirs),
    };
    let change = if merged.has_conflicts {
        FileChange::Conflict
    } else {
        FileChange::Merged
    };
    Ok((change, Some(new)))
}

fn text(entry: &Entry) -> Option<&[u8]> {
    let bytes = entry.bytes()?;
    let is_text = !bytes.contains(&0) && std::str::from_utf8(bytes).is_ok();
    is_text.then_some(bytes)
}

fn content(entry: Option<&Entry>) -> Option<&[u8]> {
    match entry? {
        Entry::File { bytes, .. } => Some(bytes),
        Entry::Link { target } => Some(target.as_bytes()),
        Entry::EmptyFolder => None,
    }
}

fn is_executable(entry: &Entry) -> bool {
    matches!(
        entry,
        Entry::File {
            executable: true,
            ..
        }
    )
}

#[cfg(test)]
mod tests {
    use super::{FileChange, MergeInput, Update, merge};
    use crate::scaffold::{Entry, TargetPath, WorkTree};

    fn tree(files: &[(&str, &str)]) -> WorkTree {
        let mut tree = WorkTree::default();
        for (path, text) in files {
            let entry = Entry::File {
                bytes: text.as_bytes().to_vec(),
                executable: false,
            };
            tree.put(TargetPath::new(path).expect("a path"), entry)
                .expect("room");
        }
        tree
    }

    fn changes(update: &Update) -> Vec<(&str, FileChange)> {
        let files = update.files.iter();
        files
            .map(|file| (file.path.as_str(), file.change))
            .collect()
    }

    #[test]
    fn every_case_of_three_sides() {
        let base = tree(&[
            ("same", "1\n"),
            ("template-changed", "1\n"),
            ("here-changed", "1\n"),
            ("both-apart", "1\n2\n3\n4\n5\n"),
            ("both-together", "1\n"),
            ("template-removed", "1\n"),
            ("template-removed-here-changed", "1\n"),
            ("here-removed", "1\n"),
            ("here-removed-template-changed", "1\n"),
        ]);
        let ours = tree(&[
            ("same", "1\n"),
            ("template-changed", "1\n"),
            ("here-changed", "2\n"),
            ("both-apart", "one\n2\n3\n4\n5\n"),
            ("both-together", "here\n"),
            ("template-removed", "1\n"),
            ("template-removed-here-changed", "2\n"),
            ("both-new", "here\n"),
        ]);
        let theirs = tree(&[
            ("same", "1\n"),
            ("template-changed", "2\n"),
            ("here-changed", "1\n"),
            ("both-apart", "1\n2\n3\n4\nfive\n"),
            ("both-together", "template\n"),
            ("here-removed", "1\n"),
            ("here-removed-template-changed", "2\n"),
            ("new", "1\n"),
            ("both-new", "template\n"),
        ]);
        let update = merge(&MergeInput {
            base: Some(&base),
            ours: &ours,
            theirs: &theirs,
            label: "template",
        })
        .expect("a merge");
        assert_eq!(
            changes(&update),
            [
                ("both-apart", FileChange::Merged),
                ("both-new", FileChange::Conflict),
                ("both-together", FileChange::Conflict),
                ("here-removed-template-changed", FileChange::Kept),
                ("new", FileChange::Added),
                ("template-changed", FileChange::Changed),
                ("template-removed", FileChange::Removed),
                ("template-removed-here-changed", FileChange::Kept),
            ]
        );
        let patch = String::from_utf8(update.patch().expect("a patch")).expect("a text");
        assert!(patch.contains("+five"), "{patch}");
    }

    #[test]
    fn without_a_base_every_difference_is_a_conflict() {
        let update = merge(&MergeInput {
            base: None,
            ours: &tree(&[("a", "here\n"), ("b", "same\n")]),
            theirs: &tree(&[("a", "template\n"), ("b", "same\n"), ("c", "new\n")]),
            label: "template",
        })
        .expect("a merge");
        assert_eq!(
            changes(&update),
            [("a", FileChange::Conflict), ("c", FileChange::Added)]
        );
    }
}
