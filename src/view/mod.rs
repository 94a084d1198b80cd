//! What commands want shown, before any format is chosen.
//!
//! A [`View`] is a list of blocks. Commands and reports build views and know no format; formats
//! (module `output`) print views and know no command. Text in a view is raw: it may hold anything
//! that somebody wrote in a scanned repository, and only a format makes it safe to show.

mod badge;
mod chart;
mod graph;
mod site;

use crate::diagnostic::Severity;

pub use badge::Badge;
pub use chart::{Chart, ChartShape, Series};
pub use graph::{Graph, GraphEdge, GraphNode};
pub use site::{SearchEntry, Surroundings};

/// What is shown, from top to bottom.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// The blocks, in order.
    pub blocks: Vec<Block>,
}

/// A part of a view.
#[derive(Clone, Debug)]
pub enum Block {
    /// A title above what follows.
    Heading(Text),
    /// A title of a part below a heading.
    Subheading(Text),
    /// Running text.
    Paragraph(Text),
    /// Rows of cells below named columns.
    Table(Table),
    /// Names and values, one pair a line.
    KeyValues(Vec<(String, Text)>),
    /// Items, one a line.
    List(Vec<Text>),
    /// Nodes with children.
    Tree(Vec<TreeItem>),
    /// Text that is shown as it is, line by line: a schema, a configuration file, Markdown.
    Verbatim(String),
    /// A page in Markdown that somebody wrote, shown as what it means.
    Markdown(String),
    /// Numbers to be seen at a glance; what matters in them is also in a text or table.
    Chart(Chart),
    /// A drawing of what is connected; formats that cannot draw leave it out.
    Graph(Graph),
    /// What few want to read: its summary is shown, the rest on demand where a format can.
    Folded {
        /// What is in it.
        summary: Text,
        /// The rest.
        blocks: Vec<Block>,
    },
}

/// A table.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows; each has a cell a column.
    pub rows: Vec<Vec<Text>>,
}

/// A column of a table.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Whether its cells are numbers, which stand on the right.
    pub numeric: bool,
    /// Whether its cells may be cut when the terminal is narrow; others keep their width.
    pub flexible: bool,
}

/// A node of a tree.
#[derive(Clone, Debug, Default)]
pub struct TreeItem {
    /// What is shown for it.
    pub text: Text,
    /// What is below it.
    pub children: Vec<TreeItem>,
}

/// Text in pieces, each with a role.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// The pieces, which follow each other without a space.
    pub pieces: Vec<Piece>,
}

/// A piece of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// What it means.
    pub role: Role,
    /// Where it leads: the address of a web page, or the path of another page beside this one.
    pub target: Option<String>,
}

/// What a piece of text means; a format chooses the colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// Nothing in particular.
    #[default]
    Plain,
    /// The name that the reader looks for.
    Name,
    /// Less important than what stands beside it.
    Faint,
    /// Something in order.
    Good,
    /// As bad as that.
    Bad(Severity),
    /// What can be typed or pasted: a command, a line of a file.
    Code,
    /// A web address.
    Url,
    /// A file of the workspace: its path from there, perhaps with `:` and a line.
    File,
    /// Something that has a colour of its own, as levels have.
    Tint(Rgb),
}

/// A colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgb {
    /// How red it is.
    pub red: u8,
    /// How green it is.
    pub green: u8,
    /// How blue it is.
    pub blue: u8,
}

impl Rgb {
    /// Reads `#cd7f32`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        let part = |start: usize| u8::from_str_radix(digits.get(start..start + 2)?, 16).ok();
        Some(Self {
            red: part(0)?,
            green: part(2)?,
            blue: part(4)?,
        })
    }
}

impl Role {
    /// Whether a text must stay in one piece, so that it can be pasted or followed.
    #[must_use]
    pub const fn is_unbroken(self) -> bool {
        matches!(self, Self::Code | Self::Url | Self::File)
    }
}

impl View {
    /// An empty view.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a block.
    pub fn push(&mut self, block: Block) {
        self.blocks.push(block);
    }
}

impl Column {
    /// A column of text that keeps its width.
    pub fn fixed(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            numeric: false,
            flexible: false,
        }
    }

    /// A column of text that may be cut.
    pub fn flexible(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            numeric: false,
            flexible: true,
        }
    }

    /// A column of numbers.
    pub fn numeric(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            numeric: true,
            flexible: false,
        }
    }
}

impl Text {
    /// One piece with a role.
    pub fn new(text: impl Into<String>, role: Role) -> Self {
        Self {
            pieces: vec![Piece::new(text, role)],
        }
    }

    /// One plain piece.
    pub fn plain(text: impl Into<String>) -> Self {
        Self::new(text, Role::Plain)
    }

    /// Adds a piece.
    #[must_use]
    pub fn then(mut self, text: impl Into<String>, role: Role) -> Self {
        self.pieces.push(Piece::new(text, role));
        self
    }

    /// The same, leading somewhere where there is an address.
    #[must_use]
    pub fn leading_to(mut self, target: Option<&str>) -> Self {
        for piece in &mut self.pieces {
            piece.target = target.map(str::to_owned);
        }
        self
    }

    /// This text and another behind it.
    #[must_use]
    pub fn joined(mut self, other: Self) -> Self {
        self.pieces.extend(other.pieces);
        self
    }

    /// The text without its roles.
    #[must_use]
    pub fn to_plain(&self) -> String {
        self.pieces
            .iter()
            .map(|piece| piece.text.as_str())
            .collect()
    }
}

impl Piece {
    /// A piece that leads nowhere.
    pub fn new(text: impl Into<String>, role: Role) -> Self {
        Self {
            text: text.into(),
            role,
            target: None,
        }
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::plain(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::plain(text)
    }
}
