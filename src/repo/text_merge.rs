//! Merging texts and showing how they differ, as Git does.

use std::path::Path;

use anyhow::{Context, Result};
use git2::{MergeFileInput, MergeFileOptions, Patch};

/// Three texts that become one.
#[derive(Clone, Copy, Debug)]
pub struct TextMerge<'a> {
    /// What both come from.
    pub base: &'a [u8],
    /// What is here.
    pub ours: &'a [u8],
    /// What it is to be brought up to.
    pub theirs: &'a [u8],
    /// What conflict markers call what is here.
    pub our_label: &'a str,
    /// What conflict markers call the other.
    pub their_label: &'a str,
}

/// The text that three became.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergedText {
    /// The text, with markers around what somebody has to decide.
    pub text: Vec<u8>,
    /// Whether there is something to decide.
    pub has_conflicts: bool,
}

impl TextMerge<'_> {
    /// Merges the texts line by line.
    ///
    /// # Errors
    /// When a text is too large for that.
    pub fn merge(&self) -> Result<MergedText> {
        let mut options = MergeFileOptions::new();
        options
            .our_label(self.our_label)
            .their_label(self.their_label);
        let (mut base, mut ours, mut theirs) = (
            MergeFileInput::new(),
            MergeFileInput::new(),
            MergeFileInput::new(),
        );
        base.content(self.base);
        ours.content(self.ours);
        theirs.content(self.theirs);
        let merged = git2::merge_file(&base, &ours, &theirs, Some(&mut options))
            .context("cannot merge the texts")?;
        Ok(MergedText {
            text: merged.content().to_vec(),
            has_conflicts: !merged.is_automergeable(),
        })
    }
}

/// How a file changes, as a patch that Git can apply. `None` is a file that is not there.
///
/// # Errors
/// When a text is too large for that.
pub fn patch(path: &str, old: Option<&[u8]>, new: Option<&[u8]>) -> Result<Vec<u8>> {
    let there = |content: Option<&[u8]>| content.map(|_| Path::new(path));
    let difference = Patch::from_buffers(
        old.unwrap_or_default(),
        there(old).or_else(|| there(new)),
        new.unwrap_or_default(),
        there(new).or_else(|| there(old)),
        None,
    );
    let mut difference = difference.with_context(|| format!("cannot compare \"{path}\""))?;
    let text = difference.to_buf()?.to_vec();
    Ok(with_missing_side(&text, old.is_none(), new.is_none()))
}

/// libgit2 knows of two buffers only that both are there: names the side that is not.
fn with_missing_side(patch: &[u8], is_new: bool, is_gone: bool) -> Vec<u8> {
    let text = String::from_utf8_lossy(patch);
    let mut changed = Vec::with_capacity(patch.len() + 64);
    for (number, line) in text.split_inclusive('\n').enumerate() {
        match line {
            line if is_new && number < 5 && line.starts_with("--- ") => {
                changed.extend_from_slice(b"--- /dev/null\n");
            }
            line if is_gone && number < 5 && line.starts_with("+++ ") => {
                changed.extend_from_slice(b"+++ /dev/null\n");
            }
            line if (is_new || is_gone) && number < 3 && line.starts_with("index ") => {
                let mode: &[u8] = if is_new {
                    b"new file mode 100644\n"
                } else {
                    b"deleted file mode 100644\n"
                };
                changed.extend_from_slice(mode);
                changed.extend_from_slice(line.trim_end().trim_end_matches(" 100644").as_bytes());
                changed.push(b'\n');
            }
            line => changed.extend_from_slice(line.as_bytes()),
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::{TextMerge, patch};

    fn merge<'a>(base: &'a str, ours: &'a str, theirs: &'a str) -> TextMerge<'a> {
        TextMerge {
            base: base.as_bytes(),
            ours: ours.as_bytes(),
            theirs: theirs.as_bytes(),
            our_label: "here",
            their_label: "template",
        }
    }

    #[test]
    fn what_does_not_touch_is_merged() {
        let merged = merge("a\nb\nc\nd\n", "A\nb\nc\nd\n", "a\nb\nc\nD\n")
            .merge()
            .expect("a merge");
        assert_eq!(merged.text, b"A\nb\nc\nD\n");
        assert!(!merged.has_conflicts);
    }

    #[test]
    fn what_touches_is_marked() {
        let merged = merge("a\n", "b\n", "c\n").merge().expect("a merge");
        assert!(merged.has_conflicts);
        let text = String::from_utf8(merged.text).expect("a text");
        assert_eq!(text, "<<<<<<< here\nb\n=======\nc\n>>>>>>> template\n");
    }

    #[test]
    fn patches_name_what_is_not_there() {
        let new = patch("a/b", None, Some(b"x\n")).expect("a patch");
        let new = String::from_utf8(new).expect("a text");
        assert!(new.contains("--- /dev/null\n+++ b/a/b\n"), "{new}");
        let gone = patch("a/b", Some(b"x\n"), None).expect("a patch");
        let gone = String::from_utf8(gone).expect("a text");
        assert!(gone.contains("--- a/a/b\n+++ /dev/null\n"), "{gone}");
    }
}
