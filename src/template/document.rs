//! Text → parts: what is copied, what is printed, and the statements between.

use super::Options;
use super::parser::{Foreign, Parser};
use super::statement;
use super::syntax::{Mistake, Part};
use super::token::read_tag;

/// The delimiters of a dialect.
#[derive(Clone, Copy, Debug)]
pub(super) struct Delimiters {
    pub(super) print: &'static str,
}

const STATEMENT: &str = "{%";
const COMMENT: &str = "{#";

impl Delimiters {
    /// Whether a text has any tag at all.
    pub(super) fn are_in(self, text: &str) -> bool {
        self.next_in(text, 0).is_some()
    }

    /// The next tag of a text: where, and its delimiter.
    pub(super) fn next_in(self, text: &str, from: usize) -> Option<(usize, &'static str)> {
        let bytes = text.as_bytes();
        let mut at = from;
        loop {
            let rest = text.get(at..)?;
            at += rest.find('{')?;
            // `${{` begins one byte before its brace.
            if let Some(tail) = self.print.strip_prefix('$') {
                let has_dollar = at > from && bytes.get(at - 1) == Some(&b'$');
                if has_dollar && text.get(at..).is_some_and(|it| it.starts_with(tail)) {
                    return Some((at - 1, self.print));
                }
            }
            let rest = text.get(at..)?;
            let delimiters = [STATEMENT, COMMENT, self.print];
            if let Some(found) = delimiters.into_iter().find(|it| rest.starts_with(it)) {
                return Some((at, found));
            }
            at += 1;
        }
    }
}

/// A template that was read. On a mistake, what was read before it is kept.
#[derive(Debug)]
pub(super) struct Document<'text> {
    pub(super) parts: Vec<Part<'text>>,
    /// Operators that Backstage does not read.
    pub(super) foreign: Vec<Foreign>,
    pub(super) mistake: Option<Mistake>,
}

/// Reads a whole template.
pub(super) fn read(text: &str, options: Options) -> Document<'_> {
    let mut reader = Reader {
        text,
        options,
        at: 0,
        trims_start: false,
        parts: Vec::new(),
        foreign: Vec::new(),
    };
    let mistake = reader.read().err();
    Document {
        parts: reader.parts,
        foreign: reader.foreign,
        mistake,
    }
}

struct Reader<'text> {
    text: &'text str,
    options: Options,
    at: usize,
    /// Whether the tag before takes the white space after it away.
    trims_start: bool,
    parts: Vec<Part<'text>>,
    foreign: Vec<Foreign>,
}

