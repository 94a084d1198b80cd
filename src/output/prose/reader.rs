//! Events of the parser to parts.

use std::rc::Rc;

use pulldown_cmark::{BlockQuoteKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::{Content, Lead, Look, Part, Span, Target};

/// Levels of lists and quotations that are shown.
const DEEPEST: usize = 8;
/// Columns and rows of a table that are shown. A table may ask for far more cells than it has.
const MOST_COLUMNS: usize = 40;
const MOST_ROWS: usize = 2_000;
/// The parts of a page.
pub(in crate::output) fn parts(markdown: &str) -> Vec<Part> {
    let mut reader = Reader::default();
    for event in Parser::new_ext(markdown, options()) {
        reader.take(event);
    }
    reader.end_paragraph();
    reader.parts
}

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
}

/// Puts parts together from what the parser says.
#[derive(Default)]
struct Reader {
    parts: Vec<Part>,
    leads: Vec<Lead>,
    /// Whether each open quotation, item or note is among the leads.
    open: Vec<bool>,
    /// The next number of each open list; `None` for bullets.
    lists: Vec<Option<u64>>,
    spans: Vec<Span>,
    /// Whether the words stand in a paragraph, and not directly in an item.
    in_paragraph: bool,
    heading: Option<u8>,
    code: Option<String>,
    html: Option<String>,
    table: Option<Vec<Vec<Vec<Span>>>>,
    in_metadata: bool,
    /// Whether the words so far are the name of a note, which stands before its first words.
    begins_note: bool,
    emphasis: usize,
    strong: usize,
    links: Vec<Rc<Target>>,
}

