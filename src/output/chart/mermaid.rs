//! Charts as Mermaid's `xychart-beta`, which forges draw in Markdown (Mermaid 11, "XY Chart").
//!
//! Mermaid has neither stacked bars nor gaps nor a legend, and its labels overlap. Sums behind
//! each other look stacked; what is not known of all series is left out and named; what the
//! colours mean is said below; and names stand at the side, where they have room.

use std::io::{self, Write};

use super::{are_dates, color, cut, hex, last, pixels, scale, shown, without_days};
use crate::output::graph::mermaid_label;
use crate::output::markdown_text::inline;
use crate::view::{Chart, ChartShape, Rgb, Series};

/// As wide as a page of a forge.
const WIDTH: f64 = 860.0;
const HEIGHT: f64 = 360.0;
/// The room of the labels below a chart.
const LABEL_ROOM: f64 = 780.0;
/// The height of a bar that lies, and of what stands above all of them.
const BAR_HEIGHT: f64 = 36.0;
const HEAD_HEIGHT: f64 = 110.0;
/// The width of a letter of a label.
const LETTER: f64 = 7.0;
/// More names nobody compares, and a page has 50,000 characters for a chart (`maxTextSize`).
const MOST_NAMES: usize = 40;
/// A longer title is cut.
const LONGEST_TITLE: usize = 120;

/// Writes a chart, and below it what its colours mean.
pub(in crate::output) fn write(chart: &Chart, out: &mut dyn Write) -> io::Result<()> {
    let series: Vec<(usize, &Series)> = chart
        .series
        .iter()
        .enumerate()
        .filter(|(_, series)| last(series).is_some())
        .collect();
    // A line may end before the others, but has no gaps.
    let ends = |series: &Series, at| chart.shape == ChartShape::Lines && at > end(series);
    let is_known = |at: &usize| {
        let mut all = series.iter().map(|(_, series)| *series);
        let mut any = series.iter().map(|(_, series)| value(series, *at));
        all.all(|series| value(series, *at).is_some() || ends(series, *at))
            && any.any(|value| value.is_some())
    };
    let (known, unknown): (Vec<usize>, Vec<usize>) =
        (0..chart.labels.len()).partition(|at| is_known(at));
    if known.is_empty() || series.is_empty() {
        let title = inline(&chart.title);
        return writeln!(out, "No numbers are known for \"{title}\".");
    }
    let dates = are_dates(&chart.labels);
    let shown = if dates {
        thinned(&known, chart)
    } else {
        known.iter().copied().take(MOST_NAMES).collect()
    };
    // Bars stand in front of each other, and the first is behind: the highest sums come first.
    let mut order = series.clone();
    if chart.shape == ChartShape::StackedBars {
        order.reverse();
    }
    // Lines lead from one date to the next, so they never lie.
    let lies = !dates && chart.shape == ChartShape::StackedBars;
    write_chart(chart, &order, &shown, lies, out)?;
    write_legend(chart.shape, &series, out)?;
    if !dates && shown.len() < known.len() {
        let (shown, all) = (shown.len(), known.len());
        writeln!(out, "\nThe first {shown} of {all} are shown.")?;
    }
    if unknown.is_empty() {
        return Ok(());
    }
    let labels = unknown.iter().filter_map(|at| chart.labels.get(*at));
    let labels: Vec<String> = labels.map(|label| inline(label)).collect();
    writeln!(out, "\nNot known, and left out: {}.", labels.join(", "))
}

fn write_chart(
    chart: &Chart,
    order: &[(usize, &Series)],
    known: &[usize],
    lies: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let colors = order.iter().map(|(number, series)| color(series, *number));
    let colors: Vec<String> = colors.map(hex).collect();
    let height = if lies {
        HEAD_HEIGHT + BAR_HEIGHT * pixels(known.len())
    } else {
        HEIGHT
    };
    writeln!(
        out,
        "```mermaid\n%%{{init: {{\"xyChart\": {{\"width\": {WIDTH}, \"height\": {height}, \
         \"xAxis\": {{\"labelFontSize\": 12}}, \"yAxis\": {{\"labelFontSize\": 12}}}}, \
         \"themeVariables\": {{\"xyChart\": {{\"plotColorPalette\": \"{}\"}}}}}}}}%%",
        colors.join(", ")
    )?;
    writeln!(out, "xychart-beta{}", if lies { " horizontal" } else { "" })?;
    let title = mermaid_label(&cut(&chart.title, LONGEST_TITLE));
    writeln!(out, "  title \"{title}\"")?;
    let all = without_days(&chart.labels);
    let labels = known.iter().filter_map(|at| all.get(*at));
    let labels: Vec<String> = labels
        .map(|label| format!("\"{}\"", mermaid_label(&cut(label, super::LONGEST_NAME))))
        .collect();
    writeln!(out, "  x-axis [{}]", labels.join(", "))?;
    let top = scale(chart).top;
    let unit = mermaid_label(&chart.unit);
    writeln!(out, "  y-axis \"{unit}\" 0 --> {}", shown(top))?;
    let word = match chart.shape {
        ChartShape::Lines => "line",
        ChartShape::StackedBars => "bar",
    };
    for (number, series) in order {
        let is_line = chart.shape == ChartShape::Lines;
        let until = if is_line { end(series) } else { usize::MAX };
        let known = known.iter().filter(|at| **at <= until);
        let values = known.map(|at| shown(drawn(chart, *number, *at, top)));
        let values: Vec<String> = values.collect();
        writeln!(out, "  {word} [{}]", values.join(", "))?;
    }
    writeln!(out, "```")
}

