//! XML as a tree of elements with their lines.
//!
//! Entities that a document declares are never expanded, and nothing outside of it is read.

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::Event;

use super::{Broken, LineStarts};

/// How deep elements may be nested, and how many there may be.
const MOST_LEVELS: usize = 128;
const MOST_ELEMENTS: usize = 250_000;
/// The longest text of an element that is kept.
const LONGEST_TEXT: usize = 4 << 10;

/// A document.
#[derive(Debug, Default)]
pub(super) struct XmlTree(Vec<Content>);

#[derive(Debug)]
struct Content {
    name: String,
    text: String,
    line: u32,
    children: Vec<usize>,
}

/// An element of a document.
#[derive(Clone, Copy)]
pub(super) struct Element<'tree> {
    tree: &'tree XmlTree,
    content: &'tree Content,
}

impl XmlTree {
    pub(super) fn parse(text: &str) -> Result<Self, Broken> {
        let lines = LineStarts::of(text);
        let mut reader = Reader::from_str(text);
        let mut tree = Self::default();
        let mut open: Vec<usize> = Vec::new();
        loop {
            let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
            let line = lines.line(at);
            let broken = |message: String| Broken {
                message,
                line: Some(line),
            };
            let event = reader
                .read_event()
                .map_err(|error| broken(error.to_string()))?;
            match &event {
                Event::Start(start) | Event::Empty(start) => {
                    if open.len() >= MOST_LEVELS || tree.0.len() >= MOST_ELEMENTS {
                        return Err(broken("it is larger or deeper than any pom".to_owned()));
                    }
                    let name = start.local_name();
                    let element = tree.add(name.as_ref(), line, open.last().copied());
                    if matches!(event, Event::Start(_)) {
                        open.push(element);
                    }
                }
                Event::End(_) => {
                    open.pop();
                }
                Event::Text(text) => tree.add_text(text, open.last()),
                Event::CData(text) => tree.add_text(text, open.last()),
                Event::GeneralRef(name) => {
                    let written = format!("&{};", &**name);
                    // What is not one of XML itself stays as it is written.
                    let meant = unescape(&written);
                    tree.add_text(meant.as_deref().unwrap_or(&written), open.last());
                }
                Event::Eof if open.is_empty() => return Ok(tree),
                Event::Eof => return Err(broken("it ends within an element".to_owned())),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            }
        }
    }

    /// The outermost element.
    pub(super) fn root(&self) -> Option<Element<'_>> {
        self.element(0)
    }

    fn element(&self, index: usize) -> Option<Element<'_>> {
        let content = self.0.get(index)?;
        Some(Element {
            tree: self,
            content,
        })
    }

    fn add(&mut self, name: &str, line: u32, parent: Option<usize>) -> usize {
        let index = self.0.len();
        self.0.push(Content {
            name: name.to_owned(),
            text: String::new(),
            line,
            children: Vec::new(),
        });
        if let Some(parent) = parent.and_then(|parent| self.0.get_mut(parent)) {
            parent.children.push(index);
        }
        index
    }

    fn add_text(&mut self, text: &str, element: Option<&usize>) {
        let element = element.and_then(|element| self.0.get_mut(*element));
        if let Some(element) = element.filter(|it| it.text.len() + text.len() <= LONGEST_TEXT) {
            element.text.push_str(text);
        }
    }
}

impl<'tree> Element<'tree> {
    /// Its name, without the prefix of a namespace.
    pub(super) fn name(self) -> &'tree str {
        &self.content.name
    }

    /// Its own text.
    pub(super) fn text(self) -> &'tree str {
        self.content.text.trim()
    }

    /// The line on which it begins.
    pub(super) fn line(self) -> u32 {
        self.content.line
    }

    /// The elements directly in it.
    pub(super) fn children(self) -> impl Iterator<Item = Element<'tree>> {
        let children = self.content.children.iter();
        children.filter_map(move |index| self.tree.element(*index))
    }

    /// The first element of a name directly in it.
    pub(super) fn child(self, name: &str) -> Option<Self> {
        self.children().find(|child| child.name() == name)
    }

    /// The text of that one, when it is not empty.
    pub(super) fn text_of(self, name: &str) -> Option<String> {
        let text = self.child(name)?.text();
        (!text.is_empty()).then(|| text.to_owned())
    }
}
