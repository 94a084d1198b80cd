//! Text of others inside HTML: it is shown as it is and becomes nothing else.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::output::chart::hex;
use crate::output::hyperlink::{page_target, web_page};
use crate::output::safe_text::{safe, safe_lines};
use crate::view::{Piece, Rgb, Role, Text};

/// Text of one line inside an element or an attribute.
pub(in crate::output) fn escaped(text: &str) -> String {
    entities(safe(text))
}

/// Text of several lines inside an element.
pub(in crate::output) fn escaped_lines(text: &str) -> String {
    entities(safe_lines(text))
}

fn entities(text: Cow<'_, str>) -> String {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return text.into_owned();
    }
    let mut html = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
    }
    html
}

/// Writes a text. Its line breaks are kept where `escape` keeps them.
pub(super) fn write(
    text: &Text,
    escape: fn(&str) -> String,
    out: &mut dyn Write,
) -> io::Result<()> {
    text.pieces
        .iter()
        .try_for_each(|piece| write_piece(piece, escape, out))
}

fn write_piece(piece: &Piece, escape: fn(&str) -> String, out: &mut dyn Write) -> io::Result<()> {
    let target = match (&piece.target, piece.role) {
        (Some(target), _) => page_target(target),
        (None, Role::Url) => web_page(&piece.text),
        (None, _) => None,
    };
    if let Role::Tint(color) = piece.role {
        write_dot(color, out)?;
    }
    if let Some(target) = &target {
        write_link_start(target, out)?;
    }
    let shown = escape(&piece.text);
    match piece.role {
        Role::Plain | Role::Url | Role::Tint(_) => out.write_all(shown.as_bytes())?,
        Role::Name => write!(out, "<span class=\"name\">{shown}</span>")?,
        Role::Faint => write!(out, "<span class=\"faint\">{shown}</span>")?,
        Role::Good => write!(out, "<span class=\"good\">{shown}</span>")?,
        Role::Bad(severity) => {
            write!(out, "<span class=\"{}\">{shown}</span>", severity.name())?;
        }
        Role::Code | Role::File => write!(out, "<code>{shown}</code>")?,
    }
    if target.is_some() {
        out.write_all(b"</a>")?;
    }
    Ok(())
}

/// Begins a link. A page that it leads to does not learn where the reader came from.
pub(in crate::output) fn write_link_start(target: &str, out: &mut dyn Write) -> io::Result<()> {
    let rel = if target.contains(':') {
        " rel=\"noopener noreferrer\""
    } else {
        ""
    };
    write!(out, "<a href=\"{}\"{rel}>", escaped(target))
}

/// A coloured dot beside a text, whose own colour stays readable on every ground.
pub(in crate::output) fn write_dot(color: Rgb, out: &mut dyn Write) -> io::Result<()> {
    write!(
        out,
        "<svg class=\"dot\" viewBox=\"0 0 10 10\" aria-hidden=\"true\">\
         <circle cx=\"5\" cy=\"5\" r=\"4.5\" fill=\"{}\"/></svg>",
        hex(color)
    )
}
