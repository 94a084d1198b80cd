//! Charts on a terminal: a row of bars for each series.

use std::io::{self, Write};

use super::paint::{push, style};
use super::width::columns;
use crate::output::Terminal;
use crate::output::chart::{last, shown};
use crate::output::safe_text::safe;
use crate::view::{Chart, Role, Series};

/// Bars of eight heights (Unicode "Block Elements").
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Writes a row for each series, the last of stacked ones on top, with its last number.
pub(super) fn write(chart: &Chart, terminal: &Terminal, out: &mut dyn Write) -> io::Result<()> {
    let names = chart
        .series
        .iter()
        .map(|series| columns(&safe(&series.name)));
    let width = names.max().unwrap_or(0);
    let span = match chart.labels.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first, .., last] => format!("{first} to {last}"),
    };
    let mut line = String::new();
    push(
        &mut line,
        &safe(&chart.title),
        style(Role::Name),
        terminal.color,
    );
    let span = format!("  {} ({})", safe(&span), safe(&chart.unit));
    push(&mut line, &span, style(Role::Faint), terminal.color);
    writeln!(out, "{line}")?;
    let values = chart.series.iter().flat_map(|series| &series.values);
    let highest = values.flatten().copied().fold(0.0, f64::max);
    for series in chart.series.iter().rev() {
        let mut line = String::new();
        push(
            &mut line,
            &safe(&series.name),
            style(Role::Plain),
            terminal.color,
        );
        let padding = width.saturating_sub(columns(&safe(&series.name))) + 2;
        line.extend(std::iter::repeat_n(' ', padding));
        let role = series.color.map_or(Role::Plain, Role::Tint);
        push(
            &mut line,
            &bars(series, highest),
            style(role),
            terminal.color,
        );
        if let Some(last) = last(series) {
            line.extend(["  ", &shown(last)]);
        }
        writeln!(out, "{line}")?;
    }
    Ok(())
}

fn bars(series: &Series, highest: f64) -> String {
    let bar = |value: &Option<f64>| match value {
        None => ' ',
        Some(_) if highest <= 0.0 => BARS[0],
        Some(value) => {
            let share = (value / highest).clamp(0.0, 1.0);
            let steps = [0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875];
            BARS[steps.iter().filter(|step| share > **step).count()]
        }
    };
    series.values.iter().map(bar).collect()
}
