//! Charts as Mermaid's `xychart-beta`, which forges draw in Markdown (Mermaid 11, "XY Chart").

use std::io::{self, Write};

use super::{color, hex, top};
use crate::output::graph::mermaid_label;
use crate::output::markdown_text::inline;
use crate::view::{Chart, ChartShape, Series};

/// Writes a chart, and below it what its colours mean, which Mermaid does not say.
pub(in crate::output) fn write(chart: &Chart, out: &mut dyn Write) -> io::Result<()> {
    // Mermaid has no gaps in its lines.
    let known: Vec<usize> = (0..chart.labels.len())
        .filter(|at| {
            let mut series = chart.series.iter();
            series.all(|series| series.values.get(*at).is_some_and(Option::is_some))
        })
        .collect();
    if known.is_empty() {
        return writeln!(
            out,
            "No numbers are known for \"{}\".",
            inline(&chart.title)
        );
    }
    // Bars stand in front of each other, and the first is behind: sums, the highest first, look
    // as if they were stacked.
    let order: Vec<usize> = match chart.shape {
        ChartShape::Lines => (0..chart.series.len()).collect(),
        ChartShape::StackedBars => (0..chart.series.len()).rev().collect(),
    };
    let colors: Vec<String> = order
        .iter()
        .filter_map(|number| Some(hex(color(chart.series.get(*number)?, *number))))
        .collect();
    writeln!(out, "```mermaid")?;
    writeln!(
        out,
        "%%{{init: {{\"themeVariables\": {{\"xyChart\": {{\"plotColorPalette\": \"{}\"}}}}}}}}%%",
        colors.join(", ")
    )?;
    writeln!(out, "xychart-beta")?;
    writeln!(out, "  title \"{}\"", mermaid_label(&chart.title))?;
    let labels = known.iter().filter_map(|at| chart.labels.get(*at));
    let labels: Vec<String> = labels
        .map(|label| format!("\"{}\"", mermaid_label(label)))
        .collect();
    writeln!(out, "  x-axis [{}]", labels.join(", "))?;
    writeln!(
        out,
        "  y-axis \"{}\" 0 --> {}",
        mermaid_label(&chart.unit),
        shown(top(chart))
    )?;
    let word = match chart.shape {
        ChartShape::Lines => "line",
        ChartShape::StackedBars => "bar",
    };
    for number in &order {
        let values = known.iter().map(|at| shown(value(chart, *number, *at)));
        writeln!(
            out,
            "  {word} [{}]",
            values.collect::<Vec<String>>().join(", ")
        )?;
    }
    writeln!(out, "```")?;
    let names = chart.series.iter().rev().map(|series| inline(&series.name));
    let names: Vec<String> = names.collect();
    match (chart.shape, names.len()) {
        (_, 0 | 1) => Ok(()),
        (ChartShape::StackedBars, _) => {
            writeln!(out, "\nFrom top to bottom: {}.", names.join(", "))
        }
        (ChartShape::Lines, _) => writeln!(out, "\nLines: {}.", legend(&chart.series)),
    }
}

/// What is drawn: the number, or in stacked bars the sum of all up to it.
fn value(chart: &Chart, number: usize, at: usize) -> f64 {
    let value = |series: &Series| series.values.get(at).copied().flatten().unwrap_or(0.0);
    match chart.shape {
        ChartShape::Lines => chart.series.get(number).map_or(0.0, value),
        ChartShape::StackedBars => chart.series.iter().take(number + 1).map(value).sum(),
    }
}

fn legend(series: &[Series]) -> String {
    let named = series.iter().enumerate();
    let named = named.map(|(number, series)| {
        let last = series.values.iter().rev().find_map(|value| *value);
        let last = last.map_or_else(String::new, |value| format!(" ({})", shown(value)));
        format!(
            "{} {}{last}",
            hex(color(series, number)),
            inline(&series.name)
        )
    });
    named.collect::<Vec<String>>().join(", ")
}

/// A number with at most one digit behind the point.
fn shown(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}
