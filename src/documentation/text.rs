//! The plain text of Markdown: its sections, each with the lines its words stand on.

use pulldown_cmark::{Event, MetadataBlockKind, Options, Parser, Tag, TagEnd};

use crate::model::{Node, Tree};
use crate::yaml;

/// The longest front matter that is read.
const LONGEST_FRONT_MATTER: usize = 16 << 10;

/// What a page says of itself.
#[derive(Debug, Default)]
pub(super) struct Summary {
    /// The title of its front matter, else its first heading.
    pub(super) title: Option<String>,
    /// Its front matter.
    pub(super) front_matter: Option<Tree>,
}

/// A heading and what stands under it up to the next one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Section {
    /// Empty for what stands above the first heading.
    pub(super) heading: String,
    /// The line of the heading, else of the text.
    pub(super) line: u32,
    /// The text without its markup.
    pub(super) text: String,
    /// Where in the text which line begins, in order.
    lines: Vec<(usize, u32)>,
}

impl Summary {
    pub(super) fn of(text: &str) -> Self {
        let front_matter = front_matter(text);
        let said = front_matter
            .as_ref()
            .and_then(Tree::root)
            .and_then(|root| root.str_at("title"))
            .map(str::to_owned);
        Self {
            title: said.or_else(|| first_heading(text)),
            front_matter,
        }
    }

    /// A text of the front matter.
    pub(super) fn field(&self, name: &str) -> Option<String> {
        let value = self.front_matter.as_ref()?.root()?.get(name)?;
        let text = Node::text(value).trim();
        (!text.is_empty()).then(|| text.to_owned())
    }
}

impl Section {
    /// The line on which a place in its text stands.
    pub(super) fn line_of(&self, offset: usize) -> u32 {
        let after = self.lines.partition_point(|(start, _)| *start <= offset);
        after
            .checked_sub(1)
            .and_then(|index| self.lines.get(index))
            .map_or(self.line, |(_, line)| *line)
    }

    fn is_empty(&self) -> bool {
        self.heading.is_empty() && self.text.trim().is_empty()
    }

    fn push(&mut self, text: &str, line: u32) {
        if self.lines.last().is_none_or(|(_, last)| *last != line) {
            self.lines.push((self.text.len(), line));
        }
        self.text.push_str(text);
    }

    fn part(&mut self) {
        if !self.text.ends_with(['\n', ' ']) && !self.text.is_empty() {
            self.text.push('\n');
        }
    }
}

/// The sections of a text, in order.
pub(super) fn sections(text: &str, is_markdown: bool) -> Vec<Section> {
    if is_markdown {
        markdown_sections(text)
    } else {
        let mut section = Section {
            line: 1,
            ..Section::default()
        };
        for (line, number) in text.lines().zip(1..) {
            section.push(line, number);
            section.part();
        }
        vec![section]
    }
}

fn markdown_sections(text: &str) -> Vec<Section> {
    let mut lines = Lines::new(text);
    let mut sections = Vec::new();
    let mut section = Section {
        line: 1,
        ..Section::default()
    };
    let (mut in_heading, mut skipped) = (false, false);
    for (event, range) in Parser::new_ext(text, options()).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { .. }) => {
                let next = Section {
                    line: lines.at(range.start),
                    ..Section::default()
                };
                sections.push(std::mem::replace(&mut section, next));
                in_heading = true;
            }
            Event::End(TagEnd::Heading(_)) => in_heading = false,
            Event::Start(Tag::MetadataBlock(_)) => skipped = true,
            Event::End(TagEnd::MetadataBlock(_)) => skipped = false,
            Event::Text(words) | Event::Code(words) if in_heading => {
                section.heading.push_str(&words);
            }
            Event::Text(words) | Event::Code(words) if !skipped => {
                let first = lines.at(range.start);
                for (part, line) in words.split_inclusive('\n').zip(first..) {
                    section.push(part, line);
                }
            }
            Event::SoftBreak | Event::HardBreak if in_heading => section.heading.push(' '),
            Event::SoftBreak | Event::HardBreak => section.text.push(' '),
            Event::End(
                TagEnd::Paragraph
                | TagEnd::Item
                | TagEnd::TableCell
                | TagEnd::TableHead
                | TagEnd::CodeBlock,
            ) => section.part(),
            _ => {}
        }
    }
    sections.push(section);
    for section in &mut sections {
        section.heading.truncate(section.heading.trim_end().len());
    }
    sections.retain(|section| !section.is_empty());
    sections
}

