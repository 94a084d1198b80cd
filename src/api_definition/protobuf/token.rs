//! The words and signs of a protobuf definition, and the comments before them.

use crate::model::Span;

/// A word, a text in quotes, or a sign.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'text> {
    /// As it is written. Names keep their dots: `google.protobuf.Empty`.
    pub(super) text: &'text str,
    /// Its line, from 1.
    pub(super) line: u32,
    /// Its column, from 1, in bytes.
    column: u32,
    /// Where the comment before it is, of which nothing but line breaks separates it.
    comment: Option<(usize, usize)>,
}

/// The tokens of a text, in order.
pub(super) struct Tokens<'text> {
    text: &'text str,
    at: usize,
    line: u32,
    line_start: usize,
    /// The line of the last token: a comment behind it belongs to it.
    last_line: u32,
    /// What is never closed.
    unclosed: Option<(&'static str, Span)>,
}

impl Token<'_> {
    /// Whether it is a name, perhaps with dots.
    pub(super) fn is_name(&self) -> bool {
        self.text
            .starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '.')
    }

    pub(super) fn span(&self) -> Span {
        let width = u32::try_from(self.text.chars().count()).unwrap_or(u32::MAX);
        Span::on_line(self.line, self.column, width)
    }
}

impl<'text> Tokens<'text> {
    pub(super) fn new(text: &'text str) -> Self {
        Self {
            text,
            at: 0,
            line: 1,
            line_start: 0,
            last_line: 0,
            unclosed: None,
        }
    }

    /// What is opened and never closed, when there is such a thing.
    pub(super) fn unclosed(&self) -> Option<(&'static str, Span)> {
        self.unclosed
    }

    /// The end of the text.
    pub(super) fn end(&self) -> Span {
        Span::on_line(self.line, self.column(self.at), 0)
    }

    /// The comment before a token, without its signs.
    pub(super) fn comment_before(&self, token: &Token<'_>) -> String {
        let (start, end) = token.comment.unwrap_or_default();
        let lines = self.text[start..end].lines().map(|line| {
            let line = line.trim().trim_end_matches("*/");
            line.trim_start_matches(['/', '*']).trim()
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    fn rest(&self) -> &'text str {
        &self.text[self.at..]
    }

    fn column(&self, at: usize) -> u32 {
        u32::try_from(at - self.line_start + 1).unwrap_or(u32::MAX)
    }

    /// Goes on behind so many bytes, counting lines.
    fn pass(&mut self, bytes: usize) {
        let passed = &self.text.as_bytes()[self.at..self.at + bytes];
        for (offset, _) in passed.iter().enumerate().filter(|(_, it)| **it == b'\n') {
            self.line += 1;
            self.line_start = self.at + offset + 1;
        }
        self.at += bytes;
    }

    /// Passes spaces and comments. Gives the comment that belongs to what follows: no empty line
    /// is between the two, and no token stands on the line where it begins.
    fn pass_comments(&mut self) -> Option<(usize, usize)> {
        let mut comment: Option<(usize, usize)> = None;
        let mut comment_end_line = 0;
        loop {
            let rest = self.rest();
            let spaces = rest.len() - rest.trim_start().len();
            self.pass(spaces);
            if comment.is_some() && self.line > comment_end_line + 1 {
                comment = None;
            }
            let Some(bytes) = self.comment_length() else {
                return comment;
            };
            let (start, line) = (self.at, self.line);
            self.pass(bytes);
            comment_end_line = self.line;
            if line != self.last_line {
                comment = Some((comment.map_or(start, |(start, _)| start), self.at));
            }
        }
    }

    /// The bytes of the comment that begins here.
    fn comment_length(&mut self) -> Option<usize> {
        let rest = self.rest();
        if rest.starts_with("//") {
            return Some(rest.find('\n').unwrap_or(rest.len()));
        }
        let inside = rest.strip_prefix("/*")?;
        Some(inside.find("*/").map_or_else(
            || {
                self.is_unclosed("a comment is never closed");
                rest.len()
            },
            |end| end + "/**/".len(),
        ))
    }

    /// The bytes of the text in quotes that begins here. It ends with its line.
    fn text_length(&mut self, quote: char) -> usize {
        let rest = self.rest();
        let mut is_escaped = false;
        for (at, c) in rest.char_indices().skip(1) {
            match c {
                '\n' => {
                    self.is_unclosed("a text in quotes is never closed");
                    return at;
                }
                _ if is_escaped => is_escaped = false,
                '\\' => is_escaped = true,
                _ if c == quote => return at + 1,
                _ => {}
            }
        }
        self.is_unclosed("a text in quotes is never closed");
        rest.len()
    }

    fn is_unclosed(&mut self, message: &'static str) {
        let span = Span::on_line(self.line, self.column(self.at), 1);
        self.unclosed.get_or_insert((message, span));
    }
}

impl<'text> Iterator for Tokens<'text> {
    type Item = Token<'text>;

    fn next(&mut self) -> Option<Self::Item> {
        let comment = self.pass_comments();
        let rest = self.rest();
        let first = rest.chars().next()?;
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
        let bytes = match first {
            '"' | '\'' => self.text_length(first),
            _ if is_word(first) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let token = Token {
            text: &rest[..bytes],
            line: self.line,
            column: self.column(self.at),
            comment,
        };
        self.pass(bytes);
        self.last_line = self.line;
        Some(token)
    }
}
