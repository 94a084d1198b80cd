//! Views for people at a terminal.

mod chart;
mod paint;
mod prose;
mod table;
mod tree;
mod width;
mod wrap;

use std::io::{self, Write};

use super::Terminal;
use super::safe_text::{safe, safe_lines};
use crate::view::{Block, Role, Text, View};

pub(super) use paint::{push, style};
pub use width::fitted;
pub(super) use width::{ELLIPSIS, beginning, columns};
use wrap::Wrapped;

/// Writes a view.
///
/// # Errors
/// When `out` cannot be written to.
pub(super) fn write(view: &View, terminal: &Terminal, out: &mut dyn Write) -> io::Result<()> {
    write_blocks(&view.blocks, terminal, out)
}

fn write_blocks(blocks: &[Block], terminal: &Terminal, out: &mut dyn Write) -> io::Result<()> {
    let mut before: Option<&Block> = None;
    for block in blocks.iter().filter(|block| !is_empty(block)) {
        let is_title = |block: &Block| matches!(block, Block::Heading(_) | Block::Subheading(_));
        if before.is_some_and(|before| !is_title(before)) {
            out.write_all(b"\n")?;
        }
        write_block(block, terminal, out)?;
        before = Some(block);
    }
    Ok(())
}

fn write_block(block: &Block, terminal: &Terminal, out: &mut dyn Write) -> io::Result<()> {
    match block {
        Block::Heading(text) | Block::Subheading(text) => {
            writeln!(out, "{}", paint::text(&bold(text), terminal))
        }
        Block::Paragraph(text) => Wrapped::new(terminal, String::new(), 0, out).lines(text),
        Block::Table(table) => table::write(table, terminal, out),
        Block::KeyValues(pairs) => write_pairs(pairs, terminal, out),
        Block::List(items) => items
            .iter()
            .try_for_each(|item| Wrapped::new(terminal, "- ".to_owned(), 2, out).line(item)),
        Block::Tree(items) => tree::write(items, terminal, out),
        Block::Verbatim(text) => write_verbatim(text, out),
        Block::Markdown(text) => prose::write(text, terminal, out),
        Block::Chart(chart) => chart::write(chart, terminal, out),
        Block::Graph(_) => Ok(()),
        Block::Folded { summary, blocks } => {
            writeln!(out, "{}", paint::text(&bold(summary), terminal))?;
            write_blocks(blocks, terminal, out)
        }
    }
}

/// What would leave nothing but an empty line.
fn is_empty(block: &Block) -> bool {
    match block {
        Block::Table(table) => table.rows.is_empty(),
        Block::KeyValues(pairs) => pairs.is_empty(),
        Block::List(items) => items.is_empty(),
        Block::Tree(items) => items.is_empty(),
        Block::Verbatim(text) | Block::Markdown(text) => text.is_empty(),
        Block::Heading(_) | Block::Subheading(_) | Block::Paragraph(_) => false,
        Block::Chart(chart) => chart.labels.is_empty() || chart.series.is_empty(),
        Block::Graph(_) => true,
        Block::Folded { blocks, .. } => blocks.iter().all(is_empty),
    }
}

fn bold(text: &Text) -> Text {
    let emphasised = |role| {
        if role == Role::Plain {
            Role::Name
        } else {
            role
        }
    };
    let mut text = text.clone();
    for piece in &mut text.pieces {
        piece.role = emphasised(piece.role);
    }
    text
}

fn write_pairs(
    pairs: &[(String, Text)],
    terminal: &Terminal,
    out: &mut dyn Write,
) -> io::Result<()> {
    // A name longer than this does not push all values to the right.
    const WIDEST_NAME: usize = 40;
    let names: Vec<_> = pairs.iter().map(|(name, _)| safe(name)).collect();
    let width = names
        .iter()
        .map(|name| columns(name))
        .max()
        .unwrap_or(0)
        .min(WIDEST_NAME);
    for (name, (_, value)) in names.iter().zip(pairs) {
        let mut lead = String::new();
        push(&mut lead, name, style(Role::Faint), terminal.color);
        let padding = width.saturating_sub(columns(name)) + 2;
        lead.extend(std::iter::repeat_n(' ', padding));
        Wrapped::new(terminal, lead, width + 2, out).line(value)?;
    }
    Ok(())
}

fn write_verbatim(text: &str, out: &mut dyn Write) -> io::Result<()> {
    let text = safe_lines(text);
    out.write_all(text.as_bytes())?;
    if text.ends_with('\n') {
        Ok(())
    } else {
        out.write_all(b"\n")
    }
}
