//! Markdown as a forge reads it.

/// Markdown as a forge reads it.
#[derive(Default)]
pub(crate) struct Markdown {
    pub(crate) text: String,
    pub(crate) cells: Vec<String>,
    pub(crate) acts: Vec<String>,
}

impl Markdown {
    pub(crate) fn read(markdown: &str) -> Self {
        use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
        let mut read = Self::default();
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_MATH
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_GFM;
        for event in Parser::new_ext(markdown, options) {
            match event {
                Event::Text(text) | Event::Code(text) => {
                    read.text.push_str(&text.replace('\u{200b}', ""));
                }
                Event::SoftBreak | Event::HardBreak => read.text.push(' '),
                Event::InlineHtml(html) if ["<br>", "<code>", "</code>"].contains(&&*html) => {}
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => {
                    read.acts.push("code block".into());
                }
                Event::Start(Tag::TableCell) => read.text.clear(),
                Event::End(TagEnd::TableCell) => read.cells.push(std::mem::take(&mut read.text)),
                Event::Start(
                    Tag::Strong
                    | Tag::Heading { .. }
                    | Tag::Paragraph
                    | Tag::List(None)
                    | Tag::Item
                    | Tag::Table(_)
                    | Tag::TableHead
                    | Tag::TableRow,
                )
                | Event::End(_) => {}
                event => read.acts.push(format!("{event:?}")),
            }
        }
        read
    }
}
