//! Markdown of others, taken apart into what every format can show.
//!
//! What is understood is `CommonMark` 0.31 with the tables, task lists, footnotes and alerts of
//! GitHub, and the heading attributes and front matter of `MkDocs`. HTML is dropped and its text
//! shown. Nothing recurses, and what is nested more deeply than anybody can read is shown at the
//! deepest level that is.

mod reader;

use std::rc::Rc;

use url::Url;

pub(super) use reader::parts;

/// The longest address that is shown behind the text of its link.
const LONGEST_ADDRESS: usize = 2_000;

/// A part of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// What it stands in, from the outside.
    pub(super) leads: Vec<Lead>,
    /// Whether it follows without an empty line, like the items of a short list.
    pub(super) tight: bool,
    pub(super) content: Content,
}

/// What a part stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Lead {
    /// A quotation.
    Quote,
    /// An item of a list, with its marker: `-` or `2.`.
    Item {
        marker: String,
        /// Whether the part is the first of its item, beside the marker.
        first: bool,
    },
}

/// What a part is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// A heading of level 1 to 6.
    Heading(u8, Vec<Span>),
    Paragraph(Vec<Span>),
    Code(String),
    Table(Vec<Vec<Vec<Span>>>),
    Rule,
}

/// Words of one look. A line feed in them is meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) text: String,
    pub(super) look: Look,
    /// Where they lead.
    pub(super) target: Option<Rc<Target>>,
}

/// What words look like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Look {
    #[default]
    Plain,
    Emphasis,
    Strong,
    Code,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A web or mail address, without what somebody would log in with.
    Address(String),
    /// Another file, relative to the page.
    File(String),
    /// Anywhere else: a script, data, a place on the page.
    Nowhere,
}

impl Target {
    fn of(destination: &str) -> Self {
        let is_path = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
        let scheme = destination.split_once(':').map(|(scheme, _)| scheme);
        if scheme.is_none_or(|scheme| !scheme.chars().all(is_path)) {
            let path = destination.split(['#', '?']).next().unwrap_or_default();
            return if path.is_empty() || path.starts_with("//") {
                Self::Nowhere
            } else {
                Self::File(path.to_owned())
            };
        }
        let Some(mut url) = Url::parse(destination)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https" | "mailto"))
        else {
            return Self::Nowhere;
        };
        // These fail only for addresses that cannot have them.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        let address = String::from(url);
        if address.len() > LONGEST_ADDRESS {
            Self::Nowhere
        } else {
            Self::Address(address)
        }
    }
}

impl Part {
    /// What its first line begins with, where quotations begin with `quote`.
    pub(super) fn first_lead(&self, quote: &str) -> String {
        self.leads.iter().map(|lead| lead.first(quote)).collect()
    }

    /// What its other lines begin with.
    pub(super) fn next_lead(&self, quote: &str) -> String {
        self.leads.iter().map(|lead| lead.next(quote)).collect()
    }

    /// What an empty line between the part before and this one begins with: what both stand in.
    /// `None` when there is none.
    pub(super) fn gap(&self, before: Option<&Self>, quote: &str) -> Option<String> {
        let before = before.filter(|before| !(before.tight && self.tight))?;
        let both = before.leads.iter().zip(&self.leads);
        let shared = both.take_while(|(before, lead)| before.holds(lead));
        let lead: String = shared.map(|(_, lead)| lead.next(quote)).collect();
        Some(lead.trim_end().to_owned())
    }
}

impl Lead {
    /// Whether what follows stands in the same quotation or item.
    pub(super) const fn holds(&self, next: &Self) -> bool {
        match (self, next) {
            (Self::Quote, Self::Quote) => true,
            (Self::Item { .. }, Self::Item { first, .. }) => !*first,
            _ => false,
        }
    }

    fn first(&self, quote: &str) -> String {
        match self {
            Self::Item {
                marker,
                first: true,
            } => format!("{marker} "),
            other => other.next(quote),
        }
    }

    fn next(&self, quote: &str) -> String {
        match self {
            Self::Quote => quote.to_owned(),
            Self::Item { marker, .. } => " ".repeat(marker.len() + 1),
        }
    }
}
