//! States of campaigns, milestones and entities as people see them.

pub(super) use devportal::report::level_text::{milestone, phase, state};
use devportal::view::{Role, Text};

/// A number of entities; nothing is faint.
pub(super) fn count(count: usize) -> Text {
    let role = if count == 0 { Role::Faint } else { Role::Plain };
    Text::new(count.to_string(), role)
}
