//! Tables on a terminal: no borders, two spaces between columns, fitted to the width.

use std::borrow::Cow;
use std::io::{self, Write};

use comfy_table::{
    Attribute, Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, Row, Width,
    presets,
};

use super::width::{ELLIPSIS, columns};
use crate::diagnostic::Severity;
use crate::output::Terminal;
use crate::output::safe_text::safe;
use crate::view::{Role, Table, Text};

/// Bytes of a cell that are looked at; more than any terminal can show in a row, and layout takes
/// time that grows faster than the text.
const LONGEST_CELL: usize = 4096;
/// What stands between two columns.
const GAP_TEXT: &str = "  ";
const GAP: usize = GAP_TEXT.len();
/// A column that may be cut keeps at least as much.
const NARROWEST: usize = 5;
/// Without a known width, longer cells do not push the following columns away.
const WIDEST: usize = 200;
/// Rows that are laid out at once: comfy-table keeps several copies of each, which for a table
/// of a whole organisation is more than the catalog itself takes.
const ROWS_AT_ONCE: usize = 512;

/// Writes a table, of which each row takes a line; nothing when it has no rows.
pub(super) fn write(table: &Table, terminal: &Terminal, out: &mut dyn Write) -> io::Result<()> {
    write_rows(table, terminal, Some(1), out)
}

/// Writes a table whose rows take as many lines as their words need.
pub(super) fn write_whole(
    table: &Table,
    terminal: &Terminal,
    out: &mut dyn Write,
) -> io::Result<()> {
    write_rows(table, terminal, None, out)
}

fn write_rows(
    table: &Table,
    terminal: &Terminal,
    most_lines: Option<usize>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let widths = fit(table, measure(table), terminal.width);
    if terminal.width == 0 && !terminal.color {
        return write_plain(table, &widths, out);
    }
    for (index, rows) in table.rows.chunks(ROWS_AT_ONCE).enumerate() {
        let mut shown = comfy_table::Table::new();
        shown.load_style(presets::NOTHING).force_no_tty();
        shown.set_content_arrangement(ContentArrangement::Dynamic);
        shown.set_width(u16::MAX).set_truncation_indicator(ELLIPSIS);
        if terminal.color {
            shown.enforce_styling();
            shown.style_text_only();
        }
        if index == 0 {
            shown.set_header(header(table));
        }
        for row in rows {
            let mut cells = Row::from(row.iter().map(cell).collect::<Vec<Cell>>());
            if let Some(most_lines) = most_lines {
                cells.max_height(most_lines);
            }
            shown.add_row(cells);
        }
        arrange(&mut shown, table, &widths);
        for line in shown.lines() {
            writeln!(out, "{}", line.trim_end())?;
        }
    }
    Ok(())
}

