//! Levels as people see them.

use devportal::maturity::{Level, Scorecard, Standing};
use devportal::view::{Rgb, Role, Text};

/// What stands where there is no level.
const NONE: &str = "none";

/// A level in its colour.
pub(super) fn level(level: Option<&Level>) -> Text {
    let Some(level) = level else {
        return Text::new(NONE, Role::Faint);
    };
    Text::new(level.shown(), role(level))
}

/// The role of a level: its colour, where it has one.
pub(super) fn role(level: &Level) -> Role {
    let color = level.color.as_deref().and_then(Rgb::parse);
    color.map_or(Role::Name, Role::Tint)
}

/// The level that an entity reached.
pub(super) fn reached(scorecard: &Scorecard, standing: Standing) -> Option<&Level> {
    scorecard.levels.get(standing.level?)
}

/// The name of the level that an entity reached, for machines.
pub(super) fn name(scorecard: &Scorecard, standing: Standing) -> Option<&str> {
    reached(scorecard, standing).map(|level| level.name.as_str())
}

/// Where an entity stands: `Silver 80 %`.
pub(super) fn standing(scorecard: &Scorecard, standing: Standing) -> Text {
    let text = level(reached(scorecard, standing));
    match standing.percent {
        Some(percent) => text.then(format!(" {}", shown_percent(percent)), Role::Faint),
        None => text,
    }
}

/// A percentage as people see it; what is not all of it is never rounded to 100.
pub(in crate::commands) fn shown_percent(percent: f64) -> String {
    format!("{:.0} %", percent.floor())
}

/// A percentage as machines read it, with one decimal.
pub(in crate::commands) fn exact_percent(percent: f64) -> f64 {
    (percent * 10.0).floor() / 10.0
}
