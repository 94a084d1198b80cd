//! States of campaigns, milestones and entities as people see them.

use devportal::diagnostic::Severity;
use devportal::maturity::{MilestoneState, Phase, State};
use devportal::view::{Role, Text};

/// Where a campaign stands between its days.
pub(super) fn phase(phase: Phase) -> Text {
    let (text, role) = match phase {
        Phase::Draft => ("draft", Role::Faint),
        Phase::NotBegun => ("not begun", Role::Faint),
        Phase::Running => ("running", Role::Plain),
        Phase::Over => ("over", Role::Bad(Severity::Error)),
        Phase::Done => ("done", Role::Good),
    };
    Text::new(text, role)
}

/// What became of a milestone.
pub(super) fn milestone(state: MilestoneState) -> Text {
    let (text, role) = match state {
        MilestoneState::Reached => ("reached", Role::Good),
        MilestoneState::Missed => ("missed", Role::Bad(Severity::Error)),
        MilestoneState::Ahead => ("ahead", Role::Faint),
    };
    Text::new(text, role)
}

/// How far an entity is.
pub(super) fn state(state: State) -> Text {
    let (text, role) = match state {
        State::Overdue => ("overdue", Role::Bad(Severity::Error)),
        State::Left => ("left", Role::Plain),
        State::Unknown => ("unknown", Role::Bad(Severity::Warning)),
        State::Exempt => ("exempt", Role::Faint),
        State::Done => ("done", Role::Good),
    };
    Text::new(text, role)
}

/// A number of entities; nothing is faint.
pub(super) fn count(count: usize) -> Text {
    let role = if count == 0 { Role::Faint } else { Role::Plain };
    Text::new(count.to_string(), role)
}
