//! Markdown on a terminal.

use std::io::{self, Write};

use super::paint::{push, push_piece, style};
use super::table;
use super::width::columns;
use super::wrap::Wrapped;
use crate::output::Terminal;
use crate::output::prose::{Content, Look, Part, Span, Target, parts};
use crate::output::safe_text::safe_lines;
use crate::view::{Column, Piece, Role, Table, Text};

/// What a quotation begins with.
const QUOTE: &str = "│ ";
/// What a line of code begins with.
const CODE: &str = "    ";
/// The columns of a rule.
const RULE: usize = 20;

/// Writes a page.
pub(super) fn write(markdown: &str, terminal: &Terminal, out: &mut dyn Write) -> io::Result<()> {
    let mut before: Option<&Part> = None;
    let parts = parts(markdown);
    for part in &parts {
        if let Some(gap) = part.gap(before, QUOTE) {
            writeln!(out, "{gap}")?;
        }
        write_part(part, terminal, out)?;
        before = Some(part);
    }
    Ok(())
}

fn write_part(part: &Part, terminal: &Terminal, out: &mut dyn Write) -> io::Result<()> {
    let lead = part.first_lead(QUOTE);
    let following = part.next_lead(QUOTE);
    match &part.content {
        Content::Heading(level, spans) => {
            write_heading(*level, spans, &lead, &following, terminal, out)
        }
        Content::Paragraph(spans) => {
            let indent = columns(&following);
            Wrapped::between(terminal, lead, following, indent, out).lines(&text(spans))
        }
        Content::Code(code) => {
            let code = safe_lines(code);
            let leads = std::iter::once(&lead).chain(std::iter::repeat(&following));
            for (line, lead) in code.lines().zip(leads) {
                let mut shown = lead.clone() + CODE;
                push(&mut shown, line, style(Role::Code), terminal.color);
                writeln!(out, "{}", shown.trim_end())?;
            }
            Ok(())
        }
        Content::Table(rows) => write_table(rows, &lead, &following, terminal, out),
        Content::Rule => writeln!(out, "{lead}{}", "─".repeat(RULE)),
    }
}

/// The two first levels are underlined, so that they stand out without colours, too.
fn write_heading(
    level: u8,
    spans: &[Span],
    lead: &str,
    following: &str,
    terminal: &Terminal,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut title = text(spans);
    for piece in &mut title.pieces {
        if piece.role == Role::Plain {
            piece.role = Role::Name;
        }
    }
    if level > 2 {
        let marks = format!("{} ", "#".repeat(usize::from(level)));
        title.pieces.insert(0, Piece::new(marks, Role::Faint));
    }
    let mut line = String::new();
    let mut width = 0;
    for piece in &title.pieces {
        let text = piece.text.replace('\n', " ");
        width += columns(&crate::output::safe(&text));
        push_piece(&mut line, &text, piece.role, terminal);
    }
    writeln!(out, "{lead}{line}")?;
    let rule = match level {
        1 => "═",
        2 => "─",
        _ => return Ok(()),
    };
    let width = width.min(terminal.reading_width().saturating_sub(columns(following)));
    let mut line = following.to_owned();
    push(
        &mut line,
        &rule.repeat(width.min(200)),
        style(Role::Faint),
        terminal.color,
    );
    writeln!(out, "{}", line.trim_end())
}

fn write_table(
    rows: &[Vec<Vec<Span>>],
    lead: &str,
    following: &str,
    terminal: &Terminal,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Some((header, rows)) = rows.split_first() else {
        return Ok(());
    };
    let name = |cell: &Vec<Span>| Column::flexible(text(cell).to_plain());
    let cells = |row: &Vec<Vec<Span>>| {
        let mut cells: Vec<Text> = row.iter().map(|cell| text(cell)).collect();
        cells.resize(header.len(), Text::default());
        cells
    };
    let table = Table {
        columns: header.iter().map(name).collect(),
        rows: rows.iter().map(cells).collect(),
    };
    let width = terminal.reading_width().saturating_sub(columns(following));
    let narrow = Terminal {
        width: if terminal.width == 0 { 0 } else { width.max(1) },
        ..terminal.clone()
    };
    let mut written = Vec::new();
    table::write_whole(&table, &narrow, &mut written)?;
    let leads = std::iter::once(lead).chain(std::iter::repeat(following));
    for (line, lead) in String::from_utf8_lossy(&written).lines().zip(leads) {
        writeln!(out, "{lead}{line}")?;
    }
    Ok(())
}

/// Words with what they lead to behind them.
fn text(spans: &[Span]) -> Text {
    let mut text = Text::default();
    for (index, span) in spans.iter().enumerate() {
        let target = span.target.as_deref();
        let is_last = spans
            .get(index + 1)
            .is_none_or(|next| next.target != span.target);
        match target {
            Some(Target::Address(address)) if is_itself(&span.text, address) => {
                text = text.then(span.text.as_str(), Role::Url);
                continue;
            }
            _ => text = text.then(span.text.as_str(), role(span.look)),
        }
        let (path, role) = match target {
            Some(Target::Address(address)) => (address, Role::Url),
            Some(Target::File(path)) if *path != span.text => (path, Role::Faint),
            _ => continue,
        };
        if is_last {
            text = text.then(" (", Role::Faint).then(path.as_str(), role);
            text = text.then(")", Role::Faint);
        }
    }
    text
}

/// Whether the text of a link is its address, so that one of them is enough.
fn is_itself(text: &str, address: &str) -> bool {
    let bare = |text: &str| {
        text.trim_start_matches("mailto:")
            .trim_end_matches('/')
            .to_owned()
    };
    bare(text) == bare(address)
}

const fn role(look: Look) -> Role {
    match look {
        Look::Plain | Look::Emphasis => Role::Plain,
        Look::Strong => Role::Name,
        Look::Code => Role::Code,
    }
}
