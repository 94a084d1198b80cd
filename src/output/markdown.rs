//! Views as Markdown, as GitHub and GitLab show it.

use std::io::{self, Write};

use super::html::text::escaped;
use super::markdown_text::{block, code, inline, line, link_target};
use super::{Terminal, chart, markdown_prose};
use crate::view::{Block, Piece, Role, Table, Text, TreeItem, View};

/// Levels of a tree that are shown; browsers and renderers give up on lists that are deeper.
const DEEPEST: usize = 30;

/// Writes a view. The first heading is the title.
///
/// # Errors
/// When `out` cannot be written to.
pub(super) fn write(view: &View, _: &Terminal, out: &mut dyn Write) -> io::Result<()> {
    write_blocks(&view.blocks, true, out)
}

fn write_blocks(blocks: &[Block], has_title: bool, out: &mut dyn Write) -> io::Result<()> {
    let mut marker = LIST_MARKERS[0];
    for (number, block) in blocks.iter().enumerate() {
        if number > 0 {
            out.write_all(b"\n")?;
        }
        write_block(block, has_title && number == 0, marker, out)?;
        // Lists that follow each other would become one, if their items began alike.
        marker = LIST_MARKERS[usize::from(marker == LIST_MARKERS[0] && is_list(block))];
    }
    Ok(())
}

const LIST_MARKERS: [char; 2] = ['-', '*'];

fn is_list(block: &Block) -> bool {
    matches!(block, Block::KeyValues(_) | Block::List(_) | Block::Tree(_))
}

fn write_block(part: &Block, first: bool, marker: char, out: &mut dyn Write) -> io::Result<()> {
    match part {
        Block::Heading(text) => writeln!(out, "{} {}", if first { "#" } else { "##" }, title(text)),
        Block::Subheading(text) => writeln!(out, "### {}", title(text)),
        Block::Paragraph(text) => write_paragraph(text, out),
        Block::Table(table) => write_table(table, out),
        Block::KeyValues(pairs) => pairs.iter().try_for_each(|(name, value)| {
            writeln!(out, "{marker} {}: {}", line(name), inside(value))
        }),
        Block::List(items) => items
            .iter()
            .try_for_each(|item| writeln!(out, "{marker} {}", beginning(item))),
        Block::Tree(items) => write_tree(items, marker, out),
        Block::Verbatim(text) => out.write_all(block(text).as_bytes()),
        Block::Markdown(text) => markdown_prose::write(text, out),
        Block::Chart(chart) => chart::mermaid::write(chart, out),
        Block::Graph(graph) => {
            out.write_all(b"```mermaid\n")?;
            super::graph::write_mermaid(graph, out)?;
            out.write_all(b"```\n")
        }
        Block::Folded { summary, blocks } => {
            let summary = escaped(&summary.to_plain());
            writeln!(out, "<details><summary>{summary}</summary>\n")?;
            write_blocks(blocks, false, out)?;
            out.write_all(b"\n</details>\n")
        }
    }
}

/// The text of a heading. A `#` at its end would be taken for its closing mark.
fn title(text: &Text) -> String {
    let title = inside(text);
    match title.trim_end().strip_suffix('#') {
        Some(rest) => format!("{rest}\\#"),
        None => title,
    }
}

/// Line breaks of the text are kept, empty lines part paragraphs.
fn write_paragraph(text: &Text, out: &mut dyn Write) -> io::Result<()> {
    let mut lines = vec![Text::default()];
    for piece in &text.pieces {
        for (number, part) in piece.text.split('\n').enumerate() {
            if number > 0 {
                lines.push(Text::default());
            }
            if let Some(line) = lines.last_mut() {
                let part = part.strip_suffix('\r').unwrap_or(part);
                line.pieces.push(Piece {
                    text: part.to_owned(),
                    ..piece.clone()
                });
            }
        }
    }
    let lines: Vec<String> = lines.iter().map(beginning).collect();
    let paragraphs = lines
        .split(String::is_empty)
        .filter(|lines| !lines.is_empty());
    let paragraphs: Vec<String> = paragraphs.map(|lines| lines.join("\\\n")).collect();
    writeln!(out, "{}", paragraphs.join("\n\n"))
}

fn write_table(table: &Table, out: &mut dyn Write) -> io::Result<()> {
    let names = table.columns.iter().map(|column| inline(&column.name));
    write_row(names, out)?;
    let borders = table
        .columns
        .iter()
        .map(|column| if column.numeric { "--:" } else { "---" }.to_owned());
    write_row(borders, out)?;
    table
        .rows
        .iter()
        .try_for_each(|row| write_row(row.iter().map(inside), out))
}

fn write_row(cells: impl Iterator<Item = String>, out: &mut dyn Write) -> io::Result<()> {
    let cells: Vec<String> = cells.collect();
    writeln!(out, "| {} |", cells.join(" | "))
}

fn write_tree(roots: &[TreeItem], marker: char, out: &mut dyn Write) -> io::Result<()> {
    let mut open = vec![roots.iter()];
    while let Some(level) = open.last_mut() {
        let Some(item) = level.next() else {
            open.pop();
            continue;
        };
        let depth = open.len() - 1;
        let deeper = depth + 1 < DEEPEST;
        let cut = if deeper || item.children.is_empty() {
            ""
        } else {
            " …"
        };
        writeln!(
            out,
            "{}{marker} {}{cut}",
            "  ".repeat(depth),
            beginning(&item.text)
        )?;
        if deeper {
            open.push(item.children.iter());
        }
    }
    Ok(())
}

/// A text that something stands in front of.
fn inside(text: &Text) -> String {
    text.pieces
        .iter()
        .map(|piece| piece_of(piece, inline))
        .collect()
}

/// A text at the beginning of a line.
fn beginning(text: &Text) -> String {
    let pieces = text.pieces.iter().enumerate();
    pieces
        .map(|(number, piece)| piece_of(piece, if number == 0 { line } else { inline }))
        .collect()
}

fn piece_of(piece: &Piece, escape: fn(&str) -> String) -> String {
    let text = if matches!(piece.role, Role::Code | Role::File) {
        code(&piece.text)
    } else {
        escape(&piece.text)
    };
    match piece.target.as_deref().and_then(link_target) {
        Some(target) => format!("[{text}]({target})"),
        None => text,
    }
}
