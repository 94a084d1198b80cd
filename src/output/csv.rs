//! The tables of a view as CSV (RFC 4180).

use std::borrow::Cow;
use std::io::{self, Write};

use super::safe_text::safe_lines;
use crate::view::{Block, View};

/// Writes the tables of a view, an empty line between two.
///
/// A cell that a spreadsheet would run as a formula gets a `'` in front, and invisible
/// characters are escaped. `raw` leaves every cell exactly as it is, for programs.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(view: &View, raw: bool, out: &mut dyn Write) -> io::Result<()> {
    let tables = view.blocks.iter().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    });
    for (number, table) in tables.enumerate() {
        if number > 0 {
            out.write_all(b"\r\n")?;
        }
        write_row(
            table
                .columns
                .iter()
                .map(|column| column.name.as_str().into()),
            raw,
            out,
        )?;
        for row in &table.rows {
            write_row(row.iter().map(|cell| cell.to_plain().into()), raw, out)?;
        }
    }
    Ok(())
}

fn write_row<'text>(
    cells: impl Iterator<Item = Cow<'text, str>>,
    raw: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let cells: Vec<_> = cells.collect();
    let mut line = String::new();
    for (number, cell) in cells.iter().enumerate() {
        if number > 0 {
            line.push(',');
        }
        let shown = if raw {
            Cow::Borrowed(&**cell)
        } else {
            harmless(cell)
        };
        // A row of one empty cell would be an empty line, which readers skip.
        let alone = cells.len() == 1 && shown.is_empty();
        push_quoted(&mut line, &shown, alone);
    }
    line.push_str("\r\n");
    out.write_all(line.as_bytes())
}

/// A cell that no spreadsheet calculates and no terminal obeys.
fn harmless(cell: &str) -> Cow<'_, str> {
    let shown = safe_lines(cell);
    if begins_formula(cell) {
        Cow::Owned(format!("'{shown}"))
    } else {
        shown
    }
}

fn begins_formula(cell: &str) -> bool {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    formula && !is_number(cell)
}

/// Whether a cell is nothing but a number with a sign, which is what it says.
fn is_number(cell: &str) -> bool {
    let digits = cell.strip_prefix(['-', '+']).unwrap_or(cell);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    [whole, fraction]
        .iter()
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

fn push_quoted(line: &mut String, cell: &str, always: bool) {
    if always
        || cell.contains(['"', ',', '\r', '\n'])
        || cell.starts_with(' ')
        || cell.ends_with(' ')
    {
        line.push('"');
        line.push_str(&cell.replace('"', "\"\""));
        line.push('"');
    } else {
        line.push_str(cell);
    }
}