impl Reader<'_> {
    fn read(&mut self) -> Result<(), Mistake> {
        let delimiters = self.options.dialect.delimiters();
        while let Some((at, delimiter)) = delimiters.next_in(self.text, self.at) {
            let inside = at + delimiter.len();
            let trims_before = self.text.as_bytes().get(inside) == Some(&b'-');
            self.copy(at, trims_before, delimiter == STATEMENT);
            match delimiter {
                COMMENT => self.comment(inside)?,
                STATEMENT => self.statement(at, inside + usize::from(trims_before))?,
                _ => self.print(at, inside + usize::from(trims_before))?,
            }
        }
        self.copy(self.text.len(), false, false);
        Ok(())
    }

    /// Copies the text up to a place, where a tag begins.
    fn copy(&mut self, end: usize, trims_end: bool, is_before_statement: bool) {
        let mut text = self.text.get(self.at..end).unwrap_or_default();
        if self.options.lstrip_blocks && is_before_statement {
            text = without_indentation(text, self.text.get(..self.at).unwrap_or_default());
        }
        if self.trims_start {
            text = text.trim_start();
        }
        if trims_end {
            text = text.trim_end();
        }
        if !text.is_empty() {
            self.parts.push(Part::Text(text));
        }
        self.trims_start = false;
        self.at = end;
    }

    fn comment(&mut self, inside: usize) -> Result<(), Mistake> {
        let rest = self.text.get(inside..).unwrap_or_default();
        let Some(length) = rest.find("#}") else {
            let start = inside - COMMENT.len();
            return Err(Mistake::new(
                start,
                "the comment is not closed: \"#}\" is missing",
            ));
        };
        self.trims_start = rest.get(..length).is_some_and(|it| it.ends_with('-'));
        self.at = inside + length + "#}".len();
        Ok(())
    }

    fn print(&mut self, at: usize, inside: usize) -> Result<(), Mistake> {
        let tag = read_tag(self.text, inside, "}}").map_err(|mut mistake| {
            // A tag that is not closed begins where its delimiter does.
            if mistake.at == inside {
                mistake.at = at;
            }
            mistake
        })?;
        let mut parser = Parser::new(&tag.tokens);
        let expression = parser.expression()?;
        parser.expect_end()?;
        self.foreign.extend(parser.into_foreign());
        self.parts.push(Part::Print {
            at,
            end: tag.end,
            expression,
        });
        self.at = tag.end;
        self.trims_start = tag.trims;
        Ok(())
    }

    fn statement(&mut self, at: usize, inside: usize) -> Result<(), Mistake> {
        let tag = read_tag(self.text, inside, "%}")?;
        let mut parser = Parser::new(&tag.tokens);
        let name = parser.name("the name of a statement")?;
        self.after_statement(tag.end, tag.trims);
        if matches!(name, "raw" | "verbatim") {
            parser.expect_end()?;
            return self.raw(at, name);
        }
        let statement = statement::read(&mut parser, name, at)?;
        parser.expect_end()?;
        self.foreign.extend(parser.into_foreign());
        self.parts.push(Part::Statement {
            at,
            end: tag.end,
            statement,
        });
        Ok(())
    }

    /// The text goes on after a statement; its line break may belong to the statement.
    fn after_statement(&mut self, end: usize, trims: bool) {
        self.at = end;
        self.trims_start = trims;
        if self.options.trim_blocks {
            let rest = self.text.get(end..).unwrap_or_default();
            let line_break = ["\r\n", "\n"].into_iter().find(|it| rest.starts_with(it));
            self.at += line_break.map_or(0, str::len);
        }
    }

    /// Copies up to the end of a `raw`; those within it are part of it.
    fn raw(&mut self, at: usize, name: &str) -> Result<(), Mistake> {
        let start = self.at;
        let mut depth = 1_usize;
        let mut from = start;
        while let Some(found) = self.text.get(from..).and_then(|it| it.find(STATEMENT)) {
            let tag = from + found;
            from = tag + STATEMENT.len();
            let Some(end) = bare_statement(self.text.get(tag..).unwrap_or_default()) else {
                continue;
            };
            if end.name == name {
                depth += 1;
            } else if end.name.strip_prefix("end") == Some(name) {
                depth -= 1;
            }
            if depth == 0 {
                self.at = start;
                self.copy(tag, end.trims_before, true);
                self.after_statement(tag + end.length, end.trims_after);
                return Ok(());
            }
        }
        let message = format!("\"{name}\" is not closed: \"{{% end{name} %}}\" is missing");
        Err(Mistake::new(at, message))
    }
}

/// A statement that is one word.
struct BareStatement<'text> {
    name: &'text str,
    length: usize,
    trims_before: bool,
    trims_after: bool,
}

fn bare_statement(text: &str) -> Option<BareStatement<'_>> {
    let inside = text.strip_prefix(STATEMENT)?;
    let word = inside.strip_prefix('-').unwrap_or(inside);
    let trims_before = word.len() != inside.len();
    let word = word.trim_start();
    let length = word
        .find(|c: char| !c.is_ascii_alphabetic())
        .unwrap_or(word.len());
    let (name, rest) = word.split_at_checked(length)?;
    let rest = rest.trim_start();
    let end = rest.strip_prefix('-').unwrap_or(rest);
    let trims_after = end.len() != rest.len();
    let after = end.strip_prefix("%}")?;
    Some(BareStatement {
        name,
        length: text.len() - after.len(),
        trims_before,
        trims_after,
    })
}

/// A text without the spaces that indent the statement behind it.
fn without_indentation<'text>(text: &'text str, before: &str) -> &'text str {
    let kept = text.trim_end_matches([' ', '\t']);
    let begins_line = match kept.chars().next_back() {
        Some(last) => last == '\n',
        None => before.is_empty() || before.ends_with('\n'),
    };
    if begins_line { kept } else { text }
}
