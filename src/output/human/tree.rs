//! Trees on a terminal.

use std::io::{self, Write};

use super::paint;
use crate::output::Terminal;
use crate::view::TreeItem;

/// Levels that are drawn. The indentation of a chain of thousands would fill the disk.
const DEEPEST: usize = 100;

/// Writes the items, each followed by its children.
pub(super) fn write(
    roots: &[TreeItem],
    terminal: &Terminal,
    out: &mut dyn Write,
) -> io::Result<()> {
    // The levels that are open: the items still to come, and how long the indentation is there.
    // A stack of its own, because the depth is in the hands of others.
    let mut open = vec![(roots.iter(), 0)];
    let mut indent = String::new();
    while let Some((level, indented)) = open.last_mut() {
        indent.truncate(*indented);
        let Some(item) = level.next() else {
            open.pop();
            continue;
        };
        let last = level.len() == 0;
        let depth = open.len() - 1;
        let (branch, below) = match (depth, last) {
            (0, _) => ("", ""),
            (_, true) => ("└─ ", "   "),
            (_, false) => ("├─ ", "│  "),
        };
        let shown = if depth < DEEPEST {
            paint::text(&item.text, terminal)
        } else {
            "…".to_owned()
        };
        writeln!(out, "{indent}{branch}{shown}")?;
        if !item.children.is_empty() && depth < DEEPEST {
            indent.push_str(below);
            open.push((item.children.iter(), indent.len()));
        }
    }
    Ok(())
}
