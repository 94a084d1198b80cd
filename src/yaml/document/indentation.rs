//! Where blocks, brackets and quotes begin, and what must be indented below them.

use granit_parser::Span as Place;

use crate::yaml::site::Site;
use crate::yaml::{Problem, layout, mistake};

use super::{Composer, Frame};

impl Composer<'_> {
    pub(super) fn check_brackets(&self, frame: &Frame<'_>, place: &Place) -> Result<(), Problem> {
        let Some(start) = frame
            .bracket
            .filter(|start| start.line() < place.end.line())
        else {
            return Ok(());
        };
        let whole = Place::new(start, place.end);
        let written = whole.slice(self.text).unwrap_or_default();
        layout::check_brackets(written, start.line(), frame.block_column)
    }

    pub(super) fn check_quotes(&self, place: &Place) -> Result<(), Problem> {
        let written = place.slice(self.text).unwrap_or_default();
        layout::check_quotes(written, place.start.line(), self.block_column())
    }

    /// The column of a list whose dashes stand right below the key: granit says where its first
    /// item is.
    pub(super) fn dash_column(
        &self,
        is_mapping: bool,
        is_block: bool,
        place: &Place,
    ) -> Option<usize> {
        let frame = self.frames.last().filter(|frame| frame.keys.is_some())?;
        let is_list =
            is_block && !is_mapping && layout::is_after_dash(self.text, place.start.byte_offset()?);
        frame.block_column.filter(|_| is_list)
    }

    /// The column of any other block, which tabs must not have brought there.
    pub(super) fn indented_column(&self, place: &Place) -> Result<usize, Problem> {
        if place
            .start
            .byte_offset()
            .is_some_and(|at| layout::is_after_tab(self.text, at))
        {
            return Err(mistake::tab(Site::new(self.text, &place.start).tab()));
        }
        Ok(place.start.col())
    }

    pub(super) fn block_column(&self) -> Option<usize> {
        self.frames.last().and_then(|frame| frame.block_column)
    }
}
