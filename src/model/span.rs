//! Places in a text.

/// A stretch of a text file, as people count: lines and columns from 1, columns in characters.
///
/// `end` is exclusive. A span whose end equals its start points between two characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Line of the first character.
    pub line: u32,
    /// Column of the first character.
    pub column: u32,
    /// Line of the end.
    pub end_line: u32,
    /// Column just after the last character.
    pub end_column: u32,
}

impl Span {
    /// The span of `width` characters on one line.
    #[must_use]
    pub const fn on_line(line: u32, column: u32, width: u32) -> Self {
        Self {
            line,
            column,
            end_line: line,
            end_column: column.saturating_add(width),
        }
    }
}
