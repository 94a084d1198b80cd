//! Lines and columns of a text, from offsets in it.

use crate::model::Span;

/// Where the lines of a text begin.
pub(super) struct TextPositions<'text> {
    text: &'text str,
    starts: Vec<usize>,
}

impl<'text> TextPositions<'text> {
    pub(super) fn new(text: &'text str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self {
            text,
            starts: std::iter::once(0)
                .chain(breaks.map(|(at, _)| at + 1))
                .collect(),
        }
    }

    /// The line of a byte, from 1.
    pub(super) fn line(&self, offset: usize) -> u32 {
        let line = self.starts.partition_point(|start| *start <= offset);
        u32::try_from(line).unwrap_or(u32::MAX)
    }

    /// The place of a byte. Counts the characters before it on its line.
    pub(super) fn span(&self, offset: usize) -> Span {
        let line = self.line(offset);
        let start = (line as usize)
            .checked_sub(1)
            .and_then(|index| self.starts.get(index));
        let before = self.text.get(start.copied().unwrap_or(0)..offset);
        let column = before.map_or(0, |before| before.chars().count()) + 1;
        Span::on_line(line, u32::try_from(column).unwrap_or(u32::MAX), 1)
    }
}
