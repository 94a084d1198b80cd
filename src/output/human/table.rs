//! Tables on a terminal: no borders, two spaces between columns, fitted to the width.
//!
//! The rows are laid out here and not by a crate: a measured 100,000 rows of five cells take a
//! fraction of a second in two passes that keep nothing, and cutting only the columns that may
//! be cut is the whole of the layout.

use std::borrow::Cow;
use std::io::{self, Write};

use super::paint;
use super::width::{ELLIPSIS, beginning, columns};
use crate::output::Terminal;
use crate::output::safe_text::safe;
use crate::view::{Role, Table, Text};

/// Bytes of a cell that are looked at; more than any terminal can show in a row.
const LONGEST_CELL: usize = 4096;
/// What stands between two columns.
const GAP: usize = 2;
/// A column that may be cut keeps at least as much.
const NARROWEST: usize = 5;
/// Without a known width, cells longer than this do not push the following columns away.
const WIDEST_PADDING: usize = 200;

/// Writes a table; nothing when it has no rows.
pub(super) fn write(table: &Table, terminal: &Terminal, out: &mut dyn Write) -> io::Result<()> {
    if table.rows.is_empty() {
        return Ok(());
    }
    let widths = fit(table, measure(table), terminal.width);
    let mut line = Line {
        text: String::new(),
        gap: 0,
        color: terminal.color,
    };
    let header: Vec<Text> = table
        .columns
        .iter()
        .map(|column| Text::new(column.name.to_uppercase(), Role::Faint))
        .collect();
    for row in std::iter::once(&header).chain(&table.rows) {
        for (index, width) in widths.iter().enumerate() {
            let cell = row.get(index).map(Cell::new).unwrap_or_default();
            line.push(&cell, *width, &table.columns[index]);
        }
        line.finish(out)?;
    }
    Ok(())
}

/// A cell in its final words.
#[derive(Default)]
struct Cell<'text> {
    pieces: Vec<(Cow<'text, str>, Role)>,
    columns: usize,
}

impl<'text> Cell<'text> {
    fn new(text: &'text Text) -> Self {
        let mut left = LONGEST_CELL;
        let mut pieces = Vec::with_capacity(text.pieces.len());
        for (piece, role) in &text.pieces {
            let kept = &piece[..piece.floor_char_boundary(left)];
            left -= kept.len();
            pieces.push((safe(kept), *role));
            if kept.len() < piece.len() {
                pieces.push((Cow::Borrowed(ELLIPSIS), Role::Faint));
                break;
            }
        }
        let columns = pieces.iter().map(|(piece, _)| columns(piece)).sum();
        Self { pieces, columns }
    }
}

/// The width of every column when nothing is cut.
fn measure(table: &Table) -> Vec<usize> {
    let mut widths: Vec<usize> = table
        .columns
        .iter()
        .map(|column| columns(&safe(&column.name.to_uppercase())))
        .collect();
    for row in &table.rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(Cell::new(cell).columns);
        }
    }
    widths
}

/// Narrows the columns that may be cut, the widest first, until a row fits the terminal.
fn fit(table: &Table, mut widths: Vec<usize>, terminal_width: usize) -> Vec<usize> {
    if terminal_width == 0 {
        return widths
            .into_iter()
            .map(|width| width.min(WIDEST_PADDING))
            .collect();
    }
    let flexible = |index: usize| {
        table
            .columns
            .get(index)
            .is_some_and(|column| column.flexible)
    };
    let fixed: usize = (0..widths.len())
        .filter(|index| !flexible(*index))
        .map(|index| widths[index])
        .sum();
    let room = terminal_width.saturating_sub(fixed + GAP * widths.len().saturating_sub(1));
    let mut wanted: Vec<usize> = (0..widths.len())
        .filter(|index| flexible(*index))
        .map(|index| widths[index])
        .collect();
    let limit = common_limit(&mut wanted, room).max(NARROWEST);
    for (index, width) in widths.iter_mut().enumerate() {
        *width = (*width).min(if flexible(index) {
            limit
        } else {
            terminal_width
        });
    }
    widths
}

/// The largest width such that columns cut to it take at most `room` together.
fn common_limit(wanted: &mut [usize], room: usize) -> usize {
    wanted.sort_unstable();
    let mut room = room;
    for (index, width) in wanted.iter().enumerate() {
        let share = room / (wanted.len() - index);
        if *width > share {
            return share;
        }
        room -= width;
    }
    usize::MAX
}

/// A row that is being written. Spaces wait until something follows them, so that no line ends
/// with one.
struct Line {
    text: String,
    gap: usize,
    color: bool,
}

impl Line {
    fn push(&mut self, cell: &Cell<'_>, width: usize, column: &crate::view::Column) {
        let cut = column.flexible && cell.columns > width;
        let used = if cut {
            self.cut(cell, width)
        } else {
            self.whole(cell, width, column.numeric)
        };
        self.gap += width.saturating_sub(used) + GAP;
    }

    fn whole(&mut self, cell: &Cell<'_>, width: usize, right: bool) -> usize {
        let before = if right {
            width.saturating_sub(cell.columns)
        } else {
            0
        };
        self.gap += before;
        for (piece, role) in &cell.pieces {
            self.piece(piece, *role);
        }
        cell.columns + before
    }

    fn cut(&mut self, cell: &Cell<'_>, width: usize) -> usize {
        let mut left = width.saturating_sub(columns(ELLIPSIS));
        for (piece, role) in &cell.pieces {
            let shown = beginning(piece, left);
            self.piece(shown, *role);
            left -= columns(shown);
            if shown.len() < piece.len() {
                break;
            }
        }
        self.piece(ELLIPSIS, Role::Faint);
        width - left
    }

    fn piece(&mut self, text: &str, role: Role) {
        if text.is_empty() {
            return;
        }
        self.text
            .extend(std::iter::repeat_n(' ', std::mem::take(&mut self.gap)));
        paint::push(&mut self.text, text, paint::style(role), self.color);
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.text.push('\n');
        out.write_all(self.text.as_bytes())?;
        self.text.clear();
        self.gap = 0;
        Ok(())
    }
}
