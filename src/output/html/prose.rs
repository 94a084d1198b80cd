//! Markdown of others as HTML of ours: taken apart and written anew, so that no HTML, image or
//! script of theirs is left, and their headings stand below ours.

use std::io::{self, Write};

use super::anchor::Anchors;
use super::text::{escaped, escaped_lines, write_link_start};
use crate::output::prose::{Content, Lead, Look, Part, Span, Target, parts};

/// Writes a page.
pub(super) fn write(markdown: &str, anchors: &mut Anchors, out: &mut dyn Write) -> io::Result<()> {
    let mut open: Vec<Lead> = Vec::new();
    for part in parts(markdown) {
        enter(&mut open, &part, out)?;
        write_content(&part.content, anchors, out)?;
    }
    close(&mut open, 0, out)
}

/// Leaves what the part does not stand in, and goes into what it stands in.
fn enter(open: &mut Vec<Lead>, part: &Part, out: &mut dyn Write) -> io::Result<()> {
    let both = open.iter().zip(&part.leads);
    let shared = both.take_while(|(open, lead)| open.holds(lead)).count();
    let mut entered = shared;
    if let (Some(Lead::Item { marker: before, .. }), Some(Lead::Item { marker, .. })) =
        (open.get(shared), part.leads.get(shared))
        && is_ordered(before) == is_ordered(marker)
    {
        close(open, shared + 1, out)?;
        out.write_all(b"</li>\n<li>")?;
        entered += 1;
    } else {
        close(open, shared, out)?;
    }
    for lead in part.leads.iter().skip(entered) {
        match lead {
            Lead::Quote => out.write_all(b"<blockquote>\n")?,
            Lead::Item { marker, .. } => match marker.strip_suffix('.') {
                Some("1") => out.write_all(b"<ol>\n<li>")?,
                Some(number) if number.bytes().all(|byte| byte.is_ascii_digit()) => {
                    write!(out, "<ol start=\"{number}\">\n<li>")?;
                }
                _ => out.write_all(b"<ul>\n<li>")?,
            },
        }
    }
    open.truncate(shared);
    open.extend(part.leads.iter().skip(shared).cloned());
    Ok(())
}

fn close(open: &mut Vec<Lead>, depth: usize, out: &mut dyn Write) -> io::Result<()> {
    while open.len() > depth {
        let end: &[u8] = match open.pop() {
            Some(Lead::Item { marker, .. }) if is_ordered(&marker) => b"</li>\n</ol>\n",
            Some(Lead::Item { .. }) => b"</li>\n</ul>\n",
            _ => b"</blockquote>\n",
        };
        out.write_all(end)?;
    }
    Ok(())
}

fn is_ordered(marker: &str) -> bool {
    marker.ends_with('.')
}

fn write_content(content: &Content, anchors: &mut Anchors, out: &mut dyn Write) -> io::Result<()> {
    match content {
        Content::Heading(level, spans) => {
            let level = (level + 2).min(6);
            let words: String = spans.iter().map(|span| span.text.as_str()).collect();
            write!(out, "<h{level} id=\"{}\">", anchors.unique(&words))?;
            write_words(spans, out)?;
            writeln!(out, "</h{level}>")
        }
        Content::Paragraph(spans) if spans.is_empty() => Ok(()),
        Content::Paragraph(spans) => {
            out.write_all(b"<p>")?;
            write_words(spans, out)?;
            out.write_all(b"</p>\n")
        }
        Content::Code(code) => writeln!(out, "<pre><code>{}</code></pre>", escaped_lines(code)),
        Content::Table(rows) => write_table(rows, out),
        Content::Rule => out.write_all(b"<hr>\n"),
    }
}

fn write_table(rows: &[Vec<Vec<Span>>], out: &mut dyn Write) -> io::Result<()> {
    let Some((header, rows)) = rows.split_first() else {
        return Ok(());
    };
    out.write_all(b"<div class=\"table\" tabindex=\"0\">\n<table>\n<thead><tr>")?;
    for cell in header {
        out.write_all(b"<th scope=\"col\">")?;
        write_words(cell, out)?;
        out.write_all(b"</th>")?;
    }
    out.write_all(b"</tr></thead>\n<tbody>\n")?;
    for row in rows {
        out.write_all(b"<tr>")?;
        for cell in row {
            out.write_all(b"<td>")?;
            write_words(cell, out)?;
            out.write_all(b"</td>")?;
        }
        out.write_all(b"</tr>\n")?;
    }
    out.write_all(b"</tbody>\n</table>\n</div>\n")
}

fn write_words(spans: &[Span], out: &mut dyn Write) -> io::Result<()> {
    for span in spans {
        let target = match span.target.as_deref() {
            Some(Target::Address(address)) => Some(address),
            _ => None,
        };
        if let Some(address) = target {
            write_link_start(address, out)?;
        }
        let element = match span.look {
            Look::Plain => "",
            Look::Emphasis => "em",
            Look::Strong => "strong",
            Look::Code => "code",
        };
        if !element.is_empty() {
            write!(out, "<{element}>")?;
        }
        for (number, line) in span.text.split('\n').enumerate() {
            if number > 0 {
                out.write_all(b"<br>")?;
            }
            out.write_all(escaped(line).as_bytes())?;
        }
        if !element.is_empty() {
            write!(out, "</{element}>")?;
        }
        if target.is_some() {
            out.write_all(b"</a>")?;
        }
        if let Some(Target::File(path)) = span.target.as_deref()
            && *path != span.text
        {
            write!(out, " (<code>{}</code>)", escaped(path))?;
        }
    }
    Ok(())
}
