//! `--step-summary`: what a step of GitHub Actions says on the page of its run.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result};
use devportal::view::View;

use crate::environment;
use crate::session::Session;

/// GitHub takes 1,024 KiB of a step, and shows nothing at all of more.
const LARGEST: usize = 1024 * 1024;
/// What stands where a page was cut.
const CUT: &str = "\nThis page was cut here: GitHub shows 1 MiB of a step.\n";

/// The file that collects what a step says, in Markdown.
#[derive(Debug)]
pub(crate) struct StepSummary {
    path: PathBuf,
}

impl StepSummary {
    /// The summary, when it is asked for. Commands ask before they read anything.
    ///
    /// # Errors
    /// When it is asked for outside of GitHub Actions.
    pub(crate) fn when(is_asked: bool) -> Result<Option<Self>> {
        if !is_asked {
            return Ok(None);
        }
        let path = environment::step_summary().context(
            "--step-summary needs the variable GITHUB_STEP_SUMMARY, which a step of GitHub Actions has",
        )?;
        Ok(Some(Self { path }))
    }

    /// Adds a view.
    pub(crate) fn append_view(&self, view: &View, session: &Session) -> Result<()> {
        let mut page = Vec::new();
        Session::render_view(view, "markdown", &mut page)?;
        self.append(&page, session)
    }

    /// Adds a page of Markdown behind what the step has said already, as much of it as GitHub
    /// shows.
    pub(crate) fn append(&self, page: &[u8], session: &Session) -> Result<()> {
        let shown = self.path.display();
        let write = || format!("cannot write the summary of the step, \"{shown}\"");
        let mut file = OpenOptions::new()
            .append(true)
            .create(true)
            .open(&self.path)
            .with_context(write)?;
        let before = file.metadata().with_context(write)?.len();
        let before = usize::try_from(before).unwrap_or(usize::MAX);
        let page = String::from_utf8_lossy(page);
        // Markdown goes on with a table or a paragraph unless a line is left empty.
        let gap = if before == 0 { "" } else { "\n" };
        let room = LARGEST.saturating_sub(before.saturating_add(gap.len()));
        let fitting = fitting(&page, room);
        if fitting.len() < page.len() {
            session.hint("the summary of the step was cut: GitHub shows 1 MiB of a step");
        }
        if fitting.is_empty() {
            return Ok(());
        }
        let cut = if fitting.len() < page.len() { CUT } else { "" };
        let text = [gap, fitting, cut].concat();
        file.write_all(text.as_bytes()).with_context(write)
    }
}

/// As many whole lines of a page as there is room for, with what says that the rest is missing. No
/// block of code is left open, in which that would not be read.
fn fitting(page: &str, room: usize) -> &str {
    if page.len() <= room {
        return page;
    }
    let room = page.floor_char_boundary(room.saturating_sub(CUT.len()));
    let end_of_line = page[..room].rfind('\n').map_or(0, |end| end + 1);
    let (mut start, mut open) = (0, None);
    for line in page[..end_of_line].split_inclusive('\n') {
        if line.starts_with("```") {
            open = match open {
                None => Some(start),
                Some(_) => None,
            };
        }
        start += line.len();
    }
    &page[..open.unwrap_or(end_of_line)]
}

#[cfg(test)]
mod tests {
    use super::{CUT, fitting};

    #[test]
    fn a_page_that_fits_is_whole() {
        assert_eq!(fitting("one\ntwo\n", 8), "one\ntwo\n");
        assert_eq!(fitting("", 0), "");
    }

    #[test]
    fn a_page_is_cut_behind_a_line_and_leaves_room_to_say_so() {
        let page = "| é |\n".repeat(20);
        let room = CUT.len() + "| é |\n".len() * 2 + 4;
        assert_eq!(fitting(&page, room), "| é |\n| é |\n");
        assert_eq!(fitting(&page, CUT.len() + 2), "");
        assert_eq!(fitting(&page, 3), "");
    }

    #[test]
    fn a_drawing_is_left_out_rather_than_cut() {
        let page = format!("text\n```mermaid\n{}```\nmore\n", "a --> b\n".repeat(50));
        assert_eq!(fitting(&page, CUT.len() + 100), "text\n");
    }
}