/// What is drawn: the number, or in stacked bars the sum of all up to it.
fn drawn(chart: &Chart, number: usize, at: usize, top: f64) -> f64 {
    let value = |series: &Series| value(series, at).unwrap_or(0.0);
    if chart.shape == ChartShape::Lines {
        return chart.series.get(number).map_or(0.0, value);
    }
    let sum = chart.series.iter().take(number + 1).map(value).sum();
    // The axis begins a little below zero, and so does a bar of nothing; one that ends before it
    // begins is not drawn.
    if sum > 0.0 { sum } else { -top / 10.0 }
}

fn value(series: &Series, at: usize) -> Option<f64> {
    let value = series.values.get(at).copied().flatten();
    value.filter(|value| value.is_finite())
}

/// Where the last number of a series stands.
fn end(series: &Series) -> usize {
    let last = series.values.iter().rposition(Option::is_some);
    last.unwrap_or(0)
}

/// As many of the dates as have room, to the last: that says how new this is.
fn thinned(known: &[usize], chart: &Chart) -> Vec<usize> {
    let labels = without_days(&chart.labels);
    let longest = labels.iter().map(|label| label.chars().count()).max();
    let needed = pixels(longest.unwrap_or(0)) * LETTER + 8.0;
    let mut every = 1;
    while pixels(known.len().div_ceil(every)) * needed > LABEL_ROOM && every < known.len() {
        every += 1;
    }
    let last = known.len().saturating_sub(1);
    let kept = known.iter().enumerate();
    let kept = kept.filter(|(number, _)| (last - number).is_multiple_of(every));
    kept.map(|(_, at)| *at).collect()
}

/// What the colours mean, and where the lines end.
fn write_legend(
    shape: ChartShape,
    series: &[(usize, &Series)],
    out: &mut dyn Write,
) -> io::Result<()> {
    if series.len() < 2 {
        return Ok(());
    }
    let named = series.iter().map(|(number, series)| {
        let square = square(color(series, *number));
        let last = last(series).map_or_else(String::new, |value| format!(" {}", shown(value)));
        format!("{square} {}{last}", inline(&series.name))
    });
    writeln!(out, "\n{}", named.collect::<Vec<String>>().join(", "))?;
    if shape == ChartShape::StackedBars {
        // Squares have few colours, so two series may have one.
        let (first, last) = (series.first(), series.last());
        let name =
            |it: Option<&(usize, &Series)>| it.map_or("", |(_, it)| it.name.as_str()).to_owned();
        writeln!(
            out,
            "(in this order, \"{}\" at the axis and \"{}\" at the end).",
            inline(&name(first)),
            inline(&name(last))
        )?;
    }
    Ok(())
}

/// The square among the characters that comes closest to a colour.
fn square(color: Rgb) -> char {
    let [red, green, blue] = [color.red, color.green, color.blue].map(f64::from);
    let (most, least) = (red.max(green).max(blue), red.min(green).min(blue));
    let spread = most - least;
    if spread < 0.15 * most.max(1.0) {
        return if most > 150.0 { '⬜' } else { '⬛' };
    }
    // The hue, as an angle (HSV).
    let sixths = if most <= red {
        (green - blue) / spread
    } else if most <= green {
        2.0 + (blue - red) / spread
    } else {
        4.0 + (red - green) / spread
    };
    let hue = (sixths * 60.0).rem_euclid(360.0);
    match hue {
        hue if hue < 15.0 => '🟥',
        hue if hue < 40.0 && most < 208.0 => '🟫',
        hue if hue < 40.0 => '🟧',
        hue if hue < 70.0 => '🟨',
        hue if hue < 170.0 => '🟩',
        hue if hue < 255.0 => '🟦',
        hue if hue < 345.0 => '🟪',
        _ => '🟥',
    }
}

#[cfg(test)]
mod tests {
    use super::square;
    use crate::view::Rgb;

    #[test]
    fn levels_have_the_squares_that_one_expects() {
        let squares = [
            "#cd7f32", "#c0c0c0", "#ffd700", "#7f7f7f", "#0072b2", "#d55e00",
        ];
        let squares: String = squares
            .into_iter()
            .filter_map(|it| Some(square(Rgb::parse(it)?)))
            .collect();
        assert_eq!(squares, "🟫⬜🟨⬛🟦🟧");
    }
}