/// Writes a table into a file or a pipe, where nothing is to be cut or coloured: padding alone
/// takes a fifth of the time, and these are the long ones.
fn write_plain(table: &Table, widths: &[usize], out: &mut dyn Write) -> io::Result<()> {
    if table.rows.is_empty() {
        return Ok(());
    }
    let names = table
        .columns
        .iter()
        .map(|column| Text::plain(column.name.to_uppercase()));
    let header: Vec<Text> = names.collect();
    let mut line = String::new();
    for row in std::iter::once(&header).chain(&table.rows) {
        line.clear();
        for ((cell, column), width) in row.iter().zip(&table.columns).zip(widths) {
            let words = words(cell);
            let padding = " ".repeat(width.saturating_sub(columns(&words)));
            let (before, after) = if column.numeric {
                (&*padding, "")
            } else {
                ("", &*padding)
            };
            line.extend([before, &words, after, GAP_TEXT]);
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// Gives every column its width.
fn arrange(shown: &mut comfy_table::Table, table: &Table, widths: &[usize]) {
    let last = table.columns.len().saturating_sub(1);
    for (index, (column, width)) in table.columns.iter().zip(widths).enumerate() {
        let Some(shown) = shown.column_mut(index) else {
            continue;
        };
        let gap = if index == last { 0 } else { GAP };
        shown.set_padding((0, saturate(gap)));
        shown.set_constraint(ColumnConstraint::Absolute(Width::Fixed(saturate(
            width + gap,
        ))));
        if column.numeric {
            shown.set_cell_alignment(CellAlignment::Right);
        }
    }
}

/// The width of every column when nothing is cut.
fn measure(table: &Table) -> Vec<usize> {
    let names = table
        .columns
        .iter()
        .map(|column| columns(&safe(&column.name.to_uppercase())));
    let mut widths: Vec<usize> = names.collect();
    for row in &table.rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(columns(&words(cell)));
        }
    }
    widths
}

/// Narrows the columns that may be cut, the widest first, until a row fits the terminal.
fn fit(table: &Table, mut widths: Vec<usize>, terminal_width: usize) -> Vec<usize> {
    if terminal_width == 0 {
        return widths.into_iter().map(|width| width.min(WIDEST)).collect();
    }
    let is_flexible = |index: usize| {
        table
            .columns
            .get(index)
            .is_some_and(|column| column.flexible)
    };
    let parts =
        |flexible: bool| (0..widths.len()).filter(move |index| is_flexible(*index) == flexible);
    let fixed: usize = parts(false).map(|index| widths[index]).sum();
    let room = terminal_width.saturating_sub(fixed + GAP * widths.len().saturating_sub(1));
    let mut wanted: Vec<usize> = parts(true).map(|index| widths[index]).collect();
    let limit = common_limit(&mut wanted, room).max(NARROWEST);
    for (index, width) in widths.iter_mut().enumerate() {
        let most = if is_flexible(index) {
            limit
        } else {
            terminal_width
        };
        *width = (*width).min(most);
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

fn saturate(width: usize) -> u16 {
    u16::try_from(width).unwrap_or(u16::MAX)
}

fn header(table: &Table) -> Row {
    let names = table
        .columns
        .iter()
        .map(|column| styled(Cell::new(safe(&column.name.to_uppercase())), Role::Faint));
    let mut header = Row::from(names.collect::<Vec<Cell>>());
    header.max_height(1);
    header
}

/// A cell in the style of the most telling of its pieces.
fn cell(text: &Text) -> Cell {
    let roles = text.pieces.iter().map(|piece| piece.role);
    let role = roles.max_by_key(|role| weight(*role));
    styled(Cell::new(words(text)), role.unwrap_or_default())
}

/// The safe text of a cell.
fn words(text: &Text) -> Cow<'_, str> {
    if let [piece] = text.pieces.as_slice()
        && piece.text.len() <= LONGEST_CELL
    {
        return safe(&piece.text);
    }
    // Pieces are made safe together: two harmless ones may join to a command for a CI service.
    let mut joined = text.to_plain();
    if joined.len() > LONGEST_CELL {
        joined.truncate(joined.floor_char_boundary(LONGEST_CELL));
        joined.push_str(ELLIPSIS);
    }
    Cow::Owned(safe(&joined).into_owned())
}

/// How much a role says about the cell it is in.
fn weight(role: Role) -> u8 {
    match role {
        Role::Bad(_) => 3,
        Role::Good | Role::Code | Role::Url | Role::Tint(_) => 2,
        Role::Name | Role::Faint => 1,
        Role::Plain | Role::File => 0,
    }
}

fn styled(cell: Cell, role: Role) -> Cell {
    match role {
        Role::Plain | Role::File => cell,
        Role::Name => cell.add_attribute(Attribute::Bold),
        Role::Faint | Role::Bad(Severity::Off) => cell.add_attribute(Attribute::Dim),
        Role::Good => cell.fg(Color::DarkGreen),
        Role::Bad(Severity::Error) => cell.fg(Color::DarkRed).add_attribute(Attribute::Bold),
        Role::Bad(Severity::Warning) => cell.fg(Color::DarkYellow),
        Role::Bad(Severity::Note) => cell.fg(Color::DarkCyan),
        Role::Code => cell.fg(Color::Blue),
        Role::Url => cell
            .fg(Color::DarkBlue)
            .add_attribute(Attribute::Underlined),
        Role::Tint(color) => cell.fg(Color::AnsiValue(super::paint::nearest(color))),
    }
}
