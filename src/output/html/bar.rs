//! What stands around a page of a site: the way back, and the search.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::style::SEARCH;
use super::text::{escaped, write_link_start};
use crate::output::hyperlink::page_target;
use crate::view::{SearchEntry, Surroundings};

/// Writes the bar above a page. A reader without scripts still has every link.
pub(super) fn write(around: &Surroundings, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "<header><div class=\"bar\">\n<nav aria-label=\"way\"><ol>"
    )?;
    let home = page_target(&around.home).unwrap_or_default();
    write!(out, "<li>")?;
    write_link_start(&home, out)?;
    writeln!(out, "{}</a></li>", escaped(&around.site))?;
    for (name, target) in &around.way {
        out.write_all(b"<li>")?;
        match target.as_deref().and_then(page_target) {
            Some(target) => {
                write_link_start(&target, out)?;
                write!(out, "{}</a>", escaped(name))?;
            }
            None => out.write_all(escaped(name).as_bytes())?,
        }
        out.write_all(b"</li>\n")?;
    }
    let controls = if around.index.is_some() {
        " aria-controls=\"_results\""
    } else {
        ""
    };
    writeln!(
        out,
        "</ol></nav>\n<form id=\"_form\" role=\"search\" method=\"get\" action=\"{}\">\
         <input id=\"_search\" type=\"search\" name=\"q\" placeholder=\"Search\" aria-label=\"search\" \
         autocomplete=\"off\" spellcheck=\"false\" maxlength=\"200\"{controls}>\
         <button>Search</button></form>\n</div></header>",
        escaped(&home)
    )
}

/// Writes the place where the script shows what it found.
pub(super) fn write_results(around: &Surroundings, out: &mut dyn Write) -> io::Result<()> {
    if around.index.is_none() {
        return Ok(());
    }
    writeln!(
        out,
        "<section id=\"_results\" class=\"results\" aria-label=\"found\" aria-live=\"polite\" hidden></section>\n\
         <noscript><p class=\"faint\">The search needs JavaScript. All pages are linked below.</p></noscript>"
    )
}

/// Writes what the search looks at, and the script of the search.
pub(super) fn write_index(around: &Surroundings, out: &mut dyn Write) -> io::Result<()> {
    let Some(entries) = &around.index else {
        return Ok(());
    };
    let rows: Vec<Value> = entries.iter().map(row).collect();
    let json = serde_json::to_string(&rows)?;
    // The end of the element, or a comment, must not occur in it.
    let json = json.replace('<', "\\u003c");
    writeln!(
        out,
        "<script id=\"_index\" type=\"application/json\">{json}</script>"
    )?;
    writeln!(out, "<script>{}</script>", SEARCH.text)
}

/// What the script reads, in this order: address, kind, name, title, description, owner, tags.
fn row(entry: &SearchEntry) -> Value {
    let text = |text: &str| crate::output::safe(text).into_owned();
    json!([
        page_target(&entry.target).unwrap_or_default(),
        text(&entry.kind),
        text(&entry.name),
        text(&entry.title),
        text(&entry.description),
        text(&entry.owner),
        text(&entry.tags),
    ])
}
