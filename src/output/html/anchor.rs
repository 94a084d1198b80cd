//! The anchors of headings: from their words, unique on a page, and the same every time.

use std::collections::HashSet;

use crate::view::{Block, View};

/// Longer anchors are cut.
const LONGEST: usize = 60;

/// Gives every heading of a page its anchor.
pub(super) struct Anchors {
    /// Those of the headings of blocks, in their order.
    planned: std::vec::IntoIter<String>,
    /// The parts of the page that a table of contents shows: anchor and title.
    contents: Vec<(String, String)>,
    used: HashSet<String>,
}

impl Anchors {
    /// Headings of blocks come first, so that no text of others takes their anchors.
    pub(super) fn of(view: &View) -> Self {
        let mut anchors = Self {
            planned: Vec::new().into_iter(),
            contents: Vec::new(),
            used: HashSet::new(),
        };
        let mut planned = Vec::new();
        anchors.plan(&view.blocks, &mut planned, true);
        anchors.planned = planned.into_iter();
        anchors
    }

    fn plan(&mut self, blocks: &[Block], planned: &mut Vec<String>, outermost: bool) {
        for (number, block) in blocks.iter().enumerate() {
            match block {
                Block::Heading(text) | Block::Subheading(text) => {
                    let title = text.to_plain();
                    let id = self.unique(&title);
                    let is_part = outermost && number > 0 && matches!(block, Block::Heading(_));
                    if is_part {
                        self.contents.push((id.clone(), title));
                    }
                    planned.push(id);
                }
                Block::Folded { blocks, .. } => self.plan(blocks, planned, false),
                _ => {}
            }
        }
    }

    /// The parts of the page.
    pub(super) fn contents(&self) -> &[(String, String)] {
        &self.contents
    }

    /// The anchor of the next heading of a block.
    pub(super) fn next(&mut self) -> String {
        self.planned.next().unwrap_or_default()
    }

    /// An anchor that nothing has yet, as GitHub would make it of these words. It holds no `_`,
    /// which all ids of ours begin with.
    pub(super) fn unique(&mut self, title: &str) -> String {
        let mut words = String::new();
        for c in title.chars().take(LONGEST) {
            if c.is_alphanumeric() {
                words.extend(c.to_lowercase());
            } else if (c == '-' || c.is_whitespace()) && !words.is_empty() && !words.ends_with('-')
            {
                words.push('-');
            }
        }
        let words = words.trim_end_matches('-');
        let words = if words.is_empty() { "part" } else { words };
        let mut id = words.to_owned();
        let mut number = 1_usize;
        while !self.used.insert(id.clone()) {
            id = format!("{words}-{number}");
            number += 1;
        }
        id
    }
}
