//! Levels and states as people see them.

use crate::diagnostic::Severity;
use crate::maturity::{Level, MilestoneState, Phase, Scorecard, Standing, State};
use crate::view::{Rgb, Role, Text};

/// What stands where there is no level.
const NONE: &str = "none";

/// What gives what is not measured: a command; in words where there is none.
#[must_use]
pub fn set_up(command: Option<&str>, unmeasured: &[String]) -> Text {
    match command {
        Some(command) => Text::new(command, Role::Code),
        None if waits_for_owners(unmeasured) => {
            Text::new("descriptors of Groups and Users", Role::Faint)
        }
        None => Text::new("no repository here has it", Role::Faint),
    }
}

/// Whether what is not measured is what owners say, of whom the catalog knows nobody.
#[must_use]
pub fn waits_for_owners(unmeasured: &[String]) -> bool {
    unmeasured.iter().any(|name| name.starts_with("owner."))
}

/// A level in its colour.
#[must_use]
pub fn level(level: Option<&Level>) -> Text {
    let Some(level) = level else {
        return Text::new(NONE, Role::Faint);
    };
    Text::new(level.shown(), role(level))
}

/// The role of a level: its colour, where it has one.
#[must_use]
pub fn role(level: &Level) -> Role {
    let color = level.color.as_deref().and_then(Rgb::parse);
    color.map_or(Role::Name, Role::Tint)
}

/// The level that an entity reached.
#[must_use]
pub fn reached(scorecard: &Scorecard, standing: Standing) -> Option<&Level> {
    scorecard.levels.get(standing.level?)
}

/// The name of the level that an entity reached, for machines.
#[must_use]
pub fn name(scorecard: &Scorecard, standing: Standing) -> Option<&str> {
    reached(scorecard, standing).map(|level| level.name.as_str())
}

/// Where an entity stands: `Silver 80 %`.
#[must_use]
pub fn standing(scorecard: &Scorecard, standing: Standing) -> Text {
    let text = level(reached(scorecard, standing));
    match standing.percent {
        Some(percent) => text.then(format!(" {}", shown_percent(percent)), Role::Faint),
        None => text,
    }
}

/// A percentage as people see it; what is not all of it is never rounded to 100.
#[must_use]
pub fn shown_percent(percent: f64) -> String {
    format!("{:.0} %", percent.floor())
}

/// A percentage as machines read it, with one decimal.
#[must_use]
pub fn exact_percent(percent: f64) -> f64 {
    (percent * 10.0).floor() / 10.0
}

/// How far an entity of a campaign is.
#[must_use]
pub fn state(state: State) -> Text {
    let (text, role) = match state {
        State::Overdue => ("overdue", Role::Bad(Severity::Error)),
        State::Left => ("left", Role::Plain),
        State::Unknown => ("unknown", Role::Bad(Severity::Warning)),
        State::Exempt => ("exempt", Role::Faint),
        State::Done => ("done", Role::Good),
    };
    Text::new(text, role)
}

/// Where a campaign stands between its days.
#[must_use]
pub fn phase(phase: Phase) -> Text {
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
#[must_use]
pub fn milestone(state: MilestoneState) -> Text {
    let (text, role) = match state {
        MilestoneState::Reached => ("reached", Role::Good),
        MilestoneState::Missed => ("missed", Role::Bad(Severity::Error)),
        MilestoneState::Ahead => ("ahead", Role::Faint),
    };
    Text::new(text, role)
}
