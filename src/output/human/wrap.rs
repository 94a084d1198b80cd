//! Running text in lines that fit the terminal.

use std::borrow::Cow;
use std::io::{self, Write};

use super::paint;
use super::width::columns;
use crate::output::Terminal;
use crate::output::safe_text::{safe, safe_lines};
use crate::view::{Role, Text};

/// Text that is being laid out in lines.
pub(super) struct Wrapped<'out> {
    out: &'out mut dyn Write,
    terminal: &'out Terminal,
    width: usize,
    indent: usize,
    /// What lines after the first begin with.
    following: String,
    line: String,
    used: usize,
    space: bool,
}

impl<'out> Wrapped<'out> {
    /// Lines that begin with `lead`; those after the first are indented by `indent` columns.
    pub(super) fn new(
        terminal: &'out Terminal,
        lead: String,
        indent: usize,
        out: &'out mut dyn Write,
    ) -> Self {
        Self::between(terminal, lead, " ".repeat(indent), indent, out)
    }

    /// Lines of which the first begins with `lead` and the others with `following`, which both
    /// take `indent` columns.
    pub(super) fn between(
        terminal: &'out Terminal,
        lead: String,
        following: String,
        indent: usize,
        out: &'out mut dyn Write,
    ) -> Self {
        Self {
            out,
            terminal,
            width: terminal.reading_width(),
            indent,
            following,
            line: lead,
            used: indent,
            space: false,
        }
    }

    /// Writes text whose own line breaks are kept.
    pub(super) fn lines(mut self, text: &Text) -> io::Result<()> {
        for piece in &text.pieces {
            for (number, line) in safe_lines(&piece.text).split('\n').enumerate() {
                if number > 0 {
                    self.next_line()?;
                }
                self.piece(line, piece.role)?;
            }
        }
        self.end_line()
    }

    /// Writes text that has one line, however many the terminal needs.
    pub(super) fn line(mut self, text: &Text) -> io::Result<()> {
        for piece in &text.pieces {
            self.piece(&safe(&piece.text), piece.role)?;
        }
        self.end_line()
    }

    fn piece(&mut self, text: &str, role: Role) -> io::Result<()> {
        // What can be pasted must stay in one piece.
        if role.is_unbroken() {
            return self.word(&text.replace('\t', "    "), role);
        }
        for (number, word) in text.split([' ', '\t']).enumerate() {
            self.space |= number > 0;
            if !word.is_empty() {
                self.word(word, role)?;
            }
        }
        Ok(())
    }

    fn word(&mut self, word: &str, role: Role) -> io::Result<()> {
        let begun = self.used > self.indent;
        if begun && self.space && self.used + 1 + columns(word) > self.width {
            self.next_line()?;
        } else if begun && self.space {
            self.line.push(' ');
            self.used += 1;
        }
        self.space = false;
        // A word that a line happens to begin with could be a command to a CI service.
        let word = if self.used == self.indent {
            safe(word)
        } else {
            Cow::Borrowed(word)
        };
        self.used += columns(&word);
        paint::push_piece(&mut self.line, &word, role, self.terminal);
        Ok(())
    }

    fn next_line(&mut self) -> io::Result<()> {
        self.end_line()?;
        self.line.push_str(&self.following);
        Ok(())
    }

    fn end_line(&mut self) -> io::Result<()> {
        self.out
            .write_all(self.line.trim_end_matches(' ').as_bytes())?;
        self.out.write_all(b"\n")?;
        self.line.clear();
        self.used = self.indent;
        self.space = false;
        Ok(())
    }
}
