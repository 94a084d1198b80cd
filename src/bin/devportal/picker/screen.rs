//! The terminal while something is picked, and as it was before and after.

use std::io::{Stderr, Write, stderr};

use anyhow::{Context, Result};
use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::style::{Attribute, SetAttribute};
use crossterm::terminal::{self, Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen};
use crossterm::{execute, queue};

use super::frame::Line;

/// The second screen of a terminal, without echo. Dropping it gives the first one back, also
/// when something fails.
pub(super) struct Screen {
    out: Stderr,
}

impl Screen {
    pub(super) fn open() -> Result<Self> {
        terminal::enable_raw_mode().context("cannot use the terminal")?;
        let mut screen = Self { out: stderr() };
        execute!(screen.out, EnterAlternateScreen, Hide).context("cannot use the terminal")?;
        Ok(screen)
    }

    /// Columns and rows.
    pub(super) fn size() -> (usize, usize) {
        let (columns, rows) = terminal::size().unwrap_or((80, 24));
        (usize::from(columns).max(1), usize::from(rows).max(2))
    }

    /// Shows lines, from the top; in one write, so that nothing flickers.
    pub(super) fn show(&mut self, lines: &[Line]) -> Result<()> {
        let mut frame = Vec::new();
        for (row, line) in lines.iter().enumerate() {
            queue!(frame, MoveTo(0, u16::try_from(row).unwrap_or(u16::MAX)))?;
            if line.is_selected {
                queue!(frame, SetAttribute(Attribute::Bold))?;
            }
            frame.extend_from_slice(line.list.as_bytes());
            queue!(frame, SetAttribute(Attribute::Reset))?;
            if !line.preview.is_empty() {
                frame.extend_from_slice("│ ".as_bytes());
                frame.extend_from_slice(line.preview.as_bytes());
            }
            queue!(frame, Clear(ClearType::UntilNewLine))?;
        }
        self.out
            .write_all(&frame)
            .and_then(|()| self.out.flush())
            .context("cannot use the terminal")
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // Nothing more can be done when the terminal is gone.
        let _ = execute!(self.out, Show, LeaveAlternateScreen);
        let _ = terminal::disable_raw_mode();
    }
}
