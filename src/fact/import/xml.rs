//! XML as the formats here need it: elements as they open and close, their attributes and text.
//!
//! Entities that a document declares are never expanded, and nothing outside of it is read.
//! Elements are at most 128 levels deep.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};

use super::ImportError;

/// Levels of elements.
const DEEPEST: usize = 128;
/// Bytes of text of one element that are kept.
const LONGEST_TEXT: usize = 64 << 10;

/// A document that is read from its begin to its end.
pub(super) struct Xml<'a> {
    reader: Reader<&'a [u8]>,
    source: &'a str,
    /// The names of the elements that are open, the outermost first.
    open: Vec<String>,
    /// The text of the element that closes next.
    text: String,
    /// The name of an element without content, which closes at once.
    closes: Option<String>,
    is_begun: bool,
}

/// An element that opens or closes.
pub(super) struct Element {
    /// Its name, without the prefix of a namespace.
    pub(super) name: String,
    /// Whether it opens.
    pub(super) is_opened: bool,
    attributes: Vec<(String, String)>,
}

impl Element {
    /// The value of an attribute; empty when it has none of that name.
    pub(super) fn attribute(&self, name: &str) -> &str {
        let mut attributes = self.attributes.iter();
        let found = attributes.find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    /// A number of things, from an attribute.
    pub(super) fn count(&self, name: &str) -> Option<u64> {
        self.attribute(name).trim().parse().ok()
    }
}

impl<'a> Xml<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        let mut reader = Reader::from_str(source);
        let config = reader.config_mut();
        config.check_end_names = true;
        Self {
            reader,
            source,
            open: Vec::new(),
            text: String::new(),
            closes: None,
            is_begun: false,
        }
    }

    /// The next element that opens or closes; when it closes, it is not among the open ones any
    /// more, and [`Self::text`] is what it has.
    pub(super) fn next(&mut self) -> Result<Option<Element>, ImportError> {
        if let Some(name) = self.closes.take() {
            return Ok(Some(self.close(name)));
        }
        loop {
            let event = self
                .reader
                .read_event()
                .map_err(|error| self.error(&error.to_string()))?;
            match event {
                Event::Start(start) => return self.open(&start).map(Some),
                Event::Empty(start) => {
                    let element = self.open(&start)?;
                    self.closes = Some(element.name.clone());
                    return Ok(Some(element));
                }
                Event::End(end) => {
                    let name = end.local_name().as_ref().to_owned();
                    return Ok(Some(self.close(name)));
                }
                Event::Text(text) => self.add(&text),
                Event::CData(text) => self.add(&text),
                Event::GeneralRef(reference) => {
                    // What is not one of XML itself stays as it is written.
                    let written = format!("&{};", &*reference);
                    let meant = unescape(&written).unwrap_or(Cow::Borrowed(&written));
                    self.add(&meant);
                }
                Event::Eof if !self.open.is_empty() => {
                    return Err(self.error("the file ends within an element"));
                }
                Event::Eof if !self.is_begun => return Err(self.error("there is no element")),
                Event::Eof => return Ok(None),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            }
        }
    }

    /// The text of the element that closed.
    pub(super) fn text(&self) -> &str {
        self.text.trim()
    }

    /// Whether an element of that name is open.
    pub(super) fn is_inside(&self, name: &str) -> bool {
        self.open.iter().any(|open| open == name)
    }

    /// The innermost element that is open; of one that opens, itself.
    pub(super) fn parent(&self) -> Option<&str> {
        self.open.last().map(String::as_str)
    }

    /// How many elements are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    fn open(&mut self, start: &BytesStart<'_>) -> Result<Element, ImportError> {
        if self.open.len() >= DEEPEST {
            let message = format!("elements are more than {DEEPEST} levels deep");
            return Err(self.error(&message));
        }
        let mut attributes = Vec::new();
        // Looking for one that is there twice would take long where there are many.
        for attribute in start.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| self.error(&error.to_string()))?;
            let written = &*attribute.value;
            let value = unescape(written).map_or_else(|_| written.to_owned(), Cow::into_owned);
            attributes.push((attribute.key.as_ref().to_owned(), value));
        }
        let name = start.local_name().as_ref().to_owned();
        self.is_begun = true;
        self.text.clear();
        self.open.push(name.clone());
        Ok(Element {
            name,
            is_opened: true,
            attributes,
        })
    }

    fn close(&mut self, name: String) -> Element {
        self.open.pop();
        Element {
            name,
            is_opened: false,
            attributes: Vec::new(),
        }
    }

    fn add(&mut self, text: &str) {
        if self.text.len() + text.len() <= LONGEST_TEXT {
            self.text.push_str(text);
        }
    }

    fn error(&self, message: &str) -> ImportError {
        let at = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX);
        let before = self.source.as_bytes().get(..at.min(self.source.len()));
        let line = before
            .unwrap_or_default()
            .split(|byte| *byte == b'\n')
            .count();
        ImportError::on_line(line, message)
    }
}