impl Reader {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.text(&text);
            }
            Event::Code(code) => self.span(&code, Look::Code),
            Event::Html(html) => self.html.get_or_insert_default().push_str(&html),
            Event::InlineHtml(html) => {
                if html.to_ascii_lowercase().starts_with("<br") {
                    self.text("\n");
                }
            }
            Event::SoftBreak => self.text(" "),
            Event::HardBreak => self.text("\n"),
            Event::FootnoteReference(name) => self.text(&format!("[{name}]")),
            Event::TaskListMarker(done) => self.text(if done { "[x] " } else { "[ ] " }),
            Event::Rule => {
                self.end_paragraph();
                self.push(Content::Rule, false);
            }
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        let begins_note = std::mem::take(&mut self.begins_note);
        match tag {
            Tag::Paragraph if begins_note => self.in_paragraph = true,
            Tag::Emphasis => self.emphasis += 1,
            Tag::Strong => self.strong += 1,
            Tag::Link { dest_url, .. } => self.links.push(Rc::new(Target::of(&dest_url))),
            Tag::Strikethrough
            | Tag::Image { .. }
            | Tag::Superscript
            | Tag::Subscript
            | Tag::TableCell => {}
            Tag::TableHead | Tag::TableRow => {
                if let Some(rows) = &mut self.table {
                    rows.push(Vec::new());
                }
            }
            block => {
                self.end_paragraph();
                self.start_block(block);
            }
        }
    }

    fn start_block(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph => self.in_paragraph = true,
            Tag::Heading { level, .. } => self.heading = Some(level_number(level)),
            Tag::BlockQuote(kind) => {
                self.open(Lead::Quote);
                if let Some(kind) = kind {
                    self.span(alert(kind), Look::Strong);
                    self.in_paragraph = true;
                    self.end_paragraph();
                }
            }
            Tag::CodeBlock(_) => self.code = Some(String::new()),
            Tag::List(first) => self.lists.push(first),
            Tag::Item => {
                let marker = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        let marker = format!("{number}.");
                        *number = number.saturating_add(1);
                        marker
                    }
                    _ => "-".to_owned(),
                };
                self.open(Lead::Item {
                    marker,
                    first: true,
                });
            }
            Tag::FootnoteDefinition(name) => {
                self.open(Lead::Item {
                    marker: "-".to_owned(),
                    first: true,
                });
                self.text(&format!("[{name}] "));
                self.begins_note = true;
            }
            Tag::Table(_) => self.table = Some(Vec::new()),
            Tag::MetadataBlock(_) => self.in_metadata = true,
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Emphasis => self.emphasis = self.emphasis.saturating_sub(1),
            TagEnd::Strong => self.strong = self.strong.saturating_sub(1),
            TagEnd::Link => {
                self.links.pop();
            }
            TagEnd::Heading(_) => {
                let mut spans = std::mem::take(&mut self.spans);
                if let Some(last) = spans.last_mut() {
                    last.text.truncate(last.text.trim_end().len());
                }
                let level = self.heading.take().unwrap_or(1);
                self.push(Content::Heading(level, spans), false);
            }
            TagEnd::CodeBlock => {
                let code = self.code.take().unwrap_or_default();
                self.push(Content::Code(code), false);
            }
            TagEnd::TableCell => self.end_cell(),
            TagEnd::Table => {
                if let Some(rows) = self.table.take() {
                    self.push(Content::Table(rows), false);
                }
            }
            TagEnd::HtmlBlock => self.end_html(),
            TagEnd::MetadataBlock(_) => self.in_metadata = false,
            TagEnd::List(_) => {
                self.end_paragraph();
                self.lists.pop();
            }
            TagEnd::BlockQuote(_) | TagEnd::Item | TagEnd::FootnoteDefinition => {
                self.end_paragraph();
                self.close();
            }
            TagEnd::Paragraph => self.end_paragraph(),
            _ => {}
        }
    }

    /// Goes into a quotation, an item or a note.
    fn open(&mut self, lead: Lead) {
        let shown = self.leads.len() < DEEPEST;
        self.open.push(shown);
        if shown {
            self.leads.push(lead);
        }
    }

    /// Comes out of it. An item without anything in it is still an item.
    fn close(&mut self) {
        if self.open.pop() != Some(true) {
            return;
        }
        if let Some(Lead::Item { first: true, .. }) = self.leads.last() {
            self.push(Content::Paragraph(Vec::new()), true);
        }
        self.leads.pop();
    }

    fn text(&mut self, text: &str) {
        if self.in_metadata {
            return;
        }
        if let Some(code) = &mut self.code {
            code.push_str(text);
            return;
        }
        let look = match (self.strong, self.emphasis) {
            (0, 0) => Look::Plain,
            (0, _) => Look::Emphasis,
            _ => Look::Strong,
        };
        self.span(text, look);
    }

    fn span(&mut self, text: &str, look: Look) {
        let target = self.links.last().cloned();
        let text = match target.as_deref() {
            // The text of `<https://name:password@host>` says what its target must not.
            Some(Target::Address(address)) if text.contains("://") && text.contains('@') => address,
            _ => text,
        };
        match self.spans.last_mut() {
            Some(last) if last.look == look && last.target == target && look != Look::Code => {
                last.text.push_str(text);
            }
            _ => self.spans.push(Span {
                text: text.to_owned(),
                look,
                target,
            }),
        }
    }

    fn end_paragraph(&mut self) {
        let tight = !std::mem::take(&mut self.in_paragraph) && !self.leads.is_empty();
        let spans = std::mem::take(&mut self.spans);
        if spans.iter().any(|span| !span.text.trim().is_empty()) {
            self.push(Content::Paragraph(spans), tight);
        }
    }

    fn end_cell(&mut self) {
        let cell = std::mem::take(&mut self.spans);
        let rows = self.table.as_mut();
        if let Some(row) = rows.and_then(|rows| rows.last_mut())
            && row.len() < MOST_COLUMNS
        {
            row.push(cell);
        }
        if let Some(rows) = &mut self.table {
            rows.truncate(MOST_ROWS);
        }
    }

    /// The words between the tags of a block of HTML.
    fn end_html(&mut self) {
        let html = self.html.take().unwrap_or_default();
        self.in_paragraph = true;
        self.text(&without_tags(&html));
        self.end_paragraph();
    }

    fn push(&mut self, content: Content, tight: bool) {
        self.parts.push(Part {
            leads: self.leads.clone(),
            tight,
            content,
        });
        for lead in &mut self.leads {
            if let Lead::Item { first, .. } = lead {
                *first = false;
            }
        }
    }
}

