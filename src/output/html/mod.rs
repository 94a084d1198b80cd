//! Views as web pages of one file each: nothing is fetched, and no script of others runs.
//!
//! What others wrote is only ever text: [`text::escaped`] writes it, and a policy (CSP Level 3)
//! refuses everything that is not ours, should a text ever come through. Drawings are inline, and
//! their colours follow the theme of the reader.

mod anchor;
mod block;
mod bar;
mod prose;
mod style;
pub(in crate::output) mod text;

use std::io::{self, Write};

use anchor::Anchors;
use block::Body;
use style::{BASE, DRAWING, GRAPH, Sheet};
use text::escaped;

use super::Terminal;
use crate::view::{Block, Surroundings, View};

/// Pages with this many parts begin with a table of contents.
const FEWEST_CONTENTS: usize = 4;
/// What a page is called that says nothing itself.
const UNTITLED: &str = "devportal";
/// The icon of a page: without one, browsers ask the host for its own.
const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E\
%3Crect width='16' height='16' rx='3' fill='%230072b2'/%3E%3Cpath d='M4 4h4a4 4 0 0 1 0 8H4z' fill='%23fff'/%3E%3C/svg%3E";

/// Writes a view as a page that stands alone.
///
/// # Errors
/// When `out` cannot be written to.
pub(super) fn write(view: &View, _: &Terminal, out: &mut dyn Write) -> io::Result<()> {
    write_page(view, &Surroundings::default(), out)
}

/// Writes a view as a page among others.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_page(view: &View, around: &Surroundings, out: &mut dyn Write) -> io::Result<()> {
    write_head(view, around, out)?;
    if around.is_part_of_site() {
        bar::write(around, out)?;
    }
    out.write_all(b"<main>\n")?;
    let mut anchors = Anchors::of(view);
    let contents = anchors.contents().to_vec();
    let mut blocks = view.blocks.as_slice();
    // The contents stand below the title and what is said right under it.
    let is_opening = |block: &Block| matches!(block, Block::Heading(_) | Block::Paragraph(_));
    let mut opening = usize::from(blocks.first().is_some_and(is_opening));
    while matches!(blocks.get(opening), Some(Block::Paragraph(_))) {
        opening += 1;
    }
    let has_contents = contents.len() >= FEWEST_CONTENTS;
    let mut body = Body::new(&mut anchors, out);
    if let Some((title, rest)) = blocks.split_at_checked(opening) {
        body.opening(title)?;
        blocks = rest;
    }
    bar::write_results(around, body.out())?;
    if has_contents {
        write_contents(&contents, body.out())?;
    }
    body.blocks(blocks)?;
    out.write_all(b"</main>\n")?;
    bar::write_index(around, out)?;
    out.write_all(b"</body>\n</html>\n")
}

fn write_head(view: &View, around: &Surroundings, out: &mut dyn Write) -> io::Result<()> {
    let title = match view.blocks.first() {
        Some(Block::Heading(text)) => text.to_plain(),
        _ => UNTITLED.to_owned(),
    };
    let title = if around.site.is_empty() || around.site == title {
        title
    } else {
        format!("{title} · {}", around.site)
    };
    writeln!(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>")?;
    // The character set and the policy hold for what follows them only.
    writeln!(out, "<meta charset=\"utf-8\">")?;
    let sheets = sheets(view, around);
    writeln!(
        out,
        "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">",
        policy(&sheets, around)
    )?;
    writeln!(
        out,
        "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"generator\" content=\"devportal\">"
    )?;
    writeln!(out, "<title>{}</title>", escaped(&title))?;
    writeln!(out, "<link rel=\"icon\" href=\"{ICON}\">")?;
    for sheet in sheets {
        writeln!(out, "<style>{}</style>", sheet.text)?;
    }
    writeln!(out, "</head>\n<body>")
}

/// The style sheets that a page needs.
fn sheets(view: &View, around: &Surroundings) -> Vec<&'static Sheet> {
    let mut sheets: Vec<&'static Sheet> = vec![&BASE];
    if around.is_part_of_site() {
        sheets.push(&style::BAR);
    }
    let draws = |wanted: fn(&Block) -> bool| any_block(&view.blocks, wanted);
    if draws(|block| matches!(block, Block::Chart(_) | Block::Graph(_))) {
        sheets.push(&DRAWING);
    }
    if draws(|block| matches!(block, Block::Graph(_))) {
        sheets.push(&GRAPH);
    }
    sheets
}

fn any_block(blocks: &[Block], wanted: fn(&Block) -> bool) -> bool {
    blocks.iter().any(|block| match block {
        Block::Folded { blocks, .. } => any_block(blocks, wanted),
        block => wanted(block),
    })
}

/// What a page may do: be looked at. Styles and scripts are named by their hashes.
fn policy(sheets: &[&Sheet], around: &Surroundings) -> String {
    let styles: Vec<String> = sheets.iter().map(|it| format!("'{}'", it.hash)).collect();
    let mut policy = format!(
        "default-src 'none'; style-src {}; img-src data:; base-uri 'none'",
        styles.join(" ")
    );
    let more = match (around.is_part_of_site(), around.index.is_some()) {
        // The form of the search is answered by its script.
        (_, true) => format!("; form-action 'none'; script-src '{}'", style::SEARCH.hash),
        // A page that is a file has no origin, and leads its form to another file.
        (true, false) => "; form-action 'self' file:".to_owned(),
        (false, false) => "; form-action 'none'".to_owned(),
    };
    policy.push_str(&more);
    policy
}

fn write_contents(entries: &[(String, String)], out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "<nav class=\"contents\" aria-label=\"contents\">\n<ul>"
    )?;
    for (id, title) in entries {
        writeln!(out, "<li><a href=\"#{id}\">{}</a></li>", escaped(title))?;
    }
    writeln!(out, "</ul>\n</nav>")
}
