//! Markdown of others inside Markdown of ours: taken apart and written anew, so that no HTML,
//! mention or script of theirs is left, and their headings stand below ours.

use std::io::{self, Write};

use super::markdown_text::{block, code, inline, line};
use super::prose::{Content, Look, Part, Span, Target, parts};

const QUOTE: &str = "> ";

/// Writes a page.
pub(super) fn write(markdown: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut before: Option<&Part> = None;
    let parts = parts(markdown);
    for part in &parts {
        if let Some(gap) = part.gap(before, QUOTE) {
            writeln!(out, "{gap}")?;
        }
        let leads = std::iter::once(part.first_lead(QUOTE));
        let leads = leads.chain(std::iter::repeat(part.next_lead(QUOTE)));
        for (line, lead) in content(&part.content).lines().zip(leads) {
            writeln!(out, "{}", format!("{lead}{line}").trim_end())?;
        }
        before = Some(part);
    }
    Ok(())
}

fn content(content: &Content) -> String {
    match content {
        Content::Heading(level, spans) => {
            let title = words(spans).replace("\\\n", " ");
            let title = match title.trim_end().strip_suffix('#') {
                Some(rest) => format!("{rest}\\#"),
                None => title,
            };
            format!("{} {title}", "#".repeat(usize::from(level + 1).min(6)))
        }
        // An item without words keeps its line.
        Content::Paragraph(spans) if spans.is_empty() => "\n".to_owned(),
        Content::Paragraph(spans) => words(spans),
        Content::Code(code) => block(code),
        Content::Table(rows) => table(rows),
        Content::Rule => "***".to_owned(),
    }
}

fn table(rows: &[Vec<Vec<Span>>]) -> String {
    let row = |cells: &Vec<Vec<Span>>| {
        let cells: Vec<String> = cells
            .iter()
            .map(|cell| words(cell).replace("\\\n", " "))
            .collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let Some((header, rows)) = rows.split_first() else {
        return String::new();
    };
    let border = format!("|{}\n", " --- |".repeat(header.len()));
    let rows: String = rows.iter().map(row).collect();
    row(header) + &border + &rows
}

/// Words, of which those at the beginning of a line begin nothing but a paragraph.
fn words(spans: &[Span]) -> String {
    let mut markdown = String::new();
    let mut at_start = true;
    for span in spans {
        for (number, text) in span.text.split('\n').enumerate() {
            if number > 0 {
                markdown.push_str("\\\n");
                at_start = true;
            }
            if !text.is_empty() {
                markdown.push_str(&piece(text, span, at_start));
                at_start = false;
            }
        }
    }
    markdown
}

fn piece(text: &str, span: &Span, at_start: bool) -> String {
    let escape = if at_start { line } else { inline };
    // Marks beside white space or in the middle of a word would be read as text.
    let can_be_marked = text.trim() == text && !text.is_empty();
    let shown = match span.look {
        Look::Code => code(text),
        Look::Strong if can_be_marked => format!("**{}**", inline(text)),
        Look::Emphasis if can_be_marked => format!("*{}*", inline(text)),
        _ => escape(text),
    };
    match span.target.as_deref() {
        Some(Target::Address(address)) => format!("[{shown}](<{}>)", destination(address)),
        Some(Target::File(path)) if path != text => format!("{shown} ({})", code(path)),
        _ => shown,
    }
}

/// An address that ends neither its brackets nor a cell of a table.
fn destination(address: &str) -> String {
    let mut destination = String::with_capacity(address.len());
    for c in address.chars() {
        match c {
            '<' => destination.push_str("%3C"),
            '>' => destination.push_str("%3E"),
            '|' => destination.push_str("%7C"),
            '\\' => destination.push_str("%5C"),
            c => destination.push(c),
        }
    }
    destination
}
