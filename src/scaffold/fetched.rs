//! What a `fetch` action brings: read as a whole, looked at as a whole, and only then put down.

use super::{Entry, SourceEntry, Sources, StepError, TargetPath, WorkTree, link};

/// Everything below a folder that an input names, in which every link stays inside.
///
/// # Errors
/// When it cannot be read, or a link leads out.
pub(super) fn read_folder(sources: &dyn Sources, url: &str) -> Result<Vec<SourceEntry>, StepError> {
    let entries = sources.folder(url)?;
    for entry in &entries {
        if let Entry::Link { target } = &entry.content {
            link::refuse_outside(&TargetPath::new(&entry.path)?, target)?;
        }
    }
    Ok(entries)
}

/// Puts files below a folder of the tree, in place of those that are there; nothing when one of
/// their paths may not be written to.
///
/// # Errors
/// When a path may not be written to, or has no room in the tree.
pub(super) fn put_below(
    tree: &mut WorkTree,
    folder: Option<&TargetPath>,
    entries: Vec<SourceEntry>,
) -> Result<(), StepError> {
    let placed = entries.into_iter().map(|entry| {
        let path = TargetPath::join(folder, &entry.path)?;
        Ok((path, entry.content))
    });
    let placed: Vec<(TargetPath, Entry)> = placed.collect::<Result<_, StepError>>()?;
    for (path, entry) in placed {
        tree.put(path, entry)?;
    }
    Ok(())
}
