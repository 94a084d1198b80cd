//! Places of granit's as ours.

use crate::model::Span;

/// A place of granit's, which counts columns from 0. Only what is on one line has a width.
pub(super) fn span_of(place: &granit_parser::Span) -> Span {
    let width = if place.start.line() == place.end.line() {
        place.end.col().saturating_sub(place.start.col())
    } else {
        0
    };
    Span::on_line(
        number(place.start.line()),
        number(place.start.col() + 1),
        number(width),
    )
}

/// A line or column, which files of 4 MiB keep far below the limit.
pub(super) fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
