//! The line of a file that a finding is about, ready to be shown with a mark below it.

use std::ops::Range;

use crate::model::Span;
use crate::output::safe_text::{begins_log_command, safe};

/// Characters before and after the mark that are looked at. The terminal shows fewer, and a
/// line may have millions.
const AROUND: usize = 300;
/// How far a tab reaches, always the same so that the mark stands below what it marks.
const TAB: &str = "    ";

/// A part of a line, safe to show, and the bytes of it to mark.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SourceLine {
    pub(super) text: String,
    pub(super) mark: Range<usize>,
}

/// The part of a line that a span begins on.
pub(super) fn source_line(line: &str, span: Span) -> SourceLine {
    let first = index(span.column);
    // A span that goes on is marked to the end of its first line.
    let end = if span.end_line > span.line {
        usize::MAX
    } else {
        index(span.end_column).max(first)
    };
    let start = first.saturating_sub(AROUND);
    let mut shown = SourceLine {
        text: String::new(),
        mark: usize::MAX..usize::MAX,
    };
    if start > 0 {
        shown.text.push('…');
    }
    for (number, (at, c)) in line.char_indices().enumerate().skip(start).take(3 * AROUND) {
        if number == first {
            shown.mark.start = shown.text.len();
        }
        if number == end {
            shown.mark.end = shown.text.len();
        }
        match c {
            '\t' => shown.text.push_str(TAB),
            '#' if begins_log_command(&line[at..]) => shown.text.push_str(r"\u{23}"),
            c => shown.text.push_str(&safe(c.encode_utf8(&mut [0; 4]))),
        }
    }
    let length = shown.text.len();
    shown.mark = shown.mark.start.min(length)..shown.mark.end.min(length);
    shown
}

fn index(column: u32) -> usize {
    column.saturating_sub(1) as usize
}

/// The lines of a text, found once.
pub(super) struct Lines {
    text: String,
    starts: Vec<usize>,
}

impl Lines {
    pub(super) fn new(text: String) -> Self {
        let bytes = text.as_bytes();
        let ends_line = |at: &usize| {
            bytes[*at] == b'\n' || (bytes[*at] == b'\r' && bytes.get(at + 1) != Some(&b'\n'))
        };
        let starts = std::iter::once(0)
            .chain((0..bytes.len()).filter(ends_line).map(|at| at + 1))
            .collect();
        Self { text, starts }
    }

    /// A line by its number, which counts from 1.
    pub(super) fn get(&self, number: u32) -> Option<&str> {
        let index = (number as usize).checked_sub(1)?;
        let start = *self.starts.get(index)?;
        let end = self
            .starts
            .get(index + 1)
            .copied()
            .unwrap_or(self.text.len());
        Some(self.text[start..end].trim_end_matches(['\r', '\n']))
    }
}