fn level_number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

fn alert(kind: BlockQuoteKind) -> &'static str {
    match kind {
        BlockQuoteKind::Note => "Note",
        BlockQuoteKind::Tip => "Tip",
        BlockQuoteKind::Important => "Important",
        BlockQuoteKind::Warning => "Warning",
        BlockQuoteKind::Caution => "Caution",
    }
}

/// The text of HTML: without comments, without what stands between `<` and `>`, and with runs of
/// white space as one space.
fn without_tags(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        text.push_str(&rest[..start]);
        let inside = &rest[start..];
        let end = if inside.starts_with("<!--") {
            inside.find("-->").map(|end| end + 3)
        } else {
            inside.find('>').map(|end| end + 1)
        };
        text.push(' ');
        rest = end.and_then(|end| inside.get(end..)).unwrap_or_default();
    }
    text.push_str(rest);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::{Content, Lead, Part, Target, parts, without_tags};

    fn paragraphs(parts: &[Part]) -> Vec<String> {
        let texts = parts.iter().filter_map(|part| match &part.content {
            Content::Paragraph(spans) => {
                Some(spans.iter().map(|span| span.text.as_str()).collect())
            }
            _ => None,
        });
        texts.collect()
    }

    #[test]
    fn only_addresses_and_files_are_targets() {
        assert_eq!(
            Target::of("https://u:p@example.com/a b"),
            Target::Address("https://example.com/a%20b".to_owned())
        );
        assert_eq!(Target::of("../a.md#b"), Target::File("../a.md".to_owned()));
        for nowhere in [
            "javascript:alert(1)",
            "JaVaScRiPt:x",
            "data:a",
            "//a.b",
            "#c",
            "",
        ] {
            assert_eq!(Target::of(nowhere), Target::Nowhere, "{nowhere}");
        }
    }

    #[test]
    fn html_is_its_text() {
        assert_eq!(
            without_tags("<p align=x>a<!-- <b> --><i>b</i>\n c<img"),
            "a b c"
        );
    }

    #[test]
    fn an_empty_item_and_a_nested_one_are_items() {
        let parts = parts("-\n- a\n  1. b\n");
        assert_eq!(paragraphs(&parts), ["", "a", "b"]);
        assert_eq!(
            parts[2].leads,
            [
                Lead::Item {
                    marker: "-".to_owned(),
                    first: false
                },
                Lead::Item {
                    marker: "1.".to_owned(),
                    first: true
                }
            ]
        );
    }

    #[test]
    fn hostile_nesting_is_shown_flat_and_at_once() {
        let hostile = [
            "> ".repeat(50_000) + "end",
            "- ".repeat(50_000) + "end",
            "[".repeat(100_000) + "end",
            "![".repeat(50_000) + "end",
            (1..2_000)
                .map(|length| "`".repeat(length) + " ")
                .collect::<String>()
                + "end",
            "*a **a ".repeat(20_000) + "end",
            "<".repeat(100_000) + "end",
            "[^a]: > - ".repeat(10_000) + "end",
            "|a".repeat(5_000)
                + "|\n"
                + &"|-".repeat(5_000)
                + "|\n"
                + &"|b|\n".repeat(20_000)
                + "\nend",
        ];
        for text in hostile {
            let start = Instant::now();
            let parts = parts(&text);
            let shown = &text[..20];
            assert!(
                start.elapsed().as_secs() < 5,
                "{shown}: {:?}",
                start.elapsed()
            );
            assert!(parts.iter().all(|part| part.leads.len() <= super::DEEPEST));
            assert!(
                paragraphs(&parts).concat().contains("end") || text.starts_with('<'),
                "{shown}"
            );
        }
    }
}
