//! The blocks of a view as HTML.

use std::io::{self, Write};

use super::anchor::Anchors;
use super::prose;
use super::text::{self, escaped, escaped_lines};
use crate::output::{chart, graph};
use crate::view::{Block, Graph, Table, Text, TreeItem};

/// Levels of a tree that are shown; browsers give up on lists that are deeper.
const DEEPEST: usize = 30;

/// What is written between the tags of `main`.
pub(super) struct Body<'a> {
    anchors: &'a mut Anchors,
    /// Drawings so far: what they hold needs names that no other drawing has.
    drawings: usize,
    out: &'a mut dyn Write,
}

impl<'a> Body<'a> {
    pub(super) fn new(anchors: &'a mut Anchors, out: &'a mut dyn Write) -> Self {
        Self {
            anchors,
            drawings: 0,
            out,
        }
    }

    /// Where it is written.
    pub(super) fn out(&mut self) -> &mut dyn Write {
        self.out
    }

    /// Writes the blocks that a page begins with; a heading among them is its title.
    pub(super) fn opening(&mut self, blocks: &[Block]) -> io::Result<()> {
        for block in blocks {
            match block {
                Block::Heading(title) => self.heading(1, title)?,
                block => self.block(block)?,
            }
        }
        Ok(())
    }

    /// Writes blocks.
    pub(super) fn blocks(&mut self, blocks: &[Block]) -> io::Result<()> {
        blocks.iter().try_for_each(|block| self.block(block))
    }

    fn block(&mut self, block: &Block) -> io::Result<()> {
        match block {
            Block::Heading(text) => self.heading(2, text),
            Block::Subheading(text) => self.heading(3, text),
            Block::Paragraph(text) => self.paragraph(text),
            Block::Table(table) => self.table(table),
            Block::KeyValues(pairs) => self.pairs(pairs),
            Block::List(items) => self.list(items),
            Block::Tree(items) => self.tree(items),
            Block::Verbatim(text) => {
                writeln!(self.out, "<pre><code>{}</code></pre>", escaped_lines(text))
            }
            Block::Markdown(text) => prose::write(text, self.anchors, self.out),
            Block::Chart(chart) => {
                self.drawings += 1;
                chart::svg::write_figure(chart, self.drawings, self.out)
            }
            Block::Graph(graph) => self.graph(graph),
            Block::Folded { summary, blocks } => {
                self.out.write_all(b"<details>\n<summary>")?;
                text::write(summary, escaped, self.out)?;
                self.out.write_all(b"</summary>\n")?;
                self.blocks(blocks)?;
                self.out.write_all(b"</details>\n")
            }
        }
    }

    fn heading(&mut self, level: u8, title: &Text) -> io::Result<()> {
        let id = self.anchors.next();
        write!(self.out, "<h{level} id=\"{id}\">")?;
        text::write(title, escaped, self.out)?;
        if level > 1 {
            write!(
                self.out,
                "<a class=\"anchor\" href=\"#{id}\" aria-label=\"link to this part\">#</a>"
            )?;
        }
        writeln!(self.out, "</h{level}>")
    }

    fn paragraph(&mut self, text: &Text) -> io::Result<()> {
        self.out.write_all(b"<p>")?;
        text::write(text, escaped_lines, self.out)?;
        self.out.write_all(b"</p>\n")
    }

    fn table(&mut self, table: &Table) -> io::Result<()> {
        // A table that is wider than the page scrolls, and the keyboard must reach it for that.
        self.out
            .write_all(b"<div class=\"table\" tabindex=\"0\">\n<table>\n<thead><tr>")?;
        let class = |number: usize| {
            let numeric = table.columns.get(number).is_some_and(|it| it.numeric);
            if numeric { " class=\"number\"" } else { "" }
        };
        for (number, column) in table.columns.iter().enumerate() {
            let (class, name) = (class(number), escaped(&column.name));
            write!(self.out, "<th scope=\"col\"{class}>{name}</th>")?;
        }
        self.out.write_all(b"</tr></thead>\n<tbody>\n")?;
        for row in &table.rows {
            self.out.write_all(b"<tr>")?;
            for (number, cell) in row.iter().enumerate() {
                let class = match class(number) {
                    "" if is_short(cell) => " class=\"short\"",
                    class => class,
                };
                write!(self.out, "<td{class}>")?;
                text::write(cell, escaped, self.out)?;
                self.out.write_all(b"</td>")?;
            }
            self.out.write_all(b"</tr>\n")?;
        }
        self.out.write_all(b"</tbody>\n</table>\n</div>\n")
    }

    fn pairs(&mut self, pairs: &[(String, Text)]) -> io::Result<()> {
        if pairs.is_empty() {
            return Ok(());
        }
        self.out.write_all(b"<dl>\n")?;
        for (name, value) in pairs {
            write!(self.out, "<div><dt>{}</dt><dd>", escaped(name))?;
            text::write(value, escaped_lines, self.out)?;
            self.out.write_all(b"</dd></div>\n")?;
        }
        self.out.write_all(b"</dl>\n")
    }

    fn list(&mut self, items: &[Text]) -> io::Result<()> {
        if items.is_empty() {
            return Ok(());
        }
        self.out.write_all(b"<ul>\n")?;
        for item in items {
            self.out.write_all(b"<li>")?;
            text::write(item, escaped_lines, self.out)?;
            self.out.write_all(b"</li>\n")?;
        }
        self.out.write_all(b"</ul>\n")
    }

    fn tree(&mut self, roots: &[TreeItem]) -> io::Result<()> {
        if roots.is_empty() {
            return Ok(());
        }
        self.out.write_all(b"<ul>\n")?;
        let mut open = vec![roots.iter()];
        while let Some(level) = open.last_mut() {
            let Some(item) = level.next() else {
                open.pop();
                let end: &[u8] = if open.is_empty() {
                    b"</ul>\n"
                } else {
                    b"</ul></li>\n"
                };
                self.out.write_all(end)?;
                continue;
            };
            self.out.write_all(b"<li>")?;
            text::write(&item.text, escaped, self.out)?;
            match (item.children.is_empty(), open.len() < DEEPEST) {
                (true, _) => self.out.write_all(b"</li>\n")?,
                (false, false) => self.out.write_all(" …</li>\n".as_bytes())?,
                (false, true) => {
                    self.out.write_all(b"\n<ul>\n")?;
                    open.push(item.children.iter());
                }
            }
        }
        Ok(())
    }

    fn graph(&mut self, graph: &Graph) -> io::Result<()> {
        if graph.nodes.is_empty() {
            return Ok(());
        }
        self.drawings += 1;
        self.out
            .write_all(b"<figure class=\"drawing\" tabindex=\"0\">\n")?;
        graph::write_inline_svg(graph, self.drawings, self.out)?;
        self.out.write_all(b"</figure>\n")
    }
}

/// Whether a cell is better not broken: a date, a level, a name.
fn is_short(cell: &Text) -> bool {
    const LONGEST: usize = 24;
    let letters = cell.pieces.iter().map(|piece| piece.text.chars().count());
    letters.sum::<usize>() <= LONGEST
}