/// The lines of a text, asked for in order.
pub(super) struct Lines<'text> {
    text: &'text str,
    offset: usize,
    line: u32,
}

impl<'text> Lines<'text> {
    pub(super) fn new(text: &'text str) -> Self {
        Self {
            text,
            offset: 0,
            line: 1,
        }
    }

    /// The line of a place that is not before the one that was asked for last; footnotes and
    /// tables may go back a little, and then the last answer stands.
    pub(super) fn at(&mut self, offset: usize) -> u32 {
        if let Some(passed) = self.text.as_bytes().get(self.offset..offset) {
            let breaks = passed.split(|byte| *byte == b'\n').skip(1).count();
            self.line = self
                .line
                .saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
            self.offset = offset;
        }
        self.line
    }
}

fn first_heading(text: &str) -> Option<String> {
    /// Headings stand at the top; the rest of a long page need not be read for its title.
    const FAR: usize = 64 << 10;
    let start = text.get(..text.floor_char_boundary(FAR)).unwrap_or(text);
    let mut heading = None;
    for event in Parser::new_ext(start, options()) {
        match (event, &mut heading) {
            (Event::Start(Tag::Heading { .. }), _) => heading = Some(String::new()),
            (Event::Text(words) | Event::Code(words), Some(heading)) => heading.push_str(&words),
            (Event::SoftBreak | Event::HardBreak, Some(heading)) => heading.push(' '),
            (Event::End(TagEnd::Heading(_)), Some(heading)) => {
                let title = heading.trim();
                if !title.is_empty() {
                    return Some(title.to_owned());
                }
            }
            _ => {}
        }
    }
    None
}

/// The YAML between `---` at the top of a page.
fn front_matter(text: &str) -> Option<Tree> {
    if !text.starts_with("---") {
        return None;
    }
    let start = text.get(..text.floor_char_boundary(LONGEST_FRONT_MATTER))?;
    let mut events = Parser::new_ext(start, Options::ENABLE_YAML_STYLE_METADATA_BLOCKS);
    let Some(Event::Start(Tag::MetadataBlock(MetadataBlockKind::YamlStyle))) = events.next() else {
        return None;
    };
    let Some(Event::Text(yaml)) = events.next() else {
        return None;
    };
    yaml::parse(&yaml).into_iter().next()?.tree
}

/// What of Markdown is understood: that of GitHub, and attributes and front matter of `MkDocs`.
pub(super) fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
}

#[cfg(test)]
mod tests {
    use super::{Summary, sections};

    #[test]
    fn a_title_is_said_or_the_first_heading() {
        let title = |text| Summary::of(text).title;
        assert_eq!(title("---\ntitle: A\n---\n# B\n").as_deref(), Some("A"));
        assert_eq!(title("<img>\n\nB `c`\n===\n").as_deref(), Some("B c"));
        assert_eq!(title("text"), None);
    }

    #[test]
    fn sections_know_their_lines() {
        let sections = sections(
            "---\na: b\n---\nintro\n\n# One\n\ntwo\nthree\n\n```\nx\ny\n```\n",
            true,
        );
        let told: Vec<(&str, u32)> = sections
            .iter()
            .map(|section| (section.heading.as_str(), section.line))
            .collect();
        assert_eq!(told, [("", 1), ("One", 6)]);
        let one = &sections[1];
        for (word, line) in [("two", 8), ("three", 9), ("x", 12), ("y", 13)] {
            let offset = one.text.find(word).unwrap();
            assert_eq!(one.line_of(offset), line, "{word} in {one:?}");
        }
    }
}
